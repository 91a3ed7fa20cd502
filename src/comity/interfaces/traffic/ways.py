"""Single flights: from field to field, along a given route, and past a given place at a given moment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from comity.airspace.sphere import KT_MPS
from comity.interfaces.traffic.chance import Chance
from comity.interfaces.traffic.fields import Field
from comity.interfaces.traffic.flights import Corridor, Flown, Role
from comity.interfaces.traffic.path import (
    Path,
    Vector,
    apart_m,
    course_deg,
    degrees,
    fly_by,
    towards,
    turn_radius_m,
)
from comity.interfaces.traffic.profile import KINDS, LIGHT, Kind, Profile, level_flight, levels, profile
from comity.model.volume import Point

CORRIDOR_M = 5_000.0
LEG_M = 40_000.0  # as long as a leg of a corridor may be, whose edges are straight in latitude and longitude
ROUTE_MOST = 60
BEND = 0.07  # of the way: how far aside a point on the way may lie
EARLY_MS, LATE_MS = 900_000, 1_800_000
ABOVE_FL = 10


def field_to_field(chance: Chance, begin: Field, end: Field, role: Role, window_ms: tuple[int, int]) -> Flown | None:
    """A flight that is in the air at some time of the window, most of them when it begins; None if none fits."""
    way_m = apart_m(begin.place, end.place)
    kinds = [kind for kind in KINDS if kind.way_km[0] * 1000 <= way_m <= kind.way_km[1] * 1000]
    if not kinds:
        return None
    kind = chance.of(kinds)
    points = _bent(chance, begin.place, end.place)
    cruise_kt = chance.between(*kind.cruise_kt)
    path = fly_by(points, turn_radius_m(cruise_kt * KT_MPS, kind.bank_deg))
    if path is None:
        return None
    chosen = _highest(chance, path, kind, cruise_kt, _course(points), (begin.height_m, end.height_m))
    if chosen is None:
        return None
    level, flown = chosen
    before_ms = chance.between(-0.85 * flown.length_s * 1000, 0.4 * (window_ms[1] - window_ms[0]))
    departs_ms = window_ms[0] + round(before_ms)
    corridor = _corridor(points, level, departs_ms, flown) if role != "undeclared" else None
    names = chance.address(), chance.callsign(), chance.code()
    return Flown(*names, role, kind.name, path, flown, departs_ms, corridor)


def along(
    chance: Chance,
    route: Sequence[Vector],
    departs_ms: int,
    level: int,
    speed_kt: float,
    role: Role = "exempt",
    flown_route: Sequence[Vector] | None = None,
) -> Flown | None:
    """A slow flight with a corridor along the route, which may fly another one; None if its turns do not fit."""
    path = fly_by(flown_route or route, turn_radius_m(speed_kt * KT_MPS, LIGHT.bank_deg))
    if path is None:
        return None
    top = Kind("ambulance", (speed_kt, speed_kt), 65, (900, 800, 600), (400, 600, 600), (level, level), (0, 20_000))
    flown = profile(path.length_m, top, level, speed_kt, (0.0, 0.0))
    flown = flown or level_flight(path.length_m, level * 30.48, speed_kt * KT_MPS)
    corridor = _corridor(route, level, departs_ms, flown)
    return Flown(chance.address(), chance.callsign(), chance.code(), role, top.name, path, flown, departs_ms, corridor)


def moved(flown: Flown, by_ms: int) -> Flown:
    """The same flight, so much later."""
    said = flown.corridor
    if said is not None:
        said = replace(said, from_ms=said.from_ms + by_ms, until_ms=said.until_ms + by_ms)
    return replace(flown, departs_ms=flown.departs_ms + by_ms, corridor=said)


def past(
    chance: Chance, place: Vector, at_ms: int, course: float, height_m: float, speed_mps: float, way_m: float
) -> Flown:
    """An undeclared flight, level and straight, that is at that place at that moment, half of its way behind it."""
    begin, end = (towards(place, course + turned, way_m / 2) for turned in (180.0, 0.0))
    path = fly_by((begin, place, end), 10_000.0)
    assert path is not None, "straight on there is no turn"
    flown = level_flight(path.length_m, height_m, speed_mps)
    departs_ms = at_ms - round(way_m / 2 / speed_mps * 1000)
    names = chance.address(), chance.callsign(), chance.code()
    return Flown(*names, "undeclared", "passer-by", path, flown, departs_ms, lands=False)


def aside(route: Sequence[Vector], far_m: float) -> list[Vector]:
    """The route with its middle third flown so far to the right of it, there and back at half a right angle."""
    begin, end = route[0], route[-1]
    way_m, course = apart_m(begin, end), _course((begin, end))
    out = towards(begin, course, way_m / 3)
    back = towards(begin, course, way_m * 2 / 3)
    reach = min(far_m, way_m / 9)
    far_out = towards(towards(out, course, reach), course + 90, far_m)
    far_back = towards(towards(back, course, -reach), course + 90, far_m)
    return [begin, out, far_out, far_back, back, end]


def legs(points: Sequence[Vector]) -> tuple[Point, ...]:
    """The points in 1e-7 degree, with points between on the great circles."""
    way_m = sum(apart_m(p, q) for p, q in pairwise(points))
    leg_m = max(LEG_M, way_m / (ROUTE_MOST - len(points)))
    found = [points[0]]
    for p, q in pairwise(points):
        parts = math.ceil(apart_m(p, q) / leg_m)
        for part in range(1, parts + 1):
            between = p * (1 - part / parts) + q * (part / parts)
            found.append(between / math.sqrt(float(between @ between)))
    placed = (degrees(each) for each in found)
    return tuple((round(latitude * 1e7), round(longitude * 1e7)) for latitude, longitude in placed)


def _corridor(points: Sequence[Vector], level: int, departs_ms: int, flown: Profile) -> Corridor:
    until_ms = departs_ms + round(flown.length_s * 1000) + LATE_MS
    return Corridor(legs(points), CORRIDOR_M, level + ABOVE_FL, departs_ms - EARLY_MS, until_ms)


def _bent(chance: Chance, begin: Vector, end: Vector) -> list[Vector]:
    """The way with up to two points aside of the straight one."""
    way_m, points = apart_m(begin, end), [begin]
    course = _course((begin, end))
    for part in chance.of(((), (0.5,), (0.35, 0.7))):
        on = towards(begin, course, part * way_m)
        points.append(towards(on, course + 90, chance.between(-BEND, BEND) * way_m))
    return [*points, end]


def _course(points: Sequence[Vector]) -> float:
    """The course at the beginning of the straight way."""
    begin, end = points[0], points[-1]
    return course_deg(begin, end - begin * float(begin @ end))


def _highest(
    chance: Chance, path: Path, kind: Kind, cruise_kt: float, course: float, fields_m: tuple[float, float]
) -> tuple[int, Profile] | None:
    """One of the four highest levels at which there is a cruise, and the flight by it."""
    found = []
    for level in reversed(levels(kind, course)):
        flown = profile(path.length_m, kind, level, cruise_kt, fields_m)
        if flown is not None:
            found.append((level, flown))
        if len(found) == 6:
            break
    return chance.of(found) if found else None
