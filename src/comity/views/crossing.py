"""What crossed an entry: neither saw the other, and had the signer seen it, the entry would have been stopped.

Beside an entry lies all of a view that has not the entry in its past. It only grows with the view, so what is found
there only grows (law 32). `CROSSES` says of every act what it does to a start that it crosses: a test that finds the
acts that stop it, or in words why it cannot matter. A joint change counts by its votes, and `CHANGES` says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from comity.model.acts import Act, agreement, alone, areas, duty, flights, keys, movements, operations, tracks
from comity.model.geometry import rooms_meet, volumes_meet
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.areas import areas_meeting
from comity.model.records.change import Change, complete, proposal_of, terms_to_judge_by
from comity.model.records.flights import flight
from comity.model.records.movements import movement, protected_volume
from comity.model.records.officers import signing_keys
from comity.model.records.operations import Operation, operation
from comity.model.records.restraints import hold_covers
from comity.model.records.rooms import Room, of_operation
from comity.model.terms import Role
from comity.model.volume import Volume, Window
from comity.views.reliance import in_other_hands, leased_from
from comity.views.sight import beside, through
from comity.views.unsettling import leaves_unsettled


@dataclass(frozen=True, slots=True)
class Crossed:
    """A start, what it had in its past, what lies beside it, and the consents that it rests on."""

    start: Taken
    past: View
    beside: View
    record: Operation
    consents: tuple[Taken, ...]

    @property
    def volume(self) -> Volume:
        return self.record.volume


Test = Callable[[Crossed, Taken], bool]


def restraints_on(view: View, start: Taken) -> Iterator[Taken]:
    """Every act in the view that crossed a start and would have stopped it had it been seen."""
    crossed = _crossed(view, start)
    for taken in unseen(crossed.past, crossed.beside):
        act = taken.entry.act
        assert isinstance(act, Act)
        test = CROSSES[type(act)]
        if not isinstance(test, str) and test(crossed, taken):
            yield taken


def circumstances(view: View, start: Taken) -> list[str]:
    """What would have stopped a start and is nobody's act: a party's fork, a clock that ran backwards (laws 4, 28)."""
    crossed = _crossed(view, start)
    forks = forks_beside(crossed.past, crossed.beside)
    givers = leased_from(view, start)
    logs = [origin for giver in sorted(givers) for origin in crossed.beside.logs_of(giver)]
    steps = [origin for origin in logs if crossed.beside.stepped_back(origin, crossed.past)]
    return forks + [f"the clock of {origin}, which ran backwards" for origin in steps]


def forks_beside(past: View, around: View) -> list[str]:
    """The forks of signatories that a permission has beside it, in words; in its past it would have been refused."""
    pins = [each.pins for each in terms_to_judge_by(past).participant if each.role is Role.SIGNATORY]
    return [f"the fork of {each.origin}" for each in pins if each is not None and around.forked(each.origin)]


def dissolutions(view: View, taken: Taken) -> Iterator[Taken]:
    """The votes that dissolved, beside an entry, an area that it relied on (law 21)."""
    past = view.history.past(taken)
    relied = set(areas_relied_on(past, taken))
    if not relied:
        return
    around = beside(view, taken)
    for each in unseen(past, around):
        act = each.entry.act
        if isinstance(act, agreement.Vote) and act.thing.removeprefix("area/") in relied:
            changes = completed_by(past, around, each)
            if any(isinstance(proposal_of(around, change), areas.AreaDissolve) for change in changes):
                yield each


def areas_relied_on(past: View, taken: Taken) -> Iterator[str]:
    """The areas that an entry rests on: that of its operation, those a movement lies in, that of an overlap."""
    act = taken.entry.act
    if isinstance(act, operations.OperationPropose | operations.OperationCounter):
        yield act.area
    elif isinstance(act, operations.OperationConsent | operations.OperationConfirm | operations.OperationStart):
        record = operation(past, act.request)
        if record is not None:
            yield record.act.area
    elif isinstance(act, movements.MovementRequest | movements.MovementEmergency):
        yield from (area.act.area for area in areas_meeting(past, act.volume))
    elif isinstance(act, movements.MovementAgree | movements.MovementClear):
        asked = movement(past, act.request)
        if asked is not None:
            yield from (area.act.area for area in areas_meeting(past, asked.volume))
    elif isinstance(act, alone.ActivityAcknowledge):
        other = past.find(act.overlap)
        if other is not None and isinstance(other.entry.act, areas.AreaPropose):
            yield other.entry.act.area


def unseen(past: View, around: View) -> Iterator[Taken]:
    """The admitted acts of a view that another lacks, branch by branch."""
    for branch in around.history.branches:
        first = max(past.size(branch.id), branch.fork)
        for taken in branch.taken[first - branch.fork : max(0, around.size(branch.id) - branch.fork)]:
            if taken.refusal is None and isinstance(taken.entry.act, Act):
                yield taken


def completed_by(past: View, around: View, vote: Taken) -> list[Change]:
    """The joint changes that a vote belongs to, complete in a view and not yet in the past that it is beside."""
    act = vote.entry.act
    assert isinstance(act, agreement.Vote)
    before = complete(past, act.thing)
    return [
        change
        for name, change in complete(around, act.thing).items()
        if name not in before and change.content == act.content and change.after == tuple(sorted(act.after))
    ]


def _crossed(view: View, start: Taken) -> Crossed:
    act, past = start.entry.act, view.history.past(start)
    assert isinstance(act, operations.OperationStart)
    record = operation(past, act.request)
    assert record is not None, "an admitted start's request is in its past"
    cited = (past.find(name) for name in act.consents)
    return Crossed(start, past, beside(view, start), record, tuple(each for each in cited if each is not None))


def _always(crossed: Crossed, taken: Taken) -> bool:
    return True


def _same_request(crossed: Crossed, taken: Taken) -> bool:
    return getattr(taken.entry.act, "request", None) == crossed.record.request.entry.id


def _in_volume(crossed: Crossed, taken: Taken) -> bool:
    volume = crossed.past.history.volume_of(taken)
    return volume is not None and volumes_meet(volume, crossed.volume)


def _held(crossed: Crossed, taken: Taken) -> bool:
    act = taken.entry.act
    assert isinstance(act, operations.Hold)
    return hold_covers(act, crossed.record.request.entry.id, crossed.volume)


def _emergency(crossed: Crossed, taken: Taken) -> bool:
    volume = crossed.past.history.volume_of(taken)
    return volume is not None and volumes_meet(_without_end(volume), crossed.volume)


def _moved(crossed: Crossed, taken: Taken) -> bool:
    """An accepted alternative moves a movement's protection into the volume."""
    act = taken.entry.act
    assert isinstance(act, movements.MovementAccept)
    offered = crossed.beside.find(act.alternative)
    return offered is not None and _in_volume(crossed, offered)


