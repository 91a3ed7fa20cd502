"""One made-up flight: who it is, what it flies and when, what is wrong with it; and the truth about it at any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from comity.airspace.sphere import Floats
from comity.interfaces.traffic.path import Path
from comity.interfaces.traffic.profile import Profile
from comity.model.volume import Point

Role = Literal["declared", "undeclared", "exempt"]
Fault = Literal["frozen", "jumping", "no height"]


@dataclass(frozen=True, slots=True)
class Corridor:
    """What is said of a flight before it flies: its route, `width_m` to both sides, up to a flight level."""

    route: tuple[Point, ...]
    width_m: float
    ceiling_fl: int
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with what is heard of a flight, from one moment to another."""

    fault: Fault
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class State:
    """The truth about one flight at several moments: places on the unit sphere, directions, metres, m/s."""

    at_ms: Floats
    place: Floats
    ahead: Floats
    height_m: Floats
    speed_mps: Floats
    climb_mps: Floats


@dataclass(frozen=True, slots=True)
class Flown:
    """One aircraft from its departure to its arrival."""

    address: str
    callsign: str
    code: str
    role: Role
    kind: str
    path: Path
    profile: Profile
    departs_ms: int
    corridor: Corridor | None = None
    trouble: Trouble | None = None
    lands: bool = True

    @property
    def arrives_ms(self) -> int:
        """When it has landed, or has left the air that is looked at."""
        return self.departs_ms + round(self.profile.length_s * 1000)

    def at(self, at_ms: Floats) -> State:
        """The truth at these moments, of which those are left out at which it does not fly."""
        flying = at_ms[(at_ms >= self.departs_ms) & (at_ms <= self.arrives_ms)]
        along, height, speed, climb = self.profile.at((flying - self.departs_ms) / 1000)
        place, ahead = self.path.at(np.minimum(along, self.path.length_m))
        return State(flying, place, ahead, height, speed, climb)
