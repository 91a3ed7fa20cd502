"""How others' entries come in: proven under a checkpoint, signatures checked, placed, judged, kept, then noted.

A forged, unreadable or misplaced entry under a valid checkpoint ends its log there, for every office alike (law 2).
Invariants: nothing is taken that this office could not itself deliver to others under a signed checkpoint (law 7);
nothing is heard of before it is durable. Not trusted: pages; a bad one raises PeerError and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from comity.model.acts.keys import Watch
from comity.model.entry import Entry, leaf_hash
from comity.model.errors import Malformed, PeerError
from comity.model.history import Missing, Placement, Taken
from comity.office.collecting import no_collection
from comity.office.config import Limits
from comity.office.logs import LogBranch, Logs
from comity.office.messages import Entries
from comity.office.notes import Notary
from comity.office.reading import read_leaves
from comity.office.vouching import Cover, ahead_of
from comity.office.waiting import Page, Waiting, WaitingRoom, is_restraint
from comity.rules.judge import judge
from comity.tlog.errors import BadProof
from comity.tlog.merkle import HASH_BYTES, Frontier, verify_consistency


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
        self._read_leaves: dict[bytes, Entry | Malformed] = {}
        self.room = WaitingRoom(limits)
        first = logs.history.now().first_unjudged()
        if first is not None and first.refusal is not None:
            problem(f"{first.refusal.problem}; {first.refusal.remedy}")

    @property
    def ended(self) -> dict[bytes, str]:
        """Why logs ended, by the hash of the leaf that ended each."""
        return self._ends

    def receive(self, origin: str, base: LogBranch | None, answer: Entries) -> Received:
        """Takes what it can of a page that follows the first entries of `base`; PeerError if it proves nothing."""
        page = self._proven(origin, base, answer)
        with no_collection():
            self._read(page)
            received = self._take(page, None)
            if received.taken:
                received = Received((*received.taken, *self._retry()), received.waits, received.ended)
        if received.taken:
            self._logs.keep()
            self._heard()
        return received

    def _proven(self, origin: str, base: LogBranch | None, answer: Entries) -> Page:
        checkpoint = self._notary.open(answer.note)
        if checkpoint.origin != origin or not answer.leaves:
            raise PeerError(f"asked for entries of {origin}, got others or none; ask another office")
        if answer.start > (base.size if base is not None else 0):
            raise PeerError(f"a page of {origin} begins at {answer.start}, beyond what is held; ask another office")
        edge = base.tree.frontier(answer.start) if base is not None else Frontier()
        if len(answer.ahead) % 32:
            raise PeerError(f"a page of {origin} holds part of a hash; ask another office")
        ahead = [answer.ahead[place : place + 32] for place in range(0, len(answer.ahead), 32)]
        hashes = [*map(leaf_hash, answer.leaves), *ahead]
        for each in hashes:
            edge.append(each)
        try:
            _check_reaches(edge, checkpoint.size, checkpoint.root, answer.proof)
        except BadProof as error:
            raise PeerError(f"a page of {origin} does not lead to its checkpoint: {error}") from None
        cover = Cover(self._notary.stripped(answer.note), answer.start, b"".join(hashes), answer.proof)
        return Page(origin, None if base is None else base.id, answer.start, answer.leaves, cover, checkpoint)

    def _read(self, page: Page) -> None:
        """Parses the leaves that are new and checks their signatures, all at once, and remembers what they are."""
        hashes = [_hash_in(page, place) for place in range(len(page.leaves))]
        new = [place for place, digest in enumerate(hashes) if self._is_new(digest)]
        if len(self._read_leaves) + len(new) > self._limits.checked_entries:
            self._read_leaves.clear()
        read = read_leaves([page.leaves[place] for place in new], self._notary.checks.signature)
        self._read_leaves.update(zip((hashes[place] for place in new), read, strict=True))

    def _is_new(self, digest: bytes) -> bool:
        return digest not in self._read_leaves and self._logs.history.find(digest.hex()) is None

    def _take(self, page: Page, restraints: tuple[Entry, ...] | None) -> Received:
        """Takes what it can of a page; `restraints` are those in it, if it has been waiting."""
        branch = None if page.base is None else self._logs.branches[page.base]
        taken: list[Taken] = []
        stopped: _Stopped | None = None
        for place, leaf in enumerate(page.leaves):
            position = page.start + place
            digest = _hash_in(page, place)
            held = self._logs.history.find(digest.hex())
            if held is not None and (held.entry.origin, held.entry.seq) == (page.origin, position):
                branch = self._logs.branches[held.branch]
                continue
            try:
                step = self._step(page, branch, position, leaf, digest)
            except Exception:
                self._keep_before(page, branch, position, bool(taken))
                raise
            if isinstance(step, Taken):
                taken.append(step)
                branch = self._logs.branches[step.branch]
            else:
                stopped = _Stopped(place, step)
                break
        self._vouch(page, branch, bool(taken))
        if stopped is None:
            return Received(tuple(taken))
        if stopped.missing is None:
            return Received(tuple(taken), ended=True)
        self._wait(page, branch, stopped, restraints)
        return Received(tuple(taken), waits=True)

    def _step(
        self, page: Page, branch: LogBranch | None, position: int, leaf: bytes, digest: bytes
    ) -> Taken | tuple[tuple[str, int, str], ...] | None:
        """The entry taken, or the heads that it lacks, or None if it ends its log."""
        try:
            entry = self._signed(leaf, digest)
            self._check_position(page.origin, branch, position, entry)
            placement = self._logs.history.place(entry)
        except Malformed as error:
            self._end(page.origin, position, digest, str(error))
            return None
        if isinstance(placement, Missing):
            return placement.heads
        return self._judged(entry, placement)

    def _keep_before(self, page: Page, branch: LogBranch | None, position: int, is_longer: bool) -> None:
        """After what nobody foresaw at one entry: what was taken before it is whole, and is not lost with it."""
        if branch is not None and branch.size > position:
            return  # it is half taken: nobody knows what memory holds
        self._vouch(page, branch, is_longer)
        self._logs.keep()

    def _signed(self, leaf: bytes, digest: bytes) -> Entry:
        """The entry of a leaf, all its signatures checked; one that had to wait is not checked twice."""
        read = self._read_leaves.get(digest)
        if read is None:
            (read,) = read_leaves([leaf], self._notary.checks.signature)
        if isinstance(read, Malformed):
            raise read
        return read

    def _judged(self, entry: Entry, placement: Placement) -> Taken:
        view = self._logs.history.view(placement.clock)
        refusal = judge(entry, view)
        if refusal is not None and refusal.is_unjudged:
            self._problem(f"{refusal.problem}; {refusal.remedy}")
        if placement.forks:
            self._problem(f"log {entry.origin} is forked at entry {entry.seq}; no new permission rests on it")
        taken = self._logs.add(entry, placement, refusal)
        if isinstance(entry.act, Watch) and entry.act.digest is not None and not (refusal or view.first_unjudged()):
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

    def _vouch(self, page: Page, branch: LogBranch | None, is_longer: bool) -> None:
        """Keeps what vouches for the end of a branch; if entries were taken, `keep` makes both durable together."""
        if branch is None:
            return
        size, root = page.checkpoint.size, page.checkpoint.root
        if branch.size >= size and branch.tree.root(size) == root:
            self.note(branch, page.cover.note)
        elif is_longer:
            self._logs.cover(branch, _trimmed(page.cover, branch.size))

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

    def _wait(
        self, page: Page, branch: LogBranch | None, stopped: _Stopped, restraints: tuple[Entry, ...] | None
    ) -> None:
        leaves = page.leaves[stopped.place :][: self._limits.waiting_entries_per_log]
        base = None if branch is None else branch.id
        rest = Page(page.origin, base, page.start + stopped.place, leaves, page.cover, page.checkpoint)
        assert stopped.missing is not None
        if restraints is None:
            restraints = self._restraints(rest)
        left = tuple(entry for entry in restraints if entry.seq >= rest.start)
        self.room.put(Waiting(rest, stopped.missing, left))

    def _restraints(self, page: Page) -> tuple[Entry, ...]:
        found = []
        for place, leaf in enumerate(page.leaves):
            try:
                entry = self._signed(leaf, _hash_in(page, place))
                if is_restraint(entry):
                    found.append(entry)
            except Malformed:
                break  # the log will end here
        return tuple(found)

    def _retry(self) -> list[Taken]:
        """Takes what waited and lacks nothing any more, until nothing moves."""
        taken: list[Taken] = []
        moved = True
        while moved:
            moved = False
            for each in list(self.room):
                if all(self._logs.holding(origin, size, bytes.fromhex(root)) for origin, size, root in each.missing):
                    self.room.remove(each)
                    taken.extend(self._take(each.page, each.restraints).taken)
                    moved = True
        return taken

    def _end(self, origin: str, position: int, digest: bytes, reason: str) -> None:
        if digest not in self._ends:
            self._ends[digest] = f"log {origin} ends at entry {position}: {reason}"
            self._problem(self._ends[digest])


def _check_reaches(edge: Frontier, size: int, root: bytes, proof: tuple[bytes, ...]) -> None:
    if edge.size > size:
        raise BadProof(f"{edge.size} leaves are more than the checkpoint's {size}; ask its sender again")
    verify_consistency(proof, edge.size, size, edge.root(), root)


def _hash_in(page: Page, place: int) -> bytes:
    """The leaf hash at a place of a page, as its cover holds it."""
    start = (page.start + place - page.cover.first) * HASH_BYTES
    return page.cover.hashes[start : start + HASH_BYTES]


def _trimmed(cover: Cover, size: int) -> Cover:
    """The cover of what was taken up to `size`: the hashes before it are in the tree."""
    return Cover(cover.note, size, b"".join(ahead_of(cover, size)), cover.proof)
