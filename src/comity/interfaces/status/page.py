"""One page of HTML from the board's rows. Nothing on it can act; it says when it was made and what it rests on.

Read from above at three in the morning: what stops this office, what it owes, what is held under review, how fresh
its picture of the others is; then all things by chapter. Not trusted: every text; `parts` escapes all of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.interfaces.status.parts import good, plain, rows_table, section, shown, table, warn
from comity.interfaces.status.style import STYLE
from comity.interfaces.times import clock_text, minute_text, moment_text, shortened, span_text, until_text
from comity.model.history import View
from comity.model.records.change import terms_to_judge_by
from comity.model.records.presence import line_works_since
from comity.model.spans import MINUTE_MS
from comity.model.terms import Terms
from comity.office.problems import Problem
from comity.views.board import NOTICE, TOPICS, UNSEEN, Row
from comity.views.duty import last_signs, line_checks
from comity.views.obligations import obligations
from comity.views.operations import operations
from comity.views.owing import Obligation

if TYPE_CHECKING:
    from comity.views.sky.agreed import Agreed
    from comity.views.sky.report import AirReport

REFRESH_S = 2
LOG_ROWS_MOST = 60
SECTIONS: tuple[tuple[str, str], ...] = (
    ("operations", "Operations"),
    ("movements", "Exempt movements"),
    ("holds", "Holds"),
    ("threats", "Sealed acts"),
    ("activities", "Independent activity"),
    ("notices", "Notices of flights"),
    ("flights", "Declared flights"),
    ("conflicts", "Conflicts of flights"),
    ("areas", "Designated areas"),
    ("changes", "Waiting for votes"),
    ("duty", "On duty"),
    ("log", "Record, newest first"),
)
HIDDEN = {"areas": ("points", "version"), "changes": ("after",)}
"""Columns that nobody reads at night; `comity show` has them."""


@dataclass(frozen=True, slots=True)
class OfficeState:
    """What the page says about the office itself; `heard_ms` is when each peer last gave an answer, `waiting` the
    acts of restraints that are here and bind though their past is still on the way; `air` what its watch knows."""

    participant: str
    name: str
    role: str
    heads: Mapping[str, int]
    problems: Sequence[Problem]
    fault: str | None
    clock_fault: str | None = None
    heard_ms: Mapping[str, int] = field(default_factory=dict)
    waiting: Sequence[str] = ()
    drill: bool = False
    air: tuple[AirReport, Agreed] | None = None


def status_page(view: View, state: OfficeState, now_ms: int) -> str:
    """The whole page as HTML."""
    agreement = TOPICS["agreement"](view, now_ms)[0]
    owed = obligations(view, now_ms)
    own = [each for each in owed if each.debtor == state.participant]
    others = [each for each in owed if each.debtor != state.participant]
    parts = [
        *_head(state, str(agreement["status"]), now_ms),
        _alarms(state, agreement),
        f'<p class="first">{_first_line(own, now_ms)}</p>',
        section("This office owes", _owed(own, now_ms, "whom"), _counted(own, now_ms)) if own else "",
        _held(view, now_ms),
        _air(state, now_ms),
        section("The other offices", _peers(view, state, others, now_ms)),
        _problems(state, now_ms),
        section("The others owe", _owed(others, now_ms, "who"), _counted(others, now_ms)) if others else "",
        *_chapters(view, now_ms),
        _foot(state),
    ]
    return "".join(parts)


def _air(state: OfficeState, now_ms: int) -> str:
    """What the watch over the air knows; its parts are loaded only where there are feeds."""
    if state.air is None:
        return ""
    from comity.interfaces.status.air_section import air_section

    return air_section(*state.air, now_ms)


def _head(state: OfficeState, status: str, now_ms: int) -> list[str]:
    drill = '<p class="drill"><strong>DRILL</strong>: made-up keys, made-up time</p>'
    return [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="refresh" content="{REFRESH_S}"><meta name="viewport" content="width=device-width">',
        f"<title>{shown(state.participant)}: {shown(status)}</title><style>{STYLE}</style></head><body>",
        drill if state.drill else "",
        f"<header><h1>{shown(state.name)}</h1><span>{shown(state.participant)}, {shown(state.role)}</span>",
        f'<span>made <bdi class="mono">{moment_text(now_ms)}</bdi></span>',
        f"<span>the agreement is <strong>{shown(status)}</strong></span></header>",
    ]


def _alarms(state: OfficeState, agreement: Row) -> str:
    said = [f"nothing is signed here: {state.fault}"] if state.fault else []
    said += [f"only restraints are signed here: {state.clock_fault}"] if state.clock_fault else []
    said += [f"the log {origin} is forked: no permission rests on it" for origin in agreement["forked"]]
    said += [f"{who} has stopped the agreement's permissions" for who in agreement["stopped by"]]
    said += [f"{act} is here and binds, though its past is still on the way" for act in state.waiting]
    return f'<div class="alarm">{"".join(f"<p>{warn(each)}</p>" for each in said)}</div>' if said else ""


def _first_line(own: Sequence[Obligation], now_ms: int) -> str:
    if not own:
        return good("nothing waits for this office")
    late = sum(each.is_late(now_ms) for each in own)
    overdue = f"{warn(f'{late} overdue')}; " if late else ""
    things = "1 thing waits" if len(own) == 1 else f"{len(own)} things wait"
    first, due_ms = own[0], own[0].due_ms
    is_ahead = due_ms is not None and due_ms > now_ms
    by = f", {until_text(due_ms or 0, now_ms)}" if is_ahead else ""
    return f"{things} for this office; {overdue}first: <strong>{plain(shortened(first.what, now_ms))}</strong>{by}"


def _counted(owed: Sequence[Obligation], now_ms: int) -> str:
    late = sum(each.is_late(now_ms) for each in owed)
    return f"{len(owed)}, {late} overdue" if late else str(len(owed))


def _owed(owed: Sequence[Obligation], now_ms: int, party: str) -> str:
    rows = [
        [
            _due(each, now_ms),
            plain(each.debtor if party == "who" else each.creditor),
            plain(shortened(each.what, now_ms)),
            plain(each.clause),
        ]
        for each in owed
    ]
    return table(["when", "who" if party == "who" else "to whom", "what", "under"], rows)


def _due(owed: Obligation, now_ms: int) -> str:
    if owed.due_ms is None:
        return plain("no set time" if owed.delivered else UNSEEN)
    when = clock_text(owed.due_ms // MINUTE_MS * MINUTE_MS, now_ms)
    if owed.is_late(now_ms):
        return warn(f"overdue for {span_text(now_ms - owed.due_ms)}, since {when}Z")
    soon = until_text(owed.due_ms, now_ms) if owed.due_ms > now_ms else "due now"
    return plain(f"{soon}, by {when}Z")


def _held(view: View, now_ms: int) -> str:
    """Starts that are flagged and not reviewed by all: never shown as agreed."""
    held = [each for each in operations(view, now_ms) if each.unreviewed]
    if not held:
        return ""
    rows = [
        [
            plain(each.record.act.operation),
            plain(each.status),
            plain(each.record.act.executing),
            warn(each.conditions[0]),
            plain(", ".join(each.unreviewed)),
        ]
        for each in held
    ]
    return section(
        "Held, under review",
        table(["operation", "status", "executing", "why", "review waits for"], rows),
        str(len(held)),
    )


def _peers(view: View, state: OfficeState, others: Sequence[Obligation], now_ms: int) -> str:
    """How fresh the picture is: when each office last answered, how old its newest act is, when the line was tried."""
    terms = terms_to_judge_by(view)
    allowed_ms = terms.span_ms("unstaffed_after_min")
    signs, rows = last_signs(view), []
    for peer in terms.participant:
        if peer.id == state.participant:
            continue
        mine = [each for each in others if each.debtor == peer.id]
        rows.append(
            [
                plain(peer.id),
                _age(state.heard_ms.get(peer.id), now_ms, allowed_ms, "not in this run"),
                _age(signs.get(peer.id), now_ms, allowed_ms, "nothing is held"),
                _line(view, terms, (state.participant, peer.id), now_ms),
                plain(_counted(mine, now_ms) if mine else "nothing"),
            ]
        )
    return table(["office", "last answered here", "its newest entry", "line last tried", "owes"], rows)


def _age(at_ms: int | None, now_ms: int, allowed_ms: int, never: str) -> str:
    if at_ms is None:
        return warn(never)
    words = until_text(at_ms, now_ms)
    return warn(f"{words}: stale") if now_ms - at_ms > allowed_ms else good(words)


def _line(view: View, terms: Terms, ends: tuple[str, str], now_ms: int) -> str:
    """The newest check by either end; good while the rules of a start take the word of both, each for itself."""
    if not set(ends) <= set(terms.signatories):
        return ""
    taken = line_checks(view).get((min(ends), max(ends)))
    if taken is None:
        return warn("never")
    result = getattr(taken.entry.act, "result", "")
    words = f"{result} {until_text(taken.entry.at_ms, now_ms)}"
    since_ms = now_ms - terms.span_ms("line_check_within_min")
    if taken.entry.at_ms < since_ms:
        return warn(f"{words}: stale")
    lacking = [one for one, other in (ends, ends[::-1]) if not line_works_since(view, one, other, since_ms)]
    if lacking and result != "dead":
        return warn(f"{words}; not found working of late by {' and '.join(sorted(lacking))}")
    return good(words) if result == "working" else warn(words)


def _chapters(view: View, now_ms: int) -> list[str]:
    found, empty = [], []
    for topic, title in SECTIONS:
        rows = TOPICS[topic](view, now_ms)
        if topic == "log":
            newest = rows[: -LOG_ROWS_MOST - 1 : -1]
            more = f"the newest {len(newest)} of {len(rows)}" if len(rows) > len(newest) else str(len(rows))
            found.append(section(title, rows_table(newest, now_ms), more) if newest else "")
        elif topic == "duty":
            found.append(section(title, _duty(rows)))
        elif rows:
            found.append(section(title, rows_table(rows, now_ms, HIDDEN.get(topic, ())), str(len(rows))))
        else:
            empty.append(title.lower())
    nothing = f'<p class="dim">Nothing under: {shown(", ".join(empty))}.</p>' if empty else ""
    return [*found[:-1], nothing, found[-1]]


def _duty(rows: Sequence[Row]) -> str:
    """Each office's seats on one line: who sits where, and where nobody does."""
    offices: dict[str, list[Row]] = {}
    for row in rows:
        offices.setdefault(row["office"], []).append(row)
    cells = []
    for office, seats in offices.items():
        there = [f"{row['on duty']} ({row['seat']})" for row in seats if row["on duty"] != "nobody"]
        empty = ", ".join(row["seat"] for row in seats if row["on duty"] == "nobody")
        cells.append([plain(office), plain(", ".join(there)) if there else warn("nobody"), plain(empty)])
    return table(["office", "on duty", "nobody in"], cells)


