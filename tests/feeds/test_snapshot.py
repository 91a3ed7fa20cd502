"""aircraft.json: one report an aircraft that has a place; ages, datums and radii kept; one rejection a bad aircraft."""

from __future__ import annotations

import pytest

from comity.interfaces.feeds.snapshot import DOCUMENT_BYTES_MOST, SnapshotDecoder
from feeds.samples import ARRIVED_MS, AT_MS, aircraft, decoded, fixes, rejected, snapshot, the_fix, the_reason


def test_aircraft_becomes_a_fix() -> None:
    """Feet, knots and feet a minute become SI; the place is as old as it says; both heights keep their datum."""
    told = aircraft(flight="NORTH1  ", squawk="0021", alt_baro=35000, alt_geom=35500, gs=450, track=90, baro_rate=-640)
    fix = the_fix(SnapshotDecoder, snapshot(told | {"rc": 186, "nic": 8}), ARRIVED_MS)
    assert (fix.address, fix.callsign, fix.code) == ("3003ae", "NORTH1", "0021")
    assert (fix.at_ms, fix.arrived_ms) == (AT_MS - 1500, ARRIVED_MS)
    assert fix.pressure_m == pytest.approx(10_668.0) and fix.geometric_m == pytest.approx(10_820.4)
    assert fix.speed_mps == pytest.approx(231.5) and fix.climb_mps == pytest.approx(-3.2512)
    assert fix.doubt_m == 186 and not fix.on_ground


def test_older_names_are_read() -> None:
    """dump1090-mutability calls altitude, speed and climb otherwise."""
    fix = the_fix(SnapshotDecoder, snapshot(aircraft(altitude=1000, speed=100, vert_rate=600)))
    assert fix.pressure_m == pytest.approx(304.8) and fix.speed_mps == pytest.approx(51.444, abs=1e-3)
    assert fix.climb_mps == pytest.approx(3.048) and fix.arrived_ms == AT_MS


def test_ground_is_no_height() -> None:
    """An altitude of "ground" says that the aircraft is on it, not how high that is."""
    fix = the_fix(SnapshotDecoder, snapshot(aircraft(alt_baro="ground")))
    assert fix.on_ground and fix.pressure_m is None


def test_category_stands_in_for_the_radius() -> None:
    """Without `rc` the radius is that of `nic`; 0 in either says nothing."""
    doubts = [the_fix(SnapshotDecoder, snapshot(aircraft(**told))).doubt_m for told in ({"nic": 7}, {"nic": 0}, {})]
    assert doubts == [370.4, 0.0, 0.0]


def test_address_that_is_none_becomes_a_name() -> None:
    """A `hex` with ~ is made up by the receiver, and so is no address."""
    fix = the_fix(SnapshotDecoder, snapshot(aircraft(hex="~3003ae")))
    assert (fix.address, fix.name, fix.identity) == ("", "~3003ae", "north/~3003ae")


def test_aircraft_without_a_place_is_no_report() -> None:
    """Most receivers hear more than they can place; that is no error."""
    assert decoded(SnapshotDecoder("north"), snapshot({"hex": "3003ae", "squawk": "7100"})) == []


def test_unknown_age_is_doubted() -> None:
    """Without `now`, without `seen_pos`, or asked to go by arrival, a place may be seconds old."""
    assert the_fix(SnapshotDecoder, snapshot(aircraft(), now=None), ARRIVED_MS).doubt_m == 1_500.0
    assert the_fix(SnapshotDecoder, snapshot(aircraft(seen_pos=None)), ARRIVED_MS).doubt_m == 1_500.0
    (fix,) = fixes(decoded(SnapshotDecoder("north", by_arrival=True), snapshot(aircraft()), ARRIVED_MS))
    assert (fix.at_ms, fix.doubt_m) == (ARRIVED_MS - 1500, 1_500.0)
    assert "no time of arrival" in the_reason(SnapshotDecoder, snapshot(aircraft(), now=None))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (aircraft(hex=7), "no aircraft"),
        ({"lat": 45.5, "lon": 9.25}, "no aircraft"),
        (aircraft(lat="45"), "no aircraft"),
        (aircraft(lat=None), "tells no place"),
        (aircraft(lat=95), "no such place"),
        (aircraft(alt_baro="high"), "altitude is no number"),
        (aircraft(alt_baro=[1]), "no aircraft"),
        (aircraft(alt_geom=1e9), "height of 304800000 m"),
        (aircraft(gs=-3), "speed of -2 m/s"),
        (aircraft(seen_pos=301), "says nothing"),
        (aircraft(seen_pos=-1), "says nothing"),
        (aircraft(rc=-5), "doubt of -5"),
        (aircraft(rc=1e7), "doubt of 10000000"),
        (aircraft(hex="3003"), "no 24-bit address"),
        (aircraft(squawk="9999"), "no transponder code"),
        (aircraft(flight="\u202eNORTH"), "cannot be shown"),
        (aircraft(flight="A" * 65), "more than 64"),
        (aircraft(nic={"a": [{}] * 9}), "no aircraft"),
        (7, "no JSON object"),
    ],
)
def test_bad_aircraft_is_one_rejection(told: object, reason: str) -> None:
    """Each way to be wrong is one rejection, and the others of the document are read."""
    reports = decoded(SnapshotDecoder("north"), snapshot(told, aircraft(hex="4b43ac")), ARRIVED_MS)
    (bad,) = rejected(reports)
    assert reason in bad.reason and bad.reason.isprintable() and bad.line == 1
    assert [fix.address for fix in fixes(reports)] == ["4b43ac"]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"{}",
        b'{"aircraft":[',
        b'{"now":NaN,"aircraft":[]}',
        b'{"now":1e999,"aircraft":[]}',
        b"\xff\xfe",
        b'{"now":-1,"aircraft":[]}',
        b"[" * 100_000,
        b'{"now":1,"aircraft":' + b"[" * 100_000,
        b" " * (DOCUMENT_BYTES_MOST + 1),
    ],
)
def test_bad_document_is_one_rejection(document: bytes) -> None:
    """What is no document of aircraft, however deep or long, is one rejection."""
    assert len(rejected(decoded(SnapshotDecoder("north"), document, ARRIVED_MS))) == 1


def test_document_of_trifles_costs_no_memory() -> None:
    """Millions of things that are no aircraft are one rejection, not millions of values."""
    document = b'{"now":1,"aircraft":[' + b"0," * 2_000_000 + b"0]}"
    assert len(decoded(SnapshotDecoder("north"), document, ARRIVED_MS)) == 1


def test_gap_is_forgotten_with_its_document() -> None:
    """What follows a document that lost bytes is a document of its own."""
    decoder = SnapshotDecoder("north")
    assert list(decoder.feed(b'{"now":1,', ARRIVED_MS)) == []
    decoder.gap()
    assert len(fixes(decoded(decoder, snapshot(aircraft()), ARRIVED_MS))) == 1
