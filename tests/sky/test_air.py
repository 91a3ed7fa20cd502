"""What the watch runs on: the picture's arrays against slow code, and against aircraft that fly as they may."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comity.airspace.fix import Fix
from comity.airspace.picture import (
    BANK_MPS2,
    CLIMB_DOUBT_MPS,
    GATHERED_MPS,
    HEIGHT_KNOWN_S,
    LEVEL_DOUBT_MPS,
    Air,
    Picture,
)
from comity.airspace.sphere import place_m, places_m, shortest_m, velocities_mps, velocity_mps
from comity.airspace.track import UNTOLD_MPS, Mark
from sky.reference import SPHERE_M, Track
from sky.test_heights import in_the_air

AT_MS = 1_500_000_000_000
EXAMPLES = settings(deadline=None, max_examples=150)
GEOID_M, SEA_HPA, WARMER_K = 110.0, (960.0, 1_055.0), (-35.0, 35.0)  # of the world, whatever the code believes

latitudes = st.sampled_from([-90.0, -89.99, 0.0, 46.0, 89.9, 90.0]) | st.floats(-90, 90)
longitudes = st.sampled_from([-180.0, 0.0, 180.0]) | st.floats(-180, 180)


def report(
    latitude_deg: float = 46.0,
    longitude_deg: float = 8.0,
    *,
    pressure_m: float | None = None,
    geometric_m: float | None = None,
    speed_mps: float | None = 200.0,
    track_deg: float | None = 90.0,
    climb_mps: float | None = 0.0,
    doubt_m: float = 0.0,
    height_doubt_m: float = 0.0,
    at_s: float = 0.0,
) -> Fix:
    """One report."""
    at_ms = AT_MS + round(at_s * 1000)
    return Fix(
        source="radar",
        at_ms=at_ms,
        arrived_ms=at_ms,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        address="aaaaa1",
        pressure_m=pressure_m,
        geometric_m=geometric_m,
        speed_mps=speed_mps,
        track_deg=track_deg,
        climb_mps=climb_mps,
        doubt_m=doubt_m,
        height_doubt_m=height_doubt_m,
    )


def air_of(*fixes: Fix, after_s: float = 0.0) -> Air:
    """The picture of one track, so long after the last report."""
    picture = Picture()
    for fix in fixes:
        assert picture.take(fix) is None
    return picture.air(fixes[-1].at_ms + round(after_s * 1000))


@EXAMPLES
@given(latitudes, longitudes, st.floats(0, 360), st.floats(0, 400), st.floats(0, 100))
def test_a_track_is_led_on_as_the_slow_code_leads_it(
    latitude: float, longitude: float, course: float, speed: float, after_s: float
) -> None:
    """Anywhere on earth, poles and antimeridian included, the place and the velocity are the reference's."""
    after_s = round(after_s, 3)
    air = air_of(report(latitude, longitude, speed_mps=speed, track_deg=course), after_s=after_s)
    slow = Track(latitude, longitude, course, speed)
    for motion in (air.nominal, air.wide):
        assert motion.velocity_mps[0] == pytest.approx(slow.velocity_mps, abs=1e-6)
        assert motion.place_m[0] == pytest.approx(slow.at(after_s), abs=1e-3)


@EXAMPLES
@given(latitudes, longitudes, st.floats(0, 360), st.floats(0, 400))
def test_one_place_is_as_many_are(latitude: float, longitude: float, course: float, speed: float) -> None:
    """What is computed of one track alone is what is computed of all at once."""
    assert place_m(latitude, longitude) == pytest.approx(places_m([latitude], [longitude])[0], abs=1e-6)
    one, all_ = velocity_mps(latitude, longitude, course, speed), velocities_mps(latitude, longitude, course, speed)
    assert one == pytest.approx(all_, abs=1e-9)


@EXAMPLES
@example(12_000.0, 960.0, 35.0, 110.0, "pressure", 0.0, 0.0, 0.0)
@example(12_000.0, 960.0, -35.0, -110.0, "pressure", 0.0, 0.0, 0.0)
@example(0.0, 960.0, 35.0, 0.0, "pressure", 0.0, 0.0, 0.0)
@example(0.0, 1_055.0, 35.0, 110.0, "geometric", 0.0, 0.0, 0.0)
@example(12_000.0, 1_055.0, 35.0, 110.0, "geometric", 300.0, 1.0, 0.0)
@example(12_000.0, 960.0, -35.0, -110.0, "geometric", 300.0, -1.0, 0.0)
@given(
    st.floats(-400, 12_000),
    st.floats(*SEA_HPA),
    st.floats(*WARMER_K),
    st.floats(-GEOID_M, GEOID_M),
    st.sampled_from(["pressure", "geometric", "both", "neither"]),
    st.floats(0, 500) | st.just(0.0),
    st.floats(-1, 1),
    st.floats(0, 50),
)
def test_the_true_height_is_in_the_band(
    pressure: float, sea_hpa: float, warmer_k: float, geoid: float, told: str, doubt: float, off: float, after_s: float
) -> None:
    """Whatever the air, the datum and the doubt that a feed tells: the heights that it truly has are in its bands."""
    above_sea = in_the_air(pressure, sea_hpa, warmer_k)
    fix = report(
        pressure_m=pressure if told in ("pressure", "both") else None,
        geometric_m=above_sea + geoid + off * doubt if told in ("geometric", "both") else None,
        height_doubt_m=doubt,
    )
    air = air_of(fix, after_s=after_s)
    for datum, truth in enumerate((pressure, above_sea)):
        assert air.wide.low_m[0, datum] <= truth <= air.wide.high_m[0, datum]
    known = {"pressure": [True, False], "geometric": [False, True], "both": [True, True], "neither": [False, False]}
    assert np.isfinite(air.nominal.low_m[0]).tolist() == known[told]
    assert np.isfinite(air.wide.low_m[0]).tolist() == [told != "neither"] * 2


