"""Moments and windows as the board writes them, and what a row is."""

from __future__ import annotations

from typing import Any

from comity.model.spans import moment
from comity.model.volume import Window

Row = dict[str, Any]


def time_text(at_ms: int) -> str:
    """A moment in UTC, to the second, 2016-09-20T06:00:00Z; one beyond the calendar in milliseconds."""
    found = moment(at_ms)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ") if found is not None else f"{at_ms} ms"


def window_text(window: Window) -> str:
    """A window in UTC; an open end is said in words."""
    until = time_text(window.until_ms) if window.until_ms is not None else "no end"
    return f"{time_text(window.from_ms)} / {until}"
