"""Heights of different datums, made comparable by bands: what is exact in one is uncertain in the other.

Two datums are kept: pressure altitude against 1013.25 hPa, and geometric height above mean sea level. A height is
compared in its own datum; into the other it is carried as the least and the greatest that it may be:
- Sea-level pressure is taken to lie between 960 and 1055 hPa. In the standard atmosphere, 44,330.8 m times
  (p / 1013.25) ** 0.190263 less 44,330.8 m, the height at which it is 1013.25 hPa then lies between -453 m and 342 m,
  in the warmest air an eighth farther: `PRESSURE_DOUBT_M`. (18 hPa are about 500 ft.)
- Air swells as it warms: a layer from sea level to h is off by dT * ln(288.15 / T(h)) / 0.0065 m for dT kelvins, T(h)
  being 288.15 K less 6.5 K a kilometre; at 30,000 ft 35.5 m a kelvin, so that 20 K are 2,330 ft. Air is taken to be
  within 35 K of the standard: under 0.14 of h up to 11 km, under 0.155 up to 30 km: `AIR_SHARE`.
- The ellipsoid lies within 110 m of mean sea level: `GEOID_M`.
- Above ground: without a map of it the ground is anywhere from the lowest shore to the highest summit: `GROUND_M`.
Storms and cold beyond that are rare but known; where one reigns, pressure altitudes and areas in metres do not compare.
"""

from __future__ import annotations

import math

from comity.airspace.fence import Room
from comity.model.volume import Altitude, Band, Ring, Volume, height_tenth_mm

PRESSURE_DOUBT_M = 510.0
AIR_SHARE = 0.155
GEOID_M = 110.0
GROUND_M = (-430.0, 8_849.0)

Span = tuple[float, float]  # the least and the greatest, metres
Edge = tuple[Span, Span]  # in pressure altitude and in geometric height

NO_FLOOR: Edge = ((-math.inf, -math.inf), (-math.inf, -math.inf))
NO_CEILING: Edge = ((math.inf, math.inf), (math.inf, math.inf))
UNKNOWN: Span = (-math.inf, math.inf)


def room_of(volume: Volume) -> Room:
    """A volume as the fence takes it, with its window."""
    until_s = math.inf if volume.window.until_ms is None else volume.window.until_ms / 1000
    return room(volume.ring, volume.band, volume.window.from_ms / 1000, until_s)


def room(ring: Ring, band: Band, from_s: float = -math.inf, until_s: float = math.inf) -> Room:
    """A ring through a band; a null bound is no bound."""
    floor = NO_FLOOR if band.floor is None else edge(band.floor)
    ceiling = NO_CEILING if band.ceiling is None else edge(band.ceiling)
    return Room(ring, floor, ceiling, from_s, until_s)


def edge(altitude: Altitude) -> Edge:
    """A bound as the fence takes it: exact in its own datum, least and greatest in the other."""
    height_m = height_tenth_mm(altitude) / 10_000
    if altitude.datum == "pressure":
        return (height_m, height_m), geometric_m((height_m, height_m))
    least, most = height_m, height_m
    if altitude.datum == "agl":
        least, most = height_m + GROUND_M[0], height_m + GROUND_M[1]
    elif altitude.datum == "wgs84":
        least, most = height_m - GEOID_M, height_m + GEOID_M
    return pressure_m((least, most)), (least, most)


def geometric_m(pressure: Span) -> Span:
    """Between which heights above the sea the air has such pressure altitudes."""
    least, most = pressure
    return least - AIR_SHARE * abs(least) - PRESSURE_DOUBT_M, most + AIR_SHARE * abs(most) + PRESSURE_DOUBT_M


def pressure_m(geometric: Span) -> Span:
    """Which pressure altitudes there may be between such heights above the sea; inverse to `geometric_m`, and wide."""
    least, most = geometric[0] - PRESSURE_DOUBT_M, geometric[1] + PRESSURE_DOUBT_M
    least /= 1 + AIR_SHARE if least > 0 else 1 - AIR_SHARE
    most /= 1 - AIR_SHARE if most > 0 else 1 + AIR_SHARE
    return least, most


def heights(pressure: float | None, geometric: float | None, doubt_m: float = 0.0) -> tuple[Span, Span]:
    """What is known of a track's heights, each wider by its doubt; of one datum told, the other follows, wide.

    `geometric` is above the sea or the ellipsoid, nobody says which; None is unknown, and both unknown is everywhere.
    """
    above_sea = UNKNOWN if geometric is None else (geometric - GEOID_M - doubt_m, geometric + GEOID_M + doubt_m)
    if pressure is None:
        return (UNKNOWN if geometric is None else pressure_m(above_sea)), above_sea
    told = pressure - doubt_m, pressure + doubt_m
    return told, (geometric_m(told) if geometric is None else above_sea)
