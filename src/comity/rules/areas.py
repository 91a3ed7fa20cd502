"""Rules of designated areas (J6)."""

from __future__ import annotations

from comity.model.acts.areas import AreaDissolve, AreaPropose
from comity.model.geometry import narrower_than
from comity.model.records.areas import area_versions
from comity.model.verdict import Refusal
from comity.model.volume import Ring, volume_problem
from comity.rules.case import Case


def area_is_sound(case: Case) -> Refusal | None:
    """An area has a tier of the terms, a simple ring and at least the least width: it can never be a point."""
    act = case.act
    assert isinstance(act, AreaPropose)
    if case.terms.tier_by_id(act.tier) is None:
        return case.refuse("area.tier", f"the terms have no tier {act.tier}", "name one of them")
    problem = volume_problem(act.volume)
    if problem is not None:
        return case.refuse_drawn("area", f"area {act.area}: {problem}")
    return wide_enough(case, act.ring, f"area {act.area}")


def area_exists(case: Case) -> Refusal | None:
    """What is dissolved is in force."""
    act = case.act
    assert isinstance(act, AreaDissolve)
    if area_versions(case.view, act.area):
        return None
    return case.refuse("area", f"no area {act.area} is in force", "name an area that is")


def wide_enough(case: Case, ring: Ring, what: str) -> Refusal | None:
    """A ring narrower than the terms' least width would single something out."""
    width_m = case.number("width_min_m")
    if not narrower_than(ring, width_m):
        return None
    return case.refuse(
        "area.width", f"{what} is narrower than {width_m} m", "draw it wider: it must not single anything out"
    )
