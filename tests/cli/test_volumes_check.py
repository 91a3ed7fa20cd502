"""`comity volumes check`: what meets is named as every office would find it, whatever stands in the file."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.commands import Ran, comity, inside
from cli.test_flights_declared import Office
from comity.interfaces.cli import reach
from comity.interfaces.drawn_volumes import Rejected, volumes_in
from comity.model.errors import Malformed
from comity.model.geometry import band_inside, volumes_meet
from comity.model.terms_file import load
from comity.model.volume import Altitude, Volume
from comity.views.volume_checks import Thing, distances, meetings
from geometry.made import bands, boxes_on_globe, rings, windows
from laws.flights import declare
from laws.plays import admitted, designate, movement, volume
from laws.test_flights_found import a_room
from laws.world import World
from source_tree import ROOT

HEAD = "flight,ring,route,width_m,band,from,until,operator,class,category\n"
WEST = 'west,"@square(36.0,37.0,20km)",,,0m..3000m,2016-09-20T10:00Z,2016-09-20T12:00Z,north,rotary,\n'
EAST = 'east,,"36.0/36.9,36.0/37.5",2000,1000m..,2016-09-20T11:00Z,,south,,\n'
ELSEWHERE = 'far,"@circle(50.0,8.0,5km)",,,,,,,,\n'
KOREA = ROOT / "agreements" / "korea-cma-2018.toml"


def check(folder: Path, text: str, *words: str | Path) -> Ran:
    """The command over a file of that text."""
    (folder / "drawn").write_text(text)
    return inside("volumes", "check", "drawn", *words, folder=folder)


def feature(name: str, points: list[list[float]], **properties: object) -> dict[str, Any]:
    """A polygon of GeoJSON, its ring closed."""
    geometry = {"type": "Polygon", "coordinates": [[*points, points[0]]]}
    return {"type": "Feature", "properties": {"flight": name, **properties}, "geometry": geometry}


def collection(*features: object) -> str:
    """A file of them."""
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_conflict_is_named_with_both_and_what_they_share(tmp_path: Path) -> None:
    """Two volumes meet: the answer names both, the time, the heights and the place that they have in common."""
    ran = check(tmp_path, HEAD + WEST + EAST + ELSEWHERE, "--json")
    assert ran.code == 0
    [found] = ran.json["conflicts"]
    assert (found["one"]["name"], found["other"]["name"], found["kind"]) == ("west", "east", "flight")
    assert (found["from"], found["until"]) == ("2016-09-20 11:00:00Z", "2016-09-20 12:00:00Z")
    low, high = found["heights"]["floor"], found["heights"]["ceiling"]
    assert (low["value"], high["value"]) == (1000, 3000)
    south, west, north, east = found["place_deg"]
    assert 35.97 < south < 36.0 < north < 36.03 and 36.87 < west < 36.9 and 37.1 < east < 37.12
    assert ran.json["counts"] == {"volumes": 3, "beside": 0, "rejects": 0, "conflicts": 1, "flight": 1}
    told = check(tmp_path, HEAD + WEST + EAST + ELSEWHERE)
    assert told.code == 0 and "1 conflict known among 3 volumes" in told.out and "west" in told.out


def test_nothing_found_is_never_called_clear(tmp_path: Path) -> None:
    """Nothing meets, and the answer says of how many that is known, no more."""
    ran = check(tmp_path, HEAD + WEST + ELSEWHERE)
    assert (ran.code, ran.out.strip()) == (0, "no conflicts known among 2 volumes, 0 rejected")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('bow,"@ring(36/37,36.1/37.1,36/37.1,36.1/37)",,,,,,,,\n', "crosses or touches itself"),
        ('line,"@ring(36/37,36.1/37.1,36.2/37.2)",,,,,,,,\n', "line"),
        ('spike,"@ring(36/37,36/37.2,36/37.1,36.1/37)",,,,,,,,\n', "spike"),
        ("none,,,,,,,,,\n", "neither a ring nor a route"),
        ('nan,,"36.0/nan,36.0/37.5",,,,,,,\n', "nan"),
        ('wide,,"36.0/36.9,36.0/37.5",broad,,,,,,\n', "`width_m` is no number"),
        ('flat,"@square(36.0,37.0,20km)",,,3000..5000,,,,,\n', "flat"),
        ('late,"@square(36.0,37.0,20km)",,,,2016-09-20T10:00Z,2016-09-20T09:00Z,,,\n', "ends no later"),
        ('zone,"@square(36.0,37.0,20km)",,,,2016-09-20T10:00,,,,\n', "no zone"),
    ],
)
def test_bad_row_is_one_error_and_the_rest_is_checked(tmp_path: Path, row: str, said: str) -> None:
    """One row that cannot be read is named with its line, and hides no conflict of the others."""
    ran = check(tmp_path, HEAD + WEST + row + EAST, "--json")
    assert ran.code == 0
    [rejected] = ran.json["rejects"]
    assert rejected["row"] == 3 and said in rejected["reason"]
    assert ran.json["counts"]["conflicts"] == 1


def test_bad_features_are_named_and_the_rest_is_checked(tmp_path: Path) -> None:
    """A feature without a geometry, with a hole, a bow-tie, a million points: one error each."""
    square = [[37.0, 36.0], [37.2, 36.0], [37.2, 36.2], [37.0, 36.2]]
    hole = feature("hole", square)
    hole["geometry"]["coordinates"].append(square)
    vast = [[37.0 + number / 1e6, 36.0 + number % 2 / 10] for number in range(200_000)]
    text = collection(
        feature("good", square),
        {"type": "Feature", "properties": {}},
        hole,
        feature("bow", [square[0], square[2], square[1], square[3]]),
        feature("vast", vast),
        7,
        feature("back", square[::-1]),
    )
    ran = check(tmp_path, text, "--json")
    assert [each["row"] for each in ran.json["rejects"]] == [2, 3, 4, 5, 6]
    [found] = ran.json["conflicts"]
    assert {found["one"]["name"], found["other"]["name"]} == {"good", "back"}, "either winding is the same ring"


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "{", '{"features": 7}', "[1, 2]", HEAD + '"', "\x00", HEAD + "é"])
def test_no_file_of_volumes_is_one_sentence(tmp_path: Path, text: str) -> None:
    """What is neither GeoJSON nor such CSV is misuse, in one sentence; an empty table is none."""
    ran = check(tmp_path, text)
    assert ran.code in (0, 2) and ran.err.count("\n") == (ran.code == 2)
    missing = inside("volumes", "check", "nowhere", folder=tmp_path)
    assert missing.code == 2 and missing.err.count("\n") == 1


def test_areas_and_distances_are_held_against_it(tmp_path: Path) -> None:
    """An area keeps all out; a distance those of its classes, possibly one whose class is untold, and no exempt one."""
    [first, *_] = distances_of(KOREA)
    south, west, north, east = box_of(first)
    middle = f"@square({(south + north) / 2:.4f},{(west + east) / 2:.4f},3km)"
    rows = [
        f'told,"{middle}",,,,,,,{(first.classes or ("",))[0]},\n',
        f'untold,"{middle}",,,,,,,,\n',
        f'other,"{middle}",,,,,,,airship,\n',
        f'exempt,"{middle}",,,,,,,{(first.classes or ("",))[0]},{first.lets_through[0]}\n',
    ]
    ran = check(tmp_path, HEAD + "".join(rows), "--json", "--agreement", KOREA)
    met = [each for each in ran.json["conflicts"] if each["other"]["name"] == first.name]
    assert [(each["one"]["name"], each["possible"]) for each in met] == [("told", False), ("untold", True)]
    assert all(each["clause"] == first.clause and each["kind"] == "distance" for each in met)
    (tmp_path / "areas").write_text(
        collection(feature("valley", [[36.9, 35.9], [37.1, 35.9], [37.1, 36.1], [36.9, 36.1]], band="..2000m"))
    )
    ran = check(tmp_path, HEAD + WEST, "--json", "--areas", "areas")
    assert [(each["one"]["name"], each["kind"]) for each in ran.json["conflicts"]] == [("west", "area")]


def distances_of(path: Path) -> list[Thing]:
    """The distances of an agreement."""
    terms = load(path.read_bytes()).terms
    assert terms is not None
    return distances(terms)


def box_of(thing: Thing) -> tuple[float, float, float, float]:
    """Its box in degrees."""
    lats, lons = zip(*thing.volume.ring, strict=True)
    return min(lats) / 1e7, min(lons) / 1e7, max(lats) / 1e7, max(lons) / 1e7


def test_office_knows_what_is_declared_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flights, overdue ones too, movements and areas that an office knows are named; what is elsewhere is not."""
    world = World()
    designate(world)
    declare(world, "south")
    declare(world, "monitor", from_h=-5, until_h=-4, name="fl-late")
    declare(world, "south", "quarry", name="fl-far")
    admitted(movement(world, "north"))
    world.share()
    monkeypatch.setattr(reach, "reach", lambda _: Office(world, "centre"))
    lat, lon = (side / 1e7 for side in volume("orchard").ring[0])
    row = f'mine,"@square({lat},{lon},2km)",,,,2016-07-30T13:00Z,2016-07-30T14:00Z,allies,,\n'
    ran = check(tmp_path, HEAD + row, "--json", "--office", "OFFICE")
    assert ran.code == 0, ran.err
    kinds = sorted(each["kind"] for each in ran.json["conflicts"])
    assert kinds == ["area", "flight", "flight", "movement"]
    names = " ".join(each["other"]["name"] for each in ran.json["conflicts"])
    assert "fl-1 of south" in names and "fl-late of monitor" in names and "fl-far" not in names


