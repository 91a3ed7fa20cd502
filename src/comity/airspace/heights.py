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
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from comity.airspace.cells import DATUMS
from comity.airspace.fence import Room
from comity.airspace.sphere import Floats
from comity.airspace.track import GEOMETRIC, PRESSURE
from comity.model.volume import Altitude, Band, Ring, Volume, height_tenth_mm

PRESSURE_DOUBT_M = 510.0
AIR_SHARE = 0.155
GEOID_M = 110.0
GROUND_M = (-430.0, 8_849.0)


Span = tuple[float, float]  # the least and the greatest, metres
Metres = TypeVar("Metres", float, Floats)
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


def geometric_m(pressure: tuple[Metres, Metres]) -> tuple[Metres, Metres]:
    """Between which heights above the sea the air has such pressure altitudes."""
    least, most = pressure
    return least - AIR_SHARE * abs(least) - PRESSURE_DOUBT_M, most + AIR_SHARE * abs(most) + PRESSURE_DOUBT_M


def pressure_m(geometric: tuple[Metres, Metres]) -> tuple[Metres, Metres]:
    """Which pressure altitudes there may be between such heights above the sea; inverse to `geometric_m`, and wide."""
    least, most = geometric[0] - PRESSURE_DOUBT_M, geometric[1] + PRESSURE_DOUBT_M
    return least / (1 + _sign(least) * AIR_SHARE), most / (1 - _sign(most) * AIR_SHARE)


def carried(known: NDArray[np.bool_], low_m: Floats, high_m: Floats) -> tuple[Floats, Floats]:
    """Bands as they are told, (n, 2) by datum, as bands of what they may be: of one datum known the other follows.

    What is told as geometric is above the sea or the ellipsoid, nobody says which. Where nothing is `known` the band
    has no bounds.
    """
    low, high = np.where(known, low_m, -np.inf), np.where(known, high_m, np.inf)
    low[:, GEOMETRIC] -= GEOID_M
    high[:, GEOMETRIC] += GEOID_M
    for told, other, carry in ((PRESSURE, GEOMETRIC, geometric_m), (GEOMETRIC, PRESSURE, pressure_m)):
        only = known[:, told] & ~known[:, other]
        low[only, other], high[only, other] = carry((low[only, told], high[only, told]))
    return low, high


def heights(pressure: float | None, geometric: float | None, doubt_m: float = 0.0) -> tuple[Span, Span]:
    """What is known of one track's heights, each wider by its doubt, as `carried` has it; None is unknown."""
    told = np.array([[math.nan if each is None else each for each in (pressure, geometric)]])
    low, high = carried(~np.isnan(told), told - doubt_m, told + doubt_m)
    spans: list[Span] = [(float(low[0, datum]), float(high[0, datum])) for datum in range(DATUMS)]
    return spans[PRESSURE], spans[GEOMETRIC]


def _sign(value: Metres) -> Metres:
    signs: Metres = np.sign(value)
    return signs
