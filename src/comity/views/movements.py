"""Exempt movements as they stand now: status and what is missing (law 20)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts.movements import MovementAgree, MovementConform, MovementDeviate
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import is_lifted
from comity.model.records.movements import Movement, movement
from comity.model.terms import Terms
from comity.views.flags import flags
from comity.views.life import Event, status


@dataclass(frozen=True, slots=True)
class MovementStanding:
    """A movement now."""

    record: Movement
    status: str
    conditions: tuple[str, ...]
    flags: frozenset[str]


def movements(view: View, terms: Terms, now_ms: int) -> list[MovementStanding]:
    """Every movement in the view, in the order for people."""
    found = []
    for taken in view.about("movements"):
        record = movement(view, taken.entry.id)
        if record is not None:
            found.append(movement_standing(view, terms, record, now_ms))
    return found


def movement_standing(view: View, terms: Terms, record: Movement, now_ms: int) -> MovementStanding:
    """One movement now."""
    first = "emergency" if record.emergency else None
    now = status(view, "movement", _events(view, terms, record), first)
    conditions = tuple(_conditions(view, record, now, now_ms))
    return MovementStanding(record, now, conditions, flags(view, record.request))


def missing_units(terms: Terms, record: Movement) -> list[str]:
    """The units that have not said that they were told."""
    return [unit.id for unit in terms.unit if unit.id not in record.told]


def _events(view: View, terms: Terms, record: Movement) -> Iterator[Event]:
    needed = set(terms.signatories) - {record.requester}
    conforming: set[str] = set()
    for taken, agreed in record.answers(view):
        act, party, name = taken.entry.act, party_of(taken.entry.origin), taken.entry.header.act
        if isinstance(act, MovementAgree):
            name = "all agreed" if needed <= agreed else name
        elif isinstance(act, MovementDeviate):
            name = name if act.what != "back" or _is_deviating(record, taken) else "already back"
        elif isinstance(act, MovementConform):
            conforming.add(party)
            complete = needed <= conforming
            name = "breach found" if act.finding == "breach" else "all found conforming" if complete else name
        yield Event(name, taken)


def _is_deviating(record: Movement, taken: Taken) -> bool:
    before = [each.entry.act for each in record.acts if each.order < taken.order]
    words = [act.what for act in before if isinstance(act, MovementDeviate)]
    return bool(words) and words[-1] != "back"


def _conditions(view: View, record: Movement, now: str, now_ms: int) -> Iterator[str]:
    until_ms = record.volume.window.until_ms
    if record.emergency and not record.over:
        yield "emergency: keep clear at once"
    if record.under_way and until_ms is not None and now_ms > until_ms:
        yield f"overdue and still protected: {record.requester} has not signed its arrival"
    if now in ("requested", "agreed") and until_ms is not None and now_ms > until_ms:
        yield "its window has passed without clearance"
    if is_lifted(view, record.request.entry.id):
        yield "its protection was lifted by every signatory"
