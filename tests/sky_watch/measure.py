"""Puts a day with its encounters through the watch and says when each was found, and counts predicted pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from comity.airspace.fix import Fix
from comity.airspace.pairs import losses
from comity.views.sky.alerts import Kind
from comity.views.sky.known import Known
from comity.views.sky.minima import Minima
from comity.views.sky.moments import moments
from sky_watch.encounters import HORIZONTAL_M, VERTICAL_M, Encounter

CONFLICTS: tuple[Kind, ...] = ("loss", "possible-loss", "predicted-loss")
FLYING_MS = 60_000


@dataclass(frozen=True, slots=True)
class Found:
    """When an encounter was first said, by kind, and the first report inside the minima."""

    encounter: Encounter
    first_ms: int
    said_ms: dict[str, int]

    @property
    def loss_late_s(self) -> float | None:
        """How long after the first report inside the loss was said; None if never."""
        at_ms = self.said_ms.get("loss")
        return None if at_ms is None else (at_ms - self.first_ms) / 1000

    @property
    def late_s(self) -> float | None:
        """The same of a loss or a possible loss."""
        said = [self.said_ms[kind] for kind in ("loss", "possible-loss") if kind in self.said_ms]
        return (min(said) - self.first_ms) / 1000 if said else None

    def warning_s(self) -> float:
        """How long before the first report inside anything was said of the two, 0 if not before."""
        said = [at_ms for at_ms in self.said_ms.values() if at_ms <= self.first_ms]
        return (self.first_ms - min(said)) / 1000 if said else 0.0

    def best_s(self, ahead_s: float) -> float:
        """The warning that straight lines from true places would have given."""
        return (self.first_ms - self.encounter.best_ms(ahead_s)) / 1000


def watched(fixes: Iterable[Fix], found: Sequence[Encounter], minima: Minima) -> list[Found]:
    """What the watch said of each encounter, and when; what it said long before or after belongs to no encounter."""
    wanted = {frozenset((each.identity, each.other)): each for each in found}
    said: dict[str, dict[str, int]] = {each.identity: {} for each in found}
    for moment in moments(fixes, Known(), minima):
        for finding in (alert.finding for alert in moment.heard.began if not alert.finding.near):
            each = wanted.get(frozenset(finding.identities))
            if each is not None:
                said[each.identity].setdefault(finding.kind, moment.air.at_ms)
        for finding in (alert.finding for alert in moment.heard.standing if alert.finding.near):
            for name in finding.near:
                each = wanted.get(frozenset((*finding.identities, name)))
                if each is not None:
                    said[each.identity].setdefault(finding.kind, moment.air.at_ms)
    return [Found(each, first_ms, said[each.identity]) for each in found if (first_ms := each.first_ms()) is not None]


def predicted_pairs(fixes: Iterable[Fix], minima: Minima) -> tuple[int, int]:
    """Pairs of which the watch predicts a loss, and pairs of which a plain straight line does."""
    ours: set[tuple[str, ...]] = set()
    plain: set[tuple[str, ...]] = set()
    for moment in moments(fixes, Known(), minima):
        ours.update(alert.finding.identities for alert in moment.heard.began if alert.finding.kind == "predicted-loss")
        air = moment.air
        fresh = np.flatnonzero(air.age_s == 0)
        names = [air.tracks[row].identity for row in fresh]
        motion = type(air.nominal)(*(getattr(air.nominal, name)[fresh] for name in MOTION))
        ahead = losses(motion, HORIZONTAL_M, VERTICAL_M, minima.ahead_s)
        for i, j in zip(ahead.first.tolist(), ahead.second.tolist(), strict=True):
            plain.add(tuple(sorted((names[i], names[j]))))
    return len(ours), len(plain)


MOTION = ("place_m", "velocity_mps", "low_m", "high_m", "climb_mps", "doubt_m")


def flight_hours(fixes: Iterable[Fix]) -> float:
    """Hours flown: time between reports of one identity, breaks of more than a minute left out."""
    times: dict[str, list[int]] = {}
    for fix in fixes:
        times.setdefault(fix.identity, []).append(fix.at_ms)
    steps = (b - a for each in times.values() for a, b in pairwise(sorted(each)))
    return sum(step for step in steps if step <= FLYING_MS) / 3_600_000
