"""What officers do at random: they propose, consent, confirm, start, withdraw, hold, move, vote and check lines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from comity.model.acts import Act
from comity.model.acts.agreement import LiftPropose, Suspend, Vote
from comity.model.acts.alone import ActivityDeclare
from comity.model.acts.areas import AreaPropose
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import ClockStep
from comity.model.acts.movements import (
    MovementAcknowledge,
    MovementAgree,
    MovementArrive,
    MovementClear,
    MovementRequest,
)
from comity.model.acts.operations import (
    FactState,
    Hold,
    OperationConfirm,
    OperationConsent,
    OperationEnd,
    OperationPropose,
    OperationRetract,
    OperationStart,
    OperationWithdraw,
)
from comity.model.history import Taken
from comity.model.records.change import heads, open_round, terms_to_name
from comity.model.records.restraints import suspensions
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.model.volume import Band, Ring, Volume, Window
from comity.office.office import Office

AREA = "valley"
RECENT = 6
EVERYWHERE = Band(floor=None, ceiling=None)
Deed = Callable[[Office, random.Random], Iterator[Act]]


def ring(lat_e7: int, lon_e7: int, half_e7: int) -> Ring:
    """A square."""
    return (
        (lat_e7 - half_e7, lon_e7 - half_e7),
        (lat_e7 - half_e7, lon_e7 + half_e7),
        (lat_e7 + half_e7, lon_e7 + half_e7),
        (lat_e7 + half_e7, lon_e7 - half_e7),
    )


def volume(office: Office, dice: random.Random) -> Volume:
    """Some of the air in the area, for some hours."""
    now_ms = office.clock.now_ms()
    place = ring(dice.randint(-4, 4) * 1_000_000, dice.randint(-4, 4) * 1_000_000, 500_000)
    return Volume(ring=place, band=EVERYWHERE, window=Window(from_ms=now_ms, until_ms=now_ms + 6 * HOUR_MS))


def chosen(office: Office, dice: random.Random) -> Iterator[Act]:
    """Acts that an officer may want to sign now, one kind chosen at random."""
    if suspensions(office.view()) and dice.random() < 0.4:
        return suspend(office, dice)
    return dice.choices(list(DEEDS), weights=list(DEEDS.values()))[0](office, dice)


def check_line(office: Office, dice: random.Random) -> Iterator[Act]:
    others = [name for name in office.peers if name != "centre"]
    yield LineCheck(with_participant=dice.choice(others), result=dice.choice(("working", "working", "dead")))


def designate(office: Office, dice: random.Random) -> Iterator[Act]:
    """Proposes the area, or votes for what was proposed."""
    view = office.view()
    if heads(view, f"area/{AREA}"):
        return
    for taken in view.about("proposals/area"):
        act = taken.entry.act
        if isinstance(act, AreaPropose) and act.area == AREA:
            number = open_round(view, act.thing, act.after, terms_to_name(view))
            yield Vote(thing=act.thing, after=act.after, round=number, content=act.content())
            return
    yield AreaPropose(area=AREA, tier="open", ring=ring(0, 0, 9_000_000), band=EVERYWHERE)


def propose(office: Office, dice: random.Random) -> Iterator[Act]:
    executing = dice.choice(office.history.known.founding.signatories)
    yield OperationPropose(
        operation=f"op-{dice.randint(1, 10**6)}",
        area=AREA,
        group="bands",
        executing=executing,
        volume=volume(office, dice),
    )


def consent(office: Office, dice: random.Random) -> Iterator[Act]:
    for taken in _some(office, dice, "operations", OperationPropose):
        act = taken.entry.act
        assert isinstance(act, OperationPropose)
        if act.executing != office.participant.id:
            expires_ms = office.clock.now_ms() + 3 * HOUR_MS
            yield OperationConsent(request=taken.entry.id, executing=act.executing, expires_ms=expires_ms)


def confirm_or_withdraw(office: Office, dice: random.Random) -> Iterator[Act]:
    for request in _some(office, dice, "operations", OperationPropose):
        for taken in office.view().about(f"operation/{request.entry.id}"):
            if isinstance(taken.entry.act, OperationConsent) and taken.entry.origin == office.origin:
                make = OperationWithdraw if dice.random() < 0.3 else OperationConfirm
                yield make(request=request.entry.id, consent=taken.entry.id)


def start_or_end(office: Office, dice: random.Random) -> Iterator[Act]:
    for request in _some(office, dice, "operations", OperationPropose):
        about = office.view().about(f"operation/{request.entry.id}")
        if any(isinstance(taken.entry.act, OperationStart) for taken in about):
            yield OperationEnd(request=request.entry.id, how="completed")
            continue
        consents = tuple(taken.entry.id for taken in about if isinstance(taken.entry.act, OperationConsent))
        if consents:
            yield OperationStart(request=request.entry.id, consents=consents[-4:])


def retract(office: Office, dice: random.Random) -> Iterator[Act]:
    for request in _some(office, dice, "operations", OperationPropose):
        yield OperationRetract(request=request.entry.id)


def restrain(office: Office, dice: random.Random) -> Iterator[Act]:
    if dice.random() < 0.5:
        yield FactState(fact="convoy-seen", volume=volume(office, dice))
    else:
        yield Hold(volume=volume(office, dice), until_ms=office.clock.now_ms() + 20 * MINUTE_MS)


def suspend(office: Office, dice: random.Random) -> Iterator[Act]:
    """Suspends, or proposes and votes to lift the newest suspension."""
    view = office.view()
    standing = suspensions(view)
    if not standing:
        yield Suspend()
        return
    lift = LiftPropose(lifts=(standing[-1].entry.id,))
    if view.about(f"proposal/{lift.content()}"):
        number = open_round(view, lift.thing, (), terms_to_name(view))
        yield Vote(thing=lift.thing, after=(), round=number, content=lift.content())
    else:
        yield lift


def move(office: Office, dice: random.Random) -> Iterator[Act]:
    yield MovementRequest(
        movement=f"mv-{dice.randint(1, 10**6)}",
        kind="convoy",
        category="rescue",
        operator=office.participant.id,
        route=((0, 0), (1_000_000, 1_000_000)),
        crew_count=2,
        volume=volume(office, dice),
    )


def answer_movement(office: Office, dice: random.Random) -> Iterator[Act]:
    for taken in _some(office, dice, "movements", MovementRequest):
        request = taken.entry.id
        if taken.entry.origin == office.origin:
            yield MovementArrive(request=request) if dice.random() < 0.5 else MovementClear(request=request)
        elif dice.random() < 0.5:
            yield MovementAcknowledge(request=request)
        else:
            yield MovementAgree(request=request)


def declare(office: Office, dice: random.Random) -> Iterator[Act]:
    yield ActivityDeclare(activity=f"a-{dice.randint(1, 10**6)}", group="guards", volume=volume(office, dice))


def set_clock_back(office: Office) -> ClockStep | None:
    """The act that two officers sign when the own log is ahead of the clock."""
    branch = office.logs.first(office.origin)
    if branch is None:
        return None
    return ClockStep(before_ms=office.history.at(branch.id, branch.size - 1).entry.at_ms)


DEEDS: dict[Deed, int] = {
    check_line: 12,
    designate: 8,
    propose: 10,
    consent: 14,
    confirm_or_withdraw: 14,
    start_or_end: 14,
    retract: 1,
    restrain: 4,
    suspend: 1,
    move: 3,
    answer_movement: 6,
    declare: 2,
}


def _some(office: Office, dice: random.Random, subject: str, kind: type[Act]) -> list[Taken]:
    found = [taken for taken in office.view().about(subject)[-4 * RECENT :] if isinstance(taken.entry.act, kind)]
    recent = found[-RECENT:]
    dice.shuffle(recent)
    return recent
