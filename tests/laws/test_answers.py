"""Law 20 and J8: an agreement to a movement is to what is asked for now; and who has left stops nobody (law 10)."""

from __future__ import annotations

from comity.model.acts.movements import (
    MovementAccept,
    MovementAcknowledge,
    MovementAgree,
    MovementAlternative,
    MovementClear,
)
from comity.model.acts.operations import Hold
from comity.model.history import Taken
from laws.agreement import Draft, Names
from laws.plays import Play, admitted, amend, designate, lift, movement, refused, volume
from laws.world import World

ROUTE = ((360_000_000, 370_000_000), (361_000_000, 370_000_000))


def offered(*places: str) -> tuple[World, Taken, list[Taken]]:
    """North asks for a flight; south has acknowledged it and offers it other air; everybody holds all of it."""
    world = World()
    request = movement(world, "north")
    world.share()
    admitted(world.sign("south", MovementAcknowledge(request=request.entry.id)))
    offers = [
        admitted(world.sign("south", MovementAlternative(request=request.entry.id, route=ROUTE, volume=volume(place))))
        for place in places
    ]
    world.share()
    return world, request, offers


def accept(world: World, request: Taken, offer: Taken) -> None:
    """North takes what was offered."""
    admitted(world.sign("north", MovementAccept(request=request.entry.id, alternative=offer.entry.id)))


def agree(world: World, request: Taken, offer: Taken | None = None) -> None:
    """South agrees to the request, or to what it offered."""
    alternative = offer.entry.id if offer is not None else None
    admitted(world.sign("south", MovementAgree(request=request.entry.id, alternative=alternative)))


def clear(world: World, request: Taken) -> Taken:
    """North clears."""
    return world.sign("north", MovementClear(request=request.entry.id))


def test_law_20_agreement_is_to_what_is_asked_now() -> None:
    """South agreed to one route; north takes another and clears on the old word."""
    world, request, (other,) = offered("quarry")
    agree(world, request)
    world.share()
    accept(world, request, other)
    refused(clear(world, request), "movement.clearance")
    world.share()
    agree(world, request, other)
    world.share()
    admitted(clear(world, request))


def test_law_20_agreement_ends_with_the_next_acceptance() -> None:
    """North goes from one offer to another and back: the word given for the first was given before the second."""
    world, request, (one, other) = offered("quarry", "airfield")
    accept(world, request, one)
    world.share()
    agree(world, request, one)
    world.share()
    accept(world, request, other)
    accept(world, request, one)
    refused(clear(world, request), "movement.clearance")


def test_law_20_agreement_knows_the_acceptance() -> None:
    """An agreement that crosses the newest acceptance was given for an earlier one, however late it stands in order."""
    world, request, (one, other) = offered("quarry", "airfield")
    accept(world, request, one)
    world.share()
    accept(world, request, other)
    accept(world, request, one)
    for _ in range(4):
        admitted(world.sign("south", Hold(volume=volume("orchard"), until_ms=world.at_ms + 1)))
    agree(world, request, one)
    world.deliver("south", "north")
    refused(clear(world, request), "movement.clearance")
    world.share()
    agree(world, request, one)
    world.share()
    admitted(clear(world, request))


def test_law_20_lifted_movement_is_not_cleared() -> None:
    """All have lifted a movement, which keeps no start out any more; its owner clears it into somebody's start."""
    world, request, _ = offered()
    agree(world, request)
    world.share()
    lift(world, request)
    refused(clear(world, request), "movement.clearance", 20)


def test_law_10_request_of_one_who_has_left_stops_no_office() -> None:
    """The drafter of a request is no participant any more: whoever consents to it would find no officer and stop."""
    world = World(Draft(names=Names(signatories=("north", "south", "east"))))
    designate(world)
    play = Play(world, executing="north", drafted_by="east")
    admitted(play.propose())
    amend(world, Draft(edition=2))
    admitted(play.consent("south"))
    world.share()
    assert all(world.local(name, play.consents["south"]).refusal is None for name in ("north", "south", "centre"))
