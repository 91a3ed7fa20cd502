"""Tracks as CSV, read and written: the header's names decide, as `rows` has them; other columns are not read.

Not trusted: the file. A record is one line; a header without a needed column is an error that names it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from comity.airspace.fix import Fix, Rejected, Report
from comity.interfaces.feeds.lines import Lines
from comity.interfaces.feeds.rows import Row, row_fix
from comity.interfaces.feeds.values import FOOT_A_MINUTE_MPS, FOOT_M, KNOT_MPS, number, scaled, shown
from comity.model.errors import Malformed

COLUMNS_MOST = 256
NEEDED = (("timestamp", "time"), ("latitude",), ("longitude",), ("icao24", "callsign", "name"))
WRITTEN = (
    *("timestamp", "icao24", "callsign", "squawk", "name", "latitude", "longitude", "altitude", "geoaltitude"),
    *("groundspeed", "track", "vertical_rate", "onground", "doubt_m", "height_doubt_m"),
)
_FLAGS = {"": None, "true": True, "false": False, "1": True, "0": False}
_MARK = "\ufeff"


class CsvDecoder:
    """The reports of one file. Satisfies `office.sky.decoding.Decoder`."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines = Lines()
        self._count = 0
        self._width = 0
        self._at: tuple[int, ...] = ()

    def feed(self, data: bytes, arrived_ms: int | None) -> Iterator[Report]:
        """What these bytes complete; Malformed if the header lacks what every report needs."""
        return self._reports(self._lines.feed(data), arrived_ms)

    def gap(self) -> None:
        """Bytes were lost here."""
        self._lines.gap()

    def end(self, arrived_ms: int | None) -> Iterator[Report]:
        """What stood in a last line without its end."""
        return self._reports(self._lines.end(), arrived_ms)

    def _reports(self, lines: list[bytes], arrived_ms: int | None) -> Iterator[Report]:
        for line in lines:
            self._count += 1
            if not self._at:
                self._at = self._header(self._cells(line))
                continue
            try:
                cells = self._cells(line)
                if cells:
                    yield row_fix(self._row(cells), self._source, arrived_ms)
            except Malformed as error:
                yield Rejected(self._count, str(error))

    def _cells(self, line: bytes) -> list[str]:
        text = self._lines.text_of(line)
        if '"' not in text:
            return text.split(",") if text else []
        try:
            return next(csv.reader([text], strict=True))
        except (csv.Error, StopIteration):
            raise Malformed("quotes that do not match") from None

    def _header(self, cells: list[str]) -> tuple[int, ...]:
        """Where each member of a row stands; -1, which is an empty cell put behind the others, for what is not told."""
        names = [cell.strip().removeprefix(_MARK).strip().lower() for cell in cells]
        if len(names) > COLUMNS_MOST:
            raise Malformed(f"a header of more than {COLUMNS_MOST} columns")
        for needed in NEEDED:
            if not set(needed) & set(names):
                begun = shown(",".join(names[:8]))
                raise Malformed(f"no column {' or '.join(needed)}; name it in the first line, which begins {begun}")
        twice = next((name for name in Row.__struct_fields__ if names.count(name) > 1), None)
        if twice is not None:
            raise Malformed(f"two columns are called {twice}; leave one")
        self._width = len(names)
        return tuple(names.index(name) if name in names else -1 for name in Row.__struct_fields__)

    def _row(self, cells: list[str]) -> Row:
        if len(cells) != self._width:
            raise Malformed(f"{len(cells)} cells under {self._width} columns")
        cells.append("")
        (
            timestamp, time, latitude, longitude, icao24, callsign, name, squawk, altitude, geoaltitude,
            groundspeed, track, vertical_rate, onground, last_position, doubt_m, height_doubt_m,
        ) = [cells[place] for place in self._at]  # fmt: skip
        return Row(
            timestamp,
            time,
            number(latitude, "latitude"),
            number(longitude, "longitude"),
            icao24,
            callsign,
            name,
            squawk,
            number(altitude, "altitude"),
            number(geoaltitude, "geoaltitude"),
            number(groundspeed, "groundspeed"),
            number(track, "track"),
            number(vertical_rate, "vertical rate"),
            _flag(onground),
            last_position,
            number(doubt_m, "doubt"),
            number(height_doubt_m, "doubt about the height"),
        )


def csv_lines(fixes: Iterable[Fix]) -> Iterator[str]:
    """The fixes as CSV, the header first, that `CsvDecoder` reads again."""
    yield ",".join(WRITTEN) + "\n"
    buffer = io.StringIO()
    write = csv.writer(buffer, lineterminator="\n").writerow
    for fix in fixes:
        write(_written(fix))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _written(fix: Fix) -> tuple[str | int | float | None, ...]:
    return (
        fix.at_ms,
        fix.address,
        fix.callsign,
        fix.code,
        fix.name,
        round(fix.latitude_deg, 7),
        round(fix.longitude_deg, 7),
        _rounded(fix.pressure_m, 1 / FOOT_M),
        _rounded(fix.geometric_m, 1 / FOOT_M),
        _rounded(fix.speed_mps, 1 / KNOT_MPS),
        _rounded(fix.track_deg, 1.0),
        _rounded(fix.climb_mps, 1 / FOOT_A_MINUTE_MPS),
        "true" if fix.on_ground else "false",
        _rounded(fix.doubt_m, 1.0),
        _rounded(fix.height_doubt_m, 1.0),
    )


def _rounded(value: float | None, unit: float) -> float | None:
    told = scaled(value, unit)
    return None if told is None else round(told, 3)


def _flag(text: str) -> bool | None:
    try:
        return _FLAGS[text] if text in _FLAGS else _FLAGS[text.strip().lower()]
    except KeyError:
        raise Malformed(f"the onground flag is neither true nor false: {shown(text)}") from None
