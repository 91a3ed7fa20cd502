"""`comity status` says when a problem was last seen, and apart from it what is over."""

from __future__ import annotations

from comity.interfaces.cli.status import problems

NINE_MS = 1_474_362_000_000  # 2016-09-20T09:00:00Z


def test_problems_are_told_with_their_times() -> None:
    """What broke yesterday and works today reads as if it were broken."""
    open_one = {"text": "north does not answer", "at_ms": NINE_MS, "last_ms": NINE_MS + 60_000, "over_ms": None}
    over = {"text": "centre does not answer", "at_ms": NINE_MS, "last_ms": NINE_MS, "over_ms": NINE_MS + 120_000}
    assert problems([over, open_one]) == [
        "north does not answer (trouble since 2016-09-20 09:00:00Z, still so at 2016-09-20 09:01:00Z)",
        "mended at 2016-09-20 09:02:00Z: centre does not answer",
    ]
