"""Laws 15, 16, 20, 21 and 22: what stops things, what lifts it, and who may not give anything."""

from __future__ import annotations

from comity.model.acts.agreement import LiftPropose, Suspend, Vote, Withdraw
from comity.model.acts.areas import AreaDissolve, AreaPropose
from comity.model.acts.keys import Depute, Enrol, Revoke
from comity.model.acts.movements import (
    MovementAcknowledge,
    MovementAgree,
    MovementArrive,
    MovementCancel,
    MovementClear,
    MovementDepart,
)
from comity.model.acts.operations import (
    FactState,
    Hold,
    OperationConsent,
    OperationPropose,
    OperationWithdraw,
)
from comity.model.history import Taken
from comity.model.records.change import heads
from comity.model.records.movements import movement as movement_record
from comity.model.records.restraints import hold_stands, suspensions
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.rules.judge import judge
from comity.views.flags import flags
from comity.views.obligations import obligations
from laws.agreement import Draft, Names, key_of
from laws.plays import (
    EVERYWHERE,
    Play,
    acknowledge,
    acknowledged,
    admitted,
    answered,
    clear,
    designate,
    dissolve,
    fact,
    fork,
    hold,
    lift,
    line_check,
    movement,
    refused,
    ring,
    stage,
    volume,
)
from laws.world import SIGNATURE, World

THREE = Draft(names=Names(signatories=("north", "south", "east")))


def test_law_15_restraint_from_any_seat() -> None:
    """A hold is void because the officer on watch that night was too junior to place it."""
    world = World()
    admitted(world.sign("south", Hold(), officer="junior", seat="junior"))
    admitted(
        world.sign("monitor", FactState(fact="shelter", volume=volume("orchard")), officer="junior", seat="junior")
    )


def test_law_15_restraint_after_a_deputy_has_lapsed() -> None:
    """A hold is void because the deputy's time was over: restraints are never refused for time."""
    world = World()
    key = world.key("south", "junior")
    until_ms = world.at_ms + HOUR_MS
    admitted(world.sign("south", Depute(key=key, seat="duty", until_ms=until_ms), officer="root", seat="root"))
    world.tick(120)
    refused(world.sign("south", area_proposal(), officer="junior", seat="duty"), "keys", 33)
    admitted(world.sign("south", Hold(), officer="junior", seat="duty"))


def area_proposal() -> AreaPropose:
    """Any record."""
    return AreaPropose(area="valley", tier="open", ring=ring("wide"), band=EVERYWHERE)


def test_law_15_restraint_under_suspension_and_forks() -> None:
    """A party suspends the agreement, or forks its log, to void the restraints of others."""
    play = stage()
    fork(play.world, "north")
    play.world.deliver("centre", "south")
    play.world.deliver("monitor", "south")
    admitted(play.world.sign("south", Suspend()))
    admitted(play.withdraw())
    admitted(hold(play.world, "south"))
    admitted(movement(play.world, "south", "airfield"))


def test_law_15_restraint_has_a_good_key() -> None:
    """A stranger's hold, or one by a key that was revoked, would let anyone stop everything."""
    world = World()
    refused(world.sign("south", Hold(), key=key_of("stranger")), "keys", 33)
    admitted(world.sign("south", Revoke(key=world.key("south", "first")), officer="root", seat="root"))
    refused(world.sign("south", Hold()), "keys", 33)


def test_law_15_restraint_is_the_signers_own() -> None:
    """A party withdraws another's consent, ends another's operation, or arrives another's movement."""
    play = stage(World(THREE))
    act = OperationWithdraw(request=play.request.entry.id, consent=play.consents["south"].entry.id)
    refused(play.world.sign("east", act), "operation", 15)
    request = movement(play.world, "south")
    play.world.share()
    for kind in (MovementArrive, MovementCancel):
        refused(play.world.sign("north", kind(request=request.entry.id)), "movement", 15)


def test_law_15_restraint_on_nothing() -> None:
    """A withdrawal of what is not there would be kept as if it bound somebody."""
    play = stage()
    act = OperationWithdraw(request=key_of("none"), consent=play.consents["south"].entry.id)
    refused(play.world.sign("south", act), "operation", 15)


