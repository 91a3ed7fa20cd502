"""Attacks on what later acts rest on: authorisations, confirmations and agreements end like consents (25, 28, 33)."""

from __future__ import annotations

from typing import Literal

import pytest

from comity.model.acts import Act
from comity.model.acts.agreement import GroupPropose, Vote
from comity.model.acts.alone import ActivityAcknowledge, ActivityDeclare
from comity.model.acts.keys import ClockStep, Compromised
from comity.model.acts.movements import MovementAccept, MovementAgree, MovementAlternative
from comity.model.acts.operations import Authorise, FactState, OperationConfirm, OperationPropose
from comity.model.entry import Second
from comity.model.history import Taken
from comity.model.records.change import heads, terms_to_judge_by
from comity.model.records.groups import treatment_of
from comity.model.spans import HOUR_MS
from comity.model.volume import Volume
from comity.views.alone import overlaps
from comity.views.flags import flags
from laws.agreement import Draft
from laws.holding import check_start_is_held
from laws.plays import (
    EVERYWHERE,
    Play,
    acknowledge,
    admitted,
    amend,
    clear,
    designate,
    fact,
    line_check,
    movement,
    refused,
    ring,
    stage,
    volume,
)
from laws.world import SIGNATURE, World


def authorise(world: World, *by: str, hours: float = 5) -> dict[str, Taken]:
    """National authorities allow operations in the valley for some hours."""
    act = Authorise(
        authorisation="joint",
        areas=("valley",),
        groups=("bands",),
        until_ms=world.at_ms + int(hours * HOUR_MS),
    )
    given = {name: admitted(world.sign(name, act)) for name in by or ("north", "south")}
    world.share()
    return given


def integrated(world: World, place: str = "orchard") -> OperationPropose:
    """A request that names the authorisation."""
    return OperationPropose(
        operation="op-1",
        area="valley",
        group="bands",
        executing="north",
        volume=volume(place),
        authorisation="joint",
    )


def ready(world: World) -> Play:
    """An integrated operation that both authorities allow, consented to and confirmed."""
    play = Play(world)
    play.request = admitted(world.sign("north", integrated(world)))
    world.share()
    play.consent()
    play.confirm()
    world.share()
    return play


def set_back(world: World, name: str, hours: float) -> Taken:
    """Two officers set a clock back."""
    before_ms = world[name].at_ms
    world[name].at_ms -= int(hours * HOUR_MS)
    second = Second(key=world.key(name, "second"), seat="duty", signature=SIGNATURE)
    return admitted(world.sign(name, ClockStep(before_ms=before_ms), second=second))


def test_law_28_step_of_the_giver_revives_no_authorisation() -> None:
    """An authority's hour is over by its own clock; its office sets that clock back, and the hour begins again."""
    world = World()
    designate(world)
    authorise(world, hours=1)
    world["south"].at_ms += 2 * HOUR_MS
    admitted(fact(world, "south", "quarry"))
    world.share()
    refused(world.sign("north", integrated(world)), "integration")
    set_back(world, "south", 2)
    world.share()
    refused(world.sign("north", integrated(world)), "integration")
    authorise(world, "south")
    admitted(world.sign("north", integrated(world)))


def test_law_28_step_of_the_user_revives_no_authorisation() -> None:
    """Who relies on an authorisation that is over by his clock sets his own clock back."""
    world = World()
    designate(world)
    authorise(world, "south", hours=1)
    authorise(world, "north", hours=9)
    world["north"].at_ms += 2 * HOUR_MS
    refused(world.sign("north", integrated(world)), "integration")
    set_back(world, "north", 2)
    authorise(world, "north", hours=9)
    refused(world.sign("north", integrated(world)), "integration")


def test_law_33_compromised_ends_authorisations_seen() -> None:
    """A stolen key allowed the operation; that it was stolen is known before the start."""
    world = World()
    designate(world)
    given = authorise(world)
    play = ready(world)
    act = Compromised(key=world.key("south", "first"), since_seq=given["south"].entry.seq)
    admitted(world.sign("south", act, officer="second"))
    _line_check_by_second(world)
    refused(play.start(), "integration")


def test_law_12_authorisation_dies_with_its_terms() -> None:
    """What an authority allowed under replaced terms is used under the new ones."""
    world = World()
    designate(world)
    authorise(world)
    amend(world, Draft(edition=2))
    refused(world.sign("north", integrated(world)), "integration")
    authorise(world)
    admitted(world.sign("north", integrated(world)))


def test_law_18_authorisation_covers_the_area_that_its_giver_knew() -> None:
    """An area is drawn wider after the authorities allowed operations in it."""
    world = World()
    designate(world, "orchard")
    authorise(world)
    admitted(world.sign("north", integrated(world)))
    designate(world, "wide")
    refused(world.sign("north", integrated(world, "airfield")), "integration")
    authorise(world)
    admitted(world.sign("north", integrated(world, "airfield")))


