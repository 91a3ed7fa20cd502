"""Rules of a request from its proposal to its start: what it asks for, whether it still stands (J10; laws 11, 17)."""

from __future__ import annotations

from datetime import UTC, datetime

from comity.model.acts.operations import OperationAnswer, OperationCounter, OperationPropose, OperationQuery
from comity.model.geometry import volume_inside, window_inside
from comity.model.records.areas import Area, area_versions
from comity.model.records.groups import treatment_of
from comity.model.records.operations import Request
from comity.model.records.restraints import holds_on
from comity.model.terms import Tier
from comity.model.verdict import Refusal
from comity.model.volume import Window, volume_problem
from comity.rules.areas import wide_enough
from comity.rules.case import Case, short
from comity.rules.named import operation_of, request_of


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
        return case.refuse_drawn("operation", f"operation {act.operation}: {problem}")
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
    """Only a group that the agreement treats as coordinated, or as integrated, is the subject of an operation, from
    request to start."""
    act = request_of(case)
    if act is None:
        return None
    treatment = treatment_of(case.view, case.terms, act.group)
    if treatment in ("coordinated", "integrated"):
        return None
    said = f"is treated as {treatment}" if treatment else "is not a group of the terms"
    if treatment is None and case.terms.group_by_id(act.group) is not None:
        said = "has several treatments after a fork"
    return case.refuse("operation.area", f"group {act.group} {said}", "operations concern coordinated groups only")


def inside_an_area(case: Case) -> Refusal | None:
    """Wholly inside one version in force of its area, whose tier allows group, executing party and time."""
    act = request_of(case)
    if act is None:
        return None
    versions = area_versions(case.view, act.area)
    if len(versions) != 1:
        said = "is not in force" if not versions else "has several heads after a fork"
        return case.refuse("operation.area", f"area {act.area} {said}", "agree on the area first", 11)
    return _area_fault(case, act, versions[0])


def request_is_open(case: Case) -> Refusal | None:
    """What an act is about is an admitted request that nobody refused, took back or replaced."""
    record = operation_of(case)
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
    record = operation_of(case)
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


def answer_is_the_proposers(case: Case) -> Refusal | None:
    """A query is put to whoever made the request, and he answers for it: another's word discharges nothing (law 22)."""
    record = operation_of(case)
    if record is not None and record.proposer == case.keeper.id:
        return None
    asked = record.proposer if record is not None else "its proposer"
    return case.refuse(
        "operation", f"the query is to {asked}, not to {case.keeper.id}", f"leave the answer to {asked}", 22
    )


def nothing_is_held(case: Case) -> Refusal | None:
    """No consent, confirmation or start while an unlifted hold stands over the request (law 16)."""
    record = operation_of(case)
    assert record is not None
    holds = holds_on(case.view, record.request.entry.id, record.volume, case.at_ms)
    if not holds:
        return None
    by = case.party(holds[0])
    is_timed = all(getattr(each.entry.act, "until_ms", None) is not None for each in holds)
    wait = f"wait for its end and for any later entry of {by}, or lift it by every signatory's vote"
    return case.refuse(
        "operation.hold",
        f"operation {record.act.operation} is held by {by} ({short(holds[0].entry.id)})",
        wait if is_timed else "lift the hold by every signatory's vote",
        16,
    )


def _drafted(case: Case) -> Request:
    assert isinstance(case.act, OperationPropose | OperationCounter)
    return case.act


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
    if not window_inside(act.volume.window, _tier_window(tier)):
        return case.refuse("area.tier", f"tier {tier.id} does not allow operations at that time", "give another window")
    return None


def _tier_window(tier: Tier) -> Window:
    from_ms = _ms(tier.from_utc) if tier.from_utc is not None else 0
    return Window(from_ms=from_ms, until_ms=_ms(tier.until_utc) if tier.until_utc is not None else None)


def _ms(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) * 1000
