"""Laws 9 to 14: what needs everybody, under which terms, and how an agreement begins."""

from __future__ import annotations

from comity.model.acts.agreement import LiftPropose, TermsPropose, Vote
from comity.model.acts.areas import AreaPropose
from comity.model.acts.operations import Hold
from comity.model.history import Taken
from comity.model.records.areas import area_versions
from comity.model.records.change import complete, heads, open_round, terms_heads
from comity.model.records.restraints import hold_stands
from laws.agreement import Draft, Names, key_of
from laws.plays import (
    EVERYWHERE,
    Play,
    admitted,
    amend,
    designate,
    dissolve,
    fork,
    hold,
    line_check,
    refused,
    ring,
    stage,
    volume,
)
from laws.world import World

THREE = Draft(names=Names(signatories=("north", "south", "east")))
EAST_OBSERVES = Draft(names=Names(others=(*Names().others, ("east", "observer"))))


def area(place: str, after: tuple[str, ...] = ()) -> AreaPropose:
    """A proposal of the area `valley` over a place."""
    return AreaPropose(area="valley", tier="open", ring=ring(place), band=EVERYWHERE, after=after)


def vote(world: World, by: str, act: AreaPropose | LiftPropose | TermsPropose, number: int = 0) -> Taken:
    """A vote for a proposal, in the voter's own office."""
    return world.sign(by, Vote(thing=act.thing, after=act.after, round=number, content=act.content()))


def decline(world: World, by: str, act: AreaPropose | TermsPropose, number: int = 0) -> Taken:
    """A vote against, whatever is proposed in that round."""
    return world.sign(by, Vote(thing=act.thing, after=act.after, round=number, content=None))


def proposed(world: World, *places: str) -> list[AreaPropose]:
    """North proposes the area over each of those places, and everybody holds it."""
    acts = [area(place) for place in places]
    for act in acts:
        admitted(world.sign("north", act))
    world.share()
    return acts


def test_law_09_vote_is_not_taken_back() -> None:
    """A party votes for one ring towards one partner and for another ring towards the next."""
    world = World()
    wide, narrow = proposed(world, "wide", "orchard")
    admitted(vote(world, "north", wide))
    refused(vote(world, "north", narrow), "agreement.amendment", 9)


def test_law_09_declining_is_a_vote() -> None:
    """A party declines and later votes for the same round after all, when others rely on its being dead."""
    world = World()
    (wide,) = proposed(world, "wide")
    admitted(decline(world, "north", wide))
    refused(vote(world, "north", wide), "agreement.amendment", 9)


def test_law_09_next_round_needs_a_dead_one() -> None:
    """A party opens round 1 while round 0 may still complete, and the thing gets two successors."""
    world = World()
    wide, narrow = proposed(world, "wide", "orchard")
    admitted(vote(world, "south", wide))
    refused(vote(world, "north", narrow, 1), "agreement.amendment", 9)
    world.share()
    refused(vote(world, "north", narrow, 1), "agreement.amendment", 9)
    admitted(vote(world, "north", narrow))
    world.share()
    for name in ("north", "south"):
        admitted(vote(world, name, narrow, 1))
    world.share()
    assert [each.content for each in heads(world["centre"].view, "area/valley")] == [narrow.content()]


def test_law_09_rounds_are_not_used_up() -> None:
    """One party declines in round after round by itself, until there is none left to agree in."""
    world = World()
    (wide,) = proposed(world, "wide")
    refused(vote(world, "north", wide, 2**53 - 1), "agreement.amendment", 9)
    for number in range(33):
        admitted(decline(world, "south", wide, number))
    world.share()
    assert open_round(world["north"].view, wide.thing, (), world.founding_hash) == 33
    for number in (0, 32, 34):
        taken = vote(world, "north", wide, number)
        refused(taken, "agreement.amendment", 9)
        assert taken.refusal is not None and "vote in round 33" in taken.refusal.remedy
    for name in ("north", "south"):
        admitted(vote(world, name, wide, 33))
    world.share()
    assert len(area_versions(world["centre"].view, "valley")) == 1


def test_law_09_votes_of_two_rounds_do_not_add_up() -> None:
    """A party votes for a ring in a round that died, and for another one later: its first vote is used all the same."""
    world = World()
    wide, narrow = proposed(world, "wide", "orchard")
    admitted(vote(world, "north", wide))
    admitted(vote(world, "south", narrow))
    world.share()
    admitted(vote(world, "south", wide, 1))
    admitted(vote(world, "north", narrow, 1))
    world.share()
    assert complete(world["centre"].view, "area/valley") == {}


def test_law_09_one_successor() -> None:
    """A vote for what no longer stands would give a thing a second successor."""
    world = World()
    (narrow,) = proposed(world, "orchard")
    designate(world)
    refused(vote(world, "north", narrow), "agreement.amendment", 9)
    refused(world.sign("south", area("quarry")), "agreement.amendment", 9)