def test_law_33_compromised_ends_confirmations_seen() -> None:
    """A stolen key gave the final confirmation of a consent by a good one; another officer confirms anew."""
    play = stage()
    world = play.world
    world.tick(40)
    named = OperationConfirm(request=play.request.entry.id, consent=play.consents["south"].entry.id)
    stolen = admitted(world.sign("south", named))
    act = Compromised(key=world.key("south", "first"), since_seq=stolen.entry.seq)
    admitted(world.sign("south", act, officer="second"))
    _line_check_by_second(world)
    refused(play.start(), "operation.confirmation")
    admitted(play.confirm())
    world.share()
    admitted(play.start())


def test_law_33_compromised_ends_line_checks_seen() -> None:
    """A thief answers the line, which no officer has tried for an hour; that he is a thief is known at the start."""
    play, checked = line_tried_by_first()
    world = play.world
    admitted(world.sign("south", stolen(world, checked), officer="second"))
    world.share()
    refused(play.start(), "operation.line", 25)
    _line_check_by_second(world)
    admitted(play.start())


def test_law_33_compromised_ends_signs_of_life_seen() -> None:
    """The officers are gone; whoever stole one's key says that somebody is there, and the theft is known."""
    play, alive = only_sign_of_life()
    world = play.world
    by_root(world, stolen(world, alive))
    world.share()
    refused(play.start(), "operation.line", 25)
    admitted(world.sign("south", FactState(fact="shelter", volume=volume("quarry")), officer="second"))
    world.share()
    admitted(play.start())


def test_law_25_dead_line_is_dead_whoever_says_so() -> None:
    """A line is found dead by a key that was in other hands, and is taken for a working one because of that."""
    play = stage()
    world = play.world
    said = admitted(line_check(world, "south", "north", result="dead"))
    admitted(world.sign("south", stolen(world, said), officer="second"))
    world.share()
    refused(play.start(), "operation.line", 25)


def authorised_by_first() -> tuple[Play, Taken]:
    """An integrated operation that south's first officer allowed and its second consented to."""
    world = World()
    designate(world)
    given = authorise(world)
    return ready(world), given["south"]


def confirmed_by_first() -> tuple[Play, Taken]:
    """A consent by south's second officer that its first confirmed later."""
    play = stage()
    play.world.tick(40)
    named = OperationConfirm(request=play.request.entry.id, consent=play.consents["south"].entry.id)
    return play, admitted(play.world.sign("south", named))


def line_tried_by_first() -> tuple[Play, Taken]:
    """All of south is by its second officer but the newest check of its line, by the first."""
    world = World()
    designate(world)
    world.tick(61)
    checked = admitted(line_check(world, "south", "north"))
    return Play(world).ready(), checked


def only_sign_of_life() -> tuple[Play, Taken]:
    """South's consent stands, its officers have signed nothing for an hour, its line check is a little younger; then
    its first officer's key states something."""
    world = World(Draft(numbers=(("giver_seen_within_min", 5),)))
    play = stage(world)
    world.tick(10)
    return play, admitted(fact(world, "south", "quarry"))


RELIED_ON = {
    "authorisation": authorised_by_first,
    "confirmation": confirmed_by_first,
    "line": line_tried_by_first,
    "sign of life": only_sign_of_life,
}


@pytest.mark.parametrize("thing", RELIED_ON)
def test_law_33_theft_found_beside_a_start_flags_it(thing: str) -> None:
    """The key that gave what a start rests on was stolen, which is said just as it starts: nobody looks again."""
    play, given = RELIED_ON[thing]()
    world = play.world
    world.share()
    statement = by_root(world, stolen(world, given))
    start = admitted(play.start())
    assert flags(world["north"].view, start) == frozenset()
    check_start_is_held(world, start, statement, "concurrent", "compromised")


@pytest.mark.parametrize("thing", RELIED_ON)
def test_law_33_theft_found_after_a_start_flags_it(thing: str) -> None:
    """The theft is found a day later, by who has seen the start."""
    play, given = RELIED_ON[thing]()
    world = play.world
    world.share()
    start = admitted(play.start())
    world.share()
    statement = by_root(world, stolen(world, given))
    check_start_is_held(world, start, statement, "compromised")
    assert flags(world["north"].view, start) == {"compromised"}


def test_law_33_what_another_key_gave_as_well_is_no_matter() -> None:
    """One of two officers who tried the line had lost his key: the start is held though the other's word stands."""
    play, checked = line_tried_by_first()
    world = play.world
    _line_check_by_second(world)
    by_root(world, stolen(world, checked))
    start = admitted(play.start())
    world.share()
    assert flags(world["centre"].view, world.local("centre", start)) == frozenset()


