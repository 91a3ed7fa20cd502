"""Declared flights in the plays of the laws: declared, changed, answered, closed."""

from __future__ import annotations

from comity.model.acts.flights import Answer, ConflictAnswer, FlightChange, FlightClose, FlightDeclare
from comity.model.history import Taken, View
from comity.model.records.change import terms_to_judge_by
from comity.model.records.conflicts import Conflict, conflicts_of, is_settled
from comity.model.records.flights import flights
from laws.plays import admitted, volume
from laws.world import World

LEVEL: Answer = "separated-by-level"


def declare(
    world: World, by: str, place: str = "orchard", from_h: float = 0, until_h: float | None = 6, name: str = "fl-1"
) -> Taken:
    """A flight of the signer's own, in its own office."""
    act = FlightDeclare(
        flight=name, operator=world.written(by), aircraft_class="rotary", volume=volume(place, from_h, until_h)
    )
    return admitted(world.sign(by, act))


def change(world: World, declared: Taken, place: str, from_h: float = 0, until_h: float | None = 6) -> Taken:
    """Its owner moves the flight."""
    act, by = declared.entry.act, owner(world, declared)
    assert isinstance(act, FlightDeclare)
    said = FlightChange(
        declaration=declared.entry.id,
        flight=act.flight,
        operator=act.operator,
        aircraft_class=act.aircraft_class,
        volume=volume(place, from_h, until_h),
    )
    return admitted(world.sign(by, said))


def close(world: World, declared: Taken) -> Taken:
    """Its owner closes the flight."""
    return admitted(world.sign(owner(world, declared), FlightClose(declaration=declared.entry.id, how="landed")))


def answer(world: World, by: str, declared: Taken, other: Taken, word: Answer = LEVEL, officer: str = "first") -> Taken:
    """One side's word on a conflict."""
    act = ConflictAnswer(declaration=declared.entry.id, other=other.entry.id, answer=word)
    return world.sign(by, act, officer=officer)


def found(world: World, at: str = "north") -> list[tuple[str, str, tuple[str, ...], bool]]:
    """What an office finds: the flight, the act that it conflicts with, the sides, and whether it is settled."""
    view, at_ms = world[at].view, world[at].at_ms
    return [
        (each.flight.act.flight, each.other.entry.header.act, tuple(sorted(each.sides)), is_settled(view, each, at_ms))
        for each in every_conflict(view, at_ms)
    ]


def every_conflict(view: View, at_ms: int) -> list[Conflict]:
    """Each conflict of each flight once, a party's own too, however many: what no list leaves out."""
    terms, each_once = terms_to_judge_by(view), dict[frozenset[str], Conflict]()
    for one in flights(view):
        for each in conflicts_of(view, terms, one, at_ms):
            each_once.setdefault(each.ends, each)
    return list(each_once.values())


def owner(world: World, declared: Taken) -> str:
    """Whose office signed the declaration."""
    return next(name for name, office in world.offices.items() if office.origin == declared.entry.origin)
