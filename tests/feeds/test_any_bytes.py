"""Whatever the bytes and wherever they are cut, decoders give sound fixes and rejections, the same ones each time."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.airspace.fix import NAME_MAX, Fix, fix_problem
from comity.interfaces.feeds.cot import CotDecoder
from comity.interfaces.feeds.csv_rows import CsvDecoder
from comity.interfaces.feeds.files import FORMS, form_of
from comity.interfaces.feeds.geojson import geojson_decoder
from comity.interfaces.feeds.json_rows import JsonDecoder
from comity.interfaces.feeds.sbs import SbsDecoder
from comity.interfaces.feeds.snapshot import SnapshotDecoder
from comity.office.sky.decoding import Decoder
from feeds.samples import (
    ARRIVED_MS,
    CSV_HEADER,
    CSV_ROW,
    SBS_FLIGHT,
    aircraft,
    collection,
    decoded,
    event,
    feature,
    rejected,
    row,
    snapshot,
)

CASES: dict[str, tuple[Callable[[str], Decoder], bytes]] = {
    "sbs": (SbsDecoder, SBS_FLIGHT.encode()),
    "snapshot": (SnapshotDecoder, snapshot(aircraft(), aircraft(flight="é", rc=10))),
    "cot": (CotDecoder, (event() + event(uid="b")).encode()),
    "csv": (CsvDecoder, (CSV_HEADER + CSV_ROW * 2).encode()),
    "json": (JsonDecoder, json.dumps([row(), row(callsign="{}")]).encode()),
    "geojson": (geojson_decoder, collection(feature(), feature())),
}
FAMILY = "\U0001f468\u200d\U0001f469"
PIECES = [b"\n", b"\r\n", b",", b'"', b"{", b"}", b"[", b"]", b"nan", b"1e999", b"\xff", b"\0", b"</event>", b"<event "]


@st.composite
def spoilt(draw: st.DrawFn, good: bytes) -> bytes:
    """Good bytes with some cut out and others put in."""
    data = good
    for _ in range(draw(st.integers(0, 6))):
        begin = draw(st.integers(0, len(data)))
        end = min(len(data), begin + draw(st.integers(0, 12)))
        data = data[:begin] + draw(st.sampled_from(PIECES) | st.binary(max_size=4)) + data[end:]
    return data


@pytest.mark.parametrize("form", CASES)
def test_spoilt_bytes_give_sound_reports(form: str) -> None:
    """Every fix is sound, every reason can be shown, and cutting the bytes elsewhere changes nothing."""
    make, good = CASES[form]
    body = good.removeprefix(CSV_HEADER.encode()) if form == "csv" else good
    head = CSV_HEADER.encode() if form == "csv" else b""

    @given(spoilt(body), st.integers(1, 40))
    def check(data: bytes, piece: int) -> None:
        reports = decoded(make("north"), head + data, ARRIVED_MS)
        for report in reports:
            if isinstance(report, Fix):
                assert fix_problem(report) is None and report.source == "north"
            else:
                assert report.line > 0 and report.reason.isprintable() and len(report.reason) < 400
        assert decoded(make("north"), head + data, ARRIVED_MS, piece) == reports

    check()


@given(st.binary(max_size=300))
def test_any_bytes_have_a_form(data: bytes) -> None:
    """A file's beginning always names a form that exists."""
    assert form_of(data) in FORMS


@pytest.mark.parametrize("form", CASES)
def test_gap_anywhere_harms_one_record(form: str) -> None:
    """After lost bytes a decoder finds its way back."""
    make, good = CASES[form]
    if form == "csv":
        good = CSV_HEADER.encode() + CSV_ROW.encode() * 30
    decoder = make("north")
    before = list(decoder.feed(good[: len(good) // 2], ARRIVED_MS))
    decoder.gap()
    after = decoded(decoder, good[len(good) // 2 + 5 :] + b"\n" + good, ARRIVED_MS)
    assert rejected(before) == []
    assert form == "snapshot" or any(isinstance(report, Fix) for report in after)


def test_shown_text_is_short_and_plain() -> None:
    """A reason never carries what came to a terminal as it was."""
    line = f"MSG,3,1,1,{FAMILY * NAME_MAX},1,,,,,,,,,45,9,,,,,,0\n"
    (bad,) = rejected(decoded(SbsDecoder("n"), line, ARRIVED_MS))
    assert bad.reason.isascii() and len(bad.reason) < 400
