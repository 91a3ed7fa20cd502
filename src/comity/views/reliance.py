"""What a permission rests on besides its own signature: the acts of others that its rules asked for (laws 20, 25, 33).

What it rests on lies in its own past and never changes. That a key was in other hands is found out later: it counts in
every view that holds the statement, so what is found here only grows (law 32).
"""

from __future__ import annotations

from collections.abc import Iterator

from comity.model.acts.keys import Compromised
from comity.model.acts.movements import MovementAgree, MovementClear
from comity.model.acts.operations import OperationStart
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.authorisations import granted_by
from comity.model.records.change import terms_to_judge_by
from comity.model.records.conflicts import answers, awaited, conflicts_in
from comity.model.records.movements import movement
from comity.model.records.officers import compromised_since, declares_compromised
from comity.model.records.operations import Operation, confirmations, operation
from comity.model.records.presence import officers_entries, working_checks
from comity.model.records.rooms import Room, of_movement, of_operation

Group = tuple[Taken, ...]
"""Acts of which any one would do; a permission rests on each of its groups."""


def relied_on(view: View, taken: Taken) -> Iterator[Group]:
    """What an admitted permission rests on, in its past; nothing for acts that rest on nobody else's."""
    past = view.history.past(taken)
    if isinstance(taken.entry.act, OperationStart):
        yield from _of_start(past, taken, taken.entry.act)
    elif isinstance(taken.entry.act, MovementClear):
        yield from _of_clearance(past, taken, taken.entry.act)


def leased_from(view: View, start: Taken) -> frozenset[str]:
    """The participants whose consent or authorisation a start rests on: a step of their clocks ends it (law 28)."""
    act, past = start.entry.act, view.history.past(start)
    assert isinstance(act, OperationStart)
    return frozenset(party_of(each.entry.origin) for each in _leases(past, act))


def in_other_hands(view: View, taken: Taken) -> list[Taken]:
    """The statements that a key was in other hands which take away something that a permission rests on."""
    statements = [each for each in view.about("keys") if isinstance(each.entry.act, Compromised)]
    if not statements:
        return []
    lost = [
        each
        for group in relied_on(view, taken)
        if all(compromised_since(view, each) for each in group)
        for each in group
    ]
    return [said for said in statements if any(declares_compromised(view, said, each) for each in lost)]


def _of_start(past: View, start: Taken, act: OperationStart) -> Iterator[Group]:
    yield from ((each,) for each in _leases(past, act))
    record, terms, at_ms = _asked_for(past, act), terms_to_judge_by(past), start.entry.at_ms
    for consent in _cited(past, act):
        yield from _answered(past.history.past(consent), of_operation(record), consent.entry.at_ms)
    if terms.clause_for("operation.confirmation") is not None:
        since_ms = at_ms - terms.span_ms("confirm_within_min")
        yield from (tuple(confirmations(record, each, since_ms)) for each in _cited(past, act))
    seen_ms, checked_ms = (at_ms - terms.span_ms(each) for each in ("giver_seen_within_min", "line_check_within_min"))
    for party in terms.signatories:
        if party != record.act.executing:
            yield tuple(officers_entries(past, party, seen_ms))
            yield tuple(working_checks(past, party, record.act.executing, checked_ms))


def _leases(past: View, act: OperationStart) -> Iterator[Taken]:
    yield from _cited(past, act)
    authorisation = _asked_for(past, act).act.authorisation
    if authorisation is not None:
        given = (granted_by(past, authorisation, party) for party in terms_to_judge_by(past).signatories)
        yield from (each for each in given if each is not None)


def _cited(past: View, act: OperationStart) -> list[Taken]:
    return [each for each in (past.find(name) for name in act.consents) if each is not None]


def _asked_for(past: View, act: OperationStart) -> Operation:
    record = operation(past, act.request)
    assert record is not None, "an admitted start's request is in its past"
    return record


def _of_clearance(past: View, clear: Taken, act: MovementClear) -> Iterator[Group]:
    record = movement(past, act.request)
    assert record is not None, "an admitted clearance's request is in its past"
    agreements = record.by(past, MovementAgree)
    yield from ((agreements[party],) for party in sorted(record.agreed_by(past)))
    yield from _answered(past, of_movement(record), clear.entry.at_ms)


def _answered(past: View, room: Room, at_ms: int) -> Iterator[Group]:
    """The answers of signatories that settled the conflicts of flights with a room; it waited for no others'."""
    for each in conflicts_in(past, room, at_ms):
        given = answers(past, each, at_ms)
        yield from ((given[party],) for party in sorted(awaited(past, each) & given.keys()))
