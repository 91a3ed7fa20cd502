"""Wrong rules about declared flights, and the directed tests that must find each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.model import standing_rooms
from comity.model.acts.flights import SEPARATIONS, ConflictAnswer, FlightDeclare, FlightOverdue
from comity.model.acts.operations import OperationStart
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records import change, conflicts, drift, flights
from comity.model.records.conflicts import Conflict
from comity.model.records.flights import Flight
from comity.model.records.officers import compromised_since
from comity.model.records.rooms import Room
from comity.model.standing_rooms import StandingRooms
from comity.model.verdict import Refusal
from comity.model.volume import TIME_MAX_MS, Volume
from comity.rules import amendments, table
from comity.rules import flights as flight_rules
from comity.rules.case import Case
from comity.views import clearing, crossing, reliance, unsettling
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import altered, dropped, entered, replaced

_in = flights.flights_in
_with_room = conflicts.with_room


def one_side_is_enough(answered: Mapping[str, Taken], asked: frozenset[str]) -> frozenset[str]:
    """An answer of one side settles it."""
    return frozenset() if any(conflicts.word_of(each) in SEPARATIONS for each in answered.values()) else asked


def any_word_settles(answered: Mapping[str, Taken], asked: frozenset[str]) -> frozenset[str]:
    """That both sides say the same is enough."""
    said = {conflicts.word_of(each) for party, each in answered.items() if party in asked}
    return frozenset() if answered.keys() >= asked and len(said) == 1 else asked


def two_alone(view: View, conflict: Conflict) -> frozenset[str]:
    """Nobody is asked but whose the two are."""
    return conflict.sides & change.participants(view)


def old_word_counts(view: View, conflict: Conflict, taken: Taken, at_ms: int) -> bool:
    """An answer counts whatever it had seen."""
    return True


def word_of_before_counts(view: View, conflict: Conflict, taken: Taken, at_ms: int) -> bool:
    """An answer from before a flight was overdue counts."""
    past = view.history.past(taken)
    return all(past.holds(each) for each in conflict.said) and not compromised_since(view, taken)


def stolen_word_counts(view: View, conflict: Conflict, taken: Taken, at_ms: int) -> bool:
    """An answer counts whoever holds the key."""
    past = view.history.past(taken)
    return all(past.holds(each) for each in conflict.said)


def never_overdue(self: Flight, view: View, at_ms: int) -> bool:
    """A flight is where it was declared, and gone when its window is over."""
    return False


def overdue_by_own_clock(self: Flight, view: View, at_ms: int) -> bool:
    """A flight is overdue by the clock of who asks."""
    until_ms = self.act.volume.window.until_ms
    return self.closed is None and until_ms is not None and at_ms >= until_ms


def in_declared_window(view: View, volume: Volume, at_ms: int, *of: Any) -> list[Flight]:
    """Only flights in their window are looked for."""
    return [each for each in _in(view, volume, at_ms, *of) if not each.is_overdue(view, at_ms)]


def conflict_refused(case: Case) -> Refusal | None:
    """A flight is turned away for what it conflicts with."""
    act = case.act
    assert isinstance(act, FlightDeclare)
    if not _in(case.view, act.volume, case.at_ms):
        return None
    return case.refuse("flight.conflict", "it conflicts with another flight", "fly elsewhere")


def late_is_refused(case: Case) -> Refusal | None:
    """A flight whose hour is past is turned away."""
    act = case.act
    assert isinstance(act, FlightDeclare)
    until_ms = act.volume.window.until_ms
    if until_ms is None or until_ms > case.at_ms:
        return None
    return case.refuse("flight", "it is past", "declare flights to come")


def owner_answers_alone(one: Flight, room: Room) -> Conflict:
    """What a flight meets is its owner's affair."""
    found = _with_room(one, room)
    return Conflict(found.flight, found.other, found.names, frozenset((one.party,)), found.said)


