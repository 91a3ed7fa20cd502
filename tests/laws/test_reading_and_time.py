"""Laws 23 to 29: what the judge may read, and whose clock ends what."""

from __future__ import annotations

import ast
import inspect

import msgspec
import pytest

from comity.model.acts.keys import ClockStep, Enrol, Watch
from comity.model.acts.movements import MovementAgree
from comity.model.acts.operations import Hold, OperationPropose
from comity.model.entry import Second
from comity.model.errors import Malformed
from comity.model.history import Taken
from comity.model.records.operations import newest_at
from comity.model.records.restraints import hold_stands
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.rules import judge as judge_module
from comity.rules.judge import judge
from comity.views.flags import flags
from comity.views.obligations import obligations
from comity.views.sight import party_sight
from laws.agreement import Draft, Names, key_of
from laws.plays import (
    Play,
    admitted,
    designate,
    hold,
    line_check,
    movement,
    refused,
    ring,
    stage,
    volume,
)
from laws.world import NOON_MS, SIGNATURE, World


def test_law_23_hold_gives_no_reason() -> None:
    """A hold that had to say why would give away what it protects."""
    assert set(Hold.__struct_fields__) == {"request", "volume", "until_ms"}


def test_law_23_judge_is_given_the_entry_and_its_past_only() -> None:
    """A verdict that rests on what one office alone can read splits the histories."""
    assert list(inspect.signature(judge).parameters) == ["entry", "view"]
    tree = ast.parse(inspect.getsource(judge_module))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global | ast.Nonlocal)]


def test_law_23_same_verdict_in_every_office() -> None:
    """Two offices hold different things besides the entry's past, and reach different verdicts."""
    play = stage()
    hold(play.world, "monitor", volume=volume("orchard"))
    start = admitted(play.start())
    play.world.deliver("north", "monitor")
    play.world.deliver("north", "south")
    assert play.world.verdict("monitor", start) is None and play.world.verdict("south", start) is None


def test_law_24_boundary_is_exact() -> None:
    """Two offices round the same boundary differently: inside for one, outside for the other."""
    world = World()
    designate(world, place="orchard")
    play = Play(world)
    on_the_edge = admitted(play.propose())
    act = on_the_edge.entry.act
    assert isinstance(act, OperationPropose)
    south, west = ring("orchard")[0]
    over = ((south - 1, west), *ring("orchard")[1:])
    wider = msgspec.structs.replace(act, volume=msgspec.structs.replace(volume("orchard"), ring=over))
    refused(world.sign("north", wider), "operation.area")


def test_law_24_touching_volumes_meet() -> None:
    """A hold that touches an operation along one edge is argued away by rounding."""
    play = stage()
    lat, lon = ring("orchard")[2]
    corner = ((lat, lon), (lat, lon + 500_000), (lat + 500_000, lon + 500_000), (lat + 500_000, lon))
    touching = msgspec.structs.replace(volume("orchard"), ring=corner)
    hold(play.world, "centre", volume=touching)
    play.world.share()
    refused(play.start(), "operation.hold", 16)


def test_law_25_consent_ends_by_the_clock_of_its_user() -> None:
    """A start after the lease, the giver having been silent since."""
    play = stage()
    play.world.tick(119)
    line_check(play.world, "south", "north")
    play.confirm()
    play.world.share()
    play.world.tick(2)
    refused(play.start(), "operation.lease", 25)


def test_law_25_consent_ends_by_the_clock_of_its_giver() -> None:
    """The executing party keeps its clock slow and starts within a lease that has ended for its giver."""
    play = stage()
    play.world["south"].at_ms += 121 * MINUTE_MS
    line_check(play.world, "south", "north")
    play.world.share()
    refused(play.start(), "operation.lease", 25)


