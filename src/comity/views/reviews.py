"""Reviews that nobody need ask for: what was flagged is looked at by somebody named (laws 16, 18, 21, 33).

A review that had not seen what flags a thing leaves the thing open: the flag came later, and is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from comity.model.acts.alone import ActivityAcknowledge
from comity.model.acts.movements import (
    MovementAcknowledge,
    MovementAgree,
    MovementAlternative,
    MovementArrive,
    MovementCancel,
    MovementClear,
    MovementConform,
    MovementDeny,
)
from comity.model.acts.operations import OperationConfirm, OperationConsent
from comity.model.history import Taken, View
from comity.views.alone import activities
from comity.views.flags import evidence
from comity.views.movements import MovementStanding, clearance_doubted_by, clearance_of
from comity.views.operations import OperationStanding
from comity.views.owing import Ledger, Obligation

LOOKS = (MovementAcknowledge, MovementAgree, MovementDeny, MovementAlternative, MovementConform)


def start_reviews(ledger: Ledger, standing: OperationStanding) -> Iterator[Obligation]:
    """A flagged start is reviewed by every giver; his time runs from when he had both the start and what flags it."""
    record = standing.record
    what = f"review the start of operation {record.act.operation}"
    for start in record.starts:
        for party in standing.unreviewed:
            things = (start, *evidence(ledger.view, start)[:1])
            owed = (ledger.owed(party, what, each, "review_within_d", record.act.executing) for each in things)
            last = max(owed, key=lambda each: (each.due_ms is None, each.due_ms or 0))
            yield Obligation(party, last.creditor, what, start.entry.id, last.clause, last.due_ms, last.delivered)


def request_reviews(ledger: Ledger, standing: OperationStanding) -> Iterator[Obligation]:
    """A request whose area was dissolved beside it, or beside a consent to it, goes back to who made it."""
    record = standing.record
    if record.starts or record.closed is not None:
        return
    relying = (record.request, *record.of(OperationConsent), *record.of(OperationConfirm))
    if _dissolved(ledger.view, relying):
        what = f"review operation {record.act.operation}: area {record.act.area} was dissolved meanwhile"
        yield ledger.owed(record.proposer, what, record.request, "operation_answer_within_h")


def movement_reviews(ledger: Ledger, standing: MovementStanding) -> Iterator[Obligation]:
    """A movement whose area was dissolved beside it keeps its protection, and the others look at it (law 21): whoever
    acknowledges or answers it knowing that, or finds on it once it has arrived, has looked."""
    record = standing.record
    if record.has(MovementCancel):
        return
    steps = (each for each in record.acts if isinstance(each.entry.act, MovementAgree | MovementClear))
    dissolved = _dissolved(ledger.view, (record.request, *steps))
    knowing = [each for each in record.acts if isinstance(each.entry.act, LOOKS)] if dissolved else []
    looked = {ledger.party(each) for each in knowing if _had_seen(ledger.view, each, dissolved)}
    found, has_arrived = record.by(ledger.view, MovementConform), record.has(MovementArrive)
    for party in ledger.terms.signatories if dissolved else ():
        finds_anyway = has_arrived and party not in found
        if party != record.requester and not finds_anyway and party not in looked:
            how = "find on it" if has_arrived else "acknowledge it"
            what = f"review movement {record.act.movement}: its area was dissolved meanwhile; {how} knowing that"
            things = (record.request, dissolved[-1])
            yield ledger.owed_knowing_all(party, what, things, "conformance_within_d", record.requester)


def clearance_reviews(ledger: Ledger, standing: MovementStanding) -> Iterator[Obligation]:
    """A clearance in doubt is reviewed by all others; their time runs from when they had it, what puts it in doubt, and
    the arrival.

    The review is their finding on the movement, which is refused before it has arrived: until then the clearance is
    shown as held, and the review has no time.
    """
    record, clear = standing.record, clearance_of(standing.record)
    if clear is None:
        return
    arrived = [each for each in record.acts if isinstance(each.entry.act, MovementArrive)]
    things = (clear, *clearance_doubted_by(ledger.view, clear)[:1], *arrived[:1])
    for party in standing.unreviewed:
        what = f"review the clearance of movement {record.act.movement}"
        owed = ledger.owed_knowing_all(party, what, things, "conformance_within_d", record.requester)
        yield owed if arrived else replace(owed, due_ms=None, delivered=True)


def overlap_reviews(ledger: Ledger) -> Iterator[Obligation]:
    """An overlap with an area that was dissolved beside its acknowledgement is acknowledged again."""
    for activity in activities(ledger.view):
        acts = ledger.view.about(f"activity/{activity.entry.id}")
        acknowledged = [each for each in acts if isinstance(each.entry.act, ActivityAcknowledge)]
        for taken in acknowledged:
            dissolved = _dissolved(ledger.view, (taken,))
            again = (each for each in acknowledged if each.entry.act == taken.entry.act)
            again = (each for each in again if ledger.party(each) == ledger.party(taken))
            if dissolved and not any(_had_seen(ledger.view, each, dissolved) for each in again):
                what = "acknowledge the overlap again: its area was dissolved meanwhile"
                yield ledger.owed(ledger.party(taken), what, taken, "activity_notice_h")


def _dissolved(view: View, relying: Iterable[Taken]) -> list[Taken]:
    """The votes that dissolved an area beside one of the entries."""
    return [vote for each in relying for vote in evidence(view, each) if vote.entry.header.act == "change.vote"]


def _had_seen(view: View, taken: Taken, things: Iterable[Taken]) -> bool:
    past = view.history.past(taken)
    return all(past.holds(each) for each in things)
