"""Areas and expected flights drawn in GeoJSON, for checks of a file of tracks without an office.

A Feature with a Polygon is an area, or a corridor if its properties have `flight`; one with a LineString is a corridor
of `width_m` to both sides. Properties, all but the names optional:
`name`; `band` as people write it ("0m..3000m", "..fl200"); `from` and `until` (2016-09-20T10:15Z); of an area
`notified` (false): declared flights may be there; of a flight `flight`, `exempt` (true), `operator`, its `class` of
aircraft, and its means of identification: `address` (or `icao24`), `callsign`, `code` (or `squawk`). The last point of
a LineString is where the flight ends. Holes are refused: rings have none.
Not trusted: the file. One clear error names the feature and what to change; nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from comity.airspace.heights import room
from comity.interfaces.geojson import (
    BYTES_MOST,
    band_of,
    corridor_ring,
    feature,
    features,
    flag,
    points,
    polygon,
    text_of,
    window_s,
)
from comity.model.errors import Malformed
from comity.model.volume import DEG_E7
from comity.views.sky.known import Expected, PlaceM, WatchedArea
from comity.views.sky.rooms import place_at

__all__ = ["BYTES_MOST", "areas_in", "flights_in"]


def areas_in(text: bytes, clause: str) -> tuple[WatchedArea, ...]:
    """The areas of a GeoJSON file; raises Malformed."""
    found = []
    for number, properties, geometry in _drawn(text):
        name = text_of(properties, "name") or f"area {number}"
        from_s, until_s = window_s(name, properties)
        ring = polygon(name, geometry)
        lets_in: Literal["exemption", "declaration"] = "declaration" if flag(properties, "notified") else "exemption"
        found.append(WatchedArea(name, room(ring, band_of(name, properties), from_s, until_s), clause, lets_in))
    return tuple(found)


def flights_in(text: bytes) -> tuple[Expected, ...]:
    """The expected flights of a GeoJSON file; raises Malformed."""
    return tuple(_flight(number, properties, geometry) for number, properties, geometry in _drawn(text))


def _flight(number: int, properties: dict[str, Any], geometry: dict[str, Any]) -> Expected:
    name = text_of(properties, "flight") or text_of(properties, "name") or f"flight {number}"
    from_s, until_s = window_s(name, properties)
    exempt = flag(properties, "exempt", True)
    names = {key: text_of(properties, key) for key in ("operator", "address", "callsign", "code")}
    names["address"] = names["address"] or text_of(properties, "icao24")
    names["code"] = names["code"] or text_of(properties, "squawk")
    if not (names["address"] or names["callsign"] or names["code"]):
        raise Malformed(f"{name} has no means of identification; give its address, callsign or code")
    names["address"] = names["address"].lower()
    corridor_room = room(corridor_ring(name, properties, geometry), band_of(name, properties))
    names["aircraft_class"] = text_of(properties, "class")
    ends_m = _end(name, geometry)
    return Expected(
        name, name, exempt, room=corridor_room, from_s=from_s, until_s=until_s, ends_m=ends_m, departed_ms=None, **names
    )


def _drawn(text: bytes) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    for number, each in enumerate(features(text), 1):
        yield number, *feature(number, each)


def _end(name: str, geometry: dict[str, Any]) -> PlaceM | None:
    """The last point of a route; a polygon has none."""
    if geometry.get("type") != "LineString":
        return None
    latitude_e7, longitude_e7 = points(name, geometry.get("coordinates"))[-1]
    return place_at(latitude_e7 / DEG_E7, longitude_e7 / DEG_E7)
