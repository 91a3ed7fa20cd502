"""History: all entries of all logs, both branches of a forked one, and what each had in its past.

`a in past(b)` iff `clock(b)[branch(a)] > seq(a)`; without forks the clock is `seen` itself (LAWS 1-7).
Nothing is copied and nothing is folded: for each subject the admitted acts of each branch stand in order,
and a View cuts each list by bisection. The caller checks signatures, hands in roots and the verdict.
Not trusted: entries; `place` raises Malformed for one that breaks the structure, and that ends its log for everyone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import zip_longest
from operator import attrgetter
from typing import Any, TypeVar

from comity.model.acts import Act
from comity.model.acts.keys import ClockStep
from comity.model.entry import NO_ENTRY, Entry, Head
from comity.model.errors import Malformed
from comity.model.index import VolumeIndex
from comity.model.kept import Kept
from comity.model.known import KnownTerms, party_of
from comity.model.places import KINDS, volume_of
from comity.model.running import Running
from comity.model.taken import Branch, Clock, Missing, Placement, Taken
from comity.model.terms import Terms
from comity.model.verdict import Refusal
from comity.model.volume import Volume

__all__ = ["Branch", "Clock", "History", "Missing", "Placement", "Taken", "View"]

T = TypeVar("T")


class History:
    """Grows by `place` and `take`; never forgets. One per office, owned by its loop."""

    def __init__(self, founding: bytes) -> None:
        """`founding` is the founding file's bytes: the terms that pin logs and root keys."""
        self.known = KnownTerms(founding)
        self.branches: list[Branch] = []
        self.entries: list[Taken] = []
        self._by_id: dict[str, Taken] = {}
        self._of_origin: dict[str, list[int]] = defaultdict(list)
        self._subjects: dict[str, dict[int, tuple[list[int], list[Taken]]]] = defaultdict(dict)
        self._places: dict[str, VolumeIndex] = defaultdict(VolumeIndex)
        self._running: Running[Taken] = Running()
        self._steps: dict[int, list[int]] = defaultdict(list)
        self._unjudged: dict[int, Taken] = {}
        self.kept = Kept()

    def find(self, entry_id: str) -> Taken | None:
        """The entry with that hash (hex), admitted or refused, on any branch."""
        return self._by_id.get(entry_id)

    def branches_of(self, origin: str) -> list[Branch]:
        """The branches of a log, the one taken first in front."""
        return [self.branches[number] for number in self._of_origin.get(origin, ())]

    def origins(self) -> list[str]:
        """Every log of which something is held."""
        return list(self._of_origin)

    def at(self, branch: int, seq: int) -> Taken:
        """The entry at a position of a branch, its shared prefix included."""
        found = self.branches[branch]
        while seq < found.fork:
            assert found.parent is not None
            found = self.branches[found.parent]
        return found.taken[seq - found.fork]

    def root(self, branch: int, size: int) -> bytes:
        """The root of the first `size` (>= 1) entries of a branch."""
        found = self.branches[branch]
        while size <= found.fork:
            assert found.parent is not None
            found = self.branches[found.parent]
        return found.roots[size - 1 - found.fork]

    def resolve(self, origin: str, size: int, root: bytes) -> int | None:
        """The branch whose first `size` entries have that root, the last of them its own and not its parent's."""
        for number in self._of_origin.get(origin, ()):
            branch = self.branches[number]
            place = size - 1 - branch.fork
            if 0 <= place < len(branch.roots) and branch.roots[place] == root:
                return number
        return None

    def place(self, entry: Entry) -> Placement | Missing:
        """Where the entry belongs, or what must come first; raises Malformed (law 2)."""
        heads = self._resolve_seen(entry)
        if isinstance(heads, Missing):
            return heads
        own = self._own_head(entry, heads)
        cited = [self.at(branch, size - 1) for branch, size in heads.values()]
        clock = self._join(entry, heads, [taken.clock for taken in cited])
        if entry.seq == 0 and not self.view(clock).names_log(entry.origin):
            raise Malformed(
                f"log {entry.origin} is named by no terms agreed in its past; wait for every signatory's vote"
            )
        self._check_previous(entry, own)
        height = 1 + max((taken.height for taken in cited), default=0)
        if own is None:
            branches = self._of_origin.get(entry.origin, [])
            return Placement(None, bool(branches), clock, height)
        tip = self.branches[own].size
        return Placement(own, tip > entry.seq, clock, height)

    def take(self, entry: Entry, placement: Placement, root: bytes, refusal: Refusal | None) -> Taken:
        """Appends the entry to its branch; `root` is the branch's root with it, `refusal` the judge's word."""
        branch = self._open(entry, placement)
        assert branch.size == entry.seq, "an entry is appended at its seq"
        assert entry.id not in self._by_id, "an entry is taken once"
        if entry.seq and entry.at_ms < self.at(branch.id, entry.seq - 1).entry.at_ms:
            self._steps[branch.id].append(entry.seq)
        taken = Taken(entry, branch.id, placement.clock, placement.height, refusal, len(self.entries))
        branch.taken.append(taken)
        branch.roots.append(root)
        self.entries.append(taken)
        self._running.hear(entry)
        self._by_id[entry.id] = taken
        if refusal is None and isinstance(entry.act, Act):
            self._index(taken, entry.act)
        elif refusal is not None and refusal.is_unjudged:
            self._unjudged.setdefault(branch.id, taken)
        return taken

    def view(self, clock: Clock) -> View:
        """What an entry with that clock had in its past."""
        return View(self, clock)

    def now(self) -> View:
        """Everything held."""
        return View(self, tuple(branch.size for branch in self.branches))

    def past(self, taken: Taken) -> View:
        """The past of an entry: all that it may be judged by."""
        return View(self, taken.clock)

    def volume_of(self, taken: Taken) -> Volume | None:
        """The volume that an entry's act takes up; a consent's and a start's are their request's."""
        return volume_of(taken.entry.act, self.act_of) if isinstance(taken.entry.act, Act) else None

    def act_of(self, entry_id: str) -> Act | None:
        """The readable act of the entry with that hash, admitted or refused."""
        found = self._by_id.get(entry_id)
        return found.entry.act if found and isinstance(found.entry.act, Act) else None

    def _resolve_seen(self, entry: Entry) -> dict[str, tuple[int, int]] | Missing:
        heads: dict[str, tuple[int, int]] = {}
        missing = []
        for origin, (size, root) in entry.seen.items():
            branch = self.resolve(origin, size, bytes.fromhex(root))
            if branch is None:
                missing.append((origin, size, root))
            else:
                heads[origin] = (branch, size)
        if missing:
            return Missing(tuple(missing))
        return heads

    def _own_head(self, entry: Entry, heads: Mapping[str, tuple[int, int]]) -> int | None:
        own = heads.get(entry.origin)
        if own is None:
            if entry.seq != 0:
                raise Malformed(f"{entry.origin} {entry.seq}: its own log's prefix is not cited in seen")
            return None
        branch, size = own
        if size != entry.seq:
            raise Malformed(
                f"{entry.origin} {entry.seq}: cites {size} entries of its own log, must cite its own prefix"
            )
        return branch

    def _check_previous(self, entry: Entry, own: int | None) -> None:
        if own is None:
            if entry.header.previous != NO_ENTRY:
                raise Malformed(f"{entry.origin} 0: names a previous entry; a first entry has none")
            return
        previous = self.at(own, entry.seq - 1).entry
        if entry.header.previous != previous.id:
            raise Malformed(f"{entry.origin} {entry.seq}: does not name its previous entry by hash")
        if entry.at_ms < previous.at_ms and not (isinstance(entry.act, ClockStep) and entry.header.second):
            raise Malformed(f"{entry.origin} {entry.seq}: its time runs backwards; two officers sign a clock act first")

    def _join(self, entry: Entry, heads: Mapping[str, tuple[int, int]], cited: Iterable[Clock]) -> Clock:
        """The clock of an entry that cites heads of those clocks; raises Malformed if `seen` is not closed (law 1)."""
        clock = [*map(max, zip_longest((0,) * len(self.branches), *cited, fillvalue=0))]
        for number, count in enumerate(clock):
            origin = self.branches[number].origin
            if count and origin not in heads:
                raise Malformed(f"{entry.origin} {entry.seq}: seen leaves out {origin}")
            if count and self._goes_on_from(number, count, heads[origin]):
                raise Malformed(f"{entry.origin} {entry.seq}: seen of {origin} is behind what its own past has seen")
        for reach, size in heads.values():
            while reach >= 0:
                found = self.branches[reach]
                if clock[reach] < size:
                    clock[reach] = size
                reach, size = (-1 if found.parent is None else found.parent), found.fork
        return tuple(clock)

    def _goes_on_from(self, number: int, count: int, head: tuple[int, int]) -> bool:
        """Whether the first `count` entries of a branch go on from a head; to fork away before it is another thing."""
        return count > head[1] and self._owner(number, head[1]) == head[0]

    def _owner(self, branch: int, size: int) -> int:
        while size <= self.branches[branch].fork:
            parent = self.branches[branch].parent
            assert parent is not None
            branch = parent
        return branch

    def _open(self, entry: Entry, placement: Placement) -> Branch:
        if placement.branch is not None and not placement.forks:
            return self.branches[placement.branch]
        parent = placement.branch
        branch = Branch(len(self.branches), entry.origin, parent, entry.seq if parent is not None else 0)
        self.branches.append(branch)
        self._of_origin[entry.origin].append(branch.id)
        return branch

    def _index(self, taken: Taken, act: Act) -> None:
        seq = taken.entry.seq
        for subject in act.about(taken.entry.id):
            lists = self._subjects[subject]
            if taken.branch not in lists:
                lists[taken.branch] = ([], [])
            seqs, listed = lists[taken.branch]
            seqs.append(seq)
            listed.append(taken)
        self.known.learn(taken.entry)
        self._running.learn(taken, act)
        kind = KINDS.get(type(act))
        volume = volume_of(act, self.act_of) if kind is not None else None
        if kind is not None and volume is not None:
            self._places[kind].add(volume, taken.number)


