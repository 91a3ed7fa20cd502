"""Tracks and their arrays for tests of the sky."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from comity.airspace.pairs import Losses, Motion
from sky.reference import SPHERE_M, Edges, Track

Matrix = tuple[tuple[float, float, float], ...]

HORIZONTAL_M, VERTICAL_M, AHEAD_S = 9_260.0, 304.8, 300.0


def motion_of(tracks: Sequence[Track]) -> Motion:
    """The arrays of the fast code, made by the slow code's own vectors."""
    return Motion(
        np.array([each.place_m for each in tracks], float).reshape(-1, 3),
        np.array([each.velocity_mps for each in tracks], float).reshape(-1, 3),
        np.array([[low for low, _ in each.heights] for each in tracks], float).reshape(-1, 2),
        np.array([[high for _, high in each.heights] for each in tracks], float).reshape(-1, 2),
        np.array([each.climb_mps for each in tracks], float),
        np.array([each.doubt_m for each in tracks], float),
    )


def turned(motion: Motion, matrix: Matrix) -> Motion:
    """The same sky with the whole world turned."""
    turn = np.array(matrix).T
    return Motion(
        motion.place_m @ turn,
        motion.velocity_mps @ turn,
        motion.low_m,
        motion.high_m,
        motion.climb_mps,
        motion.doubt_m,
    )


def as_pairs(found: Losses) -> dict[tuple[int, int], tuple[float, float]]:
    """Losses by pair."""
    times = zip(found.from_s.tolist(), found.until_s.tolist(), strict=True)
    return dict(zip(zip(found.first.tolist(), found.second.tolist(), strict=True), times, strict=True))


def level(height_m: float) -> Edges:
    """A known pressure altitude, an unknown height."""
    return ((height_m, height_m), (-math.inf, math.inf))


def _band(low_m: float, width_m: float) -> tuple[float, float]:
    return low_m, low_m + width_m


bands = st.just((-math.inf, math.inf)) | st.builds(
    _band, st.floats(0, 3_000), st.just(0.0) | st.floats(0, 600) | st.just(math.inf)
)
heights: st.SearchStrategy[Edges] = st.tuples(bands, bands)


def tracks_near(latitude_deg: float, longitude_deg: float, spread_deg: float = 0.6) -> st.SearchStrategy[Track]:
    """Tracks around a place, of every speed, climb and doubt; longitudes stretched as meridians converge."""
    stretch = spread_deg / max(0.02, math.cos(math.radians(latitude_deg)))
    return st.builds(
        Track,
        st.floats(latitude_deg - spread_deg, latitude_deg + spread_deg),
        st.floats(longitude_deg - stretch, longitude_deg + stretch),
        st.floats(0, 360),
        st.just(0.0) | st.floats(0, 340) | st.floats(340, 1_500),
        heights,
        st.just(0.0) | st.floats(-30, 30),
        st.just(0.0) | st.floats(0, 3_000),
    )


anywhere = st.sampled_from([(35.0, 36.0), (0.0, 180.0), (89.7, 10.0), (-88.0, -179.0)]).flatmap(
    lambda place: st.lists(tracks_near(*place), max_size=5)
)


def rotation(axis: Sequence[float], angle: float) -> Matrix:
    """The turn of the world around an axis by an angle in radians."""
    x, y, z = (part / math.hypot(*axis) for part in axis)
    c, s, rest = math.cos(angle), math.sin(angle), 1 - math.cos(angle)
    return (
        (c + x * x * rest, x * y * rest - z * s, x * z * rest + y * s),
        (y * x * rest + z * s, c + y * y * rest, y * z * rest - x * s),
        (z * x * rest - y * s, z * y * rest + x * s, c + z * z * rest),
    )


def east_of(distance_m: float) -> float:
    """The longitude so many metres east of longitude 0, on the equator."""
    return math.degrees(distance_m / SPHERE_M)
