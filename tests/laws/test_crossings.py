"""Laws 16, 18, 21, 32, 33: whatever would have stopped a start flags it when the two cross, and opens a review."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.model.acts import ACTS, Act
from comity.model.acts.agreement import GroupPropose, Proposal, Suspend, TermsPropose, Vote, Withdraw
from comity.model.acts.alone import ActivityAcknowledge, ActivityDeclare
from comity.model.acts.areas import AreaDissolve, AreaPropose
from comity.model.acts.duty import LineCheck
from comity.model.acts.flights import ConflictAnswer, FlightChange, FlightDeclare
from comity.model.acts.keys import ClockStep, Compromised, Enrol, Revoke
from comity.model.acts.movements import (
    MovementAccept,
    MovementAlternative,
    MovementClear,
    MovementDepart,
    MovementEmergency,
    MovementRequest,
)
from comity.model.acts.operations import (
    Authorise,
    Deauthorise,
    FactState,
    Hold,
    OperationCounter,
    OperationPropose,
    OperationRefuse,
    OperationReport,
    OperationRetract,
    OperationReview,
    OperationStart,
    OperationWithdraw,
)
from comity.model.entry import Second
from comity.model.history import Taken
from comity.model.records.change import heads, proposals
from comity.model.spans import HOUR_MS
from comity.views.agreement import pending_changes
from comity.views.crossing import CHANGES, CROSSES
from comity.views.flags import flags
from comity.views.obligations import obligations
from comity.views.operations import operations
from laws.agreement import Draft, key_of
from laws.flights import answer, change, declare
from laws.holding import check_start_is_held
from laws.plays import (
    EVERYWHERE,
    Play,
    acknowledge,
    admitted,
    clear,
    designate,
    fact,
    movement,
    ring,
    stage,
    volume,
)
from laws.world import SIGNATURE, World

Crossing = Callable[[Play], Taken]
"""Signs, beside a start of north's, what crosses it; before `start` is called by the crossing itself."""


def joint(play: Play, propose: Callable[[tuple[str, ...]], Proposal]) -> Taken:
    """South proposes and votes, north votes and, before it hears from south again, starts."""
    world = play.world
    thing = propose(()).thing
    after = tuple(each.id for each in heads(world["north"].view, thing))
    act = propose(after)
    admitted(world.sign("south", act))
    world.share()
    vote = Vote(thing=thing, after=after, round=0, content=act.content())
    admitted(world.sign("north", vote))
    return admitted(world.sign("south", vote))


def alone(act: Act, by: str = "south", **signing: str) -> Crossing:
    """One office signs one act."""
    return lambda play: admitted(play.world.sign(by, act, **signing))


def asked(kind: type[Act], **fields: object) -> Crossing:
    """South signs an act about the request."""
    return lambda play: admitted(play.world.sign("south", kind(request=play.request.entry.id, **fields)))


def alternative(play: Play) -> Taken:
    """South offers a way through the volume to a movement elsewhere that the start had seen."""
    request = movement(play.world, "centre", "quarry")
    play.world.share()
    play.consent()
    play.confirm()
    play.world.share()
    act = MovementAlternative(
        request=request.entry.id,
        route=((360_000_000, 370_000_000), (361_000_000, 370_000_000)),
        volume=volume("orchard"),
    )
    return admitted(play.world.sign("south", act))


def accepted(play: Play) -> Taken:
    """The centre takes a way through the volume; the consent and the start had seen it offered, not taken."""
    offer = alternative(play)
    play.world.share()
    play.consent()
    play.confirm()
    play.world.share()
    act = MovementAccept(request=offer.entry.act.request, alternative=offer.entry.id)  # type: ignore[union-attr]
    return admitted(play.world.sign("centre", act))


def passage(play: Play, *acts: Callable[[Taken], Taken]) -> Taken:
    """A movement whose window ends before the operation's begins is set under way."""
    request = movement(play.world, "centre", from_h=-2, until_h=-1)
    play.world.share()
    acknowledge(play.world, request, "north", "south")
    play.world.share()
    return [admitted(act(request)) for act in acts][-1]