def _under_way(crossed: Crossed, taken: Taken) -> bool:
    """A movement under way protects without an end, also past its window (law 16), and from its departure, though that
    is before its window."""
    act = taken.entry.act
    assert isinstance(act, movements.MovementClear | movements.MovementDepart)
    record = movement(through(crossed.beside, taken), act.request)
    return record is not None and volumes_meet(protected_volume(record), crossed.volume)


def _other_start(crossed: Crossed, taken: Taken) -> bool:
    """Another party's start in the same room: only a fork makes two, for of its logs one at a time starts (law 19)."""
    act = taken.entry.act
    assert isinstance(act, operations.OperationStart)
    other = operation(crossed.beside, act.request)
    if other is None or other.act.executing == crossed.record.act.executing:
        return False
    return rooms_meet(other.volume, crossed.volume)


def _flown(crossed: Crossed, taken: Taken) -> bool:
    """Another party's flight in the volume, as it was declared or moved there."""
    act = taken.entry.act
    assert isinstance(act, flights.FlightDeclare | flights.FlightChange)
    knew = through(crossed.beside, taken)
    one = flight(knew, getattr(act, "declaration", taken.entry.id))
    if one is None or one.party == crossed.record.act.executing:
        return False
    return volumes_meet(one.room(knew, taken.entry.at_ms), crossed.volume)


