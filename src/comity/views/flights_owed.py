"""What declared flights and their conflicts are owed: to be closed, to be answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from comity.model.records.change import participants
from comity.model.records.conflicts import Conflict, answering, answers
from comity.model.records.flights import Flight, flight, flights
from comity.views.flights import ConflictStanding, conflict_standings, other_text
from comity.views.owing import Ledger, Obligation


def flights_owed(ledger: Ledger) -> Iterator[Obligation]:
    """A flight is closed by its owner once it is due; the clause says how soon. Whose owner has left, all lift."""
    bound, within_ms = participants(ledger.view), ledger.terms.span_ms("close_within_min")
    for record in flights(ledger.view):
        if record.is_overdue(ledger.view, ledger.now_ms):
            due_ms, clause = record.due_ms(ledger.view) + within_ms, ledger.clause("close_within_min")
            what = _closing(ledger, record)
            for party in (record.party,) if record.party in bound else ledger.terms.signatories:
                whom = "all" if party == record.party else record.party
                yield Obligation(party, whom, what, record.id, clause, due_ms)


def conflicts_owed(ledger: Ledger) -> Iterator[Obligation]:
    """A conflict is answered by every side, in the time that runs when it knows of both things as they are; settled, in
    the time that runs when it knows what each side has said."""
    for standing in conflict_standings(ledger.view, ledger.now_ms):
        conflict = standing.conflict
        for party in standing.owed_by:
            others = ", ".join(sorted(answering(ledger.view, conflict) - {party})) or "all"
            pair = f"flight {conflict.flight.act.flight} with {other_text(conflict)}"
            what = f"{_next_word(standing, party)} of {pair}"
            things = [*conflict.said, conflict.other]
            if party in standing.words:
                things.extend(answers(ledger.view, conflict, ledger.now_ms).values())
            owed = ledger.owed_knowing_all(party, what, things, "conflict_answer_within_min", others)
            yield _not_before(ledger, conflict, owed)


def _not_before(ledger: Ledger, conflict: Conflict, owed: Obligation) -> Obligation:
    """Nobody owed an answer before a flight was overdue that is in the way only since then."""
    both = (conflict.flight, flight(ledger.view, conflict.other.entry.id))
    late = [each for each in both if each is not None and each.is_overdue(ledger.view, ledger.now_ms)]
    ends_ms = [each.due_ms(ledger.view) for each in late]
    if owed.due_ms is None or not ends_ms:
        return owed
    within_ms = ledger.terms.span_ms("conflict_answer_within_min")
    return replace(owed, due_ms=max(owed.due_ms, max(ends_ms) + within_ms))


def _closing(ledger: Ledger, record: Flight) -> str:
    """What is owed: the close, or, where one word stands no longer than this, another word; of a leaver's the lift."""
    if record.party not in participants(ledger.view):
        return f"lift flight {record.act.flight} with every signatory, {record.party} has left"
    if record.due_ms(ledger.view) == record.act.volume.window.until_ms:
        return f"close flight {record.act.flight}"
    return f"close flight {record.act.flight}, or change it to say that it is still there"


def _next_word(standing: ConflictStanding, party: str) -> str:
    """What is owed: a first answer, the change that was promised, or another answer."""
    word = standing.words.get(party)
    if word is None:
        return "answer the conflict"
    return "change what was to be changed for the conflict" if word == "will-change" else "settle the conflict"