def moved(play: Play) -> Taken:
    """A flight that the start had seen elsewhere is moved into the volume."""
    declared = declare(play.world, "south", "quarry")
    play.world.share()
    return change(play.world, declared, "orchard")


def departed(play: Play) -> Taken:
    """It is cleared before all eyes but north's, and departs."""
    return passage(
        play,
        lambda request: clear(play.world, request, "centre"),
        lambda request: play.world.sign("centre", MovementDepart(request=request.entry.id)),
    )


def countered(play: Play) -> Taken:
    """South asks for something else in the place of the request."""
    act = play.request.entry.act
    assert isinstance(act, OperationPropose)
    fields = {name: getattr(act, name) for name in ("area", "group", "executing", "volume")}
    counter = OperationCounter(request=play.request.entry.id, operation="op-2", **fields)
    return admitted(play.world.sign("south", counter))


def other_start(play: Play) -> Taken:
    """South's other branch starts under a consent that north took back; only south's fork makes that possible."""
    world = play.world
    play.withdraw()
    world.share()
    other = Play(world, executing="south", drafted_by="south", operation="op-2")
    other.ready()
    world.twin("south", "double")
    other.withdraw("north")
    world.deliver("north", "south")
    play.consent()
    play.confirm()
    world.deliver("south", "north")
    start = admitted(other.start("double"))
    world.deliver("double", "centre")
    return start


def disputed_again(play: Play) -> Taken:
    """South takes back the answer for which it had consented."""
    world = play.world
    declared = declare(world, "south")
    world.share()
    for by in ("north", "south"):
        admitted(answer(world, by, declared, play.request))
    world.share()
    admitted(play.consent())
    admitted(play.confirm())
    world.share()
    return admitted(answer(world, "south", declared, play.request, "disputed"))


def integrated(play: Play, second: Act) -> Taken:
    """An integrated operation that both authorities allow; south's then says something else."""
    act = Authorise(
        authorisation="joint", areas=("valley",), groups=("bands",), until_ms=play.world.at_ms + 9 * HOUR_MS
    )
    for name in ("north", "south"):
        admitted(play.world.sign(name, act))
    play.world.share()
    request = play.request.entry.act
    assert isinstance(request, OperationPropose)
    fields = {name: getattr(request, name) for name in ("area", "group", "executing", "volume")}
    play.request = play.world.sign("north", OperationPropose(operation="op-3", authorisation="joint", **fields))
    play.world.share()
    play.consent()
    play.confirm()
    play.world.share()
    return admitted(play.world.sign("south", second))


def of_key(kind: Callable[[str], Act]) -> Crossing:
    """South's root key says something about the key that consented."""
    return lambda play: admitted(
        play.world.sign("south", kind(play.world.key("south", "second")), officer="root", seat="root")
    )


def set_back(play: Play) -> Taken:
    """South sets its clock back."""
    at_ms = play.world["south"].at_ms
    second = Second(key=play.world.key("south", "second"), seat="duty", signature=SIGNATURE)
    return admitted(play.world.sign("south", ClockStep(before_ms=at_ms), at=at_ms - HOUR_MS, second=second))


