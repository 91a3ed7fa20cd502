"""Pieces of the page: marks, tables, cells. Not trusted: every text; all of it is escaped and isolated here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from comity.interfaces.plain import plain as on_screen
from comity.interfaces.times import shortened
from comity.views.board import Row

SHORT_HASH = 12
_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?Z")
LOUD = ("conditions", "flags", "overlaps", "stopped by", "forked")


def shown(text: str) -> str:
    """A text as HTML: no markup in it, and no sign that turns or hides what stands beside it."""
    return escape(on_screen(text, "\n"))


def warn(text: str) -> str:
    """Something to look at: a shape, a colour and the words."""
    return f'<span class="warn">▲&nbsp;<bdi>{shown(text)}</bdi></span>'


def good(text: str) -> str:
    """Something that is as it should be."""
    return f'<span class="good">✓&nbsp;<bdi>{shown(text)}</bdi></span>'


def quiet(text: str) -> str:
    """Words that say nothing of good or bad; a date is never broken over two lines."""
    whole = _DATE.sub(r"<span class=date>\g<0></span>", shown(text))
    return f"<bdi>{whole}</bdi>"


def section(title: str, body: str, aside: str = "") -> str:
    """A heading, what it counts, and what stands under it."""
    small = f"<small>{shown(aside)}</small>" if aside else ""
    return f"<section><h2>{shown(title)}{small}</h2>{body}</section>"


def html_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells that are HTML already; a column that is empty in every row is left out."""
    kept = [number for number in range(len(columns)) if any(row[number] for row in rows)]
    head = "".join(f"<th scope=col>{shown(columns[number])}</th>" for number in kept)
    body = "".join(f"<tr>{''.join(f'<td>{row[number]}</td>' for number in kept)}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def rows_table(rows: Sequence[Row], now_ms: int, hidden: Sequence[str] = ()) -> str:
    """Rows of the board as they are, loud where they must be."""
    columns = [name for name in rows[0] if name not in hidden]
    return html_table(columns, [[cell(name, row[name], now_ms) for name in columns] for row in rows])


def cell(name: str, value: Any, now_ms: int) -> str:
    """One value: hashes short, moments as people say them, warnings marked."""
    if isinstance(value, str) and len(value) == 64:
        return f'<bdi class="mono" title="{shown(value)}">{shown(value[:SHORT_HASH])}</bdi>'
    if name in LOUD and isinstance(value, list | tuple):
        return "<br>".join(warn(shortened(str(each), now_ms)) for each in value)
    text = shortened(_text(value), now_ms)
    return warn(text) if _is_loud(name, text) else quiet(text) if text else ""


def _is_loud(name: str, text: str) -> bool:
    """Whether a value must not be overlooked; the only value of `overdue` that is text is yes."""
    if name == "verdict":
        return text != "admitted"
    return (name, text) in (("result", "dead"), ("result", "poor"), ("on duty", "nobody"), ("overdue", "yes"))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_text(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_text(each) for each in value)
    return str(value)
