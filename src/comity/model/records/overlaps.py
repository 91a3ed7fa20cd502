"""What independent activities overlap with in a view, and who acknowledges it (J13).

Another's activity, start or notice concerns the two whose they are; what one party declares twice over is its own
affair. An exempt movement and a designated area are everybody's, whoever asked for them, for every signatory protects
or made them: an overlap with one is acknowledged by every signatory, the one who declared the activity among them. Who
has left the terms acknowledges nothing. What it has in common with a declared flight is a conflict: see `conflicts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts.alone import ActivityDeclare
from comity.model.acts.areas import AreaPropose
from comity.model.acts.movements import FlightNotice, MovementEmergency, MovementRequest
from comity.model.acts.operations import OperationStart
from comity.model.geometry import volumes_meet
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.areas import areas_meeting
from comity.model.records.change import complete, participants, proposals
from comity.model.records.movements import movement, movements_barring, protected_volume
from comity.model.records.rooms import declared_near
from comity.model.volume import Volume

DECLARED = ("activities", "notices", "starts")


@dataclass(frozen=True, slots=True)
class Overlap:
    """An activity, what lies in its volume, and the parties that must say that they know."""

    activity: Taken
    other: Taken
    owed_by: frozenset[str]


def overlaps_of(view: View, signatories: frozenset[str], activity: Taken) -> Iterator[Overlap]:
    """What an activity overlaps with now: nothing that has ended, was lifted or is not in force."""
    act = activity.entry.act
    assert isinstance(act, ActivityDeclare)
    own, bound = party_of(activity.entry.origin), participants(view)
    for other in declared_near(view, DECLARED, act.volume):
        if is_overlap(view, activity, other):
            yield Overlap(activity, other, frozenset((own, party_of(other.entry.origin))) & bound)
    for record in movements_barring(view, act.volume):
        yield Overlap(activity, record.request, signatories)
    for area in areas_meeting(view, act.volume):
        for _, proposal in proposals(view, area.act.content())[:1]:
            yield Overlap(activity, proposal, signatories)


def is_overlap(view: View, activity: Taken, other: Taken) -> bool:
    """Whether the two overlap, or did before one of them ended: that much may be acknowledged."""
    mine, act = activity.entry.act, other.entry.act
    if not isinstance(mine, ActivityDeclare):
        return False
    if isinstance(act, ActivityDeclare | FlightNotice | OperationStart):
        others = party_of(other.entry.origin) != party_of(activity.entry.origin)
        return others and _meets(mine.volume, view.history.volume_of(other))
    if isinstance(act, MovementRequest | MovementEmergency):
        record = movement(view, other.entry.id)
        assert record is not None, "a movement that the view holds has a record"
        return _meets(mine.volume, act.volume, protected_volume(record))
    if isinstance(act, AreaPropose):
        was_in_force = any(change.content == act.content() for change in complete(view, act.thing).values())
        return was_in_force and _meets(mine.volume, act.volume)
    return False


def names_of(view: View, other: Taken) -> frozenset[str]:
    """The entries that an acknowledgement may name: of an area any proposal of the same bytes."""
    act = other.entry.act
    if not isinstance(act, AreaPropose):
        return frozenset((other.entry.id,))
    return frozenset(proposal.entry.id for _, proposal in proposals(view, act.content()))


def is_of_now(view: View, other: Taken, word: Taken) -> bool:
    """Whether a word about the other thing was said of what it is now: of a movement that has been given other air
    since, it was not (law 20)."""
    record = movement(view, other.entry.id)
    return record is None or view.history.past(word).holds(record.asked)


def _meets(volume: Volume, *others: Volume | None) -> bool:
    return any(other is not None and volumes_meet(volume, other) for other in others)
