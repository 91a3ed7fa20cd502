"""A slow second opinion on rings: cuts the plane into slabs of latitude and compares intervals of longitude.

Between two neighbouring latitudes at which anything happens (a corner, a crossing of two edges) the edges keep their
order, so a ring is there a few intervals, and one level tells all. At such a latitude the closed ring is what the
slabs beside it approach. It shares no code and no idea with the tested geometry.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise

from comity.model.volume import Point, Ring

Edge = tuple[Point, Point]
Interval = tuple[Fraction, Fraction]


def meet(a: Ring, b: Ring) -> bool:
    """Whether the closed rings share a point."""
    levels = _levels(a, b)
    for below, above in pairwise(levels):
        for level in (below, above):
            if _overlap(_section(a, below, above, level), _section(b, below, above, level)):
                return True
    for below, level, above in zip(levels, levels[1:], levels[2:], strict=False):
        for one, other in ((a, b), (b, a)):
            if _overlap(_section(one, below, level, level), _section(other, level, above, level)):
                return True
    return False


def inside(inner: Ring, outer: Ring) -> bool:
    """Whether the closed inner ring belongs to the closed outer one: in each slab, at its middle."""
    for below, above in pairwise(_levels(inner, outer)):
        middle = (below + above) / 2
        outer_parts = _joined(_section(outer, below, above, middle))
        for west, east in _section(inner, below, above, middle):
            if not any(start <= west and east <= end for start, end in outer_parts):
                return False
    return True


def _edges(ring: Ring) -> list[Edge]:
    return [(ring[number - 1], ring[number]) for number in range(len(ring))]


def _levels(a: Ring, b: Ring) -> list[Fraction]:
    levels = {Fraction(lat) for lat, _ in (*a, *b)}
    for one, other in combinations([*_edges(a), *_edges(b)], 2):
        levels.update(_crossing_level(one, other))
    return sorted(levels)


def _crossing_level(one: Edge, other: Edge) -> Iterator[Fraction]:
    """The latitude at which the lines of two edges cross, if between their ends: solves lon = m * lat + c twice."""
    if one[0][0] == one[1][0] or other[0][0] == other[1][0]:
        return
    (m, c), (n, d) = _line(one), _line(other)
    if m != n:
        level = (d - c) / (m - n)
        if all(min(p[0], q[0]) <= level <= max(p[0], q[0]) for p, q in (one, other)):
            yield level


def _line(edge: Edge) -> tuple[Fraction, Fraction]:
    (lat, lon), (lat_end, lon_end) = edge
    slope = Fraction(lon_end - lon, lat_end - lat)
    return slope, lon - slope * lat


def _section(ring: Ring, below: Fraction, above: Fraction, level: Fraction) -> list[Interval]:
    """Where the ring lies at a level of a slab, its rims as the slab approaches them."""
    through = [
        edge for edge in _edges(ring) if min(edge[0][0], edge[1][0]) <= below < above <= max(edge[0][0], edge[1][0])
    ]
    middle = (below + above) / 2
    lines = sorted((_line(edge) for edge in through), key=lambda line: line[0] * middle + line[1])
    at_level = [slope * level + offset for slope, offset in lines]
    return list(zip(at_level[::2], at_level[1::2], strict=True))


def _overlap(a: list[Interval], b: list[Interval]) -> bool:
    return any(west <= end and start <= east for west, east in a for start, end in b)


def _joined(intervals: list[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for west, east in sorted(intervals):
        if joined and west <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(east, joined[-1][1])
        else:
            joined.append((west, east))
    return joined
