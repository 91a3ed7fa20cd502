"""What a view says of operations and movements is what the judge would say; and whoever is waited for owes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.model.acts.agreement import TermsPropose, Vote
from comity.model.acts.alone import ActivityDeclare, ActivityEnd
from comity.model.acts.keys import Compromised
from comity.model.acts.movements import (
    MovementAccept,
    MovementAcknowledge,
    MovementAgree,
    MovementAlternative,
    MovementArrive,
    MovementDepart,
)
from comity.model.acts.operations import FactState
from comity.model.history import Taken
from comity.model.records.change import heads
from comity.views.board import activity_rows
from comity.views.flags import flags
from comity.views.movements import movements
from comity.views.obligations import obligations
from comity.views.operations import operations
from laws.agreement import Draft, Names
from laws.plays import (
    Play,
    acknowledge,
    acknowledged,
    admitted,
    amend,
    answered,
    clear,
    designate,
    dissolve,
    fact,
    fork,
    hold,
    line_check,
    movement,
    stage,
    treat,
    volume,
)
from laws.world import World

OTHERS = Names().others
THREE = Names(("north", "south", "west"), OTHERS)
GUEST = Names(("north", "south"), (*OTHERS, ("east", "observer")))
ROUTE = ((360_000_000, 370_000_000), (361_000_000, 374_000_000))
REVIEW = "review the start of operation op-1"
STANDING_DUTIES = ("check the line", "give a sign of life")


def words(world: World) -> list[tuple[str, tuple[str, ...]]]:
    """The status and conditions of every operation and movement, as north sees them."""
    view, now_ms = world["north"].view, world["north"].at_ms
    found = [(each.status, each.conditions) for each in operations(view, now_ms)]
    return found + [(each.status, each.conditions) for each in movements(view, now_ms)]


def statuses(world: World) -> list[str]:
    """The bare words."""
    return [status for status, _ in words(world)]


def owed(world: World) -> set[tuple[str, str]]:
    """Who owes what, without the duties that everyone has anyway."""
    found = obligations(world["north"].view, world["north"].at_ms)
    return {(each.debtor, each.what) for each in found if not each.what.startswith(STANDING_DUTIES)}


def join(world: World) -> None:
    """East, an observer until then, becomes a signatory of new terms."""
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    names = Names(("north", "south", "east"), OTHERS)
    act = TermsPropose(text=Draft(names=names, edition=2).text(), after=after)
    admitted(world.sign("north", act))
    world.share()
    for name in ("east", "north", "south"):
        admitted(world.sign(name, Vote(thing="terms", after=after, round=0, content=act.content())))
        world.share()


def offer(world: World, request: Taken, by: str = "south") -> Taken:
    """Another way is offered."""
    act = MovementAlternative(request=request.entry.id, route=ROUTE, volume=volume("quarry"))
    return admitted(world.sign(by, act))


def accept(world: World, request: Taken, offered: Taken) -> None:
    """North takes it, and everybody holds that."""
    admitted(world.sign("north", MovementAccept(request=request.entry.id, alternative=offered.entry.id)))
    world.share()


def cleared(world: World) -> Taken:
    """A movement of north's in air of its own, cleared."""
    request = acknowledged(world, "north", "quarry")
    admitted(clear(world, request, "north"))
    world.share()
    return request


def test_law_10_new_signatory_rewrites_nothing() -> None:
    """East joins while an operation and a movement are under way: both were only proposed then, and nobody owed."""
    world = World(Draft(names=GUEST))
    play = stage(world)
    admitted(play.start())
    world.share()
    request = cleared(world)
    admitted(world.sign("north", MovementDepart(request=request.entry.id)))
    world.share()
    assert statuses(world) == ["active", "under way"]
    before = owed(world)
    assert before == {("north", "sign the end of operation op-1"), ("north", "sign the arrival of movement flight-1")}
    join(world)
    assert statuses(world) == ["active", "under way"]
    assert owed(world) == before
    admitted(play.end())
    admitted(world.sign("north", MovementArrive(request=request.entry.id)))
    world.share()
    assert statuses(world) == ["ended", "arrived"]
    assert owed(world) == {
        ("north", "report on operation op-1"),
        ("south", "find whether movement flight-1 conformed"),
    }


