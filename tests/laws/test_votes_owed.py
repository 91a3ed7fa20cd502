"""Who owes a vote: whoever has not answered what was asked last, once for each thing (laws 9, 16)."""

from __future__ import annotations

from comity.views.agreement import pending_changes
from comity.views.obligations import obligations
from laws.plays import admitted
from laws.test_joint_changes import decline, proposed, vote
from laws.world import World


def test_law_09_who_declined_owes_no_vote() -> None:
    """A decline opens the next round, in which nobody has voted: all owe the same vote for ever, the decliner too."""
    world = World()
    (wide,) = proposed(world, "wide")
    assert owed(world) == {("north", "area/valley"), ("south", "area/valley")}
    for number in range(3):
        admitted(decline(world, "south" if number % 2 else "north", wide, number))
        world.share()
        assert pending_changes(world["south"].view) == [] and owed(world) == set()
    admitted(vote(world, "south", wide, 3))
    world.share()
    assert [(each.round, each.missing) for each in pending_changes(world["north"].view)] == [(3, ("north",))]
    admitted(decline(world, "north", wide, 3))
    world.share()
    assert owed(world) == set()


def test_law_09_what_was_declined_may_be_proposed_again() -> None:
    """After a decline nobody can be asked again, or everybody is asked by the proposal that was declined."""
    world = World()
    (wide,) = proposed(world, "wide")
    admitted(world.sign("south", wide))  # the same, in ignorance of the decline
    admitted(decline(world, "north", wide))
    world.share()
    world.tick(60)
    assert owed(world) == set()
    again = admitted(world.sign("south", wide))
    world.share()
    (pending,) = pending_changes(world["north"].view)
    assert (pending.round, pending.missing) == (1, ("north", "south")) and pending.since.entry.id == again.entry.id
    assert owed(world) == {("north", "area/valley"), ("south", "area/valley")}


def test_law_09_votes_that_differ_leave_a_choice_open() -> None:
    """Each of two has voted for its own ring, and nothing is said to wait for anybody."""
    world = World()
    wide, narrow = proposed(world, "wide", "orchard")
    admitted(vote(world, "north", wide))
    last = admitted(vote(world, "south", narrow))
    world.share()
    found = pending_changes(world["north"].view)
    assert [(each.content, each.round, each.missing) for each in found] == [
        (wide.content(), 1, ("north", "south")),
        (narrow.content(), 1, ("north", "south")),
    ]
    assert {each.since.entry.id for each in found} == {last.entry.id}
    admitted(decline(world, "south", wide, 1))
    world.share()
    assert pending_changes(world["north"].view) == []


def test_law_09_one_vote_is_one_debt() -> None:
    """The same ring proposed twice, or another beside it, is one vote more that everybody owes."""
    world = World()
    (wide,) = proposed(world, "wide")
    admitted(world.sign("south", wide))
    world.share()
    assert len(pending_changes(world["south"].view)) == 1
    proposed(world, "orchard")
    assert len(pending_changes(world["south"].view)) == 2
    view = world["south"].view
    assert sorted(each.debtor for each in obligations(view, world.at_ms) if "vote" in each.what) == ["north", "south"]


def owed(world: World) -> set[tuple[str, str]]:
    """Who owes a vote, and on what."""
    found = obligations(world["north"].view, world["north"].at_ms)
    return {(each.debtor, each.what.removeprefix("vote on ")) for each in found if each.what.startswith("vote on ")}
