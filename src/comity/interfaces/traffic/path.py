"""A path over the ground: great circles with fly-by turns between them, walked by its length in metres.

Every piece, a leg or a turn, is a circle on the unit sphere: rest + across * cos(s / r) + ahead * sin(s / r).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from comity.airspace.sphere import SPHERE_M, Floats

Vector = Floats
STRAIGHT_RAD = math.radians(0.5)  # less is no turn
SHARPEST_RAD = math.radians(140)
G_MPS2 = 9.81


@dataclass(frozen=True, slots=True)
class Path:
    """Pieces one behind the other; `begins_m` is where each begins."""

    length_m: float
    begins_m: Floats
    radius_m: Floats
    rest: Floats
    across: Floats
    ahead: Floats

    def at(self, along_m: Floats) -> tuple[Floats, Floats]:
        """Places on the unit sphere and directions of flight, for distances from the beginning."""
        piece = np.clip(np.searchsorted(self.begins_m, along_m, side="right") - 1, 0, len(self.begins_m) - 1)
        angle = (along_m - self.begins_m[piece]) / self.radius_m[piece]
        cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
        across, ahead = self.across[piece], self.ahead[piece]
        course = ahead * cos - across * sin
        return self.rest[piece] + across * cos + ahead * sin, course / np.linalg.norm(course, axis=1)[:, None]


def turn_radius_m(speed_mps: float, bank_deg: float) -> float:
    """The radius of a level turn."""
    return speed_mps**2 / (G_MPS2 * math.tan(math.radians(bank_deg)))


def vector(latitude_deg: float, longitude_deg: float) -> Vector:
    """The place on the unit sphere."""
    lat, lon = math.radians(latitude_deg), math.radians(longitude_deg)
    return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])


def degrees(place: Vector) -> tuple[float, float]:
    """Latitude and longitude; inverse to `vector`."""
    x, y, z = place.tolist()
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def apart_m(p: Vector, q: Vector) -> float:
    """The distance over the ground; symmetric."""
    return 2 * SPHERE_M * math.asin(min(1.0, float(np.linalg.norm(p - q)) / 2))


def course_deg(place: Vector, ahead: Vector) -> float:
    """The true course of a direction at a place, 0 to 360."""
    x, y, z = place.tolist()
    flat = max(math.hypot(x, y), 1e-12)
    east = np.array([-y, x, 0.0]) / flat
    north = np.array([-x * z / flat, -y * z / flat, flat])
    return math.degrees(math.atan2(float(ahead @ east), float(ahead @ north))) % 360


def towards(place: Vector, course: float, far_m: float) -> Vector:
    """Where a great circle leads that leaves at a true course, in degrees."""
    x, y, z = place.tolist()
    flat = max(math.hypot(x, y), 1e-12)
    east = np.array([-y, x, 0.0]) / flat
    north = np.array([-x * z / flat, -y * z / flat, flat])
    ahead = north * math.cos(math.radians(course)) + east * math.sin(math.radians(course))
    return np.asarray(place * math.cos(far_m / SPHERE_M) + ahead * math.sin(far_m / SPHERE_M))


def fly_by(points: Sequence[Vector], radius_m: float) -> Path | None:
    """The path along the points, cutting each corner in a turn of that radius; None if a turn does not fit."""
    normals = [_unit(np.cross(p, q)) for p, q in pairwise(points)]
    turns = [_turn(points[n + 1], one, other, radius_m) for n, (one, other) in enumerate(pairwise(normals))]
    pieces: list[tuple[float, float, Vector, Vector, Vector]] = []
    at = points[0]
    for number, normal in enumerate(normals):
        turn = turns[number] if number < len(turns) else None
        end = points[number + 1] if turn is None else turn.begin
        across, ahead = at, np.cross(normal, at)
        length_m = math.atan2(float(end @ ahead), float(end @ across)) * SPHERE_M
        if length_m <= 0 or (turn is not None and turn.too_sharp):
            return None
        pieces.append((length_m, SPHERE_M, np.zeros(3), across, ahead))
        at = end
        if turn is not None:
            pieces.append((turn.length_m, turn.radius_m, turn.rest, turn.begin - turn.rest, turn.ahead))
            at = turn.end
    lengths = [each[0] for each in pieces]
    begins = np.concatenate(([0.0], np.cumsum(lengths)[:-1]))
    radius, rest, across, ahead = (np.array([each[n] for each in pieces]) for n in range(1, 5))
    return Path(sum(lengths), begins, radius, rest, across, ahead)


@dataclass(frozen=True, slots=True)
class _Turn:
    begin: Vector
    end: Vector
    rest: Vector
    ahead: Vector
    radius_m: float
    length_m: float
    too_sharp: bool


def _turn(corner: Vector, one: Vector, other: Vector, radius_m: float) -> _Turn | None:
    """From the great circle of one normal to that of the other, around a centre beside both; None if straight on."""
    side = math.copysign(1.0, float(np.cross(one, other) @ corner))  # left, or right below zero
    angle = math.acos(max(-1.0, min(1.0, float(one @ other))))
    if angle < STRAIGHT_RAD:
        return None
    wide = radius_m / SPHERE_M
    share = side * math.sin(wide) / (1 + float(one @ other)) if angle < SHARPEST_RAD else 0.0
    beside = share * (one + other)
    centre = beside + corner * math.sqrt(max(0.0, 1 - float(beside @ beside)))
    begin = _unit(centre - side * math.sin(wide) * one)
    end = _unit(centre - side * math.sin(wide) * other)
    rest = centre * math.cos(wide)
    ahead = side * np.cross(centre, begin - rest)
    turned = math.atan2(float((end - rest) @ ahead), float((end - rest) @ (begin - rest)))
    radius = SPHERE_M * math.sin(wide)
    return _Turn(begin, end, rest, ahead, radius, turned * radius, angle >= SHARPEST_RAD)


def _unit(v: Vector) -> Vector:
    return np.asarray(v / np.linalg.norm(v))
