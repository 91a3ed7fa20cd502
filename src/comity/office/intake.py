"""How others' entries come in: proven under a checkpoint, signatures checked, placed, judged, kept, then noted.

A forged, unreadable or misplaced entry under a valid checkpoint ends its log there, for every office alike (law 2).
Invariants: nothing is taken that this office could not itself deliver to others under a signed checkpoint (law 7);
nothing is heard of before it is durable. Not trusted: pages; a bad one raises PeerError and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from comity.model.acts.keys import Watch
from comity.model.entry import Entry, leaf_hash, parse_entry
from comity.model.errors import Malformed, PeerError
from comity.model.history import Missing, Placement, Taken
from comity.office.config import Limits
from comity.office.logs import LogBranch, Logs
from comity.office.messages import Entries
from comity.office.notes import Notary
from comity.office.signatures import check_signatures
from comity.office.vouching import Cover, ahead_of
from comity.office.waiting import Page, Waiting, WaitingRoom, is_restraint
from comity.rules.judge import judge
from comity.tlog.errors import BadProof
from comity.tlog.merkle import Tree, verify_consistency


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a page: entries newly taken, and whether the rest waits or its log has ended."""

    taken: tuple[Taken, ...]
    waits: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class _Stopped:
    """Where a page stopped: at an entry that lacks its past, or at one that ends the log."""

    place: int
    missing: tuple[tuple[str, int, str], ...] | None


