"""Many volumes: what meets one is what the geometry says of each, however they came and went."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.airspace import volumes
from comity.airspace.volumes import Volumes
from comity.model.geometry import boxes_meet, ring_box, rings_meet, volumes_meet
from comity.model.spans import DAY_MS
from comity.model.volume import DEG_E7, HALF_TURN_E7, Altitude, Band, Ring, Volume, Window
from geometry.made import bands, boxes_on_globe, rings, windows

EXAMPLES = settings(deadline=None, max_examples=150)
ANY_HEIGHT = Band(None, None)

anything = st.builds(
    Volume,
    rings() | boxes_on_globe(),
    bands(),
    windows() | windows(DAY_MS) | windows(40 * DAY_MS) | windows(DAY_MS // 9),
)
deeds = st.lists(st.tuples(st.integers(0, 12), st.none() | anything), max_size=40)


def square(south: int, west: int, side: int = DEG_E7) -> Ring:
    """A square from its corner."""
    return ((south, west), (south, west + side), (south + side, west + side), (south + side, west))


def holding(*held: Volume) -> Volumes:
    """A store of those volumes, numbered from 0."""
    store = Volumes()
    for item, volume in enumerate(held):
        store.put(item, volume)
    return store


@EXAMPLES
@given(st.lists(anything, max_size=25), anything)
def test_meeting_is_what_the_geometry_says_of_each(held: list[Volume], asked: Volume) -> None:
    """Of all that is held just those are found that meet, from either side."""
    assert holding(*held).meeting(asked) == [item for item, each in enumerate(held) if volumes_meet(each, asked)]
    for item, each in enumerate(held):
        assert (item in holding(*held).meeting(asked)) == (holding(asked).meeting(each) == [0])


@EXAMPLES
@given(deeds, anything)
def test_stale_index(done: list[tuple[int, Volume | None]], asked: Volume) -> None:
    """After any volumes put, put anew and dropped, the answers are those of a store built of what is left."""
    store = Volumes()
    left: dict[int, Volume] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(volumes, "GONE_LEAST", 2)
        for item, volume in done:
            if volume is None:
                store.drop(item)
                left.pop(item, None)
            else:
                store.put(item, volume)
                left[item] = volume
    rebuilt = Volumes()
    for item, volume in left.items():
        rebuilt.put(item, volume)
    assert len(store) == len(left)
    assert (
        store.meeting(asked)
        == rebuilt.meeting(asked)
        == sorted(item for item, each in left.items() if volumes_meet(each, asked))
    )


@EXAMPLES
@given(st.lists(anything, max_size=15), anything, anything)
def test_any_all(held: list[Volume], more: Volume, asked: Volume) -> None:
    """Putting one volume more takes no meeting away."""
    assert set(holding(*held).meeting(asked)) <= set(holding(*held, more).meeting(asked))


def test_box_only_and_no_altitude() -> None:
    """Boxes that meet are not enough, nor are places without a common height."""
    corner = (
        (0, 0),
        (0, 10 * DEG_E7),
        (DEG_E7, 10 * DEG_E7),
        (DEG_E7, DEG_E7),
        (10 * DEG_E7, DEG_E7),
        (10 * DEG_E7, 0),
    )
    apart = square(5 * DEG_E7, 5 * DEG_E7)
    assert boxes_meet(ring_box(corner), ring_box(apart)) and not rings_meet(corner, apart)
    always = Window(0, None)
    low = Band(None, Altitude(100, "fl", "pressure"))
    high = Band(Altitude(101, "fl", "pressure"), None)
    store = holding(Volume(corner, ANY_HEIGHT, always), Volume(apart, low, always), Volume(apart, ANY_HEIGHT, always))
    assert store.meeting(Volume(apart, high, always)) == [2]


def test_unbounded() -> None:
    """No floor, no ceiling and no end meet whatever shares the rest, and another datum is never apart."""
    here, far = square(0, 0), square(40 * DEG_E7, 40 * DEG_E7)
    late = Window(9_000 * DAY_MS, 9_001 * DAY_MS)
    store = holding(
        Volume(here, ANY_HEIGHT, Window(0, None)),
        Volume(here, Band(Altitude(9_000, "m", "agl"), None), Window(0, None)),
        Volume(here, Band(None, Altitude(90, "fl", "pressure")), Window(0, None)),
        Volume(here, ANY_HEIGHT, Window(0, DAY_MS)),
        Volume(far, ANY_HEIGHT, Window(0, None)),
    )
    asked = Band(Altitude(100, "fl", "pressure"), Altitude(120, "fl", "pressure"))
    assert store.meeting(Volume(here, asked, late)) == [0, 1]


def test_antimeridian() -> None:
    """Volumes that touch the antimeridian from both sides meet."""
    east, west = square(0, HALF_TURN_E7 - DEG_E7), square(0, -HALF_TURN_E7)
    always = Window(0, None)
    assert holding(Volume(east, ANY_HEIGHT, always)).meeting(Volume(west, ANY_HEIGHT, always)) == [0]
