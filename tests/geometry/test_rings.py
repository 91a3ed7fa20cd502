"""What rings, bands, windows and volumes promise to each other, and agreement with a slow reference."""

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.model.geometry import (
    band_inside,
    bands_meet,
    boxes_meet,
    locate,
    ring_box,
    ring_inside,
    rings_meet,
    volume_inside,
    volumes_meet,
    window_inside,
    windows_meet,
)
from comity.model.volume import Altitude, Band, Ring, Volume, Window, ring_edges, ring_problem, segments_meet
from geometry import reference
from geometry.made import SMALL, altitudes, bands, rings, volumes, windows
from thorough import deep

SEARCHED = settings(max_examples=deep(150, 60), deadline=None)


@SEARCHED
@given(rings(), rings())
def test_rings_meet_as_the_reference_says(a: Ring, b: Ring) -> None:
    """Two rings meet exactly if the slow reference finds a common point, whichever is named first."""
    assert rings_meet(a, b) == rings_meet(b, a) == reference.meet(a, b)


@SEARCHED
@given(rings(), rings())
def test_ring_inside_as_the_reference_says(a: Ring, b: Ring) -> None:
    """A ring lies inside another exactly if the slow reference finds no part of it outside."""
    assert ring_inside(a, b) == reference.inside(a, b)


@SEARCHED
@given(rings(), rings(), st.integers(0, 7), st.booleans(), st.tuples(*[st.integers(-(10**8), 10**8)] * 2))
def test_how_a_ring_is_written_does_not_matter(
    a: Ring, b: Ring, first: int, turned: bool, shift: tuple[int, int]
) -> None:
    """Neither winding, nor the first point, nor a shift of both changes what meets, lies inside or is usable."""
    first %= len(a)
    written = (a[first:] + a[:first])[:: -1 if turned else 1]
    c, d = (tuple((lat + shift[0], lon + shift[1]) for lat, lon in ring) for ring in (written, b))
    assert ring_problem(c) is None
    assert (rings_meet(c, d), ring_inside(c, d), ring_inside(d, c)) == (
        rings_meet(a, b),
        ring_inside(a, b),
        ring_inside(b, a),
    )


@SEARCHED
@given(rings(), rings(), rings())
def test_inside_is_an_order_that_implies_meeting(a: Ring, b: Ring, c: Ring) -> None:
    """A ring is inside itself; inside implies meeting; what meets the inner ring meets the outer one."""
    assert ring_inside(a, a)
    if ring_inside(a, b):
        assert rings_meet(a, b)
        assert rings_meet(b, c) or not rings_meet(a, c)
        assert ring_inside(a, c) or not ring_inside(b, c)


@SEARCHED
@given(rings(), SMALL, SMALL)
def test_a_point_is_placed_as_the_rings_around_it_are(ring: Ring, lat: int, lon: int) -> None:
    """A point on some edge is on the edge; any other is inside exactly if a tiny ring around it is inside."""
    on_edge = any(segments_meet(p, q, (lat, lon), (lat, lon)) for p, q in ring_edges(ring))
    place = locate(lat, lon, 1, ring)
    assert (place == "edge") == on_edge
    if not on_edge:
        large = tuple((10_000 * p[0], 10_000 * p[1]) for p in ring)
        tiny = tuple((10_000 * lat + i, 10_000 * lon + j) for i, j in ((0, 1), (1, 0), (0, -1), (-1, 0)))
        assert (place == "inside") == reference.inside(tiny, large)


@SEARCHED
@given(rings(), rings())
def test_boxes_only_filter(a: Ring, b: Ring) -> None:
    """Rings whose boxes do not meet do not meet."""
    assert boxes_meet(ring_box(a), ring_box(b)) or not rings_meet(a, b)


@SEARCHED
@given(rings(), rings(), st.integers(1, 6))
def test_splitting_at_the_antimeridian_loses_nothing(a: Ring, b: Ring, west: int) -> None:
    """Two rings that meet away from the seam also meet when one side of the seam is written as -180."""
    far = 180 * 10**7
    on_west = tuple((lat, lon - max(p[1] for p in a) + far) for lat, lon in a)
    on_east = tuple((lat, lon - min(p[1] for p in b) - far) for lat, lon in b)
    unrolled = tuple((lat, lon + 2 * far) for lat, lon in on_east)
    assert rings_meet(on_west, on_east) == rings_meet(on_east, on_west) == reference.meet(on_west, unrolled)
    assert not ring_inside(on_west, on_east)
    moved = tuple((lat, lon - west) for lat, lon in on_west)
    assert not rings_meet(moved, on_east)


@given(bands(), bands(), bands())
def test_bands_are_symmetric_and_inside_implies_meeting(a: Band, b: Band, c: Band) -> None:
    """Meeting of bands is symmetric, follows from inside, and grows with the band."""
    assert bands_meet(a, b) == bands_meet(b, a)
    assert bands_meet(a, a) and band_inside(a, a)
    if band_inside(a, b):
        assert bands_meet(a, b)
        assert bands_meet(b, c) or not bands_meet(a, c)
    assert band_inside(a, Band(None, None))


@given(bands(), bands(), altitudes())
def test_splitting_a_band_loses_nothing(a: Band, b: Band, middle: Altitude) -> None:
    """What meets a band meets one of the two halves into which any height splits it."""
    halves = Band(a.floor, middle), Band(middle, a.ceiling)
    assert any(bands_meet(half, b) for half in halves) or not bands_meet(a, b)


@given(windows(), windows(), st.integers(0, 20))
def test_windows_are_sets_of_moments(a: Window, b: Window, split_ms: int) -> None:
    """Windows meet and contain each other exactly as the sets of their milliseconds do; a split loses nothing."""
    moments_a, moments_b = (set(range(w.from_ms, 99 if w.until_ms is None else w.until_ms)) for w in (a, b))
    assert windows_meet(a, b) == windows_meet(b, a) == bool(moments_a & moments_b)
    assert window_inside(a, b) == (moments_a <= moments_b)
    if a.from_ms < split_ms and (a.until_ms is None or split_ms < a.until_ms):
        halves = Window(a.from_ms, split_ms), Window(split_ms, a.until_ms)
        assert not windows_meet(*halves)
        assert windows_meet(a, b) == any(windows_meet(half, b) for half in halves)


@given(volumes(), volumes())
def test_volumes_meet_if_all_three_parts_do(a: Volume, b: Volume) -> None:
    """Volumes meet if windows, bands and rings do; a volume inside ring and band meets them in its own window."""
    parts = windows_meet(a.window, b.window), bands_meet(a.band, b.band), rings_meet(a.ring, b.ring)
    assert volumes_meet(a, b) == volumes_meet(b, a) == all(parts)
    if volume_inside(a, b.ring, b.band):
        assert volumes_meet(a, Volume(b.ring, b.band, a.window))
