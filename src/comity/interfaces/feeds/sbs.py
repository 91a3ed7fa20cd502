"""SBS-1, the lines that dump1090 and readsb serve on port 30003: 22 fields with commas between.

An aircraft tells its place, its speed and its callsign in different messages; a fix goes out at each place, with the
newest of the rest that is not too old. Lines about the receiver itself, and messages without a place, are no reports
and no errors. Times are taken to be UTC, so the receiver's machine must run on it; a line without one, or a feed asked
to go by arrival, has the time of its arrival and is doubted by what that may hide.
Raw Mode S is not decoded here: a well-kept tool outside this process does that, and serves these lines.
Not trusted: the lines. At most `ADDRESSES_MOST` aircraft are remembered, the longest silent forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import msgspec

from comity.airspace.fix import NAME_MAX, Fix, Rejected, Report
from comity.interfaces.feeds.lines import Lines
from comity.interfaces.feeds.values import (
    FOOT_A_MINUTE_MPS,
    FOOT_M,
    KNOT_MPS,
    address,
    callsign,
    code,
    number,
    place,
    scaled,
    shown,
    sound,
    untimed_doubt_m,
)
from comity.model.errors import Malformed

FIELDS = 22
ADDRESSES_MOST = 20_000
MOTION_KEPT_MS = 10_000
NAMES_KEPT_MS = 300_000
SILENT_KINDS = ("SEL,", "ID,", "AIR,", "STA,", "CLK,")
ON_SURFACE = "2"
BLANK = (b"", b"\r")
_TRUE, _UNTOLD = ("-1", "1"), ("0", "")
_LONG_AGO = -(10**15)


class _Heard(msgspec.Struct):
    """What one address has told, and when."""

    callsign: str = ""
    callsign_ms: int = _LONG_AGO
    code: str = ""
    code_ms: int = _LONG_AGO
    speed_mps: float | None = None
    track_deg: float | None = None
    climb_mps: float | None = None
    motion_ms: int = _LONG_AGO
    pressure_m: float | None = None
    pressure_ms: int = _LONG_AGO


class SbsDecoder:
    """The reports of one connection or file. Satisfies `office.sky.decoding.Decoder`."""

    def __init__(self, source: str, by_arrival: bool = False) -> None:
        """`by_arrival` is for a receiver whose clock is not to be trusted, or not UTC."""
        self._source = source
        self._by_arrival = by_arrival
        self._lines = Lines()
        self._count = 0
        self._heard: OrderedDict[str, _Heard] = OrderedDict()
        self._second = ("", "", 0)

    def feed(self, data: bytes, arrived_ms: int | None) -> Iterator[Report]:
        """What these bytes complete."""
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
            if line in BLANK:
                continue  # receivers send them to keep the connection open
            try:
                fix = self._read(self._lines.text_of(line), arrived_ms)
            except Malformed as error:
                yield Rejected(self._count, str(error))
                continue
            if fix is not None:
                yield fix

    def _read(self, line: str, arrived_ms: int | None) -> Fix | None:
        fields = line.split(",")
        if fields[0] != "MSG":
            if line.startswith(SILENT_KINDS):
                return None
            raise Malformed(f"no line of SBS-1: {shown(line)}")
        if len(fields) != FIELDS:
            raise Malformed(f"{len(fields)} fields, where SBS-1 has {FIELDS}")
        of = address(fields[4])
        if not of:
            raise Malformed("a message without an address")
        told_ms = None if self._by_arrival else self._time_ms(fields[6], fields[7])
        at_ms = arrived_ms if told_ms is None else told_ms
        if at_ms is None:
            raise Malformed("a message without a time, and a file has no time of arrival")
        heard = self._of(of)
        _remember(heard, fields, at_ms)
        if not fields[14] and not fields[15]:
            return None
        return self._fix(of, fields, heard, at_ms, arrived_ms, told_ms is None)

    def _fix(self, of: str, fields: list[str], heard: _Heard, at_ms: int, arrived_ms: int | None, untimed: bool) -> Fix:
        latitude, longitude = place(number(fields[14], "latitude"), number(fields[15], "longitude"))
        moving = abs(at_ms - heard.motion_ms) <= MOTION_KEPT_MS
        return sound(
            Fix(
                source=self._source,
                at_ms=at_ms,
                arrived_ms=at_ms if arrived_ms is None else arrived_ms,
                latitude_deg=latitude,
                longitude_deg=longitude,
                address=of,
                callsign=heard.callsign if abs(at_ms - heard.callsign_ms) <= NAMES_KEPT_MS else "",
                code=heard.code if abs(at_ms - heard.code_ms) <= NAMES_KEPT_MS else "",
                pressure_m=heard.pressure_m if abs(at_ms - heard.pressure_ms) <= MOTION_KEPT_MS else None,
                speed_mps=heard.speed_mps if moving else None,
                track_deg=heard.track_deg if moving else None,
                climb_mps=heard.climb_mps if moving else None,
                on_ground=fields[1] == ON_SURFACE or _flag(fields[21], "on-ground flag"),
                doubt_m=untimed_doubt_m(heard.speed_mps if moving else None) if untimed else 0.0,
            )
        )

    def _of(self, of: str) -> _Heard:
        heard = self._heard.get(of)
        if heard is None:
            heard = self._heard[of] = _Heard()
            if len(self._heard) > ADDRESSES_MOST:
                self._heard.popitem(last=False)
        else:
            self._heard.move_to_end(of)
        return heard

    def _time_ms(self, day: str, clock: str) -> int | None:
        """The time at which the message was made; None if the line tells none."""
        if not day and not clock:
            return None
        second, _, fraction = clock.partition(".")
        if (day, second) != self._second[:2]:
            self._second = (day, second, _second_ms(day, second))
        if not fraction:
            return self._second[2]
        if not (fraction.isdecimal() and fraction.isascii() and len(fraction) <= 9):
            raise Malformed(f"no time: {shown(clock)}")
        return self._second[2] + int(fraction[:3].ljust(3, "0"))


def _second_ms(day: str, second: str) -> int:
    if len(day) == 10 and len(second) == 8 and day[4] == day[7] == "/" and second[2] == second[5] == ":":
        with suppress(ValueError):
            written = f"{day[:4]}-{day[5:7]}-{day[8:]}T{second}"
            return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp()) * 1000
    raise Malformed(f"no time: {shown(f'{day} {second}')}")


def _remember(heard: _Heard, fields: list[str], at_ms: int) -> None:
    """Keeps what this message tells besides the place."""
    if fields[10]:
        if len(fields[10]) > NAME_MAX:
            raise Malformed(f"a callsign of more than {NAME_MAX} characters")
        heard.callsign, heard.callsign_ms = callsign(fields[10]), at_ms
    if fields[17]:
        heard.code, heard.code_ms = code(fields[17]), at_ms
    if fields[11]:
        heard.pressure_m, heard.pressure_ms = scaled(number(fields[11], "altitude"), FOOT_M), at_ms
    if fields[12] or fields[13] or fields[16]:
        speed_mps = scaled(number(fields[12], "speed"), KNOT_MPS)
        track_deg = number(fields[13], "track")
        climb_mps = scaled(number(fields[16], "climb"), FOOT_A_MINUTE_MPS)
        heard.speed_mps, heard.track_deg, heard.climb_mps, heard.motion_ms = speed_mps, track_deg, climb_mps, at_ms


def _flag(text: str, what: str) -> bool:
    if text in _TRUE:
        return True
    if text in _UNTOLD:
        return False
    raise Malformed(f"the {what} is no flag: {shown(text)}")
