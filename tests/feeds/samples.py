"""Made-up lines and documents as feeds write them, and short ways to decode them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from comity.airspace.fix import Fix, Rejected, Report
from comity.office.sky.decoding import Decoder

AT_MS = 1_470_052_800_000  # 2016-08-01 12:00:00Z
ARRIVED_MS = AT_MS + 700
CSV_HEADER = "timestamp,icao24,callsign,latitude,longitude,altitude,groundspeed,track,vertical_rate\n"
CSV_ROW = f"{AT_MS},3003ae,North 1,45.5,9.25,35000,450,90,-640\n"


def sbs(kind: int, address: str = "3003AE", clock: str = "12:00:00.000", **fields: object) -> str:
    """A line of SBS-1; the fields are named as in the format."""
    names = ("callsign", "altitude", "speed", "track", "lat", "lon", "climb", "code", "alert", "emergency", "spi")
    values = [str(fields.get(name, "")) for name in names] + [str(fields.get("ground", "0"))]
    return ",".join(["MSG", str(kind), "1", "1", address, "1", *(["2016/08/01", clock] * 2), *values]) + "\r\n"


PLACE_LINE = sbs(3, altitude=35000, lat=45.5, lon=9.25)
SBS_FLIGHT = (
    sbs(1, callsign="NORTH1  ")
    + sbs(4, clock="12:00:00.200", speed=450, track=90, climb=-640)
    + sbs(6, clock="12:00:00.300", code="7100")
    + sbs(3, clock="12:00:00.500", altitude=35000, lat=45.5, lon=9.25)
)


def aircraft(**members: object) -> dict[str, Any]:
    """One aircraft of an `aircraft.json`."""
    return {"hex": "3003ae", "lat": 45.5, "lon": 9.25, "seen_pos": 1.5, **members}


def snapshot(*each: object, now: object = AT_MS / 1000) -> bytes:
    """An `aircraft.json`."""
    return json.dumps({"now": now, "messages": 7, "aircraft": list(each)}).encode()


def event(
    kind: str = "a-f-A-C-F",
    uid: str = "ICAO-3003ae",
    point: str = 'lat="45.5" lon="9.25" hae="10000.0" ce="50" le="30"',
    detail: str = '<contact callsign="north 1"/><track course="90" speed="230"/>',
    times: str = 'time="2016-08-01T12:00:00Z" start="2016-08-01T12:00:00Z" stale="2016-08-01T12:01:00Z"',
) -> str:
    """One event of CoT."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<event version="2.0" uid="{uid}" type="{kind}" {times} how="m-g">'
        f"<point {point}/><detail>{detail}</detail></event>"
    )


def row(**members: object) -> dict[str, Any]:
    """One row of a table of tracks."""
    told = {"timestamp": AT_MS, "icao24": "3003ae", "latitude": 45.5, "longitude": 9.25, "altitude": 35000.0}
    return {**told, "groundspeed": 450.0, "track": 90.0, "vertical_rate": -640.0, **members}


def feature(point: list[Any] | None = None, **properties: object) -> dict[str, Any]:
    """One feature of GeoJSON."""
    told = {"timestamp": AT_MS, "icao24": "3003ae", **properties}
    geometry = {"type": "Point", "coordinates": point or [9.25, 45.5, 10_000.0]}
    return {"type": "Feature", "geometry": geometry, "properties": told}


def collection(*features: object) -> bytes:
    """A GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "name": "made up", "features": list(features)}).encode()


def decoded(decoder: Decoder, data: bytes | str, arrived_ms: int | None = None, piece: int = 1 << 20) -> list[Report]:
    """All reports in the data, fed in pieces of so many bytes."""
    whole = data.encode() if isinstance(data, str) else data
    reports: list[Report] = []
    for begin in range(0, len(whole), piece):
        reports += decoder.feed(whole[begin : begin + piece], arrived_ms)
    return reports + list(decoder.end(arrived_ms))


def fixes(reports: Iterable[Report]) -> list[Fix]:
    """The fixes among the reports."""
    return [report for report in reports if isinstance(report, Fix)]


def rejected(reports: Iterable[Report]) -> list[Rejected]:
    """The rejections among the reports."""
    return [report for report in reports if isinstance(report, Rejected)]


def the_fix(make: Callable[[str], Decoder], data: bytes | str, arrived_ms: int | None = None) -> Fix:
    """The one fix in the data, nothing being rejected."""
    (report,) = decoded(make("north"), data, arrived_ms)
    assert isinstance(report, Fix), report
    return report


def the_reason(make: Callable[[str], Decoder], data: bytes | str, arrived_ms: int | None = None) -> str:
    """Why the one record in the data was rejected."""
    (report,) = decoded(make("north"), data, arrived_ms)
    assert isinstance(report, Rejected), report
    return report.reason


def kept(folder: Path, data: bytes | str, name: str = "tracks", packed: bool = False) -> Path:
    """A file with the data."""
    whole = data.encode() if isinstance(data, str) else data
    path = folder / name
    path.write_bytes(gzip.compress(whole) if packed else whole)
    return path
