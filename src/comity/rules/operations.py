"""Rules of operations before the start: request, consent, confirmation (J10, J14; laws 17, 18)."""

from __future__ import annotations

from datetime import UTC, datetime

from comity.model.acts.agreement import GroupPropose
from comity.model.acts.duty import Layer, PrecautionCheck
from comity.model.acts.operations import (
    Authorise,
    OperationAnswer,
    OperationConfirm,
    OperationConsent,
    OperationCounter,
    OperationPropose,
    OperationQuery,
)
from comity.model.entry import Entry
from comity.model.geometry import volume_inside
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.areas import Area, area_versions
from comity.model.records.authorisations import authorised_until
from comity.model.records.change import heads, proposal_of
from comity.model.records.officers import officer
from comity.model.records.operations import Operation, Request, lease_fault, operation
from comity.model.records.restraints import holds_on
from comity.model.terms import Terms, Tier
from comity.model.verdict import Refusal
from comity.model.volume import volume_problem
from comity.rules.areas import wide_enough
from comity.rules.case import HOUR_MS, MINUTE_MS, Case, short


def by_signatory(case: Case) -> Refusal | None:
    """Only signatories propose, consent and execute (law 22)."""
    if case.is_signatory:
        return None
    return case.refuse("operation", f"{case.keeper.id} is not a signatory", "place a hold or state a fact instead", 22)


def request_is_sound(case: Case) -> Refusal | None:
    """A request has a simple, wide, bounded volume, a group and one executing party of the terms."""
    act = _drafted(case)
    problem = volume_problem(act.volume)
    if problem is not None:
        return case.refuse("operation", f"operation {act.operation}: {problem}", "draw it again")
    if act.volume.window.until_ms is None:
        return case.refuse("operation", f"operation {act.operation} has no end", "give its window an end")
    if act.volume.window.until_ms <= case.at_ms:
        return case.refuse("operation", f"operation {act.operation} is already past", "give a window yet to come")
    if act.executing not in case.signatories:
        return case.refuse(
            "operation.executing",
            f"{act.executing} is not a signatory that could execute",
            "name exactly one signatory",
        )
    return wide_enough(case, act.volume.ring, f"operation {act.operation}")


def group_is_coordinated(case: Case) -> Refusal | None:
    """Only a group that the agreement treats as coordinated is the subject of an operation, from request to start."""
    act = _request(case)
    if act is None:
        return None
    treatment = treatment_of(case, act.group)
    if treatment == "coordinated":
        return None
    said = f"is treated as {treatment}" if treatment else "is not a group of the terms"
    return case.refuse("operation.area", f"group {act.group} {said}", "operations concern coordinated groups only")


def inside_an_area(case: Case) -> Refusal | None:
    """Wholly inside one version in force of its area, whose tier allows group, executing party and time."""
    act = _request(case)
    if act is None:
        return None
    versions = area_versions(case.view, act.area)
    if len(versions) != 1:
        said = "is not in force" if not versions else "has several heads after a fork"
        return case.refuse("operation.area", f"area {act.area} {said}", "agree on the area first", 11)
    return _area_fault(case, act, versions[0])


def authorised(case: Case) -> Refusal | None:
    """An integrated operation needs a live authorisation, in scope, by every party's national authority (J14)."""
    act = _request(case)
    if act is None or act.authorisation is None:
        return None
    for party in sorted(case.signatories):
        until_ms = authorised_until(case.view, act.authorisation, party, act.area, act.group)
        if until_ms is None or case.at_ms > until_ms:
            return case.refuse(
                "integration",
                f"{party} has no live authorisation {act.authorisation} for area {act.area} and group {act.group}",
                "ask its national authority",
            )
    return None


