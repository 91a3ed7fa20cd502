"""What a declared flight conflicts with in a view, and whether every side has answered for it.

Computed, never stored: integer geometry on what stands in the entries, so every office that holds the same entries
finds the same at the same moment. What one party has twice in one place is shown and bars nothing. A conflict is
settled when the newest answers of all sides name the same separation, or when a change or an end takes the overlap
away. An answer counts only for what it had seen: the newest word of each thing, and that the flight was overdue. Who
takes part no more answers nothing, so nothing waits for him.

A permission waits for the signatories among the sides alone: the silence of the centre, a host or an observer bars
nothing, and neither does what they say, for they have no vote (law 22). Without that any of them could stop every
clearance by declaring flights and answering nothing. Their word is asked, shown and owed like any other. Between a
flight and an exempt movement that are both of such parties every signatory answers, for each of them protects the
movement (law 20), and else a clearance would rest on nobody's word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from comity.model.acts.areas import AreaPropose
from comity.model.acts.flights import SEPARATIONS, ConflictAnswer, FlightDeclare
from comity.model.acts.movements import MovementEmergency, MovementRequest
from comity.model.geometry import rings_meet, rooms_meet
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.areas import areas_meeting
from comity.model.records.change import heads, participants, proposals, terms_heads, terms_to_judge_by
from comity.model.records.flights import Flight, flight, flights_in
from comity.model.records.officers import compromised_since
from comity.model.records.overlaps import names_of
from comity.model.records.rooms import Room, any_log, room_of, rooms_near
from comity.model.terms import Distance, Terms
from comity.model.volume import Volume


@dataclass(frozen=True, slots=True)
class Conflict:
    """A flight, what lies in its room, the parties whose the two are, and the entries that an answer must have seen.

    `names` are the hashes by which an answer may name the other thing. Of distances that the flight does not keep the
    other thing are the terms that lay them down: an answer names them, and the vote that adopted them stands for them.
    """

    flight: Flight
    other: Taken
    names: frozenset[str]
    sides: frozenset[str]
    said: tuple[Taken, ...]
    distances: tuple[Distance, ...] = ()

    @property
    def ends(self) -> frozenset[str]:
        """The two things, by the hashes of their entries."""
        return frozenset((self.flight.id, self.other.entry.id))

    @property
    def is_own(self) -> bool:
        """Whether one party has both: it is shown, and nobody else's word is needed."""
        return len(self.sides) == 1


def conflicts_of(view: View, terms: Terms, one: Flight, at_ms: int) -> Iterator[Conflict]:
    """Everything that one flight conflicts with at a moment, what is its party's own too."""
    volume = one.room(view, at_ms)
    for other in flights_in(view, volume, at_ms):
        if other.id != one.id:
            yield between_flights(one, other)
    yield from with_rooms(view, one, at_ms)
    yield from with_agreed(view, terms, one, at_ms)


def with_rooms(view: View, one: Flight, at_ms: int, of: Callable[[str], bool] = any_log) -> Iterator[Conflict]:
    """What one flight conflicts with at a moment besides flights; of what is declared, that in some logs."""
    for room in rooms_near(view, one.room(view, at_ms), at_ms, of):
        if not _is_own_notice(one, room):
            yield with_room(one, room)


def with_agreed(view: View, terms: Terms, one: Flight, at_ms: int) -> Iterator[Conflict]:
    """The areas in which the operator of a flight is grounded, and the distances that it does not keep."""
    volume = one.room(view, at_ms)
    for proposal in _grounding_areas(view, terms, one, volume):
        yield _with_area(view, terms, one, proposal)
    yield from _with_terms(view, terms, one, volume)


def unsettled_in(view: View, room: Room, at_ms: int) -> Iterator[Conflict]:
    """The conflicts of other parties' flights with a room that wait for a signatory's answer: until then nothing lets
    it begin."""
    return (each for each in conflicts_in(view, room, at_ms) if barred_by(view, each, at_ms))


def conflicts_in(view: View, room: Room, at_ms: int) -> Iterator[Conflict]:
    """The conflicts of other parties' flights with a room."""
    found = (with_room(each, room) for each in flights_in(view, room.volume, at_ms))
    return (each for each in found if not each.is_own)


def named(view: View, terms: Terms, declaration: str, other: str) -> Conflict | None:
    """The conflict between a flight and a thing named by their hashes, whatever the hour: that much may be answered."""
    one, taken = flight(view, declaration), view.find(other)
    if one is not None and other in terms_heads(view):
        return next(_with_terms(view, terms, one, one.act.volume), None)
    if one is None or taken is None or one.id == other:
        return None
    second = flight(view, other) if isinstance(taken.entry.act, FlightDeclare) else None
    if second is not None:
        return between_flights(one, second) if rooms_meet(one.act.volume, second.act.volume) else None
    if isinstance(taken.entry.act, AreaPropose):
        grounding = {
            name for each in _grounding_areas(view, terms, one, one.act.volume) for name in names_of(view, each)
        }
        return _with_area(view, terms, one, taken) if other in grounding else None
    room = room_of(view, taken)
    return with_room(one, room) if room is not None and rooms_meet(one.act.volume, room.volume) else None


def between_flights(one: Flight, other: Flight) -> Conflict:
    """The conflict of two flights; the earlier declaration stands first, whoever asks."""
    first, second = sorted((one, other), key=lambda each: each.declaration.order)
    sides, said = frozenset((one.party, other.party)), _said(one) + _said(other)
    return Conflict(first, second.declaration, frozenset((first.id, second.id)), sides, said)


def with_room(one: Flight, room: Room) -> Conflict:
    """The conflict of a flight with another thing that takes room."""
    sides, said = frozenset((one.party, room.party)), (*_said(one), room.said)
    return Conflict(one, room.thing, frozenset((room.thing.entry.id,)), sides, said)


