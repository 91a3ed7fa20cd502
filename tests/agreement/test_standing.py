"""What a view says of the agreement and of the changes that wait for votes (laws 9 and 10)."""

from __future__ import annotations

from comity.model.acts.agreement import Suspend
from comity.views.agreement import agreement_status, pending_changes
from laws.agreement import Draft
from laws.plays import admitted, lift
from laws.test_joint_changes import EAST_OBSERVES, proposed, taking_in_east, vote
from laws.world import World


def test_law_09_a_vote_for_another_content_is_none_for_this() -> None:
    """North votes for one ring, and the list of what waits says that it has voted for both."""
    world = World()
    wide, narrow = proposed(world, "wide", "orchard")
    admitted(vote(world, "north", wide))
    world.share()
    found = {each.content: (each.voted, each.missing) for each in pending_changes(world["south"].view)}
    assert found == {wide.content(): (("north",), ("south",)), narrow.content(): ((), ("south",))}


def test_law_09_newcomers_vote_is_missing_first() -> None:
    """The signatories owe a vote that they cannot give yet, and are overdue while the newcomer says nothing."""
    world = World(EAST_OBSERVES)
    act = taking_in_east(world)
    assert [each.missing for each in pending_changes(world["south"].view)] == [("east",)]
    admitted(vote(world, "east", act))
    world.share()
    assert [each.missing for each in pending_changes(world["south"].view)] == [("north", "south")]


def test_resumed_before_its_preconditions_are_met() -> None:
    """A suspension is lifted, and the agreement is said to be in force though it still waits for a precondition."""
    world = World(Draft(gates=("operation",)))
    waiting = agreement_status(world["north"].view)
    assert waiting == "in force, waiting for its preconditions"
    stopped = admitted(world.sign("south", Suspend()))
    world.share()
    assert agreement_status(world["north"].view).startswith("suspended")
    lift(world, stopped)
    assert agreement_status(world["north"].view) == waiting