def test_law_09_silence_is_no_vote() -> None:
    """A change by those who happened to answer: it is in force only with the vote of every required party."""
    world = World(THREE)
    (wide,) = proposed(world, "wide")
    vote(world, "north", wide)
    vote(world, "south", wide)
    world.share()
    world.tick(60 * 24 * 30)
    hold(world, "north", volume=volume("quarry"))
    assert area_versions(world["north"].view, "valley") == []
    vote(world, "east", wide)
    world.share()
    assert len(area_versions(world["north"].view, "valley")) == 1


def test_law_10_votes_are_pinned_to_their_terms() -> None:
    """A vote given under old terms is combined with one given under new ones, which its giver never saw."""
    world = World()
    (wide,) = proposed(world, "wide")
    admitted(vote(world, "north", wide))
    world.share()
    amend(world, Draft(edition=2))
    admitted(vote(world, "south", wide))
    world.share()
    assert complete(world["centre"].view, "area/valley") == {}


def test_law_10_votes_under_other_terms_lock_nothing() -> None:
    """Votes that can never be counted together must not lock a thing for ever: under new terms all vote anew."""
    world = World()
    (wide,) = proposed(world, "wide")
    vote(world, "north", wide)
    world.share()
    amend(world, Draft(edition=2))
    vote(world, "south", wide)
    admitted(vote(world, "north", wide))
    world.share()
    assert len(area_versions(world["centre"].view, "valley")) == 1


def test_law_10_leaver_keeps_no_round_dead() -> None:
    """A party that the terms have dropped declined long ago: the votes of those who remain decide alone."""
    world = World(THREE)
    wide, narrow = proposed(world, "wide", "orchard")
    vote(world, "east", narrow)
    world.share()
    remaining = Names(others=(*Names().others, ("east", "observer")))
    amend(world, Draft(names=remaining, edition=2))
    admitted(vote(world, "north", wide))
    refused(vote(world, "south", wide, 1), "agreement.amendment", 9)


def taking_in_east(world: World, edition: int = 2) -> TermsPropose:
    """Terms that make east a signatory, proposed by north and held by everybody."""
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    act = TermsPropose(text=Draft(names=THREE.names, edition=edition).text(), after=after)
    admitted(world.sign("north", act))
    world.share()
    return act


def test_law_10_amendment_needs_the_newcomer() -> None:
    """Two parties bind a third by writing it into their terms: its vote is needed too, from its own log, and first."""
    world = World(EAST_OBSERVES)
    act = taking_in_east(world)
    for name in ("north", "south"):
        refused(vote(world, name, act), "agreement.amendment", 9)
    assert terms_heads(world["north"].view) == [world.founding_hash]
    admitted(vote(world, "east", act))
    refused(vote(world, "north", act), "agreement.amendment", 9)
    world.share()
    for name in ("north", "south"):
        admitted(vote(world, name, act))
    world.share()
    assert terms_heads(world["north"].view) == [act.content()]


def test_law_09_silent_newcomer_holds_up_nothing() -> None:
    """Two would take in a third, which neither votes nor declines: without its word nothing could be amended again."""
    world = World(EAST_OBSERVES)
    act = taking_in_east(world)
    refused(vote(world, "north", act), "agreement.amendment", 9)
    other = TermsPropose(text=Draft(names=EAST_OBSERVES.names, edition=2).text(), after=act.after)
    admitted(world.sign("north", other))
    world.share()
    for name in ("north", "south"):
        admitted(vote(world, name, other))
    world.share()
    assert terms_heads(world["north"].view) == [other.content()]


def test_law_10_who_takes_no_part_is_added_first() -> None:
    """Terms name a signatory that keeps no log: it could not say no to them, nor yes before everybody else."""
    world = World()
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    for names, fits in ((THREE.names, False), (EAST_OBSERVES.names, True)):
        taken = world.sign("north", TermsPropose(text=Draft(names=names, edition=2).text(), after=after))
        assert (taken.refusal is None) == fits, taken.refusal


def test_law_10_editions_do_not_run_out() -> None:
    """A party proposes, and all adopt, the last edition that there can be: no later one could replace it."""
    world = World()
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    for edition in (1, 3, 2**53 - 1):
        act = TermsPropose(text=Draft(edition=edition).text(), after=after)
        refused(world.sign("north", act), "agreement.amendment", 9)
    admitted(world.sign("north", TermsPropose(text=Draft(edition=2).text(), after=after)))


def test_law_10_amendment_needs_the_leaver() -> None:
    """Two parties expel the third by an amendment of their own."""
    world = World(THREE)
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    names = Names(others=(*Names().others, ("east", "observer")))
    act = TermsPropose(text=Draft(names=names, edition=2).text(), after=after)
    admitted(world.sign("north", act))
    world.share()
    for name in ("north", "south"):
        admitted(vote(world, name, act))
    world.share()
    assert terms_heads(world["north"].view) == [world.founding_hash]


