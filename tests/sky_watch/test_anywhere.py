"""The same sky anywhere on the globe: the same alerts, and in their reasons the same metres."""

from __future__ import annotations

import math
import re

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.airspace.fix import Fix
from comity.airspace.heights import room
from comity.airspace.sphere import EARTH_SHARE, SPHERE_M, places_deg, places_m, velocities_mps
from comity.model.volume import Ring, ring_problem
from comity.views.sky.known import Known, WatchedArea
from sky.made import Matrix, rotation
from sky_watch.made import OPEN, at_place, began, expected, line, watch
from sky_watch.spoofing import spoofed

CENTRES = [(46.0, 8.0), (0.0, 179.79), (0.0, -179.79), (60.0, 179.6), (-75.0, -179.2), (88.8, 20.0), (-88.8, 100.0)]
RADIUS_M = 20_000.0
BEARINGS = (0.0, 90.0, 180.0, 270.0)


def beyond(latitude_deg: float, longitude_deg: float, bearing_deg: float, far_m: float) -> tuple[float, float]:
    """The place so far from another one in that direction, over the sphere."""
    lat, lon, course, angle = map(
        math.radians, (latitude_deg, longitude_deg, bearing_deg, math.degrees(far_m / SPHERE_M))
    )
    there = math.asin(math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(course))
    east = math.atan2(
        math.sin(course) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * math.sin(there)
    )
    return math.degrees(there), (math.degrees(lon + east) + 180) % 360 - 180


def disc(latitude_deg: float, longitude_deg: float) -> Ring:
    """A ring of many points around a place."""
    points = (beyond(latitude_deg, longitude_deg, bearing, RADIUS_M) for bearing in range(0, 360, 3))
    ring = tuple((round(lat * 1e7), round(lon * 1e7)) for lat, lon in points)
    assert ring_problem(ring) is None
    return ring


def standing_at(place: tuple[float, float]) -> list[Fix]:
    """Two reports of a flight that hardly moves."""
    fixes = [at_place("aaaaa1", at_s, 0, 0, speed_mps=1.0) for at_s in (0, 10)]
    return [msgspec.structs.replace(fix, latitude_deg=place[0], longitude_deg=place[1]) for fix in fixes]


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("bearing_deg", BEARINGS)
@pytest.mark.parametrize("far_m", [22_000.0, 45_000.0, 150_000.0])
def test_a_deviation_is_as_far_as_it_is(centre: tuple[float, float], bearing_deg: float, far_m: float) -> None:
    """Whatever lies between a corridor and its flight, edge of the map or pole: the metres are those over ground."""
    known = Known(expected=(expected(disc(*centre), address="aaaaa1"),))
    (alert,) = began(watch(standing_at(beyond(*centre, bearing_deg, far_m)), known=known))
    assert alert.finding.kind == "deviation"
    assert alert.finding.horizontal_m == pytest.approx(far_m - RADIUS_M, rel=0.01, abs=60)
    told = re.search(r"([0-9.]+) (k?m) off its corridor", alert.finding.reason)
    assert told is not None
    metres = float(told[1]) * (1000 if told[2] == "km" else 1)
    assert metres == pytest.approx(far_m - RADIUS_M, rel=0.01, abs=60)


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("bearing_deg", BEARINGS)
@pytest.mark.parametrize(
    ("far_m", "kinds"), [(0.0, ["area"]), (19_000.0, ["area"]), (24_000.0, ["near-area"]), (26_000.0, [])]
)
def test_an_area_is_where_it_is(
    centre: tuple[float, float], bearing_deg: float, far_m: float, kinds: list[str]
) -> None:
    """In an area, near it within 5 km, or not near it: on every side of it, wherever it lies."""
    known = Known(areas=(WatchedArea("zone", room(disc(*centre), OPEN), "5.1"),))
    seen = began(watch(standing_at(beyond(*centre, bearing_deg, far_m)), known=known))
    assert [alert.finding.kind for alert in seen] == kinds


def turned(fix: Fix, matrix: Matrix) -> Fix:
    """The same report on a globe that was turned."""
    turn = np.array(matrix)
    place = turn @ places_m(fix.latitude_deg, fix.longitude_deg)
    ahead = turn @ velocities_mps(fix.latitude_deg, fix.longitude_deg, fix.track_deg, 1.0)
    latitude_deg, longitude_deg = places_deg(place[None])[0].tolist()
    north, east = (velocities_mps(latitude_deg, longitude_deg, course, 1.0) for course in (0.0, 90.0))
    course = math.degrees(math.atan2(float(ahead @ east), float(ahead @ north))) % 360
    return msgspec.structs.replace(fix, latitude_deg=latitude_deg, longitude_deg=longitude_deg, track_deg=course)


SKY = (
    line("aaaaa1", until_s=60),
    line("aaaaa2", east_m=30_000, track_deg=270, until_s=60),
    line("aaaaa3", north_m=6_000, height_ft=30_400, until_s=60),
    line("aaaaa4", north_m=-7_000, height_ft=None, until_s=60),
    spoofed(line("aaaaa5", north_m=90_000, until_s=60), 3),
)


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.floats(-1, 1)] * 3), st.floats(0, 2 * math.pi))
def test_turning_the_world_changes_no_alert(axis: tuple[float, float, float], angle: float) -> None:
    """Under any rotation of the globe the same alerts begin, their metres the same but for the earth's flatness."""
    assume(math.hypot(*axis) > 0.1)
    matrix = rotation(axis, angle)
    here, there = (
        {alert.finding.key: alert.finding for alert in began(watch(*sky))}
        for sky in (SKY, [[turned(fix, matrix) for fix in flight] for flight in SKY])
    )
    assert here.keys() == there.keys() and len(here) >= 6
    for key, finding in here.items():
        if finding.horizontal_m is not None:
            assert there[key].horizontal_m == pytest.approx(finding.horizontal_m, rel=EARTH_SHARE - 1)
