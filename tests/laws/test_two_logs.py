"""Laws 10, 17, 19 and 20: a party that is given a new log has two, and neither shows what the other has signed."""

from __future__ import annotations

from comity.model.acts.keys import Join, Watch
from comity.model.acts.movements import MovementAcknowledge, MovementAgree
from comity.model.records.change import terms_heads
from laws.agreement import Draft
from laws.plays import Play, acknowledge, admitted, clear, designate, hold, line_check, movement, refused, stage, volume
from laws.test_joint_changes import decline, vote
from laws.test_replaced_terms import drafted_new_logs
from laws.world import World

MOVED = ("south", "pact/south/2")
OTHERS = ("north", "south", "centre", "monitor")


def moved(world: World, *readers: str) -> World:
    """South has a new log by the votes of all; `old` goes on in its old one and, like all but the readers, has not seen
    the last vote for that."""
    act = drafted_new_logs(world, "south")
    admitted(vote(world, "south", act))
    world.twin("south", "old")
    admitted(vote(world, "north", act))
    world.share(*readers)
    world["south"].origin = MOVED[1]
    admitted(world.sign("south", Join(terms=act.content()), officer="root", seat="root"))
    world.share(*readers)
    assert terms_heads(world["old"].view) == [world.founding_hash]
    world.draft = Draft(edition=2, origins=(MOVED,))
    for name, other in (("north", "south"), ("south", "north")):
        admitted(line_check(world, name, other))
    world.share(*readers)
    return world


def among(world: World, *names: str) -> None:
    """From now on what these sign reaches nobody else."""
    everybody = world.share
    world.share = lambda *asked: everybody(*(asked or names))  # type: ignore[method-assign]


def test_law_20_old_log_starts_nothing_that_the_new_one_let_through() -> None:
    """A movement is cleared by the word of a party's new log, and the party starts in its air in the old one."""
    play = stage(executing="south", drafted_by="south")
    world = moved(play.world, *OTHERS)
    flight = movement(world, "north")
    world.share(*OTHERS)
    acknowledge(world, flight, "south")
    world.share(*OTHERS)
    admitted(clear(world, flight, "north"))
    refused(play.start(by="old"), "agreement.amendment", 10)


def test_law_20_old_log_answers_no_movement() -> None:
    """A party starts in its new log, shows that to nobody, and lets a movement through its air by the old one."""
    world = World()
    designate(world)
    moved(world, "north", "south")
    secret = Play(world, executing="south", drafted_by="south")
    among(world, "north", "south")
    secret.ready()
    admitted(secret.start())
    flight = movement(world, "centre")
    world.deliver("centre", "old")
    refused(world.sign("old", MovementAcknowledge(request=flight.entry.id)), "agreement.amendment", 10)
    refused(world.sign("old", MovementAgree(request=flight.entry.id)), "agreement.amendment", 10)


def test_law_19_old_log_starts_nothing_that_the_new_one_saw_withdrawn() -> None:
    """A party's new log has seen a withdrawal, so its giver starts; and the party starts in its old log beside that."""
    play = stage(executing="south", drafted_by="south")
    world = moved(play.world, *OTHERS)
    among(world, *OTHERS)
    admitted(play.withdraw("north"))
    world.share()
    admitted(world.sign("south", Watch(), "office", "office"))
    admitted(Play(world, operation="op-2").ready().start())
    refused(play.start(by="old"), "agreement.amendment", 10)


def test_law_15_log_that_ends_restrains_on() -> None:
    """A party has voted to have a new log, the others are silent, and it cannot hold what it sees go wrong."""
    play = stage(executing="south", drafted_by="south")
    world = play.world
    act = drafted_new_logs(world, "south")
    admitted(vote(world, "south", act))
    refused(play.start(), "agreement.amendment", 10)
    admitted(hold(world, "south"))
    admitted(world.sign("south", Watch(), "office", "office"))


def test_law_10_log_that_is_kept_after_all_permits_again() -> None:
    """The others decline to give a party its new log, and its old one permits nothing ever after."""
    play = stage(executing="south", drafted_by="south")
    act = drafted_new_logs(play.world, "south")
    admitted(vote(play.world, "south", act))
    admitted(decline(play.world, "north", act))
    refused(play.start(), "agreement.amendment", 10)
    play.world.share()
    admitted(play.start())


def test_law_19_word_of_an_old_log_ends_no_bar() -> None:
    """Two parties have new logs and consented to each other's operations; each withdraws, and is answered by the
    other's old log alone, which has seen it: both start in one room."""
    world = World()
    designate(world)
    act = drafted_new_logs(world, "north", "south")
    parties = ("north", "south")
    for name in parties:
        world.twin(name, f"old {name}")
        admitted(vote(world, name, act))
    world.share()
    for name in parties:
        world[name].origin = f"pact/{name}/2"
        admitted(world.sign(name, Join(terms=act.content()), officer="root", seat="root"))
    world.share()
    world.draft = Draft(edition=2, origins=tuple((name, f"pact/{name}/2") for name in parties))
    for name, other in (parties, parties[::-1]):
        admitted(line_check(world, name, other))
    world.share()
    plays = {name: Play(world, name, name, operation=f"op-{name}") for name in parties}
    for play in plays.values():
        play.ready()
    for name, other in (parties, parties[::-1]):
        taken_back = admitted(plays[other].withdraw(name))
        world.deliver(name, f"old {other}", taken_back)
        heard = admitted(hold(world, f"old {other}", volume=volume("quarry")))
        world.deliver(f"old {other}", name, heard)
    for name in parties:
        refused(plays[name].start(), "operation.start", 19)
