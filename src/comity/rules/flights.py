"""Rules of declared flights and of what waits for a word on their conflicts: safety of flight."""

from __future__ import annotations

from comity.model.acts.flights import ConflictAnswer, FlightChange, FlightDeclare
from comity.model.records.conflicts import Conflict, answering, barred_by, named, unsettled_in
from comity.model.records.flights import Flight, flight
from comity.model.records.rooms import Room, of_movement, of_operation
from comity.model.verdict import Refusal
from comity.model.volume import volume_problem
from comity.rules.case import Case, short
from comity.rules.movements import staffed_alike
from comity.rules.named import movement_of, operation_of

NO_ADDRESSES = ("000000", "ffffff")


def flown_soundly(case: Case) -> Refusal | None:
    """The volume can be read, and the means of identification can be somebody's; all else is for the answers."""
    act = case.act
    assert isinstance(act, FlightDeclare | FlightChange)
    problem = volume_problem(act.volume)
    if problem is not None:
        return case.refuse_drawn("flight", f"flight {act.flight}: its volume cannot be used: {problem}")
    if act.address in NO_ADDRESSES:
        return case.refuse(
            "flight", f"the address {act.address} is no aircraft's", "give the aircraft's own, or leave it out"
        )
    return None


def operator_is_own(case: Case) -> Refusal | None:
    """A flight is declared by its operator, or by the signatory who answers for him."""
    act = case.act
    assert isinstance(act, FlightDeclare | FlightChange)
    operator = case.terms.operator_by_id(act.operator)
    if act.operator == case.keeper.id or (operator is not None and operator.answerable == case.keeper.id):
        return None
    return case.refuse(
        "flight",
        f"{case.keeper.id} does not answer for operator {act.operator}",
        "name yourself or an operator that you answer for, or leave it to who answers for it",
    )


def flight_is_open(case: Case) -> Refusal | None:
    """What an act is about is a declared flight that is not closed."""
    record = _flight(case)
    if record is None:
        return case.refuse(
            "flight", "the declaration that it names is not in this entry's past", "wait for it, or name another"
        )
    if record.closed is None:
        return None
    return case.refuse("flight", f"flight {record.act.flight} is closed", "declare it anew if it flies")


def by_its_owner(case: Case) -> Refusal | None:
    """A flight is changed and closed by who declared it: nobody else knows where it is."""
    record = _flight(case)
    if record is not None and record.party == case.keeper.id:
        return None
    owner = record.party if record is not None else "its owner"
    return case.refuse("flight", f"the flight is {owner}'s, not {case.keeper.id}'s", f"leave it to {owner}")


def by_who_declared(case: Case) -> Refusal | None:
    """What the officer of one party declared at the centre, no officer of another changes or closes there."""
    record = _flight(case)
    assert record is not None, "flight_is_open comes first in the table"
    return staffed_alike(case, record.declaration, f"flight {record.act.flight}")


def window_is_over(case: Case) -> Refusal | None:
    """A flight is overdue from the end of its window on, or of the time that its word stands, and not before."""
    record = _flight(case)
    assert record is not None, "flight_is_open comes first in the table"
    if record.is_overdue(case.view, case.at_ms):
        return None
    if record.act.volume.window.until_ms == record.due_ms(case.view):
        problem, remedy = f"the window of flight {record.act.flight} has not ended", "wait for the end of its window"
    else:
        most_h = case.terms.number("flight_word_stands_h")
        problem = f"the word about flight {record.act.flight} stands for {most_h} h and is not as old"
        remedy = "wait until it is"
    return case.refuse("flight.overdue", problem, remedy)


def conflict_is_there(case: Case) -> Refusal | None:
    """What is answered is a flight and another thing in its room, both in the past."""
    if _named(case) is not None:
        return None
    act = case.act
    assert isinstance(act, ConflictAnswer)
    return case.refuse(
        "flight.conflict",
        f"{short(act.declaration)} is no flight in conflict with {short(act.other)} in this entry's past",
        "name a declared flight and what lies in its room",
    )


def answered_by_a_side(case: Case) -> Refusal | None:
    """The sides alone answer: whose the two things are; of an area every signatory, and of what is no signatory's."""
    conflict = _named(case)
    assert conflict is not None, "conflict_is_there comes first in the table"
    asked = answering(case.view, conflict)
    if case.keeper.id in asked:
        return None
    return case.refuse(
        "flight.conflict",
        f"{case.keeper.id} has neither of the two",
        f"leave the answer to {' and '.join(sorted(asked))}",
        22,
    )


def movement_conflicts_answered(case: Case) -> Refusal | None:
    """No clearance while a flight of another party conflicts with the movement and a signatory that is
    asked has not answered."""
    record = movement_of(case)
    assert record is not None, "request_is_there comes first in the table"
    return _unsettled(case, of_movement(record), f"movement {record.act.movement}")


def operation_conflicts_answered(case: Case) -> Refusal | None:
    """No consent, and no start, while a flight of another party conflicts with the operation and a signatory
    that is asked has not answered: what was settled when the consent was given may be disputed since."""
    record = operation_of(case)
    assert record is not None, "request_is_open comes first in the table"
    return _unsettled(case, of_operation(record), f"operation {record.act.operation}")


def _unsettled(case: Case, room: Room, what: str) -> Refusal | None:
    if case.terms.clause_for("flight.conflict") is None:
        return None
    for conflict in unsettled_in(case.view, room, case.at_ms):
        one = conflict.flight
        owed = " and ".join(sorted(barred_by(case.view, conflict, case.at_ms)))
        return case.refuse(
            "flight.conflict",
            f"flight {one.act.flight} of {one.party} ({short(one.id)}) conflicts with {what}, not settled by {owed}",
            "have the signatories concerned answer it alike, or change or close one of the two",
        )
    return None


def _flight(case: Case) -> Flight | None:
    declaration: str | None = getattr(case.act, "declaration", None)
    return flight(case.view, declaration) if declaration is not None else None


def _named(case: Case) -> Conflict | None:
    act = case.act
    assert isinstance(act, ConflictAnswer)
    return named(case.view, case.terms, act.declaration, act.other)