def test_law_10_what_was_only_asked_needs_the_newcomer() -> None:
    """What was only agreed before east joined is started and cleared without it."""
    world = World(Draft(names=GUEST))
    play = stage(world)
    request = movement(world, "north", "quarry")
    world.share()
    acknowledge(world, request, "south")
    world.share()
    assert statuses(world) == ["ready", "agreed"]
    join(world)
    assert statuses(world) == ["proposed", "requested"]
    assert {("east", "answer operation op-1"), ("east", "answer movement flight-1")} <= owed(world)
    assert play.start().refusal is not None and clear(world, request, "north").refusal is not None


def test_law_10_who_has_left_reviews_nothing() -> None:
    """West is a party no more after a start and stays to look on: its review is waited for, which no observer signs."""
    world = World(Draft(names=THREE))
    play = stage(world)
    hold(world, "south", volume=volume("orchard"))
    admitted(play.start())
    world.share()
    assert {("south", REVIEW), ("west", REVIEW)} <= owed(world)
    amend(world, Draft(names=Names(("north", "south"), (*OTHERS, ("west", "observer"))), edition=2))
    assert statuses(world) == ["active"]
    assert owed(world) == {("south", REVIEW), ("north", "sign the end of operation op-1")}


def forty_five_minutes_on(world: World) -> Taken:
    """Time passes, and south is there and finds its line working."""
    world.tick(45)
    return line_check(world, "south", "north")


REFUSED: dict[str, Callable[[Play], object]] = {
    "a fork": lambda play: fork(play.world, "south"),
    "new terms": lambda play: amend(play.world, Draft(edition=2)),
    "a dissolved area": lambda play: dissolve(play.world),
    "a group left to each": lambda play: treat(play.world, "bands", "independent"),
    "a group of the authorities": lambda play: treat(play.world, "bands", "integrated"),
    "a dead line": lambda play: line_check(play.world, "south", "north", "dead"),
    "an old confirmation": lambda play: forty_five_minutes_on(play.world),
    "a lease that is over": lambda play: play.world.tick(130),
    "a stolen key": lambda play: play.world.sign(
        "south", Compromised(key=play.world.key("south", "second"), since_seq=0)
    ),
    "a fact": lambda play: fact(play.world, "centre"),
    "a hold": lambda play: hold(play.world, "centre"),
    "a movement": lambda play: movement(play.world, "centre"),
    "an own consent": lambda play: stage(play.world, executing="south", drafted_by="south", operation="op-2"),
}
"""What makes a start inadmissible after it was ready."""


@pytest.mark.parametrize("case", list(REFUSED))
def test_law_17_ready_is_what_the_judge_would_admit(case: str) -> None:
    """An operation is shown ready with nothing to read beside it, and its start is refused."""
    play = stage()
    assert words(play.world) == [("ready", ())]
    REFUSED[case](play)
    play.world.share("north", "south", "centre", "monitor")
    status, conditions = words(play.world)[0]
    assert status in ("agreed", "ready")
    assert [each for each in conditions if each.startswith("may not start: ")]
    assert play.start().refusal is not None


def test_law_20_agreed_is_what_the_judge_would_clear() -> None:
    """South agreed and acknowledged nothing: agreed without a word, and nobody owes the acknowledgement."""
    world = World()
    request = answered(world, "north", "south", MovementAgree)
    assert words(world) == [("agreed", ("may not be cleared: south has not acknowledged movement flight-1",))]
    assert ("south", "acknowledge movement flight-1") in owed(world)
    assert clear(world, request, "north").refusal is not None
    admitted(world.sign("south", MovementAcknowledge(request=request.entry.id)))
    world.share()
    assert words(world) == [("agreed", ())]
    admitted(clear(world, request, "north"))


