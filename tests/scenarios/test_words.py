"""How scenarios write times, places and heights: what each word means, and that no text breaks the reader."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.interfaces import words
from comity.model.errors import Misuse
from comity.model.geometry import narrower_than
from comity.model.volume import Altitude, Band, Window, ring_problem

NOON_MS = 1_474_372_800_000  # 2016-09-20T12:00Z
READERS: tuple[Callable[[str], object], ...] = (
    words.cut,
    words.band,
    words.route,
    lambda text: words.ring(text, {}),
    lambda text: words.moment_ms(text, NOON_MS),
    lambda text: words.window(text, NOON_MS),
)
DRAWN = ("@square", "@box", "@ring", "@corridor", "@circle", "(", ")", ",", "/", "36.2", "-", "1e9", "nan", "km", "m")
TIMED = ("..", "fl", "10:15", "99:99", "+", "2h", "2016-09-20T10:15", "Z", '"', " ", "0001-01-01T00:00+23:59")
PIECES = st.sampled_from(DRAWN + TIMED)


@pytest.mark.parametrize(
    ("text", "meant_ms"),
    [
        ("10:15", NOON_MS - 105 * 60_000),
        ("10:15:30", NOON_MS - 105 * 60_000 + 30_000),
        ("+2h", NOON_MS + 2 * 3_600_000),
        ("-5min", NOON_MS - 5 * 60_000),
        ("2016-09-21T12:00Z", NOON_MS + 86_400_000),
    ],
)
def test_times(text: str, meant_ms: int) -> None:
    """A time is of the day, relative, or whole; seconds may be left out."""
    assert words.moment_ms(text, NOON_MS) == meant_ms


def test_windows_and_bands() -> None:
    """A window and a band may be open at an end; a height names its unit and, if it is not the sea, its datum."""
    assert words.window("12:00..", NOON_MS) == Window(from_ms=NOON_MS, until_ms=None)
    assert words.band("..") == Band(floor=None, ceiling=None)
    assert words.band("100m-agl..fl200") == Band(
        floor=Altitude(value=100, unit="m", datum="agl"), ceiling=Altitude(value=200, unit="fl", datum="pressure")
    )


@pytest.mark.parametrize("width_m", [1000, 2000, 40_000])
@pytest.mark.parametrize("latitude", ["0", "36.20", "-60.5"])
def test_squares_are_as_wide_as_they_say(latitude: str, width_m: int) -> None:
    """The judge finds a square no narrower than its width, and narrower than its width and three metres."""
    ring = words.ring(f"@square({latitude},36.80,{width_m}m)", {})
    assert ring_problem(ring) is None
    assert not narrower_than(ring, width_m)
    assert narrower_than(ring, width_m + width_m // 50 + 3)


def test_words_are_cut_outside_parentheses_and_quotes() -> None:
    """White space parts words, but not inside parentheses or quotes."""
    assert words.cut('a=b  ring=@square(1, 2, 3km) note="two words" x=""') == [
        "a=b",
        "ring=@square(1, 2, 3km)",
        "note=two words",
        "x=",
    ]


@given(st.lists(PIECES, max_size=9).map("".join) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is written gives a value or a misuse, never anything else."""
    for read in READERS:
        with suppress(Misuse):
            read(text)
