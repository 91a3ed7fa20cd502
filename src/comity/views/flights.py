"""Declared flights and their conflicts as they stand now: what is overdue, whose word is owed, what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts import Act
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import terms_to_judge_by
from comity.model.records.conflicts import Conflict, answers, conflicts, is_settled, unsettled_by, word_of
from comity.model.records.flights import Flight, flight
from comity.model.spans import moment
from comity.views.flags import flags
from comity.views.life import Event, status

OWN = "own affair"


@dataclass(frozen=True, slots=True)
class FlightStanding:
    """A flight now. `conditions` are sentences that a duty officer must read before anything else."""

    record: Flight
    status: str
    conditions: tuple[str, ...]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class ConflictStanding:
    """A conflict now: what each side has said of it as it is, and whose word or deed is owed."""

    conflict: Conflict
    words: dict[str, str]
    owed_by: tuple[str, ...]
    status: str


def flight_standings(view: View, now_ms: int) -> list[FlightStanding]:
    """Every flight in the view, closed ones too, in the order for people."""
    found = (flight(view, taken.entry.id) for taken in view.about("flights"))
    return [_standing(view, each, now_ms) for each in found if each is not None]


def conflict_standings(view: View, now_ms: int) -> list[ConflictStanding]:
    """Every conflict of a flight that is not closed, settled ones too, each pair once."""
    return [_conflict_standing(view, each, now_ms) for each in conflicts(view, terms_to_judge_by(view), now_ms)]


def thing_text(taken: Taken) -> str:
    """What an entry is about, and whose it is: operation op-1 of north (3f2a90c1)."""
    act = taken.entry.act
    chapter = taken.entry.header.act.partition(".")[0]
    name = getattr(act, chapter, "") if isinstance(act, Act) else ""
    said = f"{chapter} {name}" if isinstance(name, str) and name else taken.entry.header.act
    return f"{said} of {party_of(taken.entry.origin)} ({taken.entry.id[:8]})"


def other_text(conflict: Conflict) -> str:
    """What a flight conflicts with, in words."""
    if conflict.distances:
        return ", ".join(
            f"distance {each.id} of clause {each.clause} ({each.distance_m} m)" for each in conflict.distances
        )
    return thing_text(conflict.other)


def _standing(view: View, record: Flight, now_ms: int) -> FlightStanding:
    events = (Event(each.entry.header.act, each) for each in record.acts)
    raised = frozenset[str]().union(*(flags(view, each) for each in (record.declaration, record.version)))
    now = status(view, "flight", events)
    return FlightStanding(record, now, tuple(_conditions(view, record, now_ms)), raised)


def _conditions(view: View, record: Flight, now_ms: int) -> Iterator[str]:
    until_ms = record.act.volume.window.until_ms
    if record.is_overdue(view, now_ms):
        since = moment(until_ms) if until_ms is not None else None
        at = f"since {since:%Y-%m-%dT%H:%M:%SZ} " if since is not None else ""
        yield f"overdue {at}and not closed: it still has its air, without an end"


def _conflict_standing(view: View, conflict: Conflict, now_ms: int) -> ConflictStanding:
    words = {party: word_of(taken) for party, taken in sorted(answers(view, conflict, now_ms).items())}
    owed = tuple(sorted(unsettled_by(view, conflict, now_ms)))
    if conflict.is_own:
        return ConflictStanding(conflict, words, owed, OWN)
    if is_settled(view, conflict, now_ms):
        return ConflictStanding(conflict, words, owed, "settled")
    return ConflictStanding(conflict, words, owed, "disputed" if "disputed" in words.values() else "unsettled")