CROSSINGS: dict[type[Act], tuple[Crossing, ...]] = {
    Revoke: (of_key(lambda key: Revoke(key=key)),),
    Compromised: (of_key(lambda key: Compromised(key=key, since_seq=0)),),
    ClockStep: (set_back,),
    Vote: (
        lambda play: joint(
            play,
            lambda after: AreaPropose(area="valley", tier="open", ring=ring("wide"), band=EVERYWHERE, after=after),
        ),
        lambda play: joint(play, lambda after: AreaDissolve(area="valley", after=after)),
        lambda play: joint(play, lambda after: GroupPropose(group="bands", treatment="inside", after=after)),
        lambda play: joint(play, lambda after: TermsPropose(text=Draft(edition=2).text(), after=after)),
    ),
    Suspend: (alone(Suspend()),),
    Withdraw: (alone(Withdraw()),),
    MovementRequest: (lambda play: movement(play.world, "centre"),),
    MovementEmergency: (
        lambda play: movement(play.world, "centre", emergency=True),
        lambda play: movement(play.world, "centre", emergency=True, from_h=-2, until_h=-1),
    ),
    MovementAlternative: (alternative,),
    MovementAccept: (accepted,),
    MovementClear: (lambda play: passage(play, lambda request: clear(play.world, request, "centre")),),
    MovementDepart: (departed,),
    OperationCounter: (countered,),
    OperationRefuse: (asked(OperationRefuse, reason="other"),),
    OperationWithdraw: (lambda play: play.withdraw(),),
    OperationRetract: (
        lambda play: admitted(play.world.sign("south", OperationRetract(request=play.request.entry.id))),
    ),
    OperationStart: (other_start,),
    Hold: (
        alone(Hold(), by="centre"),
        alone(Hold(volume=volume("orchard")), by="centre"),
        asked(Hold),
    ),
    FlightDeclare: (lambda play: declare(play.world, "south"), lambda play: declare(play.world, "monitor")),
    FlightChange: (moved,),
    ConflictAnswer: (disputed_again,),
    LineCheck: (alone(LineCheck(with_participant="north", result="dead")),),
    FactState: (alone(FactState(fact="shelter", volume=volume("orchard")), by="monitor"),),
    Authorise: (
        lambda play: integrated(
            play,
            Authorise(authorisation="joint", areas=("gorge",), groups=("bands",), until_ms=play.world.at_ms + HOUR_MS),
        ),
    ),
    Deauthorise: (lambda play: integrated(play, Deauthorise(authorisation="joint")),),
}
"""How each act that stops a start may cross one."""

EVERY = [(kind, number) for kind, ways in CROSSINGS.items() for number in range(len(ways))]
BEFORE = (
    ConflictAnswer,
    MovementClear,
    MovementDepart,
    MovementAccept,
    MovementAlternative,
    Vote,
    Authorise,
    Deauthorise,
)
NOT_AFTER = (OperationStart, *BEFORE)
"""What is refused after the start, or needs something that came before it."""
AFTER = [(kind, number) for kind, number in EVERY if kind not in NOT_AFTER]


def named(cases: list[tuple[type[Act], int]]) -> list[str]:
    """The names of cases."""
    return [f"{kind.name}-{number}" for kind, number in cases]


def crossed(kind: type[Act], number: int) -> tuple[World, Taken, Taken]:
    """A start and what crossed it; nobody but their signers holds them yet."""
    play = stage(drafted_by="south") if kind is OperationRetract else stage()
    crossing = CROSSINGS[kind][number](play)
    assert type(crossing.entry.act) is kind
    return play.world, admitted(play.start()), crossing


def test_law_18_every_act_says_what_it_does_to_a_start() -> None:
    """A new restraint is added, and nobody asks what becomes of a start that it crosses."""
    assert set(CROSSES) == set(ACTS)
    assert {kind for kind, does in CROSSES.items() if not isinstance(does, str)} == set(CROSSINGS)
    assert all(does for does in (*CROSSES.values(), *CHANGES.values()))


def test_law_18_every_joint_change_says_what_it_does_to_a_start() -> None:
    """A new kind of joint change is added, and a start that it crosses is forgotten."""
    things = {each.thing.fget for each in ACTS if issubclass(each, Proposal)}  # type: ignore[attr-defined]
    assert len(things) == len(set(CHANGES)) + 1, "area.propose and area.dissolve change one kind of thing"


@pytest.mark.parametrize("case", EVERY, ids=named(EVERY))
def test_law_18_whatever_stops_a_start_flags_it_when_they_cross(case: tuple[type[Act], int]) -> None:
    """A party signs what stops a start just as it is made, and the start goes on as agreed."""
    world, start, crossing = crossed(*case)
    assert "concurrent" not in flags(world["north"].view, start)
    check_start_is_held(world, start, crossing)