def _problems(state: OfficeState, now_ms: int) -> str:
    """What goes wrong now, and apart from it what did and is over."""
    now = [each for each in state.problems if each.over_ms is None]
    over = [each for each in state.problems if each.over_ms is not None]
    said = "".join(
        f"<li>{warn(each.text)} <span class=dim>last seen {shown(until_text(each.last_ms, now_ms))}, "
        f"since {shown(minute_text(each.at_ms))}{f', {each.times} times' if each.times > 1 else ''}</span></li>"
        for each in now
    )
    before = "".join(
        f"<li>{plain(each.text)}, over since {shown(minute_text(each.over_ms or 0))}</li>" for each in over
    )
    parts = [section("Going wrong now", f"<ul>{said}</ul>", str(len(now)))] if now else []
    parts += [f"<details><summary>Over by now: {len(over)}</summary><ul>{before}</ul></details>"] if over else []
    return "".join(parts)


def _foot(state: OfficeState) -> str:
    held = ", ".join(f"{shown(origin)}: {size}" for origin, size in sorted(state.heads.items()))
    logs = "<p>Times are UTC; one without a date is of the day on which the page was made.</p>"
    logs += f"<p>Entries held here, log by log: <bdi class=mono>{held}</bdi></p>"
    return f"<footer><p>{NOTICE}</p>{logs}</footer></body></html>"
