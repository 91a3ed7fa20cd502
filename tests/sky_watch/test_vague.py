"""Places in doubt: what is vague is said once a track, in bounded time; what is too vague is no place."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import msgspec
import pytest

from comity.airspace.fix import Fix
from comity.airspace.heights import room
from comity.airspace.picture import Picture
from comity.views.sky.alerts import Finding
from comity.views.sky.known import VAGUE_M, Known, WatchedArea
from comity.views.sky.minima import Minima
from comity.views.sky.watch import Moment, Watched, look
from sky_watch.made import BEGIN_MS, OPEN, area, at_place, began, expected, kinds, line, square, watch

CHANCE = Random(5)
FAR_M = 300_000.0
PLACES = [(CHANCE.uniform(-FAR_M, FAR_M), CHANCE.uniform(-FAR_M, FAR_M)) for _ in range(300)]
AREAS = tuple(
    WatchedArea(f"A-{number}", room(square(*place, 5_000), OPEN), "5.1") for number, place in enumerate(PLACES)
)


def spread(count: int, doubt_m: float) -> list[Fix]:
    """Tracks all over the land, each in so much doubt."""
    places = [(CHANCE.uniform(-FAR_M, FAR_M), CHANCE.uniform(-FAR_M, FAR_M)) for _ in range(count)]
    fixes = [at_place(f"{number:06x}", 0, *place, height_ft=100.0 * number) for number, place in enumerate(places)]
    return [msgspec.structs.replace(fix, pressure_m=fix.pressure_m, doubt_m=doubt_m) for fix in fixes]


def looked(fixes: list[Fix], known: Known, minima: Minima | None = None) -> tuple[Moment, float]:
    """The first moment after them, and the processor time of a look once all is compiled."""
    picture = Picture()
    for fix in fixes:
        picture.take(fix)
    known.fence.plots  # noqa: B018
    costs = []
    for _ in range(2):
        begin = time.process_time()
        moment = look(picture, known, minima or Minima(), Watched(), BEGIN_MS)
        costs.append(time.process_time() - begin)
    return moment, min(costs)


def test_a_place_in_vast_doubt_is_no_place() -> None:
    """Tracks that may be anywhere within 500 km meet no area and nobody; each is said, once."""
    moment, cost_s = looked(spread(300, 500_000.0), Known(AREAS))
    found = [alert.finding for alert in moment.heard.standing]
    assert len(found) == 300 and {(each.kind, each.thing) for each in found} == {("implausible", "doubt")}
    assert "tells its place to no better than 500 km: held against nothing" in found[0].reason
    assert cost_s < 0.3


def test_a_vague_place_is_one_finding_of_each_kind() -> None:
    """A place known to 39 km, among hundreds of areas, is perhaps in several: one warning that names three."""
    moment, cost_s = looked(spread(150, 39_000.0), Known(AREAS))
    by_track: dict[str, list[Finding]] = {}
    for each in (alert.finding for alert in moment.heard.standing):
        if each.kind in ("possible-area", "near-area"):
            by_track.setdefault(each.identities[0], []).append(each)
    assert len(by_track) > 140
    assert all(len([each for each in found if each.thing == "several areas"]) <= 1 for found in by_track.values())
    assert all(len(found) <= 3 for found in by_track.values())
    said = next(each for found in by_track.values() for each in found if each.thing == "several areas")
    assert " is perhaps in A-" in said.reason and "more; its place is known to 39.0 km" in said.reason
    assert cost_s < 1.0


def test_what_is_surely_entered_is_always_named() -> None:
    """Of many areas one over another each that a track is surely in is an alarm of its own."""
    areas = tuple(replace(area(square(0, 0, 20_000 + 100 * number)), id=f"zone {number}") for number in range(10))
    assert kinds(watch(line("aaaaa1", until_s=0), known=Known(areas))) == ["area"] * 10


@pytest.mark.parametrize("near_area_m", [5_000.0, 20_000.0, 100_000.0])
def test_near_may_be_far(near_area_m: float) -> None:
    """The distance at which a track is near costs no walk over all areas, and is kept."""
    known = Known(AREAS, reach_m=near_area_m + VAGUE_M)
    minima = replace(Minima(), near_area_m=near_area_m)
    _, cost_s = looked(spread(500, 0.0), known, minima)
    assert cost_s < 1.0
    alone = Known((area(square(0, 200_000, 10_000)),), reach_m=near_area_m + VAGUE_M)
    inside, outside = (
        kinds(watch(line("aaaaa1", east_m=190_000 - far_m, speed_mps=1.0), known=alone, minima=minima))
        for far_m in (near_area_m - 200, near_area_m + 1_500)
    )
    assert (inside, outside) == (["near-area"], [])


@pytest.mark.parametrize("doubt_m", [30_000.0, 500_000.0])
def test_a_vague_word_of_another_feed_blurs_nobody(doubt_m: float) -> None:
    """An identity that one feed tells exactly, and another to be anywhere within so much, is watched as ever."""
    lies = [
        msgspec.structs.replace(fix, source="flood", doubt_m=doubt_m, at_ms=fix.at_ms + 200, arrived_ms=fix.at_ms + 200)
        for fix in line("aaaaa1", north_m=20_000, step_s=1)
    ]
    seen = watch(line("aaaaa1"), line("aaaaa2", north_m=4_000), lies)
    assert kinds(seen) == ["loss"]
    assert all(len(moment.heard.standing) == 1 for moment in seen)
    assert all(moment.air.wide.doubt_m.max() < 1_000 for moment in seen)


def test_who_is_too_vague_deviates_not() -> None:
    """Of a flight whose place nobody knows it is not said that it is off its corridor."""
    known = Known(expected=(expected(square(0, 300_000, 5_000), address="aaaaa1"),))
    vague = [msgspec.structs.replace(fix, doubt_m=60_000.0) for fix in line("aaaaa1")]
    assert [alert.finding.kind for alert in began(watch(vague, known=known))] == ["implausible"]
    assert "deviation" in kinds(watch(line("aaaaa1"), known=known))


def test_an_exemption_counts_from_its_window_on() -> None:
    """A flight in its corridor before its window is not covered in an area."""
    flight = expected(square(0, 30_000, 60_000), address="aaaaa1", window_s=(150, 600))
    seen = began(watch(line("aaaaa1", until_s=200), known=Known((area(square(0, 30_000, 10_000)),), (flight,))))
    assert [alert.finding.kind for alert in seen if alert.finding.thing == "zone"][-1] == "area"
    assert "M-1 does not cover it there and then" in seen[-1].finding.reason or seen[-1].finding.kind == "back"