def test_law_10_complete_stays_complete() -> None:
    """A change in force is undone by later votes, terms or forks."""
    world = World()
    change = designate(world)
    amend(world, Draft(edition=2))
    fork(world, "south")
    for reader in ("centre", "monitor"):
        world.deliver(reader, "north")
    assert change.id in complete(world["north"].view, "area/valley")


def two_heads() -> World:
    """South forks and votes for two versions of the area: one view holds both in force."""
    world = World(THREE)
    wide, narrow = proposed(world, "wide", "orchard")
    world.twin("south", "double")
    vote(world, "south", wide)
    vote(world, "double", narrow)
    world.deliver("south", "east")
    world.deliver("double", "north")
    vote(world, "east", wide)
    vote(world, "north", narrow)
    world.deliver("east", "centre")
    world.deliver("north", "monitor")
    hold(world, "centre", volume=volume("quarry"))
    hold(world, "monitor", volume=volume("quarry"))
    return world


def test_law_11_fork_alone_does_not_complete() -> None:
    """With a third party that votes once, a forked party cannot put two versions in force."""
    world = two_heads()
    world.deliver("centre", "north")
    world.deliver("monitor", "east")
    assert [len(area_versions(world[name].view, "valley")) for name in ("north", "east")] == [0, 0]


def forked_area() -> World:
    """North has voted for one version on each branch of its forked log, south for either: two heads."""
    world = World(THREE)
    wide, narrow = proposed(world, "wide", "orchard")
    world.twin("north", "double")
    world.twin("south", "shadow")
    world.twin("east", "ghost")
    for group, act in ((("north", "south", "east"), wide), (("double", "shadow", "ghost"), narrow)):
        for name in group:
            vote(world, name, act)
        world.share(*group)
    for source, reader in (("north", "centre"), ("double", "monitor")):
        world.deliver(source, reader)
        hold(world, reader, volume=volume("quarry"))
    for name in ("double", "shadow", "ghost"):
        del world.offices[name]
    world.share()
    return world


def test_law_11_several_heads_permit_nothing() -> None:
    """A fork gives an area two versions: no operation lies inside an area of which nobody knows the bounds."""
    world = forked_area()
    assert len(area_versions(world["north"].view, "valley")) == 2
    refused(Play(world).propose(), "operation.area", 11)


def test_law_11_joint_change_names_all_heads() -> None:
    """What a fork has doubled is ended by a change that names every head, and by none that names one of them."""
    world = forked_area()
    both = tuple(each.id for each in heads(world["north"].view, "area/valley"))
    refused(world.sign("north", area("wide", both[:1])), "agreement.amendment", 9)
    change = designate(world)
    assert sorted(change.after) == sorted(both)
    assert len(area_versions(world["centre"].view, "valley")) == 1


def test_law_12_permission_names_the_terms_in_force() -> None:
    """A consent under terms that have been replaced is used under the new ones."""
    play = stage()
    amend(play.world, Draft(edition=2))
    old = play.world.founding_hash
    refused(play.consent(terms=old), "agreement.adoption", 12)


def test_law_12_consent_dies_with_its_terms() -> None:
    """A start under new terms rests on a consent given under the old ones."""
    play = stage()
    amend(play.world, Draft(edition=2))
    refused(play.start(), "operation.lease", 25)


def test_law_12_areas_and_movements_outlive_terms() -> None:
    """An amendment must not lift what protects."""
    play = stage()
    held = hold(play.world, "centre", volume=volume("orchard"))
    play.world.share()
    amend(play.world, Draft(edition=2))
    view = play.world["south"].view
    assert len(area_versions(view, "valley")) == 1
    assert hold_stands(view, play.world.local("south", held), play.world.at_ms)


def test_law_12_restraint_under_other_terms_counts() -> None:
    """A hold must not be void for naming terms that are old, or that nobody has heard of."""
    for terms in ("old", "unknown"):
        play = stage()
        amend(play.world, Draft(edition=2))
        named = play.world.founding_hash if terms == "old" else key_of("no terms")
        admitted(play.world.sign("centre", Hold(), terms=named))


def test_law_12_record_is_not_judged_by_terms_never_adopted() -> None:
    """A party proposes lax terms and drafts a request under them, though nobody has adopted them."""
    world = World()
    designate(world)
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    lax = Draft(edition=2, numbers=(("width_min_m", 1000),))
    act = TermsPropose(text=lax.text(), after=after)
    admitted(world.sign("north", act))
    world.share()
    refused(Play(world).propose(terms=act.content()), "agreement.adoption", 12)


def test_law_12_lines_after_amendment() -> None:
    """Records of the watch outlive an amendment; only what rests on terms dies with them."""
    world = World()
    amend(world, Draft(edition=2))
    admitted(line_check(world, "north", "south"))
    designate(world)
    dissolve(world)
    assert area_versions(world["south"].view, "valley") == []
