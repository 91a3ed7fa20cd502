"""Rings, bands, windows and volumes for the property tests: small numbers, so that corners and edges often coincide."""

from math import atan2

from hypothesis import assume
from hypothesis import strategies as st

from comity.model.volume import (
    DEG_E7,
    Altitude,
    Band,
    Datum,
    Point,
    Ring,
    Volume,
    Window,
    certainly_above,
    ring_problem,
)

SMALL = st.integers(0, 7)


@st.composite
def rings(draw: st.DrawFn) -> Ring:
    """A usable ring on a grid of 8 by 8 points: tangled, starred around its middle, or square-cornered."""
    shape = draw(st.sampled_from(("any", "star", "steps")))
    if shape == "steps":
        ring = draw(_steps())
    else:
        points = draw(st.lists(st.tuples(SMALL, SMALL), min_size=3, max_size=5 if shape == "any" else 8, unique=True))
        ring = tuple(_around_middle(points) if shape == "star" else points)
    assume(ring_problem(ring) is None)
    return ring


@st.composite
def _steps(draw: st.DrawFn) -> Ring:
    """A row of columns of different heights: a square-cornered ring with many edges on common lines."""
    tops = draw(st.lists(st.integers(2, 7), min_size=1, max_size=4))
    left = draw(st.integers(0, 3))
    points = [(draw(st.integers(0, 1)), left)]
    for step, top in enumerate(tops):
        points += [(top, left + step), (top, left + step + 1)]
    points.append((points[0][0], left + len(tops)))
    return tuple(dict.fromkeys(points))


def _around_middle(points: list[Point]) -> list[Point]:
    lat, lon = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    return sorted(points, key=lambda point: (atan2(point[0] - lat, point[1] - lon), point))


@st.composite
def altitudes(draw: st.DrawFn) -> Altitude:
    """An altitude in metres or flight levels near a few common heights."""
    datums: list[Datum] = ["amsl", "agl", "pressure"]
    datum = draw(st.sampled_from(datums))
    return Altitude(draw(st.integers(0, 5)), "fl" if datum == "pressure" else "m", datum)


@st.composite
def bands(draw: st.DrawFn) -> Band:
    """A usable band."""
    floor, ceiling = draw(st.none() | altitudes()), draw(st.none() | altitudes())
    return Band(ceiling, floor) if floor and ceiling and certainly_above(floor, ceiling) else Band(floor, ceiling)


@st.composite
def windows(draw: st.DrawFn, day_ms: int = 1) -> Window:
    """A usable window, its length from one to many times `day_ms`, or open."""
    begin = draw(st.integers(0, 8)) * day_ms
    return Window(begin, draw(st.none() | st.integers(1, 8).map(lambda days: begin + days * day_ms)))


def volumes() -> st.SearchStrategy[Volume]:
    """A usable volume on the small grid."""
    return st.builds(Volume, rings(), bands(), windows())


@st.composite
def boxes_on_globe(draw: st.DrawFn) -> Ring:
    """A square-cornered ring anywhere, from a tenth of a degree to half the globe, often on round degrees."""
    unit = draw(st.sampled_from((DEG_E7, DEG_E7 // 4, DEG_E7 // 10 + 1)))
    height, width = (draw(st.sampled_from((1, 2, 9, 40, 120))) * unit for _ in range(2))
    south = draw(st.integers(-89, 89)) * DEG_E7
    west = draw(st.sampled_from((-180, -179, 0, 178, 179)) | st.integers(-180, 179)) * DEG_E7
    north, east = min(south + height, 89 * DEG_E7), min(west + width, 180 * DEG_E7)
    assume(south < north and west < east)
    return ((south, west), (south, east), (north, east), (north, west))