def answering(view: View, conflict: Conflict) -> frozenset[str]:
    """The parties whose answer is asked for: the sides that take part, since who has left signs no answer; of a flight
    and a movement of which no signatory has either, every signatory too."""
    asked, signatories = conflict.sides & participants(view), signatories_of(view)
    exempt = isinstance(conflict.other.entry.act, MovementRequest | MovementEmergency)
    return asked | signatories if exempt and asked and not asked & signatories and not conflict.is_own else asked


def awaited(view: View, conflict: Conflict) -> frozenset[str]:
    """Those among them for whom a permission waits (law 22)."""
    return answering(view, conflict) & signatories_of(view)


def answers(view: View, conflict: Conflict, at_ms: int) -> dict[str, Taken]:
    """The newest answer of each who is asked that counts for what both things are now."""
    found: dict[str, Taken] = {}
    asked = answering(view, conflict)
    for taken in view.about(f"conflict/{conflict.flight.id}"):
        party = party_of(taken.entry.origin)
        if party in asked and _is_about(conflict, taken) and _counts(view, conflict, taken, at_ms):
            found[party] = taken
    return found


def is_settled(view: View, conflict: Conflict, at_ms: int) -> bool:
    """Whether the newest answers of all who are asked name the same separation; of two leavers' things nobody is."""
    return not conflict.is_own and not _owing(answers(view, conflict, at_ms), answering(view, conflict))


def unsettled_by(view: View, conflict: Conflict, at_ms: int) -> frozenset[str]:
    """Those whose word or deed is still owed: who has answered nothing; if all have, who will change; else all."""
    if conflict.is_own:
        return frozenset()
    return _owing(answers(view, conflict, at_ms), answering(view, conflict))


def barred_by(view: View, conflict: Conflict, at_ms: int) -> frozenset[str]:
    """The signatories for whose word or deed a permission in the room of a conflict waits."""
    if conflict.is_own:
        return frozenset()
    return _owing(answers(view, conflict, at_ms), awaited(view, conflict))


def word_of(answer: Taken) -> str:
    """What an answer says."""
    act = answer.entry.act
    assert isinstance(act, ConflictAnswer)
    return act.answer


def signatories_of(view: View) -> frozenset[str]:
    """The signatories of the terms in force."""
    return frozenset(terms_to_judge_by(view).signatories)


def _owing(answered: Mapping[str, Taken], asked: frozenset[str]) -> frozenset[str]:
    words = {party: word_of(taken) for party, taken in answered.items() if party in asked}
    said = set(words.values())
    if words.keys() == asked and len(said) <= 1 and said <= SEPARATIONS:
        return frozenset()
    changing = frozenset(party for party, word in words.items() if word == "will-change")
    return (asked - words.keys()) or changing or asked


def _is_about(conflict: Conflict, taken: Taken) -> bool:
    act = taken.entry.act
    if not isinstance(act, ConflictAnswer):
        return False
    pair = {act.declaration, act.other}
    return conflict.flight.id in pair and bool(pair & (conflict.names - {conflict.flight.id}))


def _counts(view: View, conflict: Conflict, taken: Taken, at_ms: int) -> bool:
    past = view.history.past(taken)
    if not all(past.holds(each) for each in conflict.said) or compromised_since(view, taken):
        return False
    return all(
        each.is_overdue(past, taken.entry.at_ms) or not each.is_overdue(view, at_ms)
        for each in (conflict.flight, flight(view, conflict.other.entry.id))
        if each is not None
    )


def _said(one: Flight) -> tuple[Taken, ...]:
    return (one.declaration,) if one.version is one.declaration else (one.declaration, one.version)


def _is_own_notice(one: Flight, room: Room) -> bool:
    """A notice and a declaration by one party are two words about the same flying."""
    return room.party == one.party and room.thing.entry.header.act == "notice.flight"


def _grounding_areas(view: View, terms: Terms, one: Flight, volume: Volume) -> Iterator[Taken]:
    """The designated areas in which the operator of a flight is grounded (J8); a participant's own flights are not."""
    operator = terms.operator_by_id(one.act.operator)
    if operator is None or terms.clause_for("notice.grounding") is None:
        return
    for area in areas_meeting(view, volume):
        for _, proposal in proposals(view, area.act.content())[:1]:
            yield proposal


def _with_area(view: View, terms: Terms, one: Flight, proposal: Taken) -> Conflict:
    """An area is every signatory's: all of them answer, and who declared the flight."""
    sides = frozenset((one.party, *terms.signatories))
    return Conflict(one, proposal, names_of(view, proposal), sides, _said(one))


def _with_terms(view: View, terms: Terms, one: Flight, volume: Volume) -> Iterator[Conflict]:
    """The distances from a line that a flight of its class keeps and this one does not (law 24: the signed rings)."""
    nearer = tuple(each for each in terms.distance if each.ring and not _keeps(terms, one, each, volume))
    changes = heads(view, "terms")
    if nearer and terms.clause_for("flight.distance") is not None and changes:
        adopted = max(changes[0].votes, key=lambda vote: vote.order)
        sides = frozenset((one.party, *terms.signatories))
        yield Conflict(one, adopted, frozenset((changes[0].content,)), sides, _said(one), nearer)


def _keeps(terms: Terms, one: Flight, distance: Distance, volume: Volume) -> bool:
    if one.act.aircraft_class not in distance.classes or not rings_meet(distance.ring, volume.ring):
        return True
    told_ms = volume.window.from_ms - terms.span_ms("distance_notice_h")
    return one.act.category in distance.exempt and one.version.entry.at_ms <= told_ms
