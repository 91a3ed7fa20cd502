"""The law of decoders of tracks: sound fixes and rejections that can be shown, the same wherever the bytes are cut."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from comity.airspace.fix import Fix, Report, fix_problem
from comity.interfaces.feeds.files import read_in_order
from comity.model.errors import Malformed
from comity.office.sky.decoding import Decoder
from feeds.samples import (
    ARRIVED_MS,
    CSV_HEADER,
    CSV_ROW,
    PLACE_LINE,
    SBS_FLIGHT,
    aircraft,
    collection,
    decoded,
    event,
    feature,
    row,
    sbs,
    snapshot,
)

REASON_MOST = 400
PIECE_BYTES = 37


def keeps_the_law(make: Callable[[str], Decoder]) -> Callable[[bytes], None]:
    """What to try on one decoder."""

    def attempt(data: bytes) -> None:
        reports = decoded(make("north"), data, ARRIVED_MS)
        check(reports)
        assert decoded(make("north"), data, ARRIVED_MS, PIECE_BYTES) == reports
        after = make("north")
        with suppress(Malformed):  # of CSV the lost half may hold the header
            list(after.feed(data[: len(data) // 2], ARRIVED_MS))
            after.gap()
            check(decoded(after, data[len(data) // 2 :], ARRIVED_MS))

    return attempt


def file_of_tracks(data: bytes) -> None:
    """A file of any form, packed or not."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        reports = list(read_in_order(Path(file.name), "north"))
    check(reports)
    times = [report.at_ms for report in reports if isinstance(report, Fix)]
    assert times == sorted(times)


def check(reports: Iterable[Report]) -> None:
    """Each report is one that may go on."""
    for report in reports:
        if isinstance(report, Fix):
            assert fix_problem(report) is None and isinstance(report.at_ms, int)
        else:
            assert report.line >= 0 and report.reason.isprintable() and len(report.reason) < REASON_MOST


def sbs_lines() -> list[bytes]:
    """One flight, and each kind of message."""
    kinds = "".join(sbs(kind, lat=45, lon=9, altitude=100, speed=1, track=2, climb=3, code="7000") for kind in range(9))
    return [PLACE_LINE.encode(), SBS_FLIGHT.encode(), kinds.encode(), b"AIR,,1\r\n\r\n"]


def snapshots() -> list[bytes]:
    """Documents of readsb and of dump1090."""
    one = aircraft(flight="N1 ", squawk="7000", alt_baro="ground", gs=1.5, nic=8, rc=186)
    return [snapshot(aircraft()), snapshot(one, {"hex": "~00a1b2"}), snapshot(aircraft(altitude=9, vert_rate=1))]


def events() -> list[bytes]:
    """Events alone and behind one another."""
    return [event().encode(), (event(uid="b") + "\n" + event(kind="a-f-G")).encode()]


def csv_files() -> list[bytes]:
    """Few and all columns."""
    names = "time,name,latitude,longitude,squawk,geoaltitude,onground,last_position,doubt_m,height_doubt_m\n"
    return [(CSV_HEADER + CSV_ROW).encode(), (names + '1,"a,b",1,2,7000,3,true,0,4,5\n').encode()]


def json_files() -> list[bytes]:
    """An array, and one object a line."""
    one = json.dumps(row(squawk=7000.0, onground=None, callsign='{"'))
    return [f"[{one}]".encode(), f"{one}\n{one}\n".encode()]


def geojson_files() -> list[bytes]:
    """A collection, and one feature a line."""
    return [collection(feature()), json.dumps(feature() | {"id": 7}).encode()]


def files() -> list[bytes]:
    """One of each form, and one packed."""
    plain = [csv_files()[0], json_files()[0], geojson_files()[0], snapshots()[0], PLACE_LINE.encode(), events()[0]]
    return [*plain, gzip.compress(plain[0], mtime=0)]
