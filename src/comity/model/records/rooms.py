"""What takes room in a view, whose it is, and since which entry it is where it is.

Activities, notices, operations and exempt movements; declared flights and areas have records of their own. What has
ended takes none. An operation takes room from its request on, and without an end once it has begun: what has not ended
is still there. A request whose window is past without a start can begin no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from comity.model.acts.alone import ActivityDeclare, ActivityEnd
from comity.model.acts.movements import FlightNotice, MovementEmergency, MovementRequest
from comity.model.acts.operations import OperationCounter, OperationPropose, OperationStart
from comity.model.geometry import volumes_meet
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.movements import Movement, movement, movements_barring, protected_volume
from comity.model.records.operations import Operation, operation
from comity.model.volume import Volume, Window


@dataclass(frozen=True, slots=True)
class Room:
    """A thing that takes room: the entry by which it is named, whose it is, where it is now, and the entry that says
    so. A word about it that has not seen that entry is about other air."""

    thing: Taken
    party: str
    volume: Volume
    said: Taken


def any_log(log: str) -> bool:
    """Whose things are looked for where nobody says: everybody's."""
    return True


def rooms_near(view: View, volume: Volume, at_ms: int, of: Callable[[str], bool] = any_log) -> Iterator[Room]:
    """What takes room in a volume at a moment, each once: of activities, notices and requests those in some logs."""
    for taken in declared_near(view, ("activities", "notices"), volume, of):
        yield from _in(volume, room_of(view, taken))
    requests = (taken.entry for taken in view.near("requests", volume) if of(taken.entry.origin))
    operations = {entry.id: operation(view, entry.id) for entry in requests}
    for start in view.running("starts"):
        request = getattr(start.entry.act, "request", "")
        operations[request] = operation(view, request)
    for record in operations.values():
        if record is not None and _takes_room(record, at_ms):
            yield from _in(volume, of_operation(record))
    for asked in movements_barring(view, volume):
        yield of_movement(asked)


def room_of(view: View, taken: Taken) -> Room | None:
    """The room of an activity, a notice, an operation or a movement named by its entry, ended or not; else None."""
    act = taken.entry.act
    if isinstance(act, ActivityDeclare | FlightNotice):
        return Room(taken, party_of(taken.entry.origin), act.volume, taken)
    if isinstance(act, OperationPropose | OperationCounter):
        record = operation(view, taken.entry.id)
        return of_operation(record) if record is not None else None
    if isinstance(act, MovementRequest | MovementEmergency):
        asked = movement(view, taken.entry.id)
        return of_movement(asked) if asked is not None else None
    return None


def of_operation(record: Operation) -> Room:
    """The room of an operation; it is flown by who executes."""
    volume = record.volume
    if record.starts and not record.ended:
        volume = Volume(volume.ring, volume.band, Window(from_ms=volume.window.from_ms, until_ms=None))
    return Room(record.request, record.act.executing, volume, record.request)


def of_movement(record: Movement) -> Room:
    """The room of an exempt movement, as it protects it."""
    return Room(record.request, record.requester, protected_volume(record), record.asked)


def declared_near(
    view: View, kinds: Iterable[str], volume: Volume, of: Callable[[str], bool] = any_log
) -> Iterator[Taken]:
    """The activities, notices and starts in some logs that may meet a volume and have not ended, kind by kind."""
    for kind in kinds:
        for taken in view.near(kind, volume):
            if of(taken.entry.origin) and not has_ended(view, taken):
                yield taken


def has_ended(view: View, taken: Taken) -> bool:
    """Whether the activity, or the operation that a start began, was ended."""
    act = taken.entry.act
    if isinstance(act, OperationStart):
        record = operation(view, act.request)
        return record is not None and record.ended
    acts = (each.entry.act for each in view.about(f"activity/{taken.entry.id}"))
    return isinstance(act, ActivityDeclare) and any(isinstance(each, ActivityEnd) for each in acts)


def _takes_room(record: Operation, at_ms: int) -> bool:
    if record.starts:
        return not record.ended
    until_ms = record.volume.window.until_ms
    return record.closed is None and (until_ms is None or at_ms < until_ms)


def _in(volume: Volume, room: Room | None) -> Iterator[Room]:
    if room is not None and volumes_meet(room.volume, volume):
        yield room
