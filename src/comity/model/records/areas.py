"""Designated areas in force in a view."""

from __future__ import annotations

from dataclasses import dataclass

from comity.model.acts.areas import AreaPropose
from comity.model.geometry import volumes_meet
from comity.model.history import View
from comity.model.records.change import heads, proposal_of
from comity.model.volume import Volume


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


def areas_near(view: View, volume: Volume) -> set[str]:
    """The areas of which some version, in force or not, may meet the volume."""
    return {taken.entry.act.area for taken in view.near("areas", volume) if isinstance(taken.entry.act, AreaPropose)}


def areas_meeting(view: View, volume: Volume) -> list[Area]:
    """The versions in force that meet the volume."""
    return [
        area
        for name in sorted(areas_near(view, volume))
        for area in area_versions(view, name)
        if volumes_meet(area.act.volume, volume)
    ]


def area_names(view: View) -> set[str]:
    """Every area that was ever proposed in the view."""
    return {taken.entry.act.area for taken in view.about("proposals/area") if isinstance(taken.entry.act, AreaPropose)}
