"""Rules of the watch (J5) and of precaution (J2)."""

from __future__ import annotations

from comity.model.acts.duty import Handover, Layer, LineCheck, PrecautionCheck, Roster
from comity.model.acts.movements import MovementEmergency, MovementRequest
from comity.model.acts.operations import OperationCounter, OperationPropose
from comity.model.records.layers import newest_layers
from comity.model.records.officers import officer
from comity.model.verdict import Refusal
from comity.rules.case import Case, short


def roster_is_of_officers(case: Case) -> Refusal | None:
    """A roster names an enrolled key, a seat of the terms, and a time that ends after it begins."""
    act = case.act
    assert isinstance(act, Roster)
    if case.terms.seat_by_id(act.seat) is None or officer(case.view, case.keeper, act.key, case.at_ms) is None:
        return case.refuse("duty.roster", "it names a seat or a key that is not known here", "enrol the officer first")
    if act.until_ms <= act.from_ms:
        return case.refuse("duty.roster", "the watch ends before it begins", "give its times in order")
    return None


def handover_by_two(case: Case) -> Refusal | None:
    """A handover is signed by the officer who goes and, second, by the officer who comes, both in the seat."""
    act = case.act
    assert isinstance(act, Handover)
    second = case.entry.header.second
    if second is not None and second.seat == act.seat == case.entry.header.seat:
        return None
    return case.refuse(
        "duty.handover",
        f"the handover of {act.seat} is not signed by two officers in that seat",
        "have both officers sign the same bytes",
    )


def line_has_two_ends(case: Case) -> Refusal | None:
    """A line check is with another participant of the terms."""
    act = case.act
    assert isinstance(act, LineCheck)
    if act.with_participant != case.keeper.id and case.terms.participant_by_id(act.with_participant) is not None:
        return None
    return case.refuse(
        "duty.line", f"there is no line from {case.keeper.id} to {act.with_participant}", "name the other end"
    )


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