def test_law_25_third_clock_is_not_asked() -> None:
    """A third party puts its clock forward to end other people's consents, or to keep holds from ending."""
    play = stage(World(Draft(names=Names(others=(("centre", "centre"), ("monitor", "observer"))))))
    play.world["centre"].at_ms += 1000 * HOUR_MS
    hold(play.world, "centre", volume=volume("quarry"))
    play.world.share()
    admitted(play.start())


def test_law_25_third_party_clock_is_not_asked_either() -> None:
    """Of three parties, the clock of the one whose consent is not in question ends nothing but its own."""
    play = stage(World(Draft(names=Names(signatories=("north", "south", "east")))))
    held = hold(play.world, "south", until_ms=play.world.at_ms + 10 * MINUTE_MS)
    play.world["east"].at_ms += 20 * MINUTE_MS
    hold(play.world, "east", volume=volume("quarry"))
    play.world.share()
    assert hold_stands(play.world["north"].view, held, play.world["north"].at_ms)
    assert hold_stands(play.world["east"].view, play.world.local("east", held), play.world["east"].at_ms)


def test_law_25_timed_hold_ends_at_the_last_clock() -> None:
    """The party that is held puts its clock forward past the hold."""
    play = stage()
    until_ms = play.world.at_ms + 10 * MINUTE_MS
    held = hold(play.world, "south", until_ms=until_ms)
    play.world.share()
    view = play.world["north"].view
    assert hold_stands(view, held, until_ms) and hold_stands(view, held, until_ms + HOUR_MS)
    play.world["south"].at_ms = until_ms + 1
    line_check(play.world, "south", "north")
    play.world.share()
    assert hold_stands(play.world["north"].view, held, until_ms)
    assert not hold_stands(play.world["north"].view, held, until_ms + 1)


def test_law_25_giver_is_seen_lately() -> None:
    """A party cuts the line to its partner and goes on starting on his old consents."""
    play = stage(World(Draft(numbers=(("line_check_within_min", 240), ("confirm_within_min", 120)))))
    play.world.tick(61)
    refused(play.start(), "operation.line", 25)


def test_law_25_line_is_tried_lately() -> None:
    """An office is staffed by a machine that says it is alive while no officer answers."""
    play = stage(World(Draft(numbers=(("confirm_within_min", 120),))))
    play.world.tick(61)
    hold(play.world, "south", volume=volume("quarry"))
    play.world.share()
    refused(play.start(), "operation.line", 25)
    line_check(play.world, "south", "north")
    play.world.share()
    admitted(play.start())


def test_law_25_machine_is_nobody() -> None:
    """The giver's office goes on saying that it is alive; nobody sits there, so nobody could take the consent back."""
    play = stage(World(Draft(numbers=(("line_check_within_min", 240), ("confirm_within_min", 120)))))
    play.world.tick(61)
    admitted(play.world.sign("south", Watch(), officer="office", seat="office"))
    key, proof = key_of("another"), SIGNATURE
    enrol = Enrol(officer="ben", seats=("duty",), key=key, proof=proof)
    admitted(play.world.sign("south", enrol, officer="root", seat="root"))
    play.world.share()
    refused(play.start(), "operation.line", 25)
    hold(play.world, "south", volume=volume("quarry"))
    play.world.share()
    admitted(play.start())


def test_law_25_line_is_the_givers_word() -> None:
    """The party that wants to start says itself that the line works, or relies on a check since overtaken."""
    play = stage(World(Draft(numbers=(("confirm_within_min", 120),))))
    play.world.tick(61)
    hold(play.world, "south", volume=volume("quarry"))
    play.world.share()
    line_check(play.world, "north", "south")
    refused(play.start(), "operation.line", 25)
    line_check(play.world, "south", "north")
    line_check(play.world, "south", "north", "dead")
    play.world.share()
    refused(play.start(), "operation.line", 25)
    line_check(play.world, "south", "north", "poor")
    play.world.share()
    admitted(play.start())


