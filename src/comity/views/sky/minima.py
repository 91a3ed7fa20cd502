"""What the watch over the air keeps apart, and from when on it speaks: numbers of the terms, in SI units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.model.terms import Terms

FT_M = 0.3048

RULES: dict[str, tuple[str, ...]] = {
    "loss": ("flight.separation",),
    "possible-loss": ("flight.separation",),
    "predicted-loss": ("flight.separation",),
    "area": ("notice.grounding", "area"),
    "possible-area": ("notice.grounding", "area"),
    "near-area": ("notice.grounding", "area"),
    "undeclared": ("flight",),
    "deviation": ("movement.conformance", "flight.watch"),
    "landing": ("flight.watch",),
    "lost": ("flight.watch",),
    "overdue": ("flight.overdue",),
    "implausible": ("flight.watch",),
    "identity": ("flight.watch",),
}
"""Under which rule each kind of alert is said; the first that a clause governs."""


@dataclass(frozen=True, slots=True)
class Minima:
    """Separation and the patience of the watch.

    `level_tolerance_m` is taken off the vertical minimum: altimeters report in steps of 25 ft and a level is held
    within a tolerance, so two aircraft properly a minimum apart are often reported a little nearer. Where both tracks
    are in a terminal area its own minima hold.

    Of what is predicted: `climb_s` is for how long a climb is believed to go on, since aircraft level off; what climbs
    slower than `level_mps` is level. A prediction by a climb waits for a second report, unless it comes true within
    `climb_at_once_s`. A loss that is a second farther away must be deeper by `shallow_mps` metres: what only grazes
    the minimum minutes ahead seldom happens.

    `fresh_s` is the age up to which a report is of now, `lost_s` the silence after which a track is lost.
    After `forgotten_s` nothing is said of it any more.
    """

    horizontal_m: float = 9_260.0
    vertical_m: float = 304.8
    level_tolerance_m: float = 30.48
    terminal_horizontal_m: float = 5_556.0
    terminal_vertical_m: float = 152.4
    terminal_radius_m: float = 55_560.0
    terminal_ceiling_m: float = 3_048.0
    ahead_s: float = 120.0
    climb_s: float = 60.0
    climb_at_once_s: float = 20.0
    level_mps: float = 1.524
    shallow_mps: float = 4.0
    near_area_m: float = 5_000.0
    fresh_s: float = 25.0
    lost_s: float = 60.0
    calm_s: float = 30.0
    clauses: Mapping[str, str] = field(default_factory=dict)

    @property
    def forgotten_s(self) -> float:
        """The silence after which a track is watched no more."""
        return 2 * self.lost_s

    def clause(self, kind: str) -> str:
        """The clause that an alert of this kind cites, or "" if the terms have none."""
        return self.clauses.get(kind, "")


def minima_of(terms: Terms) -> Minima:
    """The minima of an agreement, with its clauses; the defaults where it is silent."""
    found = {kind: [terms.clause_for(rule) for rule in rules] for kind, rules in RULES.items()}
    return Minima(
        horizontal_m=float(terms.number("separation_horizontal_m")),
        vertical_m=terms.number("separation_vertical_ft") * FT_M,
        level_tolerance_m=terms.number("level_tolerance_ft") * FT_M,
        terminal_horizontal_m=float(terms.number("terminal_horizontal_m")),
        terminal_vertical_m=terms.number("terminal_vertical_ft") * FT_M,
        terminal_radius_m=float(terms.number("terminal_radius_m")),
        terminal_ceiling_m=terms.number("terminal_ceiling_ft") * FT_M,
        ahead_s=float(terms.number("look_ahead_s")),
        near_area_m=float(terms.number("near_area_m")),
        lost_s=float(terms.number("lost_after_s")),
        clauses={kind: clause for kind, each in found.items() for clause in each[::-1] if clause is not None},
    )
