"""Laws 16, 19, 20 and 29: what a party that is no party any more has begun and owes, and one whose log was replaced."""

from __future__ import annotations

from comity.model.acts.agreement import LiftPropose, TermsPropose, Vote
from comity.model.acts.alone import ActivityDeclare
from comity.model.acts.keys import Join
from comity.model.acts.operations import OperationEnd
from comity.model.history import Taken
from comity.model.records.change import heads
from comity.model.records.operations import operation
from comity.views.alone import OverlapStanding, overlaps
from comity.views.obligations import CARRIED, obligations
from comity.views.operations import operations
from laws.agreement import Draft, Names, key_of
from laws.plays import Play, acknowledge, admitted, clear, lift, line_check, movement, refused, stage, treat, volume
from laws.test_replaced_terms import left_behind
from laws.world import World

BACK = Names(("north", "south", "east"))


def left_start(play: Play) -> Taken:
    """The start that the leaver signed."""
    record = operation(play.world["north"].view, play.request.entry.id)
    assert record is not None
    (start,) = record.starts
    return start


def proposed_lift(world: World, by: str, start: Taken) -> Taken:
    """A signatory proposes to lift a start."""
    return world.sign(by, LiftPropose(lifts=(start.entry.id,)))


def test_law_16_start_of_one_who_has_left_is_lifted_by_all() -> None:
    """A leaver falls silent with an operation under way, and its air is barred to all starts for ever."""
    world, play, _, _ = left_behind()
    world.draft = Draft(edition=2)
    barred = Play(world, operation="op-3")
    refused(barred.ready().start(), "operation.start", 19)
    lift(world, left_start(play))
    (shown,) = [each for each in operations(world["north"].view, world.at_ms) if each.record.act.operation == "op-1"]
    assert shown.status == "lifted"
    admitted(barred.start())


def test_law_20_lifted_start_bars_no_movement() -> None:
    """A leaver falls silent with an operation under way, and nothing is cleared through its air any more."""
    world, play, _, _ = left_behind()
    world.draft = Draft(edition=2)
    passage = movement(world, "centre")
    world.share()
    acknowledge(world, passage, "north", "south")
    world.share()
    refused(clear(world, passage, "centre"), "movement.clearance", 20)
    lift(world, left_start(play))
    admitted(clear(world, passage, "centre"))


def test_law_16_lifted_start_is_still_ended_and_reported() -> None:
    """The leaver comes back to sign the end of what all others have lifted: a restraint is never too late (law 15)."""
    world, play, _, _ = left_behind()
    world.draft = Draft(edition=2)
    lift(world, left_start(play))
    world.share()
    admitted(play.end())
    refused(play.end(), "operation.report", 15)


def test_law_16_start_of_a_party_is_not_lifted() -> None:
    """Two of three would lift the start of the third, which is in the air and ends it itself."""
    play = stage(World(Draft(names=BACK)), executing="east", drafted_by="east")
    start = admitted(play.start())
    play.world.share()
    for name in BACK.signatories:
        refused(proposed_lift(play.world, name, start), "operation.hold", 16)


def test_law_16_one_signatory_lifts_no_start() -> None:
    """One of those who remain would lift a leaver's start alone."""
    world, play, _, _ = left_behind()
    world.draft = Draft(edition=2)
    act = LiftPropose(lifts=(left_start(play).entry.id,))
    admitted(world.sign("north", act))
    admitted(world.sign("north", Vote(thing=act.thing, after=(), round=0, content=act.content())))
    world.share()
    refused(Play(world, operation="op-3").ready().start(), "operation.start", 19)


def test_law_16_nothing_else_than_a_start_is_lifted() -> None:
    """A lift names what restrains, or a start: a proposal, or a vote, of one who has left it does not undo."""
    world, play, _, _ = left_behind()
    world.draft = Draft(edition=2)
    refused(world.sign("north", LiftPropose(lifts=(play.request.entry.id,))), "operation.hold", 16)
    refused(world.sign("north", LiftPropose(lifts=(key_of("east/first"),))), "operation.hold", 16)


def test_law_15_new_log_ends_what_the_old_one_began() -> None:
    """A log died with an operation under way: its party signs the end in the log that it was given in its place."""
    play = stage()
    start = admitted(play.start())
    world = play.world
    world.share()
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    act = TermsPropose(text=Draft(edition=2, origins=(("north", "pact/north/2"),)).text(), after=after)
    admitted(world.sign("south", act))
    world.share()
    for name in ("north", "south"):
        admitted(world.sign(name, Vote(thing="terms", after=after, round=0, content=act.content())))
    world.share()
    world["north"].origin = "pact/north/2"
    admitted(world.sign("north", Join(terms=act.content()), officer="root", seat="root"))
    refused(proposed_lift(world, "south", start), "operation.hold", 16)
    admitted(
        world.sign("north", OperationEnd(request=play.request.entry.id, how="completed"), officer="root", seat="root")
    )
    world.share()


def owed_by(world: World, party: str) -> set[str]:
    """What a party owes, as north has it."""
    return {each.what for each in obligations(world["north"].view, world["north"].at_ms) if each.debtor == party}


def test_law_29_who_has_left_owes_what_it_can_still_sign() -> None:
    """A leaver owes signs of life, overlaps, a watch and a report for ever, which it can sign no more, and of the end
    that it can sign nobody says that no office hears it."""
    world, play, activity, _ = left_behind()
    world.draft = Draft(edition=2)
    world.tick(200)
    for name, other in (("north", "south"), ("south", "north")):
        admitted(line_check(world, name, other))
    near = ActivityDeclare(activity="y", group="guards", volume=volume("airfield"))
    mine = admitted(world.sign("north", near))
    world.share("north", "south")
    assert owed_by(world, "east") == {f"sign the end of operation op-1; {CARRIED}"}
    (overlap,) = [each for each in overlaps(world["north"].view) if _pair(each) == {mine.entry.id, activity.entry.id}]
    assert overlap.missing == ("north",)
    admitted(play.end())
    world.share()
    assert owed_by(world, "east") == set()


def test_law_29_who_has_left_ends_its_activity() -> None:
    """All treat a group otherwise, and of a leaver that still acts against it nothing is asked."""
    world, _, _, _ = left_behind()
    world.draft = Draft(edition=2)
    treat(world, "guards", "coordinated")
    assert f"end activity x; {CARRIED}" in owed_by(world, "east")


def _pair(overlap: OverlapStanding) -> set[str]:
    return {overlap.activity.entry.id, overlap.other.entry.id}
