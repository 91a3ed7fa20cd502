"""A review that is owed can be signed: before the arrival of a movement by an answer to it, after that by a finding."""

from __future__ import annotations

from comity.model.acts.agreement import Vote
from comity.model.acts.areas import AreaDissolve
from comity.model.acts.movements import MovementAcknowledge, MovementArrive, MovementConform
from comity.model.history import Taken
from comity.model.records.change import heads
from comity.model.spans import DAY_MS, MINUTE_MS
from comity.views.obligations import obligations
from laws.plays import admitted, clear, designate, hold, movement, refused
from laws.test_held_movements import agreed, denied
from laws.world import World


def dissolving(emergency: bool) -> tuple[World, Taken]:
    """The centre asks for a movement in an area just as south, which nobody has heard of, votes it away as the last."""
    world = World()
    designate(world)
    after = tuple(each.id for each in heads(world["north"].view, "area/valley"))
    act = AreaDissolve(area="valley", after=after)
    vote = Vote(thing=act.thing, after=after, round=0, content=act.content())
    admitted(world.sign("north", act))
    admitted(world.sign("north", vote))
    world.share()
    admitted(world.sign("south", vote))
    request = admitted(movement(world, "centre", emergency=emergency))
    return world, request


def owing(world: World, what: str) -> dict[str, int | None]:
    """Who owes that, and by when, as the centre sees it."""
    found = obligations(world["centre"].view, world.at_ms)
    return {each.debtor: each.due_ms for each in found if each.what.startswith(what)}


def finds(world: World, who: str, request: Taken) -> Taken:
    """A finding on the movement."""
    return world.sign(who, MovementConform(request=request.entry.id, finding="conforming"))


def test_law_21_review_of_a_movement_can_be_signed_at_once() -> None:
    """The movement is to be reviewed, and its review is refused until it has arrived: overdue without end."""
    world, request = dissolving(emergency=False)
    world.share()
    for name in ("north", "south"):
        assert name in owing(world, "review movement")
        refused(finds(world, name, request), "movement.conformance")
        admitted(world.sign(name, MovementAcknowledge(request=request.entry.id)))
        world.share()
        assert name not in owing(world, "review movement")


def test_law_21_who_acknowledged_in_ignorance_reviews() -> None:
    """An acknowledgement from before its signer knew that the area was dissolved is no review."""
    world, request = dissolving(emergency=False)
    world.share("centre", "north")
    for knows in (False, True):
        admitted(world.sign("north", MovementAcknowledge(request=request.entry.id)))
        world.share()
        assert ("north" in owing(world, "review movement")) != knows


def test_law_21_who_found_in_ignorance_finds_again() -> None:
    """A finding from before its signer knew that the area was dissolved is no review."""
    world, request = dissolving(emergency=True)
    admitted(world.sign("centre", MovementArrive(request=request.entry.id)))
    world.share("centre", "north")
    for knows in (False, True):
        admitted(finds(world, "north", request))
        world.share()
        assert ("north" in owing(world, "review movement")) != knows


def test_law_16_review_of_a_clearance_has_its_time_from_the_arrival() -> None:
    """The review of a clearance in doubt is its finding, and overdue before anybody may find."""
    world, request = agreed()
    denied(world, request)
    admitted(clear(world, request, "north"))
    world.share()
    admitted(hold(world, "south"))  # it has seen all of it
    world.share()
    assert owing(world, "review the clearance") == {"south": None}
    world.tick(30 * DAY_MS / MINUTE_MS)
    admitted(world.sign("north", MovementArrive(request=request.entry.id)))
    world.share()
    assert owing(world, "review the clearance") == {"south": None}  # it has signed nothing since that shows the arrival
    admitted(hold(world, "south"))
    world.share()
    due_ms = owing(world, "review the clearance")["south"]
    assert due_ms is not None and due_ms > world["north"].at_ms
