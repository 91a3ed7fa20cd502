"""readsb's and dump1090's `aircraft.json`: every aircraft that the receiver holds, in one document a second.

A place is `seen_pos` seconds older than the document's `now`. An aircraft without a place is no report and no error.
`rc`, or else `nic`, gives the radius of doubt; a `hex` that begins with ~ is no 24-bit address and becomes a name.
Heights are in feet, speeds in knots, climbs in feet a minute, as both programs write them; the older names of
dump1090-mutability (`altitude`, `speed`, `vert_rate`) are read, too. Not trusted: the document, of bounded length.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import msgspec

from comity.airspace.fix import Fix, Rejected, Report
from comity.interfaces.feeds.json_records import BROKEN, NO_OBJECT, JsonRecords
from comity.interfaces.feeds.values import (
    FOOT_A_MINUTE_MPS,
    FOOT_M,
    KNOT_MPS,
    NOT_JSON,
    address,
    callsign,
    code,
    place,
    scaled,
    shown,
    sound,
    untimed_doubt_m,
)
from comity.model.errors import Malformed

DOCUMENT_BYTES_MOST = 8 * 1024 * 1024
AGE_S_MOST = 300.0
NOW_S_MOST = 253_402_300_799.0
ON_GROUND = "ground"
NOT_AN_ADDRESS = "~"
RADIUS_M = {11: 7.5, 10: 25.0, 9: 75.0, 8: 185.2, 7: 370.4, 6: 1_111.2, 5: 1_852.0, 4: 3_704.0, 3: 7_408.0}
RADIUS_M |= {2: 14_816.0, 1: 37_040.0}


class _Document(msgspec.Struct):
    aircraft: msgspec.Raw
    now: float | None = None


class _Aircraft(msgspec.Struct):
    """What is read of one aircraft; the types are the check."""

    hex: str
    lat: float | None = None
    lon: float | None = None
    seen_pos: float | None = None
    flight: str | None = None
    squawk: str | None = None
    alt_baro: float | str | None = None
    altitude: float | str | None = None
    alt_geom: float | None = None
    gs: float | None = None
    speed: float | None = None
    track: float | None = None
    baro_rate: float | None = None
    geom_rate: float | None = None
    vert_rate: float | None = None
    rc: float | None = None
    nic: int | None = None


_DOCUMENT = msgspec.json.Decoder(_Document)
_AIRCRAFT = msgspec.json.Decoder(_Aircraft)


class SnapshotDecoder:
    """The reports of one document. Satisfies `office.sky.decoding.Decoder`."""

    def __init__(self, source: str, by_arrival: bool = False) -> None:
        """`by_arrival` puts the time of arrival in place of the document's `now`."""
        self._source = source
        self._by_arrival = by_arrival
        self._document = bytearray()

    def feed(self, data: bytes, arrived_ms: int | None) -> Iterator[Report]:
        """Nothing yet: a document is read when it is whole."""
        self._document += data[: DOCUMENT_BYTES_MOST + 1 - len(self._document)]
        return iter(())

    def gap(self) -> None:
        """Bytes were lost here: the document is none."""
        self._document.clear()

    def end(self, arrived_ms: int | None) -> Iterator[Report]:
        """All that the document tells."""
        data = bytes(self._document)
        self._document.clear()
        return self._reports(data, arrived_ms)

    def _reports(self, data: bytes, arrived_ms: int | None) -> Iterator[Report]:
        try:
            aircraft, now_ms = self._opened(data, arrived_ms)
        except Malformed as error:
            yield Rejected(1, str(error))
            return
        untimed = now_ms is None
        at_ms = arrived_ms if now_ms is None else now_ms
        assert at_ms is not None, "a document without a time is refused where there is no arrival"
        records = JsonRecords()
        for count, record in enumerate(chain(records.feed(aircraft), records.end()), 1):
            try:
                fix = self._fix(record, at_ms, at_ms if arrived_ms is None else arrived_ms, untimed)
            except Malformed as error:
                yield Rejected(count, str(error))
                continue
            if fix is not None:
                yield fix

    def _opened(self, data: bytes, arrived_ms: int | None) -> tuple[bytes, int | None]:
        if len(data) > DOCUMENT_BYTES_MOST:
            raise Malformed(f"a document of more than {DOCUMENT_BYTES_MOST} bytes")
        try:
            document = _DOCUMENT.decode(data)
        except NOT_JSON as error:
            raise Malformed(f"no aircraft.json: {error}") from None
        if self._by_arrival or document.now is None:
            if arrived_ms is None:
                raise Malformed("the document tells no time, and a file has no time of arrival")
            return bytes(document.aircraft), None
        if not 0.0 <= document.now <= NOW_S_MOST:
            raise Malformed(f"the document's time is outside the years 1970 to 9999: {shown(document.now)}")
        return bytes(document.aircraft), int(document.now * 1000.0)

    def _fix(self, record: bytes, now_ms: int, arrived_ms: int, untimed: bool) -> Fix | None:
        if record is BROKEN:
            raise Malformed(NO_OBJECT)
        try:
            told = _AIRCRAFT.decode(record)
        except NOT_JSON as error:
            raise Malformed(f"no aircraft: {error}") from None
        if told.lat is None and told.lon is None:
            return None
        latitude, longitude = place(told.lat, told.lon)
        age_s = told.seen_pos or 0.0
        if not 0.0 <= age_s <= AGE_S_MOST:
            raise Malformed(f"a place of {shown(age_s)} s ago; older than {AGE_S_MOST:.0f} s says nothing")
        height = told.altitude if told.alt_baro is None else told.alt_baro
        speed_mps = scaled(told.speed if told.gs is None else told.gs, KNOT_MPS)
        by_name = told.hex.startswith(NOT_AN_ADDRESS)
        unknown_age = untimed or told.seen_pos is None
        return sound(
            Fix(
                source=self._source,
                at_ms=now_ms - int(age_s * 1000.0),
                arrived_ms=arrived_ms,
                latitude_deg=latitude,
                longitude_deg=longitude,
                address="" if by_name else address(told.hex),
                callsign=callsign(told.flight),
                code=code(told.squawk),
                name=told.hex if by_name else "",
                pressure_m=_pressure_m(height),
                geometric_m=scaled(told.alt_geom, FOOT_M),
                speed_mps=speed_mps,
                track_deg=told.track,
                climb_mps=scaled(_first(told.baro_rate, told.geom_rate, told.vert_rate), FOOT_A_MINUTE_MPS),
                on_ground=height == ON_GROUND,
                doubt_m=_radius_m(told) + (untimed_doubt_m(speed_mps) if unknown_age else 0.0),
            )
        )


def _pressure_m(height: float | str | None) -> float | None:
    if isinstance(height, str):
        if height != ON_GROUND:
            raise Malformed(f"the altitude is no number: {shown(height)}")
        return None
    return scaled(height, FOOT_M)


def _radius_m(told: _Aircraft) -> float:
    """0 is what both fields say when nothing is known of it."""
    return told.rc or RADIUS_M.get(told.nic or 0, 0.0)


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)
