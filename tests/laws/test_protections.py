"""Laws 15, 16 and 22: what ends a protection, and by whose word."""

from __future__ import annotations

from typing import Any

from comity.model.acts.keys import Enrol
from comity.model.acts.movements import (
    MovementAccept,
    MovementAlternative,
    MovementArrive,
    MovementCancel,
    MovementDeny,
)
from comity.model.entry import Second
from comity.views.movements import movements
from laws.agreement import Draft, key_of
from laws.plays import admitted, movement, refused, volume
from laws.world import SIGNATURE, World


def test_law_15_end_of_a_protection_is_no_restraint() -> None:
    """An officer with no seat for it, or one alone where two must sign, strips a movement of its protection."""
    world = World(Draft(two_officers=("movement.arrive",)))
    request = movement(world, "south", emergency=True)
    for kind in (MovementArrive, MovementCancel):
        act = kind(request=request.entry.id)
        refused(world.sign("south", act, officer="junior", seat="junior"), "keys", 33)
        refused(world.sign("south", act, officer="junior", seat="duty"), "keys", 33)
    arrive = MovementArrive(request=request.entry.id)
    refused(world.sign("south", arrive), "keys", 33)
    second = Second(key=world.key("south", "second"), seat="duty", signature=SIGNATURE)
    admitted(world.sign("south", arrive, second=second))


def test_law_15_end_of_a_protection_needs_the_passkey() -> None:
    """Whoever got hold of a key, and not of the passkey enrolled with it, ends a protection."""
    world = World()
    request = movement(world, "south")
    key = key_of("with a passkey")
    enrol = Enrol(officer="ben", seats=("duty",), key=key, proof=SIGNATURE, passkey="ed25519:" + key_of("a passkey"))
    admitted(world.sign("south", enrol, officer="root", seat="root"))
    refused(world.sign("south", MovementCancel(request=request.entry.id), key=key), "keys", 33)


def test_law_22_movement_of_the_centre_is_ended_by_who_asked() -> None:
    """A party's officer at the centre ends, or moves to other air, what the other party's officer asked for there."""
    world = World()
    key = key_of("south at the centre")
    enrol = Enrol(officer="ben", seats=("duty",), key=key, proof=SIGNATURE)
    admitted(world.sign("south", enrol, officer="root", seat="root"))
    world.share()
    request = admitted(movement(world, "centre"))
    world.share()
    other = admitted(world.sign("north", MovementAlternative(request=request.entry.id, **_elsewhere())))
    world.share()
    for act in (
        MovementCancel(request=request.entry.id),
        MovementArrive(request=request.entry.id),
        MovementAccept(request=request.entry.id, alternative=other.entry.id),
    ):
        refused(world.sign("centre", act, key=key), "movement", 22)
    second = Second(key=world.key("centre", "first"), seat="duty", signature=SIGNATURE)
    admitted(world.sign("centre", MovementCancel(request=request.entry.id), key=key, second=second))


def _elsewhere() -> dict[str, Any]:
    return {"route": ((360_000_000, 374_000_000), (361_000_000, 374_000_000)), "volume": volume("quarry")}


def test_law_16_movement_that_is_over_shows_as_over() -> None:
    """A denial that crosses the owner's end leaves a movement that protects no more on the screen as denied."""
    world = World()
    request = movement(world, "south")
    world.share()
    admitted(world.sign("north", MovementDeny(request=request.entry.id, reason="unsafe")))
    admitted(world.sign("south", MovementCancel(request=request.entry.id)))
    world.share()
    for name in world.offices:
        [standing] = movements(world[name].view, world.at_ms)
        assert standing.record.over and standing.status == "cancelled"
