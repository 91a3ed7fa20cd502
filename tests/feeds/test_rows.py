"""Tables of tracks: CSV, JSON and GeoJSON tell the same by the same names; each bad record is one rejection."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.airspace.fix import Fix, fix_problem
from comity.interfaces.feeds.csv_rows import CsvDecoder, csv_lines
from comity.interfaces.feeds.geojson import geojson_decoder
from comity.interfaces.feeds.json_rows import JsonDecoder
from comity.model.errors import Malformed
from comity.office.sky.decoding import Decoder
from feeds.samples import (
    AT_MS,
    CSV_HEADER,
    CSV_ROW,
    collection,
    decoded,
    feature,
    fixes,
    rejected,
    row,
    the_fix,
)

GOOD = Fix(
    source="north",
    at_ms=AT_MS,
    arrived_ms=AT_MS,
    latitude_deg=45.5,
    longitude_deg=9.25,
    address="3003ae",
    pressure_m=35_000 * 0.3048,
    speed_mps=450 * 1852 / 3600,
    track_deg=90.0,
    climb_mps=-640 * 0.3048 / 60,
)


def as_csv(members: dict[str, object]) -> str:
    """A file of one row."""
    cells = ["" if value is None else str(value) for value in members.values()]
    return ",".join(members) + "\n" + ",".join(cells) + "\n"


def as_json(members: dict[str, object]) -> str:
    """A file of one object."""
    return json.dumps([members])


def as_geojson(members: dict[str, object]) -> bytes:
    """A file of one feature."""
    rest = {name: value for name, value in members.items() if name not in ("latitude", "longitude")}
    point = [members.get("longitude"), members.get("latitude")]
    return collection({"type": "Feature", "geometry": {"type": "Point", "coordinates": point}, "properties": rest})


FORMS: dict[str, tuple[Callable[[str], Decoder], Callable[[dict[str, object]], str | bytes]]] = {
    "csv": (CsvDecoder, as_csv),
    "json": (JsonDecoder, as_json),
    "geojson": (geojson_decoder, as_geojson),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_three_forms_tell_the_same(form: str) -> None:
    """One row gives one and the same fix, whatever it is written in."""
    make, write = FORMS[form]
    fix = the_fix(make, write(row()))
    assert fix.pressure_m == pytest.approx(GOOD.pressure_m) and fix.speed_mps == pytest.approx(GOOD.speed_mps)
    assert (fix.at_ms, fix.latitude_deg, fix.longitude_deg, fix.address) == (AT_MS, 45.5, 9.25, "3003ae")
    assert fix.climb_mps == pytest.approx(GOOD.climb_mps) and fix.arrived_ms == fix.at_ms


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("told", [AT_MS, str(AT_MS), float(AT_MS), "2016-08-01T12:00:00Z", "2016-08-01 14:00:00+02:00"])
def test_times_are_utc(form: str, told: object) -> None:
    """Milliseconds, or a date and time with any zone, are the same moment; `time` is another name for it."""
    make, write = FORMS[form]
    assert the_fix(make, write(row(timestamp=told))).at_ms == AT_MS
    members = row(time=told)
    del members["timestamp"]
    assert the_fix(make, write(members)).at_ms == AT_MS


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("told", "code"), [("7100", "7100"), (7100.0, "7100"), (21, "0021"), ("", ""), (None, "")])
def test_codes_survive_number_columns(form: str, told: object, code: str) -> None:
    """A code that went through a column of numbers has its four digits back."""
    make, write = FORMS[form]
    assert the_fix(make, write(row(squawk=told))).code == code


@pytest.mark.parametrize("form", FORMS)
def test_place_measured_earlier_is_doubted(form: str) -> None:
    """A place of ten seconds before the report may be off by what the aircraft flies in ten seconds."""
    make, write = FORMS[form]
    fix = the_fix(make, write(row(last_position=AT_MS - 10_000, doubt_m=100.0)))
    assert fix.doubt_m == pytest.approx(100 + 2315.0)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "wrong",
    [
        {"timestamp": None},
        {"timestamp": "soon"},
        {"timestamp": "2016-08-01T12:00:00"},
        {"timestamp": AT_MS + 0.5},
        {"timestamp": -1},
        {"timestamp": 10**18},
        {"latitude": None},
        {"longitude": None},
        {"latitude": 90.5},
        {"longitude": 181},
        {"latitude": "north"},
        {"icao24": None},
        {"icao24": "3003a"},
        {"icao24": "3.0e30"},
        {"altitude": 107_700.0},
        {"altitude": "high"},
        {"geoaltitude": -5_000},
        {"groundspeed": -1},
        {"groundspeed": 4_000},
        {"track": 360.5},
        {"vertical_rate": 90_000},
        {"squawk": "8000"},
        {"squawk": 7100.5},
        {"onground": "perhaps"},
        {"callsign": "A" * 65},
        {"callsign": "A\u202eB"},
        {"last_position": "x"},
        {"last_position": 0},
        {"doubt_m": -1},
    ],
    ids=str,
)
def test_bad_record_is_one_rejection(form: str, wrong: dict[str, object]) -> None:
    """Each way to be wrong is one rejection with a reason that can be shown."""
    make, write = FORMS[form]
    (bad,) = rejected(decoded(make("north"), write(row(**{"callsign": ""} | wrong))))
    assert bad.reason and bad.reason.isprintable() and len(bad.reason) < 200


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "1_0", "\uff11\uff12"])
def test_no_number_is_refused_everywhere(form: str, value: str) -> None:
    """NaN, infinities and digits of other alphabets are no numbers in any column."""
    make, write = FORMS[form]
    for column in ("latitude", "longitude", "altitude", "groundspeed", "track", "vertical_rate"):
        data = write(row(**{column: 11.25}))
        text = (data.decode() if isinstance(data, bytes) else data).replace("11.25", value)
        assert [len(fixes(decoded(make("north"), text))), len(rejected(decoded(make("north"), text)))] == [0, 1], column


def test_header_decides() -> None:
    """Columns stand in any order, others are not read, capitals and a byte order mark do not matter."""
    text = "\ufeffIcao24,Weather,LONGITUDE, latitude ,time\r\n3003ae,fair,9.25,45.5,2016-08-01T12:00:00Z\r\n"
    fix = the_fix(CsvDecoder, text)
    assert (fix.address, fix.longitude_deg, fix.at_ms, fix.pressure_m) == ("3003ae", 9.25, AT_MS, None)


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("latitude,longitude,icao24", "timestamp or time"),
        ("timestamp,longitude,icao24", "latitude"),
        ("timestamp,latitude,icao24", "longitude"),
        ("timestamp,latitude,longitude", "icao24 or callsign or name"),
        ("timestamp,latitude,longitude,icao24,icao24", "two columns are called icao24"),
        (",".join(["timestamp", "latitude", "longitude", "icao24", *"x" * 300]), "256 columns"),
        ("", "no column"),
        ('timestamp,"latitude', "quotes"),
    ],
)
def test_bad_header_is_a_clear_error(header: str, word: str) -> None:
    """A file without a needed column is refused whole, by that column's name."""
    with pytest.raises(Malformed, match=word):
        decoded(CsvDecoder("north"), header + "\n" + CSV_ROW)