def flown(fix: Fix, after_s: float, bank: float, gather: float) -> tuple[float, float, float]:
    """Where it is if it banks or gathers speed all the while, by steps of 0.1 s in the plane of the report."""
    here = Track(fix.latitude_deg, fix.longitude_deg)
    at = np.array(here.place_m)
    north = np.array(Track(fix.latitude_deg, fix.longitude_deg, 0.0, 1.0).velocity_mps)
    east = np.array(Track(fix.latitude_deg, fix.longitude_deg, 90.0, 1.0).velocity_mps)
    speed, course = fix.speed_mps or 0.0, math.radians(fix.track_deg or 0.0)
    top = speed + GATHERED_MPS
    steps = max(1, round(after_s * 10))
    for _ in range(steps):
        step = after_s / steps
        at = at + (north * math.cos(course) + east * math.sin(course)) * speed * step
        speed = min(top, speed + gather * BANK_MPS2 * step)
        course += math.sqrt(1 - gather * gather) * bank * BANK_MPS2 / max(speed, 1.0) * step
    x, y, z = at.tolist()
    return x, y, z


@EXAMPLES
@given(
    st.sampled_from([(46.0, 8.0), (0.0, 180.0), (89.5, 10.0)]),
    st.sampled_from([0.0, 3.0, 60.0, 230.0]),
    st.floats(0, 360),
    st.floats(0, 90),
    st.floats(-1, 1),
    st.floats(0, 1),
    st.floats(0, 3_000) | st.just(0.0),
    st.floats(0, 360),
)
def test_the_true_place_is_within_the_doubt(
    at: tuple[float, float],
    speed: float,
    course: float,
    after_s: float,
    bank: float,
    gather: float,
    doubt: float,
    off_deg: float,
) -> None:
    """A silent aircraft that turns, or gathers speed from a hover on, is where the wide row says that it may be.

    The report itself is off by all the doubt that its feed tells.
    """
    fix = report(*at, speed_mps=speed, track_deg=course, doubt_m=doubt)
    air = air_of(fix, after_s=after_s)
    gone = np.array(flown(fix, after_s, bank, gather))
    off = np.array(Track(*at, off_deg, doubt).velocity_mps)
    assert math.dist(gone + off, air.wide.place_m[0]) <= air.wide.doubt_m[0] + 1.0
    if after_s < 1.0:
        assert air.wide.doubt_m[0] <= doubt + BANK_MPS2 * 0.5 + 1.0


@given(st.floats(1, 100), st.floats(0, 300), st.floats(0, 360))
def test_who_tells_no_course_may_be_anywhere_around(after_s: float, speed: float, course: float) -> None:
    """Without a speed or a course a track stays where it was told, as wide as it may have flown, and says so."""
    after_s = round(after_s, 3)
    for fix in (report(speed_mps=None, track_deg=None), report(speed_mps=speed, track_deg=None)):
        air = air_of(fix, after_s=after_s)
        assert air.nominal.velocity_mps[0].tolist() == [0, 0, 0]
        gone = Track(46.0, 8.0, course, speed).at(after_s)
        assert math.dist(gone, air.nominal.place_m[0]) <= air.wide.doubt_m[0] + 1e-3
        told_to_stand = fix.speed_mps is not None and fix.speed_mps < 5
        assert bool(air.marks[0] & Mark.NO_COURSE) == (after_s > 1 and not told_to_stand)
    assert air_of(report(speed_mps=None), after_s=after_s).wide.doubt_m[0] >= UNTOLD_MPS * after_s


def test_what_is_told_later_or_measured_is_known() -> None:
    """The second place tells the speed and the course of the first; a speed alone waits for a course."""
    fixes = [report(46.0 + n / 100, speed_mps=None, track_deg=None, climb_mps=None, at_s=10.0 * n) for n in range(2)]
    (track,) = air_of(*fixes).tracks
    assert (track.speed_mps, track.track_deg) == pytest.approx((111.12, 0.0), abs=0.1)
    (track,) = air_of(report(speed_mps=80.0, track_deg=None, climb_mps=None)).tracks
    assert track.speed_mps == 80.0
    assert math.isnan(track.track_deg) and math.isnan(track.climb_mps)


