"""Places and velocities as vectors in metres: no pole, no antimeridian, no angle to wrap.

The sphere is that on which a nautical mile is a minute of arc, as controllers and their minima reckon. Over 5 NM it
differs from the WGS84 ellipsoid by at most 56 m (0.56 percent) at sea level; `EARTH_SHARE` is that share. Who looks for
what may be too near multiplies distances to be kept by it; who then says that it is measures by `shortest_m`, which is
never long.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

NM_M = 1852.0
FT_M = 0.3048
KT_MPS = NM_M / 3600
FPM_MPS = FT_M / 60
SPHERE_M = NM_M * 60 * 180 / np.pi
EARTH_SHARE = 1.0056
EQUATOR_M = 6_378_137.0  # of WGS84, and the square of its eccentricity
ECCENTRICITY2 = 0.006_694_379_990_14

Floats = NDArray[np.float64]
PlaceM = tuple[float, float, float]


def places_m(latitude_deg: Any, longitude_deg: Any) -> Floats:
    """Places on the sphere, (n, 3) in metres."""
    lat, lon = np.radians(np.asarray(latitude_deg, float)), np.radians(np.asarray(longitude_deg, float))
    flat = np.cos(lat)
    return SPHERE_M * np.stack((flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)), axis=-1)


def place_m(latitude_deg: float, longitude_deg: float) -> PlaceM:
    """As `places_m`, of one place, in a tenth of the time."""
    lat, lon = math.radians(latitude_deg), math.radians(longitude_deg)
    flat = SPHERE_M * math.cos(lat)
    return flat * math.cos(lon), flat * math.sin(lon), SPHERE_M * math.sin(lat)


def velocities_mps(latitude_deg: Any, longitude_deg: Any, track_deg: Any, speed_mps: Any) -> Floats:
    """Horizontal velocities of moving points, (n, 3) in metres a second; `track_deg` is from true north, clockwise."""
    lat, lon = np.radians(np.asarray(latitude_deg, float)), np.radians(np.asarray(longitude_deg, float))
    course, speed = np.radians(np.asarray(track_deg, float)), np.asarray(speed_mps, float)
    north, east = speed * np.cos(course), speed * np.sin(course)
    return np.stack(
        (
            -north * np.sin(lat) * np.cos(lon) - east * np.sin(lon),
            -north * np.sin(lat) * np.sin(lon) + east * np.cos(lon),
            north * np.cos(lat),
        ),
        axis=-1,
    )


def velocity_mps(latitude_deg: float, longitude_deg: float, track_deg: float, speed_mps: float) -> PlaceM:
    """As `velocities_mps`, of one moving point, in a tenth of the time."""
    lat, lon, course = math.radians(latitude_deg), math.radians(longitude_deg), math.radians(track_deg)
    north, east = speed_mps * math.cos(course), speed_mps * math.sin(course)
    return (
        -north * math.sin(lat) * math.cos(lon) - east * math.sin(lon),
        -north * math.sin(lat) * math.sin(lon) + east * math.cos(lon),
        north * math.cos(lat),
    )


def places_deg(places: Floats) -> Floats:
    """Latitude and longitude of places in space, (n, 2) in degrees; distance from the centre does not count."""
    x, y, z = places[:, 0], places[:, 1], places[:, 2]
    degrees: Floats = np.degrees(np.stack((np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)), axis=-1))
    return degrees


def shortest_m(place: Floats, gap: Floats) -> Floats:
    """How long gaps (n, 3) from places (n, 3) are, on the sphere or on the WGS84 ellipsoid, whichever is shorter.

    For gaps of some miles: the ellipsoid is taken to be as round at their other end.
    """
    flat = np.hypot(place[:, 0], place[:, 1])
    far = np.maximum(np.hypot(flat, place[:, 2]), 1e-9)
    sine, cosine = place[:, 2] / far, flat / far
    flat = np.maximum(flat, 1e-9)
    east_x, east_y = -place[:, 1] / flat, place[:, 0] / flat
    east = gap[:, 0] * east_x + gap[:, 1] * east_y
    outward = gap[:, 0] * east_y - gap[:, 1] * east_x
    north = gap[:, 2] * cosine - outward * sine
    up = gap[:, 2] * sine + outward * cosine
    round_m = 1 - ECCENTRICITY2 * sine * sine
    east_share = EQUATOR_M / np.sqrt(round_m) / SPHERE_M
    north_share = EQUATOR_M * (1 - ECCENTRICITY2) / round_m**1.5 / SPHERE_M
    over_m = np.sqrt((east * east_share) ** 2 + (north * north_share) ** 2 + up * up)
    return np.asarray(np.minimum(over_m, np.sqrt(np.einsum("ij,ij->i", gap, gap))))