@pytest.mark.parametrize("bad", ["1,2,3\n", '"' + CSV_ROW, CSV_ROW.replace("North", "\x00"), "x" * 5000 + "\n"])
def test_csv_goes_on_after_a_bad_line(bad: str) -> None:
    """A line of the wrong width, with open quotes or too long is one rejection; empty lines are nothing."""
    reports = decoded(CsvDecoder("north"), CSV_HEADER + CSV_ROW + bad + "\n\r\n" + CSV_ROW)
    assert len(fixes(reports)) == 2 and [each.line for each in rejected(reports)] == [3]


def test_quoted_cells_are_read() -> None:
    """A cell in quotes may hold commas."""
    assert the_fix(CsvDecoder, CSV_HEADER + CSV_ROW.replace("North 1", '"North, 1"')).callsign == "NORTH, 1"


names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20)
known = st.builds(
    Fix,
    source=st.just("north"),
    at_ms=st.integers(0, 4 * 10**12),
    arrived_ms=st.just(0),
    latitude_deg=st.floats(-90, 90),
    longitude_deg=st.floats(-180, 180),
    address=st.sampled_from(["3003ae", "00a1b2"]),
    callsign=names.map(str.upper),
    code=st.sampled_from(["", "0021", "7700"]),
    name=names,
    pressure_m=st.none() | st.floats(-500, 20_000),
    geometric_m=st.none() | st.floats(-500, 20_000),
    speed_mps=st.none() | st.floats(0, 1_000),
    track_deg=st.none() | st.floats(0, 359.9),
    climb_mps=st.none() | st.floats(-200, 200),
    on_ground=st.booleans(),
    doubt_m=st.floats(0, 1_000),
    height_doubt_m=st.floats(0, 1_000),
)


