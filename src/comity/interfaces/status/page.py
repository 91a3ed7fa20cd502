"""One page of HTML from the board's rows. Nothing on it can act; it says when it was made and what it rests on.

Read from above at three in the morning: what stops this office, what it owes, what is held under review, how fresh
its picture of the others is; then all things by chapter. Each part is drawn on its own: whatever one entry does to one
of them, the others stand. Not trusted: every text; `parts` escapes all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from comity.interfaces.status.parts import good, html_table, quiet, rows_table, section, shown, warn
from comity.interfaces.status.style import STYLE
from comity.interfaces.times import clock_text, minute_text, moment_text, shortened, span_text, until_text
from comity.model.history import View
from comity.model.records.change import terms_to_judge_by
from comity.model.records.presence import line_works_since
from comity.model.spans import MINUTE_MS
from comity.model.terms import Terms
from comity.office.problems import Problem
from comity.views.board import NOTICE, TOPICS, UNSEEN, Row, newest_log_rows
from comity.views.duty import last_signs, line_checks
from comity.views.movements import MovementStanding, movements
from comity.views.obligations import obligations
from comity.views.operations import OperationStanding, operations
from comity.views.owing import Obligation

if TYPE_CHECKING:
    from comity.views.sky.agreed import Agreed
    from comity.views.sky.report import AirReport

T = TypeVar("T")
Failed = Callable[[Exception], None]
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
    ("frequencies", "Frequencies"),
)
HIDDEN = {"areas": ("points", "version"), "changes": ("after",)}
"""Columns that nobody reads at night; `comity show` has them."""
WAITS, RECORD = "What waits here", "Record, newest first"
UNDRAWN = "this part could not be drawn; comity show OFFICE has the rest of it"
PRIVATE = "What this office's own register asks for is on no page: comity obligations and comity status say it."


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


def status_page(view: View, state: OfficeState, now_ms: int, failed: Failed = lambda error: None) -> str:
    """The whole page as HTML; a part that cannot be drawn says so in its place, and `failed` gets what it raised."""
    agreement = _tried(lambda: TOPICS["agreement"](view, now_ms)[0], failed)
    owed = _tried(lambda: obligations(view, now_ms), failed)
    own = [each for each in owed or () if each.debtor == state.participant]
    others = [each for each in owed or () if each.debtor != state.participant]

    def part(title: str, draw: Callable[[], str]) -> str:
        drawn = _tried(draw, failed)
        return drawn if drawn is not None else section(title, warn(UNDRAWN))

    parts = [
        *_head(state, str(agreement["status"]) if agreement is not None else "not known here", now_ms),
        _alarms(state, agreement),
        part(WAITS, lambda: _first_line(view, state, own if owed is not None else None, now_ms)),
        part("This office owes", lambda: _debts("This office owes", own, now_ms, "whom")),
        part("Held, under review", lambda: _held(view, now_ms)),
        part("The air", lambda: _air(state, now_ms)),
        part("The other offices", lambda: section("The other offices", _peers(view, state, others, now_ms))),
        _problems(state, now_ms),
        part("The others owe", lambda: _debts("The others owe", others, now_ms, "who")),
        *_chapters(view, now_ms, part),
        _foot(state),
    ]
    return "".join(parts)


def _air(state: OfficeState, now_ms: int) -> str:
    """What the watch over the air knows; its parts are loaded only where there are feeds."""
    if state.air is None:
        return ""
    from comity.interfaces.status.air_section import air_section

    return air_section(*state.air, now_ms)


def _tried(draw: Callable[[], T], failed: Failed) -> T | None:
    try:
        return draw()
    except Exception as error:  # whatever one entry does to one part, the others are read on a bad night
        failed(error)
        return None


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


def _alarms(state: OfficeState, agreement: Row | None) -> str:
    said = [f"nothing is signed here: {state.fault}"] if state.fault else []
    said += [f"only restraints are signed here: {state.clock_fault}"] if state.clock_fault else []
    if agreement is None:
        said.append("what stops the agreement cannot be drawn here; comity show OFFICE agreement says it")
    else:
        said += [f"the log {origin} is forked: no permission rests on it" for origin in agreement["forked"]]
        said += [f"{who} has stopped the agreement's permissions" for who in agreement["stopped by"]]
    said += [f"{act} is here and binds, though its past is still on the way" for act in state.waiting]
    return f'<div class="alarm">{"".join(f"<p>{warn(each)}</p>" for each in said)}</div>' if said else ""


def _first_line(view: View, state: OfficeState, own: Sequence[Obligation] | None, now_ms: int) -> str:
    words = f"{_air_first(state)[0]}{_waiting(view, state, own, now_ms) if own is not None else warn(UNDRAWN)}"
    return f'<p class="first">{words}</p><p class="dim">{PRIVATE}</p>'


def _waiting(view: View, state: OfficeState, own: Sequence[Obligation], now_ms: int) -> str:
    """How much the logs ask of this office, and what first; good only of an office that works and hears the others."""
    if not own:
        words = "nothing that the logs ask for waits for this office"
        is_well = not state.fault and not state.clock_fault and not _is_any_stale(view, state, now_ms)
        return good(words) if is_well and _air_first(state)[1] else quiet(words)
    late = sum(each.is_late(now_ms) for each in own)
    overdue = f"{warn(f'{late} overdue')}; " if late else ""
    things = "1 thing waits" if len(own) == 1 else f"{len(own)} things wait"
    first, due_ms = own[0], own[0].due_ms
    is_ahead = due_ms is not None and due_ms > now_ms
    by = f", {until_text(due_ms or 0, now_ms)}" if is_ahead else ""
    return f"{things} for this office; {overdue}first: <strong>{quiet(shortened(first.what, now_ms))}</strong>{by}"


def _air_first(state: OfficeState) -> tuple[str, bool]:
    """What the watch puts before all else, and whether it is quiet; an office without a watch has nothing to say."""
    if state.air is None:
        return "", True
    from comity.interfaces.status.air_section import air_first

    return air_first(state.air[0])


def _is_any_stale(view: View, state: OfficeState, now_ms: int) -> bool:
    """Whether this office's picture of any other is older than the terms allow."""
    terms, signs = terms_to_judge_by(view), last_signs(view)
    since_ms = now_ms - terms.span_ms("unstaffed_after_min")
    others = [each.id for each in terms.participant if each.id != state.participant]
    return any(min(state.heard_ms.get(each, -1), signs.get(each, -1)) < since_ms for each in others)


