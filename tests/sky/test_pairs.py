"""Losses of separation: the fast ways give what the slow one gives, wherever the world is turned."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.airspace import pairs
from comity.airspace.pairs import Crowds, Losses, Motion, losses
from comity.airspace.sphere import EARTH_SHARE, places_m, velocities_mps
from sky.made import (
    AHEAD_S,
    HORIZONTAL_M,
    VERTICAL_M,
    anywhere,
    as_pairs,
    east_of,
    level,
    motion_of,
    rotation,
    tracks_near,
    turned,
)
from sky.reference import UNKNOWN, Track, first_loss_s, gap_m, loses

EXAMPLES = settings(deadline=None, max_examples=120)
MARGIN_S = 1e-4
MARGIN_M = 1e-3


def both(motion: Motion, monkeypatch: pytest.MonkeyPatch, ahead_s: float = AHEAD_S) -> Losses:
    """The losses by comparing all pairs, the same to the last bit by cells."""
    with monkeypatch.context() as patch:
        patch.setattr(pairs, "PLAIN_UP_TO", 10**9)
        plain = losses(motion, HORIZONTAL_M, VERTICAL_M, ahead_s)
        patch.setattr(pairs, "PLAIN_UP_TO", 0)
        by_cells = losses(motion, HORIZONTAL_M, VERTICAL_M, ahead_s)
    assert as_pairs(plain) == as_pairs(by_cells)
    return plain


def of(tracks: list[Track], ahead_s: float = AHEAD_S) -> dict[tuple[int, int], tuple[float, float]]:
    """The losses among tracks, by pair."""
    return as_pairs(losses(motion_of(tracks), HORIZONTAL_M, VERTICAL_M, ahead_s))


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Lets a test force one of the two ways."""
    return monkeypatch


def crowd(count: int, seed: int, south: float, north: float, west: float, east: float) -> Motion:
    """Many tracks in a box: some fast, some in doubt, some of unknown height, some climbing."""
    dice = np.random.default_rng(seed)
    latitude, longitude = dice.uniform(south, north, count), dice.uniform(west, east, count)
    speed = np.where(dice.random(count) < 0.02, dice.uniform(400, 1_500, count), dice.uniform(0, 280, count))
    low = np.stack((dice.uniform(0, 12_000, count), np.full(count, -math.inf)), axis=1)
    high = low + np.where(dice.random((count, 2)) < 0.1, 500.0, 0.0)
    high[:, 1] = math.inf
    unknown = dice.random(count) < 0.02
    low[unknown], high[unknown] = -math.inf, math.inf
    return Motion(
        places_m(latitude, longitude),
        velocities_mps(latitude, longitude, dice.uniform(0, 360, count), speed),
        low,
        high,
        np.where(dice.random(count) < 0.3, dice.uniform(-20, 20, count), 0.0),
        np.where(dice.random(count) < 0.1, dice.uniform(0, 2_000, count), 0.0),
    )


@EXAMPLES
@given(tracks=anywhere, ahead_s=st.sampled_from([0.0, 60.0, 300.0, 3_600.0]))
def test_fast_ways_agree_with_the_slow_one(tracks: list[Track], ahead_s: float) -> None:
    """All pairs, and cells, find each loss that the slow reference finds, and no other, at the same second."""
    with pytest.MonkeyPatch.context() as patch:
        found = as_pairs(both(motion_of(tracks), patch, ahead_s))
    for j, other in enumerate(tracks):
        for i, one in enumerate(tracks[:j]):
            slow_s = first_loss_s(one, other, HORIZONTAL_M, VERTICAL_M, ahead_s)
            fast = found.get((i, j))
            if slow_s is not None and fast is not None:
                assert abs(fast[0] - slow_s) < MARGIN_S
            elif (slow_s is None) != (fast is None):
                near = {
                    first_loss_s(one, other, HORIZONTAL_M + by, VERTICAL_M + by, ahead_s) is None
                    for by in (-MARGIN_M, MARGIN_M)
                }
                assert near == {True, False}, f"{one} and {other}: {slow_s} by the slow way, {fast} by the fast"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("box", [(30, 33, 30, 34), (-90, 90, -180, 180), (88, 90, -180, 180), (-3, 3, 177, 183)])
