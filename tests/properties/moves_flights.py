"""Moves about declared flights: declared, moved, closed, answered for."""

from __future__ import annotations

from comity.model.acts.flights import Answer, ConflictAnswer, FlightChange, FlightClose, FlightDeclare
from comity.model.acts.movements import MovementRequest
from comity.model.acts.operations import OperationPropose
from laws.plays import volume
from properties.drama import PLACES, Drama, pick

UNTIL_H = (6, 0.5, None)
ANSWERS: tuple[Answer, ...] = ("separated-by-level", "separated-by-level", "separated-by-time", "disputed")


def declare_flight(drama: Drama, a: int, b: int, c: int) -> bool:
    """A flight is declared, by its own party or, in vain, in another's name."""
    who = drama.who(a)
    operator = drama.world[who].party if c % 7 else "north"
    act = FlightDeclare(
        flight=drama.next_name("flight"),
        operator=drama.world.written(operator),
        aircraft_class="rotary",
        volume=volume(PLACES[b % 2], 0, UNTIL_H[c % 3]),
    )
    drama.sign(who, act)
    return True


def move_flight(drama: Drama, a: int, b: int, c: int) -> bool:
    """Its owner, or in vain another, says anew where it is, or closes it."""
    who = drama.who(a)
    declared = pick(drama.known(who, FlightDeclare)[:3], b)
    if declared is None:
        return False
    if c % 3 == 0:
        drama.sign(who, FlightClose(declaration=declared.entry.id, how="landed"))
        return True
    act = FlightChange(
        declaration=declared.entry.id,
        flight="moved",
        operator=drama.world.written(drama.world[who].party),
        aircraft_class="rotary",
        volume=volume(PLACES[c % 2], 0, UNTIL_H[b % 3]),
    )
    drama.sign(who, act)
    return True


def answer_conflict(drama: Drama, a: int, b: int, c: int) -> bool:
    """Somebody answers for a flight and another thing; mostly both sides of it, in turn, as far as they have it."""
    who = drama.who(a)
    declared = pick(drama.known(who, FlightDeclare)[:2], b)
    other = pick(drama.known(who, OperationPropose, MovementRequest, FlightDeclare)[:3], c)
    if declared is None or other is None:
        return False
    act = ConflictAnswer(declaration=declared.entry.id, other=other.entry.id, answer=ANSWERS[c % len(ANSWERS)])
    for each in drama.offices if b % 2 else (who,):
        if drama.world.holds(each, declared) and drama.world.holds(each, other):
            drama.sign(each, act)
    return True
