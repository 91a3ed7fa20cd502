"""Rules of a consent and of its confirmation: who gives it, for how long, and to what (J10; laws 17, 25)."""

from __future__ import annotations

from comity.model.acts.operations import OperationConfirm, OperationConsent
from comity.model.entry import Entry
from comity.model.history import View
from comity.model.known import party_of
from comity.model.records.officers import Officer, officer, same_person, signing_keys
from comity.model.records.operations import lease_fault
from comity.model.terms import Terms
from comity.model.verdict import Refusal
from comity.rules.case import Case, short
from comity.rules.named import operation_of


def consent_names_executing(case: Case) -> Refusal | None:
    """A consent names the executing party of the request, which is never the giver (J10: one executes)."""
    act, record = _consent(case), operation_of(case)
    assert record is not None
    if act.executing != record.act.executing:
        return case.refuse(
            "operation.executing",
            f"the request says {record.act.executing} executes, the consent says {act.executing}",
            "consent to the request as it is, or counter it",
        )
    if act.executing == case.keeper.id:
        return case.refuse(
            "operation.executing",
            f"{case.keeper.id} executes and needs no consent of its own",
            "start once the others have consented",
        )
    return None


def drafter_does_not_consent(case: Case) -> Refusal | None:
    """The officer who drafted a request is not the officer who consents (law 17)."""
    record = operation_of(case)
    assert record is not None and case.officer is not None
    drafted, signed = record.request.entry, case.entry
    drafters = _persons(case.view.history.past(record.request), case.terms, drafted)
    givers = _persons(case.view, case.terms, signed)
    is_drafter = any(same_person(one, other) for one in drafters for other in givers)
    if not {*signing_keys(drafted)} & {*signing_keys(signed)} and not is_drafter:
        return None
    return case.refuse(
        "operation.drafter",
        f"{case.officer.name} drafted operation {record.act.operation} and may not consent to it",
        "have another officer consent",
        17,
    )


def lease_is_short(case: Case) -> Refusal | None:
    """A consent is a lease: it expires after now and no later than the terms allow."""
    act = _consent(case)
    most_min = case.number("lease_max_min")
    if act.expires_ms <= case.at_ms:
        return case.refuse("operation.lease", "the consent has lapsed before it is given", "give an expiry yet to come")
    if act.expires_ms > case.at_ms + case.span_ms("lease_max_min"):
        return case.refuse("operation.lease", f"the lease is longer than {most_min} minutes", "give an earlier expiry")
    return None


def consent_is_own_and_live(case: Case) -> Refusal | None:
    """A confirmation names the signer's own consent to the request, still live."""
    act = case.act
    assert isinstance(act, OperationConfirm)
    consent = case.view.find(act.consent)
    if (
        consent is None
        or not isinstance(consent.entry.act, OperationConsent)
        or not case.is_own(consent)
        or consent.entry.act.request != act.request
    ):
        return case.refuse(
            "operation.confirmation",
            f"{short(act.consent)} is no consent of {case.keeper.id} to this request",
            "name your own consent by its hash",
        )
    fault = lease_fault(case.view, consent, case.at_ms)
    if fault is None:
        return None
    return case.refuse("operation.lease", f"the consent {short(act.consent)} {fault}", "consent anew")


def _consent(case: Case) -> OperationConsent:
    assert isinstance(case.act, OperationConsent)
    return case.act


def _persons(past: View, terms: Terms, entry: Entry) -> list[Officer]:
    """Who signed, as officers: a new key makes no new person."""
    keeper = terms.participant_by_id(party_of(entry.origin))
    if keeper is None:  # it has left since: none of its officers signs here
        return []
    officers = [officer(past, keeper, key, entry.at_ms) for key in signing_keys(entry)]
    return [each for each in officers if each is not None]