def test_cells_find_what_all_pairs_find(
    patch: pytest.MonkeyPatch, seed: int, box: tuple[float, float, float, float]
) -> None:
    """Among 1,500 tracks in any part of the world the two ways agree to the last bit, in any number of slots."""
    motion = crowd(1_500, seed, *box)
    whole = as_pairs(both(motion, patch))
    for slots in (1, 3, 7):
        patch.setattr(pairs, "slots_for", lambda *_, slots=slots: slots)
        assert as_pairs(both(motion, patch)) == whole
    assert box == (-90, 90, -180, 180) or len(whole) > 20


@EXAMPLES
@given(st.lists(tracks_near(35, 36, 0.3), max_size=10), st.randoms(use_true_random=False))
def test_wrong_bearing_in_a_compiled_helper(tracks: list[Track], dice: object) -> None:
    """Each answer is the same from both sides: in any order of the tracks, the same pairs at the same times."""
    order = list(range(len(tracks)))
    dice.shuffle(order)  # type: ignore[attr-defined]
    there = {tuple(sorted((order[i], order[j]))): times for (i, j), times in of([tracks[n] for n in order]).items()}
    assert there == of(tracks)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_many_does_not_matter(seed: int) -> None:
    """Among enough tracks for cells and slots, a few of them far faster, each pair has the same times in any order."""
    motion = crowd(900, seed, 34, 36, 35, 37)
    order = np.random.default_rng(seed).permutation(900)
    shuffled = Motion(*(getattr(motion, name)[order] for name in Motion.__dataclass_fields__))
    there = as_pairs(losses(shuffled, HORIZONTAL_M, VERTICAL_M, AHEAD_S))
    found = {tuple(sorted((int(order[i]), int(order[j])))): times for (i, j), times in there.items()}
    here = as_pairs(losses(motion, HORIZONTAL_M, VERTICAL_M, AHEAD_S))
    assert found == here and len(here) > 1_000


@pytest.mark.parametrize("seed", range(3))
def test_wrong_bearing_among_many(patch: pytest.MonkeyPatch, seed: int) -> None:
    """The same of 1,500 tracks that cells hold, turned round and shuffled: every pair from both sides, at one time."""
    motion = crowd(1_500, seed, 30, 33, 30, 34)
    plain = as_pairs(both(motion, patch))
    for order in (np.arange(1_500)[::-1], np.random.default_rng(seed).permutation(1_500)):
        parts = (getattr(motion, each.name)[order] for each in fields(Motion))
        found = as_pairs(both(Motion(*parts), patch))
        there = {(min(order[i], order[j]), max(order[i], order[j])): times for (i, j), times in found.items()}
        assert there.keys() == plain.keys()
        assert all(times == pytest.approx(plain[pair], abs=1e-9) for pair, times in there.items())
    assert len(plain) > 20


@EXAMPLES
@given(
    st.lists(tracks_near(35, 36, 0.4), min_size=2, max_size=8),
    st.tuples(*[st.floats(-1, 1)] * 3),
    st.floats(0, 2 * math.pi),
)
def test_turning_the_world_changes_nothing(tracks: list[Track], axis: tuple[float, float, float], angle: float) -> None:
    """Under any rotation of the globe, over the poles and the antimeridian, the same pairs lose separation."""
    assume(math.hypot(*axis) > 0.1)
    here, there = motion_of(tracks), turned(motion_of(tracks), rotation(axis, angle))
    found, again = (as_pairs(losses(each, HORIZONTAL_M, VERTICAL_M, AHEAD_S)) for each in (here, there))
    for i, j in found.keys() ^ again.keys():
        near = {
            first_loss_s(tracks[i], tracks[j], HORIZONTAL_M + by, VERTICAL_M + by, AHEAD_S) is None
            for by in (-MARGIN_M, MARGIN_M)
        }
        assert near == {True, False}
    for pair in found.keys() & again.keys():
        assert abs(found[pair][0] - again[pair][0]) < MARGIN_S


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Track(10, 179.9, 90, 250, level(9_000)), Track(10, -179.9, 270, 250, level(9_000))),
        (Track(10, -179.9, 270, 250, level(9_000)), Track(10, 179.9, 90, 250, level(9_000))),
    ],
)
def test_antimeridian(one: Track, other: Track) -> None:
    """Two that fly head-on over longitude 180 lose separation as they would over longitude 0."""
    moved = [replace(each, longitude_deg=(each.longitude_deg + 180) % 360) for each in (one, other)]
    (found,), (expected,) = of([one, other]).values(), of(moved).values()
    assert found == pytest.approx(expected, abs=MARGIN_S)


