"""Volumes of flights in a file, before anybody declares them: GeoJSON as `tracks check --declared` takes it, or CSV.

A row of CSV has the columns `flight` (or `name`), `ring` or `route`, and if it likes `width_m`, `band`, `from`,
`until`, `operator`, `class` and `category`; `ring` is drawn as in an act, @corridor(...), @circle(...), @ring(...). A
route gets a ring of `width_m` to both sides. Without a window a volume is there always, without a band at all heights.
Not trusted: the file. What cannot be read is named, row by row, and the rest is taken; nothing is repaired.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from comity.airspace.buffers import corridor
from comity.interfaces import words
from comity.interfaces.geojson import (
    BYTES_MOST,
    FEATURES_MOST,
    WIDTH_M,
    band_of,
    corridor_ring,
    feature,
    features,
    text_of,
    window_s,
)
from comity.model.errors import Malformed, Misuse
from comity.model.volume import Ring, Volume, Window, volume_problem
from comity.views.volume_checks import Thing

CELL_CHARACTERS_MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be read: which, counted from 1 (of CSV the line), and why."""

    row: int
    reason: str


def volumes_in(text: bytes, kind: str) -> Iterator[Thing | Rejected]:
    """Every volume of a file, or why it is none; raises Malformed for a file that is neither."""
    if len(text) > BYTES_MOST:
        raise Malformed(f"a file of {len(text)} bytes; the most is {BYTES_MOST}")
    rows = _of_geojson(text) if text.lstrip()[:1] in (b"{", b"[") else _of_csv(text)
    for number, properties, geometry in rows:
        if isinstance(geometry, Malformed):
            yield Rejected(number, str(geometry))
            continue
        try:
            yield _thing(number, properties, geometry, kind)
        except (Malformed, Misuse) as error:
            yield Rejected(number, str(error))


_Rows = Iterator[tuple[int, dict[str, Any], "dict[str, Any] | Malformed | None"]]


def _of_geojson(text: bytes) -> _Rows:
    for number, each in enumerate(features(text), 1):
        try:
            yield number, *feature(number, each)
        except Malformed as error:
            yield number, {}, error


def _of_csv(text: bytes) -> _Rows:
    try:
        rows = csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""), strict=True)
        columns = set(rows.fieldnames or ())
        if not columns & {"ring", "route"}:
            raise Malformed("neither GeoJSON nor CSV with a column `ring` or `route`")
        for row in rows:
            if rows.line_num > FEATURES_MOST + 1:
                raise Malformed(f"more than {FEATURES_MOST} rows; cut the file")
            yield rows.line_num, {key: value for key, value in row.items() if key and value}, None
    except UnicodeDecodeError:
        raise Malformed("the file is no UTF-8 text; save it as UTF-8") from None
    except csv.Error as error:
        raise Malformed(f"no CSV: {error}") from None


def _thing(number: int, properties: dict[str, Any], geometry: dict[str, Any] | None, kind: str) -> Thing:
    name = text_of(properties, "flight") or text_of(properties, "name") or f"{kind} {number}"
    ring = _ring(name, properties) if geometry is None else corridor_ring(name, properties, geometry)
    volume = Volume(ring, band_of(name, properties), _window(name, properties))
    problem = volume_problem(volume)
    if problem is not None:
        raise Malformed(f"{name}: {problem}")
    operator, aircraft_class, category = (text_of(properties, key) for key in ("operator", "class", "category"))
    return Thing(name, kind, volume, operator, aircraft_class, category)


def _ring(name: str, row: dict[str, Any]) -> Ring:
    drawn, route = row.get("ring", ""), row.get("route", "")
    if not isinstance(drawn, str) or not isinstance(route, str) or len(drawn) + len(route) > CELL_CHARACTERS_MOST:
        raise Malformed(f"{name}: its ring or route is no text of at most {CELL_CHARACTERS_MOST} characters")
    try:
        if drawn:
            return words.ring(drawn, {})
        if route:
            return corridor(words.route(route), _width_m(row))
    except Misuse as error:
        raise Malformed(f"{name}: {error}") from None
    raise Malformed(f"{name} has neither a ring nor a route")


def _width_m(row: dict[str, Any]) -> float:
    text = text_of(row, "width_m")
    try:
        return float(text) if text else WIDTH_M
    except ValueError:
        raise Malformed("`width_m` is no number") from None


def _window(name: str, properties: dict[str, Any]) -> Window:
    from_s, until_s = window_s(name, properties)
    until_ms = None if math.isinf(until_s) else round(until_s * 1000)
    return Window(0 if math.isinf(from_s) else round(from_s * 1000), until_ms)
