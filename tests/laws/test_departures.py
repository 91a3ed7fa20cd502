"""Attacks on what is cleared, and on the way of a movement from its clearance to its end (J8; laws 16, 20, 22)."""

from __future__ import annotations

from comity.model.acts.agreement import Suspend
from comity.model.acts.keys import Enrol
from comity.model.acts.movements import (
    MovementAccept,
    MovementAcknowledge,
    MovementAgree,
    MovementAlternative,
    MovementDepart,
    MovementDeviate,
    MovementDisseminated,
)
from comity.model.acts.operations import Hold, OperationAnswer, OperationQuery
from comity.model.history import Taken
from comity.views.movements import movements
from laws.agreement import Draft
from laws.plays import Play, acknowledge, admitted, clear, designate, lift, movement, refused, stage, volume
from laws.world import SIGNATURE, World


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


def cleared(world: World, by: str = "north", from_h: float = 0) -> Taken:
    """A movement that all have agreed to and its owner has cleared; everybody holds it."""
    request = movement(world, by, from_h=from_h)
    world.share()
    acknowledge(world, request, *({"north", "south"} - {by}))
    world.share()
    admitted(clear(world, request, by))
    world.share()
    return request


def test_law_20_nothing_departs_before_its_window() -> None:
    """What is cleared for two o'clock leaves at noon, into the air that a start may take until two."""
    play = stage(until_h=1)
    world = play.world
    request = cleared(world, "centre", from_h=2)
    refused(world.sign("centre", MovementDepart(request=request.entry.id)), "movement.clearance", 20)
    admitted(play.start())
    play.end()
    world.tick(120)
    admitted(world.sign("centre", MovementDepart(request=request.entry.id)))


def test_law_20_departs_into_no_start() -> None:
    """A party forks, answers a movement on one branch and starts in its air on the other: the movement is cleared, its
    owner then sees the start, and departs; whoever must not wait has declared an emergency."""
    play = stage(executing="south", drafted_by="south")
    world = play.world
    world.twin("south", "double")
    request, urgent = movement(world, "north"), movement(world, "north", emergency=True)
    world.share("north", "south")
    acknowledge(world, request, "south")
    world.deliver("south", "north")
    admitted(clear(world, request, "north"))
    admitted(play.start(by="double"))
    world.deliver("double", "monitor")
    admitted(world.sign("monitor", Hold(volume=volume("quarry"))))
    world.deliver("monitor", "north")
    depart = MovementDepart(request=request.entry.id)
    (row,) = [
        each for each in movements(world["north"].view, world.at_ms) if each.record.request.entry is request.entry
    ]
    assert any(each.startswith("held") for each in row.conditions)
    assert any("may not depart: operation op-1 is under way" in each for each in row.conditions)
    refused(world.sign("north", depart), "movement.clearance", 20)
    admitted(world.sign("north", MovementDepart(request=urgent.entry.id)))


def test_law_20_departs_after_what_started_before_its_window() -> None:
    """What started in the hours before a cleared movement is not over when its window begins: it departs all the same,
    and the crew reads of no operation."""
    play = stage(until_h=1)
    world = play.world
    request = cleared(world, "centre", from_h=2)
    admitted(play.start())
    world.tick(125)
    world.share()
    depart = MovementDepart(request=request.entry.id)
    refused(world.sign("centre", depart), "movement.clearance", 20)
    admitted(play.end())
    world.share()
    admitted(world.sign("centre", depart))


def test_law_20_early_emergency_is_protected_from_its_departure() -> None:
    """An emergency declared for two o'clock leaves at noon: whoever has seen it leave starts nothing in its air."""
    play = stage(until_h=1)
    world = play.world
    request = movement(world, "centre", emergency=True, from_h=2, until_h=4)
    admitted(world.sign("centre", MovementDepart(request=request.entry.id)))
    world.share()
    other = Play(world, operation="op-2", until_h=1)
    other.ready()
    refused(other.start(), "movement.clearance", 20)


def test_law_16_lifted_movement_does_not_depart() -> None:
    """All have lifted what was cleared, and a start is in its air; its owner departs under the old clearance."""
    play = stage()
    world = play.world
    request = cleared(world)
    lift(world, request)
    refused(world.sign("north", MovementDepart(request=request.entry.id)), "movement.clearance")


def test_law_16_clearance_beside_a_suspension_departs_nothing() -> None:
    """A suspension that leaves movements no floor crosses the clearance: it wins over it until a lift names it."""
    world = World(Draft(keeps=("duty",)))
    request = movement(world, "north")
    world.share()
    acknowledge(world, request, "south")
    world.deliver("south", "north")
    stopped = admitted(world.sign("south", Suspend()))
    admitted(clear(world, request, "north"))
    world.share()
    refused(world.sign("north", MovementDepart(request=request.entry.id)), "movement.clearance")
    lift(world, stopped)
    admitted(world.sign("north", MovementDepart(request=request.entry.id)))


def test_law_16_what_was_cleared_before_a_suspension_departs() -> None:
    """A suspension that has seen the clearance stops new permissions; what was cleared is on its way."""
    world = World(Draft(keeps=("duty",)))
    request = cleared(world)
    admitted(world.sign("south", Suspend()))
    world.share()
    admitted(world.sign("north", MovementDepart(request=request.entry.id)))


def test_law_22_back_is_its_owners_word() -> None:
    """A movement is lost; an observer, and another party's officer at the centre, say that it is back."""
    world = World()
    request = cleared(world, "centre")
    admitted(world.sign("centre", MovementDepart(request=request.entry.id)))
    world.share()
    admitted(world.sign("monitor", MovementDeviate(request=request.entry.id, what="lost")))
    back = MovementDeviate(request=request.entry.id, what="back")
    for name in ("monitor", "south"):
        refused(world.sign(name, back), "movement")
    enrol_at_centre(world, "south")
    refused(world.sign("centre", back, key=world.key("south", "guest")), "movement", 22)
    admitted(world.sign("centre", back))


def test_law_22_query_is_answered_by_who_was_asked() -> None:
    """The centre answers, in the proposer's place, what south has asked about the request."""
    world = World()
    designate(world)
    request = Play(world).propose().entry.id
    query = admitted(world.sign("south", OperationQuery(request=request, question="why")))
    world.share()
    answer = OperationAnswer(request=request, query=query.entry.id, answer="because")
    for name in ("centre", "south"):
        refused(world.sign(name, answer), "operation")
    admitted(world.sign("north", answer))


def enrol_at_centre(world: World, by: str) -> None:
    """A party enrols an officer of its own at the centre."""
    act = Enrol(officer=f"guest.{by}", seats=("duty",), key=world.key(by, "guest"), proof=SIGNATURE)
    admitted(world.sign(by, act, officer="root", seat="root"))
    world.share()
