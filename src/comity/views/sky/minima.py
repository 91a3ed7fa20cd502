"""What the watch over the air keeps apart, and from when on it speaks: numbers of the terms, in SI units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Minima:
    """Separation and the patience of the watch.

    `level_tolerance_m` is taken off the vertical minimum: altimeters report in steps of 25 ft and a level is held
    within a tolerance, so two aircraft properly a minimum apart are often reported a little nearer. Where both tracks
    are in a terminal area its own minima hold. `climb_s` is for how long a climb is believed to go on: aircraft level
    off. `fresh_s` is the age up to which a report is of now, `lost_s` the age from which a track is lost.
    """

    horizontal_m: float = 9_260.0
    vertical_m: float = 304.8
    level_tolerance_m: float = 30.48
    terminal_horizontal_m: float = 5_556.0
    terminal_vertical_m: float = 152.4
    ahead_s: float = 120.0
    climb_s: float = 45.0
    near_area_m: float = 5_000.0
    fresh_s: float = 15.0
    lost_s: float = 60.0
    calm_s: float = 30.0
    clauses: Mapping[str, str] = field(default_factory=dict)

    def clause(self, kind: str) -> str:
        """The clause that an alert of this kind cites, or "" if the terms have none."""
        return self.clauses.get(kind, "")
