"""Rules of notices of military flights (J9), and of the grounding in designated areas (J8)."""

from __future__ import annotations

from comity.model.acts.movements import FlightNotice
from comity.model.records.areas import areas_meeting
from comity.model.verdict import Refusal
from comity.model.volume import volume_problem
from comity.rules.case import Case


def operator_is_answered_for(case: Case) -> Refusal | None:
    """A notice is given by the signatory who answers for the operator (J9)."""
    act = case.act
    assert isinstance(act, FlightNotice)
    operator = case.terms.operator_by_id(act.operator)
    if operator is not None and operator.answerable == case.keeper.id:
        return None
    return case.refuse(
        "notice",
        f"{case.keeper.id} does not answer for operator {act.operator}",
        "leave the notice to who answers for it",
    )


def notice_is_sound(case: Case) -> Refusal | None:
    """A notice is of one flight, with an end. Its volume is a path like a movement's, and has the corridor's own
    distance: a least width would turn away notices of honest flights, and none is ever turned away for being late."""
    act = case.act
    assert isinstance(act, FlightNotice)
    problem = volume_problem(act.volume)
    if problem is not None:
        return case.refuse_drawn("notice", f"its volume cannot be used: {problem}")
    if act.volume.window.until_ms is not None:
        return None
    return case.refuse("notice", "the notice has no end", "give the flight's window an end")


def operator_is_grounded(case: Case) -> Refusal | None:
    """Inside designated areas a third party's operators are grounded, exempt movements apart (J8)."""
    act = case.act
    assert isinstance(act, FlightNotice)
    if case.terms.clause_for("notice.grounding") is None:
        return None
    for area in areas_meeting(case.view, act.volume):
        return case.refuse(
            "notice.grounding",
            f"operator {act.operator} is grounded in area {area.act.area}",
            "route around the area, or request an exempt movement",
        )
    return None
