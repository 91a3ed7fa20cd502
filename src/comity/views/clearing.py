"""What crossed a clearance, and what an emergency crossed: movements as `crossing` has starts (laws 16, 20, 26, 32).

A clearance crosses what would have stopped it, had its owner seen it: a denial, a suspension that leaves movements no
floor, a lift, an agreement or an answer found to be in other hands, a flight whose conflict nobody has answered, an
answer that takes an earlier one back, a fork, and the start that the handshake keeps out, which only a fork lets in.
An emergency waits for nobody: it flags the start that it crosses, and the start flags it.
Whether a suspension leaves no floor is asked of those who knew just it and the clearance, so that no floor restored
later makes a flag vanish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from comity.model.acts import Act, agreement, flights, keys, movements, operations
from comity.model.geometry import rooms_meet, volumes_meet
from comity.model.history import Taken, View
from comity.model.records.change import Change, proposal_of, terms_to_judge_by
from comity.model.records.floor import floor_stands
from comity.model.records.movements import Movement, movement, protected_volume
from comity.model.records.restraints import suspensions
from comity.model.records.rooms import Room, of_movement
from comity.views.crossing import completed_by, forks_beside, unseen
from comity.views.reliance import in_other_hands
from comity.views.sight import beside, both, through
from comity.views.unsettling import leaves_unsettled

CHAPTER = "movement"


def stops_on(view: View, clear: Taken) -> Iterator[Taken]:
    """Every act in the view that crossed a clearance and would have stopped it had it been seen."""
    act, past, around = clear.entry.act, view.history.past(clear), beside(view, clear)
    assert isinstance(act, movements.MovementClear)
    record = movement(past, act.request)
    assert record is not None, "an admitted clearance's request is in its past"
    for taken in unseen(past, around):
        kind = type(taken.entry.act)
        test = STOPS.get(kind) if issubclass(kind, Act) else None
        if test is not None and test(around, clear, record, taken):
            yield taken


def forks_of_clearance(view: View, clear: Taken) -> list[str]:
    """The forks beside a clearance, which are nobody's act, in words (law 4)."""
    return forks_beside(view.history.past(clear), beside(view, clear))


def starts_crossed(view: View, taken: Taken) -> Iterator[Taken]:
    """The starts in the air of an emergency, or of its departure, which neither saw nor were seen."""
    record = movement(through(view, taken), getattr(taken.entry.act, "request", taken.entry.id))
    if record is None or not record.emergency:
        return
    for each in unseen(view.history.past(taken), beside(view, taken)):
        volume = view.history.volume_of(each) if isinstance(each.entry.act, operations.OperationStart) else None
        if volume is not None and volumes_meet(protected_volume(record), volume):
            yield each


def _denied(around: View, clear: Taken, record: Movement, taken: Taken) -> bool:
    return getattr(taken.entry.act, "request", None) == record.request.entry.id


def _stopped(around: View, clear: Taken, record: Movement, taken: Taken) -> bool:
    return _has_no_floor(both(around.history.past(clear), through(around, taken)))


def _changed(around: View, clear: Taken, record: Movement, taken: Taken) -> bool:
    """The vote completes a lift of this very movement, or the end of the floor that the clearance stood on."""
    act, past = taken.entry.act, around.history.past(clear)
    assert isinstance(act, agreement.Vote)
    kind = act.thing.partition("/")[0]
    if kind not in ("lift", "floor"):
        return False
    return any(_takes_away(around, past, record, change) for change in completed_by(past, around, taken))


def _takes_away(around: View, past: View, record: Movement, change: Change) -> bool:
    act = proposal_of(around, change)
    if isinstance(act, agreement.LiftPropose):
        return record.request.entry.id in act.lifts
    known = past
    for vote in change.votes:
        known = both(known, through(around, vote))
    return isinstance(act, agreement.FloorPropose) and bool(suspensions(known)) and _has_no_floor(known)


def _taken_over(around: View, clear: Taken, record: Movement, taken: Taken) -> bool:
    return any(each is taken for each in in_other_hands(around, clear))


def _started(around: View, clear: Taken, record: Movement, taken: Taken) -> bool:
    volume = around.history.volume_of(taken)
    return volume is not None and rooms_meet(volume, record.volume)


def _conflicting(around: View, clear: Taken, record: Movement, taken: Taken) -> bool:
    def room_in(knew: View) -> Room:
        asked = movement(knew, record.request.entry.id)
        assert asked is not None, "a larger view holds the request too"
        return of_movement(asked)

    return leaves_unsettled(around.history.past(clear), around, taken, room_in, clear.entry.at_ms)


def _has_no_floor(view: View) -> bool:
    return CHAPTER not in terms_to_judge_by(view).floor.keeps or not floor_stands(view)


STOPS: dict[type[Act], Callable[[View, Taken, Movement, Taken], bool]] = {
    movements.MovementDeny: _denied,
    agreement.Suspend: _stopped,
    agreement.Withdraw: _stopped,
    agreement.Vote: _changed,
    keys.Compromised: _taken_over,
    operations.OperationStart: _started,
    flights.FlightDeclare: _conflicting,
    flights.FlightChange: _conflicting,
    flights.FlightOverdue: _conflicting,
    flights.ConflictAnswer: _conflicting,
}
"""What stops a clearance. All else that a clearance needs is its owner's word or is in the log of one who answered."""
