"""Places, altitude bands and time windows as they stand in signed acts, and what makes one unusable.

Integers only: degrees in 1e-7, times in milliseconds UTC, so the values encode to the JSON profile as they are.
A ring is the list of its points, the first not repeated at the end; either winding. It is never repaired:
parties consent to the ring they see, so a wrong one is refused with a sentence that says what to change.
Not trusted: decoded values. The `*_problem` functions take any integers, always answer, and do bounded work.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

Point = tuple[int, int]  # latitude, longitude, each in 1e-7 degree
Ring = tuple[Point, ...]  # 3 to 256 points
Unit = Literal["m", "ft", "fl"]
Datum = Literal["amsl", "agl", "wgs84", "pressure"]

DEG_E7 = 10_000_000
HALF_TURN_E7 = 180 * DEG_E7
LATITUDE_MAX_E7 = 89 * DEG_E7
RING_POINTS_MIN = 3
RING_POINTS_MAX = 256
TIME_MAX_MS = 253_402_300_799_999  # the last millisecond of the year 9999
HEIGHT_MIN_TENTH_MM = -1_000 * 10_000
HEIGHT_MAX_TENTH_MM = 100_000 * 10_000
UNIT_TENTH_MM: dict[Unit, int] = {"m": 10_000, "ft": 3_048, "fl": 304_800}


class Altitude(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A height with its unit and datum: `fl` goes with pressure only, pressure with `ft` or `fl` only.

    Pressure means the standard setting of 1013.25 hPa. Metres of pressure altitude are written as feet.
    """

    value: int
    unit: Unit
    datum: Datum


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A closed range of altitudes; a null bound is unbounded; floor and ceiling may have different datums."""

    floor: Altitude | None
    ceiling: Altitude | None


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A half-open range of milliseconds UTC: `from_ms` belongs to it, `until_ms` does not; null is open-ended."""

    from_ms: int
    until_ms: int | None


