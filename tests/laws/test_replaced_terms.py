"""Laws 9 and 10 where the terms change under a vote, and with them those whose votes are needed."""

from __future__ import annotations

from comity.model.acts.agreement import Suspend, TermsPropose, Vote
from comity.model.acts.alone import ActivityDeclare, ActivityEnd
from comity.model.acts.areas import AreaPropose
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import Join, Watch
from comity.model.acts.operations import OperationEnd, OperationWithdraw
from comity.model.history import Taken
from comity.model.records.areas import area_versions
from comity.model.records.change import complete, heads, open_round, terms_heads
from laws.agreement import Draft, Names
from laws.plays import Play, admitted, fork, refused, stage, volume
from laws.test_joint_changes import decline, proposed, vote
from laws.world import World

OTHERS = Names().others
WITH_WEST = Names(("north", "south", "west"), (*OTHERS, ("east", "observer"), ("up", "observer"), ("down", "observer")))
WITH_EAST = Names(("north", "south", "east"), (*OTHERS, ("west", "observer"), ("up", "observer"), ("down", "observer")))
WITH_THREE = Names(("north", "south", "east"))
UP_AND_DOWN = Names(("up", "down"), (*OTHERS, *((each, "observer") for each in ("north", "south", "west", "east"))))
ALL = ("north", "south", "west", "east", "up", "down")


def watch(world: World, *names: str) -> None:
    """Those offices say what they hold."""
    for name in names:
        admitted(world.sign(name, Watch(), "office", "office"))


def drafted(world: World, names: Names, edition: int = 2) -> TermsPropose:
    """New terms, proposed and held by everybody."""
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    act = TermsPropose(text=Draft(names=names, edition=edition).text(), after=after)
    proposer = next(each for each in world.draft.names.signatories)
    admitted(world.sign(proposer, act))
    world.share()
    return act


def voted_for(world: World, terms: TermsPropose, old: Names, new: Names) -> dict[str, Taken]:
    """Who becomes a signatory votes for the terms, everybody hears it, then the old signatories vote: those votes."""
    newcomers = [name for name in new.signatories if name not in old.signatories]
    votes = {name: admitted(vote(world, name, terms)) for name in newcomers}
    world.share()
    return votes | {name: admitted(vote(world, name, terms)) for name in old.signatories}


def held_back(names: Names, *late: str) -> tuple[World, AreaPropose, AreaPropose, dict[str, Taken]]:
    """All who sign have voted for new terms and then, under the old ones, for the wide area.

    Everybody holds the votes for the terms; of those for the area only what is not `late`.
    """
    world = World(Draft(names=WITH_WEST))
    wide, narrow = proposed(world, "wide", "orchard")
    terms = drafted(world, names)
    on_terms = voted_for(world, terms, WITH_WEST, names)
    on_area = {name: admitted(vote(world, name, wide)) for name in WITH_WEST.signatories}
    readers = [name for name in world.offices if name not in late]
    for source in on_terms:
        upto = on_terms[source] if source in late else None
        for reader in readers:
            if reader != source:
                world.deliver(source, reader, upto)
    assert terms_heads(world["north"].view) == ([terms.content()] if "north" not in late else [world.founding_hash])
    return world, wide, narrow, on_area


def test_law_10_vote_under_replaced_terms_may_be_on_its_way() -> None:
    """A leaver's vote is late: those who stay and a newcomer change the same thing anew, and it has two successors."""
    world, wide, narrow, _ = held_back(WITH_EAST, "west")
    for name in ("north", "south", "east"):
        refused(vote(world, name, narrow), "agreement.amendment", 10)
        refused(vote(world, name, narrow, 1), "agreement.amendment", 9)
    world.share()
    assert [each.content for each in heads(world["centre"].view, "area/valley")] == [wide.content()]


def test_law_10_declining_under_new_terms_kills_no_old_round() -> None:
    """A newcomer declines; the others open the next round, though under the old terms the first still completes."""
    world, wide, narrow, _ = held_back(WITH_EAST, "west")
    admitted(decline(world, "east", wide))
    world.share("north", "south", "east")
    for name in ("north", "south", "east"):
        refused(vote(world, name, narrow, 1), "agreement.amendment", 10)
    world.share()
    assert len(complete(world["centre"].view, "area/valley")) == 1


def test_law_10_what_may_be_on_its_way_may_be_voted_for() -> None:
    """A leaver falls silent for ever: what all others agreed is agreed anew, and is the same change if he speaks."""
    world, wide, _, _ = held_back(WITH_EAST, "west")
    for name in ("north", "south", "east"):
        admitted(vote(world, name, wide))
        world.deliver(name, "east")
    world.share("north", "south", "east")
    (before,) = heads(world["north"].view, "area/valley")
    world.share()
    (now,) = heads(world["north"].view, "area/valley")
    assert before.id == now.id