def lift_vote(world: World, by: str, *restraints: Taken) -> Taken:
    """One signatory proposes and votes to lift."""
    act = LiftPropose(lifts=tuple(each.entry.id for each in restraints))
    admitted(world.sign(by, act))
    return world.sign(by, Vote(thing=act.thing, after=(), round=0, content=act.content()))


def test_law_16_one_party_lifts_nothing() -> None:
    """The party that is held lifts the hold alone."""
    play = stage()
    hold(play.world, "south")
    play.world.share()
    held = play.world["north"].history.entries[-1]
    admitted(lift_vote(play.world, "north", held))
    refused(play.start(), "operation.hold", 16)


def test_law_16_lift_needs_every_signatory() -> None:
    """Two of three lift what the third relies on."""
    world = World(THREE)
    held = hold(world, "centre")
    world.share()
    for name in ("north", "south"):
        lift_vote(world, name, held)
        world.share()
    assert hold_stands(world["north"].view, held, world.at_ms)
    lift_vote(world, "east", held)
    world.share()
    assert not hold_stands(world["north"].view, held, world.at_ms)


def test_law_16_lift_lifts_no_other() -> None:
    """A lift of one hold is used to start through another that looks the same."""
    play = stage()
    first = hold(play.world, "south")
    second = hold(play.world, "south")
    play.world.share()
    lift(play.world, first)
    view = play.world["north"].view
    assert not hold_stands(view, first, play.world.at_ms)
    assert hold_stands(view, second, play.world.at_ms)
    play.consent()
    play.confirm()
    play.world.share()
    refused(play.start(), "operation.hold", 16)


def test_law_16_lift_has_what_it_lifts_in_its_past() -> None:
    """A blank lift, given before the restraint, lifts whatever comes."""
    world = World()
    later = world.draw("south", Hold())
    refused(world.sign("north", LiftPropose(lifts=(later.id,))), "operation.hold", 16)


def test_law_16_restraint_concurrent_with_a_lift_stands() -> None:
    """A hold placed while others lift another one is taken for lifted with it."""
    world = World()
    first = hold(world, "south")
    world.share()
    second = hold(world, "centre")
    lift_vote(world, "north", first)
    world.deliver("north", "south")
    lift_vote(world, "south", first)
    world.share()
    assert hold_stands(world["north"].view, second, world.at_ms)


def test_law_16_no_timer_ends_a_protection() -> None:
    """A movement that is long overdue loses its protection by the clock, while it still flies."""
    play = stage(from_h=10, until_h=30)
    request = movement(play.world, "south", emergency=True, from_h=0, until_h=1)
    play.world.share()
    play.world.tick(60 * 20)
    play.world.check_lines()
    play.consent(lease_min=60)
    play.confirm()
    play.world.share()
    refused(play.start(), "movement.clearance", 20)
    play.world.sign("south", MovementArrive(request=request.entry.id))
    play.world.share()
    admitted(play.start())


def test_law_16_suspension_ends_by_a_lift() -> None:
    """A suspension, or a withdrawal from the agreement, wears off."""
    for act, rule in ((Suspend(), "agreement.suspension"), (Withdraw(), "agreement.withdrawal")):
        play = stage()
        stopped = play.world.sign("south", act)
        play.world.share()
        refused(play.start(), rule)
        lift(play.world, stopped)
        assert suspensions(play.world["north"].view) == []
        admitted(play.start())


def test_law_16_floor_stands_under_suspension() -> None:
    """A suspension grounds the rescue flights that the floor keeps."""
    world = World()
    request = movement(world, "south")
    world.sign("north", Suspend())
    world.share()
    admitted(world.sign("north", MovementAcknowledge(request=request.entry.id)))
    admitted(world.sign("north", MovementAgree(request=request.entry.id)))


def test_law_20_request_bars_new_starts() -> None:
    """A party starts into the air of a movement that it has been told of."""
    play = stage()
    request = movement(play.world, "centre")
    play.world.share()
    play.consent()
    play.confirm()
    play.world.share()
    refused(play.start(), "movement.clearance", 20)
    play.world.sign("centre", MovementCancel(request=request.entry.id))
    play.world.share()
    admitted(play.start())


