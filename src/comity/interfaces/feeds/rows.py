"""One row of a table of tracks as a fix: what the columns are called, and in which units they are.

The same names hold for the columns of CSV, the members of JSON and the properties of GeoJSON:
`timestamp` (or `time`), needed: milliseconds since 1970, or a date and time with its zone; `latitude`, `longitude`,
needed: degrees; one of `icao24` (24-bit address), `callsign`, `name`, needed; `altitude` (pressure) and `geoaltitude`
(ellipsoid or sea): feet; `groundspeed`: knots; `track`: degrees; `vertical_rate`: feet a minute; `squawk`; `onground`;
`last_position`: when the place was measured, as `timestamp`; `doubt_m`, `height_doubt_m`: metres.
"""

from __future__ import annotations

import msgspec

from comity.airspace.fix import Fix
from comity.interfaces.feeds.values import (
    FOOT_A_MINUTE_MPS,
    FOOT_M,
    KNOT_MPS,
    address,
    aged_doubt_m,
    callsign,
    code,
    moment_ms,
    place,
    scaled,
    sound,
)
from comity.model.errors import Malformed


class Row(msgspec.Struct):
    """What a row tells; the types are the check."""

    timestamp: int | float | str | None = None
    time: int | float | str | None = None
    latitude: float | None = None
    longitude: float | None = None
    icao24: str | None = None
    callsign: str | None = None
    name: str | None = None
    squawk: str | int | float | None = None
    altitude: float | None = None
    geoaltitude: float | None = None
    groundspeed: float | None = None
    track: float | None = None
    vertical_rate: float | None = None
    onground: bool | None = None
    last_position: int | float | str | None = None
    doubt_m: float | None = None
    height_doubt_m: float | None = None


def row_fix(row: Row, source: str, arrived_ms: int | None) -> Fix:
    """The fix that a row tells; Malformed if it tells none."""
    told = row.time if row.timestamp is None or row.timestamp == "" else row.timestamp
    if told is None or told == "":
        raise Malformed("the report tells no time")
    at_ms = moment_ms(told)
    latitude, longitude = place(row.latitude, row.longitude)
    speed_mps = scaled(row.groundspeed, KNOT_MPS)
    doubt_m = row.doubt_m or 0.0
    if row.last_position is not None and row.last_position != "":
        doubt_m += aged_doubt_m(at_ms - moment_ms(row.last_position), speed_mps)
    return sound(
        Fix(
            source=source,
            at_ms=at_ms,
            arrived_ms=at_ms if arrived_ms is None else arrived_ms,
            latitude_deg=latitude,
            longitude_deg=longitude,
            address=address(row.icao24),
            callsign=callsign(row.callsign),
            code=code(row.squawk),
            name=row.name.strip() if row.name else "",
            pressure_m=scaled(row.altitude, FOOT_M),
            geometric_m=scaled(row.geoaltitude, FOOT_M),
            speed_mps=speed_mps,
            track_deg=row.track,
            climb_mps=scaled(row.vertical_rate, FOOT_A_MINUTE_MPS),
            on_ground=bool(row.onground),
            doubt_m=doubt_m,
            height_doubt_m=row.height_doubt_m or 0.0,
        )
    )
