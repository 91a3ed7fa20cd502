"""What was declared of made-up traffic, and its areas, as GeoJSON that `comity tracks check` reads."""

from __future__ import annotations

from typing import Any

import msgspec

from comity.airspace.buffers import circle
from comity.interfaces.times import moment_text
from comity.interfaces.traffic.flights import Corridor, Flown
from comity.interfaces.traffic.make import Traffic

DISC_POINTS = 48


def declared_text(traffic: Traffic) -> bytes:
    """Every flight of which something was said, a LineString each with the width of its corridor."""
    return _collection([_flight(each, each.corridor) for each in traffic.flights if each.corridor is not None])


def areas_text(traffic: Traffic) -> bytes:
    """The areas that nobody may enter."""
    found = []
    for number, each in enumerate(traffic.wish.areas, 1):
        centre = (round(each.latitude_deg * 1e7), round(each.longitude_deg * 1e7))
        ring = [[lon / 1e7, lat / 1e7] for lat, lon in circle(centre, each.radius_m, DISC_POINTS)]
        found.append(_feature({"name": f"area {number}"}, "Polygon", [[*ring, ring[0]]]))
    return _collection(found)


def _flight(flown: Flown, corridor: Corridor) -> dict[str, Any]:
    properties = {
        "flight": flown.callsign,
        "exempt": flown.role == "exempt",
        "address": flown.address,
        "callsign": flown.callsign,
        "code": flown.code,
        "width_m": corridor.width_m,
        "band": f"..fl{corridor.ceiling_fl}",
        "from": moment_text(corridor.from_ms),
        "until": moment_text(corridor.until_ms),
    }
    return _feature(properties, "LineString", [[lon / 1e7, lat / 1e7] for lat, lon in corridor.route])


def _feature(properties: dict[str, Any], kind: str, coordinates: list[Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _collection(features: list[dict[str, Any]]) -> bytes:
    lines = b",\n".join(msgspec.json.encode(each) for each in features)
    return b'{"type": "FeatureCollection", "features": [\n' + lines + b"\n]}\n"