def test_law_20_movement_elsewhere_bars_nothing() -> None:
    """A request over one valley stops everything everywhere."""
    play = stage()
    movement(play.world, "centre", "quarry")
    play.world.share()
    admitted(play.start())


def test_law_20_clearance_needs_acknowledgements() -> None:
    """A movement is cleared before the executing party knows of it, and meets its start."""
    world = World(THREE)
    request = movement(world, "south")
    world.share()
    for name in ("north", "east"):
        admitted(world.sign(name, MovementAgree(request=request.entry.id)))
    admitted(world.sign("north", MovementAcknowledge(request=request.entry.id)))
    world.share()
    refused(clear(world, request, "south"), "movement.clearance", 20)
    admitted(world.sign("east", MovementAcknowledge(request=request.entry.id)))
    world.share()
    admitted(clear(world, request, "south"))


def test_law_20_acknowledgement_of_others_does_not_count() -> None:
    """The centre acknowledges in a party's stead."""
    world = World()
    request = movement(world, "south")
    world.share()
    world.sign("north", MovementAgree(request=request.entry.id))
    world.sign("centre", MovementAcknowledge(request=request.entry.id))
    world.share()
    refused(clear(world, request, "south"), "movement.clearance", 20)


def test_law_20_clearance_needs_no_live_start() -> None:
    """A movement is cleared into an operation that started before its executing party acknowledged."""
    play = stage()
    request = movement(play.world, "south")
    start = admitted(play.start())
    play.world.share()
    acknowledge(play.world, request, "north")
    play.world.share()
    assert play.world.saw(play.world.local("south", request), start) is False
    refused(clear(play.world, request, "south"), "movement.clearance", 20)
    play.end()
    play.world.share()
    admitted(clear(play.world, request, "south"))


def test_law_20_cleared_and_started_are_never_concurrent() -> None:
    """The executing party acknowledges, then starts before it learns that the movement was cleared."""
    play = stage()
    request = acknowledged(play.world)
    admitted(clear(play.world, request, "south"))
    refused(play.start(), "operation.drift", 18)
    play.world.share("south", "centre")
    play.consent()
    play.confirm()
    play.world.deliver("south", "north")
    refused(play.start(), "movement.clearance", 20)


def test_law_20_silence_clears_nothing() -> None:
    """A movement counts as cleared because nobody objected in time."""
    world = World()
    request = answered(world, "south", "north", MovementAcknowledge)
    world.tick(60 * 20)
    refused(clear(world, request, "south"), "movement.clearance")
    refused(world.sign("south", MovementDepart(request=request.entry.id)), "movement.clearance")


def test_law_20_emergency_does_not_wait() -> None:
    """A rescue flight waits for an answer that never comes."""
    world = World()
    request = movement(world, "south", emergency=True)
    admitted(world.sign("south", MovementDepart(request=request.entry.id)))


def test_law_21_dissolved_area_keeps_protections() -> None:
    """An area is dissolved to strip the movement and the hold inside it."""
    play = stage()
    request = acknowledged(play.world)
    held = hold(play.world, "centre", volume=volume("orchard"))
    play.world.share()
    dissolve(play.world)
    view = play.world["north"].view
    record = movement_record(view, request.entry.id)
    assert record is not None and not record.over
    assert hold_stands(view, held, play.world.at_ms)
    designate(play.world)
    again = Play(play.world, operation="op-2")
    again.propose()
    refused(again.consent(), "operation.hold", 16)


def test_law_21_reliance_on_a_dissolved_area_keeps_its_verdict() -> None:
    """An area is dissolved so that a start which had not seen it looks unlawful afterwards."""
    play = stage()
    [version] = heads(play.world["south"].view, "area/valley")
    act = AreaDissolve(area="valley", after=(version.id,))
    admitted(play.world.sign("south", act))
    play.world.share()
    vote = Vote(thing="area/valley", after=act.after, round=0, content=act.content())
    admitted(play.world.sign("north", vote))
    start = admitted(play.start())
    admitted(play.world.sign("south", vote))
    play.world.share()
    view, held = play.world["south"].view, play.world.local("south", start)
    assert judge(held.entry, play.world["south"].history.past(held)) is None
    assert "concurrent" in flags(view, held)
    owed = [each for each in obligations(view, play.world.at_ms) if each.about == start.entry.id]
    assert "south" in {each.debtor for each in owed if each.what == "review the start of operation op-1"}


