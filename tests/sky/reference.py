"""Slow answers to the questions of the sky, in plain Python, by other formulas than the fast ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.model.volume import Ring

SPHERE_M = 1852.0 * 60 * 180 / math.pi
HALF_TURN_E7 = 1_800_000_000
ROUNDING_M = 1e-6

Vector = tuple[float, float, float]
Edges = tuple[tuple[float, float], tuple[float, float]]  # of a band: low and high, pressure first, then geometric
UNKNOWN: Edges = ((-math.inf, math.inf), (-math.inf, math.inf))


@dataclass(frozen=True, slots=True)
class Track:
    """One track: degrees, metres, seconds; `heights` are its bands by datum."""

    latitude_deg: float
    longitude_deg: float
    track_deg: float = 0.0
    speed_mps: float = 0.0
    heights: Edges = UNKNOWN
    climb_mps: float = 0.0
    doubt_m: float = 0.0

    @property
    def place_m(self) -> Vector:
        """Where it is, from the middle of the earth."""
        lat, lon = math.radians(self.latitude_deg), math.radians(self.longitude_deg)
        return (
            SPHERE_M * math.cos(lat) * math.cos(lon),
            SPHERE_M * math.cos(lat) * math.sin(lon),
            SPHERE_M * math.sin(lat),
        )

    @property
    def velocity_mps(self) -> Vector:
        """How it moves: its speed along the rotated north, and along the rotated east."""
        lat, lon, course = map(math.radians, (self.latitude_deg, self.longitude_deg, self.track_deg))
        north = (-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat))
        east = (-math.sin(lon), math.cos(lon), 0.0)
        x, y, z = (
            self.speed_mps * (math.cos(course) * n + math.sin(course) * e) for n, e in zip(north, east, strict=True)
        )
        return (x, y, z)

    def at(self, seconds: float) -> Vector:
        """Where it will be."""
        x, y, z = (p + v * seconds for p, v in zip(self.place_m, self.velocity_mps, strict=True))
        return (x, y, z)


def gap_m(one: Track, other: Track, seconds: float) -> float:
    """How far apart they are then, in a straight line."""
    return math.dist(one.at(seconds), other.at(seconds))


def chord_m(distance_m: float) -> float:
    """How far apart in a straight line two places on the sphere are that lie so far apart over ground."""
    return SPHERE_M * math.hypot(1 - math.cos(distance_m / SPHERE_M), math.sin(distance_m / SPHERE_M))


def apart_in_height(one: Track, other: Track, seconds: float, vertical_m: float) -> bool:
    """Whether some datum keeps them apart at that moment."""
    for (low, high), (other_low, other_high) in zip(one.heights, other.heights, strict=True):
        rise, other_rise = one.climb_mps * seconds, other.climb_mps * seconds
        if other_low + other_rise - (high + rise) >= vertical_m or low + rise - (other_high + other_rise) >= vertical_m:
            return True
    return False


def loses(one: Track, other: Track, seconds: float, horizontal_m: float, vertical_m: float) -> bool:
    """Whether separation is lost at that moment."""
    allowed_m = chord_m(horizontal_m) + one.doubt_m + other.doubt_m - ROUNDING_M
    return gap_m(one, other, seconds) < allowed_m and not apart_in_height(one, other, seconds, vertical_m - ROUNDING_M)


def first_loss_s(one: Track, other: Track, horizontal_m: float, vertical_m: float, ahead_s: float) -> float | None:
    """When separation is first lost within `ahead_s`, by halving: the set of such times is one interval.

    The horizontal gap is a convex function of time, and so is how much each datum's heights lack of keeping them
    apart: the greatest of convex functions is convex, its least place is found by thirds, its first zero by halves.
    """

    def lack(seconds: float) -> float:
        allowed_m = chord_m(horizontal_m) + one.doubt_m + other.doubt_m - ROUNDING_M
        parts = [gap_m(one, other, seconds) - allowed_m]
        for (low, high), (other_low, other_high) in zip(one.heights, other.heights, strict=True):
            rise = (other.climb_mps - one.climb_mps) * seconds
            parts += [other_low - high + rise, low - other_high - rise]
        return max(parts[0], *(each - vertical_m + ROUNDING_M for each in parts[1:]))

    if lack(0.0) < 0.0:
        return 0.0
    low, high = 0.0, ahead_s
    for _ in range(90):
        third = (high - low) / 3
        if lack(low + third) <= lack(high - third):
            high -= third
        else:
            low += third
    least = (low + high) / 2 if lack((low + high) / 2) < lack(0.0) else 0.0
    if lack(least) >= 0.0:
        return None
    before, after = 0.0, least
    for _ in range(60):
        middle = (before + after) / 2
        before, after = (before, middle) if lack(middle) < 0.0 else (middle, after)
    return after


def where(lat: int, lon: int, ring: Ring) -> str:
    """Where a place in 1e-7 degree lies: "inside", "edge" or "outside", by the angles' half planes in Fractions."""
    crossings = 0
    for (p_lat, p_lon), (q_lat, q_lon) in zip(ring, ring[1:] + ring[:1], strict=True):
        if min(p_lat, q_lat) <= lat <= max(p_lat, q_lat):
            if p_lat == q_lat:
                if min(p_lon, q_lon) <= lon <= max(p_lon, q_lon):
                    return "edge"
                continue
            at = p_lon + Fraction(lat - p_lat, q_lat - p_lat) * (q_lon - p_lon)
            if at == lon:
                return "edge"
            crossings += at > lon and lat < max(p_lat, q_lat)
    return "inside" if crossings % 2 else "outside"


def boundary_gap_m(lat: int, lon: int, ring: Ring, steps: int = 400) -> float:
    """How far the boundary is, at most: the least distance to points along each edge on the sphere of the doubt."""
    here = Track(lat / 1e7, lon / 1e7)
    return min(
        gap_m(here, Track((p[0] + (q[0] - p[0]) * k / steps) / 1e7, (p[1] + (q[1] - p[1]) * k / steps) / 1e7), 0.0)
        for p, q in zip(ring, ring[1:] + ring[:1], strict=True)
        for k in range(steps + 1)
    )


def in_height(low: Sequence[float], high: Sequence[float], floor: Edges, ceiling: Edges) -> str:
    """Whether a band of heights is in a room: "inside", "uncertain" or "outside", datum by datum."""
    if any(high[d] < floor[d][0] or low[d] > ceiling[d][1] for d in (0, 1)):
        return "outside"
    above = any(low[d] >= floor[d][1] for d in (0, 1))
    below = any(high[d] <= ceiling[d][0] for d in (0, 1))
    return "inside" if above and below else "uncertain"
