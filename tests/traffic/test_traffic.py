"""Made-up traffic: the same for the same seed, as aircraft fly, apart unless asked, and wrong only as asked."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from cli.commands import comity
from comity.airspace.fix import Fix
from comity.airspace.sphere import FT_M, SPHERE_M
from comity.interfaces.feeds.sbs import SbsDecoder
from comity.interfaces.traffic.chance import Chance
from comity.interfaces.traffic.fields import Box, Field, around, box
from comity.interfaces.traffic.flights import Flown
from comity.interfaces.traffic.make import AIRCRAFT_MOST, Disc, Traffic, Wish, make
from comity.interfaces.traffic.path import apart_m, fly_by, vector
from comity.interfaces.traffic.reports import JUMP_M, reports, sbs_lines
from comity.interfaces.traffic.serving import Receiver, serve
from comity.model.errors import Misuse

BEGINS_MS = 1_474_365_600_000
BOX = Box(44.0, 4.0, 48.0, 12.0)
FIELDS = [
    Field(f"F{row}{column}", 44.3 + row * 0.8, 4.5 + column * 1.2, 100.0 * row)
    for row in range(5)
    for column in range(6)
]
AREA = Disc(46.0, 8.0, 15_000.0)
WISH = Wish(BOX, BEGINS_MS, aircraft=40)


def told(traffic: Traffic, every_ms: int = 5_000) -> dict[str, list[Fix]]:
    """All reports by address."""
    found: dict[str, list[Fix]] = defaultdict(list)
    for fix in reports(traffic.flights, *traffic.wish.window_ms, every_ms):
        found[fix.address].append(fix)
    return found


def least_apart(traffic: Traffic) -> dict[tuple[str, str], float]:
    """By a slow look at every second, how near pairs come to each other while less than 1,000 ft apart in height (less
    0.3 m for the numbers of a computer); only those within 6 NM are listed."""
    moments = np.arange(*traffic.wish.window_ms, 1_000, dtype=float)
    places, heights = (np.full((len(traffic.flights), len(moments), width), np.nan) for width in (3, 1))
    for row, flown in enumerate(traffic.flights):
        state = flown.at(moments)
        at = ((state.at_ms - moments[0]) / 1000).astype(int)
        places[row, at], heights[row, at, 0] = state.place, state.height_m
    found = {}
    for one in range(len(places)):
        for other in range(one):
            far = np.linalg.norm(places[one] - places[other], axis=1) * SPHERE_M
            level = np.abs(heights[one, :, 0] - heights[other, :, 0]) < 1_000 * FT_M - 0.3
            near = far[level & (far < 6 * 1852)]
            if len(near):
                names = (traffic.flights[one].address, traffic.flights[other].address)
                found[min(names), max(names)] = float(near.min())
    return found


def test_same_seed_same_traffic() -> None:
    """A wish gives the same reports each time, and other ones for another seed."""
    first, again, other = (told(make(Wish(BOX, BEGINS_MS, seed=seed, aircraft=8), FIELDS)) for seed in (1, 1, 2))
    assert first == again
    assert first.keys() != other.keys()


def test_nobody_takes_it_for_real() -> None:
    """Made-up flights are fed on to somebody who shows them as real, with an address that a state may have given."""
    wish = replace(WISH, exempt=2, undeclared=3, intruders=2, areas=(AREA,), encounters=2, off_corridor_m=(9_000.0,))
    fixes = [fix for each in told(make(wish, FIELDS)).values() for fix in each]
    assert len({fix.address for fix in fixes}) > 40
    for fix in fixes:
        assert 0xD00000 <= int(fix.address, 16) <= 0xDFFFFF and fix.callsign.startswith("TEST")
        assert len(fix.callsign) <= 8 and fix.callsign.isalnum()
    assert "TEST" in comity("traffic", "--around", "47,8", "--radius", "60km", "--aircraft", "3", "--minutes", "1").out


def test_names_do_not_run_out() -> None:
    """As many aircraft as may be asked for have each a callsign and an address of their own."""
    chance = Chance(1)
    assert len({chance.callsign() for _ in range(AIRCRAFT_MOST + 2_000)}) == AIRCRAFT_MOST + 2_000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_flies_as_aircraft_do(seed: int) -> None:
    """Speeds, turns and climbs are those of aircraft, and each report leads to the next."""
    traffic = make(Wish(BOX, BEGINS_MS, seed=seed, aircraft=40), FIELDS)
    for fixes in told(traffic).values():
        for one, other in pairwise(fix for fix in fixes if not fix.on_ground):
            assert one.speed_mps is not None and 30 < one.speed_mps < 260
            assert one.climb_mps is not None and abs(one.climb_mps) < 15
            seconds = (other.at_ms - one.at_ms) / 1000
            far_m = apart_m(
                vector(one.latitude_deg, one.longitude_deg), vector(other.latitude_deg, other.longitude_deg)
            )
            assert abs(far_m / seconds - one.speed_mps) < 12
            assert one.track_deg is not None and other.track_deg is not None
            turned = abs((other.track_deg - one.track_deg + 180) % 360 - 180)
            assert turned / seconds < 5


def test_cruises_by_the_semicircular_rule() -> None:
    """Eastward flights cruise at odd levels, westward ones at even ones."""
    for flown in make(WISH, FIELDS).flights:
        level = round(float(flown.profile.height_m.max()) / FT_M / 1000)
        begin, end = flown.path.at(np.array([0.0, flown.path.length_m]))[0]
        eastward = begin[0] * end[1] - begin[1] * end[0]
        assert abs(eastward) < 1e-6 or level % 2 == (1 if eastward > 0 else 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_keeps_apart(seed: int) -> None:
    """No two ordinary flights come within 5 NM of each other at less than 1,000 ft, by a slow look at every second."""
    assert not [far for far in least_apart(make(Wish(BOX, BEGINS_MS, seed=seed), FIELDS)).values() if far < 9_312]


def test_encounters_are_made() -> None:
    """As many pairs as asked for come too near, and those are the ones that are told."""
    traffic = make(Wish(BOX, BEGINS_MS, aircraft=40, encounters=5), FIELDS)
    near = {pair for pair, far in least_apart(traffic).items() if far < 9_260}
    assert near == {purpose.addresses for purpose in traffic.purposes} and len(near) == 5


def test_corridors_are_kept_and_left() -> None:
    """A declared flight stays within the width of its route; one that strays leaves it by as much as was asked for."""
    traffic = make(Wish(BOX, BEGINS_MS, aircraft=20, exempt=1, off_corridor_m=(10_000.0,)), FIELDS)
    strayed = traffic.purposes[0].addresses
    for flown in traffic.flights:
        far = _off_route_m(flown)
        assert (14_000 < far < 16_500) if flown.address in strayed else far < 5_000


def test_area_is_avoided_and_entered() -> None:
    """Ordinary flights keep clear of an area; an intruder is inside when it is said to be."""
    traffic = make(Wish(BOX, BEGINS_MS, areas=(AREA,), intruders=1), FIELDS)
    (purpose,) = traffic.purposes
    for flown in traffic.flights:
        far = [apart_m(place, AREA.centre) for place in flown.at(np.arange(*traffic.wish.window_ms, 5_000.0)).place]
        assert (min(far, default=1e9) < AREA.radius_m) == (flown.address in purpose.addresses)


def test_troubles_are_heard() -> None:
    """A frozen place, a jump aside and a lost height are heard for a while, each of the flight that is told."""
    traffic = make(Wish(BOX, BEGINS_MS, frozen=1, jumping=1, no_height=1), FIELDS)
    heard = told(traffic)
    by_what = {purpose.what: heard[purpose.addresses[0]] for purpose in traffic.purposes}
    places = [(fix.latitude_deg, fix.longitude_deg) for fix in by_what["frozen"]]
    assert max(places.count(place) for place in places) == 36
    steps = [apart_m(vector(*one), vector(*other)) for one, other in pairwise(_places(by_what["jumping"]))]
    assert sum(step > JUMP_M / 2 for step in steps) == 2
    assert sum(fix.pressure_m is None for fix in by_what["no height"]) == 36


def test_sbs_is_read_again() -> None:
    """What is served says the same as what is written."""
    fixes = [fix for each in told(make(Wish(BOX, BEGINS_MS, aircraft=3), FIELDS)).values() for fix in each[:20]]
    decoder = SbsDecoder("traffic")
    read = [fix for each in fixes for fix in decoder.feed(sbs_lines(each).encode(), each.at_ms)]
    assert len(read) == len(fixes)
    for one, other in zip(fixes, read, strict=True):
        assert isinstance(other, Fix)
        assert (one.address, one.callsign, one.code, one.at_ms) == (
            other.address,
            other.callsign,
            other.code,
            other.at_ms,
        )
        assert (one.latitude_deg, one.longitude_deg) == (other.latitude_deg, other.longitude_deg)
        assert other.pressure_m == pytest.approx(one.pressure_m) and other.climb_mps == pytest.approx(one.climb_mps)


def test_served_in_time() -> None:
    """A reader gets each report when its time has come, and none that a jump of the clock left behind."""
    traffic = make(Wish(BOX, BEGINS_MS, aircraft=4, span_ms=600_000), FIELDS)
    times = iter([BEGINS_MS] * 3 + [BEGINS_MS + 300_000] * 10_000)
    now = [BEGINS_MS]

    def clock() -> float:
        now[0] = max(now[0], next(times, BEGINS_MS + 700_000))
        return now[0]

    async def play() -> bytes:
        receiver = Receiver()
        port = await receiver.listen(0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while not receiver.readers:
            await asyncio.sleep(0.01)
        saying = asyncio.create_task(
            serve(
                receiver,
                lambda begin: reports(traffic.flights, begin, BEGINS_MS + 310_000, 1_000),
                clock,
                BEGINS_MS + 310_000,
            )
        )
        data = await asyncio.wait_for(reader.readuntil(b"MSG,3"), 10)
        saying.cancel()
        writer.close()
        await receiver.close()
        return data

    decoder, data = SbsDecoder("made"), asyncio.run(play())
    assert data.startswith(b"MSG,1,111,11111,") and not [*decoder.feed(data[:10], 0)]


@pytest.mark.parametrize("text", ["1,2,3", "48,4,44,12", "a,b,c,d", "91,0,95,3", ""])
def test_no_box(text: str) -> None:
    """What is no box is said in one sentence."""
    with pytest.raises(Misuse, match="is no box"):
        box(text)


def test_box_around_the_antimeridian() -> None:
    """A box reaches over it."""
    found = around("-17,179.5", "200km")
    assert found.west > found.east and found.holds(-17, -179.5) and not found.holds(-17, 0)


def test_turns_that_do_not_fit() -> None:
    """A corner that no aircraft of that radius can fly is no path."""
    corner = [vector(45, 8), vector(45, 8.05), vector(45.05, 8.02)]
    assert fly_by(corner, 10_000.0) is None


def test_command_makes_what_the_watch_reads(tmp_path: Path) -> None:
    """`comity traffic` writes a file, its declarations and its areas; the watch finds what was made on purpose, and no
    other loss and no other stray."""
    words = (
        "--around",
        "46.9,8.0",
        "--radius",
        "200km",
        "--minutes",
        "15",
        "--encounters",
        "2",
        "--off-corridor",
        "10km",
    )
    out = ("-o", "t.csv", "--declared", "d.json", "--areas", "a.json", "--area", "46.9,8.0,10km", "--intruders", "1")
    made = comity("traffic", *words, *out, folder=tmp_path)
    assert made.code == 0, made.err
    checked = comity("tracks", "check", "t.csv", "--declared", "d.json", "--areas", "a.json", "--json", folder=tmp_path)
    found = json.loads(checked.out)
    kinds = defaultdict(set)
    for alert in found["alerts"]:
        kinds[alert["kind"]].add(tuple(alert["identities"]))
    assert found["rejects"] == []
    assert len(kinds["loss"]) == 2 and all(" and ".join(pair) in made.err for pair in kinds["loss"])
    assert [name for (name,) in kinds["area"]] and all(f"{name}: in an area" in made.err for (name,) in kinds["area"])
    assert len(kinds["deviation"]) == 1 and all(f"{name}: 10 km off" in made.err for (name,) in kinds["deviation"])


@pytest.mark.parametrize(
    "words",
    [
        ("--box", "46,7,47"),
        ("--around", "46.9,8.0", "--radius", "far"),
        ("--around", "ZZZZ"),
        ("--around", "46.9,8.0", "--aircraft", "0"),
        ("--around", "46.9,8.0", "--intruders", "1"),
        ("--around", "46.9,8.0", "--encounters", "-1"),
        ("--around", "46.9,8.0", "--serve", "70000"),
        ("--box", "-70,0,-69,1"),
        ("--around", "46.9,8.0", "--radius", "60km", "--aircraft", "900"),
    ],
)
def test_wishes_that_cannot_be(words: tuple[str, ...]) -> None:
    """What cannot be made is said in one sentence that names the remedy; exit 2."""
    ran = comity("traffic", *words)
    said = [line for line in ran.err.splitlines() if "making" not in line]
    assert ran.code == 2 and len(said) == 1 and ran.out == "", ran.err


def _places(fixes: list[Fix]) -> list[tuple[float, float]]:
    return [(fix.latitude_deg, fix.longitude_deg) for fix in fixes]


def _off_route_m(flown: Flown) -> float:
    """How far it comes off its declared route, by a search over close points of it."""
    assert flown.corridor is not None
    stops = [vector(lat / 1e7, lon / 1e7) for lat, lon in flown.corridor.route]
    route = np.array([p + (q - p) * part for p, q in pairwise(stops) for part in np.linspace(0, 1, 400)])
    places, _ = flown.path.at(np.linspace(0, flown.path.length_m, 200))
    return max(float(np.linalg.norm(route - place, axis=1).min()) for place in places) * SPHERE_M