def a_thing(name: str, chance: random.Random) -> Thing:
    """A flight somewhere."""
    return Thing(name, "flight", a_room(chance))


@pytest.mark.parametrize("seed", range(8))
def test_meetings_are_those_of_a_slow_look(seed: int) -> None:
    """Each pair of a file is named once if it meets, and each thing beside it; symmetric, and more takes none away."""
    chance = random.Random(seed)
    drawn, beside = ([a_thing(f"{kind}{number}", chance) for number in range(40)] for kind in "ab")
    found = {(each.one.name, each.other.name) for each in meetings(drawn, beside)}
    slow = {(a.name, b.name) for n, a in enumerate(drawn) for b in drawn[n + 1 :] if volumes_meet(a.volume, b.volume)}
    slow |= {(a.name, b.name) for a in drawn for b in beside if volumes_meet(a.volume, b.volume)}
    assert found == slow
    turned = {frozenset((each.one.name, each.other.name)) for each in meetings(drawn[::-1], [])}
    assert turned == {frozenset(each) for each in found if each[1].startswith("a")}
    assert {(each.one.name, each.other.name) for each in meetings(drawn, beside[:20])} <= found


anything = st.builds(Volume, rings() | boxes_on_globe(), bands(), windows())


@settings(deadline=None, max_examples=100)
@given(anything, anything)
def test_what_is_shared_is_in_both(a: Volume, b: Volume) -> None:
    """The time, the heights and the box that are named lie in those of both."""
    for met in meetings([Thing("one", "flight", a)], [Thing("other", "flight", b)]):
        south, west, north, east = met.box
        assert south <= north and west <= east
        until_ms = met.window.until_ms
        assert until_ms is None or met.window.from_ms < until_ms
        for each in (a.window, b.window):
            assert each.from_ms <= met.window.from_ms
            assert each.until_ms is None or (until_ms is not None and until_ms <= each.until_ms)
        for band in (a.band, b.band):
            assert met.band is None or band_inside(met.band, band)


