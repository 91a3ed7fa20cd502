"""What an office's own register of protected things says about what is asked for and under way (J2, law 23).

Pure functions of (View, now, what this office can read). What comes out is private: it is for the people of this
office alone, and acts on others only through a hold that an officer signs and that gives no reason.
Invariant: buffers widen, never narrow; whatever is in doubt is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from comity.airspace.standoff import comes_within, reach_boxes
from comity.model.acts import Act
from comity.model.acts.alone import ActivityDeclare
from comity.model.acts.duty import PrecautionCheck
from comity.model.acts.operations import (
    Hold,
    OperationConfirm,
    OperationConsent,
    OperationCounter,
    OperationPropose,
    OperationStart,
)
from comity.model.history import Taken, View
from comity.model.index import VolumeIndex
from comity.model.known import party_of
from comity.model.protected import Protected
from comity.model.records.change import terms_to_judge_by
from comity.model.records.checks import check_fault, newest_check
from comity.model.records.layers import newest_layers
from comity.model.records.operations import Operation, operation
from comity.model.records.restraints import holds_on
from comity.model.terms import Terms
from comity.model.volume import Band, Volume, Window
from comity.views.alone import activities
from comity.views.owing import Obligation

THINGS_NAMED = 20
ANSWERS_KEPT = 4096
ANY_HEIGHT = Band(floor=None, ceiling=None)
ASKING = (OperationPropose, OperationCounter, ActivityDeclare)
RELYING = (OperationConsent, OperationConfirm, OperationStart, PrecautionCheck)


@dataclass(frozen=True, slots=True)
class Found:
    """The first of the protected things near a volume, and whether there are more."""

    things: tuple[Protected, ...] = ()
    more: bool = False


class Readable:
    """The things of one version of a register, filed by place and time."""

    def __init__(self, things: Sequence[Protected]) -> None:
        """Files them once; asking then costs what lies near."""
        self.things = tuple(things)
        self._found: dict[Volume, Found] = {}
        self._index = VolumeIndex()
        for number, thing in enumerate(self.things):
            for south, west, north, east in reach_boxes(thing):
                box = ((south, west), (south, east), (north, east), (north, west))
                self._index.add(Volume(box, ANY_HEIGHT, thing.window), number)

    def found_in(self, volume: Volume) -> Found:
        """What the volume comes within the stand-off distance of, in the register's order."""
        found = self._found.get(volume)
        if found is None:
            things = self._within(volume)
            found = Found(tuple(islice(things, THINGS_NAMED)), next(things, None) is not None)
            if len(self._found) >= ANSWERS_KEPT:
                self._found.clear()
            self._found[volume] = found
        return found

    def _within(self, volume: Volume) -> Iterator[Protected]:
        for number in self._index.near(volume):
            if comes_within(self.things[number], volume.ring):
                yield self.things[number]


@dataclass(frozen=True, slots=True)
class Precaution:
    """One thing asked for or under way, as this office's own check sees it.

    `found` is what it comes too near to, `holds` are this office's own holds on it that stand and outlast its window:
    what anybody else holds, or what ends before, leaves the finding to be dealt with;
    `due` says why the signed statement must be made (again), None if it need not.
    """

    about: Taken
    what: str
    volume: Volume
    found: Found
    holds: tuple[Taken, ...]
    due: str | None
    since_ms: int

    @property
    def waits(self) -> bool:
        """Whether something was found that no officer of this office has dealt with."""
        return bool(self.found.things) and not self.holds


def precautions(view: View, party: str, now_ms: int, readable: Readable | None) -> list[Precaution]:
    """Every live request, operation and activity, in the order for people; `readable` None: nothing is kept here."""
    terms = terms_to_judge_by(view)
    found = [_of_operation(view, terms, party, each, now_ms, readable) for each in _live_operations(view, now_ms)]
    for taken in activities(view):
        act = taken.entry.act
        if isinstance(act, ActivityDeclare) and _lasts(act.volume.window, now_ms):
            what = f"activity {act.activity} of {party_of(taken.entry.origin)}"
            found.append(_looked_at(view, party, taken, what, act.volume, None, now_ms, readable))
    return sorted(found, key=lambda each: each.about.order)