class Volume(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ring, through an altitude band, during a window."""

    ring: Ring
    band: Band
    window: Window


def volume_problem(volume: Volume) -> str | None:
    """Say what makes the volume unusable and how to mend it, or None."""
    return ring_problem(volume.ring) or band_problem(volume.band) or window_problem(volume.window)


def ring_problem(ring: Ring) -> str | None:
    """Say what makes the ring unusable and how to mend it, or None; independent of winding and first point."""
    if not RING_POINTS_MIN <= len(ring) <= RING_POINTS_MAX:
        return f"the ring has {len(ring)} points; give {RING_POINTS_MIN} to {RING_POINTS_MAX}"
    return _range_problem(ring) or _repeat_problem(ring) or _line_problem(ring) or _crossing_problem(ring)


def band_problem(band: Band) -> str | None:
    """Say what makes the band unusable and how to mend it, or None."""
    for name, altitude in (("floor", band.floor), ("ceiling", band.ceiling)):
        problem = altitude and _altitude_problem(name, altitude)
        if problem:
            return problem
    if band.floor and band.ceiling and certainly_above(band.floor, band.ceiling):
        return "the floor of the band is above its ceiling; exchange them"
    return None


def window_problem(window: Window) -> str | None:
    """Say what makes the window unusable and how to mend it, or None."""
    if not 0 <= window.from_ms <= TIME_MAX_MS:
        return "the window begins outside the years 1970 to 9999; give milliseconds since 1970"
    if window.until_ms is None:
        return None
    if window.until_ms > TIME_MAX_MS:
        return "the window ends after the year 9999; leave its end open"
    if window.until_ms <= window.from_ms:
        return "the window ends no later than it begins; give a later end, or leave it open"
    return None


def certainly_above(high: Altitude, low: Altitude) -> bool:
    """Whether `high` is above `low` beyond doubt: heights of different datums are never compared."""
    return high.datum == low.datum and height_tenth_mm(high) > height_tenth_mm(low)


def height_tenth_mm(altitude: Altitude) -> int:
    """The height above its own datum in tenths of a millimetre, exactly (a foot is 304.8 mm)."""
    return altitude.value * UNIT_TENTH_MM[altitude.unit]


def ring_edges(ring: Ring) -> Iterator[tuple[Point, Point]]:
    """Each edge once, in the ring's order, the closing edge last."""
    return zip(ring, ring[1:] + ring[:1], strict=True)


def turn(p: Point, q: Point, r: Point) -> int:
    """Twice the signed area of the triangle: zero if the three lie on a line; changes sign when two are exchanged."""
    return (q[1] - p[1]) * (r[0] - p[0]) - (q[0] - p[0]) * (r[1] - p[1])


def segments_meet(p: Point, q: Point, r: Point, s: Point) -> bool:
    """Whether the closed segments pq and rs share a point, exactly; symmetric."""
    if (p[0] if p[0] > q[0] else q[0]) < (r[0] if r[0] < s[0] else s[0]):
        return False
    if (r[0] if r[0] > s[0] else s[0]) < (p[0] if p[0] < q[0] else q[0]):
        return False
    if (p[1] if p[1] > q[1] else q[1]) < (r[1] if r[1] < s[1] else s[1]):
        return False
    if (r[1] if r[1] > s[1] else s[1]) < (p[1] if p[1] < q[1] else q[1]):
        return False
    return _straddles(p, q, r, s) and _straddles(r, s, p, q)


def _straddles(p: Point, q: Point, r: Point, s: Point) -> bool:
    lat, lon = q[0] - p[0], q[1] - p[1]
    at_r = lon * (r[0] - p[0]) - lat * (r[1] - p[1])
    at_s = lon * (s[0] - p[0]) - lat * (s[1] - p[1])
    return not (at_r > 0 < at_s or at_r < 0 > at_s)


def _range_problem(ring: Ring) -> str | None:
    for number, (lat_e7, lon_e7) in enumerate(ring, 1):
        if abs(lat_e7) > LATITUDE_MAX_E7:
            return f"point {number} of the ring lies beyond 89 degrees of latitude; keep the ring off the pole"
        if abs(lon_e7) > HALF_TURN_E7:
            return f"point {number} of the ring lies beyond 180 degrees of longitude; split it at the antimeridian"
    longitudes = [lon_e7 for _, lon_e7 in ring]
    if max(longitudes) - min(longitudes) > HALF_TURN_E7:
        return "the ring spans more than 180 degrees of longitude; split it at the antimeridian or into parts"
    return None


def _repeat_problem(ring: Ring) -> str | None:
    first: dict[Point, int] = {}
    for number, point in enumerate(ring, 1):
        if point in first:
            ends = first[point] == 1 and number == len(ring)
            hint = "leave the last out, a ring closes by itself" if ends else "leave one out or redraw it"
            return f"points {first[point]} and {number} of the ring are the same; {hint}"
        first[point] = number
    return None


def _line_problem(ring: Ring) -> str | None:
    if all(turn(ring[0], ring[1], point) == 0 for point in ring[2:]):
        return "the ring encloses no area, its points lie on one line; add a point off the line"
    for number in range(len(ring)):
        p, q, r = ring[number - 1], ring[number], ring[(number + 1) % len(ring)]
        ahead = (q[0] - p[0]) * (r[0] - q[0]) + (q[1] - p[1]) * (r[1] - q[1])
        if ahead < 0 and turn(p, q, r) == 0:
            return f"the ring has a spike at point {number + 1}, it turns back on its own line; leave the point out"
    return None


def _crossing_problem(ring: Ring) -> str | None:
    """Compare edges that are no neighbours, those that begin south first: at most 256 * 255 / 2 pairs."""
    edges = sorted(enumerate(ring_edges(ring)), key=lambda item: min(item[1][0][0], item[1][1][0]))
    for place, (i, (p, q)) in enumerate(edges):
        north = max(p[0], q[0])
        for j, (r, s) in edges[place + 1 :]:
            if min(r[0], s[0]) > north:
                break
            if abs(i - j) not in (1, len(ring) - 1) and segments_meet(p, q, r, s):
                a, b = sorted((i + 1, j + 1))
                return f"the ring crosses or touches itself, the edges after points {a} and {b} meet; redraw it"
    return None


def _altitude_problem(name: str, altitude: Altitude) -> str | None:
    if altitude.unit == "fl" and altitude.datum != "pressure":
        return f"the {name} is a flight level above {altitude.datum}; a flight level goes with pressure"
    if altitude.unit == "m" and altitude.datum == "pressure":
        return f"the {name} is in metres of pressure altitude; give it in ft or fl"
    if not HEIGHT_MIN_TENTH_MM <= height_tenth_mm(altitude) <= HEIGHT_MAX_TENTH_MM:
        return f"the {name} is not between -1,000 m and 100,000 m; leave it out for an unbounded band"
    if altitude.value < 0 and (altitude.unit == "fl" or altitude.datum == "agl"):
        return f"the {name} is below zero; give a flight level or a height above ground of 0 or more"
    return None
