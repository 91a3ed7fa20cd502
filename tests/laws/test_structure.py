"""Laws 1 to 8: what makes an entry well-formed, what a fork does, and in which order entries are taken."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from comity.model.acts.agreement import LiftPropose, Suspend, TermsPropose, Vote
from comity.model.acts.keys import Join
from comity.model.acts.operations import Hold, OperationStart
from comity.model.entry import NO_ENTRY
from comity.model.errors import Malformed
from comity.model.history import Missing, Taken
from comity.model.records.change import heads
from comity.model.records.restraints import suspensions
from comity.rules.door import door
from comity.rules.judge import judge
from laws.agreement import Draft, Names, key_of
from laws.plays import Play, admitted, amend, designate, fork, hold, line_check, refused, stage, volume
from laws.world import World


def malformed(world: World, who: str, seen: Mapping[str, object] | None = None, **changes: object) -> None:
    """Everyone who holds what there is to hold finds the entry malformed."""
    if seen is not None:
        changes["seen"] = seen
    entry = world.draw(who, Hold(), "first", "duty", **changes)
    world.share(*(name for name, office in world.offices.items() if office.party == name))
    for name in world.draft.names.all:
        with pytest.raises(Malformed):
            world.offer(name, entry)


def test_law_01_seen_leaves_out_a_log() -> None:
    """A signer cites a head but hides what that head had seen, so that a restraint seems unseen."""
    world = World()
    hold(world, "centre")
    world.share("centre", "north")
    hold(world, "north")
    world.share("north", "south")
    seen = world["south"].view.seen_heads()
    malformed(world, "south", {origin: head for origin, head in seen.items() if "centre" not in origin})


def test_law_01_seen_steps_back() -> None:
    """A signer forgets what its own previous entry had seen, to judge itself by an older past."""
    world = World()
    seen = world["south"].view.seen_heads()
    hold(world, "north")
    world.share()
    hold(world, "south")
    world.share()
    own = world["south"].view.seen_heads()[world["south"].origin]
    malformed(world, "south", seen | {world["south"].origin: own})


def test_law_01_own_prefix_is_exact() -> None:
    """A signer leaves out its own newest entry, a withdrawal, and goes on from before it."""
    world = World()
    before = world["south"].view.seen_heads()[world["south"].origin]
    hold(world, "south")
    world.share()
    malformed(world, "south", world["south"].view.seen_heads() | {world["south"].origin: before})


def test_law_01_own_prefix_is_cited() -> None:
    """A signer does not cite its own log at all."""
    world = World()
    seen = world["south"].view.seen_heads()
    malformed(world, "south", {origin: head for origin, head in seen.items() if "south" not in origin})


def test_law_01_past_is_transitive() -> None:
    """Whoever has seen an entry has seen all that it had seen, through any office in between."""
    world = World()
    first = hold(world, "north")
    world.share("north", "centre")
    second = hold(world, "centre")
    world.share("centre", "south")
    third = hold(world, "south")
    assert world.saw(third, second) and world.saw(second, first) and world.saw(third, first)


def test_law_02_refused_is_taken_without_effect() -> None:
    """A refused entry fills its seq and stands in pasts; were it dropped, its log would end; it has no effect."""
    play = stage()
    forged = play.world.sign("centre", Suspend())
    refused(forged, "agreement.suspension", 22)
    play.world.share()
    after = hold(play.world, "centre", volume=volume("quarry"))
    play.world.share()
    assert play.world.saw(after, forged)
    assert play.world.verdict("north", forged) == forged.refusal
    admitted(play.start())


def test_law_02_refused_consent_does_not_count() -> None:
    """A consent that the judge refused is cited by a start."""
    play = Play(World())
    designate(play.world)
    play.propose()
    refused(play.consent(officer="junior", seat="junior"), "keys", 33)
    play.world.share()
    refused(play.start(), "operation", 17)


def test_law_02_previous_entry_is_named() -> None:
    """An entry that names another previous entry would let a log be cut and spliced."""
    malformed(World(), "south", previous=key_of("nothing"))


def test_law_02_first_entry_has_no_previous() -> None:
    """A log that claims to go on from an entry before its first."""
    world = World(founded=False)
    vote = Vote(thing="terms", after=(), round=0, content=world.founding_hash)
    entry = world.draw("south", vote, officer="root", seat="root", previous=key_of("nothing"))
    with pytest.raises(Malformed):
        world.offer("north", entry)


def test_law_02_time_does_not_run_backwards() -> None:
    """An office back-dates an entry behind its own previous one, into a lease that has ended."""
    world = World()
    malformed(world, "south", at=world["south"].at_ms - 1)


def test_law_02_only_named_logs() -> None:
    """A stranger's log, named by no terms, is offered."""
    malformed(World(), "south", origin="pact/stranger", seen={}, seq=0, previous=NO_ENTRY)


