"""Attacks on what is cleared, and on the way of a movement from its clearance to its end (J8; laws 16, 20, 22)."""

from __future__ import annotations

from comity.model.acts.movements import (
    MovementAccept,
    MovementAcknowledge,
    MovementAgree,
    MovementAlternative,
    MovementDisseminated,
)
from comity.model.history import Taken
from laws.agreement import Draft
from laws.plays import admitted, clear, movement, refused, volume
from laws.world import World


class WithUnit(Draft):
    """An agreement that names a unit of south's, which is told of every movement."""

    def _lists(self) -> list[str]:
        return [*Draft._lists(self), '[[unit]]\nid = "wing"\nname = "wing"\nparticipant = "south"']


def tell(world: World, request: Taken) -> Taken:
    """South's unit says that it was told of the movement as it then stands."""
    return admitted(world.sign("south", MovementDisseminated(request=request.entry.id, unit="wing")))


def test_law_20_units_are_told_of_what_is_cleared() -> None:
    """A unit is told of one way; another is offered, taken, agreed to and cleared, of which no unit knows."""
    world = World(WithUnit())
    request = movement(world, "north")
    world.share()
    admitted(world.sign("south", MovementAcknowledge(request=request.entry.id)))
    tell(world, request)
    offer = MovementAlternative(
        request=request.entry.id,
        route=((360_000_000, 370_000_000), (361_000_000, 374_000_000)),
        volume=volume("quarry"),
    )
    offered = admitted(world.sign("south", offer))
    world.share()
    admitted(world.sign("north", MovementAccept(request=request.entry.id, alternative=offered.entry.id)))
    tell(world, request)  # crosses the acceptance: it is about the old way still
    world.share()
    admitted(world.sign("south", MovementAgree(request=request.entry.id, alternative=offered.entry.id)))
    world.share()
    refused(clear(world, request, "north"), "movement.dissemination")
    tell(world, request)
    world.share()
    admitted(clear(world, request, "north"))
