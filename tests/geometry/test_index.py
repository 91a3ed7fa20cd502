"""The index misses nothing that a search through everything finds, and does not look at what is far."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.model import index
from comity.model.geometry import boxes_meet, ring_box, volumes_meet, windows_meet
from comity.model.index import VolumeIndex
from comity.model.spans import DAY_MS
from comity.model.volume import DEG_E7, Band, Ring, Volume, Window
from geometry.made import boxes_on_globe, windows
from thorough import deep

ANY_HEIGHT = Band(None, None)

anywhere = st.builds(
    Volume,
    boxes_on_globe(),
    st.just(ANY_HEIGHT),
    windows(DAY_MS) | windows(DAY_MS // 2) | windows(40 * DAY_MS) | windows(1),
)


def square(lat_deg: int, lon_deg: int) -> Ring:
    """A square of a tenth of a degree."""
    south, west, side = lat_deg * DEG_E7, lon_deg * DEG_E7, DEG_E7 // 10
    return ((south, west), (south, west + side), (south + side, west + side), (south + side, west))


@settings(deadline=None, max_examples=deep(150, 60))
@given(st.lists(st.tuples(anywhere, st.integers(0, 9)), max_size=25), anywhere)
def test_near_is_what_a_full_search_finds(held: list[tuple[Volume, int]], asked: Volume) -> None:
    """Near gives, in order and once, each item of which a box and a window meet, so every volume that meets."""
    places = VolumeIndex()
    for volume, item in held:
        places.add(volume, item)
    expected = {
        item
        for volume, item in held
        if boxes_meet(ring_box(volume.ring), ring_box(asked.ring)) and windows_meet(volume.window, asked.window)
    }
    assert list(places.near(asked)) == sorted(expected)
    assert {item for volume, item in held if volumes_meet(volume, asked)} <= expected


@settings(deadline=None)
@given(st.lists(anywhere, max_size=20), anywhere)
def test_growing_or_rebuilding_gives_the_same(held: list[Volume], asked: Volume) -> None:
    """An index asked while it grows ends as one built at once in another order; adding never removes a candidate."""
    growing, rebuilt = VolumeIndex(), VolumeIndex()
    seen: set[int] = set()
    for item, volume in enumerate(held):
        growing.add(volume, item)
        now = set(growing.near(asked))
        assert seen <= now
        seen = now
    for item, volume in reversed(list(enumerate(held))):
        rebuilt.add(volume, item)
    assert list(growing.near(asked)) == list(rebuilt.near(asked))


def test_far_volumes_are_not_looked_at() -> None:
    """Volumes far away in place or in time are never compared, so they cost a question nothing."""
    places = VolumeIndex()
    for number in range(2_000):
        places.add(Volume(square(number % 80 - 40, number % 160 - 170), ANY_HEIGHT, Window(0, None)), number)
        places.add(Volume(square(60, 60), ANY_HEIGHT, Window(number * DAY_MS, (number + 1) * DAY_MS)), number)
    asked = Volume(square(60, 60), ANY_HEIGHT, Window(1_000 * DAY_MS, 1_001 * DAY_MS))
    assert list(places.near(asked)) == [1_000]
    cells = index._cells_in(places._grids[0], ring_box(asked.ring), index.CELL_E7[0])
    assert sum(len(entries) for cell in cells for entries in cell.during((asked.window,))) <= 6


def test_antimeridian_does_not_part_neighbours() -> None:
    """Volumes that touch longitude 180 from both sides are near each other."""
    places = VolumeIndex()
    west = tuple((lat, lon + DEG_E7 * 9 // 10) for lat, lon in square(10, 179))
    places.add(Volume(west, ANY_HEIGHT, Window(0, 1)), 7)
    assert list(places.near(Volume(square(10, -180), ANY_HEIGHT, Window(0, None)))) == [7]


@settings(deadline=None)
@given(st.lists(st.tuples(anywhere, st.booleans()), max_size=25), anywhere, windows(DAY_MS), st.sampled_from((0, 256)))
def test_in_turn_is_what_near_finds(held: list[tuple[Volume, bool]], asked: Volume, also: Window, few: int) -> None:
    """One after the other or all at once, of a crowd or a few, at one time or two: the same items, in their order."""
    places, item = VolumeIndex(), 0
    for volume, is_next in held:
        item += is_next
        places.add(volume, item)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "FEW", few)
        assert list(places.in_turn(asked)) == list(places.near(asked))
        then = Volume(asked.ring, asked.band, also)
        assert list(places.in_turn(asked, also)) == sorted({*places.near(asked), *places.near(then)})