def _debts(title: str, owed: Sequence[Obligation], now_ms: int, party: str) -> str:
    return section(title, _owed(owed, now_ms, party), _counted(owed, now_ms)) if owed else ""


def _counted(owed: Sequence[Obligation], now_ms: int) -> str:
    late = sum(each.is_late(now_ms) for each in owed)
    return f"{len(owed)}, {late} overdue" if late else str(len(owed))


def _owed(owed: Sequence[Obligation], now_ms: int, party: str) -> str:
    rows = [
        [
            _due(each, now_ms),
            quiet(each.debtor if party == "who" else each.creditor),
            quiet(shortened(each.what, now_ms)),
            quiet(each.clause),
        ]
        for each in owed
    ]
    return html_table(["when", "who" if party == "who" else "to whom", "what", "under"], rows)


def _due(owed: Obligation, now_ms: int) -> str:
    if owed.due_ms is None:
        return quiet("no set time" if owed.delivered else UNSEEN)
    when = clock_text(owed.due_ms // MINUTE_MS * MINUTE_MS, now_ms)
    if owed.is_late(now_ms):
        return warn(f"overdue for {span_text(now_ms - owed.due_ms)}, since {when}Z")
    soon = until_text(owed.due_ms, now_ms) if owed.due_ms > now_ms else "due now"
    return quiet(f"{soon}, by {when}Z")


def _held(view: View, now_ms: int) -> str:
    """Starts and clearances that are flagged and not reviewed by all: never shown as agreed or cleared."""
    found: list[tuple[OperationStanding | MovementStanding, str, str]] = []
    found += [(each, each.record.act.operation, each.record.act.executing) for each in operations(view, now_ms)]
    found += [(each, each.record.act.movement, each.record.requester) for each in movements(view, now_ms)]
    rows = [
        [quiet(name), quiet(each.status), quiet(by), warn(each.conditions[0]), quiet(", ".join(each.unreviewed))]
        for each, name, by in found
        if each.unreviewed
    ]
    columns = ["what", "status", "by", "why", "review waits for"]
    return section("Held, under review", html_table(columns, rows), str(len(rows))) if rows else ""


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
                quiet(peer.id),
                _age(state.heard_ms.get(peer.id), now_ms, allowed_ms, "not in this run"),
                _age(signs.get(peer.id), now_ms, allowed_ms, "nothing is held"),
                _line(view, terms, (state.participant, peer.id), now_ms),
                quiet(_counted(mine, now_ms) if mine else "nothing"),
            ]
        )
    return html_table(["office", "last answered here", "its newest entry", "line last tried", "owes"], rows)


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


