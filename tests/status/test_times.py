"""Moments and spans as people read them: in UTC, no longer than they must be, never wrong by rounding."""

from __future__ import annotations

import pytest

from comity.interfaces.times import (
    clock_text,
    minute_text,
    moment_text,
    shortened,
    span_text,
    until_text,
    weekday_text,
)
from comity.model.spans import DAY_MS, HOUR_MS, MINUTE_MS

NINE_MS = 1_474_362_000_000  # 2016-09-20T09:00:00Z


def test_moments() -> None:
    """Each form of a moment says what it leaves out to nobody's harm."""
    assert moment_text(NINE_MS) == "2016-09-20 09:00:00Z"
    assert minute_text(NINE_MS) == "2016-09-20 09:00Z"
    assert weekday_text(NINE_MS) == "Tue 09:00Z"
    assert clock_text(NINE_MS) == "2016-09-20 09:00"
    assert clock_text(NINE_MS + 1_000, NINE_MS) == "09:00:01"
    assert clock_text(NINE_MS + DAY_MS, NINE_MS) == "2016-09-21 09:00"


def test_no_moment_breaks_a_page() -> None:
    """A time beyond every calendar, as a hostile entry may claim it, is said in milliseconds."""
    beyond_ms = (1 << 53) - 1
    for text in (moment_text(beyond_ms), minute_text(beyond_ms), weekday_text(beyond_ms), clock_text(beyond_ms)):
        assert text == f"{beyond_ms} ms"
    assert moment_text(None) == "none"


@pytest.mark.parametrize(
    ("span_ms", "text"),
    [
        (0, "0 s"),
        (59_999, "59 s"),
        (MINUTE_MS, "1 min"),
        (HOUR_MS - 1, "59 min"),
        (HOUR_MS + 20 * MINUTE_MS, "1 h 20 min"),
        (2 * DAY_MS, "2 d"),
        (2 * DAY_MS + 5 * HOUR_MS + 1, "2 d 5 h"),
        (-HOUR_MS, "1 h"),
    ],
)
def test_spans_are_cut_off(span_ms: int, text: str) -> None:
    """A span never sounds longer than it is."""
    assert span_text(span_ms) == text


def test_how_far_off() -> None:
    """Before and after are told apart in words."""
    assert until_text(NINE_MS + HOUR_MS, NINE_MS) == "in 1 h"
    assert until_text(NINE_MS - HOUR_MS, NINE_MS) == "1 h ago"
    assert until_text(NINE_MS, NINE_MS) == "now"


def test_rows_of_the_board() -> None:
    """A date that the reader knows goes without saying; one that he cannot know never does."""
    whole = "window 2016-09-20T10:00:00Z / 2016-09-20T12:00:30Z"
    assert shortened(whole, NINE_MS) == "window 10:00Z to 12:00:30Z"
    assert shortened(whole, NINE_MS, zone="") == "window 10:00 to 12:00:30"
    assert shortened(whole) == "window 2016-09-20 10:00Z to 12:00:30Z"
    night = "2016-09-19T22:00:00Z / 2016-09-20T02:00:00Z"
    assert shortened(night, NINE_MS) == "2016-09-19 22:00Z to 2016-09-20 02:00Z"
    assert shortened("us until 2016-09-20T10:00:00Z; ru none", NINE_MS) == "us until 10:00Z; ru none"