@given(known)
def test_written_csv_is_read_again(fix: Fix) -> None:
    """What is written as CSV comes back the same, to a centimetre of place and a millimetre of height or better."""
    (back,) = decoded(CsvDecoder("north"), "".join(csv_lines([fix])))
    assert isinstance(back, Fix) and fix_problem(back) is None
    for field in Fix.__struct_fields__:
        told, read = getattr(fix, field), getattr(back, field)
        if field == "arrived_ms":
            assert read == fix.at_ms
        elif isinstance(told, float):
            assert read == pytest.approx(told, abs=1e-3 if field.endswith("_m") or field == "track_deg" else 3e-4)
        else:
            assert read == told or (told is not None and not isinstance(told, bool) and read == told.strip())


def test_json_is_read_in_each_shape() -> None:
    """An array, one object a line, or objects with other text between, which is one rejection a stretch."""
    one = json.dumps(row())
    for text in (f"[{one},{one}]", f"\ufeff [\n{one}\n,{one}]\n", f"{one}\n{one}\n", f"{one}{one}"):
        for piece in (1, 11, 1 << 20):
            assert [len(fixes(decoded(JsonDecoder("n"), text, piece=piece))), len(text) > 0] == [2, True]
            assert rejected(decoded(JsonDecoder("n"), text, piece=piece)) == []
    reports = decoded(JsonDecoder("n"), f"[{one}, 7, null, {one}, [[{one}, x {{")
    assert len(fixes(reports)) == 3 and len(rejected(reports)) == 4


def test_strings_in_json_hide_braces() -> None:
    """Braces and quotes within strings neither begin nor end a record."""
    told = row(remark='} {"\\ "}', callsign='A"B\\')
    assert the_fix(JsonDecoder, json.dumps([told])).callsign == 'A"B\\'


@pytest.mark.parametrize(
    "bad", ['{"a":}', '{"a":' + "[" * 5_000 + "}", '{"a":"' + "x" * 20_000 + '"}', '{"\\ud800":1}']
)
def test_json_goes_on_after_a_bad_object(bad: str) -> None:
    """An object that is broken, deep or long is one rejection, and the next is read."""
    one = json.dumps(row())
    reports = decoded(JsonDecoder("n"), f"[{one},{bad},{one}]")
    assert len(fixes(reports)) == 2 and len(rejected(reports)) == 1


@pytest.mark.parametrize("piece", ["{", '{"', '{"a":', '"{', '{"\\\\', "{{{{{{{{{{{{{}"], ids=repr)
def test_braces_are_read_in_linear_time(piece: str) -> None:
    """Four times as many braces that never close take four times as long, not sixteen times."""

    def took_s(count: int) -> float:
        decoder, text = JsonDecoder("n"), (piece * count)[:count].encode()
        begin = time.process_time()
        assert not fixes([*decoder.feed(text, None), *decoder.end(None)])
        return time.process_time() - begin

    took_s(2_000)
    assert min(took_s(64_000) for _ in range(2)) < 9 * max(0.01, min(took_s(16_000) for _ in range(2)))


def test_object_without_end_is_not_held() -> None:
    """Of an object that never ends no more is kept than a record may be long."""
    decoder = JsonDecoder("n")
    for _ in range(100):
        assert len(rejected(decoder.feed(b'[{"a":[' + b"1," * 30_000, None))) <= 2
        assert len(decoder._records._held) <= 65_536


def test_feature_of_geojson() -> None:
    """The third coordinate is a height, the id a name; members behind the features are not read."""
    told = feature(timestamp=None, time="2016-08-01T12:00:00Z", icao24="", altitude=1000) | {"id": 7}
    text = collection(told).decode()[:-1] + ', "bbox": [0], "more": {"a": 1}}'
    fix = the_fix(geojson_decoder, text)
    assert (fix.name, fix.at_ms, fix.longitude_deg) == ("7", AT_MS, 9.25)
    assert fix.pressure_m == pytest.approx(304.8) and fix.geometric_m == pytest.approx(10_000)
    assert len(fixes(decoded(geojson_decoder("n"), "\x1e" + json.dumps(told) + "\n" + json.dumps(told)))) == 2


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"type": "Feature", "geometry": None, "properties": {}}, "no feature"),
        ({"type": "Point", "coordinates": [1, 2]}, "no feature"),
        (feature() | {"geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}, "kind 'LineString'"),
        (feature([9.25]), "a point of 1 numbers"),
        (feature([9, 45, 1, 2]), "a point of 4 numbers"),
        (feature(["9", "45"]), "no report"),
        (feature() | {"properties": None}, "tells no time"),
        (feature() | {"properties": [1]}, "no report"),
    ],
)
def test_bad_feature_is_one_rejection(told: object, reason: str) -> None:
    """Each way to be no point of a track is one rejection, and the next feature is read."""
    reports = decoded(geojson_decoder("n"), collection(told, feature()))
    assert len(fixes(reports)) == 1 and reason in rejected(reports)[0].reason and len(rejected(reports)) == 1
