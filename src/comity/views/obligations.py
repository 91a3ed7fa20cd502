"""Who owes whom what by when: every open thing has one line for each office that owes (law 29)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from comity.model.acts.alone import ActivityDeclare
from comity.model.acts.duty import Roster
from comity.model.acts.movements import (
    MovementAcknowledge,
    MovementAgree,
    MovementAlternative,
    MovementArrive,
    MovementConform,
    MovementReconcile,
)
from comity.model.acts.operations import (
    OperationAnswer,
    OperationConsent,
    OperationHarmAnswer,
    OperationQuery,
    OperationReport,
    OperationReview,
)
from comity.model.history import Taken, View
from comity.model.records.change import heads, participants, terms_to_judge_by
from comity.model.records.operations import Operation, withdrawal_of
from comity.views.agreement import agreement_standing, pending_changes
from comity.views.alone import activities, activity_fault, overlaps, seals
from comity.views.disputes import report_reviews, seal_reviews
from comity.views.duty import watches_not_handed_over
from comity.views.flights_owed import conflicts_owed, flights_owed
from comity.views.lines_owed import daily_lines_owed, lines_owed
from comity.views.movements import (
    UNANSWERED,
    UNCLEARED,
    MovementStanding,
    answered_by,
    asked_anew,
    finders,
    missing_units,
    movements,
)
from comity.views.operations import UNSTARTED, OperationStanding, consent_fault, givers, operations
from comity.views.owing import NO_CLAUSE, Ledger, Obligation
from comity.views.reviews import clearance_reviews, movement_reviews, overlap_reviews, request_reviews, start_reviews

CARRIED = "it has left and is not spoken to, comity carry brings its log"
AFTER_START = ("active", "lifted", "ended", "reported", "disputed", "reviewed")


def obligations(view: View, now_ms: int) -> list[Obligation]:
    """Every open obligation, the earliest due first, those without a time last; what no clause asks nobody owes.

    Who has left the terms signs restraints alone (law 15): it owes the end of what it began, which no office fetches.
    """
    terms = terms_to_judge_by(view)
    ledger = Ledger(view, terms, now_ms)
    bound = participants(view)
    owed = [each for chapter in CHAPTERS for each in chapter(ledger) if each.debtor in bound]
    ends = [each for chapter in ENDS for each in chapter(ledger)]
    owed += [each if each.debtor in bound else replace(each, what=f"{each.what}; {CARRIED}") for each in ends]
    found = [each for each in owed if each.clause != NO_CLAUSE]
    return sorted(found, key=lambda each: (each.due_ms is None, each.due_ms or 0, each.debtor, each.what, each.about))


def votes_owed(ledger: Ledger) -> Iterator[Obligation]:
    """What waits for votes waits for each missing one: however much is proposed about a thing, one vote settles it."""
    first: dict[tuple[str, str], Obligation] = {}
    for pending in pending_changes(ledger.view):
        for party in pending.missing:
            owed = ledger.owed(party, f"vote on {pending.thing}", pending.since, "amend_within_d")
            known = first.get((party, pending.thing))
            if known is None or (owed.due_ms is not None and (known.due_ms is None or owed.due_ms < known.due_ms)):
                first[party, pending.thing] = replace(owed, about=pending.proposal.entry.id)
    yield from first.values()


def forks_owed(ledger: Ledger) -> Iterator[Obligation]:
    """A fork waits for a joint change that names it."""
    for origin in agreement_standing(ledger.view).forked:
        for party in ledger.terms.signatories:
            yield Obligation(party, "all", f"agree on terms that end the fork of {origin}", origin, "law 4", None)


def operations_owed(ledger: Ledger) -> Iterator[Obligation]:
    """Answers before the start; report, harm answer and review after it."""
    for standing in operations(ledger.view, ledger.now_ms):
        yield from request_reviews(ledger, standing)
        if standing.status in UNSTARTED:
            yield from _answers_owed(ledger, standing)
        if standing.status in ("proposed", "queried", "withdrawn"):
            yield from _queries_owed(ledger, standing)
        elif standing.status in AFTER_START:
            yield from _after_start_owed(ledger, standing)


def movements_owed(ledger: Ledger) -> Iterator[Obligation]:
    """Acknowledgement, answer, dissemination before the clearance; arrival and findings after it."""
    for standing in movements(ledger.view, ledger.now_ms):
        yield from movement_reviews(ledger, standing)
        yield from clearance_reviews(ledger, standing)
        yield from _before_clearance_owed(ledger, standing)
        yield from _after_clearance_owed(ledger, standing)


def seals_owed(ledger: Ledger) -> Iterator[Obligation]:
    """A seal is opened by its owner, then reviewed by the others, and settled by who contests it."""
    for standing in seals(ledger.view, ledger.terms):
        if standing.status == "sealed":
            yield ledger.owed(standing.party, "open the seal", standing.seal, "reveal_within_h")
        if standing.status in ("opened", "questioned", "contested"):
            yield from seal_reviews(ledger, standing)


def overlaps_owed(ledger: Ledger) -> Iterator[Obligation]:
    """An overlap is acknowledged by those whom it concerns, in the time that runs when they know of both things."""
    for overlap in overlaps(ledger.view):
        for party in overlap.missing:
            what = f"acknowledge the overlap with {overlap.other.entry.header.act} {overlap.other.entry.id[:8]}"
            yield ledger.owed_knowing_all(party, what, (overlap.activity, overlap.other), "activity_notice_h")


def starts_owed(ledger: Ledger) -> Iterator[Obligation]:
    """What is under way is ended by its party when its window is over."""
    for standing in operations(ledger.view, ledger.now_ms):
        record, due_ms = standing.record, standing.record.volume.window.until_ms
        if standing.status == "active" and due_ms is not None:
            start, clause = record.starts[0], ledger.clause("report_within_h")
            what = f"sign the end of operation {record.act.operation}"
            yield Obligation(record.act.executing, "all", what, start.entry.id, clause, due_ms)


def activities_owed(ledger: Ledger) -> Iterator[Obligation]:
    """An activity whose group is no longer left to each is ended by its party, from when that was agreed."""
    for taken in activities(ledger.view):
        act = taken.entry.act
        assert isinstance(act, ActivityDeclare)
        if activity_fault(ledger.view, taken) is not None:
            changes = [vote for change in heads(ledger.view, f"group/{act.group}") for vote in change.votes]
            changes = changes or [vote for change in heads(ledger.view, "terms") for vote in change.votes]
            since = max(changes, key=lambda vote: vote.order)
            yield ledger.owed(ledger.party(taken), f"end activity {act.activity}", since, "activity_notice_h")


def handovers_owed(ledger: Ledger) -> Iterator[Obligation]:
    """A watch that has begun by the roster is handed over by two signatures."""
    within_ms = ledger.terms.span_ms("handover_within_min")
    for missed in watches_not_handed_over(ledger.view, ledger.now_ms):
        roster, act = missed.roster, missed.roster.entry.act
        assert isinstance(act, Roster)
        what, clause = f"hand over the watch of seat {act.seat}", ledger.clause("handover_within_min")
        what += ": one that is over was not" if missed.is_over else ""
        yield Obligation(ledger.party(roster), "all", what, roster.entry.id, clause, act.from_ms + within_ms)


def _answers_owed(ledger: Ledger, standing: OperationStanding) -> Iterator[Obligation]:
    """Each giver answers; anew, while there is time for it, when no start can rest on his consent any more."""
    record, thing = standing.record, standing.record.request
    name, until_ms = record.act.operation, record.volume.window.until_ms
    is_past = until_ms is not None and ledger.now_ms >= until_ms
    for party in sorted(givers(ledger.view, record)):
        consent = standing.consents.get(party)
        if consent is None:
            yield ledger.owed(party, f"answer operation {name}", thing, "operation_answer_within_h", record.proposer)
        elif not is_past and consent_fault(ledger.view, record, consent, ledger.now_ms) is not None:
            yield _answer_anew_owed(ledger, record, consent)


def _answer_anew_owed(ledger: Ledger, record: Operation, consent: Taken) -> Obligation:
    """His time runs from the withdrawal or the lapse, if it was one of these, else from his consent."""
    what, act = f"answer operation {record.act.operation} anew", consent.entry.act
    assert isinstance(act, OperationConsent)
    since = withdrawal_of(ledger.view, consent) or consent
    owed = ledger.owed(ledger.party(consent), what, since, "operation_answer_within_h", record.proposer)
    if since is consent and ledger.now_ms > act.expires_ms and owed.due_ms is not None:
        return replace(owed, due_ms=owed.due_ms - consent.entry.at_ms + act.expires_ms)
    return owed


def _queries_owed(ledger: Ledger, standing: OperationStanding) -> Iterator[Obligation]:
    record, name = standing.record, standing.record.act.operation
    answered = {
        taken.entry.act.query for taken in record.of(OperationAnswer) if isinstance(taken.entry.act, OperationAnswer)
    }
    for query in record.of(OperationQuery):
        if query.entry.id not in answered:
            what = f"answer the query on operation {name}"
            yield ledger.owed(record.proposer, what, query, "query_within_h", ledger.party(query))


def _after_start_owed(ledger: Ledger, standing: OperationStanding) -> Iterator[Obligation]:
    record = standing.record
    name, executing = record.act.operation, record.act.executing
    yield from start_reviews(ledger, standing)
    if standing.status == "ended":
        end = next(taken for taken in record.acts if taken.entry.header.act == "operation.end")
        yield ledger.owed(executing, f"report on operation {name}", end, "report_within_h")
    if standing.status in ("reported", "disputed"):
        yield from report_reviews(ledger, standing)
    yield from _harm_owed(ledger, standing)


def _harm_owed(ledger: Ledger, standing: OperationStanding) -> Iterator[Obligation]:
    record = standing.record
    for taken in record.of(OperationReport):
        act = taken.entry.act
        if not isinstance(act, OperationReport) or act.harm == "not-known":
            continue
        accepted = any(
            isinstance(review.entry.act, OperationReview) and review.entry.act.finding == "harm-answer-accepted"
            for review in record.acts
        )
        if not accepted:
            what = f"answer for harm that is {act.harm} in operation {record.act.operation}"
            if any(isinstance(each.entry.act, OperationHarmAnswer) for each in record.acts):
                what += " (answered, not yet accepted)"
            yield ledger.owed(record.act.executing, what, taken, "report_within_h")


def _before_clearance_owed(ledger: Ledger, standing: MovementStanding) -> Iterator[Obligation]:
    record, thing, requester = standing.record, standing.record.request, standing.record.requester
    name = record.act.movement
    if standing.status == "denied":
        yield ledger.owed(requester, f"cancel or change movement {name}", thing, "answer_within_h")
    if standing.status == "alternative offered":
        offer = max(record.by(ledger.view, MovementAlternative).values(), key=lambda taken: taken.order)
        what = f"accept what is offered for movement {name}, or cancel it"
        yield ledger.owed(requester, what, offer, "answer_within_h", ledger.party(offer))
    if standing.status in (*UNCLEARED, "emergency"):
        acknowledged = record.by(ledger.view, MovementAcknowledge)
        for party in _others(ledger, requester):
            if party not in acknowledged:
                yield ledger.owed(party, f"acknowledge movement {name}", thing, "acknowledge_within_min", requester)
    if standing.status in UNANSWERED:
        answered = answered_by(ledger.view, record)
        for party in _others(ledger, requester):
            if party not in answered:
                asked = asked_anew(record) or thing
                yield ledger.owed(party, f"answer movement {name}", asked, "answer_within_h", requester)
    if standing.status == "agreed":
        untold = missing_units(ledger.terms, record)
        permitted = max(record.by(ledger.view, MovementAgree).values(), key=lambda taken: taken.order)
        for unit in ledger.terms.unit:
            if unit.id in untold:
                what = f"tell {unit.id} of movement {name}"
                yield ledger.owed(unit.participant, what, permitted, "dissemination_within_min", requester)


def _after_clearance_owed(ledger: Ledger, standing: MovementStanding) -> Iterator[Obligation]:
    record, thing, requester = standing.record, standing.record.request, standing.record.requester
    name, until_ms = record.act.movement, record.volume.window.until_ms
    if record.under_way and until_ms is not None:
        what, clause = f"sign the arrival of movement {name}", ledger.clause("permit_max_h")
        yield Obligation(requester, "all", what, thing.entry.id, clause, until_ms)
    if record.emergency and not record.has(MovementReconcile):
        yield ledger.owed(requester, f"reconcile movement {name}", thing, "reconcile_within_h")
    arrived = [taken for taken in record.acts if isinstance(taken.entry.act, MovementArrive)]
    found = record.by(ledger.view, MovementConform)
    for party in sorted(finders(ledger.view, record)) if arrived else ():
        if party not in found:
            what = f"find whether movement {name} conformed"
            yield ledger.owed(party, what, arrived[0], "conformance_within_d", requester)


def _others(ledger: Ledger, party: str) -> list[str]:
    return [each for each in ledger.terms.signatories if each != party]


CHAPTERS: tuple[Callable[[Ledger], Iterator[Obligation]], ...] = (
    votes_owed,
    forks_owed,
    operations_owed,
    movements_owed,
    seals_owed,
    overlaps_owed,
    overlap_reviews,
    flights_owed,
    conflicts_owed,
    lines_owed,
    daily_lines_owed,
    handovers_owed,
)
ENDS: tuple[Callable[[Ledger], Iterator[Obligation]], ...] = (starts_owed, activities_owed)