def test_law_28_step_of_the_authority_flags_a_start() -> None:
    """South's authority sets its clock back, and its hour begins again, just as north starts under it."""
    play, _ = authorised_by_first()
    step = set_back(play.world, "south", 1)
    start = admitted(play.start())
    check_start_is_held(play.world, start, step)


def stolen(world: World, given: Taken) -> Compromised:
    """The key of south's first officer was in other hands when that was signed."""
    return Compromised(key=world.key("south", "first"), since_seq=given.entry.seq)


def by_root(world: World, act: Act) -> Taken:
    """South's root key says it: no officer of south is there."""
    return admitted(world.sign("south", act, officer="root", seat="root"))


def test_law_33_compromised_ends_agreements_seen() -> None:
    """A stolen key agreed to a movement; that it was stolen is known before the clearance."""
    world = World()
    request = movement(world, "north")
    world.share()
    acknowledge(world, request, "south")
    since_seq = world["south"].size("pact/south") - 1
    act = Compromised(key=world.key("south", "first"), since_seq=since_seq)
    admitted(world.sign("south", act, officer="second"))
    world.share()
    refused(clear(world, request, "north"), "movement.clearance")
    admitted(world.sign("south", MovementAgree(request=request.entry.id), officer="second"))
    world.share()
    admitted(clear(world, request, "north"))


def test_law_19_windows_that_touch_share_a_room() -> None:
    """Two start in one room, one at the end of its window and one at the beginning of the next, neither seen by the
    other: what has not ended is still there, whatever the hour."""
    world = World()
    designate(world)
    ours = Play(world, until_h=1, operation="op-n")
    theirs = Play(world, executing="south", drafted_by="south", from_h=1, until_h=3, operation="op-s")
    ours.propose()
    theirs.propose()
    for play, giver in ((ours, "south"), (theirs, "north")):
        admitted(play.consent(giver))
        admitted(play.confirm(giver))
    world.share()
    world.tick(29)
    refused(ours.start(), "operation.start", 19)
    theirs.withdraw("north")
    world.share()
    admitted(fact(world, "south", "quarry"))
    world.share()
    admitted(ours.start())


def test_law_11_two_heads_of_one_word_are_two() -> None:
    """A fork leaves a group two treatments in force, both of one word: nobody knows which of them is changed next."""
    world = World()
    designate(world)
    world.twin("north", "double")
    world.twin("south", "shadow")
    _treat(world, ("north", "south"), "inside", "integrated")
    _treat(world, ("double", "shadow"), "integrated")
    for source in ("north", "double"):
        world.deliver(source, "centre")
    view = world["centre"].view
    assert len(heads(view, "group/bands")) == 2
    assert treatment_of(view, terms_to_judge_by(view), "bands") is None


def test_law_20_acknowledged_overlap_is_with_the_air_asked_for() -> None:
    """An overlap is acknowledged; the movement is then given other air, which the activity overlaps with as well."""
    world = World()
    request = movement(world, "north")
    world.share()
    act = ActivityDeclare(activity="patrol", group="guards", volume=_wide())
    activity = admitted(world.sign("south", act)).entry.id
    world.share()
    word = ActivityAcknowledge(activity=activity, overlap=request.entry.id)
    for name in ("north", "south"):
        admitted(world.sign(name, word))
    world.share()
    assert [each.missing for each in overlaps(world["north"].view)] == [()]
    offer = MovementAlternative(
        request=request.entry.id,
        route=((360_000_000, 370_000_000), (361_000_000, 374_000_000)),
        volume=volume("quarry"),
    )
    offered = admitted(world.sign("south", offer)).entry.id
    world.share()
    admitted(world.sign("north", MovementAccept(request=request.entry.id, alternative=offered)))
    admitted(world.sign("south", word))  # crosses the acceptance
    world.share()
    assert [each.missing for each in overlaps(world["north"].view)] == [("north", "south")]
    admitted(world.sign("south", word))
    assert [each.missing for each in overlaps(world["south"].view)] == [("north",)]


def _wide() -> Volume:
    return Volume(ring=ring("wide"), band=EVERYWHERE, window=volume("wide").window)


def _treat(world: World, names: tuple[str, str], *treatments: Literal["inside", "integrated"]) -> None:
    """Two offices agree to treat a group otherwise, again and again; nobody else hears of it."""
    for treatment in treatments:
        after = tuple(each.id for each in heads(world[names[0]].view, "group/bands"))
        act = GroupPropose(group="bands", treatment=treatment, after=after)
        admitted(world.sign(names[0], act))
        world.share(*names)
        for name in names:
            admitted(world.sign(name, Vote(thing=act.thing, after=after, round=0, content=act.content())))
        world.share(*names)


def _line_check_by_second(world: World) -> None:
    """South's other officer finds the line working."""
    admitted(line_check(world, "south", "north", officer="second"))
    world.share()