def test_law_22_centre_has_no_vote_and_no_consent() -> None:
    """Whoever runs the centre votes, proposes, consents or starts in its name."""
    play = stage()
    world = play.world
    refused(world.sign("centre", area_proposal()), "agreement.amendment", 22)
    vote = Vote(thing="area/gorge", after=(), round=0, content=None)
    refused(world.sign("centre", vote), "agreement.amendment", 22)
    consent = OperationConsent(
        request=play.request.entry.id, executing="north", expires_ms=world.at_ms + 10 * MINUTE_MS
    )
    refused(world.sign("centre", consent), "operation", 22)
    propose = OperationPropose(
        operation="op-9", area="valley", group="bands", executing="north", volume=volume("orchard")
    )
    refused(world.sign("centre", propose), "operation", 22)


def test_law_22_centre_restrains_and_acknowledges() -> None:
    """The centre is shut out from holds, facts, movements and acknowledgements."""
    for who in ("centre", "monitor"):
        world = World()
        admitted(hold(world, who))
        admitted(fact(world, who))
        request = movement(world, who)
        admitted(request)
        other = movement(world, "south")
        world.share()
        admitted(world.sign(who, MovementAcknowledge(request=other.entry.id)))
        refused(world.sign(who, MovementAgree(request=other.entry.id)), "movement.answer", 22)


def test_law_22_silence_of_the_centre_bars_nothing() -> None:
    """A seized centre stops the parties by saying nothing."""
    play = stage()
    play.world.tick(100)
    line_check(play.world, "south", "north")
    play.world.share("north", "south")
    play.confirm()
    play.world.share("north", "south")
    admitted(play.start())


def test_law_22_signatory_consent_by_centre_key_does_not_count() -> None:
    """A signatory's officer who staffs the centre consents there, and it is taken for his party's consent."""
    play = Play(World())
    designate(play.world)
    play.propose()
    key = key_of("south at the centre")
    enrol = Enrol(officer="ben", seats=("duty",), key=key, proof=SIGNATURE)
    admitted(play.world.sign("south", enrol, officer="root", seat="root"))
    play.world.share()
    act = OperationConsent(
        request=play.request.entry.id, executing="north", expires_ms=play.world.at_ms + 10 * MINUTE_MS
    )
    refused(play.world.sign("centre", act, key=key), "operation", 22)


def test_law_16_restraint_concurrent_with_a_start_is_flagged() -> None:
    """A withdrawal that crosses a start is forgotten: the start keeps its verdict and is flagged for all to see."""
    play = stage()
    start = admitted(play.start())
    admitted(play.withdraw())
    play.world.share()
    for name in play.world.offices:
        held = play.world.local(name, start)
        assert held.refusal is None
        assert "concurrent" in flags(play.world[name].view, held)


def test_law_16_hold_concurrent_with_a_start_is_flagged() -> None:
    """A hold placed while a start was under way is passed over in silence."""
    play = stage()
    start = admitted(play.start())
    hold(play.world, "centre", volume=volume("orchard"))
    play.world.share()
    held = play.world.local("south", start)
    assert held.refusal is None and "concurrent" in flags(play.world["south"].view, held)


def test_law_16_hold_bars_a_start() -> None:
    """A start goes ahead under a hold on the request, in its volume, or everywhere."""
    play = stage()
    for fields in ({"request": play.request.entry.id}, {"volume": volume("orchard")}, {}):
        held = hold(play.world, "monitor", **fields)
        play.world.share()
        start = play.start()
        assert start.refusal is not None and start.refusal.rule == "operation.hold"
        lift(play.world, held)
    play.consent()
    play.confirm()
    play.world.share()
    admitted(play.start())


def test_law_20_clear_is_the_requesters() -> None:
    """Another party clears a movement of which it knows nothing."""
    world = World()
    request = acknowledged(world)
    refused(world.sign("north", MovementClear(request=request.entry.id)), "movement", 15)