def test_law_02_named_by_a_proposal_unseen() -> None:
    """Whether a log is named must not depend on which proposals happened to arrive before its entries."""
    world = World()
    draft = Draft(edition=2, origins=(("south", "pact/south/two"),))
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    admitted(world.sign("north", TermsPropose(text=draft.text(), after=after)))
    world.deliver("north", "centre")
    malformed(world, "south", origin="pact/south/two", seen={}, seq=0, previous=NO_ENTRY)


def split(names: Names | None = None) -> tuple[World, Taken, Taken]:
    """South forks its log: a hold goes to north, another one, at the same seq, to the centre."""
    world = World(Draft(names or Names()))
    designate(world)
    world.twin("south", "double")
    one = hold(world, "south", volume=volume("quarry"))
    other = hold(world, "double", volume=volume("airfield"))
    hold(world, "double", volume=volume("airfield"))
    world.deliver("south", "north")
    world.deliver("double", "centre")
    return world, one, other


def test_law_03_both_branches_are_kept() -> None:
    """A party shows two logs; each office follows the branch it took first and takes the other when cited."""
    world, one, other = split()
    hold(world, "north", volume=volume("quarry"))
    hold(world, "centre", volume=volume("airfield"))
    world.share("north", "centre")
    for name in ("north", "centre"):
        assert world.holds(name, one) and world.holds(name, other)
        assert world[name].view.forked(world["south"].origin)
    follow = {name: world[name].view.seen_heads()[world["south"].origin][1] for name in ("north", "centre")}
    assert follow["north"] != follow["centre"]


def test_law_03_fork_blocks_no_honest_office() -> None:
    """A forked log must not make the entries of those who follow its branches malformed for each other."""
    world, one, other = split()
    hold(world, "north", volume=volume("quarry"))
    hold(world, "centre", volume=volume("airfield"))
    world.share("north", "centre")
    mine = hold(world, "north", volume=volume("quarry"))
    theirs = hold(world, "centre", volume=volume("airfield"))
    world.share("north", "centre", "monitor")
    for name in ("north", "centre", "monitor"):
        for taken in (mine, theirs):
            assert world.saw(taken, one, by=name) and world.saw(taken, other, by=name)


def test_law_03_behind_on_a_branch_is_open() -> None:
    """A signer who cites the forked log short of what it has seen there is malformed for everyone alike."""
    world, _, _ = split()
    before = world["monitor"].view.seen_heads()[world["south"].origin]
    hold(world, "north", volume=volume("quarry"))
    hold(world, "centre", volume=volume("airfield"))
    for source in ("north", "centre"):
        world.deliver(source, "monitor")
    world.share("north", "centre", "monitor")
    malformed(world, "monitor", world["monitor"].view.seen_heads() | {world["south"].origin: before})


def test_law_03_newest_entry_is_the_same_whichever_branch_came_first() -> None:
    """A party forks, and whether its newest entry has seen a withdrawal depends on the branch that came first here."""
    world = World()
    world.twin("south", "double")
    hold(world, "double", volume=volume("airfield"))
    mine = hold(world, "south", volume=volume("quarry"))
    world.deliver("south", "north")
    relying = hold(world, "north", volume=volume("quarry"))
    world.deliver("double", "centre")
    world.deliver("north", "centre")
    for name in ("north", "centre"):
        newest = world[name].history.past(world.local(name, relying)).newest(world["south"].origin)
        assert newest is not None and newest.entry.id == mine.entry.id


def forked_start() -> Play:
    """North would start; south has forked its log, the centre follows one branch and the monitor the other."""
    play = stage()
    fork(play.world, "south")
    return play


def test_law_04_fork_bars_permission() -> None:
    """A party that shows two histories could give one consent in each; on a known fork nothing new rests."""
    play = forked_start()
    play.world.deliver("centre", "north")
    play.world.deliver("monitor", "north")
    refused(play.start(), "agreement", 4)


def test_law_04_fork_found_later_keeps_the_past() -> None:
    """A party forks afterwards to void a start that it regrets: the verdict stands for whoever learns of it."""
    play = forked_start()
    start = admitted(play.start())
    del play.world.offices["double"]
    play.world.share()
    assert all(play.world.verdict(name, start) is None for name in ("north", "centre", "monitor"))
    held = play.world.local("centre", start)
    assert judge(held.entry, play.world["centre"].history.past(held)) is None


