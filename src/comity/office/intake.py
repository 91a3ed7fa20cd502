"""How others' entries come in: proven under a checkpoint, signatures checked, placed, judged, kept, then noted.

A forged, unreadable or misplaced entry under a valid checkpoint ends its log there, for every office alike (law 2).
Invariants: nothing is taken that this office could not itself deliver to others under a signed checkpoint (law 7);
nothing is heard of before it is durable. Not trusted: pages; a bad one raises PeerError and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

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
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.errors import BadProof
from comity.tlog.merkle import HASH_BYTES, Frontier, verify_consistency


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a page: entries newly taken, and whether the rest waits or its log has ended."""

    taken: tuple[Taken, ...]
    waits: bool = False
    ended: bool = False


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
        self._covers: dict[int, Cover] = {}
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
        cover, checkpoint = self._proven(origin, base, answer)
        with no_collection():
            entries = self._read(answer.leaves, cover.hashes)
            page = Page(origin, answer.start, entries, cover, checkpoint)
            received = self._take(page, base, 0, None)
            if received.taken:
                received = Received((*received.taken, *self._retry()), received.waits, received.ended)
        if received.taken:
            self._keep()
            self._heard()
        return received

    def _proven(self, origin: str, base: LogBranch | None, answer: Entries) -> tuple[Cover, Checkpoint]:
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
        return Cover(self._notary.stripped(answer.note), answer.start, b"".join(hashes), answer.proof), checkpoint

    def _read(self, leaves: Sequence[bytes], hashes: bytes) -> tuple[Entry | Malformed, ...]:
        """What each leaf of a page is; those that are new are parsed and their signatures checked, all at once."""
        digests = [hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES] for place in range(len(leaves))]
        known = [self._known(digest) for digest in digests]
        new = [place for place, entry in enumerate(known) if entry is None]
        read = read_leaves([leaves[place] for place in new], self._notary.checks.signature)
        if len(self._read_leaves) + len(new) > self._limits.checked_entries:
            self._read_leaves.clear()
        fresh = {digests[place]: entry for place, entry in zip(new, read, strict=True)}
        self._read_leaves.update(fresh)
        return tuple(fresh[digest] if entry is None else entry for digest, entry in zip(digests, known, strict=True))

    def _known(self, digest: bytes) -> Entry | Malformed | None:
        """What a leaf is, if it was read before: nothing is checked twice."""
        held = self._logs.history.find(digest.hex())
        return self._read_leaves.get(digest) if held is None else held.entry

    def _take(self, page: Page, branch: LogBranch | None, first: int, restraints: tuple[Entry, ...] | None) -> Received:
        """Takes what it can of a page from place `first` on; `restraints` are those in it, if it has been waiting."""
        taken: list[Taken] = []
        for place in range(first, len(page.entries)):
            held = self._held(page, place)
            if held is not None:
                branch = self._logs.branches[held.branch]
                continue
            try:
                step = self._step(page, branch, place)
            except Exception:
                self._keep_before(page, branch, page.start + place, bool(taken))
                raise
            if isinstance(step, Taken):
                taken.append(step)
                branch = self._logs.branches[step.branch]
                continue
            self._vouch(page, branch, bool(taken))
            if step is None:
                return Received(tuple(taken), ended=True)
            self._wait(page, branch, place, step.heads, restraints)
            return Received(tuple(taken), waits=True)
        self._vouch(page, branch, bool(taken))
        return Received(tuple(taken))

    def _held(self, page: Page, place: int) -> Taken | None:
        """The entry at a place of a page, if it was taken before."""
        entry = page.entries[place]
        held = self._logs.history.find(entry.id) if isinstance(entry, Entry) else None
        if held is None or (held.entry.origin, held.entry.seq) != (page.origin, page.start + place):
            return None
        return held

    def _step(self, page: Page, branch: LogBranch | None, place: int) -> Taken | Missing | None:
        """The entry taken, or the heads that it lacks, or None if it ends its log."""
        entry, position = page.entries[place], page.start + place
        if isinstance(entry, Malformed):
            self._end(page, position, str(entry))
            return None
        try:
            self._check_position(page.origin, branch, position, entry)
            placement = self._logs.history.place(entry)
        except Malformed as error:
            self._end(page, position, str(error))
            return None
        return placement if isinstance(placement, Missing) else self._judged(entry, placement)

    def _keep_before(self, page: Page, branch: LogBranch | None, position: int, is_longer: bool) -> None:
        """After what nobody foresaw at one entry: what was taken before it is whole, and is not lost with it."""
        if branch is not None and branch.size > position:
            return  # it is half taken: nobody knows what memory holds
        self._vouch(page, branch, is_longer)
        self._keep()

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
        """Keeps what vouches for the end of a branch; if entries were taken, `_keep` makes both durable together."""
        if branch is None:
            return
        size, root = page.checkpoint.size, page.checkpoint.root
        if branch.size >= size and branch.tree.root(size) == root:
            self.note(branch, page.cover.note)
        elif is_longer:
            self._covers[branch.id] = page.cover

    def _keep(self) -> None:
        """Makes durable what was taken, each branch with what vouches for its end."""
        for id, cover in self._covers.items():
            branch = self._logs.branches[id]
            if branch.noted is None or branch.noted.size < branch.size:
                self._logs.cover(branch, _trimmed(cover, branch.size))
        self._covers.clear()
        self._logs.keep()

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
        self,
        page: Page,
        branch: LogBranch | None,
        place: int,
        missing: tuple[tuple[str, int, str], ...],
        restraints: tuple[Entry, ...] | None,
    ) -> None:
        if restraints is None:
            end = place + self._limits.waiting_entries_per_log
            page = replace(page, entries=page.entries[:end])
            restraints = _restraints(page.entries[place:])
        left = tuple(entry for entry in restraints if entry.seq >= page.start + place)
        self.room.put(Waiting(page, None if branch is None else branch.id, place, missing, left))

    def _retry(self) -> list[Taken]:
        """Takes what waited and lacks nothing any more, until nothing moves."""
        taken: list[Taken] = []
        moved = True
        while moved:
            moved = False
            for each in list(self.room):
                if all(self._logs.holding(origin, size, bytes.fromhex(root)) for origin, size, root in each.missing):
                    self.room.remove(each)
                    branch = None if each.branch is None else self._logs.branches[each.branch]
                    taken.extend(self._take(each.page, branch, each.place, each.restraints).taken)
                    moved = True
        return taken

    def _end(self, page: Page, position: int, reason: str) -> None:
        start = (position - page.cover.first) * HASH_BYTES
        digest = page.cover.hashes[start : start + HASH_BYTES]
        if digest not in self._ends:
            self._ends[digest] = f"log {page.origin} ends at entry {position}: {reason}; see docs/faults.md, a dead log"
            self._problem(self._ends[digest])


def _check_reaches(edge: Frontier, size: int, root: bytes, proof: tuple[bytes, ...]) -> None:
    if edge.size > size:
        raise BadProof(f"{edge.size} leaves are more than the checkpoint's {size}; ask its sender again")
    verify_consistency(proof, edge.size, size, edge.root(), root)


def _restraints(entries: Sequence[Entry | Malformed]) -> tuple[Entry, ...]:
    """The restraints among entries that wait, up to one that will end their log."""
    sound = takewhile(lambda entry: isinstance(entry, Entry), entries)
    return tuple(entry for entry in sound if isinstance(entry, Entry) and is_restraint(entry))


def _trimmed(cover: Cover, size: int) -> Cover:
    """The cover of what was taken up to `size`: the hashes before it are in the tree."""
    return Cover(cover.note, size, b"".join(ahead_of(cover, size)), cover.proof)
