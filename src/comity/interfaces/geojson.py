"""GeoJSON as people draw volumes: a Polygon of one ring, or a LineString with `width_m` to both sides; `band`, `from`
and `until` among the properties.

Not trusted: the file. One clear error names the feature and what to change; nothing is repaired.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

from comity.airspace.buffers import corridor
from comity.interfaces.words import band, moment_ms
from comity.model.errors import Malformed, Misuse
from comity.model.volume import Band, Point, Ring, ring_problem

BYTES_MOST = 64 * 1024 * 1024
FEATURES_MOST = 10_000
OPEN = Band(floor=None, ceiling=None)
WIDTH_M = 5_000.0


def features(text: bytes) -> list[Any]:
    """The features of a file, unread."""
    if len(text) > BYTES_MOST:
        raise Malformed(f"a file of {len(text)} bytes; the most is {BYTES_MOST}")
    try:
        drawn = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no GeoJSON: {error}") from None
    found = drawn.get("features") if isinstance(drawn, dict) else None
    if isinstance(drawn, dict) and drawn.get("type") == "Feature":
        found = [drawn]
    if not isinstance(found, list) or len(found) > FEATURES_MOST:
        raise Malformed(f"no GeoJSON FeatureCollection of at most {FEATURES_MOST} features")
    return found


def feature(number: int, each: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """The properties and the geometry of one of them."""
    geometry = each.get("geometry") if isinstance(each, dict) else None
    if not isinstance(each, dict) or not isinstance(geometry, dict):
        raise Malformed(f"feature {number} has no geometry")
    properties = each.get("properties") or {}
    if not isinstance(properties, dict):
        raise Malformed(f"the properties of feature {number} are no object")
    return properties, geometry


def polygon(name: str, geometry: dict[str, Any]) -> Ring:
    """The ring of a Polygon."""
    rings = geometry.get("coordinates")
    if geometry.get("type") != "Polygon" or not isinstance(rings, list) or len(rings) != 1:
        raise Malformed(f"{name} is no Polygon of one ring; draw each part as a feature of its own, without holes")
    found = points(name, rings[0])
    ring = found[:-1] if len(found) > 1 and found[0] == found[-1] else found
    problem = ring_problem(ring)
    if problem is not None:
        raise Malformed(f"{name}: {problem}")
    return ring


def corridor_ring(name: str, properties: dict[str, Any], geometry: dict[str, Any]) -> Ring:
    """The ring of a Polygon, or of the corridor around a LineString."""
    if geometry.get("type") != "LineString":
        return polygon(name, geometry)
    width_m = properties.get("width_m", WIDTH_M)
    if isinstance(width_m, bool) or not isinstance(width_m, int | float):
        raise Malformed(f"{name}: `width_m` is no number")
    try:
        return corridor(points(name, geometry.get("coordinates")), width_m)
    except Misuse as error:
        raise Malformed(f"{name}: {error}") from None


def points(name: str, listed: object) -> tuple[Point, ...]:
    """Points as GeoJSON lists them."""
    if not isinstance(listed, list) or len(listed) > 100_000:
        raise Malformed(f"{name}: its coordinates are no list of points")
    found = []
    for each in listed:
        pair = each[:2] if isinstance(each, list) else ()
        if len(pair) != 2 or not all(isinstance(x, int | float) and math.isfinite(x) and abs(x) <= 360 for x in pair):
            raise Malformed(f"{name}: {each!r} is no point; GeoJSON gives longitude, latitude in degrees")
        found.append((round(pair[1] * 1e7), round(pair[0] * 1e7)))
    return tuple(found)


def band_of(name: str, properties: dict[str, Any]) -> Band:
    """The band that the properties tell, or all heights."""
    text = text_of(properties, "band")
    return OPEN if not text else _read(name, band, text)


def window_s(name: str, properties: dict[str, Any]) -> tuple[float, float]:
    """From and until in seconds, without bounds where nothing is told."""
    begin, end = text_of(properties, "from"), text_of(properties, "until")
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


def flag(properties: dict[str, Any], key: str, default: bool = False) -> bool:
    """True or false, if it is told."""
    value = properties.get(key, default)
    if not isinstance(value, bool):
        raise Malformed(f"`{key}` is neither true nor false")
    return value


def text_of(properties: dict[str, Any], key: str) -> str:
    """A text, empty if it is not told."""
    value = properties.get(key, "")
    if not isinstance(value, str) or len(value) > 64:
        raise Malformed(f"`{key}` is no text of at most 64 characters")
    return value
