"""Spans of time in milliseconds, the unit of every moment in an entry, and the one way from such a moment to a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

UNIT_MS = {"s": SECOND_MS, "min": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS}  # by the last word of a parameter's name
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at_ms: int) -> datetime | None:
    """The date of a moment in UTC, or None beyond the calendar: an entry may claim any number, and nothing breaks."""
    try:
        return _BEGINNING + timedelta(milliseconds=at_ms)
    except OverflowError:
        return None