def _chapters(view: View, now_ms: int, part: Callable[[str, Callable[[], str]], str]) -> list[str]:
    found = [(title, part(title, partial(_chapter, view, now_ms, topic, title))) for topic, title in SECTIONS]
    empty = [title.lower() for title, text in found if not text]
    nothing = f'<p class="dim">Nothing under: {shown(", ".join(empty))}.</p>' if empty else ""
    return [*(text for _, text in found), nothing, part(RECORD, lambda: _record(view, now_ms))]


def _chapter(view: View, now_ms: int, topic: str, title: str) -> str:
    rows = TOPICS[topic](view, now_ms)
    if topic == "duty":
        return section(title, _duty(rows))
    return section(title, rows_table(rows, now_ms, HIDDEN.get(topic, ())), str(len(rows))) if rows else ""


def _record(view: View, now_ms: int) -> str:
    newest, number = newest_log_rows(view, LOG_ROWS_MOST), len(view.history.entries)
    more = f"the newest {len(newest)} of {number}" if number > len(newest) else str(number)
    return section(RECORD, rows_table(newest, now_ms), more) if newest else ""


def _duty(rows: Sequence[Row]) -> str:
    """Each office's seats on one line: who sits where, and where nobody does."""
    offices: dict[str, list[Row]] = {}
    for row in rows:
        offices.setdefault(row["office"], []).append(row)
    cells = []
    for office, seats in offices.items():
        there = [f"{row['on duty']} ({row['seat']})" for row in seats if row["on duty"] != "nobody"]
        empty = ", ".join(row["seat"] for row in seats if row["on duty"] == "nobody")
        cells.append([quiet(office), quiet(", ".join(there)) if there else warn("nobody"), quiet(empty)])
    return html_table(["office", "on duty", "nobody in"], cells)


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
        f"<li>{quiet(each.text)}, over since {shown(minute_text(each.over_ms or 0))}</li>" for each in over
    )
    parts = [section("Going wrong now", f"<ul>{said}</ul>", str(len(now)))] if now else []
    parts += [f"<details><summary>Over by now: {len(over)}</summary><ul>{before}</ul></details>"] if over else []
    return "".join(parts)


def _foot(state: OfficeState) -> str:
    held = ", ".join(f"{shown(origin)}: {size}" for origin, size in sorted(state.heads.items()))
    logs = "<p>Times are UTC; one without a date is of the day on which the page was made.</p>"
    logs += f"<p>Entries held here, log by log: <bdi class=mono>{held}</bdi></p>"
    return f"<footer><p>{NOTICE}</p>{logs}</footer></body></html>"
