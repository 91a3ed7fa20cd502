"""Whether an office's signed statement of precaution about a request still stands in a view (J2)."""

from __future__ import annotations

from dataclasses import dataclass

from comity.model.acts.duty import PrecautionCheck
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.layers import newest_layers
from comity.model.terms import Terms


@dataclass(frozen=True, slots=True)
class CheckFault:
    """Why no consent and no start may rest on what the office has checked, and what to do."""

    rule: str
    problem: str
    remedy: str


def check_fault(view: View, terms: Terms, party: str, request: str, at_ms: int) -> CheckFault | None:
    """What is wrong with the newest check of a request by that office, or None."""
    check = newest_check(view, party, request)
    if check is None:
        return CheckFault("precaution.check", "it was never checked", "run the precaution check")
    act = check.entry.act
    assert isinstance(act, PrecautionCheck)
    if at_ms - check.entry.at_ms > terms.span_ms("check_valid_h"):
        return CheckFault("precaution.check", "the precaution check is too old", "run it again")
    used = {(each.layer, each.layer_version) for each in act.layers}
    for layer, _ in newest_layers(view, party).values():
        if (layer.layer, layer.layer_version) not in used:
            return CheckFault(
                "precaution.layer",
                f"the check did not use version {layer.layer_version} of layer {layer.layer}",
                "run the precaution check on current data",
            )
    return layer_fault(view, terms, party, at_ms)


def layer_fault(view: View, terms: Terms, party: str, at_ms: int) -> CheckFault | None:
    """A layer of that office that was stated too long ago: what is protected now may not be in it; or None."""
    most_h = terms.number("layer_max_age_h")
    for layer, taken in newest_layers(view, party).values():
        if at_ms - taken.entry.at_ms > terms.span_ms("layer_max_age_h"):
            return CheckFault(
                "precaution.layer",
                f"version {layer.layer_version} of layer {layer.layer} is older than {most_h} hours",
                "state a new version of the layer, then run the precaution check",
            )
    return None


def newest_check(view: View, party: str, request: str) -> Taken | None:
    """The newest check of a request by that office, or None."""
    own = [taken for taken in view.about(f"checks/{request}") if party_of(taken.entry.origin) == party]
    return own[-1] if own else None