def touches(act: Act, view: View, readable: Readable) -> bool:
    """Whether an act asks for, or lets happen, something within the stand-off distance of a protected thing."""
    volume = volume_asked(act, view)
    return volume is not None and bool(readable.found_in(volume).things)


def volume_asked(act: Act, view: View) -> Volume | None:
    """The volume of an act that asks for an operation or an activity, or lets one go on; None for any other act."""
    if isinstance(act, ASKING):
        return act.volume
    record = operation(view, act.request) if isinstance(act, RELYING) else None
    return record.volume if record is not None else None


def precautions_owed(found: Sequence[Precaution], terms: Terms, party: str) -> list[Obligation]:
    """What this office owes to itself: to hold what its check found, to check again what has changed."""
    clause = terms.clause_for("precaution.check")
    said = f"clause {clause}" if clause is not None else "rule precaution.check"
    owed = []
    for each in found:
        thing, begins_ms = each.about.entry.id, each.volume.window.from_ms
        if each.waits:
            what = f"finding in {each.what}: hold not yet signed"
            owed.append(Obligation(party, party, what, thing, said, each.since_ms))
        elif each.due is not None and not each.holds:
            owed.append(Obligation(party, party, f"{each.due}: {each.what}", thing, said, begins_ms))
    return owed


def _live_operations(view: View, now_ms: int) -> Iterator[Operation]:
    """Requests that are neither closed nor past, and operations that have begun and not ended, however late."""
    started = {getattr(taken.entry.act, "request", "") for taken in view.running("starts")}
    for taken in view.about("operations"):
        act = taken.entry.act
        if not isinstance(act, OperationPropose | OperationCounter):
            continue
        if taken.entry.id not in started and not _lasts(act.volume.window, now_ms):
            continue
        record = operation(view, taken.entry.id)
        if record is not None and not record.ended and (record.starts or record.closed is None):
            yield record


def _of_operation(
    view: View, terms: Terms, party: str, record: Operation, now_ms: int, readable: Readable | None
) -> Precaution:
    volume, begun = record.volume, bool(record.starts)
    if begun:  # what has not ended is still there
        volume = Volume(volume.ring, volume.band, Window(from_ms=volume.window.from_ms, until_ms=None))
    owes_check = party in terms.signatories and not begun and terms.clause_for("precaution.check") is not None
    due = _due(view, terms, party, record, now_ms) if owes_check else None
    what = f"operation {record.act.operation}"
    return _looked_at(view, party, record.request, what, volume, due, now_ms, readable)


def _due(view: View, terms: Terms, party: str, record: Operation, now_ms: int) -> str | None:
    request = record.request.entry.id
    if newest_check(view, party, request) is None:
        return "check due"
    fault = check_fault(view, terms, party, request, now_ms)
    return f"check due again ({fault.problem})" if fault is not None else None


def _looked_at(
    view: View,
    party: str,
    about: Taken,
    what: str,
    volume: Volume,
    due: str | None,
    now_ms: int,
    readable: Readable | None,
) -> Precaution:
    found = readable.found_in(volume) if readable is not None else Found()
    since_ms = max(about.entry.at_ms, _newest_layer_ms(view, party))
    return Precaution(about, what, volume, found, _own_holds(view, party, about, volume, now_ms), due, since_ms)


def _own_holds(view: View, party: str, about: Taken, volume: Volume, now_ms: int) -> tuple[Taken, ...]:
    holds = holds_on(view, about.entry.id, volume, now_ms)
    own = (taken for taken in holds if party_of(taken.entry.origin) == party)
    return tuple(taken for taken in own if _outlasts(taken.entry.act, volume.window))


def _outlasts(hold: object, window: Window) -> bool:
    """Whether a hold stands until all lift it, or at least to the end of the window."""
    if not isinstance(hold, Hold):
        return False
    return hold.until_ms is None or (window.until_ms is not None and window.until_ms <= hold.until_ms)


def _newest_layer_ms(view: View, party: str) -> int:
    return max((taken.entry.at_ms for _, taken in newest_layers(view, party).values()), default=0)


def _lasts(window: Window, now_ms: int) -> bool:
    return window.until_ms is None or now_ms < window.until_ms
