"""SBS-1: parts that come in different messages become fixes; each bad line is one rejection, and the next is read."""

from __future__ import annotations

import pytest

from comity.interfaces.feeds import sbs as module
from comity.interfaces.feeds.sbs import SbsDecoder
from feeds.samples import ARRIVED_MS, AT_MS, PLACE_LINE, SBS_FLIGHT, decoded, fixes, rejected, sbs, the_fix, the_reason


def test_parts_of_one_flight_are_joined() -> None:
    """A fix goes out at the place, with the callsign, code, speed and climb that were told before, in SI units."""
    fix = the_fix(SbsDecoder, SBS_FLIGHT, ARRIVED_MS)
    assert (fix.source, fix.address, fix.callsign, fix.code) == ("north", "3003ae", "NORTH1", "7100")
    assert (fix.at_ms, fix.arrived_ms) == (AT_MS + 500, ARRIVED_MS)
    assert (fix.latitude_deg, fix.longitude_deg, fix.on_ground, fix.doubt_m) == (45.5, 9.25, False, 0.0)
    assert fix.pressure_m == pytest.approx(10_668.0) and fix.geometric_m is None
    assert fix.speed_mps == pytest.approx(231.5) and fix.track_deg == 90.0
    assert fix.climb_mps == pytest.approx(-3.2512)


def test_parts_of_two_flights_are_not_mixed() -> None:
    """What one address tells says nothing of another."""
    lines = sbs(1, callsign="NORTH1") + sbs(3, address="4B43AC", lat=46, lon=8, altitude=1000)
    fix = the_fix(SbsDecoder, lines)
    assert (fix.address, fix.callsign, fix.speed_mps) == ("4b43ac", "", None)


def test_old_parts_are_forgotten() -> None:
    """A speed of eleven seconds ago is none; a callsign of five minutes ago still is one."""
    lines = sbs(1, callsign="NORTH1") + sbs(4, speed=450, track=90)
    near = fixes(decoded(SbsDecoder("north"), lines + sbs(3, clock="12:00:10", lat=45, lon=9)))[0]
    far = fixes(decoded(SbsDecoder("north"), lines + sbs(3, clock="12:00:11", lat=45, lon=9)))[0]
    gone = fixes(decoded(SbsDecoder("north"), lines + sbs(3, clock="12:05:01", lat=45, lon=9)))[0]
    assert near.speed_mps is not None and far.speed_mps is None
    assert far.callsign == "NORTH1" and gone.callsign == ""


def test_surface_place_is_on_the_ground() -> None:
    """Message 2 is a place on the ground, and so is any place with the flag."""
    assert the_fix(SbsDecoder, sbs(2, lat=45, lon=9, speed=12)).on_ground
    assert the_fix(SbsDecoder, sbs(3, lat=45, lon=9, ground="-1")).on_ground
    assert not the_fix(SbsDecoder, sbs(3, lat=45, lon=9, ground="")).on_ground


def test_lines_about_the_receiver_are_no_reports() -> None:
    """Heartbeats, lines of other kinds and messages without a place give nothing and are no errors."""
    lines = "\r\n\n" + "STA,,1,1,3003AE,1,,,,,RM\r\nAIR,,1,1,3003AE,1,,,,\r\n" + sbs(8) + sbs(5, altitude=1000)
    assert decoded(SbsDecoder("north"), lines) == []


def test_line_without_time_has_its_arrival_and_is_doubted() -> None:
    """Without a time of its own a report has that of its arrival, and may be where the aircraft was seconds ago."""
    fix = the_fix(SbsDecoder, PLACE_LINE.replace("2016/08/01,12:00:00.000", ","), ARRIVED_MS)
    assert fix.at_ms == fix.arrived_ms == ARRIVED_MS and fix.doubt_m == 1_500.0
    assert "no time of arrival" in the_reason(SbsDecoder, PLACE_LINE.replace("2016/08/01,12:00:00.000", ","))


def test_times_of_the_source_may_be_set_aside() -> None:
    """A feed that goes by arrival does not look at the times in the lines, and doubts by the speed told."""
    reports = decoded(SbsDecoder("north", by_arrival=True), SBS_FLIGHT, ARRIVED_MS)
    (fix,) = fixes(reports)
    assert fix.at_ms == ARRIVED_MS and fix.doubt_m == pytest.approx(5 * 231.5)


