"""Speed and height over time: climb, cruise, descent, each in phases of even climb and even acceleration."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from comity.airspace.sphere import FT_M, KT_MPS, Floats

CRUISE_LEAST = 0.1  # of the whole way
LEVELS_EAST = (*range(30, 411, 20),)
LEVELS_WEST = (*range(40, 401, 20),)
LEVEL_M = 100 * FT_M


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of aircraft flies: speeds in knots, climb and descent in feet a minute at the three thirds of a climb,
    the levels that it uses, and the way in km for which anyone would take it."""

    name: str
    cruise_kt: tuple[float, float]
    field_kt: float
    climb_fpm: tuple[float, float, float]
    descent_fpm: tuple[float, float, float]
    levels: tuple[int, int]
    way_km: tuple[float, float]
    bank_deg: float = 25.0


JET = Kind("jet", (420, 470), 145, (2_400, 1_900, 1_100), (700, 1_600, 1_900), (200, 410), (300, 20_000))
PROP = Kind("turboprop", (230, 280), 115, (1_500, 1_300, 900), (600, 1_200, 1_400), (100, 250), (90, 900))
LIGHT = Kind("light aircraft", (100, 130), 65, (800, 700, 500), (400, 600, 600), (40, 110), (25, 300))
KINDS = (JET, PROP, LIGHT)


@dataclass(frozen=True, slots=True)
class Profile:
    """Phases one behind the other: when each begins, how far and how high it is then, and what holds during it."""

    length_s: float
    begins_s: Floats
    along_m: Floats
    height_m: Floats
    speed_mps: Floats
    gain_mps2: Floats
    climb_mps: Floats

    def at(self, after_s: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """How far along and how high, speed and climb, so many seconds after the beginning."""
        phase = np.clip(np.searchsorted(self.begins_s, after_s, side="right") - 1, 0, len(self.begins_s) - 1)
        t, speed, gain = after_s - self.begins_s[phase], self.speed_mps[phase], self.gain_mps2[phase]
        along = self.along_m[phase] + speed * t + gain * t * t / 2
        return along, self.height_m[phase] + self.climb_mps[phase] * t, speed + gain * t, self.climb_mps[phase]


def levels(kind: Kind, course: float) -> list[int]:
    """The flight levels of the semicircular rule for that course that the kind uses, the lowest first."""
    listed = LEVELS_EAST if course < 180 else LEVELS_WEST
    return [level for level in listed if kind.levels[0] <= level <= kind.levels[1]]


def profile(way_m: float, kind: Kind, level: int, cruise_kt: float, fields_m: tuple[float, float]) -> Profile | None:
    """From one field to the other by way of that level; None if the way is too short, or a field too high for it."""
    top_m, cruise_mps, field_mps = level * LEVEL_M, cruise_kt * KT_MPS, kind.field_kt * KT_MPS
    if top_m < max(fields_m) + 600:
        return None
    up = _steps(fields_m[0], top_m, kind.climb_fpm, field_mps, cruise_mps)
    down = [(-climb, seconds, end, begin) for climb, seconds, begin, end in
            reversed(_steps(fields_m[1], top_m, kind.descent_fpm, field_mps, cruise_mps))]  # fmt: skip
    cruise_m = way_m - sum(seconds * (begin + end) / 2 for _, seconds, begin, end in (*up, *down))
    if cruise_m < way_m * CRUISE_LEAST:
        return None
    return phases(fields_m[0], [*up, (0.0, cruise_m / cruise_mps, cruise_mps, cruise_mps), *down])


def level_flight(way_m: float, height_m: float, speed_mps: float) -> Profile:
    """Even flight at one height."""
    return phases(height_m, [(0.0, way_m / speed_mps, speed_mps, speed_mps)])


def phases(from_m: float, steps: list[tuple[float, float, float, float]]) -> Profile:
    """Steps of (climb in m/s, seconds, speed at the beginning, speed at the end), one behind the other."""
    climb, seconds, begin, end = (np.array(column) for column in zip(*steps, strict=True))
    begins_s = np.concatenate(([0.0], np.cumsum(seconds)))
    along = np.concatenate(([0.0], np.cumsum(seconds * (begin + end) / 2)))
    height = from_m + np.concatenate(([0.0], np.cumsum(seconds * climb)))
    return Profile(float(begins_s[-1]), begins_s[:-1], along[:-1], height[:-1], begin, (end - begin) / seconds, climb)


def _steps(
    low_m: float, top_m: float, rates_fpm: tuple[float, ...], slow_mps: float, fast_mps: float
) -> list[tuple[float, float, float, float]]:
    """A climb in thirds; the speed grows with the height."""
    parts = [number / len(rates_fpm) for number in range(len(rates_fpm) + 1)]
    steps = []
    for (begin, end), rate_fpm in zip(pairwise(parts), rates_fpm, strict=True):
        climb_mps = rate_fpm * FT_M / 60
        seconds = (end - begin) * (top_m - low_m) / climb_mps
        speeds = (slow_mps + part * (fast_mps - slow_mps) for part in (begin, end))
        steps.append((climb_mps, seconds, *speeds))
    return [(climb, seconds, begin, end) for climb, seconds, begin, end in steps]