def test_heights_of_two_datums_are_not_compared(tmp_path: Path) -> None:
    """A flight level and metres above the sea: they meet, and no common height is made up."""
    low = 'low,"@square(36.0,37.0,20km)",,,..fl100,,,,,\n'
    high = 'high,"@square(36.0,37.0,20km)",,,9000m..,,,,,\n'
    [found] = check(tmp_path, HEAD + low + high, "--json").json["conflicts"]
    assert found["heights"] is None


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEAD + text).encode()))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Whatever the bytes, there are volumes, rejected rows and one error, and nothing breaks."""
    try:
        found = list(volumes_in(data, "flight"))
    except Malformed:
        return
    assert all(isinstance(each, Thing | Rejected) for each in found)


def test_small_command_loads_no_compiled_arithmetic(tmp_path: Path) -> None:
    """The command answers without loading what takes a second to load."""
    (tmp_path / "drawn").write_text(HEAD + WEST)
    assert comity("volumes", "check", "drawn", folder=tmp_path).code == 0
    code = "import sys; from comity.interfaces.cli import volumes_check; print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


def test_rows_for_programs_are_whole(tmp_path: Path) -> None:
    """Heights come with unit and datum."""
    [found] = check(tmp_path, HEAD + WEST + EAST, "--json").json["conflicts"]
    assert msgspec.convert(found["heights"]["floor"], Altitude) == Altitude(1000, "m", "amsl")
