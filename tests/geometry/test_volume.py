"""Which places, bands and windows are usable, beyond the examples in boundary.txt, and how they are encoded."""

import ast
import inspect
from itertools import combinations
from types import ModuleType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.model import geometry, index, volume
from comity.model.volume import Altitude, Band, Ring, Volume, Window, ring_problem, segments_meet, volume_problem
from geometry.golden import ring
from geometry.made import rings, volumes

SQUARE = ring("0,0 0,6 6,6 6,0")
ANY_HEIGHT = Band(None, None)
ALWAYS = Window(0, None)


@pytest.mark.parametrize(
    ("points", "word"),
    [
        ("0,0 6,6 6,0 0,6", "crosses"),
        ("0,0 0,9 0,6 6,6 6,0", "spike"),
        ("0,0 0,3 0,6", "no area"),
        ("0,0 0,6 0,6 6,6", "the same"),
        ("0,0 0,6 6,6 0,0", "closes by itself"),
    ],
)
def test_malformed_ring_is_refused_however_it_is_written(points: str, word: str) -> None:
    """Bow-tie, spike, no area and repeated points are refused from every first point, in both windings."""
    given_ring = ring(points)
    for first in range(len(given_ring)):
        written = given_ring[first:] + given_ring[:first]
        assert word in (ring_problem(written) or "") or word == "closes by itself"
        assert ring_problem(written) and ring_problem(written[::-1])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=7, unique=True))
def test_usable_is_simple(points: list[tuple[int, int]]) -> None:
    """A ring of distinct points is usable exactly if its edges share nothing but the points between neighbours."""
    shape = tuple(points)
    edges = list(zip(shape, shape[1:] + shape[:1], strict=True))
    corners = {edge: set(edge) for edge in edges}
    simple = True
    for one, other in combinations(edges, 2):
        shared = corners[one] & corners[other]
        if not shared:
            simple &= not segments_meet(*one, *other)
        else:
            simple &= not any(segments_meet(*one, p, p) for p in corners[other] - shared)
            simple &= not any(segments_meet(*other, p, p) for p in corners[one] - shared)
    assert (ring_problem(shape) is None) == simple


@given(rings())
def test_ring_is_accepted_in_either_winding(a: Ring) -> None:
    """Winding never decides which side is meant: a ring and its reverse are both usable."""
    assert ring_problem(a) is None and ring_problem(a[::-1]) is None


def test_number_of_points_is_bounded() -> None:
    """256 points are taken and 257 are refused before any work."""
    saw = tuple((number % 2, number * 2) for number in range(255))
    assert ring_problem((*saw, (10_000, 255))) is None
    assert ring_problem((*saw, (10_000, 255), (10_000, 200))) == "the ring has 257 points; give 3 to 256"


@given(st.lists(st.tuples(*[st.integers(-(2**53), 2**53)] * 2), max_size=6).map(tuple))
def test_any_integers_are_answered(points: Ring) -> None:
    """No ring that can be decoded, even an empty or a far one, makes a function raise or run on."""
    volume_ = Volume(points, ANY_HEIGHT, ALWAYS)
    volume_problem(volume_)
    geometry.rings_meet(points, SQUARE)
    geometry.ring_inside(points, SQUARE)
    geometry.ring_inside(SQUARE, points)
    geometry.narrower_than(points, 2000)
    geometry.locate(0, 0, 1, points)
    places = index.VolumeIndex()
    places.add(volume_, 1)
    list(places.near(volume_))


def test_first_problem_of_a_volume_is_told() -> None:
    """A volume's problem is that of its ring, its band or its window."""
    assert volume_problem(Volume(SQUARE, ANY_HEIGHT, ALWAYS)) is None
    assert "points" in (volume_problem(Volume(SQUARE[:2], ANY_HEIGHT, ALWAYS)) or "")
    upside_down = Band(Altitude(2, "m", "agl"), Altitude(1, "m", "agl"))
    assert "floor" in (volume_problem(Volume(SQUARE, upside_down, ALWAYS)) or "")
    assert "window" in (volume_problem(Volume(SQUARE, ANY_HEIGHT, Window(5, 5))) or "")


def test_wrong_datum_never_proves_apart() -> None:
    """Pressure against metres above the sea, however far apart, meets: only one datum can be compared with itself."""
    low = Band(Altitude(0, "m", "amsl"), Altitude(10, "m", "amsl"))
    high = Band(Altitude(600, "fl", "pressure"), None)
    assert geometry.bands_meet(low, high) and not geometry.band_inside(low, high)


@given(volumes())
def test_volume_survives_its_encoding(a: Volume) -> None:
    """A volume is encoded as plain JSON with null for no bound and comes back equal, by hash too."""
    coded = msgspec.json.encode(a, order="sorted")
    back = msgspec.json.decode(coded, type=Volume)
    assert back == a and hash(back) == hash(a)
    assert set(msgspec.json.decode(coded)) == {"ring", "band", "window"}


@pytest.mark.parametrize(
    "text",
    [
        b'{"value":1,"unit":"m","datum":"W84"}',
        b'{"value":1,"unit":"km","datum":"amsl"}',
        b'{"value":1.5,"unit":"m","datum":"amsl"}',
        b'{"value":1,"unit":"m"}',
        b'{"value":1,"unit":"m","datum":"amsl","aim":1}',
    ],
)
def test_altitude_is_never_a_bare_number(text: bytes) -> None:
    """An altitude with an unknown datum or unit, a fraction, a missing or an unknown field is not decoded."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Altitude)


@pytest.mark.parametrize("module", [volume, geometry, index])
def test_verdicts_rest_on_integers(module: ModuleType) -> None:
    """The geometry of verdicts has no fractional constant, no true division, no float and no math module (law 24)."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not isinstance(node, ast.Div)
        assert not (isinstance(node, ast.Name) and node.id in ("float", "round", "complex"))
        assert not (isinstance(node, ast.Import | ast.ImportFrom) and "math" in ast.dump(node))