def test_law_04_restraints_of_every_branch_count() -> None:
    """A party shows its hold to one side only: the hold binds wherever it is known, on whichever branch."""
    world = World()
    one, other = fork(world, "south", Suspend(), Suspend(note="other"))
    world.deliver("centre", "north")
    world.deliver("monitor", "north")
    assert {each.entry.id for each in suspensions(world["north"].view)} == {one.entry.id, other.entry.id}


def test_law_04_fork_of_the_centre_bars_nothing() -> None:
    """A seized centre forks its log to stop the parties."""
    play = stage()
    fork(play.world, "centre", readers=("south", "monitor"))
    play.world.deliver("south", "north")
    play.world.deliver("monitor", "north")
    assert play.world["north"].view.forked(play.world["centre"].origin)
    refused_for = play.start().refusal
    assert refused_for is None or refused_for.rule != "agreement", refused_for
    assert refused_for is None, refused_for


def test_law_04_no_lift_on_a_fork() -> None:
    """A forked party votes to lift on one branch and not on the other."""
    world = World()
    held = hold(world, "centre")
    world.share()
    act = LiftPropose(lifts=(held.entry.id,))
    world.sign("north", act)
    fork(world, "south")
    world.deliver("centre", "north")
    world.deliver("monitor", "north")
    refused(world.sign("north", Vote(thing=act.thing, after=(), round=0, content=act.content())), "agreement", 4)


def test_law_04_new_log_ends_it() -> None:
    """A fork must not bar permissions for ever: terms that give the party a new log make it whole again."""
    play = forked_start()
    world = play.world
    del world.offices["double"]
    world.share()
    refused(play.start(), "agreement", 4)
    world.share()
    change = amend(world, Draft(edition=2, origins=(("south", "pact/south/two"),)))
    world["south"].origin = "pact/south/two"
    admitted(world.sign("south", Join(terms=change.content), officer="root", seat="root"))
    world.share()
    play = Play(world, operation="op-3")
    admitted(play.propose())
    admitted(play.consent())
    admitted(play.confirm())
    line_check(world, "south", "north")
    world.share()
    admitted(play.start())


def test_law_06_order_is_the_same_for_all() -> None:
    """Two readers must not see two stories: the order for people rests on the entries, not on arrival."""
    play = stage()
    hold(play.world, "south", volume=volume("quarry"))
    hold(play.world, "centre", volume=volume("quarry"))
    hold(play.world, "monitor", volume=volume("quarry"))
    for source in ("south", "centre", "monitor"):
        play.world.deliver(source, "north")
    for source in ("monitor", "centre", "south"):
        play.world.deliver(source, "centre")
        play.world.deliver(source, "monitor")
    orders = [
        [taken.entry.id for taken in sorted(play.world[name].history.entries, key=lambda taken: taken.order)]
        for name in ("north", "centre", "monitor")
    ]
    assert all(set(order) >= set(orders[0]) for order in orders)
    common = [[each for each in order if each in set(orders[0])] for order in orders]
    assert common[0] == common[1] == common[2]


def test_law_06_order_extends_the_past() -> None:
    """An answer never stands above what it answers."""
    world = stage().world
    history = world["north"].history
    for taken in history.entries:
        for other in history.entries:
            if history.past(taken).holds(other):
                assert other.order < taken.order


def test_law_07_missing_past_is_named() -> None:
    """Who offers an entry without its past blocks his own log and no other."""
    world = World()
    first = hold(world, "south")
    second = hold(world, "south", volume=volume("quarry"))
    lacking = world.offer("north", second.entry)
    assert isinstance(lacking, Missing)
    assert lacking.heads == ((world["south"].origin, first.entry.seq + 1, world.trees[first.entry.id].root().hex()),)
    other = hold(world, "centre")
    world.deliver("centre", "north")
    assert world.holds("north", other)


def test_law_08_door_is_never_looser() -> None:
    """An office must refuse to sign what all others would call refused."""
    play = stage()
    hold(play.world, "centre")
    play.world.share()
    entry = play.world.draw(
        "north", OperationStart(request=play.request.entry.id, consents=(play.consents["south"].entry.id,))
    )
    placement = play.world["north"].history.place(entry)
    assert not isinstance(placement, Missing)
    view = play.world["north"].history.view(placement.clock)
    assert judge(entry, view) is not None and door(entry, view) == judge(entry, view)
