"""Moves about operations: consent, start, what crosses a start, and what spoils it."""

from __future__ import annotations

from comity.model.acts.duty import LineCheck
from comity.model.acts.operations import (
    OperationConfirm,
    OperationConsent,
    OperationEnd,
    OperationPropose,
    OperationStart,
    OperationWithdraw,
)
from comity.model.history import Taken
from comity.model.records.areas import area_versions
from comity.model.spans import HOUR_MS, MINUTE_MS
from laws.plays import volume
from laws.world import NOON_MS
from properties.drama import LEASES_MIN, PLACES, Drama, pick
from properties.moves_changes import agree_all, propose_area


def propose(drama: Drama, a: int, b: int, c: int) -> bool:
    """A request, drafted by either party."""
    write = drama.world.written
    executing = drama.world[drama.party(b)].party
    hour = max(0, drama.world[drama.party(a)].at_ms - NOON_MS) // HOUR_MS
    act = OperationPropose(
        operation=drama.next_name("op"),
        area=write("valley"),
        group=write("bands"),
        executing=write(executing),
        volume=volume(PLACES[c % 3], hour + (0, 0, 0, 2)[c % 4], hour + (6, 12, 3)[b % 3]),
    )
    drama.sign(drama.party(a), act)
    return True


def consent(drama: Drama, a: int, b: int, c: int) -> bool:
    """A consent to something requested, by whichever officer."""
    who = drama.party(a)
    request = pick(drama.known(who, OperationPropose)[:3], b)
    if request is None:
        return False
    assert isinstance(request.entry.act, OperationPropose)
    expires_ms = drama.world[who].at_ms + LEASES_MIN[c % 3] * MINUTE_MS
    act = OperationConsent(request=request.entry.id, executing=request.entry.act.executing, expires_ms=expires_ms)
    given = drama.sign(who, act, "second" if c % 4 else "first")
    drama.sign(who, OperationConfirm(request=request.entry.id, consent=given.entry.id), "second")
    return True


def withdraw(drama: Drama, a: int, b: int, c: int) -> bool:
    """A consent is taken back; sometimes another's, in vain."""
    who = drama.party(a)
    given = pick(drama.known(who, OperationConsent)[:3], b)
    if given is None:
        return False
    assert isinstance(given.entry.act, OperationConsent)
    drama.sign(who, OperationWithdraw(request=given.entry.act.request, consent=given.entry.id))
    return True


def start(drama: Drama, a: int, b: int, c: int) -> bool:
    """A start after consents, citing what there is; sometimes by the wrong party, or citing others."""
    who = drama.party(a)
    party = drama.world.written(drama.world[who].party)
    requests = [taken for taken in drama.known(who, OperationPropose) if executes(taken, party) or c % 7 == 6]
    consented = [each for each in requests if consents_to(drama, who, each)]
    request = pick(consented or requests if b % 6 < 5 else requests, (0, 0, 1, 2)[b % 4])
    if request is None:
        return False
    consents = consents_to(drama, who, request)
    cited = [each.entry.id for each in (consents if c % 5 else drama.known(who, OperationConsent)[:2])]
    drama.sign(who, OperationStart(request=request.entry.id, consents=tuple(cited[:2]) or (request.entry.id,)))
    return True


def executes(request: Taken, party: str) -> bool:
    """Whether a request names that executing party."""
    act = request.entry.act
    return isinstance(act, OperationPropose) and act.executing == party


def consents_to(drama: Drama, who: str, request: Taken) -> list[Taken]:
    """The consents to a request that an office holds."""
    found = []
    for taken in drama.known(who, OperationConsent):
        act = taken.entry.act
        if isinstance(act, OperationConsent) and act.request == request.entry.id:
            found.append(taken)
    return found


def ready(drama: Drama, a: int, b: int, c: int) -> bool:
    """An area in force, lines tried, a request consented to and confirmed: the next start is likely admitted."""
    write, executing = drama.world.written, drama.signatories[a % len(drama.signatories)]
    drama.world.share()
    if not area_versions(drama.world[executing].view, write("valley")):
        propose_area(drama, 0, 0, 0)
        agree_all(drama, 0, 0, 0)
    drama.world.share()
    for who in drama.signatories:
        for other in drama.signatories:
            if who != other:
                drama.sign(who, LineCheck(with_participant=write(other), result="working"))
    numbers = {name: index for index, name in enumerate(drama.offices)}
    propose(drama, numbers[executing], list(drama.signatories).index(executing), c)
    drama.world.share()
    for who in drama.signatories:
        if who != executing:
            request = pick(drama.known(who, OperationPropose), 0)
            if request is None:
                return False
            expires_ms = drama.world[who].at_ms + LEASES_MIN[b % 3] * MINUTE_MS
            act = OperationConsent(request=request.entry.id, executing=write(executing), expires_ms=expires_ms)
            given = drama.sign(who, act, "second")
            drama.sign(who, OperationConfirm(request=request.entry.id, consent=given.entry.id), "second")
    drama.world.share()
    return True


def end(drama: Drama, a: int, b: int, c: int) -> bool:
    """An operation ends."""
    who = drama.party(a)
    started = pick(drama.known(who, OperationStart), b)
    if started is None:
        return False
    assert isinstance(started.entry.act, OperationStart)
    drama.sign(who, OperationEnd(request=started.entry.act.request, how="completed"))
    return True