def test_law_25_consent_has_a_short_lease() -> None:
    """A consent for ever cannot be taken back from a partner who does not listen."""
    play = Play(World())
    designate(play.world)
    play.propose()
    refused(play.consent(lease_min=241), "operation.lease")
    refused(play.consent(lease_min=0), "operation.lease")


def test_law_25_final_confirmation_is_recent() -> None:
    """A start rests on a confirmation given hours before."""
    play = stage()
    play.world.tick(31)
    refused(play.start(), "operation.confirmation")


def test_law_26_future_of_an_entry_changes_nothing() -> None:
    """A withdrawal, a hold, a fork or a clock step made later is held against a start."""
    play = stage()
    start = admitted(play.start())
    play.world.share()
    play.withdraw()
    hold(play.world, "monitor")
    play.world["south"].at_ms += 500 * MINUTE_MS
    line_check(play.world, "south", "north")
    play.world.share()
    for name in play.world.offices:
        held = play.world.local(name, start)
        assert held.refusal is None
        assert judge(held.entry, play.world[name].history.past(held)) is None


def test_law_26_secret_start_is_flagged_late() -> None:
    """A party signs a start in secret within an old lease and shows it when it suits."""
    play = stage()
    start = admitted(play.start())
    play.world["south"].at_ms += 125 * MINUTE_MS
    line_check(play.world, "south", "north")
    play.world.share()
    hold(play.world, "south", volume=volume("quarry"))
    held = play.world.local("south", start)
    assert held.refusal is None
    assert "late" in flags(play.world["south"].view, held)


def test_law_26_start_ahead_of_time_is_flagged_early() -> None:
    """A party dates its start ahead, to say later that the withdrawal came too late."""
    play = stage()
    play.world["north"].at_ms += 20 * MINUTE_MS
    start = admitted(play.start())
    play.world.share()
    hold(play.world, "south", volume=volume("quarry"))
    assert "early" in flags(play.world["south"].view, play.world.local("south", start))


def test_law_27_time_is_witnessed_by_named_logs() -> None:
    """A party claims another time for its entry than the one between what it saw and who saw it."""
    play = stage()
    play.world.tick(10)
    hold(play.world, "south", volume=volume("quarry"))
    play.world.share()
    play.world.tick(5)
    true_ms = play.world["north"].at_ms
    start = admitted(play.start())
    play.world.share()
    play.world.tick(5)
    hold(play.world, "south", volume=volume("quarry"))
    history, held = play.world["south"].history, play.world.local("south", start)
    lower = history.past(held).newest(play.world["south"].origin)
    upper = party_sight(play.world["south"].view, "south", held)
    assert lower is not None and upper is not None
    assert lower.entry.at_ms <= true_ms <= upper.entry.at_ms


def step(world: World, who: str, back_min: int, second: str | None = "second") -> Taken:
    """A clock act that sets a log's time back."""
    office = world[who]
    before_ms = office.at_ms
    office.at_ms -= back_min * MINUTE_MS
    signer = Second(key=world.key(who, second), seat="duty", signature=SIGNATURE) if second else None
    changes: dict[str, object] = {"second": signer} if signer else {}
    return world.sign(who, ClockStep(before_ms=before_ms), "first", "duty", **changes)


def test_law_28_one_officer_sets_no_clock_back() -> None:
    """One officer alone sets the log's time back into a lease that has ended."""
    world = World()
    with pytest.raises(Malformed):
        step(world, "south", 10, second=None)


def test_law_28_the_second_officer_is_another() -> None:
    """One officer signs twice."""
    refused(step(World(), "south", 10, second="first"), "keys", 33)


def stepped(second: str) -> Play:
    """North's clock passes the end of the lease; north then sets it back."""
    play = stage()
    play.world["north"].at_ms += 125 * MINUTE_MS
    hold(play.world, "north", volume=volume("quarry"))
    step(play.world, "north", 110, second)
    return play


