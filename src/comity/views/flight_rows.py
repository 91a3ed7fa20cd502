"""The board's rows of declared flights and their conflicts."""

from __future__ import annotations

from comity.model.acts.flights import FlightChange, FlightDeclare
from comity.model.history import View
from comity.model.records.change import terms_to_judge_by
from comity.views.flights import conflict_standings, crowded_flights, flight_standings, other_text
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
    """What each declared flight conflicts with, what the sides have said, and whose word is owed."""
    clause = terms_to_judge_by(view).clause_for("flight.conflict")
    return [
        {
            "conflict": f"flight {each.conflict.flight.act.flight} of {each.conflict.flight.party}",
            "with": other_text(each.conflict),
            "status": each.status,
            "conditions": [each.notice.text] if each.notice is not None and not each.notice.enough else [],
            "answers": dict(each.words),
            "owed by": list(each.owed_by),
            "clause": f"clause {clause}" if clause is not None else "",
            "declared": each.conflict.flight.id,
            "other": min(each.conflict.names - {each.conflict.flight.id}),
        }
        for each in conflict_standings(view, now_ms)
    ] + [
        {
            "conflict": f"flight {each.act.flight} of {each.party}",
            "with": "more than are listed here",
            "status": "not listed",
            "conditions": [],
            "answers": {},
            "owed by": [],
            "clause": f"clause {clause}" if clause is not None else "",
            "declared": each.id,
            "other": "",
        }
        for each in crowded_flights(view, now_ms)[:CROWDED_MOST]
    ]


def frequency_rows(view: View, now_ms: int) -> list[Row]:
    """On what aircraft and offices hear each other, as the terms in force say."""
    return [
        {"frequency": each.id, "channel": each.channel, "for": each.name, "clause": f"clause {each.clause}"}
        for each in terms_to_judge_by(view).frequency
    ]


def _means(act: FlightDeclare | FlightChange) -> tuple[str, ...]:
    return act.callsign, f"address {act.address}" if act.address else "", f"code {act.code}" if act.code else ""
