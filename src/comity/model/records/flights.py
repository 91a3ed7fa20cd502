"""A declared flight in a view: what its owner says of it now, whether it is overdue, the room that it takes.

From its due time a flight that is not closed keeps its room without an end, in every view: nobody knows where it is.
Due it is at the end of its window; declared without an end, or for longer than the terms let one word stand, it is due
that long after the word about it: what is open has a time at which its owner speaks of it anew. It is overdue at the
last clock that says so, as a restraint ends at the last: that of who asks, or of its own log, or by anybody's word.
What one that takes part no more has left open, every signatory lifts (law 16).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from comity.model.acts.agreement import Proposal
from comity.model.acts.flights import FlightChange, FlightClose, FlightDeclare, FlightOverdue
from comity.model.geometry import volumes_meet
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import complete, terms_to_judge_by
from comity.model.records.operations import newest_at
from comity.model.records.rooms import any_log
from comity.model.volume import Volume, Window


@dataclass(frozen=True, slots=True)
class Flight:
    """The record of one flight. `version` is the newest entry that says what it is, `act` what it says; `missed` is the
    word that this version is overdue, `closed` the word that it is over: its owner's, or every signatory's."""

    declaration: Taken
    version: Taken
    act: FlightDeclare | FlightChange
    party: str
    missed: Taken | None
    closed: Taken | None
    acts: tuple[Taken, ...]

    @property
    def id(self) -> str:
        """The hash of its declaration, by which it is named."""
        return self.declaration.entry.id

    def due_ms(self, view: View) -> int:
        """When it is to be closed, or spoken of anew: at the end of its window, if its word stands for so long."""
        window = self.act.volume.window
        stands_ms = view.once(("a word stands",), lambda: terms_to_judge_by(view).span_ms("flight_word_stands_h"))
        word_ends_ms: int = max(window.from_ms, self.version.entry.at_ms) + stands_ms
        return word_ends_ms if window.until_ms is None else min(window.until_ms, word_ends_ms)

    def is_overdue(self, view: View, at_ms: int) -> bool:
        """Whether it should have been closed by a moment, as far as the view and who asks know."""
        if self.closed is not None:
            return False
        due_ms = self.due_ms(view)
        if self.missed is not None or at_ms >= due_ms:
            return True
        return view.once(("newest", self.party), lambda: newest_at(view, self.party)) >= due_ms

    def room(self, view: View, at_ms: int) -> Volume:
        """Where it may be: as declared, and without an end once it is overdue."""
        return view.once(("room", self.declaration.entry.hash, at_ms), lambda: self._room(view, at_ms))

    def _room(self, view: View, at_ms: int) -> Volume:
        volume = self.act.volume
        if not self.is_overdue(view, at_ms):
            return volume
        return Volume(volume.ring, volume.band, Window(from_ms=volume.window.from_ms, until_ms=None))


def flight(view: View, declaration: str) -> Flight | None:
    """The record of the flight with that declaration (hash, hex), if the view holds it."""
    return view.once(("flight", declaration), lambda: _flight(view, declaration))


def flights(view: View) -> list[Flight]:
    """Every flight that is not closed, in the order for people."""
    found = (flight(view, taken.entry.id) for taken in view.running("flights"))
    return [each for each in found if each is not None and each.closed is None]


def flights_in(view: View, volume: Volume, at_ms: int, of: Callable[[str], bool] = any_log) -> list[Flight]:
    """The flights in some logs, not closed, whose room at `at_ms` meets the volume, in the order for people."""
    found = (each for each in flights_in_turn(view, volume, at_ms, of) if each is not None)
    return sorted(found, key=lambda each: each.declaration.order)


def flights_in_turn(view: View, volume: Volume, at_ms: int, of: Callable[[str], bool]) -> Iterator[Flight | None]:
    """The same, log by log in its order, each as it is asked for; None for each that was looked at and is not there."""
    looked: set[str] = set()
    for taken in view.flights_near(volume, at_ms, of):
        name = declaration_of(taken)
        if name not in looked:
            looked.add(name)
            found = flight(view, name)
            there = found is not None and found.closed is None and volumes_meet(found.room(view, at_ms), volume)
            yield found if there else None


def declaration_of(taken: Taken) -> str:
    """The hash of the declaration that a declaration or a change is about."""
    act = taken.entry.act
    return act.declaration if isinstance(act, FlightChange) else taken.entry.id


def _flight(view: View, declaration: str) -> Flight | None:
    taken = view.find(declaration)
    if taken is None or not isinstance(taken.entry.act, FlightDeclare):
        return None
    acts = tuple(view.about(f"flight/{declaration}"))
    version, act = taken, taken.entry.act
    said: FlightDeclare | FlightChange = act
    for each in acts:
        if isinstance(each.entry.act, FlightChange):
            version, said = each, each.entry.act
    ends = (each for each in acts if isinstance(each.entry.act, FlightClose))
    missed = (each for each in acts if isinstance(each.entry.act, FlightOverdue))
    return Flight(
        taken,
        version,
        said,
        party_of(taken.entry.origin),
        next((each for each in missed if view.history.past(each).holds(version)), None),
        next(ends, None) or _lifted(view, declaration),
        acts,
    )


def _lifted(view: View, declaration: str) -> Taken | None:
    """The proposal by which every signatory has lifted it."""
    lifts = ((taken, taken.entry.act) for taken in view.about(f"lifts/{declaration}"))
    return next((each for each, act in lifts if isinstance(act, Proposal) and complete(view, act.thing)), None)
