"""The board's rows of declared flights and their conflicts."""

from __future__ import annotations

from comity.model.acts.flights import FlightChange, FlightDeclare
from comity.model.history import View
from comity.model.records.change import terms_to_judge_by
from comity.views.adequacy import Adequacy
from comity.views.conflict_lists import Own
from comity.views.flights import (
    ConflictStanding,
    conflict_standings,
    crowded_flights,
    flight_standings,
    other_text,
    own_pairs,
    short_notices,
)
from comity.views.row_text import Row, window_text

CROWDED_MOST = 50


def flight_rows(view: View, now_ms: int) -> list[Row]:
    """Declared flights that are not closed: whose they are, when, by what they are known."""
    return [
        {
            "flight": each.record.act.flight,
            "status": each.status,
            "conditions": list(each.conditions),
            "operator": each.record.act.operator,
            "class": each.record.act.aircraft_class,
            "by": each.record.party,
            "window": window_text(each.record.act.volume.window),
            "known by": [name for name in _means(each.record.act) if name],
            "flags": sorted(each.flags),
            "declared": each.record.id,
        }
        for each in flight_standings(view, now_ms)
        if each.record.closed is None
    ]


def conflict_rows(view: View, now_ms: int) -> list[Row]:
    """What each declared flight conflicts with, what the sides have said, and whose word is owed; what is not listed;
    and how much each party has twice in one place."""
    terms = terms_to_judge_by(view)
    clause = terms.clause_for("flight.conflict")
    said = f"clause {clause}" if clause is not None else ""
    standings = conflict_standings(view, now_ms)
    short = short_notices(view, terms, (each.conflict for each in standings))
    rows = [
        _conflict_row(each, [_notice_text(short[each.conflict.ends])] if each.conflict.ends in short else [])
        for each in standings
    ]
    rows += [
        _counted_row(f"flight {each.act.flight} of {each.party}", "more than are listed here", "not listed", each.id)
        for each in crowded_flights(view, now_ms)[:CROWDED_MOST]
    ]
    rows += [
        _counted_row(f"flights of {each.party}", _own_text(each), "own affair") for each in own_pairs(view, now_ms)
    ]
    return [{**row, "clause": said} for row in rows]


def frequency_rows(view: View, now_ms: int) -> list[Row]:
    """On what aircraft and offices hear each other, as the terms in force say."""
    return [
        {"frequency": each.id, "channel": each.channel, "for": each.name, "clause": f"clause {each.clause}"}
        for each in terms_to_judge_by(view).frequency
    ]


def _conflict_row(standing: ConflictStanding, conditions: list[str]) -> Row:
    conflict = standing.conflict
    return {
        "conflict": f"flight {conflict.flight.act.flight} of {conflict.flight.party}",
        "with": other_text(conflict),
        "status": standing.status,
        "conditions": conditions,
        "answers": dict(standing.words),
        "owed by": list(standing.owed_by),
        "clause": "",
        "declared": conflict.flight.id,
        "other": min(conflict.names - {conflict.flight.id}),
    }


def _counted_row(conflict: str, other: str, status: str, declared: str = "") -> Row:
    return {
        "conflict": conflict,
        "with": other,
        "status": status,
        "conditions": [],
        "answers": {},
        "owed by": [],
        "clause": "",
        "declared": declared,
        "other": "",
    }


def _notice_text(notice: Adequacy | None) -> str:
    return notice.text if notice is not None else "notice may be too short: not measured, too many are"


def _own_text(own: Own) -> str:
    pairs = f"{own.pairs} pair{'' if own.pairs == 1 else 's'}{' or more' if own.more else ''}"
    return f"each other or other things of its own, {pairs}"


def _means(act: FlightDeclare | FlightChange) -> tuple[str, ...]:
    return act.callsign, f"address {act.address}" if act.address else "", f"code {act.code}" if act.code else ""