@pytest.mark.parametrize("sign", [1, -1])
def test_poles(sign: int) -> None:
    """Two that fly head-on over a pole lose separation; so do two that cross there."""
    course = 0 if sign > 0 else 180
    over = [Track(sign * 89.8, lon, course, 250, level(9_000)) for lon in (20, -160, 110)]
    assert set(of(over)) == {(0, 1), (0, 2), (1, 2)}
    expected = (2 * 0.2 * 60 * 1852 - HORIZONTAL_M) / 500
    assert of(over)[0, 1][0] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("speed_mps", [0.0, 230.0])
def test_identical_velocity(speed_mps: float) -> None:
    """Two 1.2 NM apart at one height and with one velocity have lost separation now, and all the while."""
    near = 1.2 * 1852
    pair = [Track(0, 0, 90, speed_mps, level(9_000)), Track(0, east_of(near), 90, speed_mps, level(9_000))]
    assert of(pair) == {(0, 1): (0.0, AHEAD_S)}


def test_identical_tracks() -> None:
    """The same track twice, at no distance, has lost separation all the while."""
    track = Track(35, 36, 77, 200, level(9_000), 3.0)
    assert of([track, track]) == {(0, 1): (0.0, AHEAD_S)}


def test_exactly_1000_ft() -> None:
    """Exactly at the vertical minimum separation is kept, a millimetre below it is lost; from both sides."""
    for heights, lost in (((9_000.0, 9_304.8), False), ((9_304.8, 9_000.0), False), ((9_000.0, 9_304.799), True)):
        assert bool(of([Track(0, 0, heights=level(each)) for each in heights])) is lost
    for feet in range(0, 40_000, 25):
        exact = [Track(0, 0, heights=level(each * 0.3048)) for each in (feet, feet + 1_000)]
        assert not of(exact)


def test_exactly_5_nm() -> None:
    """Exactly at the horizontal minimum separation is kept, a millimetre below it is lost; wherever the world turns."""
    for east_m, lost in ((HORIZONTAL_M, False), (HORIZONTAL_M - 0.001, True)):
        pair = [Track(0, 0, heights=level(0)), Track(0, east_of(east_m), heights=level(0))]
        for angle in np.linspace(0, 6, 40):
            motion = turned(motion_of(pair), rotation((1, 2, 3), angle))
            assert bool(len(losses(motion, HORIZONTAL_M, VERTICAL_M, AHEAD_S).first)) is lost


def test_climbing_to_exactly_1000_ft_below() -> None:
    """One that climbs and has just reached the minimum when it leaves the circle never loses separation."""
    above, below = (
        Track(0, 0, heights=level(3_000)),
        Track(0, 0, heights=level(3_000 - VERTICAL_M - 300), climb_mps=1.0),
    )
    assert not of([above, below], ahead_s=300.0)
    assert of([above, below], ahead_s=300.01)[0, 1][0] == pytest.approx(300.0, abs=MARGIN_S)


@pytest.mark.parametrize("datum", [0, 1])
def test_unknown_altitude_is_all_altitudes(datum: int) -> None:
    """A track of unknown height meets every height; one known in the other datum only, too."""
    known = Track(0, 0, heights=level(9_000))
    bands = [(-math.inf, math.inf), (-math.inf, math.inf)]
    bands[datum] = (0.0, math.inf)
    assert of([known, Track(0, 0, heights=UNKNOWN)]) == {(0, 1): (0.0, AHEAD_S)}
    assert of([known, Track(0, 0, heights=(bands[0], bands[1]), climb_mps=-5.0)]) != {}
    assert of([Track(0, 0, heights=UNKNOWN, climb_mps=9.0)] * 2) == {(0, 1): (0.0, AHEAD_S)}


