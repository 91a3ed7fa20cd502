"""What has begun and not ended: starts, passages and declared flights, kept at hand so that judging does not slow as
history grows.

Only candidates: an ended thing is still yielded to a view that does not hold its end. The caller looks at its record.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

from comity.model.acts import Act
from comity.model.acts.flights import FlightChange, FlightClose, FlightDeclare, FlightOverdue
from comity.model.acts.movements import (
    MovementArrive,
    MovementCancel,
    MovementClear,
    MovementDepart,
    MovementEmergency,
)
from comity.model.acts.operations import OperationEnd, OperationStart
from comity.model.entry import Entry
from comity.model.known import party_of
from comity.model.standing_rooms import StandingRooms
from comity.model.volume import Volume

BEGINS: dict[type[Act], str] = {
    OperationStart: "starts",
    MovementEmergency: "passages",
    MovementClear: "passages",
    MovementDepart: "passages",
    FlightDeclare: "flights",
}
ENDS: dict[type[Act], str] = {
    OperationEnd: "starts",
    MovementArrive: "passages",
    MovementCancel: "passages",
    FlightClose: "flights",
}


class Placed(Protocol):
    """What is needed of a taken entry."""

    @property
    def entry(self) -> Entry: ...

    @property
    def branch(self) -> int: ...


T = TypeVar("T", bound=Placed)


class Running(Generic[T]):
    """By kind and request: what began, on every branch; and by branch, what each end ended."""

    def __init__(self) -> None:
        self._begun: dict[str, dict[str, list[T]]] = defaultdict(dict)
        self._ended: dict[str, dict[int, tuple[list[int], list[T]]]] = defaultdict(dict)
        self._rooms: StandingRooms[T] = StandingRooms()
        self._latest_ms: dict[str, int] = {}

    def hear(self, entry: Entry) -> None:
        """Notes the time that any entry claims, a refused one too."""
        party = party_of(entry.origin)
        self._latest_ms[party] = max(self._latest_ms.get(party, 0), entry.at_ms)

    def learn(self, taken: T, act: Act) -> None:
        """Files an admitted act that begins or ends something."""
        self._place(taken, act)
        begins, ends = BEGINS.get(type(act)), ENDS.get(type(act))
        request: str = getattr(act, "declaration" if isinstance(act, FlightClose) else "request", taken.entry.id)
        if begins is not None:
            self._begun[begins].setdefault(request, []).append(taken)
        elif ends is not None and request in self._begun[ends]:
            seqs, listed = self._ended[ends].setdefault(taken.branch, ([], []))
            for begun in self._begun[ends].pop(request):
                seqs.append(taken.entry.seq)
                listed.append(begun)

    def candidates(self, kind: str, size: Callable[[int], int]) -> Iterator[T]:
        """What began and had not ended in a view that holds the first `size(branch)` entries of each branch."""
        for begun in self._begun[kind].values():
            yield from begun
        for branch, (seqs, listed) in self._ended[kind].items():
            yield from listed[bisect_left(seqs, size(branch)) :]

    def flights_near(
        self, volume: Volume, at_ms: int, of: Callable[[str], bool], size: Callable[[int], int]
    ) -> Iterator[T]:
        """The declarations and changes in some logs of flights not closed in such a view that may be in a volume: where
        they were said to be, or from their beginning on if they may be overdue by then. Log by log, in its order."""
        yield from self._rooms.near(volume, of, lambda log: self._clock_ms(log, at_ms))
        for branch, (seqs, listed) in self._ended["flights"].items():
            yield from (each for each in listed[bisect_left(seqs, size(branch)) :] if of(each.entry.origin))

    def _clock_ms(self, log: str, at_ms: int) -> int:
        """A moment no earlier than any clock by which a flight of that log is overdue without somebody's word."""
        return max(at_ms, self._latest_ms.get(party_of(log), 0))

    def _place(self, taken: T, act: Act) -> None:
        if isinstance(act, FlightDeclare | FlightChange):
            self._rooms.add(getattr(act, "declaration", taken.entry.id), taken.entry.origin, act.volume, taken)
        elif isinstance(act, FlightOverdue):
            self._rooms.miss(act.declaration)
        elif isinstance(act, FlightClose):
            self._rooms.end(act.declaration)