def test_law_10_who_has_gone_on_votes_no_more_under_old_terms() -> None:
    """Votes of old lock a thing for ever: once one who has not voted signs under the new terms they count no more."""
    world = World(Draft(names=WITH_WEST))
    wide, narrow = proposed(world, "wide", "orchard")
    for name in ("north", "south"):
        admitted(vote(world, name, wide))
    terms = drafted(world, WITH_EAST)
    voted_for(world, terms, WITH_WEST, WITH_EAST)
    world.share("north", "south", "west", "east")
    refused(vote(world, "north", narrow), "agreement.amendment", 10)
    watch(world, "west")
    world.share("north", "south", "west", "east")
    for name in ("north", "south", "east"):
        admitted(vote(world, name, narrow))
    world.share()
    assert len(area_versions(world["centre"].view, "valley")) == 1


def test_law_10_one_who_has_gone_on_is_enough() -> None:
    """A leaver says nothing any more: where one who stays has not voted for it, nothing can come of the old terms."""
    world = World(Draft(names=WITH_WEST))
    wide, narrow = proposed(world, "wide", "orchard")
    admitted(vote(world, "north", wide))
    terms = drafted(world, WITH_EAST)
    voted_for(world, terms, WITH_WEST, WITH_EAST)
    world.share("north", "south", "west", "east")
    admitted(vote(world, "south", narrow))
    world.deliver("south", "north")
    admitted(vote(world, "north", narrow))
    world.deliver("north", "east")
    admitted(vote(world, "east", narrow))
    world.share()
    assert len(area_versions(world["centre"].view, "valley")) == 1


def test_law_10_one_of_the_old_parties_stays() -> None:
    """New terms have none of the old parties: nobody under them need have seen what these agreed, started, cleared."""
    world = World(Draft(names=WITH_WEST))
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    act = TermsPropose(text=Draft(names=UP_AND_DOWN, edition=2).text(), after=after)
    refused(world.sign("north", act), "agreement.amendment", 10)


def leaving() -> tuple[Play, TermsPropose]:
    """North's operation is ready, and north has voted for terms without itself."""
    names = Names(("north", "south"), (*OTHERS, ("east", "observer")))
    play = stage(World(Draft(names=names)))
    act = drafted(play.world, Names(("south", "east"), (*OTHERS, ("north", "observer"))))
    admitted(vote(play.world, "east", act))
    play.world.share()
    admitted(vote(play.world, "north", act))
    return play, act


def test_law_10_leaver_starts_nothing() -> None:
    """A party votes to leave and starts under the old terms, while those who stay start in the same air under new."""
    play, act = leaving()
    refused(play.start(), "agreement.amendment", 10)
    play.world.share()
    admitted(decline(play.world, "south", act))
    play.world.share()
    admitted(play.start())


def test_law_10_terms_long_replaced_count_too() -> None:
    """Terms change twice, so that no party is left of the first: a vote under those may still be on its way."""
    world, wide, narrow, _ = held_back(Names(("south", "east"), _observers("south", "east")), "north", "west")
    last = Names(("east", "up"), _observers("east", "up"))
    act = TermsPropose(
        text=Draft(names=last, edition=3).text(), after=tuple(each.id for each in heads(world["south"].view, "terms"))
    )
    admitted(world.sign("south", act))
    world.deliver("south", "up")
    admitted(vote(world, "up", act))
    world.deliver("up", "south")
    for name in ("south", "east"):
        world.deliver("south", name)
        admitted(vote(world, name, act))
    for name in ("south", "up"):
        world.deliver(name, "east")
    refused(vote(world, "east", narrow), "agreement.amendment", 10)
    admitted(vote(world, "east", wide))


def test_law_10_forked_log_holds_up_nobody() -> None:
    """A party that forks signs in its old log no more: what was voted for there must not wait for it for ever."""
    world = World(Draft(names=WITH_WEST))
    wide, narrow = proposed(world, "wide", "orchard")
    for name in ("north", "south"):
        admitted(vote(world, name, wide))
    world.share()
    fork(world, "west")
    terms = drafted(world, WITH_EAST)
    del world.offices["double"]
    voted_for(world, terms, WITH_WEST, WITH_EAST)
    world.share("north", "south", "west", "east", "centre", "monitor")
    for name in ("north", "south", "east"):
        admitted(vote(world, name, narrow))


NEW_LOGS = (("north", "pact/north/2"), ("south", "pact/south/2"))


def drafted_new_logs(world: World, *movers: str) -> TermsPropose:
    """Terms that give those parties new logs, though none has forked; everybody holds the proposal."""
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    origins = tuple(each for each in NEW_LOGS if each[0] in movers)
    act = TermsPropose(text=Draft(edition=2, origins=origins).text(), after=after)
    admitted(world.sign("north", act))
    world.share()
    return act


def moving(*movers: str) -> tuple[World, TermsPropose]:
    """A world in which those are about to have new logs."""
    world = World()
    return world, drafted_new_logs(world, *movers)


def test_law_10_new_logs_lock_nothing() -> None:
    """Every party gets a new log: nobody signs in the old ones, and all would wait for them for ever."""
    world, act = moving("north", "south")
    for name in ("north", "south"):
        admitted(vote(world, name, act))
    world.share()
    for name, origin in NEW_LOGS:
        world[name].origin = origin
        admitted(world.sign(name, Join(terms=act.content()), officer="root", seat="root"))
    world.share()
    (wide,) = proposed(world, "wide")
    for name in ("north", "south"):
        admitted(vote(world, name, wide))
    world.share()
    assert len(area_versions(world["centre"].view, "valley")) == 1


