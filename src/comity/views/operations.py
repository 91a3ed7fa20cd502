"""Operations as they stand now: status, what is missing, and why a consent does not count (laws 16, 18, 25, 26)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts.agreement import Vote
from comity.model.acts.operations import (
    OperationConfirm,
    OperationConsent,
    OperationReport,
    OperationReview,
)
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import terms_to_judge_by
from comity.model.records.drift import uncovered_fact
from comity.model.records.movements import movements_barring
from comity.model.records.operations import Operation, lease_fault, operation
from comity.model.records.restraints import holds_on, suspensions
from comity.views.crossing import circumstances
from comity.views.flags import evidence, flags
from comity.views.life import Event, status

HOLDING = frozenset({"concurrent", "late", "early", "forked", "compromised"})
CAUSES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class OperationStanding:
    """An operation now. `conditions` are sentences that a duty officer must read before anything else.

    `unreviewed` names the parties whose review a flagged start waits for: until then it is held.
    """

    record: Operation
    status: str
    conditions: tuple[str, ...]
    flags: frozenset[str]
    consents: dict[str, Taken]
    unreviewed: tuple[str, ...] = ()


def operations(view: View, now_ms: int) -> list[OperationStanding]:
    """Every operation in the view, in the order for people."""
    found = []
    for taken in view.about("operations"):
        record = operation(view, taken.entry.id)
        if record is not None:
            found.append(operation_standing(view, record, now_ms))
    return found


def operation_standing(view: View, record: Operation, now_ms: int) -> OperationStanding:
    """One operation now."""
    consents = newest_consents(view, record)
    now = status(view, "operation", _events(view, record))
    raised = frozenset[str]().union(*(flags(view, start) for start in record.starts))
    unreviewed = tuple(_unreviewed(view, record)) if raised & HOLDING else ()
    held = _held(view, record, raised) if unreviewed else ()
    conditions = (*held, *_conditions(view, record, consents, now, now_ms))
    return OperationStanding(record, now, conditions, raised, consents, unreviewed)


def givers(view: View, record: Operation) -> frozenset[str]:
    """The signatories whose consent the request needs."""
    terms = terms_to_judge_by(view)
    return frozenset(terms.signatories) - {record.act.executing}


def newest_consents(view: View, record: Operation) -> dict[str, Taken]:
    """The newest consent of each giver, live or not."""
    return {party_of(taken.entry.origin): taken for taken in record.of(OperationConsent)}


def _events(view: View, record: Operation) -> Iterator[Event]:
    needed = givers(view, record)
    consented: set[str] = set()
    confirmed: set[str] = set()
    accepted: set[str] = set()
    for taken in record.acts:
        act, party = taken.entry.act, party_of(taken.entry.origin)
        name = taken.entry.header.act
        if name == "operation.withdraw":
            consented.discard(party)
            confirmed.discard(party)
        if isinstance(act, OperationConsent):
            consented.add(party)
            name = "all consented" if needed <= consented else name
        elif isinstance(act, OperationConfirm):
            confirmed.add(party)
            name = "all confirmed" if needed <= confirmed else name
        elif isinstance(act, OperationReview):
            accepted.discard(party)
            if act.finding == "accepted":
                accepted.add(party)
            name = "disputed" if act.finding == "disputed" else "all reviewed" if needed <= accepted else name
        yield Event(name, taken)


def _unreviewed(view: View, record: Operation) -> Iterator[str]:
    """The givers who have not reviewed the start knowing what flags it: a flag that came later is looked at anew."""
    raised = {start.entry.id: (flags(view, start) & HOLDING, evidence(view, start)) for start in record.starts}
    for party in sorted(givers(view, record)):
        reviews = (each for each in record.of(OperationReview) if party_of(each.entry.origin) == party)
        pasts = [view.history.past(each) for each in reviews]
        for start in record.starts:
            words, acts = raised[start.entry.id]
            if not any(words <= flags(past, start) and all(past.holds(each) for each in acts) for past in pasts):
                yield party
                break


def _held(view: View, record: Operation, raised: frozenset[str]) -> Iterator[str]:
    acts = {each.entry.id: each for start in record.starts for each in evidence(view, start)}
    said = [_cause(each) for each in acts.values()]
    said += [words for start in record.starts for words in circumstances(view, start)]
    by = [*dict.fromkeys(said)]
    listed = "; ".join(by[:CAUSES_SHOWN]) + (f"; {len(by) - CAUSES_SHOWN} more" if len(by) > CAUSES_SHOWN else "")
    because = f" ({listed})" if listed else ""
    yield f"held, under review: its start is {', '.join(sorted(raised & HOLDING))}{because}"


def _cause(taken: Taken) -> str:
    act = taken.entry.act
    on = f" on {act.thing}" if isinstance(act, Vote) else ""
    return f"{taken.entry.header.act} of {party_of(taken.entry.origin)}{on}"


def _conditions(view: View, record: Operation, consents: dict[str, Taken], now: str, now_ms: int) -> Iterator[str]:
    for hold in holds_on(view, record.request.entry.id, record.volume, now_ms):
        yield f"held by {party_of(hold.entry.origin)}"
    if now in ("agreed", "ready"):
        for party, consent in sorted(consents.items()):
            yield from _consent_conditions(view, record, party, consent, now_ms)
        for movement in movements_barring(view, record.volume):
            yield f"barred by movement {movement.act.movement} of {movement.requester}"
    if suspensions(view) and now not in ("ended", "reported", "reviewed", "disputed"):
        yield "permissions are stopped by a suspension or withdrawal"
    if now == "active" and record.volume.window.until_ms is not None and now_ms >= record.volume.window.until_ms:
        yield f"overdue: {record.act.executing} has not signed its end"
    for taken in record.of(OperationReport):
        if isinstance(taken.entry.act, OperationReport) and taken.entry.act.harm != "not-known":
            answered = ", the answer is accepted" if _harm_is_answered(record) else ""
            yield f"harm to civilians or protected places {taken.entry.act.harm}{answered}"


def _harm_is_answered(record: Operation) -> bool:
    reviews = (taken.entry.act for taken in record.of(OperationReview))
    return any(isinstance(each, OperationReview) and each.finding == "harm-answer-accepted" for each in reviews)


def _consent_conditions(view: View, record: Operation, party: str, consent: Taken, now_ms: int) -> Iterator[str]:
    fault = lease_fault(view, consent, now_ms)
    if fault is not None:
        yield f"suspended: the consent of {party} {fault}"
        return
    fact = uncovered_fact(view, record, consent)
    if fact is not None:
        yield f"suspended: the consent of {party} does not cover {fact}"