def request_is_open(case: Case) -> Refusal | None:
    """What an act is about is an admitted request that nobody refused, took back or replaced."""
    record = record_of(case)
    if record is None:
        return case.refuse(
            "operation", "the request that it names is not in this entry's past", "wait for it, or name another"
        )
    if record.closed is not None:
        return case.refuse(
            "operation",
            f"operation {record.act.operation} was closed by "
            f"{record.closed.entry.header.act} of {case.party(record.closed)}",
            "propose it anew",
        )
    return None


def request_not_started(case: Case) -> Refusal | None:
    """A request is used up by one start (law 17)."""
    record = record_of(case)
    if record is None or not record.starts:
        return None
    return case.refuse(
        "operation.start", f"operation {record.act.operation} has already been started", "propose a new operation", 17
    )


def query_is_answered(case: Case) -> Refusal | None:
    """An answer names a query about the same request."""
    act = case.act
    assert isinstance(act, OperationAnswer)
    query = case.view.find(act.query)
    if query is not None and isinstance(query.entry.act, OperationQuery) and query.entry.act.request == act.request:
        return None
    return case.refuse("operation", f"{short(act.query)} is no query about this request", "name the query by its hash")


def consent_names_executing(case: Case) -> Refusal | None:
    """A consent names the executing party of the request, which is never the giver (J10: one executes)."""
    act, record = _consent(case), record_of(case)
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
    record = record_of(case)
    assert record is not None and case.officer is not None
    drafted, signed = record.request.entry, case.entry
    drafters = _persons(case.view.history.past(record.request), case.terms, drafted)
    if not _keys(drafted) & _keys(signed) and not drafters & _persons(case.view, case.terms, signed):
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
    if act.expires_ms > case.at_ms + most_min * MINUTE_MS:
        return case.refuse("operation.lease", f"the lease is longer than {most_min} minutes", "give an earlier expiry")
    return None


def nothing_is_held(case: Case) -> Refusal | None:
    """No consent, confirmation or start while an unlifted hold stands over the request (law 16)."""
    record = record_of(case)
    assert record is not None
    holds = holds_on(case.view, record.request.entry.id, record.volume, case.at_ms)
    if not holds:
        return None
    return case.refuse(
        "operation.hold",
        f"operation {record.act.operation} is held by {case.party(holds[0])} ({short(holds[0].entry.id)})",
        "lift the hold by every signatory's vote",
        16,
    )


def own_check_is_current(case: Case) -> Refusal | None:
    """This office checked the request against the newest version of each of its layers, recently (J2)."""
    if case.terms.clause_for("precaution.check") is None:
        return None
    record = record_of(case)
    assert record is not None
    check = _newest_check(case, record.request.entry.id)
    if check is None:
        return case.refuse(
            "precaution.check",
            f"{case.keeper.id} has not checked operation {record.act.operation} against what it protects",
            "run the precaution check",
        )
    act = check.entry.act
    assert isinstance(act, PrecautionCheck)
    if case.at_ms - check.entry.at_ms > case.number("check_valid_h") * HOUR_MS:
        return case.refuse("precaution.check", "the precaution check is too old", "run it again")
    used = {(each.layer, each.layer_version) for each in act.layers}
    for layer in newest_layers(case).values():
        if (layer.layer, layer.layer_version) not in used:
            return case.refuse(
                "precaution.layer",
                f"the check did not use version {layer.layer_version} of layer {layer.layer}",
                "run the precaution check on current data",
            )
    return layers_are_fresh(case)


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


def authorisation_is_bounded(case: Case) -> Refusal | None:
    """An authorisation ends at a moment yet to come."""
    act = case.act
    assert isinstance(act, Authorise)
    if act.until_ms > case.at_ms:
        return None
    return case.refuse("integration", "the authorisation has ended before it is given", "give an end yet to come")


def record_of(case: Case) -> Operation | None:
    """The record of the request that an act names."""
    return operation(case.view, case.act.request) if hasattr(case.act, "request") else None