def test_law_10_a_log_that_ends_votes_for_nothing_else() -> None:
    """A party votes to have a new log, and then in the old one on an area: nobody under the new terms waits for that,
    and they agree on another area before it comes."""
    world, act = moving("south")
    wide, narrow = proposed(world, "wide", "orchard")
    admitted(vote(world, "north", act))
    admitted(vote(world, "north", wide))
    admitted(vote(world, "south", act))
    refused(vote(world, "south", wide), "agreement.amendment", 10)
    world.share()
    world["south"].origin = "pact/south/2"
    admitted(world.sign("south", Join(terms=act.content()), officer="root", seat="root"))
    for name in ("north", "south"):
        admitted(vote(world, name, narrow))
    world.share()
    assert [each.content for each in heads(world["centre"].view, "area/valley")] == [narrow.content()]


def test_law_10_a_log_goes_on_when_it_is_not_ended() -> None:
    """The others decline to give a party its new log: it votes in the old one again."""
    world, act = moving("south")
    (wide,) = proposed(world, "wide")
    admitted(vote(world, "south", act))
    admitted(decline(world, "north", act))
    refused(vote(world, "south", wide), "agreement.amendment", 10)
    world.share()
    admitted(vote(world, "south", wide))


def test_law_10_rounds_begin_anew_under_new_terms() -> None:
    """A round that differing votes under old terms made dead is open to those who vote under the new."""
    world = World(Draft(names=WITH_WEST))
    wide, narrow = proposed(world, "wide", "orchard")
    admitted(vote(world, "north", wide))
    admitted(vote(world, "south", narrow))
    world.share()
    assert open_round(world["east"].view, "area/valley", (), world.founding_hash) == 1
    terms = drafted(world, WITH_EAST)
    voted_for(world, terms, WITH_WEST, WITH_EAST)
    world.share()
    watch(world, "west")
    world.share()
    assert open_round(world["east"].view, "area/valley", (), terms.content()) == 0
    for name in ("north", "south", "east"):
        admitted(vote(world, name, narrow))


def test_law_09_who_would_join_may_decline() -> None:
    """Two would take in a third that will not: it can say so, and they agree among themselves in the same round."""
    world = World(Draft(names=Names(("north", "south"), (*OTHERS, ("east", "observer")))))
    act = drafted(world, Names(("north", "south", "east")))
    other = drafted(world, world.draft.names)
    refused(decline(world, "monitor", act), "agreement.amendment", 22)
    admitted(decline(world, "east", act))
    world.share()
    refused(vote(world, "north", act), "agreement.amendment", 9)
    for name in ("north", "south"):
        admitted(vote(world, name, other))
    world.share()
    assert terms_heads(world["centre"].view) == [other.content()]


def left_behind() -> tuple[World, Play, Taken, tuple[str, ...]]:
    """East's operation and its activity run, it has consented to north's, and the terms then leave it out."""
    world = World(Draft(names=WITH_THREE))
    play = stage(world, executing="east", drafted_by="east")
    other = Play(world, operation="op-2", place="quarry")
    other.propose()
    given = admitted(other.consent("east"))
    activity = admitted(world.sign("east", ActivityDeclare(activity="x", group="guards", volume=volume("airfield"))))
    admitted(play.start())
    world.share()
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    act = TermsPropose(text=Draft(edition=2).text(), after=after)
    admitted(world.sign("north", act))
    world.share()
    for name in WITH_THREE.signatories:
        admitted(world.sign(name, Vote(thing="terms", after=after, round=0, content=act.content())))
    world.share()
    return world, play, activity, (other.request.entry.id, given.entry.id)


def test_law_15_who_has_left_ends_what_it_began() -> None:
    """A party that the terms have dropped signs the end of its operation in vain, and the air is barred for ever."""
    world, play, activity, (request, consent) = left_behind()
    admitted(world.sign("east", OperationWithdraw(request=request, consent=consent)))
    admitted(world.sign("east", ActivityEnd(activity=activity.entry.id)))
    barred = Play(world, operation="op-3")
    world.draft = Draft(edition=2)
    refused(barred.ready().start(), "operation.start", 19)
    admitted(play.end())
    world.share()
    admitted(barred.start())


def test_law_15_who_has_left_decides_nothing() -> None:
    """A party that the terms have dropped suspends the agreement of the others, votes, or reports."""
    world, play, _, _ = left_behind()
    refused(world.sign("east", Suspend()), "agreement.suspension", 22)
    refused(world.sign("east", LineCheck(with_participant="north", result="working")), "agreement.adoption", 12)
    refused(world.sign("east", OperationEnd(request=play.request.entry.id, how="completed"), officer="nobody"), "keys")


def _observers(*but: str) -> tuple[tuple[str, str], ...]:
    return (*OTHERS, *((each, "observer") for each in ALL if each not in but))
