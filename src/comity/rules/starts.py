"""Rules of the start: what must stand in its past, and what must not (laws 17-20, 25)."""

from __future__ import annotations

from comity.model.acts.operations import OperationConsent, OperationStart
from comity.model.geometry import rooms_meet
from comity.model.history import Taken
from comity.model.records.change import log_under
from comity.model.records.drift import uncovered_fact
from comity.model.records.movements import movements_barring
from comity.model.records.officers import compromised_since
from comity.model.records.operations import (
    Operation,
    confirmations,
    is_bar_over,
    lease_fault,
    operation,
)
from comity.model.records.presence import line_works_since, officer_signed_since
from comity.model.verdict import Refusal
from comity.model.volume import Volume, Window
from comity.rules.case import Case, short
from comity.rules.named import operation_of


def executing_party_starts(case: Case) -> Refusal | None:
    """A start comes from the executing party's log only (law 17)."""
    executing = _record(case).act.executing
    if case.keeper.id == executing:
        return None
    return case.refuse(
        "operation.executing",
        f"{executing} executes this operation, not {case.keeper.id}",
        "leave the start to the executing party",
        17,
    )


def window_is_open(case: Case) -> Refusal | None:
    """A start lies within the window of the request."""
    window = _record(case).volume.window
    if window.from_ms <= case.at_ms and (window.until_ms is None or case.at_ms < window.until_ms):
        return None
    return case.refuse("operation.start", "the window of the operation is not open", "start within its window")


def consents_are_cited_and_live(case: Case) -> Refusal | None:
    """Every other signatory's consent is cited by hash, to this request, under these terms, and live (laws 17, 25)."""
    cited = _cited(case)
    for party in sorted(case.signatories - {case.keeper.id}):
        consents = [each for each in cited if case.party(each) == party]
        if not consents:
            return case.refuse(
                "operation",
                f"the start cites no consent of {party} to this request",
                f"cite the consent of {party} by its hash",
                17,
            )
    for consent in cited:
        fault = _consent_fault(case, consent)
        if fault is not None:
            return case.refuse(
                "operation.lease",
                f"the consent {short(consent.entry.id)} of {case.party(consent)} {fault}",
                f"ask {case.party(consent)} to consent anew",
                25,
            )
    return None


def givers_are_there(case: Case) -> Refusal | None:
    """An officer of every giver signed in its log, and found its line to the starting party working, no longer ago than
    the terms say (law 25): the giver's own word, since neither its machine nor the other end shows that it answers, by
    keys that nobody declared compromised since (law 33)."""
    for party in sorted(case.signatories - {case.keeper.id}):
        seen_min = case.number("giver_seen_within_min")
        if not officer_signed_since(case.view, party, case.at_ms - case.span_ms("giver_seen_within_min")):
            return case.refuse(
                "operation.line",
                f"nothing by an officer of {party} for more than {seen_min} minutes",
                f"reach {party} first: an unstaffed line freezes consents",
                25,
            )
        check_min = case.number("line_check_within_min")
        if not line_works_since(case.view, party, case.keeper.id, case.at_ms - case.span_ms("line_check_within_min")):
            return case.refuse(
                "operation.line",
                f"{party} has not found its line to {case.keeper.id} working for more than {check_min} minutes",
                f"have {party} check the line",
                25,
            )
    return None


def givers_confirmed(case: Case) -> Refusal | None:
    """Every giver confirmed his consent shortly before (final confirmation), by a key that nobody declared compromised
    since (law 33)."""
    if case.terms.clause_for("operation.confirmation") is None:
        return None
    since_ms = case.at_ms - case.span_ms("confirm_within_min")
    for consent in _cited(case):
        confirmed = confirmations(_record(case), consent, since_ms)
        if all(compromised_since(case.view, each) for each in confirmed):
            return case.refuse(
                "operation.confirmation",
                f"{case.party(consent)} has not confirmed within {case.number('confirm_within_min')} minutes",
                "ask for the final confirmation",
            )
    return None