def test_pressure_is_compared_with_pressure() -> None:
    """Apart in either datum is apart; a pressure altitude and a height alone are never apart."""
    pressure, height = level(3_000), ((-math.inf, math.inf), (9_000.0, 9_000.0))
    assert of([Track(0, 0, heights=pressure), Track(0, 0, heights=height)])
    one, other = ((3_000.0, 3_000.0), (2_900.0, 2_900.0)), ((3_100.0, 3_100.0), (3_300.0, 3_300.0))
    assert not of([Track(0, 0, heights=one), Track(0, 0, heights=other)])


def test_units() -> None:
    """A knot is a nautical mile an hour, a foot 0.3048 m: 5 NM and 1,000 ft are 9,260 m and 304.8 m."""
    from comity.airspace.sphere import FPM_MPS, FT_M, KT_MPS, NM_M, SPHERE_M

    assert (NM_M, FT_M, 5 * NM_M, 1_000 * FT_M) == (1_852.0, 0.3048, HORIZONTAL_M, VERTICAL_M)
    assert pytest.approx((NM_M, FT_M)) == (KT_MPS * 3_600, FPM_MPS * 60)
    assert math.radians(1 / 60) * SPHERE_M == pytest.approx(NM_M)


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 360), st.floats(0, 1_500))
def test_vectors_are_those_of_the_slow_code(lat: float, lon: float, course: float, speed: float) -> None:
    """Places and velocities agree with vectors made by turning north and east."""
    slow = Track(lat, lon, course, speed)
    assert places_m(lat, lon) == pytest.approx(slow.place_m, abs=1e-6)
    assert velocities_mps(lat, lon, course, speed) == pytest.approx(slow.velocity_mps, abs=1e-9)


def test_sphere_vs_wgs84() -> None:
    """Over 5 NM the sphere and the WGS84 ellipsoid differ by at most the share that is stated."""
    major, e2 = 6_378_137.0, 0.00669437999014

    def ellipsoid(lat: float, lon: float) -> tuple[float, float, float]:
        n = major / math.sqrt(1 - e2 * math.sin(lat) ** 2)
        return n * math.cos(lat) * math.cos(lon), n * math.cos(lat) * math.sin(lon), n * (1 - e2) * math.sin(lat)

    shares = []
    for latitude_deg in range(-89, 90):
        lat = math.radians(latitude_deg)
        for course in range(0, 360, 15):
            d_lat = math.radians(5 / 60) * math.cos(math.radians(course))
            d_lon = math.radians(5 / 60) * math.sin(math.radians(course)) / math.cos(lat)
            sphere = gap_m(Track(latitude_deg, 0), Track(math.degrees(lat + d_lat), math.degrees(d_lon)), 0)
            shares.append(math.dist(ellipsoid(lat, 0), ellipsoid(lat + d_lat, d_lon)) / sphere)
    assert min(shares) > 1 / EARTH_SHARE and max(shares) < EARTH_SHARE


@pytest.mark.parametrize("longitude_deg", range(-180, 180, 15))
def test_hardcoded_utm_zone(longitude_deg: int) -> None:
    """A metre is a metre at every longitude: the same two flights have the same times everywhere."""
    lon = float(longitude_deg)
    pair = [Track(31.9, lon, 90, 200, level(9_000)), Track(31.9, lon + 0.5, 270, 200, level(9_000))]
    there = [replace(each, longitude_deg=each.longitude_deg - lon) for each in pair]
    assert of(pair)[0, 1] == pytest.approx(of(there)[0, 1], abs=MARGIN_S)


@EXAMPLES
@given(anywhere, tracks_near(35, 36))
def test_adding_a_track_never_removes_a_conflict(tracks: list[Track], more: Track) -> None:
    """With one track more, each pair that lost separation loses it still, at the same time."""
    with pytest.MonkeyPatch.context() as patch:
        before, after = both(motion_of(tracks), patch), both(motion_of([*tracks, more]), patch)
    assert as_pairs(before).items() <= as_pairs(after).items()


@EXAMPLES
@given(anywhere, st.floats(0, 5_000), st.floats(0, 500))
def test_more_doubt_never_removes_a_conflict(tracks: list[Track], wider_m: float, taller_m: float) -> None:
    """When places or heights are known less well, each pair that lost separation loses it still, no later."""
    motion = motion_of(tracks)
    before = as_pairs(losses(motion, HORIZONTAL_M, VERTICAL_M, AHEAD_S))
    vague = replace(
        motion,
        doubt_m=motion.doubt_m + wider_m,
        low_m=motion.low_m - taller_m,
        high_m=motion.high_m + taller_m,
    )
    after = as_pairs(losses(vague, HORIZONTAL_M, VERTICAL_M, AHEAD_S))
    assert all(pair in after and after[pair][0] <= times[0] + MARGIN_S for pair, times in before.items())