def own_conflicts_bar(view: View, room: Room, at_ms: int) -> list[Conflict]:
    """A party's own flights stop it."""
    return [_with_room(each, room) for each in _in(view, room.volume, at_ms)]


def between_signatories(view: View, room: Room, at_ms: int) -> list[Conflict]:
    """What the centre or an observer declares is not looked at."""
    found = (_with_room(each, room) for each in _in(view, room.volume, at_ms))
    return [each for each in found if len(each.sides & conflicts.signatories_of(view)) == 2]


def first_word_stays(view: View, conflict: Conflict, at_ms: int) -> dict[str, Taken]:
    """What was answered once is never taken back."""
    found: dict[str, Taken] = {}
    for taken in view.about(f"conflict/{conflict.flight.id}"):
        party = party_of(taken.entry.origin)
        if party in conflict.sides and conflicts._is_about(conflict, taken):
            found.setdefault(party, taken)
    return found


def due_at_its_own_end(self: Flight, view: View) -> int:
    """A flight is due when it says, if ever."""
    return self.act.volume.window.until_ms or TIME_MAX_MS


def hidden(*_: Any) -> bool:
    """Nothing is found."""
    return False


def no_flight_drifts(*_: Any) -> None:
    """A consent covers every flight."""
    return


WITHOUT_ANSWERS = tuple(
    rule for rule in table.RULES[OperationStart] if rule is not flight_rules.operation_conflicts_answered
)
FLIGHTS: tuple[Tooth, ...] = (
    tooth(
        "an unanswered conflict stops no clearance",
        dropped(flight_rules.movement_conflicts_answered),
        "20_clearance_waits_for_every_side",
    ),
    tooth(
        "an unanswered conflict stops no consent",
        dropped(flight_rules.operation_conflicts_answered),
        "18_consent_waits_and_does_not_cover_a_later_flight",
    ),
    tooth(
        "the answer of one side is enough",
        replaced(conflicts._owing, one_side_is_enough),
        "20_clearance_waits_for_every_side",
    ),
    tooth(
        "any word settles",
        replaced(conflicts._owing, any_word_settles),
        "20_only_a_separation_settles",
    ),
    tooth(
        "an answer for an old version counts",
        replaced(conflicts._counts, old_word_counts),
        "18_answer_is_to_what_it_saw",
    ),
    tooth(
        "a word from before a flight was overdue counts",
        replaced(conflicts._counts, word_of_before_counts),
        "18_word_from_before_a_flight_was_overdue_is_none",
    ),
    tooth(
        "a stolen key answers",
        replaced(conflicts._counts, stolen_word_counts),
        "33_answer_by_a_stolen_key_is_none",
    ),
    tooth(
        "a clearance rests on no answer",
        replaced(reliance._answered, lambda *_: iter(())),
        "20_whatever_unsettles_a_conflict_flags_a_clearance",
    ),
    tooth(
        "an overdue flight vanishes from its air",
        altered(Flight, "is_overdue", never_overdue),
        "16_overdue_flight_keeps_its_air",
    ),
    tooth(
        "overdue flights are not looked for",
        replaced(flights.flights_in, in_declared_window),
        "16_overdue_flight_keeps_its_air",
    ),
    tooth(
        "what is over by its window is not looked for",
        replaced(standing_rooms._begun, lambda *_: iter(())),
        "16_overdue_flight_keeps_its_air",
    ),
    tooth(
        "who is missing by a word alone is not looked for",
        altered(StandingRooms, "miss", hidden),
        "25_missing_by_a_clock_ahead_is_looked_for",
    ),
    tooth(
        "overdue by one clock",
        altered(Flight, "is_overdue", overdue_by_own_clock),
        "25_flight_is_overdue_by_the_last_clock",
    ),
    tooth(
        "a declaration is refused for its conflict",
        entered(table.RULES, FlightDeclare, (*table.RULES[FlightDeclare], conflict_refused)),
        "15_declaration_is_never_turned_away",
    ),
    tooth(
        "a late declaration is refused",
        entered(table.RULES, FlightDeclare, (*table.RULES[FlightDeclare], late_is_refused)),
        "15_declaration_is_never_turned_away",
    ),
    tooth(
        "a conflict is one side's affair",
        replaced(conflicts.with_room, owner_answers_alone),
        "20_clearance_waits_for_every_side",
    ),
    tooth(
        "own flights stop their party",
        replaced(conflicts.unsettled_in, own_conflicts_bar),
        "22_own_conflict_is_shown_and_bars_nothing",
    ),
    tooth(
        "anybody answers",
        dropped(flight_rules.answered_by_a_side),
        "20_clearance_waits_for_every_side",
    ),
    tooth(
        "anybody closes a flight",
        dropped(flight_rules.by_its_owner),
        "22_flight_is_its_owners",
    ),
    tooth(
        "a later flight does not concern a consent",
        replaced(drift._uncovered_flight, no_flight_drifts),
        "18_consent_waits_and_does_not_cover_a_later_flight",
    ),
    tooth(
        "flights cross no clearance",
        entered(clearing.STOPS, FlightDeclare, hidden),
        "20_whatever_unsettles_a_conflict_flags_a_clearance",
    ),
    tooth(
        "flights cross no start",
        entered(crossing.CROSSES, FlightDeclare, "a declaration bars no start"),
        "18_whatever_stops_a_start_flags_it_when_they_cross",
    ),
    tooth(
        "a start rests on a settlement that is disputed since",
        entered(table.RULES, OperationStart, WITHOUT_ANSWERS),
        "18_dispute_after_a_consent_stops_the_start",
    ),
    tooth(
        "answers cross no start",
        entered(crossing.CROSSES, ConflictAnswer, "an answer bars no start"),
        "18_whatever_stops_a_start_flags_it_when_they_cross",
    ),
    tooth(
        "an answer is never taken back",
        replaced(conflicts.answers, first_word_stays),
        "20_dispute_before_a_clearance_refuses_it",
    ),
    tooth(
        "a dispute after a permission is shown nowhere",
        replaced(unsettling.unsettled_text, lambda *_: iter(())),
        "20_dispute_after_a_clearance_stands_on_it",
    ),
    tooth(
        "all wait for a leaver's answer",
        replaced(conflicts.answering, lambda view, conflict: conflict.sides),
        "29_who_has_left_answers_no_conflict",
    ),
    tooth(
        "a clearance waits for who has no vote",
        replaced(conflicts.awaited, conflicts.answering),
        "22_silence_of_who_has_no_vote_bars_nothing",
    ),
    tooth(
        "nobody looks at what is no signatory's",
        replaced(conflicts.answering, two_alone),
        "22_what_is_no_signatorys_is_answered_by_all_of_them",
    ),
    tooth(
        "a flight of who has no vote is nobody's conflict",
        replaced(conflicts.conflicts_in, between_signatories),
        "22_silence_of_who_has_no_vote_bars_nothing",
    ),
    tooth(
        "a leaver's flight is never lifted",
        replaced(flights._lifted, no_flight_drifts),
        "16_flight_of_one_who_has_left_is_lifted_by_all",
    ),
    tooth(
        "a participant's flight is lifted",
        replaced(amendments.flight_of_a_participant, no_flight_drifts),
        "16_flight_of_one_who_has_left_is_lifted_by_all",
    ),
    tooth(
        "a flight without an end is never overdue",
        altered(Flight, "due_ms", due_at_its_own_end),
        "16_flight_without_an_end_is_spoken_of_anew",
    ),
    tooth(
        "a missing flight crosses no clearance",
        entered(clearing.STOPS, FlightOverdue, hidden),
        "20_flight_found_missing_flags_a_clearance",
    ),
    tooth(
        "conflicts are nobody's duty",
        replaced(conflicts.unsettled_by, lambda *_: frozenset()),
        "29_conflict_is_owed_by_both_sides",
    ),
)
"""Each wrong rule about declared flights."""