class View:
    """A causally closed part of history: what one entry had in its past, or all that an office holds."""

    __slots__ = ("_answers", "clock", "history")

    def __init__(self, history: History, clock: Clock) -> None:
        self.history = history
        self.clock = clock
        self._answers: dict[Hashable, Any] = {}

    def once(self, question: Hashable, answer: Callable[[], T]) -> T:
        """The answer to a question about this view, asked for once; nobody changes what he is given."""
        try:
            found: T = self._answers[question]
        except KeyError:
            found = self._answers[question] = answer()
        return found

    def size(self, branch: int) -> int:
        """How many entries of a branch are in the view."""
        return self.clock[branch] if branch < len(self.clock) else 0

    def holds(self, taken: Taken) -> bool:
        """Whether the entry is in the view."""
        branch = taken.branch
        return branch < len(self.clock) and self.clock[branch] > taken.entry.seq

    def find(self, entry_id: str) -> Taken | None:
        """The admitted entry with that hash, if it is in the view."""
        taken = self.history.find(entry_id)
        if taken is None or taken.refusal is not None or not self.holds(taken):
            return None
        return taken

    def about(self, subject: str) -> list[Taken]:
        """The admitted acts about a subject, in the order for people."""
        found: list[Taken] | None = self._answers.get(subject)
        if found is None:
            found = self._answers[subject] = self._about(subject)
        return found

    def _about(self, subject: str) -> list[Taken]:
        lists = self.history._subjects.get(subject)
        if lists is None:
            return []
        clock, known = self.clock, len(self.clock)
        parts = [
            taken[: bisect_left(seqs, clock[branch])]
            for branch, (seqs, taken) in lists.items()
            if branch < known and seqs[0] < clock[branch]
        ]
        if len(parts) == 1:
            return parts[0]
        return sorted((taken for part in parts for taken in part), key=attrgetter("order"))

    def terms(self, digest: str) -> Terms | None:
        """The terms with that hash (hex) if their text is in the view: the founding file, or proposed in an entry."""
        known = self.history.known
        if digest == known.founding_hash or self.cut(f"proposal/{digest}"):
            return known.terms(digest)
        return None

    def names_log(self, origin: str) -> bool:
        """Whether the founding file, or any terms agreed in the view, name that log (law 13)."""
        return self.history.known.names_log((taken.entry for taken in self.about("votes/terms")), origin)

    def cut(self, subject: str) -> tuple[tuple[int, int], ...]:
        """How many acts about a subject each branch has in the view: equal cuts, equal acts."""
        lists = self.history._subjects.get(subject)
        if lists is None:
            return ()
        clock, known = self.clock, len(self.clock)
        counts = [(branch, bisect_left(seqs, clock[branch])) for branch, (seqs, _) in lists.items() if branch < known]
        return tuple([each for each in counts if each[1]])

    def newest(self, origin: str) -> Taken | None:
        """The newest entry of a log, refused ones included; of a forked log, the one with the latest time."""
        held = [branch for branch in self.history.branches_of(origin) if self.size(branch.id) > branch.fork]
        tips = (
            self.history.at(one.id, self.size(one.id) - 1)
            for one in held
            if not any(self._carries(other, one) for other in held)
        )
        return max(tips, key=lambda taken: (taken.entry.at_ms, taken.entry.seq, taken.entry.hash), default=None)

    def forked(self, origin: str) -> bool:
        """Whether the view holds two entries of that log at one seq (law 4)."""
        branches = self.history.branches_of(origin)
        if len(branches) < 2:
            return False
        tips = [branch for branch in branches if self.size(branch.id) > branch.fork]
        return any(not self._carries(other, one) for one in tips for other in tips if one.id < other.id)

    def near(self, kind: str, volume: Volume) -> Iterator[Taken]:
        """Candidates of a kind whose volume may meet the given one, in the order for people; to be looked at."""
        index = self.history._places.get(kind) or VolumeIndex()
        found = [self.history.entries[number] for number in index.near(volume)]
        yield from sorted((taken for taken in found if self.holds(taken)), key=lambda taken: taken.order)

    def running(self, kind: str) -> Iterator[Taken]:
        """What began, by kind ("starts", "passages"), and may not have ended in the view, in the order for people."""
        begun = filter(self.holds, self.history._running.candidates(kind, self.size))
        yield from sorted(begun, key=attrgetter("order"))

    def flights_near(self, volume: Volume, at_ms: int, of: Callable[[str], bool]) -> Iterator[Taken]:
        """What was said in some logs of open flights that may be in a volume at a moment; each as it is asked for."""
        return filter(self.holds, self.history._running.flights_near(volume, at_ms, of, self.size))

    def logs_of(self, party: str) -> list[str]:
        """The logs of a participant that began rightly; one that a proposal names and nobody joined says nothing."""
        history = self.history
        return [
            origin
            for origin in history.origins()
            if party_of(origin) == party
            and any(not history.at(branch.id, 0).refusal for branch in history.branches_of(origin))
        ]

    def stepped_back(self, origin: str, since: View) -> bool:
        """Whether time ran backwards in a log, by an admitted act or a refused one, between two views (law 28)."""
        return any(
            since.size(branch.id) <= seq < self.size(branch.id)
            for branch in self.history.branches_of(origin)
            for seq in self.history._steps.get(branch.id, ())
        )

    def first_unjudged(self) -> Taken | None:
        """The first entry in the view that this software could not judge, if there is one (law 14)."""
        if not self.history._unjudged:
            return None
        found = [taken for taken in self.history._unjudged.values() if self.holds(taken)]
        return min(found, key=lambda taken: taken.order, default=None)

    def since(self, subject: str, at_ms: int) -> Iterator[Taken]:
        """The admitted acts about a subject whose time is `at_ms` or later, the newest of each branch first."""
        for branch, (seqs, listed) in self.history._subjects.get(subject, {}).items():
            for number in range(bisect_left(seqs, self.size(branch)) - 1, -1, -1):
                if listed[number].entry.at_ms < at_ms:
                    break
                yield listed[number]

    def seen_heads(self) -> dict[str, Head]:
        """The `seen` of an entry signed on this view; on a forked log, the branch that was taken first."""
        heads: dict[str, Head] = {}
        for origin in self.history.origins():
            branch = self.history.branches_of(origin)[0].id
            if self.size(branch):
                heads[origin] = (self.size(branch), self.history.root(branch, self.size(branch)).hex())
        return heads

    def _carries(self, other: Branch, one: Branch) -> bool:
        """Whether a branch goes on from all that the view holds of another, whichever of them was taken first here."""
        child = other
        while child.parent is not None:
            if child.parent == one.id:
                return self.size(one.id) <= child.fork
            child = self.history.branches[child.parent]
        return False
