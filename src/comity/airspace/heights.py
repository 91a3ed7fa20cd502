"""Heights of different datums, made comparable by bands: what is known in one is uncertain in the other.

Two datums are kept: pressure altitude against 1013.25 hPa, and geometric height, in which mean sea level and the
ellipsoid count as one (they differ by at most 110 m, which is taken as doubt). Pressure is compared with pressure.
Between the two a height h is uncertain by `PRESSURE_DOUBT_M` (a sea-level pressure 35 hPa off the standard moves every
height by about 290 m) and by `TEMPERATURE_SHARE` of h (air 30 degrees off the standard swells or shrinks by a ninth).
Above ground: the ground is anywhere from the shore of the Dead Sea to the highest summit, for there is no map of it.
"""

from __future__ import annotations

import math

from comity.airspace.fence import Room
from comity.model.volume import Altitude, Band, Ring, Volume, height_tenth_mm

PRESSURE_DOUBT_M = 290.0
TEMPERATURE_SHARE = 0.11
GEOID_M = 110.0
GROUND_M = (-430.0, 8_849.0)
NO_FLOOR = ((-math.inf, -math.inf), (-math.inf, -math.inf))
NO_CEILING = ((math.inf, math.inf), (math.inf, math.inf))

Edge = tuple[tuple[float, float], tuple[float, float]]  # least and greatest, in pressure and in geometric metres


def edge(altitude: Altitude) -> Edge:
    """A bound as the fence takes it: exact in its own datum, least and greatest in the other."""
    height_m = height_tenth_mm(altitude) / 10_000
    if altitude.datum == "pressure":
        doubt_m = doubt_between_m(height_m)
        return (height_m, height_m), (height_m - doubt_m, height_m + doubt_m)
    least, most = height_m, height_m
    if altitude.datum == "agl":
        least, most = height_m + GROUND_M[0], height_m + GROUND_M[1]
    elif altitude.datum == "wgs84":
        least, most = height_m - GEOID_M, height_m + GEOID_M
    return (least - doubt_between_m(least), most + doubt_between_m(most)), (least, most)


def doubt_between_m(height_m: float) -> float:
    """By how much a height in one datum may differ in the other, metres."""
    return PRESSURE_DOUBT_M + GEOID_M + TEMPERATURE_SHARE * abs(height_m)


def room_of(volume: Volume) -> Room:
    """A volume as the fence takes it, with its window."""
    until_s = math.inf if volume.window.until_ms is None else volume.window.until_ms / 1000
    return room(volume.ring, volume.band, volume.window.from_ms / 1000, until_s)


def room(ring: Ring, band: Band, from_s: float = -math.inf, until_s: float = math.inf) -> Room:
    """A ring through a band; a null bound is no bound."""
    floor = NO_FLOOR if band.floor is None else edge(band.floor)
    ceiling = NO_CEILING if band.ceiling is None else edge(band.ceiling)
    return Room(ring, floor, ceiling, from_s, until_s)