@pytest.mark.parametrize("case", AFTER, ids=named(AFTER))
def test_law_32_what_came_after_a_start_does_not_cross_it(case: tuple[type[Act], int]) -> None:
    """Whoever has seen a start takes it back in the name of the past."""
    kind, number = case
    play = stage(drafted_by="south") if kind is OperationRetract else stage()
    start = admitted(play.start())
    play.world.share()
    CROSSINGS[kind][number](play)
    play.world.share()
    assert "concurrent" not in flags(play.world["north"].view, start)


def test_law_32_what_the_start_had_seen_does_not_cross_it() -> None:
    """A fact that the consents cover is held against the start for ever."""
    play = stage()
    for act in (
        FactState(fact="shelter", volume=volume("quarry")),
        FactState(fact="shelter", volume=volume("orchard")),
    ):
        admitted(play.world.sign("monitor", act))
        play.world.share()
    play.consent()
    play.confirm()
    play.world.share()
    start = admitted(play.start())
    admitted(play.world.sign("monitor", FactState(fact="shelter", volume=volume("quarry"))))
    play.world.share()
    assert flags(play.world["south"].view, play.world.local("south", start)) == frozenset()


def seconded(play: Play) -> Taken:
    """South's consent, signed by its second officer and a third."""
    world = play.world
    key = key_of("south third")
    enrol = Enrol(officer="third", seats=("duty",), key=key, proof=SIGNATURE)
    admitted(world.sign("south", enrol, officer="root", seat="root"))
    return play.consent(second=Second(key=key, seat="duty", signature=SIGNATURE))


def test_law_33_compromise_of_the_second_key_crosses_a_start() -> None:
    """Two must sign, one key was stolen, and only the first officer's is looked at."""
    play = stage()
    consent = admitted(seconded(play))
    play.confirm()
    play.world.share()
    start = admitted(play.start())
    statement = Compromised(key=key_of("south third"), since_seq=consent.entry.seq)
    admitted(play.world.sign("south", statement, officer="root", seat="root"))
    play.world.share()
    view = play.world["north"].view
    assert {"concurrent", "compromised"} <= flags(view, start)
    assert "compromised" in flags(view, play.world.local("north", consent))


def test_law_33_compromise_of_the_second_key_ends_its_consents() -> None:
    """A start that has seen the theft of the second key rests on its consent all the same."""
    play = stage()
    consent = admitted(seconded(play))
    play.confirm()
    statement = Compromised(key=key_of("south third"), since_seq=consent.entry.seq)
    admitted(play.world.sign("south", statement, officer="root", seat="root"))
    play.world.share()
    refused = play.start().refusal
    assert refused is not None and refused.rule == "operation.lease"


def test_law_33_compromise_found_later_flags_the_start_too() -> None:
    """The theft is found the day after: the start that rested on the consent is nobody's business any more."""
    play = stage()
    start = admitted(play.start())
    play.world.share()
    admitted(of_key(lambda key: Compromised(key=key, since_seq=0))(play))
    play.world.share()
    assert flags(play.world["north"].view, start) == {"compromised"}
    owed = [each for each in obligations(play.world["north"].view, play.world.at_ms) if each.about == start.entry.id]
    assert "south" in {each.debtor for each in owed if each.what.startswith("review the start")}


def test_law_16_a_review_that_did_not_know_leaves_the_start_open() -> None:
    """A start is reviewed before anybody hears of the fact that it crossed, and never again."""
    play = stage()
    start = admitted(play.start())
    stated = fact(play.world, "monitor")
    play.world.share("north", "south", "centre")
    admitted(play.end())
    report = OperationReport(request=play.request.entry.id, harm="not-known")
    admitted(play.world.sign("north", report))
    play.world.share("north", "south")
    review = OperationReview(request=play.request.entry.id, finding="accepted")
    admitted(play.world.sign("south", review))
    play.world.share("north", "south")
    assert not starts_to_review(play.world, start)
    play.world.share()
    assert starts_to_review(play.world, start) == ["south"]
    [standing] = operations(play.world["north"].view, play.world.at_ms)
    assert standing.conditions == ("held, under review: its start is concurrent (fact.state of monitor)",)
    assert play.world.saw(admitted(play.world.sign("south", review)), stated)
    play.world.share()
    assert not starts_to_review(play.world, start)
    assert operations(play.world["north"].view, play.world.at_ms)[0].conditions == ()