def _unsettled(crossed: Crossed, taken: Taken) -> bool:
    """An answer that takes back what settled a conflict in the volume."""

    def room_in(knew: View) -> Room:
        record = operation(knew, crossed.record.request.entry.id)
        assert record is not None, "a larger view holds the request too"
        return of_operation(record)

    return leaves_unsettled(crossed.past, crossed.beside, taken, room_in, crossed.start.entry.at_ms)


def _deauthorised(crossed: Crossed, taken: Taken) -> bool:
    act = taken.entry.act
    assert isinstance(act, operations.Deauthorise)
    return act.authorisation == crossed.record.act.authorisation


def _authorised_less(crossed: Crossed, taken: Taken) -> bool:
    """A newer authorisation takes the place of the older: it may no longer reach the operation."""
    act, asked = taken.entry.act, crossed.record.act
    assert isinstance(act, operations.Authorise)
    reaches = asked.area in act.areas and asked.group in act.groups and crossed.start.entry.at_ms <= act.until_ms
    return act.authorisation == asked.authorisation and not reaches


def _revoked(crossed: Crossed, taken: Taken) -> bool:
    act = taken.entry.act
    assert isinstance(act, keys.Revoke)
    return any(act.key in signing_keys(consent.entry) for consent in crossed.consents)


def _compromised(crossed: Crossed, taken: Taken) -> bool:
    return any(each is taken for each in in_other_hands(crossed.beside, crossed.start))


def _clock_set_back(crossed: Crossed, taken: Taken) -> bool:
    return party_of(taken.entry.origin) in leased_from(crossed.beside, crossed.start)


def _line_dead(crossed: Crossed, taken: Taken) -> bool:
    """A giver found its line to the executing party dead: no earlier check of it counts from then on (law 25)."""
    act = taken.entry.act
    assert isinstance(act, duty.LineCheck)
    givers = {party_of(consent.entry.origin) for consent in crossed.consents}
    dead = act.result == "dead" and act.with_participant == crossed.record.act.executing
    return dead and party_of(taken.entry.origin) in givers


def _changed(crossed: Crossed, taken: Taken) -> bool:
    """The vote belongs to a joint change that was complete beside the start and not before it."""
    act = taken.entry.act
    assert isinstance(act, agreement.Vote)
    kind, _, name = act.thing.partition("/")
    test = CHANGES[kind]
    if isinstance(test, str):
        return False
    changes = completed_by(crossed.past, crossed.beside, taken)
    return any(test(crossed, name, change) for change in changes)


def _terms_changed(crossed: Crossed, name: str, change: Change) -> bool:
    return True


def _treated_otherwise(crossed: Crossed, name: str, change: Change) -> bool:
    return name == crossed.record.act.group


def _area_changed(crossed: Crossed, name: str, change: Change) -> bool:
    """The operation's own area, or another that meets its volume, before the change or after it (law 18)."""
    if name == crossed.record.act.area:
        return True
    known = complete(crossed.beside, change.thing)
    versions = (change, *(known[each] for each in change.after if each in known))
    acts = (proposal_of(crossed.beside, each) for each in versions)
    return any(isinstance(act, areas.AreaPropose) and volumes_meet(act.volume, crossed.volume) for act in acts)


def _without_end(volume: Volume) -> Volume:
    return Volume(ring=volume.ring, band=volume.band, window=Window(from_ms=volume.window.from_ms, until_ms=None))


CHANGES: dict[str, Callable[[Crossed, str, Change], bool] | str] = {
    "terms": _terms_changed,
    "area": _area_changed,
    "group": _treated_otherwise,
    "lift": "lifts a restraint: it takes nothing from a start",
    "precondition": "lets permissions begin: it takes nothing from a start",
    "floor": "follows a suspension or withdrawal, which flags",
}
"""What each kind of joint change does to a start that it crosses; by the first word of the thing."""