def test_look_ahead_of_nothing_finds_what_is_lost_now() -> None:
    """With a look-ahead of 0 s just those are found that have lost separation now."""
    near = Track(0, east_of(9_000), 90, 200, level(9_000))
    tracks = [Track(0, 0, 90, 200, level(9_000)), near, Track(0, east_of(19_000), 270, 200, level(9_000))]
    assert of(tracks, ahead_s=0.0) == {(0, 1): (0.0, 0.0)}
    assert set(of(tracks, ahead_s=1.0)) == {(0, 1)}
    assert loses(tracks[0], tracks[1], 0.0, HORIZONTAL_M, VERTICAL_M)


@pytest.mark.parametrize("count", [0, 1])
def test_none_and_one(patch: pytest.MonkeyPatch, count: int) -> None:
    """No track, and one alone, lose no separation."""
    assert not as_pairs(both(motion_of([Track(35, 36)] * count), patch))


def test_far_and_fast_tracks(patch: pytest.MonkeyPatch) -> None:
    """A few that fly beyond all others are found against them and against each other."""
    slow = [Track(35 + n / 10, 36 + k / 10, 10 * n, 20.0, level(9_000)) for n in range(12) for k in range(12)]
    fast = [Track(35, 36 - n, 90, 1_400.0, level(9_000)) for n in range(1, 4)]
    found = as_pairs(both(motion_of([*slow, *fast]), patch))
    first = len(slow)
    assert {j for _, j in found} >= {first, first + 1}
    expected = {
        (i, j)
        for j, other in enumerate([*slow, *fast])
        for i, one in enumerate([*slow, *fast][:j])
        if j >= first and first_loss_s(one, other, HORIZONTAL_M, VERTICAL_M, AHEAD_S) is not None
    }
    assert {pair for pair in found if pair[1] >= first} == expected


def test_more_losses_than_asked_for_are_counted(patch: pytest.MonkeyPatch) -> None:
    """Past the number asked for, losses are counted and left out, whichever way they are found."""
    motion = motion_of([Track(35, 36)] * 40)
    for plain_up_to in (0, 1_000):
        patch.setattr(pairs, "PLAIN_UP_TO", plain_up_to)
        found = losses(motion, HORIZONTAL_M, VERTICAL_M, AHEAD_S, most=100)
        assert (len(found.first), found.omitted) == (100, 680)
        assert losses(motion, HORIZONTAL_M, VERTICAL_M, AHEAD_S).omitted == 0


@pytest.mark.parametrize("plain_up_to", [0, 1_000])
@pytest.mark.parametrize("partners_most", [1, 4])
def test_of_a_crowd_each_is_sure_of_some_partners_of_each_group(
    patch: pytest.MonkeyPatch, plain_up_to: int, partners_most: int
) -> None:
    """Each track has so many partners of each group, or all; no pair is made up, and what is left out is counted."""
    motion = crowd(500, 3, 35, 35.15, 36, 36.15)
    groups = np.arange(500) % 3
    patch.setattr(pairs, "PLAIN_UP_TO", plain_up_to)
    whole = losses(motion, HORIZONTAL_M, VERTICAL_M, 0.001)
    some = losses(motion, HORIZONTAL_M, VERTICAL_M, 0.001, crowds=Crowds(groups, partners_most))
    assert as_pairs(some).items() <= as_pairs(whole).items()
    assert some.omitted >= len(whole.first) - len(some.first) > 1_000
    assert len(some.first) <= 3 * partners_most * 500
    for found, most in ((whole, 500), (some, partners_most)):
        told = np.zeros((500, 3), int)
        for i, j in as_pairs(found):
            told[i, groups[j]] += 1
            told[j, groups[i]] += 1
        if found is whole:
            every = told
        assert (told >= np.minimum(every, most)).all()
        assert most == 500 or (found.partners == told).all()