def test_law_20_accepted_is_asked_anew() -> None:
    """South agreed to one way, north takes another: shown as agreed, and nobody owes an answer."""
    world = World()
    request = movement(world, "north")
    world.share()
    offered = offer(world, request)
    acknowledge(world, request, "south")
    world.share()
    assert statuses(world) == ["agreed"]
    accept(world, request, offered)
    assert statuses(world) == ["asked anew"]
    assert owed(world) == {("south", "answer movement flight-1")}
    admitted(world.sign("south", MovementAgree(request=request.entry.id, alternative=offered.entry.id)))
    world.share()
    assert words(world) == [("agreed", ())]


def test_law_20_whoever_answered_something_else_answers_again() -> None:
    """Of three, west agreed before north took what south offered: west's answer is not waited for by anyone."""
    world = World(Draft(names=THREE))
    request = movement(world, "north")
    world.share()
    acknowledge(world, request, "west")
    offered = offer(world, request)
    world.share()
    assert statuses(world) == ["alternative offered"]
    assert owed(world) == {
        ("north", "accept what is offered for movement flight-1, or cancel it"),
        ("south", "acknowledge movement flight-1"),
    }
    accept(world, request, offered)
    for name in ("south", "west"):
        assert (name, "answer movement flight-1") in owed(world)


def test_law_16_withdrawn_consent_is_answered_anew() -> None:
    """South takes its consent back before west has given its own: proposed, and nobody owes."""
    world = World(Draft(names=THREE))
    designate(world)
    play = Play(world)
    play.propose()
    play.consent("south")
    world.share()
    play.withdraw("south")
    play.consent("west")
    world.share()
    assert statuses(world) == ["withdrawn"]
    assert owed(world) == {("south", "answer operation op-1 anew")}
    play.consent("south")
    world.share()
    assert statuses(world) == ["agreed"]
    assert not owed(world)


def test_law_16_consents_given_anew_beside_each_other() -> None:
    """South and west take back and consent anew, each without the other's word: withdrawn for ever, and nobody owes."""
    world = World(Draft(names=THREE))
    designate(world)
    play = Play(world)
    play.propose()
    for name in ("south", "west"):
        play.consent(name)
    world.share()
    for name in ("south", "west"):
        play.withdraw(name)
        play.consent(name)
    world.share()
    assert statuses(world) == ["agreed"]


def test_law_25_lapsed_consent_is_answered_anew() -> None:
    """The lease ends while the window is open: suspended, and nobody owes."""
    play = stage()
    play.world.tick(130)
    assert owed(play.world) == {("south", "answer operation op-1 anew")}


def test_law_32_late_on_one_branch_is_late_for_ever() -> None:
    """South sees the start at once on a hidden branch and late on the other; the hidden one takes no flag away."""
    play = stage()
    world, start = play.world, admitted(play.start())
    world.twin("south", "double")
    world.deliver("north", "double", start)
    admitted(world.sign("double", FactState(fact="shelter", volume=volume("quarry"))))
    for _ in range(3):
        admitted(world.sign("south", FactState(fact="shelter", volume=volume("airfield"))))
    world.tick(300)
    world.deliver("north", "south", start)
    admitted(world.sign("south", FactState(fact="shelter", volume=volume("airfield"))))
    world.deliver("south", "centre")
    before = flags(world["centre"].view, world.local("centre", start))
    assert "late" in before
    world.deliver("double", "centre")
    assert before <= flags(world["centre"].view, world.local("centre", start))


def test_law_18_activity_against_a_group_taken_in_must_end() -> None:
    """A group is no longer left to each, and what goes on against it is shown as if it were."""
    world = World()
    act = ActivityDeclare(activity="patrol-1", group="guards", volume=volume("quarry", 48, 50))
    declared = admitted(world.sign("north", act))
    world.share()
    assert [each["conditions"] for each in activity_rows(world["south"].view, world.at_ms)] == [[]]
    assert not owed(world)
    treat(world, "guards", "coordinated")
    [row] = activity_rows(world["south"].view, world.at_ms)
    assert row["conditions"] == ["must end: group guards is treated as coordinated"]
    assert owed(world) == {("north", "end activity patrol-1")}
    admitted(world.sign("north", ActivityEnd(activity=declared.entry.id)))
    world.share()
    assert not owed(world)
