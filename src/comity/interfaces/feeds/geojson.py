"""Tracks as GeoJSON: a collection of point features, or one feature a line; everything else about them is in `rows`.

The point is longitude, latitude and, if there is a third, metres above the ellipsoid. The time is the property
`timestamp`, or else `time`. The feature's `id` is the track's name if no property names it. Not trusted: the file.
"""

from __future__ import annotations

import msgspec

from comity.airspace.fix import Fix
from comity.interfaces.feeds.json_rows import JsonDecoder
from comity.interfaces.feeds.rows import Row, row_fix
from comity.interfaces.feeds.values import FOOT_M, shown
from comity.model.errors import Malformed


class _Geometry(msgspec.Struct):
    type: str
    coordinates: msgspec.Raw = msgspec.Raw(b"[]")


class _Feature(msgspec.Struct):
    type: str
    geometry: _Geometry | None = None
    properties: Row | None = None
    id: str | int | None = None


_FEATURE = msgspec.json.Decoder(_Feature)
_COORDINATES = msgspec.json.Decoder(list[float])


def geojson_decoder(source: str) -> JsonDecoder:
    """The reports of one file."""
    return JsonDecoder(source, feature_fix)


def feature_fix(record: bytes, source: str, arrived_ms: int | None) -> Fix:
    """The fix that one feature tells; Malformed if it tells none."""
    feature = _FEATURE.decode(record)
    if feature.type != "Feature" or feature.geometry is None:
        raise Malformed("no feature with a geometry")
    if feature.geometry.type != "Point":
        raise Malformed(f"a geometry of the kind {shown(feature.geometry.type)}; a report is a Point")
    point = _COORDINATES.decode(feature.geometry.coordinates)
    if len(point) not in (2, 3):
        raise Malformed(f"a point of {len(point)} numbers")
    row = feature.properties or Row()
    row.longitude, row.latitude = point[:2]
    if len(point) == 3 and row.geoaltitude is None:
        row.geoaltitude = point[2] / FOOT_M
    if not row.name and feature.id is not None:
        row.name = str(feature.id)
    return row_fix(row, source, arrived_ms)