def consents_cover_all_facts(case: Case) -> Refusal | None:
    """A consent covers a fact in the volume if and only if the fact is in the consent's past (law 18)."""
    record = _record(case)
    for consent in _cited(case):
        fact = uncovered_fact(case.view, record, consent, case.at_ms)
        if fact is not None:
            return case.refuse(
                "operation.drift",
                f"the consent {short(consent.entry.id)} of {case.party(consent)} does not cover {fact}",
                f"ask {case.party(consent)} to consent anew",
                18,
            )
    return None


def no_movement_in_volume(case: Case) -> Refusal | None:
    """A movement request bars new starts wherever it is seen, until its owner ends it or all lift it (law 20)."""
    barring = movements_barring(case.view, _record(case).volume)
    if not barring:
        return None
    return case.refuse(
        "movement.clearance",
        f"movement {barring[0].act.movement} of {barring[0].requester} is in the volume",
        "wait for its end, or choose another volume",
        20,
    )


def own_consents_do_not_bar(case: Case) -> Refusal | None:
    """A consent to another party's operation bars the giver's own starts in that room (law 19), whatever the hour: who
    started before that operation's window may be there still, and nobody could know."""
    volume = _record(case).volume
    for taken in case.view.near("consents", _where_others_may_be(case, volume)):
        act = taken.entry.act
        if not isinstance(act, OperationConsent) or not case.is_own(taken) or act.executing == case.keeper.id:
            continue
        other = case.view.history.volume_of(taken)
        if other is None or not rooms_meet(other, volume):
            continue
        if not is_bar_over(case.view, taken, case.at_ms):
            return case.refuse(
                "operation.start",
                f"{case.keeper.id} has consented to {act.executing}'s operation in this "
                f"volume ({short(taken.entry.id)})",
                "wait until it has ended or its lease is over",
                19,
            )
    return None


def no_other_start_in_volume(case: Case) -> Refusal | None:
    """No start while another party's operation is under way in the volume: it lasts until its end is signed."""
    volume = _record(case).volume
    for taken in case.view.running("starts"):
        act = taken.entry.act
        if not isinstance(act, OperationStart) or act.request == _record(case).request.entry.id:
            continue
        other = operation(case.view, act.request)
        if other is not None and not other.ended and not case.is_own(taken) and rooms_meet(other.volume, volume):
            return case.refuse(
                "operation.start",
                f"operation {other.act.operation} of {other.act.executing} is under way in this volume",
                "wait for its end",
                19,
            )
    return None


def _where_others_may_be(case: Case, volume: Volume) -> Volume:
    """The room, from the last that was heard of the others: whatever they started unseen they started after that."""
    logs = [log_under(case.view, case.entry.header.terms, party) for party in case.signatories - {case.keeper.id}]
    newest = [case.view.newest(log) for log in logs if log is not None]
    heard_ms = [taken.entry.at_ms if taken is not None else 0 for taken in newest]
    window = Window(from_ms=min((volume.window.from_ms, *heard_ms)), until_ms=None)
    return Volume(ring=volume.ring, band=volume.band, window=window)


def _record(case: Case) -> Operation:
    record = operation_of(case)
    assert record is not None, "request_is_open comes first in the table"
    return record


def _cited(case: Case) -> list[Taken]:
    act = case.act
    assert isinstance(act, OperationStart)
    found = [case.view.find(name) for name in act.consents]
    return [
        taken
        for taken in found
        if taken is not None
        and isinstance(taken.entry.act, OperationConsent)
        and taken.entry.act.request == act.request
    ]


def _consent_fault(case: Case, consent: Taken) -> str | None:
    act = consent.entry.act
    assert isinstance(act, OperationConsent)
    if consent.entry.header.terms != case.entry.header.terms:
        return "was given under other terms"
    return lease_fault(case.view, consent, case.at_ms)