@pytest.mark.parametrize(
    ("line", "reason"),
    {
        "other text": ("GET / HTTP/1.1\n", "no line of SBS-1"),
        "too few fields": ("MSG,3,1,1,3003AE\n", "5 fields, where SBS-1 has 22"),
        "too many fields": (PLACE_LINE.strip() + ",\n", "23 fields"),
        "no address": (sbs(3, address="", lat=45, lon=9), "without an address"),
        "short address": (sbs(3, address="3003A", lat=45, lon=9), "no 24-bit address"),
        "no hex": (sbs(3, address="3003AG", lat=45, lon=9), "no 24-bit address"),
        "nobody's address": (sbs(3, address="000000", lat=45, lon=9), "no 24-bit address"),
        "half a place": (sbs(3, lat=45), "tells no place"),
        "not a number": (sbs(3, lat="north", lon=9), "latitude is no number"),
        "NaN": (sbs(3, lat="nan", lon=9), "latitude is no number"),
        "infinity": (sbs(3, lat=45, lon="inf"), "longitude is no number"),
        "underscore": (sbs(3, lat="4_5", lon=9), "latitude is no number"),
        "other digits": (sbs(3, lat="\uff14\uff15", lon=9), "latitude is no number"),
        "beyond the pole": (sbs(3, lat=90.001, lon=9), "no such place"),
        "beyond the world": (sbs(3, lat=45, lon=-180.5), "no such place"),
        "height": (sbs(3, lat=45, lon=9, altitude=126_000), "pressure altitude of 38405 m"),
        "speed": (sbs(3, lat=45, lon=9, speed=-1), "speed of -1 m/s"),
        "track": (sbs(3, lat=45, lon=9, track=361), "track of 361"),
        "climb": (sbs(3, lat=45, lon=9, climb=90_000), "climb of 457 m/s"),
        "code": (sbs(3, lat=45, lon=9, code="7800"), "no transponder code"),
        "long code": (sbs(3, lat=45, lon=9, code="12345"), "no transponder code"),
        "flag": (sbs(3, lat=45, lon=9, ground="yes"), "no flag"),
        "callsign": (sbs(3, lat=45, lon=9, callsign="A" * 65), "callsign of more than 64"),
        "terminal codes": (sbs(3, lat=45, lon=9, callsign="A\x1b[2J"), "cannot be shown"),
        "month": (PLACE_LINE.replace("2016/08", "2016/13"), "no time"),
        "hour": (sbs(3, clock="25:00:00", lat=45, lon=9), "no time"),
        "zone": (sbs(3, clock="12:00+01", lat=45, lon=9), "no time"),
        "fraction": (sbs(3, clock="12:00:00.x", lat=45, lon=9), "no time"),
        "before 1970": (PLACE_LINE.replace("2016/08", "1916/08"), "outside the years"),
        "over-long": ("MSG," + "3" * 5000 + "\n", "more than 4096 bytes"),
    }.values(),
)
def test_bad_line_is_one_rejection(line: str, reason: str) -> None:
    """Each way to be wrong is one rejection with its line and reason, and the next line is read."""
    reports = decoded(SbsDecoder("north"), line + PLACE_LINE.replace("3003AE", "4B43AC"))
    (bad,) = rejected(reports)
    assert bad.line == 1 and reason in bad.reason and bad.reason.isprintable()
    assert [fix.address for fix in fixes(reports)] == ["4b43ac"]


def test_wrong_encoding_is_one_rejection() -> None:
    """Bytes that are no UTF-8 spoil their line and no other."""
    reports = decoded(SbsDecoder("north"), b"\xff\xfe\n" + PLACE_LINE.encode())
    assert len(rejected(reports)) == len(fixes(reports)) == 1


def test_endless_line_is_not_held() -> None:
    """A line without an end is one rejection, and no more of it is kept than a line may be long."""
    decoder = SbsDecoder("north")
    for _ in range(200):
        assert list(decoder.feed(b"M" * 65_536, ARRIVED_MS)) == []
    assert len(decoder._lines._rest) <= 4097
    reports = list(decoder.feed(b"\n" + PLACE_LINE.encode(), ARRIVED_MS))
    assert len(rejected(reports)) == len(fixes(reports)) == 1


def test_gap_spoils_only_what_it_cuts() -> None:
    """Where bytes were lost, the halves before and after are no lines and no errors."""
    decoder = SbsDecoder("north")
    data = PLACE_LINE.encode()
    assert list(decoder.feed(data[:20], ARRIVED_MS)) == []
    decoder.gap()
    assert len(fixes(decoder.feed(data[40:] + data, ARRIVED_MS))) == 1


def test_many_addresses_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more aircraft than may be remembered the longest silent one is forgotten."""
    monkeypatch.setattr(module, "ADDRESSES_MOST", 3)
    decoder = SbsDecoder("north")
    for number in (1, 2, 3, 1, 4):
        decoded(decoder, sbs(1, address=f"00000{number}", callsign=f"N{number}"))
    places = "".join(sbs(3, address=f"00000{number}", lat=45, lon=9) for number in (1, 3, 4, 2))
    assert [fix.callsign for fix in fixes(decoded(decoder, places))] == ["N1", "N3", "N4", ""]