def test_who_tells_no_climb_may_climb() -> None:
    """A height whose climb nobody told or measured is as wide as a climb, not as wide as a level."""
    for climb_mps, spread in ((0.0, LEVEL_DOUBT_MPS), (None, CLIMB_DOUBT_MPS)):
        air = air_of(report(pressure_m=9_000.0, climb_mps=climb_mps), after_s=10)
        assert air.wide.high_m[0, 0] == pytest.approx(9_000 + 10 * spread)
        assert air.nominal.low_m[0, 0] == 9_000.0


def test_a_height_that_is_old_is_none() -> None:
    """After a minute a height is any."""
    for after_s, known in ((HEIGHT_KNOWN_S, True), (HEIGHT_KNOWN_S + 1, False)):
        assert bool(np.isfinite(air_of(report(pressure_m=9_000.0), after_s=after_s).wide.low_m).all()) is known


@pytest.mark.parametrize("ahead_s", [3, 30, 600])
def test_what_is_ahead_of_now_is_old(ahead_s: int) -> None:
    """A track of another clock's future is as old as it is ahead, and gone beyond what is lost; never new."""
    picture = Picture()
    assert picture.take(report(pressure_m=9_000.0)) is None
    air = picture.air(AT_MS - ahead_s * 1000)
    if ahead_s > picture.lost_after_s:
        assert not air.tracks
        return
    assert (air.age_s[0], air.heard_s[0]) == (ahead_s, ahead_s)
    assert bool(air.marks[0] & Mark.OLD) == (ahead_s > picture.old_after_s)
    assert air.wide.doubt_m[0] > 0


def test_ages_survive_a_clock_that_steps() -> None:
    """Moved with the clock, every row is as it was: place, age, bands and marks, its claims among them."""
    picture = Picture()
    fixes = [report(46.0, 8.0 + n / 50, pressure_m=9_000.0, at_s=10.0 * n) for n in range(8)]
    fixes[5] = msgspec.structs.replace(fixes[5], latitude_deg=48.0, pressure_m=1_000.0)
    fixes[6] = msgspec.structs.replace(fixes[6], pressure_m=2_000.0)
    for fix in fixes:
        picture.take(fix)
    before = picture.air(AT_MS + 80_000)
    picture.shift(-600_000)
    after = picture.air(AT_MS + 80_000 - 600_000)
    assert len(before.tracks) == len(after.tracks) == 2
    for name in ("marks", "age_s", "heard_s", "contested"):
        assert getattr(before, name).tolist() == getattr(after, name).tolist()
    for one, other in ((before.nominal, after.nominal), (before.wide, after.wide)):
        for name in ("place_m", "velocity_mps", "low_m", "high_m", "climb_mps", "doubt_m"):
            assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert picture.take(msgspec.structs.replace(fixes[7], at_ms=AT_MS - 519_000, arrived_ms=AT_MS - 519_000)) is None
    assert picture.late == 0


def ellipsoid_m(latitude_deg: float, longitude_deg: float) -> tuple[float, float, float]:
    """A place on WGS84, from its middle: another formula than the radii of curvature of the fast code."""
    lat, lon = math.radians(latitude_deg), math.radians(longitude_deg)
    equator_m, flattening = 6_378_137.0, 1 / 298.257223563
    square = flattening * (2 - flattening)
    normal = equator_m / math.sqrt(1 - square * math.sin(lat) ** 2)
    return (
        normal * math.cos(lat) * math.cos(lon),
        normal * math.cos(lat) * math.sin(lon),
        normal * (1 - square) * math.sin(lat),
    )


@EXAMPLES
@given(st.floats(-89, 89), longitudes, st.floats(0, 360), st.floats(10, 10_000))
def test_no_distance_is_measured_long(latitude: float, longitude: float, course: float, far_m: float) -> None:
    """Over ten kilometres anywhere the measure is at most that of the sphere, and of WGS84 but for a metre."""
    here = Track(latitude, longitude, course, far_m)
    there = here.at(1.0)
    norm = math.hypot(*there)
    other = math.degrees(math.asin(there[2] / norm)), math.degrees(math.atan2(there[1], there[0]))
    gap = np.array([Track(*other).place_m]) - np.array([here.place_m])
    measured = float(shortest_m(np.array([here.place_m]), gap)[0])
    sphere_m = math.dist(Track(*other).place_m, here.place_m)
    truth_m = math.dist(ellipsoid_m(latitude, longitude), ellipsoid_m(*other))
    assert measured <= sphere_m + 1e-6
    assert measured == pytest.approx(min(sphere_m, truth_m), abs=1.0)


def test_the_sphere_measures_long_at_the_equator() -> None:
    """Why it matters: north to south at the equator 9,209 m on the ground are 9,254 m on the sphere."""
    gap_m = SPHERE_M * math.radians(9_209 / 110_574)
    gap = np.array([[0.0, 0.0, gap_m]])
    assert gap_m > 9_209 * 1.004
    assert shortest_m(np.array([[SPHERE_M, 0.0, 0.0]]), gap)[0] == pytest.approx(9_209, abs=1)
