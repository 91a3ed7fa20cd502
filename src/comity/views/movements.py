"""Exempt movements as they stand now: status and what is missing (law 20).

What is agreed is so with what the judge would refuse its clearance for, what is cleared with what he would refuse its
departure for, asked now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts.keys import Compromised
from comity.model.acts.movements import (
    MovementAccept,
    MovementAgree,
    MovementAlternative,
    MovementCancel,
    MovementClear,
    MovementConform,
    MovementDeny,
    MovementDepart,
    MovementDeviate,
)
from comity.model.geometry import volumes_meet
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import is_lifted
from comity.model.records.movements import Movement, movement, protected_volume
from comity.model.records.operations import Operation, operation
from comity.model.records.rooms import of_movement
from comity.model.terms import Terms
from comity.rules.movements import window_has_begun
from comity.views.asking import forbidden
from comity.views.clearing import forks_of_clearance, stops_on
from comity.views.flags import evidence, flags
from comity.views.held import HOLDING, held_text
from comity.views.life import Event, status
from comity.views.unsettling import unsettled_text
from comity.views.whose import bound_by, still_bound

ANSWERS = (MovementAgree, MovementDeny, MovementAlternative)
UNANSWERED = ("requested", "asked anew", "alternative offered")
UNCLEARED = (*UNANSWERED, "agreed")
NEXT = {"agreed": ("may not be cleared", MovementClear), "cleared": ("may not depart", MovementDepart)}


@dataclass(frozen=True, slots=True)
class MovementStanding:
    """A movement now. `flags` are those of the request, of its clearances and of its departure; `unreviewed` names the
    parties whose finding a clearance in doubt waits for: until then it is held."""

    record: Movement
    status: str
    conditions: tuple[str, ...]
    flags: frozenset[str]
    unreviewed: tuple[str, ...] = ()


def movements(view: View, now_ms: int) -> list[MovementStanding]:
    """Every movement in the view, in the order for people; worked out once for a view and a moment."""
    return view.once(("movements", now_ms), lambda: _movements(view, now_ms))


def _movements(view: View, now_ms: int) -> list[MovementStanding]:
    found = []
    for taken in view.about("movements"):
        record = movement(view, taken.entry.id)
        if record is not None:
            found.append(movement_standing(view, record, now_ms))
    return found


def movement_standing(view: View, record: Movement, now_ms: int) -> MovementStanding:
    """One movement now."""
    first = "emergency" if record.emergency else None
    now = status(view, "movement", _events(view, record), first)
    steps = (taken for taken in record.acts if isinstance(taken.entry.act, MovementClear | MovementDepart))
    raised = frozenset[str]().union(*(flags(view, taken) for taken in (record.request, *steps)))
    doubts, unreviewed = _doubts(view, record)
    conditions = (*doubts, *_conditions(view, record, now, now_ms))
    return MovementStanding(record, now, conditions, raised, unreviewed)


def clearance_of(record: Movement) -> Taken | None:
    """The newest clearance: the one that a departure goes by."""
    return next((taken for taken in reversed(record.acts) if isinstance(taken.entry.act, MovementClear)), None)


def clearance_doubted_by(view: View, clear: Taken) -> list[Taken]:
    """The acts that put a clearance in doubt: what would have stopped it, and what says that a key was not alone. That
    its area is dissolved leaves it what it is (law 21)."""
    found = {each.entry.id: each for each in stops_on(view, clear)}
    found |= {each.entry.id: each for each in evidence(view, clear) if isinstance(each.entry.act, Compromised)}
    return sorted(found.values(), key=lambda each: each.order)


def missing_units(terms: Terms, record: Movement) -> list[str]:
    """The units that have not said that they were told."""
    return [unit.id for unit in terms.unit if unit.id not in record.told]


def answered_by(view: View, record: Movement) -> set[str]:
    """Who has answered what is asked for now: agreed to it, denied it, or offered another way."""
    anew = asked_anew(record)
    answers = (taken for taken in record.acts if isinstance(taken.entry.act, ANSWERS))
    return {party_of(each.entry.origin) for each in answers if anew is None or view.history.past(each).holds(anew)}


def asked_anew(record: Movement) -> Taken | None:
    """The newest acceptance of an alternative: what was answered before answers something else."""
    return next((taken for taken in reversed(record.acts) if isinstance(taken.entry.act, MovementAccept)), None)


def finders(view: View, record: Movement) -> frozenset[str]:
    """Who finds whether it conformed: those who let it go, as far as they are signatories still."""
    return still_bound(view, _settled_by(record)) - {record.requester}


def _settled_by(record: Movement) -> Taken | None:
    clears = (taken for taken in record.acts if isinstance(taken.entry.act, MovementClear))
    return record.request if record.emergency else next(clears, None)


def _events(view: View, record: Movement) -> Iterator[Event]:
    needed = bound_by(view, _settled_by(record)) - {record.requester}
    finding = finders(view, record)
    conforming: set[str] = set()
    for taken, agreed in record.answers(view):
        act, party, name = taken.entry.act, party_of(taken.entry.origin), taken.entry.header.act
        if isinstance(act, MovementAgree):
            name = "all agreed" if needed <= agreed else name
        elif isinstance(act, MovementDeviate):
            name = name if act.what != "back" or _is_deviating(record, taken) else "already back"
        elif isinstance(act, MovementConform):
            conforming.add(party)
            complete = finding <= conforming
            name = "breach found" if act.finding == "breach" else "all found conforming" if complete else name
        yield Event(name, taken)


def _operations_in(view: View, record: Movement) -> Iterator[Operation]:
    """What has started and not ended in the air of a movement, while both are there."""
    for taken in view.running("starts"):
        found = operation(view, getattr(taken.entry.act, "request", ""))
        if found is not None and not found.ended and volumes_meet(found.volume, protected_volume(record)):
            yield found


def _doubts(view: View, record: Movement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is in doubt about the newest clearance, in words, and who has not found on the movement knowing of it."""
    clear = clearance_of(record)
    if clear is None or record.has(MovementCancel):
        return (), ()
    acts, forks = clearance_doubted_by(view, clear), forks_of_clearance(view, clear)
    words = flags(view, clear) & HOLDING
    if words == {"concurrent"} and not acts and not forks:
        return (), ()
    found = record.by(view, MovementConform)
    pasts = {party: view.history.past(taken) for party, taken in found.items()}
    knew = {party for party, past in pasts.items() if all(past.holds(each) for each in acts)}
    knew = {party for party in knew if words <= flags(pasts[party], clear)}
    unreviewed = tuple(sorted(finders(view, record) - knew)) if words else ()
    return (held_text("clearance", words, acts, forks),) if unreviewed else (), unreviewed


