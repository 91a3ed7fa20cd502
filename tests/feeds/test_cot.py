"""CoT: aircraft become fixes, all else is refused; hostile XML costs one rejection."""

from __future__ import annotations

import pytest

from comity.interfaces.feeds.cot import EVENT_BYTES_MOST, CotDecoder
from feeds.samples import ARRIVED_MS, AT_MS, decoded, event, fixes, rejected, the_fix, the_reason

BOMB = '<!DOCTYPE event [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def test_event_becomes_a_fix() -> None:
    """Height above the ellipsoid, both doubts, speed and course come as they are; a gateway's uid gives the address."""
    fix = the_fix(CotDecoder, event(), ARRIVED_MS)
    assert (fix.address, fix.callsign, fix.name) == ("3003ae", "NORTH 1", "")
    assert (fix.at_ms, fix.arrived_ms) == (AT_MS, ARRIVED_MS)
    assert (fix.geometric_m, fix.pressure_m, fix.doubt_m, fix.height_doubt_m) == (10_000.0, None, 50.0, 30.0)
    assert (fix.speed_mps, fix.track_deg) == (230.0, 90.0)


def test_unknown_values_are_unknown() -> None:
    """9999999 is how an event says that it does not know."""
    fix = the_fix(CotDecoder, event(point='lat="45" lon="9" hae="9999999.0" ce="9999999.0" le="9999999"', detail=""))
    assert (fix.geometric_m, fix.doubt_m, fix.height_doubt_m, fix.speed_mps) == (None, 0.0, 0.0, None)


def test_uid_is_the_name() -> None:
    """A uid that holds no 24-bit address is what the source calls the track."""
    fix = the_fix(CotDecoder, event(uid="crew-7", detail=""))
    assert (fix.address, fix.name, fix.identity) == ("", "crew-7", "north/crew-7")


def test_times_of_the_source_may_be_set_aside() -> None:
    """A feed that goes by arrival doubts each place by what the aircraft flies in some seconds."""
    (fix,) = fixes(decoded(CotDecoder("north", by_arrival=True), event(times=""), ARRIVED_MS))
    assert (fix.at_ms, fix.doubt_m) == (ARRIVED_MS, 50.0 + 5 * 230.0)


def test_events_behind_one_another_are_read() -> None:
    """A stream is events with or without a declaration or white space between them, cut anywhere."""
    stream = event() + "\n" + event(uid="b") + event(uid="c")
    for piece in (1, 7, 10_000):
        assert len(fixes(decoded(CotDecoder("north"), stream, piece=piece))) == 3
    assert len(fixes(decoded(CotDecoder("north"), f"<events>\n{stream}\n</events>\n"))) == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    {
        "on the ground": (event(kind="a-f-G-U-C"), "not an aircraft"),
        "on water": (event(kind="a-n-S"), "not an aircraft"),
        "a drawing": (event(kind="u-d-f"), "not an aircraft"),
        "no type": (event().replace('type="a-f-A-C-F"', ""), "not an aircraft"),
        "stale": (event(times='time="2016-08-01T11:50:00Z" stale="2016-08-01T11:55:00Z"'), "stale when it came"),
        "no time": (event(times=""), "without a time"),
        "bad time": (event(times='time="yesterday"'), "no time"),
        "no zone": (event(times='time="2016-08-01T12:00:00"'), "no zone"),
        "beyond the pole": (event(point='lat="95" lon="9"'), "no such place"),
        "no longitude": (event(point='lat="45"'), "tells no place"),
        "NaN": (event(point='lat="NaN" lon="9"'), "latitude is no number"),
        "doubt": (event(point='lat="45" lon="9" ce="-1"'), "doubt of -1"),
        "height doubt": (event(point='lat="45" lon="9" le="600000"'), "doubt of 600000"),
        "no point": (event().replace("<point", "<pint").replace("/><detail", "/><detail"), "without a point"),
        "nameless": (event(uid="", detail=""), "names no aircraft"),
        "bad name": (event(uid="a&#x202e;b"), "cannot be shown"),
        "open tag": (event(detail="<track>"), "no XML"),
        "doubled attribute": (event(point='lat="45" lat="46" lon="9"'), "no XML"),
        "unknown entity": (event(uid="&a;"), "no XML"),
        "outside entity": (event(detail="&outside;"), "no XML"),
        "deep": (event(detail="<a>" * 20 + "</a>" * 20), "16 deep"),
        "many parts": (event(detail="<a/>" * 300), "256 elements"),
        "long": (event(detail="<!--" + "x" * EVENT_BYTES_MOST + "-->"), f"more than {EVENT_BYTES_MOST} bytes"),
        "control character": (event(uid="a\x00b"), "no XML"),
        "second point cannot help": (event(point='lat="x" lon="9"', detail="<point/>"), "latitude is no number"),
        "end alone": ("</event>", "no whole event"),
        "no end": ("<event>", "no whole event"),
        "other text": ("hello", "no whole event"),
    }.values(),
)
def test_bad_event_is_one_rejection(text: str, reason: str) -> None:
    """Each way to be wrong is one rejection with a reason that can be shown."""
    told = the_reason(CotDecoder, text, ARRIVED_MS)
    assert reason in told and told.isprintable()


def test_stream_goes_on_after_a_bad_event() -> None:
    """A broken event, text between events and a document type spoil nothing but themselves."""
    half = event()[: len(event()) // 2]
    for bad in (event(kind="a-f-G"), "noise", half, BOMB, event(detail="<track>")):
        reports = decoded(CotDecoder("north"), event(uid="a") + bad + event(uid="b"), ARRIVED_MS)
        assert [fix.name for fix in fixes(reports)] == ["a", "b"] and len(rejected(reports)) == 1, bad


def test_entities_are_never_expanded() -> None:
    """A document type is refused wherever it stands, and what it declares is not known to any event."""
    inside = event().replace("<event", BOMB + "<event", 1).replace('uid="ICAO-3003ae"', 'uid="&b;"')
    reports = decoded(CotDecoder("north"), inside, ARRIVED_MS)
    assert fixes(reports) == [] and len(rejected(reports)) == 2


def test_other_encodings_are_refused() -> None:
    """Only UTF-8 is read, whatever an event declares."""
    wide = event().replace("UTF-8", "UTF-16").encode("utf-16")
    assert fixes(decoded(CotDecoder("north"), wide, ARRIVED_MS)) == []
    latin = event(uid="é").replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert fixes(decoded(CotDecoder("north"), latin, ARRIVED_MS)) == []


def test_endless_event_is_not_held() -> None:
    """Of an event without an end no more is kept than an event may be long, and the next is read."""
    decoder = CotDecoder("north")
    for _ in range(50):
        assert list(decoder.feed(b"<event " + b"x" * 65_536, ARRIVED_MS)) == []
        assert len(decoder._held) <= EVENT_BYTES_MOST + 1
    reports = list(decoder.feed(b"</event>" + event().encode(), ARRIVED_MS))
    assert len(fixes(reports)) == 1 and len(rejected(reports)) >= 1