def treatment_of(case: Case, group: str) -> str | None:
    """How a group is treated in the entry's past: by the newest joint change, else by the terms; None if a fork made
    several of it (law 11)."""
    changes = heads(case.view, f"group/{group}")
    acts = [proposal_of(case.view, change) for change in changes]
    treatments = {act.treatment for act in acts if isinstance(act, GroupPropose)}
    if treatments:
        return treatments.pop() if len(treatments) == 1 else None
    found = case.terms.group_by_id(group)
    return None if found is None else found.treatment.value


def newest_layers(case: Case) -> dict[str, Layer]:
    """The newest version of each layer of the signer's own office."""
    return {name: act for name, (act, _) in _layers(case).items()}


def layers_are_fresh(case: Case) -> Refusal | None:
    """No check rests on a layer that was stated too long ago: what is protected now may not be in it (J2)."""
    most_h = case.number("layer_max_age_h")
    for layer, taken in _layers(case).values():
        if case.at_ms - taken.entry.at_ms > most_h * HOUR_MS:
            return case.refuse(
                "precaution.layer",
                f"version {layer.layer_version} of layer {layer.layer} is older than {most_h} hours",
                "state a new version of the layer, then run the precaution check",
            )
    return None


def _layers(case: Case) -> dict[str, tuple[Layer, Taken]]:
    found: dict[str, tuple[Layer, Taken]] = {}
    for taken in case.view.about("layers"):
        act = taken.entry.act
        if isinstance(act, Layer) and case.is_own(taken):
            found[act.layer] = (act, taken)
    return found


def _newest_check(case: Case, request: str) -> Taken | None:
    own = [taken for taken in case.view.about(f"checks/{request}") if case.is_own(taken)]
    return own[-1] if own else None


def _drafted(case: Case) -> Request:
    assert isinstance(case.act, OperationPropose | OperationCounter)
    return case.act


def _request(case: Case) -> Request | None:
    if isinstance(case.act, OperationPropose | OperationCounter):
        return case.act
    record = record_of(case)
    return record.act if record is not None else None


def _consent(case: Case) -> OperationConsent:
    assert isinstance(case.act, OperationConsent)
    return case.act


def _keys(entry: Entry) -> set[str]:
    second = entry.header.second
    return {entry.header.key} | ({second.key} if second is not None else set())


def _persons(past: View, terms: Terms, entry: Entry) -> set[tuple[str, str]]:
    """Who signed, by party and working name, which is unique within a party: a new key makes no new person."""
    keeper = terms.participant_by_id(party_of(entry.origin))
    if keeper is None:  # it has left since: none of its officers signs here
        return set()
    officers = [officer(past, keeper, key, entry.at_ms) for key in _keys(entry)]
    return {(each.party, each.name) for each in officers if each is not None}


def _area_fault(case: Case, act: Request, area: Area) -> Refusal | None:
    if not volume_inside(act.volume, area.act.ring, area.act.band):
        return case.refuse(
            "operation.area",
            f"operation {act.operation} is not wholly inside area {act.area}",
            "draw it inside the area in force",
        )
    if act.volume.window.from_ms < area.act.from_ms:
        return case.refuse(
            "operation.area",
            f"area {act.area} is not yet in force when operation {act.operation} begins",
            "give a later window",
        )
    tier = case.terms.tier_by_id(area.act.tier)
    if tier is None or act.group not in tier.groups or act.executing not in tier.executing:
        return case.refuse(
            "area.tier",
            f"tier {area.act.tier} does not allow group {act.group} with {act.executing} executing",
            "keep to what the tier allows",
        )
    if not _within_tier_times(tier, act):
        return case.refuse("area.tier", f"tier {tier.id} does not allow operations at that time", "give another window")
    return None


def _within_tier_times(tier: Tier, act: Request) -> bool:
    window = act.volume.window
    if tier.from_utc is not None and window.from_ms < _ms(tier.from_utc):
        return False
    return tier.until_utc is None or (window.until_ms is not None and window.until_ms <= _ms(tier.until_utc))


def _ms(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) * 1000
