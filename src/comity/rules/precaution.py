"""Rules of precaution: each office checks a request against what only it may read, on current data (J2)."""

from __future__ import annotations

from comity.model.acts.duty import PrecautionCheck
from comity.model.history import Taken
from comity.model.records.layers import newest_layers
from comity.model.verdict import Refusal
from comity.rules.case import HOUR_MS, Case
from comity.rules.named import operation_of


def own_check_is_current(case: Case) -> Refusal | None:
    """This office checked the request against the newest version of each of its layers, recently (J2)."""
    if case.terms.clause_for("precaution.check") is None:
        return None
    record = operation_of(case)
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
    for layer, _ in newest_layers(case.view, case.keeper.id).values():
        if (layer.layer, layer.layer_version) not in used:
            return case.refuse(
                "precaution.layer",
                f"the check did not use version {layer.layer_version} of layer {layer.layer}",
                "run the precaution check on current data",
            )
    return layers_are_fresh(case)


def layers_are_fresh(case: Case) -> Refusal | None:
    """No check rests on a layer that was stated too long ago: what is protected now may not be in it (J2)."""
    most_h = case.number("layer_max_age_h")
    for layer, taken in newest_layers(case.view, case.keeper.id).values():
        if case.at_ms - taken.entry.at_ms > most_h * HOUR_MS:
            return case.refuse(
                "precaution.layer",
                f"version {layer.layer_version} of layer {layer.layer} is older than {most_h} hours",
                "state a new version of the layer, then run the precaution check",
            )
    return None


def _newest_check(case: Case, request: str) -> Taken | None:
    own = [taken for taken in case.view.about(f"checks/{request}") if case.is_own(taken)]
    return own[-1] if own else None