def starts_to_review(world: World, start: Taken) -> list[str]:
    """Who owes the review of a start, as north sees it."""
    owed = [each for each in obligations(world["north"].view, world.at_ms) if each.about == start.entry.id]
    return [each.debtor for each in owed if each.what.startswith("review the start")]


def test_law_21_movement_in_an_area_dissolved_beside_it_is_reviewed() -> None:
    """A movement counted on the grounding of its area, which was dissolved as it was asked for."""
    world = World()
    designate(world)
    dissolution = pending_dissolution(world)
    admitted(world.sign("south", dissolution))
    request = admitted(movement(world, "south"))
    admitted(world.sign("north", dissolution))
    world.share()
    view = world["north"].view
    held = world.local("north", request)
    assert held.refusal is None and "concurrent" in flags(view, held)
    owed = [each for each in obligations(view, world.at_ms) if each.about == request.entry.id]
    assert "north" in {each.debtor for each in owed if each.what.startswith("review movement")}


def test_law_21_request_in_an_area_dissolved_beside_it_is_reviewed() -> None:
    """An operation is asked for in an area that is no more, and waits for an answer for ever."""
    play = Play(World())
    designate(play.world)
    dissolution = pending_dissolution(play.world)
    admitted(play.world.sign("north", dissolution))
    play.request = admitted(play.world.sign("north", proposal("op-1")))
    admitted(play.world.sign("south", dissolution))
    play.world.share()
    view = play.world["south"].view
    assert "concurrent" in flags(view, play.world.local("south", play.request))
    owed = [each for each in obligations(view, play.world.at_ms) if each.about == play.request.entry.id]
    assert "north" in {each.debtor for each in owed if each.what.startswith("review operation op-1")}
    admitted(play.world.sign("north", OperationRetract(request=play.request.entry.id)))
    owed = [each for each in obligations(play.world["north"].view, play.world.at_ms)]
    assert not any(each.what.startswith("review operation") for each in owed)


def test_law_21_acknowledged_overlap_with_a_dissolved_area_is_reviewed() -> None:
    """Both had seen that an activity overlaps an area, and neither that the area was gone."""
    world = World()
    designate(world)
    act = ActivityDeclare(activity="patrols", group="guards", volume=volume("orchard", 4, 5))
    declared = admitted(world.sign("north", act))
    world.share()
    [version] = heads(world["north"].view, "area/valley")
    area = proposals(world["north"].view, version.content)[0][1]
    dissolution = pending_dissolution(world)
    admitted(world.sign("north", dissolution))
    acknowledged = ActivityAcknowledge(activity=declared.entry.id, overlap=area.entry.id)
    taken = admitted(world.sign("north", acknowledged))
    admitted(world.sign("south", dissolution))
    world.share()
    view = world["south"].view
    assert "concurrent" in flags(view, world.local("south", taken))
    assert [each.debtor for each in obligations(view, world.at_ms) if each.about == taken.entry.id] == ["north"]
    admitted(world.sign("north", acknowledged))
    view = world["north"].view
    assert not any(each.about == taken.entry.id for each in obligations(view, world.at_ms))


def pending_dissolution(world: World) -> Vote:
    """South proposes to dissolve the area; everybody holds it and nobody has voted."""
    after = tuple(each.id for each in heads(world["south"].view, "area/valley"))
    act = AreaDissolve(area="valley", after=after)
    admitted(world.sign("south", act))
    world.share()
    assert [each.thing for each in pending_changes(world["south"].view)] == ["area/valley"]
    return Vote(thing="area/valley", after=after, round=0, content=act.content())


def proposal(name: str) -> OperationPropose:
    """A request for an operation over the orchard."""
    return OperationPropose(operation=name, area="valley", group="bands", executing="north", volume=volume("orchard"))
