"""Operations as they stand now: status, what is missing, and why a consent does not count (laws 16, 18, 25, 26).

What is agreed or ready is so with what the judge would refuse a start for, asked now: without such a condition a start
within the window would be admitted, and with one it would be refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts.operations import (
    OperationConfirm,
    OperationConsent,
    OperationReport,
    OperationReview,
    OperationStart,
    OperationWithdraw,
)
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import terms_to_name
from comity.model.records.drift import uncovered_fact
from comity.model.records.movements import movements_barring
from comity.model.records.operations import Operation, lease_fault, newest_at, operation, withdrawal_of
from comity.model.records.restraints import holds_on, suspensions
from comity.model.records.rooms import of_operation
from comity.model.volume import Volume, Window
from comity.rules.starts import window_is_open
from comity.views.asking import forbidden
from comity.views.crossing import circumstances
from comity.views.flags import evidence, flags
from comity.views.held import HOLDING, held_text
from comity.views.life import Event, status
from comity.views.unsettling import unsettled_text
from comity.views.whose import bound_by, still_bound

AGREED = ("agreed", "ready")
UNSTARTED = ("proposed", "queried", "withdrawn", *AGREED)


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
    """Every operation in the view, in the order for people; worked out once for a view and a moment."""
    return view.once(("operations", now_ms), lambda: _operations(view, now_ms))


def _operations(view: View, now_ms: int) -> list[OperationStanding]:
    found = []
    for taken in view.about("operations"):
        record = operation(view, taken.entry.id)
        if record is not None:
            found.append(operation_standing(view, record, now_ms))
    return found


def operation_standing(view: View, record: Operation, now_ms: int) -> OperationStanding:
    """One operation now."""
    consents = newest_consents(view, record, now_ms)
    now = status(view, "operation", _events(view, record))
    raised = frozenset[str]().union(*(flags(view, start) for start in record.starts))
    unreviewed = tuple(_unreviewed(view, record)) if raised & HOLDING else ()
    held = (_held(view, record, raised),) if unreviewed else ()
    conditions = (*held, *_conditions(view, record, consents, now, now_ms))
    return OperationStanding(record, now, conditions, raised, consents, unreviewed)


def givers(view: View, record: Operation) -> frozenset[str]:
    """The signatories whose consent the request needs: under the terms of its start, before that under those of now."""
    return bound_by(view, _settled_by(record)) - {record.act.executing}


def reviewers(view: View, record: Operation) -> frozenset[str]:
    """The givers who can still review it."""
    return still_bound(view, _settled_by(record)) - {record.act.executing}


def newest_consents(view: View, record: Operation, now_ms: int) -> dict[str, Taken]:
    """The newest consent of each giver, live or not: one on which a start can rest before one on which none can, and
    one that he has not withdrawn before one that he has."""

    def rank(consent: Taken) -> tuple[bool, bool]:
        return consent_fault(view, record, consent, now_ms) is None, withdrawal_of(view, consent) is None

    return {party_of(taken.entry.origin): taken for taken in sorted(record.of(OperationConsent), key=rank)}


def standing_consents(view: View, record: Operation, party: str, now_ms: int) -> list[Taken]:
    """The consents of a giver that he has not withdrawn and whose lease is not over: a start may cite any of them."""
    given = (taken for taken in record.of(OperationConsent) if party_of(taken.entry.origin) == party)
    latest_ms = max(now_ms, newest_at(view, party))
    running = (taken for taken in given if getattr(taken.entry.act, "expires_ms", 0) >= latest_ms)
    return [taken for taken in running if withdrawal_of(view, taken) is None]


def consent_fault(view: View, record: Operation, consent: Taken, now_ms: int) -> str | None:
    """Why no start can rest on a consent now, or None."""
    if consent.entry.header.terms != terms_to_name(view):
        return "was given under other terms"
    fault = lease_fault(view, consent, now_ms)
    if fault is not None:
        return fault
    fact = uncovered_fact(view, record, consent, now_ms)
    return None if fact is None else f"does not cover {fact}"


def _settled_by(record: Operation) -> Taken | None:
    return record.starts[0] if record.starts else None


def _events(view: View, record: Operation) -> Iterator[Event]:
    needed, reviewing = givers(view, record), reviewers(view, record)
    consented: dict[str, set[str]] = defaultdict(set)
    withdrawn: set[str] = set()
    confirmed: set[str] = set()
    accepted: set[str] = set()
    for taken in record.acts:
        act, party = taken.entry.act, party_of(taken.entry.origin)
        name = taken.entry.header.act
        if isinstance(act, OperationWithdraw):
            consented[party].discard(act.consent)
            if consented[party] or party not in needed:
                continue
            withdrawn.add(party)
            confirmed.discard(party)
        elif isinstance(act, OperationConsent):
            consented[party].add(taken.entry.id)
            withdrawn.discard(party)
            all_consented = all(consented[each] for each in needed)
            name = "all consented" if all_consented else name if withdrawn else "consented anew"
        elif isinstance(act, OperationConfirm):
            confirmed.add(party)
            name = "all confirmed" if needed <= confirmed else name
        elif isinstance(act, OperationReview):
            accepted.discard(party)
            if act.finding == "accepted":
                accepted.add(party)
            name = "disputed" if act.finding == "disputed" else "all reviewed" if reviewing <= accepted else name
        yield Event(name, taken)
    if record.lifted:
        yield Event("start lifted", record.starts[-1])


def _unreviewed(view: View, record: Operation) -> Iterator[str]:
    """The reviewers who have not reviewed the start knowing what flags it: a flag that came later is looked at anew."""
    raised = {start.entry.id: (flags(view, start) & HOLDING, evidence(view, start)) for start in record.starts}
    for party in sorted(reviewers(view, record)):
        reviews = (each for each in record.of(OperationReview) if party_of(each.entry.origin) == party)
        pasts = [view.history.past(each) for each in reviews]
        for start in record.starts:
            words, acts = raised[start.entry.id]
            if not any(words <= flags(past, start) and all(past.holds(each) for each in acts) for past in pasts):
                yield party
                break


def _held(view: View, record: Operation, raised: frozenset[str]) -> str:
    acts = {each.entry.id: each for start in record.starts for each in evidence(view, start)}
    nobodys = [words for start in record.starts for words in circumstances(view, start)]
    return held_text("start", raised & HOLDING, acts.values(), nobodys)


def _conditions(view: View, record: Operation, consents: dict[str, Taken], now: str, now_ms: int) -> Iterator[str]:
    until_ms = record.volume.window.until_ms
    is_past = until_ms is not None and now_ms >= until_ms
    if now in UNSTARTED and is_past:
        yield "its window has passed without a start"
    elif now in AGREED:
        start = OperationStart(request=record.request.entry.id, consents=_cited(view, record, consents))
        problem = forbidden(view, record.act.executing, start, now_ms, apart=window_is_open)
        if problem is not None:
            yield f"may not start: {problem}"
    else:
        for hold in holds_on(view, record.request.entry.id, record.volume, now_ms):
            yield f"held by {party_of(hold.entry.origin)}"
        if suspensions(view) and now not in ("ended", "reported", "reviewed", "disputed"):
            yield "permissions are stopped by a suspension or withdrawal"
    if now == "active":
        yield from _emergencies_text(view, record, now_ms)
        yield from unsettled_text(view, of_operation(record), now_ms)
    if now == "lifted":
        yield f"every signatory has lifted its start, {record.act.executing} has not signed its end"
    if now == "active" and is_past:
        yield f"overdue: {record.act.executing} has not signed its end"
    for taken in record.of(OperationReport):
        if isinstance(taken.entry.act, OperationReport) and taken.entry.act.harm != "not-known":
            answered = ", the answer is accepted" if _harm_is_answered(record) else ""
            yield f"harm to civilians or protected places {taken.entry.act.harm}{answered}"


def _emergencies_text(view: View, record: Operation, now_ms: int) -> Iterator[str]:
    """An emergency does not wait for the end of an operation: its people stop (law 20)."""
    asked = record.volume
    until_ms = None if asked.window.until_ms is None else max(asked.window.until_ms, now_ms + 1)
    held = Volume(asked.ring, asked.band, Window(from_ms=asked.window.from_ms, until_ms=until_ms))
    for each in movements_barring(view, held):
        if each.emergency:
            yield f"STOP: emergency movement {each.act.movement} of {each.requester} is in its volume"


def _cited(view: View, record: Operation, consents: dict[str, Taken]) -> tuple[str, ...]:
    return tuple(consents[party].entry.id for party in sorted(givers(view, record) & consents.keys()))


def _harm_is_answered(record: Operation) -> bool:
    reviews = (taken.entry.act for taken in record.of(OperationReview))
    return any(isinstance(each, OperationReview) and each.finding == "harm-answer-accepted" for each in reviews)