def _is_deviating(record: Movement, taken: Taken) -> bool:
    before = [each.entry.act for each in record.acts if each.order < taken.order]
    words = [act.what for act in before if isinstance(act, MovementDeviate)]
    return bool(words) and words[-1] != "back"


def _conditions(view: View, record: Movement, now: str, now_ms: int) -> Iterator[str]:
    until_ms = record.volume.window.until_ms
    if record.emergency and not record.over:
        yield "emergency: keep clear at once"
    if record.under_way and now not in NEXT:
        for each in _operations_in(view, record):
            yield f"operation {each.act.operation} of {each.act.executing} is under way in its volume"
    if record.under_way or now == "cleared":
        yield from unsettled_text(view, of_movement(record), now_ms)
    if record.under_way and until_ms is not None and now_ms > until_ms:
        yield f"overdue and still protected: {record.requester} has not signed its arrival"
    if is_lifted(view, record.request.entry.id):
        yield "its protection was lifted by every signatory"
    if now in UNCLEARED and until_ms is not None and now_ms > until_ms:
        yield "its window has passed without clearance"
    elif now in NEXT:
        may_not, act = NEXT[now]
        problem = forbidden(
            view, record.requester, act(request=record.request.entry.id), now_ms, apart=window_has_begun
        )
        if problem is not None:
            yield f"{may_not}: {problem}"
