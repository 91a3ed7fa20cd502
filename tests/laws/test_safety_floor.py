"""Law 16 and J17 for the safety floor: it stands through every stop until all end it, and is restored by all."""

from __future__ import annotations

import pytest

from comity.model.acts.agreement import FloorPropose, Suspend, Vote, Withdraw
from comity.model.acts.movements import MovementAgree
from comity.model.history import Taken
from comity.model.records.change import heads
from comity.model.records.floor import floor_stands
from comity.views.agreement import agreement_status
from laws.plays import admitted, lift, movement, refused, stage
from laws.world import World


def suspended(act: type[Suspend | Withdraw] = Suspend) -> tuple[World, Taken]:
    """North has stopped the agreement, and everybody knows."""
    world = World()
    stop = admitted(world.sign("north", act()))
    world.share()
    return world, stop


def end_floor(world: World, stands: bool = False) -> None:
    """Both end the floor, or restore it."""
    world.agree("north", "south", propose=lambda after: FloorPropose(after=after, stands=stands))


@pytest.mark.parametrize("act", [Suspend, Withdraw])
def test_law_16_floor_is_ended_and_restored(act: type[Suspend | Withdraw]) -> None:
    """What every signature ended by mistake every signature restores, while the agreement is still stopped."""
    world, _ = suspended(act)
    words = {Suspend: "suspended, the safety floor has ended", Withdraw: "over"}
    before = agreement_status(world["south"].view)
    refused(world.sign("north", FloorPropose(stands=True)), "agreement.floor")
    end_floor(world)
    assert agreement_status(world["south"].view) == words[act]
    (head,) = _floor_heads(world)
    refused(world.sign("north", FloorPropose(after=(head,))), "agreement.floor")
    end_floor(world, stands=True)
    assert agreement_status(world["south"].view) == before
    assert floor_stands(world["south"].view)


def test_law_16_floor_is_there_again_after_a_resumption() -> None:
    """A floor that was ended under one suspension would be missing under the next, when nobody thinks of it."""
    world, stop = suspended()
    end_floor(world)
    assert not floor_stands(world["south"].view)
    lift(world, stop)
    assert agreement_status(world["south"].view) == "in force"
    refused(world.sign("north", FloorPropose(after=tuple(_floor_heads(world)))), "agreement.floor")
    admitted(world.sign("south", Suspend()))
    world.share()
    assert agreement_status(world["north"].view) == "suspended, the safety floor stands"
    end_floor(world)
    assert agreement_status(world["north"].view) == "suspended, the safety floor has ended"


def test_law_16_floor_ended_under_one_stop_stands_for_another_that_none_knew_of() -> None:
    """Two end the floor; one had suspended beside it for another reason, and the first suspension is lifted."""
    world, stop = suspended()
    act = FloorPropose()
    admitted(world.sign("north", act))
    world.share()
    for name in ("north", "south"):
        admitted(world.sign(name, Vote(thing="floor", after=(), round=0, content=act.content())))
    admitted(world.sign("south", Suspend()))
    world.share()
    assert not floor_stands(world["north"].view)
    lift(world, stop)
    assert floor_stands(world["north"].view)


def test_law_16_floor_carries_exempt_movements() -> None:
    """While the floor stands a movement is agreed to under a suspension, once it has ended none, then again."""
    world = stage().world
    admitted(world.sign("north", Suspend()))
    asked = movement(world, "centre")
    world.share()
    end_floor(world)
    refused(world.sign("south", MovementAgree(request=asked.entry.id)), "agreement.suspension")
    end_floor(world, stands=True)
    admitted(world.sign("south", MovementAgree(request=asked.entry.id)))


def _floor_heads(world: World) -> list[str]:
    return [each.id for each in heads(world["north"].view, "floor")]
