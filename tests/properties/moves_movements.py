"""Moves about exempt movements: asked for, answered, offered otherwise, cleared, ended."""

from __future__ import annotations

from comity.model.acts.movements import (
    MovementAccept,
    MovementAcknowledge,
    MovementAgree,
    MovementAlternative,
    MovementArrive,
    MovementCancel,
    MovementClear,
    MovementDeny,
    MovementRequest,
)
from comity.model.history import Taken
from laws.plays import volume
from properties.drama import PLACES, Drama, pick


def ask_movement(drama: Drama, a: int, b: int, c: int) -> bool:
    """An exempt flight is asked for."""
    who, write = drama.who(a), drama.world.written
    act = MovementRequest(
        movement=drama.next_name("flight"),
        kind="flight",
        category=write("rescue"),
        operator=write(drama.world[who].party),
        route=((360_000_000, 370_000_000), (361_000_000, 370_000_000)),
        volume=volume(PLACES[b % 2], 0, (6, 1)[c % 2]),
        crew_count=2,
    )
    drama.sign(who, act)
    return True


def answer_movement(drama: Drama, a: int, b: int, c: int) -> bool:
    """Somebody acknowledges, agrees to, or does both to a movement."""
    who = drama.who(a)
    request = pick(drama.known(who, MovementRequest)[:2], b)
    if request is None:
        return False
    if c % 3 != 1:
        drama.sign(who, MovementAcknowledge(request=request.entry.id))
    if c % 3 != 2:
        accepted = [each.entry.act for each in _about(drama, who, request, MovementAccept)]
        alternative = getattr(accepted[0], "alternative", None) if accepted and c % 4 else None
        drama.sign(who, MovementAgree(request=request.entry.id, alternative=alternative))
    return True


def offer(drama: Drama, a: int, b: int, c: int) -> bool:
    """Somebody offers a movement other air, or denies it; and the requester may take what was offered last."""
    who = drama.who(a)
    request = pick(drama.known(who, MovementRequest)[:2], b)
    if request is None:
        return False
    if c % 5 == 4:
        drama.sign(who, MovementDeny(request=request.entry.id, reason="unsafe"))
        return True
    place = PLACES[(b + c) % 2]
    route = ((360_000_000, 370_000_000), (361_000_000, 370_000_000))
    drama.sign(who, MovementAlternative(request=request.entry.id, route=route, volume=volume(place)))
    if c % 2:
        requester = next(name for name in drama.offices if drama.world[name].origin == request.entry.origin)
        drama.world.deliver(who, requester)
        return accept(drama, drama.offices.index(requester), 0, c)
    return True


def accept(drama: Drama, a: int, b: int, c: int) -> bool:
    """The requester, or in vain another, takes an alternative."""
    who = drama.who(a)
    offered = pick(drama.known(who, MovementAlternative)[:3], b)
    if offered is None or not isinstance(act := offered.entry.act, MovementAlternative):
        return False
    drama.sign(who, MovementAccept(request=act.request, alternative=offered.entry.id))
    return True


def _about(drama: Drama, who: str, request: Taken, kind: type) -> list[Taken]:
    found = drama.known(who, kind)
    return [each for each in found if getattr(each.entry.act, "request", None) == request.entry.id]


def clear(drama: Drama, a: int, b: int, c: int) -> bool:
    """The requester, or in vain another, clears."""
    who = drama.who(a)
    own = [each for each in drama.known(who, MovementRequest) if each.entry.origin == drama.world[who].origin]
    request = pick(own or drama.known(who, MovementRequest), b)
    if request is None:
        return False
    drama.sign(who, MovementClear(request=request.entry.id))
    return True


def finish_movement(drama: Drama, a: int, b: int, c: int) -> bool:
    """The requester, or in vain another, arrives or cancels."""
    who = drama.who(a)
    request = pick(drama.known(who, MovementRequest)[:3], b)
    if request is None:
        return False
    kind = (MovementArrive, MovementCancel)[c % 2]
    drama.sign(who, kind(request=request.entry.id))
    return True