_BY_VOTES = "counts by the votes that complete it"
_ANSWER = "about a movement whose request flags; it protects nothing by itself"
_AFTER = "follows the start in its own past"
_ALONE = "an act of one party on its own: it stops nobody's start"
_OWN = "read in the log of the party that starts, where nothing crosses"

CROSSES: dict[type[Act], Test | str] = {
    keys.Join: "names no thing of the agreement",
    keys.Enrol: "adds a key and ends none",
    keys.Rotate: "a new key for the same officer: what the old one signed stands, doubt about it is key.compromised",
    keys.Revoke: _revoked,
    keys.Compromised: _compromised,
    keys.Depute: "adds a seat and ends none",
    keys.Watch: "the office's own receipt: late and early read it",
    keys.ClockStep: _clock_set_back,
    agreement.Vote: _changed,
    agreement.TermsPropose: _BY_VOTES,
    agreement.LiftPropose: _BY_VOTES,
    agreement.PreconditionPropose: _BY_VOTES,
    agreement.GroupPropose: _BY_VOTES,
    agreement.FloorPropose: _BY_VOTES,
    agreement.Suspend: _always,
    agreement.Withdraw: _always,
    areas.AreaPropose: _BY_VOTES,
    areas.AreaDissolve: _BY_VOTES,
    movements.MovementRequest: _in_volume,
    movements.MovementEmergency: _emergency,
    movements.MovementAcknowledge: _ANSWER,
    movements.MovementAgree: _ANSWER,
    movements.MovementDeny: _ANSWER,
    movements.MovementAlternative: _in_volume,
    movements.MovementAccept: _moved,
    movements.MovementDisseminated: _ANSWER,
    movements.MovementClear: _under_way,
    movements.MovementDepart: _under_way,
    movements.MovementDeviate: _ANSWER,
    movements.MovementArrive: "ends a protection",
    movements.MovementCancel: "ends a protection",
    movements.MovementReconcile: _ANSWER,
    movements.MovementConform: _ANSWER,
    movements.FlightNotice: "a notice bars no start",
    operations.OperationPropose: "asks, and permits nothing",
    operations.OperationCounter: _same_request,
    operations.OperationQuery: "a question stops nothing",
    operations.OperationAnswer: "answers a question",
    operations.OperationConsent: "a consent takes nothing back; that to another's operation is " + _OWN,
    operations.OperationRefuse: _same_request,
    operations.OperationWithdraw: _same_request,
    operations.OperationRetract: _same_request,
    operations.OperationConfirm: "confirms, and takes nothing back",
    operations.OperationStart: _other_start,
    operations.OperationEnd: _AFTER,
    operations.OperationReport: _AFTER,
    operations.OperationHarmAnswer: _AFTER,
    operations.OperationReview: _AFTER,
    operations.Hold: _held,
    operations.FactState: _in_volume,
    operations.Authorise: _authorised_less,
    operations.Deauthorise: _deauthorised,
    alone.ThreatSeal: _ALONE,
    alone.ThreatOpen: _ALONE,
    alone.ThreatReview: _ALONE,
    alone.ActivityDeclare: _ALONE,
    alone.ActivityAcknowledge: _ALONE,
    alone.ActivityEnd: _ALONE,
    flights.FlightDeclare: _flown,
    flights.FlightChange: _flown,
    flights.FlightOverdue: "from the end of its window a flight is overdue by the clock of who starts",
    flights.FlightClose: "frees the room of a flight",
    flights.ConflictAnswer: _unsettled,
    tracks.TrackTie: "says what a track is; tracks bar nothing by themselves",
    tracks.AlertAcknowledge: "says that an alert was seen",
    duty.Roster: "says who is to sit where",
    duty.Handover: "says who sits where",
    duty.LineCheck: _line_dead,
    duty.Layer: _OWN,
    duty.PrecautionCheck: _OWN,
}
"""What each act does to a start that it crosses: the test that finds it, or why it cannot matter."""
