"""Places and velocities as vectors in metres: no pole, no antimeridian, no angle to wrap.

The sphere is that on which a nautical mile is a minute of arc, as controllers and their minima reckon. Over 5 NM it
differs from the WGS84 ellipsoid by at most 56 m (0.56 percent) at sea level; `EARTH_SHARE` is that share, and who must
never measure long multiplies distances to be kept by it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

NM_M = 1852.0
FT_M = 0.3048
KT_MPS = NM_M / 3600
FPM_MPS = FT_M / 60
SPHERE_M = NM_M * 60 * 180 / np.pi
EARTH_SHARE = 1.0056

Floats = NDArray[np.float64]


def places_m(latitude_deg: Any, longitude_deg: Any) -> Floats:
    """Places on the sphere, (n, 3) in metres."""
    lat, lon = np.radians(np.asarray(latitude_deg, float)), np.radians(np.asarray(longitude_deg, float))
    flat = np.cos(lat)
    return SPHERE_M * np.stack((flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)), axis=-1)


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


def places_deg(places: Floats) -> Floats:
    """Latitude and longitude of places in space, (n, 2) in degrees; distance from the centre does not count."""
    x, y, z = places[:, 0], places[:, 1], places[:, 2]
    degrees: Floats = np.degrees(np.stack((np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)), axis=-1))
    return degrees
