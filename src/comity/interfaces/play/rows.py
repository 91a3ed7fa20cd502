"""Rows of the board as lines of a scenario: one row a line, empty columns left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from comity.interfaces.times import shortened
from comity.model.errors import Misuse
from comity.model.history import View
from comity.views.board import TOPICS, Row

HIDDEN = frozenset({"request", "entry", "content", "declared", "other", "points", "version", "after", "seal", "hold"})
_FILTER = re.compile(r"([a-z-]+)([=~])(.+)")


def board(view: View, now_ms: int, asked: list[str], rename: Callable[[str], str]) -> list[str]:
    """The rows of a topic: `topic [column,column] [column=value] [column~part]`; a hyphen stands for a space."""
    if not asked or asked[0] not in TOPICS:
        raise Misuse(f"there is nothing to show of {' '.join(asked) or 'nothing'}; known are {', '.join(TOPICS)}")
    columns: list[str] = []
    filters: list[tuple[str, str, str]] = []
    for word in asked[1:]:
        found = _FILTER.fullmatch(word)
        if found is not None:
            filters.append((found[1].replace("-", " "), found[2], rename(found[3])))
        else:
            columns = [each.replace("-", " ") for each in word.split(",")]
    rows = [row for row in TOPICS[asked[0]](view, now_ms) if all(_matches(row, *each) for each in filters)]
    return [_line(row, columns, now_ms) for row in rows]


def _matches(row: Row, key: str, how: str, value: str) -> bool:
    if key not in row:
        raise Misuse(f"the rows have no {key}; they have {', '.join(row)}")
    held = row[key]
    if how == "~":
        return value in str(held)
    if isinstance(held, list | tuple | dict):
        return value in held
    return str(held).lower() == value or (isinstance(held, str) and value in held.split())


def _line(row: Row, columns: list[str], now_ms: int) -> str:
    unknown = [each for each in columns if each not in row]
    if unknown:
        raise Misuse(f"the rows have no {unknown[0]}; they have {', '.join(row)}")
    shown = columns or [each for each in row if each not in HIDDEN]
    parts = []
    for number, column in enumerate(shown):
        text = _text(row[column], now_ms)
        if text:
            said = number == 0 or text.startswith(f"{column} ")
            parts.append(text if said else f"{column} {text}" if text != "yes" else column)
    return "; ".join(parts)


def _text(value: Any, now_ms: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    if isinstance(value, dict):
        return shortened(", ".join(f"{key} {each}" for key, each in value.items()), now_ms, zone="")
    return shortened(str(value), now_ms, zone="")
