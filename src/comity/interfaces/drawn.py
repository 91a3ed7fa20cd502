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

import math
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from comity.airspace.buffers import corridor
from comity.airspace.heights import room
from comity.interfaces.words import band, moment_ms
from comity.model.errors import Malformed, Misuse
from comity.model.volume import DEG_E7, Band, Point, Ring, ring_problem
from comity.views.sky.known import Expected, PlaceM, WatchedArea
from comity.views.sky.rooms import place_at

BYTES_MOST = 64 * 1024 * 1024
FEATURES_MOST = 10_000
OPEN = Band(floor=None, ceiling=None)
WIDTH_M = 5_000.0


def areas_in(text: bytes, clause: str) -> tuple[WatchedArea, ...]:
    """The areas of a GeoJSON file; raises Malformed."""
    found = []
    for number, properties, geometry in _features(text):
        name = _text(properties, "name") or f"area {number}"
        from_s, until_s = _window(name, properties)
        ring = _polygon(name, geometry)
        lets_in: Literal["exemption", "declaration"] = "declaration" if _flag(properties, "notified") else "exemption"
        found.append(WatchedArea(name, room(ring, _band(name, properties), from_s, until_s), clause, lets_in))
    return tuple(found)


def flights_in(text: bytes) -> tuple[Expected, ...]:
    """The expected flights of a GeoJSON file; raises Malformed."""
    return tuple(_flight(number, properties, geometry) for number, properties, geometry in _features(text))


def _flight(number: int, properties: dict[str, Any], geometry: dict[str, Any]) -> Expected:
    name = _text(properties, "flight") or _text(properties, "name") or f"flight {number}"
    from_s, until_s = _window(name, properties)
    exempt = _flag(properties, "exempt", True)
    names = {key: _text(properties, key) for key in ("operator", "address", "callsign", "code")}
    names["address"] = names["address"] or _text(properties, "icao24")
    names["code"] = names["code"] or _text(properties, "squawk")
    if not (names["address"] or names["callsign"] or names["code"]):
        raise Malformed(f"{name} has no means of identification; give its address, callsign or code")
    names["address"] = names["address"].lower()
    corridor_room = room(_corridor(name, properties, geometry), _band(name, properties))
    names["aircraft_class"] = _text(properties, "class")
    ends_m = _end(name, geometry)
    return Expected(
        name, name, exempt, room=corridor_room, from_s=from_s, until_s=until_s, ends_m=ends_m, departed_ms=None, **names
    )


def _features(text: bytes) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    if len(text) > BYTES_MOST:
        raise Malformed(f"a file of {len(text)} bytes; the most is {BYTES_MOST}")
    try:
        drawn = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no GeoJSON: {error}") from None
    features = drawn.get("features") if isinstance(drawn, dict) else None
    if isinstance(drawn, dict) and drawn.get("type") == "Feature":
        features = [drawn]
    if not isinstance(features, list) or len(features) > FEATURES_MOST:
        raise Malformed(f"no GeoJSON FeatureCollection of at most {FEATURES_MOST} features")
    for number, each in enumerate(features, 1):
        geometry = each.get("geometry") if isinstance(each, dict) else None
        if not isinstance(geometry, dict):
            raise Malformed(f"feature {number} has no geometry")
        properties = each.get("properties") or {}
        if not isinstance(properties, dict):
            raise Malformed(f"the properties of feature {number} are no object")
        yield number, properties, geometry


def _polygon(name: str, geometry: dict[str, Any]) -> Ring:
    rings = geometry.get("coordinates")
    if geometry.get("type") != "Polygon" or not isinstance(rings, list) or len(rings) != 1:
        raise Malformed(f"{name} is no Polygon of one ring; draw each part as a feature of its own, without holes")
    points = _points(name, rings[0])
    ring = points[:-1] if len(points) > 1 and points[0] == points[-1] else points
    problem = ring_problem(ring)
    if problem is not None:
        raise Malformed(f"{name}: {problem}")
    return ring


def _corridor(name: str, properties: dict[str, Any], geometry: dict[str, Any]) -> Ring:
    if geometry.get("type") != "LineString":
        return _polygon(name, geometry)
    width_m = properties.get("width_m", WIDTH_M)
    if isinstance(width_m, bool) or not isinstance(width_m, int | float):
        raise Malformed(f"{name}: `width_m` is no number")
    try:
        return corridor(_points(name, geometry.get("coordinates")), width_m)
    except Misuse as error:
        raise Malformed(f"{name}: {error}") from None


def _end(name: str, geometry: dict[str, Any]) -> PlaceM | None:
    """The last point of a route; a polygon has none."""
    if geometry.get("type") != "LineString":
        return None
    latitude_e7, longitude_e7 = _points(name, geometry.get("coordinates"))[-1]
    return place_at(latitude_e7 / DEG_E7, longitude_e7 / DEG_E7)


def _points(name: str, listed: object) -> tuple[Point, ...]:
    if not isinstance(listed, list) or len(listed) > 100_000:
        raise Malformed(f"{name}: its coordinates are no list of points")
    found = []
    for each in listed:
        pair = each[:2] if isinstance(each, list) else ()
        if len(pair) != 2 or not all(isinstance(x, int | float) and math.isfinite(x) and abs(x) <= 360 for x in pair):
            raise Malformed(f"{name}: {each!r} is no point; GeoJSON gives longitude, latitude in degrees")
        found.append((round(pair[1] * 1e7), round(pair[0] * 1e7)))
    return tuple(found)


def _band(name: str, properties: dict[str, Any]) -> Band:
    text = _text(properties, "band")
    return OPEN if not text else _read(name, band, text)


def _window(name: str, properties: dict[str, Any]) -> tuple[float, float]:
    begin, end = _text(properties, "from"), _text(properties, "until")
    from_s = _read(name, lambda text: moment_ms(text, 0), begin) / 1000 if begin else -math.inf
    until_s = _read(name, lambda text: moment_ms(text, 0), end) / 1000 if end else math.inf
    if until_s <= from_s:
        raise Malformed(f"{name} ends no later than it begins")
    return from_s, until_s


def _read(name: str, read: Any, text: str) -> Any:
    try:
        return read(text)
    except Misuse as error:
        raise Malformed(f"{name}: {error}") from None


def _flag(properties: dict[str, Any], key: str, default: bool = False) -> bool:
    value = properties.get(key, default)
    if not isinstance(value, bool):
        raise Malformed(f"`{key}` is neither true nor false")
    return value


def _text(properties: dict[str, Any], key: str) -> str:
    value = properties.get(key, "")
    if not isinstance(value, str) or len(value) > 64:
        raise Malformed(f"`{key}` is no text of at most 64 characters")
    return value