class Intake:
    """Takes pages into the logs of one office."""

    def __init__(
        self, logs: Logs, notary: Notary, limits: Limits, problem: Callable[[str], None], heard: Callable[[], None]
    ) -> None:
        """`problem` records what went wrong in words, `heard` is called when something new was taken."""
        self._logs = logs
        self._notary = notary
        self._limits = limits
        self._problem = problem
        self._heard = heard
        self._ends: dict[bytes, str] = {}
        self._checked: dict[bytes, Entry] = {}
        self.room = WaitingRoom(limits)

    @property
    def ended(self) -> dict[bytes, str]:
        """Why logs ended, by the hash of the leaf that ended each."""
        return self._ends

    def receive(self, origin: str, base: LogBranch | None, answer: Entries) -> Received:
        """Takes what it can of a page that follows the first entries of `base`; PeerError if it proves nothing."""
        page = self._proven(origin, base, answer)
        received = self._take(page)
        if received.taken:
            more = self._retry()
            received = Received((*received.taken, *more), received.waits, received.ended)
            self._heard()
        return received

    def _proven(self, origin: str, base: LogBranch | None, answer: Entries) -> Page:
        checkpoint = self._notary.open(answer.note)
        if checkpoint.origin != origin or not answer.leaves:
            raise PeerError(f"asked for entries of {origin}, got others or none; ask another office")
        if answer.start > (base.size if base is not None else 0):
            raise PeerError(f"a page of {origin} begins at {answer.start}, beyond what is held; ask another office")
        tree = base.tree.copy(answer.start) if base is not None else Tree()
        if len(answer.ahead) % 32:
            raise PeerError(f"a page of {origin} holds part of a hash; ask another office")
        ahead = [answer.ahead[place : place + 32] for place in range(0, len(answer.ahead), 32)]
        hashes = [*map(leaf_hash, answer.leaves), *ahead]
        for each in hashes:
            tree.append(each)
        try:
            _check_reaches(tree, checkpoint.size, checkpoint.root, answer.proof)
        except BadProof as error:
            raise PeerError(f"a page of {origin} does not lead to its checkpoint: {error}") from None
        cover = Cover(self._notary.stripped(answer.note), answer.start, b"".join(hashes), answer.proof)
        return Page(origin, None if base is None else base.id, answer.start, answer.leaves, cover, checkpoint)

    def _take(self, page: Page) -> Received:
        branch = None if page.base is None else self._logs.branches[page.base]
        taken: list[Taken] = []
        stopped: _Stopped | None = None
        for place, leaf in enumerate(page.leaves):
            position = page.start + place
            held = self._logs.history.find(leaf_hash(leaf).hex())
            if held is not None and (held.entry.origin, held.entry.seq) == (page.origin, position):
                branch = self._logs.branches[held.branch]
                continue
            step = self._step(page, branch, position, leaf)
            if isinstance(step, Taken):
                taken.append(step)
                branch = self._logs.branches[step.branch]
            else:
                stopped = _Stopped(place, step)
                break
        self._keep(page, branch, taken)
        if stopped is None:
            return Received(tuple(taken))
        if stopped.missing is None:
            return Received(tuple(taken), ended=True)
        self._wait(page, branch, stopped)
        return Received(tuple(taken), waits=True)

    def _step(
        self, page: Page, branch: LogBranch | None, position: int, leaf: bytes
    ) -> Taken | tuple[tuple[str, int, str], ...] | None:
        """The entry taken, or the heads that it lacks, or None if it ends its log."""
        try:
            entry = self._signed(leaf)
            self._check_position(page.origin, branch, position, entry)
            placement = self._logs.history.place(entry)
        except Malformed as error:
            self._end(page.origin, position, leaf, str(error))
            return None
        if isinstance(placement, Missing):
            return placement.heads
        return self._judged(entry, placement)

    def _signed(self, leaf: bytes) -> Entry:
        """The entry of a leaf, all its signatures checked; one that had to wait is not checked twice."""
        digest = leaf_hash(leaf)
        entry = self._checked.get(digest)
        if entry is None:
            entry = parse_entry(leaf)
            check_signatures(entry, self._notary.checks.signature)
            if len(self._checked) >= self._limits.checked_entries:
                self._checked.clear()
            self._checked[digest] = entry
        return entry

    def _judged(self, entry: Entry, placement: Placement) -> Taken:
        refusal = judge(entry, self._logs.history.view(placement.clock))
        if placement.forks:
            self._problem(f"log {entry.origin} is forked at entry {entry.seq}; no new permission rests on it")
        taken = self._logs.add(entry, placement, refusal)
        if isinstance(entry.act, Watch) and refusal is None and entry.act.digest is not None:
            mine = self._logs.digest(placement.clock)
            if mine != entry.act.digest:
                self._problem(f"{entry.origin} computes another state at {entry.seq}; compare software versions")
        return taken

    def _check_position(self, origin: str, branch: LogBranch | None, position: int, entry: Entry) -> None:
        """An entry says itself where it stands; it must stand where its log's checkpoint has it."""
        if (entry.origin, entry.seq) != (origin, position):
            raise Malformed(f"{origin} {position} holds the entry {entry.origin} {entry.seq}")
        cited = entry.seen.get(origin)
        if position == 0:
            if cited is not None:
                raise Malformed(f"{origin} 0 cites entries before it")
            return
        assert branch is not None, "a later entry follows a branch"
        root = self._logs.history.root(branch.id, position).hex()
        if cited is None or (cited[0], cited[1]) != (position, root):
            raise Malformed(f"{origin} {position} does not cite exactly its own log before it")

    def _keep(self, page: Page, branch: LogBranch | None, taken: list[Taken]) -> None:
        if branch is None:
            return
        size, root = page.checkpoint.size, page.checkpoint.root
        whole = branch.size >= size and branch.tree.root(size) == root
        if taken and whole:
            self._logs.keep(note=(page.cover.note, page.checkpoint))
        elif taken:
            self._logs.keep(_trimmed(page.cover, branch.size))
        elif whole:
            self.note(branch, page.cover.note)

    def note(self, branch: LogBranch, note: bytes) -> None:
        """Keeps a checkpoint under which everything was taken, or the new cosignatures on it."""
        checkpoint = self._notary.open(note)
        if branch.note is not None and branch.noted is not None:
            if checkpoint.size < branch.noted.size:
                return
            if checkpoint.body == branch.noted.body:
                merged = self._notary.merged(branch.note, note)
                if merged == branch.note:
                    return
                note = merged
        self._logs.put_note(branch, note, checkpoint)

    def _wait(self, page: Page, branch: LogBranch | None, stopped: _Stopped) -> None:
        leaves = page.leaves[stopped.place :][: self._limits.waiting_entries_per_log]
        base = None if branch is None else branch.id
        rest = Page(page.origin, base, page.start + stopped.place, leaves, page.cover, page.checkpoint)
        assert stopped.missing is not None
        self.room.put(Waiting(rest, stopped.missing, tuple(self._restraints(leaves))))

    def _restraints(self, leaves: tuple[bytes, ...]) -> list[Entry]:
        found = []
        for leaf in leaves:
            try:
                entry = self._signed(leaf)
                if is_restraint(entry):
                    found.append(entry)
            except Malformed:
                break  # the log will end here
        return found

    def _retry(self) -> list[Taken]:
        """Takes what waited and lacks nothing any more, until nothing moves."""
        taken: list[Taken] = []
        moved = True
        while moved:
            moved = False
            for each in list(self.room):
                if all(self._logs.holding(origin, size, bytes.fromhex(root)) for origin, size, root in each.missing):
                    self.room.remove(each)
                    taken.extend(self._take(each.page).taken)
                    moved = True
        return taken

    def _end(self, origin: str, position: int, leaf: bytes, reason: str) -> None:
        digest = leaf_hash(leaf)
        if digest not in self._ends:
            self._ends[digest] = f"log {origin} ends at entry {position}: {reason}"
            self._problem(self._ends[digest])


def _check_reaches(tree: Tree, size: int, root: bytes, proof: tuple[bytes, ...]) -> None:
    if tree.size > size:
        raise BadProof(f"{tree.size} leaves are more than the checkpoint's {size}; ask its sender again")
    verify_consistency(proof, tree.size, size, tree.root(), root)


def _trimmed(cover: Cover, size: int) -> Cover:
    """The cover of what was taken up to `size`: the hashes before it are in the tree."""
    return Cover(cover.note, size, b"".join(ahead_of(cover, size)), cover.proof)
