"""All logs as one office holds them: history, the trees over its branches, the store below, the notes that vouch.

Invariants: what is in history is durable before anybody hears of it; roots come from stored bytes; the store's marks
carry verdict and order of arrival, so a start re-reads and does not re-judge, save what older software could not judge.
After a StoreError this object is ahead of or behind the disk: it is thrown away and built anew from the store.
Not trusted: the disk; leaves are held against the signed checkpoints at start.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import msgspec

from comity.model.entry import Entry, leaf_hash, reread_entry
from comity.model.errors import Malformed
from comity.model.history import Clock, History, Placement, Taken
from comity.model.verdict import Refusal
from comity.office.collecting import no_collection
from comity.office.damage import changed, check_founding, is_damaged
from comity.office.verdicts import KeptVerdicts, listed_refusal
from comity.office.vouching import Cover, Mark, decode_mark, encode_mark, with_cover
from comity.tlog.checkpoint import Checkpoint, read_checkpoint
from comity.tlog.errors import BadNote, StoreError
from comity.tlog.merkle import HASH_BYTES, Tree
from comity.tlog.store import Row, Store

NOTHING = bytes(HASH_BYTES)


@dataclass(slots=True)
class LogBranch:
    """One branch: history's id and the store's, the tree, digests by size, and the notes that vouch for it."""

    id: int
    stored: int
    origin: str
    tree: Tree
    fork: int
    chain: list[bytes] = field(default_factory=list)
    note: bytes | None = None
    noted: Checkpoint | None = None
    cover: Cover | None = None

    @property
    def size(self) -> int:
        return self.tree.size


class Logs:
    """Joins one history and one store; grows by `add` and `keep`."""

    def __init__(self, founding: bytes, store: Store) -> None:
        """Reads everything that the store holds; raises StoreError if it does not hold together."""
        self.founding = founding
        self.history = History(founding)
        self.store = store
        self.branches: list[LogBranch] = []
        self.version = 0
        self._contradicted: set[str] = set()
        self._unkept: dict[int, list[Row]] = {}
        self._unkept_notes: dict[int, tuple[int, bytes]] = {}
        with no_collection():
            self._load()

    def first(self, origin: str) -> LogBranch | None:
        """The branch of a log that was taken first."""
        found = self.history.branches_of(origin)
        return self.branches[found[0].id] if found else None

    def of(self, origin: str) -> list[LogBranch]:
        """Every branch of a log."""
        return [self.branches[each.id] for each in self.history.branches_of(origin)]

    def holding(self, origin: str, size: int, root: bytes) -> LogBranch | None:
        """A branch whose first `size` entries have that root, all of them held."""
        found = self.history.resolve(origin, size, root) if size > 0 else None
        return None if found is None else self.branches[found]

    def add(self, entry: Entry, placement: Placement, refusal: Refusal | None) -> Taken:
        """Takes an entry into history; nobody may hear of it before `keep` has made it durable."""
        taken, branch = self._grow(entry, placement, refusal)
        mark = Mark(taken.number, None if refusal is None else listed_refusal(refusal))
        self._unkept.setdefault(branch.id, []).append(Row(entry.leaf, encode_mark(mark)))
        return taken

    def cover(self, branch: LogBranch, cover: Cover) -> None:
        """What vouches for the newest entries of a branch, if no note over all of it does; durable with them."""
        rows = self._unkept[branch.id]
        rows[-1] = Row(rows[-1].leaf, with_cover(rows[-1].mark, cover))
        branch.cover = cover

    def put_note(self, branch: LogBranch, note: bytes, checkpoint: Checkpoint) -> None:
        """Keeps the newest checkpoint under which everything was taken, with its cosignatures.

        Durable at once, or by `keep` together with the entries below it that are not yet.
        """
        if branch.id in self._unkept:
            self._unkept_notes[branch.id] = checkpoint.size, note
        else:
            self.store.put_note(branch.stored, checkpoint.size, note)
            self.version += 1
        branch.note, branch.noted = note, checkpoint
        if branch.cover is not None and branch.size <= checkpoint.size:
            branch.cover = None

    def keep(self) -> None:
        """Makes all entries added since the last call durable, and with them what vouches for others' entries.

        All logs in one write, so that no crash leaves an entry without its past, or one that this office could not
        deliver to others. Own entries are signed afterwards. Raises StoreError.
        """
        unkept, notes = self._unkept, self._unkept_notes
        if not unkept:
            return
        self._unkept, self._unkept_notes = {}, {}
        with self.store.together():
            for id, rows in unkept.items():
                branch = self.branches[id]
                self._open_stored(branch)
                self.store.append(branch.stored, branch.size - len(rows), rows, None)
                if id in notes:
                    self.store.put_note(branch.stored, *notes[id])
        self.version += 1

    def put_evidence(self, origin: str, one: bytes, other: bytes) -> bool:
        """Keeps two signed heads that contradict each other, the first such pair of a log; whether it was the first."""
        if origin in self._contradicted:
            return False
        self.store.put_evidence(origin, one, other)
        self._contradicted.add(origin)
        return True

    def forked(self) -> frozenset[str]:
        """The logs that are proven to be forked: by two branches held, or by two signed heads (law 5)."""
        several = {branch.origin for branch in self.branches if self.first(branch.origin) is not branch}
        return frozenset(several | self._contradicted)

    def stored_root(self, branch: LogBranch) -> bytes:
        """The root over the branch, its newest leaf read back from the store; StoreError if the disk changed it."""
        (row,) = self.store.read(branch.stored, branch.size - 1, branch.size)
        if leaf_hash(row.leaf) != branch.tree.node(0, branch.size - 1):
            raise changed(f"entry {branch.size - 1} of {branch.origin} is not the one that was taken")
        return branch.tree.root()

    def leaves(self, branch: LogBranch, start: int, stop: int) -> list[bytes]:
        """The leaves [start, stop) of a branch from the store."""
        return [row.leaf for row in self.store.read(branch.stored, start, stop)]

    def digest(self, clock: Clock) -> str:
        """The state digest of a view: SHA-256 over each branch's running digest at its size, sorted (law 30).

        A branch's running digest hashes, entry by entry, the one before, the entry's hash and whether it is admitted.
        A branch that in this view only carries what forks from it is left out, so offices that took the
        branches of a forked log in another order give the same digest.
        """
        tips = []
        for branch in self.branches:
            size = clock[branch.id] if branch.id < len(clock) else 0
            if size > branch.fork and not self._carries(branch, size, clock):
                tips.append(branch.origin.encode() + b"\n" + branch.chain[size - branch.fork])
        return hashlib.sha256(b"comity state v1\n" + b"".join(sorted(tips))).hexdigest()

    def _carries(self, branch: LogBranch, size: int, clock: Clock) -> bool:
        for child in self.history.branches[: len(clock)]:
            if child.parent == branch.id and clock[child.id] > child.fork >= size:
                return True
        return False

    def _grow(self, entry: Entry, placement: Placement, refusal: Refusal | None) -> tuple[Taken, LogBranch]:
        branch = self._branch_for(entry, placement)
        branch.tree.append(entry.hash)
        taken = self.history.take(entry, placement, branch.tree.root(), refusal)
        assert taken.branch == branch.id, "history and logs open branches in the same order"
        branch.chain.append(chained(branch.chain[-1], taken))
        return taken, branch

    def _branch_for(self, entry: Entry, placement: Placement) -> LogBranch:
        if placement.branch is not None and not placement.forks:
            return self.branches[placement.branch]
        parent = self.branches[placement.branch] if placement.branch is not None else None
        tree = parent.tree.copy(entry.seq) if parent is not None else Tree()
        before = parent.chain[entry.seq - parent.fork] if parent is not None else NOTHING
        branch = LogBranch(len(self.branches), 0, entry.origin, tree, entry.seq, [before])
        self.branches.append(branch)
        return branch

    def _open_stored(self, branch: LogBranch) -> None:
        if branch.stored:
            return
        known = self.history.branches[branch.id]
        first = self.first(branch.origin)
        assert first is not None
        if first is branch:
            branch.stored = self.store.open_branch(branch.origin)
        else:
            parent = self.branches[known.parent] if known.parent is not None else first
            branch.stored = self.store.open_branch(branch.origin, parent.stored, branch.fork)

    def _load(self) -> None:
        rows = []
        for info in self.store.branches():
            for row in self.store.read(info.id, info.fork, self.store.size(info.id)):
                try:
                    rows.append((decode_mark(row.mark), info.id, row.leaf))
                except msgspec.DecodeError:
                    raise changed(f"a mark of {info.origin} cannot be read") from None
        rows.sort(key=lambda each: each[0].number)
        check_founding(self.founding, (leaf for _, _, leaf in rows))
        verdicts = KeptVerdicts(self.store)
        for number, (mark, stored, leaf) in enumerate(rows):
            if mark.number != number:
                raise changed(f"entry number {number} is not there")
            self._reload(mark, stored, leaf, verdicts)
        verdicts.keep()
        for branch in self.branches:
            self._reload_note(branch)
        named = {*self.history.origins(), *self.history.known.participants()}
        self._contradicted = {origin for origin in named if self.store.evidence(origin)}

    def _reload(self, mark: Mark, stored: int, leaf: bytes, verdicts: KeptVerdicts) -> None:
        try:
            entry = reread_entry(leaf)
            placement = self.history.place(entry)
            if not isinstance(placement, Placement):
                raise changed(f"entry {entry.seq} of {entry.origin} does not follow what is before it")
            refusal = verdicts.of(mark, entry, self.history.view(placement.clock))
            _, branch = self._grow(entry, placement, refusal)
        except StoreError:
            raise
        except Exception as error:
            if not isinstance(error, Malformed) and not is_damaged(self.store):
                raise
            raise changed(f"entry number {mark.number} is not the one that was taken") from error
        branch.stored = stored
        branch.cover = mark.cover

    def _reload_note(self, branch: LogBranch) -> None:
        note = self.store.note(branch.stored)
        if note is None:
            return
        try:
            checkpoint, _ = read_checkpoint(note)
        except BadNote:
            raise changed(f"the checkpoint of {branch.origin} cannot be read") from None
        if checkpoint.size > branch.size or branch.tree.root(checkpoint.size) != checkpoint.root:
            raise changed(f"the entries of {branch.origin} do not give its signed root")
        branch.note, branch.noted = note, checkpoint
        if checkpoint.size >= branch.size:
            branch.cover = None


def chained(before: bytes, taken: Taken) -> bytes:
    """The running digest of a branch with one entry more."""
    return hashlib.sha256(before + taken.entry.hash + bytes([taken.refusal is None])).digest()
