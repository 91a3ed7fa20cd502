"""Losses of separation between tracks: happening, possible, predicted.

`loss` is said of reports that are of now, plausible and of known height. What is old, claimed, frozen or of unknown
height is held against the minima with all its width: `possible-loss`, a lesser kind, never silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from comity.airspace.pairs import DATUMS, Losses, Motion, losses
from comity.airspace.picture import Air, Mark
from comity.airspace.sphere import EARTH_SHARE, FT_M, NM_M
from comity.views.sky.alerts import Finding, Kind
from comity.views.sky.minima import Minima

DOUBTFUL = Mark.CLAIM | Mark.FROZEN | Mark.TWO
WORDS = {
    Mark.CLAIM: "a place that it could not have reached",
    Mark.FROZEN: "a place that does not move",
    Mark.TWO: "an identity that two may use",
    Mark.NO_HEIGHT: "no height told",
    Mark.OLD: "no new report",
}


def separation(air: Air, minima: Minima, terminal: NDArray[np.bool_]) -> Iterator[Finding]:
    """What the minima say of every pair; `terminal` marks the rows inside terminal areas."""
    seen: set[tuple[int, int]] = set()
    vertical_m = minima.vertical_m - minima.level_tolerance_m
    for i, j, from_s in _pairs(losses(air.nominal, minima.horizontal_m, vertical_m, minima.ahead_s)):
        finding = _nominal(air, minima, i, j, from_s, bool(terminal[i] and terminal[j]))
        if finding is not None:
            seen.add((i, j))
            yield finding
    for i, j, _ in _pairs(losses(air.wide, minima.horizontal_m * EARTH_SHARE, vertical_m, 1e-3)):
        if (i, j) in seen or air.tracks[i].identity == air.tracks[j].identity or (terminal[i] and terminal[j]):
            continue
        if _is_doubtful(air, minima, i, j):
            yield _finding(air, minima, "possible-loss", i, j, 0.0)


def _pairs(found: Losses) -> Iterator[tuple[int, int, float]]:
    return zip(found.first.tolist(), found.second.tolist(), found.from_s.tolist(), strict=True)


def _nominal(air: Air, minima: Minima, i: int, j: int, from_s: float, in_terminal: bool) -> Finding | None:
    if air.tracks[i].identity == air.tracks[j].identity:
        return None
    doubtful = _is_doubtful(air, minima, i, j)
    if from_s > 0 and (doubtful or in_terminal or _needs_long_climb(air.nominal, minima, i, j)):
        return None
    if from_s > 0:
        return _finding(air, minima, "predicted-loss", i, j, from_s)
    if in_terminal and not _within_terminal_minima(air.nominal, minima, i, j):
        return None
    return _finding(air, minima, "possible-loss" if doubtful else "loss", i, j, 0.0)


def _is_doubtful(air: Air, minima: Minima, i: int, j: int) -> bool:
    """Whether one of the two is not of now, not plausible, or has no height in a datum that the other has."""
    if max(air.age_s[i], air.age_s[j]) > minima.fresh_s or (air.marks[i] | air.marks[j]) & DOUBTFUL:
        return True
    return vertical_m(air.nominal, i, j) is None


def _needs_long_climb(motion: Motion, minima: Minima, i: int, j: int) -> bool:
    """Whether the two meet in height only if a climb goes on for longer than it is believed to."""
    apart_m = vertical_m(motion, i, j)
    rate_mps = abs(float(motion.climb_mps[j] - motion.climb_mps[i]))
    over_m = (apart_m or 0.0) - (minima.vertical_m - minima.level_tolerance_m)
    return over_m >= 0 and over_m > rate_mps * minima.climb_s


def _within_terminal_minima(motion: Motion, minima: Minima, i: int, j: int) -> bool:
    apart_m = vertical_m(motion, i, j)
    near = horizontal_m(motion, i, j) < minima.terminal_horizontal_m
    return near and (apart_m is None or apart_m < minima.terminal_vertical_m)


def horizontal_m(motion: Motion, i: int, j: int) -> float:
    """The distance between two rows now, metres on the sphere."""
    return math.dist(motion.place_m[i], motion.place_m[j])


def vertical_m(motion: Motion, i: int, j: int) -> float | None:
    """The least difference in height between two rows in a datum that both have, metres; None if there is none."""
    for datum in range(DATUMS):
        a, b = motion.low_m[i, datum], motion.low_m[j, datum]
        if math.isfinite(a) and math.isfinite(b):
            return abs(float(a - b))
    return None


def _finding(air: Air, minima: Minima, kind: Kind, i: int, j: int, in_s: float) -> Finding:
    far_m, high_m = horizontal_m(air.nominal, i, j), vertical_m(air.nominal, i, j)
    one, other = sorted((i, j), key=lambda row: air.tracks[row].identity)
    names = (air.tracks[one].identity, air.tracks[other].identity)
    doubts = tuple(words for mark, words in WORDS.items() if (air.marks[i] | air.marks[j]) & mark)
    height = "height unknown" if high_m is None else f"{high_m / FT_M:.0f} ft"
    minimum = f"minimum {minima.horizontal_m / NM_M:g} NM or {minima.vertical_m / FT_M:.0f} ft"
    when = f"in {in_s:.0f} s if both fly on, now " if in_s else ""
    reason = f"{names[0]} and {names[1]}: {when}{far_m / NM_M:.1f} NM and {height} apart; {minimum}"
    reported_ms = max(air.tracks[i].fix.at_ms, air.tracks[j].fix.at_ms)
    age_s = float(max(air.age_s[i], air.age_s[j]))
    return Finding(kind, names, reported_ms, reason, minima.clause(kind), "", far_m, high_m, in_s, age_s, doubts)
