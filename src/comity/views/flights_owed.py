"""What declared flights and their conflicts are owed: to be closed, to be answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from comity.model.records.conflicts import Conflict
from comity.model.records.flights import flight, flights
from comity.views.flights import ConflictStanding, conflict_standings, other_text
from comity.views.owing import Ledger, Obligation


def flights_owed(ledger: Ledger) -> Iterator[Obligation]:
    """A flight is closed by its owner once its window is over; the clause says how soon."""
    for record in flights(ledger.view):
        until_ms = record.act.volume.window.until_ms
        if record.is_overdue(ledger.view, ledger.now_ms) and until_ms is not None:
            what, due_ms = f"close flight {record.act.flight}", until_ms + ledger.terms.span_ms("close_within_min")
            yield Obligation(record.party, "all", what, record.id, ledger.clause("close_within_min"), due_ms)


def conflicts_owed(ledger: Ledger) -> Iterator[Obligation]:
    """A conflict is answered by every side, in the time that runs when it knows of both things as they are."""
    for standing in conflict_standings(ledger.view, ledger.now_ms):
        conflict = standing.conflict
        for party in standing.owed_by:
            others = ", ".join(sorted(conflict.sides - {party}))
            pair = f"flight {conflict.flight.act.flight} with {other_text(conflict)}"
            what = f"{_next_word(standing, party)} of {pair}"
            things = (*conflict.said, conflict.other)
            owed = ledger.owed_knowing_all(party, what, things, "conflict_answer_within_min", others)
            yield _not_before(ledger, conflict, owed)


def _not_before(ledger: Ledger, conflict: Conflict, owed: Obligation) -> Obligation:
    """Nobody owed an answer before a flight was overdue that is in the way only since then."""
    both = (conflict.flight, flight(ledger.view, conflict.other.entry.id))
    late = [each for each in both if each is not None and each.is_overdue(ledger.view, ledger.now_ms)]
    ends_ms = [each.act.volume.window.until_ms or 0 for each in late]
    if owed.due_ms is None or not ends_ms:
        return owed
    within_ms = ledger.terms.span_ms("conflict_answer_within_min")
    return replace(owed, due_ms=max(owed.due_ms, max(ends_ms) + within_ms))


def _next_word(standing: ConflictStanding, party: str) -> str:
    """What is owed: a first answer, the change that was promised, or another answer."""
    word = standing.words.get(party)
    if word is None:
        return "answer the conflict"
    return "change what was to be changed for the conflict" if word == "will-change" else "settle the conflict"
