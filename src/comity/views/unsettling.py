"""What leaves a conflict unsettled about something that rests on its answers: beside a permission, and after it.

A clearance waits for the answers of the signatories concerned, a consent and the start that rests on it too. An answer
given later may take an earlier one back: what crossed it is a flag (laws 16, 32), what followed it stands on the row of
what goes on. There the silence of the centre or an observer stands too, for which nothing waited (law 22).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from comity.model.history import Taken, View
from comity.model.records.change import terms_to_judge_by
from comity.model.records.conflicts import Conflict, answers, conflicts_in, is_settled, unsettled_in, word_of
from comity.model.records.rooms import Room
from comity.views.sight import both, through

TOLD_MOST = 10


def leaves_unsettled(past: View, around: View, taken: Taken, room_in: Callable[[View], Room], at_ms: int) -> bool:
    """With an act from beside a permission, and all that its signer knew, the permission would have waited for a word
    on a flight's conflict."""
    if terms_to_judge_by(past).clause_for("flight.conflict") is None:
        return False
    act, knew = taken.entry.act, both(past, through(around, taken))
    thing = getattr(act, "declaration", taken.entry.id)
    found = unsettled_in(knew, room_in(knew), max(at_ms, taken.entry.at_ms))
    return any(thing == each.flight.id or getattr(act, "other", None) == each.flight.id for each in found)


def unsettled_text(view: View, room: Room, now_ms: int) -> Iterator[str]:
    """The conflicts of flights with the room of what was permitted and goes on that are not settled, in words."""
    if terms_to_judge_by(view).clause_for("flight.conflict") is None:
        return
    open_ones = (each for each in conflicts_in(view, room, now_ms) if not is_settled(view, each, now_ms))
    for each in islice(open_ones, TOLD_MOST):
        yield _told(view, each, now_ms)


def _told(view: View, conflict: Conflict, now_ms: int) -> str:
    one = conflict.flight
    words = {party: word_of(taken) for party, taken in sorted(answers(view, conflict, now_ms).items())}
    disputing = [party for party, word in words.items() if word == "disputed"]
    said = f"is disputed by {' and '.join(disputing)}" if disputing else "is not settled"
    return f"conflict with flight {one.act.flight} of {one.party} ({one.id[:8]}) {said}"
