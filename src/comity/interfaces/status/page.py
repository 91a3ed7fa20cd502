"""One page of HTML from the board's rows. Nothing on it can act; it says when it was made and what it rests on.

Not trusted: every text in a row; all of it is escaped, and ids, times and hashes are isolated from the text around.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from comity.model.history import View
from comity.views.board import NOTICE, TOPICS, Row, time_text

REFRESH_S = 2
SHORT_HASH = 12
LOG_ROWS_MOST = 60
SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("obligations", "Who owes what", "nothing is owed"),
    ("operations", "Operations", "no operation has been proposed"),
    ("movements", "Exempt movements", "no movement has been requested"),
    ("holds", "Holds", "nothing is held"),
    ("threats", "Sealed acts", "no act has been sealed"),
    ("activities", "Independent activity", "none is declared"),
    ("notices", "Notices of flights", "none has been given"),
    ("areas", "Designated areas", "none is in force"),
    ("changes", "Waiting for votes", "no joint change waits"),
    ("lines", "Lines", "no line has been checked"),
    ("duty", "On duty", "no seat"),
    ("log", "Record, newest first", "no entry yet"),
)
STYLE = """
:root{color-scheme:dark light;--bg:#0d1117;--fg:#e6e8eb;--dim:#9aa4af;--line:#30363d;--bad:#ffb454;--good:#79c0ff}
@media(prefers-color-scheme:light){:root{--bg:#fff;--fg:#16191d;--dim:#57606a;--line:#d0d7de;--bad:#953800;--good:#0550ae}}
body{margin:0 auto;max-width:76rem;padding:1rem 1.5rem;background:var(--bg);color:var(--fg);
font:15px/1.45 system-ui,sans-serif}
h1{font-size:1.3rem;margin:.2rem 0}h2{font-size:1rem;margin:1.4rem 0 .3rem;color:var(--dim);font-weight:600}
p{margin:.2rem 0}.first{font-size:1.15rem;margin:.6rem 0}.warn{color:var(--bad)}.good{color:var(--good)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th{text-align:start;color:var(--dim);font-weight:500;white-space:nowrap}
th,td{padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
bdi{unicode-bidi:isolate}.mono{font-family:ui-monospace,monospace;font-size:.9em}footer{color:var(--dim);margin:2rem 0}
"""


@dataclass(frozen=True, slots=True)
class OfficeState:
    """What the page says about the office itself."""

    participant: str
    name: str
    role: str
    heads: Mapping[str, int]
    problems: Sequence[str]
    fault: str | None
    drill: bool = False


def status_page(view: View, state: OfficeState, now_ms: int) -> str:
    """The whole page as HTML."""
    agreement = TOPICS["agreement"](view, now_ms)[0]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="refresh" content="{REFRESH_S}"><meta name="viewport" content="width=device-width">',
        f"<title>{escape(state.participant)}: {escape(str(agreement['status']))}</title>",
        f"<style>{STYLE}</style></head><body>",
        *(['<p class="warn"><strong>DRILL</strong>: made-up keys, made-up time</p>'] if state.drill else []),
        f"<h1>{escape(state.name)}</h1>",
        f'<p>{escape(state.role)} · <bdi class="mono">{time_text(now_ms)}</bdi> · the agreement is '
        f"<strong>{escape(str(agreement['status']))}</strong></p>",
        f'<p class="first">{_first_line(view, state, now_ms)}</p>',
        *_troubles(state),
    ]
    for topic, title, empty in SECTIONS:
        parts.append(_section(title, empty, _rows(view, topic, now_ms)))
    held = ", ".join(f"{escape(origin)}: {size}" for origin, size in sorted(state.heads.items()))
    parts.append(f'<footer><p>{NOTICE}</p><p>logs held here: <bdi class="mono">{held}</bdi></p></footer></body></html>')
    return "".join(parts)


def _first_line(view: View, state: OfficeState, now_ms: int) -> str:
    owed = [row for row in TOPICS["obligations"](view, now_ms) if row["who"] == state.participant]
    if not owed:
        return '<span class="good">✓ nothing waits for this office</span>'
    late = sum(1 for row in owed if row["overdue"])
    first = owed[0]
    overdue = f', <span class="warn">▲ {late} overdue</span>' if late else ""
    by = f" by <bdi>{escape(first['by'])}</bdi>" if first["by"] else ""
    return f"{len(owed)} wait for this office{overdue}; first: <strong>{escape(first['what'])}</strong>{by}"


def _troubles(state: OfficeState) -> list[str]:
    found = [f'<p class="warn">▲ nothing is signed here: {escape(state.fault)}</p>'] if state.fault else []
    return found + [f'<p class="warn">▲ {escape(text)}</p>' for text in state.problems]


def _rows(view: View, topic: str, now_ms: int) -> list[Row]:
    rows = TOPICS[topic](view, now_ms)
    return rows[: -LOG_ROWS_MOST - 1 : -1] if topic == "log" else rows


def _section(title: str, empty: str, rows: list[Row]) -> str:
    if not rows:
        return f"<h2>{escape(title)}</h2><p>{escape(empty)}</p>"
    columns = list(rows[0])
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(_cell(name, row[name]) for name in columns)}</tr>" for row in rows)
    return f'<h2>{escape(title)}</h2><div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _cell(name: str, value: Any) -> str:
    text = _text(value)
    warns = (name in ("conditions", "flags") and bool(text)) or (name == "overdue" and value is True)
    warns = warns or (name == "verdict" and text != "admitted")
    if isinstance(value, str) and len(value) == 64:
        return f'<td><bdi class="mono" title="{escape(value)}">{escape(value[:SHORT_HASH])}</bdi></td>'
    mark = "▲ " if warns else ""
    kind = ' class="warn"' if warns else ""
    return f"<td{kind}>{mark}<bdi>{escape(text)}</bdi></td>"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_text(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_text(each) for each in value)
    return str(value)
