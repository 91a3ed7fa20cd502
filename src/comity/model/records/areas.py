"""Designated areas in force in a view."""

from __future__ import annotations

from dataclasses import dataclass

from comity.model.acts.areas import AreaPropose
from comity.model.geometry import rings_meet
from comity.model.history import View
from comity.model.records.change import heads, proposal_of
from comity.model.volume import Ring


@dataclass(frozen=True, slots=True)
class Area:
    """One version in force: the joint change and what it says."""

    version: str
    act: AreaPropose


def area_versions(view: View, area: str) -> list[Area]:
    """The versions of an area in force; several only after a fork, none before agreement or once dissolved."""
    found = []
    for change in heads(view, f"area/{area}"):
        act = proposal_of(view, change)
        if isinstance(act, AreaPropose):
            found.append(Area(change.id, act))
    return found


def areas_meeting(view: View, ring: Ring, candidates: set[str]) -> list[Area]:
    """Of those areas, the versions in force whose ring meets the given one."""
    return [
        area for name in sorted(candidates) for area in area_versions(view, name) if rings_meet(area.act.ring, ring)
    ]


def area_names(view: View) -> set[str]:
    """Every area that was ever proposed in the view."""
    return {taken.entry.act.area for taken in view.about("proposals/area") if isinstance(taken.entry.act, AreaPropose)}
