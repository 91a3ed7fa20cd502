"""Moves that set two things off against each other: a start, and what would have stopped it."""

from __future__ import annotations

from comity.model.spans import MINUTE_MS
from properties.drama import Drama, party_number
from properties.moves_changes import agree_all, propose_area
from properties.moves_movements import answer_movement, ask_movement, clear, offer
from properties.moves_offices import change_key, check_line, deliver, fact, hold, step_clock, watch
from properties.moves_operations import consent, propose, ready, start, withdraw


def race(drama: Drama, a: int, b: int, c: int) -> bool:
    """A start, and at the same moment what would have stopped it, in another office."""
    ready(drama, a, b, c)
    executing = drama.signatories[a % len(drama.signatories)]
    giver = next(name for name in drama.signatories if name != executing)
    number = drama.offices.index(executing)
    start(drama, party_number(drama, executing), 0, 1)
    for move in (withdraw, hold, ask_movement, fact)[b % 4 : b % 4 + 1]:
        move(drama, party_number(drama, giver) if move is withdraw else drama.offices.index(giver), 0, c)
    deliver(drama, number, drama.offices.index(giver), 0)
    return True


def spoiled(drama: Drama, a: int, b: int, c: int) -> bool:
    """All is ready for a start; then something happens that may end it, heard of or not; then it starts."""
    ready(drama, a, (0, 1, 1, 2)[c % 4], 0)
    executing = drama.signatories[a % len(drama.signatories)]
    giver = next(name for name in drama.signatories if name != executing)
    starter = party_number(drama, executing)
    SPOILS[b % len(SPOILS)](drama, executing, giver, c)
    if c % 3:
        drama.world.share()
    start(drama, starter, 0, 1)
    return True


def lapse(drama: Drama, executing: str, giver: str, c: int) -> None:
    """The clock of one of the two runs on, past a short lease."""
    runs = (executing, giver, "centre")[c % 3]
    drama.world[runs].at_ms += (7, 31, 70)[c % 2] * MINUTE_MS
    check_line(drama, party_number(drama, giver), 0, 0)
    if runs == "centre":
        watch(drama, drama.offices.index("centre"), 0, 0)


def theft(drama: Drama, executing: str, giver: str, c: int) -> None:
    """The giver's key is revoked or was stolen."""
    change_key(drama, party_number(drama, giver), 1, c)


def redraw(drama: Drama, executing: str, giver: str, c: int) -> None:
    """The area is agreed anew, or dissolved."""
    propose_area(drama, 0, (0, 4)[c % 2], 0)
    agree_all(drama, 0, 0, 0)


def rewind(drama: Drama, executing: str, giver: str, c: int) -> None:
    """The executing party's clock passes the lease and is set back."""
    drama.world[executing].at_ms += 45 * MINUTE_MS
    watch(drama, drama.offices.index(executing), 0, 0)
    step_clock(drama, drama.offices.index(executing), 1, c)


def crossing(drama: Drama, executing: str, giver: str, c: int) -> None:
    """The executing party consents to the other's operation in the same air, and may take that back."""
    number = list(drama.signatories).index(giver)
    propose(drama, party_number(drama, giver), number, 0)
    drama.world.deliver(giver, executing)
    consent(drama, party_number(drama, executing), 0, (1, 2, 5)[c % 3])
    if c % 2:
        withdraw(drama, party_number(drama, executing), 0, 0)
    if c % 4 == 3:
        drama.world.deliver(executing, giver)
        start(drama, party_number(drama, giver), 0, 1)


def notice(drama: Drama, executing: str, giver: str, c: int) -> None:
    """Something new about the place: a fact, a hold, a movement."""
    move = (fact, hold, ask_movement)[c % 3]
    move(drama, c, c % 2, 2)


def handshake(drama: Drama, a: int, b: int, c: int) -> bool:
    """A movement is asked for, answered and cleared, while a start may be on its way."""
    ready(drama, a, b, 0)
    requester = drama.offices.index(("centre", drama.signatories[(a + 1) % len(drama.signatories)])[c % 2])
    ask_movement(drama, requester, 0, 0)
    starter = party_number(drama, drama.signatories[a % len(drama.signatories)])
    if c % 3 == 0:
        start(drama, starter, 0, 1)
    drama.world.share()
    if b % 5 == 4:
        offer(drama, drama.offices.index(drama.signatories[a % len(drama.signatories)]), 0, 1)
        drama.world.share()
    for name in drama.signatories:
        answer_movement(drama, drama.offices.index(name), 0, 3 if b % 5 == 4 else 0)
    if c % 3 == 1:
        start(drama, starter, 0, 1)
    if b % 4:
        drama.world.share()
    clear(drama, requester, 0, 0)
    if c % 3 == 2:
        start(drama, starter, 0, 1)
    return True


SPOILS = (lapse, theft, redraw, rewind, crossing, notice)
