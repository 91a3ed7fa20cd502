"""Rows of the board as text for people: most urgent first, short hashes, times to the minute, emptiness in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from comity.interfaces.cli.speech import pairs, table
from comity.interfaces.times import moment_text, shortened

Row = dict[str, Any]

TOPICS: dict[str, str] = {
    "agreement": "the terms in force, and what stops permissions",
    "areas": "designated areas in force",
    "operations": "operations: proposed, agreed, active, held",
    "movements": "exempt movements",
    "notices": "notices of military flights",
    "flights": "declared flights that are not closed",
    "conflicts": "what declared flights conflict with, and whose word is owed",
    "holds": "holds that stand",
    "threats": "sealed acts under imminent threat",
    "activities": "independent activity, and what it overlaps",
    "duty": "who is on duty in each seat",
    "lines": "the newest check of each line",
    "frequencies": "on what aircraft and offices hear each other",
    "changes": "joint changes that wait for votes",
    "obligations": "who owes whom what by when",
    "log": "every entry, in the order for people",
}
"""What can be shown; the same words as `views.board.TOPICS`, which costs a quarter of a second to import."""

NOTICED = ("movements", "notices", "holds")
EMPTY = {
    "agreement": "nothing is known of the agreement",
    "areas": "no area is in force",
    "operations": "no operation is known",
    "movements": "no exempt movement is known",
    "notices": "no flight was notified",
    "flights": "no declared flight is open",
    "conflicts": "no conflict of a declared flight is known",
    "holds": "no hold stands",
    "threats": "no seal is known",
    "activities": "no activity is declared",
    "duty": "the agreement has no seats",
    "lines": "no line was ever checked",
    "frequencies": "the agreement names no frequency",
    "changes": "no change waits for a vote",
    "obligations": "nobody owes anything",
    "log": "no entry is held",
}
HASHES = ("request", "entry", "hold", "seal", "declared", "other", "version", "content", "after", "terms")
QUIET = frozenset(
    {"ended", "reported", "reviewed", "refused", "retracted", "countered", "closed", "cancelled", "arrived", "accepted"}
)
DROPPED = {"threats": ("overdue",), "obligations": ("overdue",)}
SHORT = 8
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def board_text(topic: str, rows: Sequence[Row], now_ms: int | None = None) -> str:
    """The rows of a topic, as wide as the screen, 100 columns at most; what is due by `now_ms` is due now."""
    if not rows:
        return EMPTY[topic]
    shown = [_row(topic, row, now_ms) for row in (rows if topic == "log" else sorted(rows, key=_urgency))]
    if topic == "agreement":
        return "\n\n".join(pairs((name, text or "nothing") for name, text in row.items()) for row in shown)
    return table(shown)


def _urgency(row: Row) -> tuple[bool, ...]:
    """Overdue first, then what is flagged or held, then what is live; the board's own order within each."""
    return (
        not row.get("overdue"),
        row.get("on duty") != "nobody",
        row.get("result") not in ("dead", "poor"),
        not (row.get("conditions") or row.get("flags") or row.get("overlaps")),
        row.get("status") in QUIET,
    )


def _row(topic: str, row: Row, now_ms: int | None) -> dict[str, str]:
    shown = {name: _text(name, value) for name, value in row.items() if name not in DROPPED.get(topic, ())}
    if row.get("overdue"):
        due = next(name for name in ("by", "open by") if name in shown)
        shown = {due: f"OVERDUE since {shown[due]}"} | {name: text for name, text in shown.items() if name != due}
    elif topic == "obligations":
        by = _due(str(row["by"]), now_ms)
        shown = {"by": by} | {name: text for name, text in shown.items() if name != "by"}
    return shown


def _due(by: str, now_ms: int | None) -> str:
    """When something is due that is not overdue; `by` is a whole moment, words, or empty."""
    is_now = now_ms is not None and _MOMENT.fullmatch(by) and by.replace("T", " ") <= moment_text(now_ms)
    return f"due now, {shortened(by)}" if is_now else shortened(by) or "no set time"


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return ", ".join(_text(name, each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text('', each)}" for key, each in value.items())
    if value is None:
        return "none"
    return str(value)[:SHORT] if name in HASHES else shortened(str(value))