def test_law_28_step_ends_the_consents_relied_on() -> None:
    """Two officers set the clock back to revive a consent that had lapsed."""
    refused(stepped("second").start(), "operation.lease", 25)


def test_law_28_refused_step_revives_nothing() -> None:
    """A clock act with a worthless second signature is refused, but the time that it claims stands in the log."""
    refused(stepped("first").start(), "operation.lease", 25)


def test_law_28_clock_goes_on_from_the_step() -> None:
    """After an honest step the office must be able to work on."""
    world = World()
    world.tick(60)
    hold(world, "south", volume=volume("quarry"))
    admitted(step(world, "south", 30))
    admitted(hold(world, "south", volume=volume("quarry")))


def test_law_29_duty_runs_from_delivery() -> None:
    """A party is called overdue for a request that never reached it."""
    world = World()
    request = movement(world, "south")
    world.tick(600)
    [owed] = [
        each
        for each in obligations(world["south"].view, world["south"].at_ms)
        if each.about == request.entry.id and each.debtor == "north" and "acknowledge" in each.what
    ]
    assert not owed.delivered and not owed.is_late(world["south"].at_ms)
    world.share()
    hold(world, "north", volume=volume("quarry"))
    world.share()
    [owed] = [
        each
        for each in obligations(world["south"].view, world["south"].at_ms)
        if each.about == request.entry.id and each.debtor == "north" and "acknowledge" in each.what
    ]
    assert owed.delivered and owed.due_ms is not None and owed.due_ms > world["north"].at_ms


def test_law_29_duty_has_a_clause_and_a_time() -> None:
    """An officer is shown as owing what no clause asks, or as owing it now, whatever the hour."""
    world = World()
    view, now_ms = world["north"].view, world.at_ms
    owed = [each for each in obligations(view, now_ms) if "line" in each.what]
    assert {each.due_ms for each in owed} == {NOON_MS + 60 * MINUTE_MS} and len(owed) == 2
    assert all(each.clause == "clause 4" for each in owed)
    fresh = World(founded=False)
    for name in fresh.draft.names.all:
        fresh.begin(name)
        fresh.tick(1)
    fresh.share()
    untried = [each for each in obligations(fresh["north"].view, fresh.at_ms + HOUR_MS) if "line" in each.what]
    assert {each.due_ms for each in untried} == {NOON_MS + 61 * MINUTE_MS}
    none = World(Draft(without=("4",)))
    later = obligations(none["north"].view, now_ms + 10 * HOUR_MS)
    assert not [each for each in later if "check the line" in each.what]


def test_law_29_overdue_by_signature_only() -> None:
    """A timer decides by itself that a silent party agrees, or has broken the agreement."""
    world = World()
    request = movement(world, "south")
    world.share()
    hold(world, "north", volume=volume("quarry"))
    world.tick(60 * 24)
    world.share()
    before = len(world["south"].history.entries)
    obligations(world["south"].view, world["south"].at_ms)
    assert len(world["south"].history.entries) == before
    admitted(world.sign("north", MovementAgree(request=request.entry.id)))


def test_law_25_own_expiry_moment_is_within() -> None:
    """The last millisecond of a lease is argued over: it belongs to the lease, on both clocks."""
    play = stage(World(Draft(numbers=(("confirm_within_min", 120),))))
    play.world.tick(60)
    line_check(play.world, "south", "north")
    play.world.share()
    play.world.tick(60)
    hold(play.world, "south", volume=volume("quarry"))
    line_check(play.world, "south", "north")
    play.world.share()
    admitted(play.start())
    assert newest_at(play.world["north"].view, "south") == play.world.at_ms + 120 * MINUTE_MS


def test_law_25_window_is_open() -> None:
    """A start before or after the window that was agreed."""
    play = stage(from_h=1, until_h=2)
    refused(play.start(), "operation.start")
    play.world.tick(121)
    play.world.check_lines()
    play.consent()
    play.confirm()
    play.world.share()
    refused(play.start(), "operation.start")
