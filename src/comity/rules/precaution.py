"""Rules of precaution: each office checks a request against what only it may read, on current data (J2)."""

from __future__ import annotations

from comity.model.acts.duty import Layer, PrecautionCheck
from comity.model.acts.movements import MovementEmergency, MovementRequest
from comity.model.acts.operations import OperationCounter, OperationPropose
from comity.model.records.checks import CheckFault, check_fault, layer_fault, newest_check
from comity.model.records.layers import newest_layers
from comity.model.verdict import Refusal
from comity.rules.case import Case, short
from comity.rules.named import operation_of


def layer_is_newer(case: Case) -> Refusal | None:
    """A layer's versions count upwards."""
    act = case.act
    assert isinstance(act, Layer)
    before = newest_layers(case.view, case.keeper.id).get(act.layer)
    if before is None or before[0].layer_version < act.layer_version:
        return None
    return case.refuse(
        "precaution.layer",
        f"layer {act.layer} is already at version {before[0].layer_version}",
        "give a higher version",
    )


def check_uses_newest_layers(case: Case) -> Refusal | None:
    """A check names a request in its past and the newest version of every layer of its own office (J2)."""
    act = case.act
    assert isinstance(act, PrecautionCheck)
    request = case.view.find(act.request)
    known = (OperationPropose, OperationCounter, MovementRequest, MovementEmergency)
    if request is None or not isinstance(request.entry.act, known):
        return case.refuse(
            "precaution.check", f"{short(act.request)} is no request in this entry's past", "name one that is"
        )
    used = {(each.layer, each.layer_version, each.commitment) for each in act.layers}
    stated = newest_layers(case.view, case.keeper.id).values()
    newest = {(each.layer, each.layer_version, each.commitment) for each, _ in stated}
    if used == newest:
        return None
    return case.refuse(
        "precaution.layer",
        "the check did not use exactly the newest version of every layer",
        "run it again on current data",
    )


def layers_are_fresh(case: Case) -> Refusal | None:
    """No check rests on a layer that was stated too long ago: what is protected now may not be in it (J2)."""
    return _refused(case, layer_fault(case.view, case.terms, case.keeper.id, case.at_ms))


def own_check_is_current(case: Case) -> Refusal | None:
    """This office checked the request against the newest version of each of its layers, recently (J2)."""
    if case.terms.clause_for("precaution.check") is None:
        return None
    record = operation_of(case)
    assert record is not None
    request = record.request.entry.id
    if newest_check(case.view, case.keeper.id, request) is None:
        return case.refuse(
            "precaution.check",
            f"{case.keeper.id} has not checked operation {record.act.operation} against what it protects",
            "run the precaution check",
        )
    return _refused(case, check_fault(case.view, case.terms, case.keeper.id, request, case.at_ms))


def _refused(case: Case, fault: CheckFault | None) -> Refusal | None:
    return case.refuse(fault.rule, fault.problem, fault.remedy) if fault is not None else None
