"""Attacks on declared flights: one is turned away, forgotten, or flown into before both sides have spoken."""

from __future__ import annotations

import msgspec
import pytest

from comity.model.acts.agreement import Suspend
from comity.model.acts.alone import ActivityDeclare
from comity.model.acts.flights import Answer, ConflictAnswer, FlightClose, FlightDeclare, FlightOverdue
from comity.model.acts.keys import Compromised
from comity.model.acts.movements import FlightNotice
from comity.model.history import Taken
from comity.model.records.flights import flight, flights_in
from comity.model.spans import MINUTE_MS
from comity.views.conflict_lists import Own
from comity.views.flags import flags
from comity.views.flight_rows import conflict_rows
from comity.views.flights import conflict_standings, flight_standings, own_pairs
from comity.views.obligations import obligations
from laws.agreement import Draft
from laws.flights import LEVEL, answer, change, close, declare, every_conflict, found
from laws.holding import OFFICES, check_clearance_is_held
from laws.plays import Play, acknowledge, admitted, clear, designate, movement, refused, stage, volume
from laws.world import World


def asked(world: World | None = None) -> tuple[World, Play]:
    """A request of north's over the orchard that south has not consented to yet."""
    world = world or World()
    designate(world)
    play = Play(world)
    play.propose()
    return world, play


def agreed_movement(world: World, place: str = "orchard", by: str = "north") -> Taken:
    """A movement, north's unless said, that the signatories have agreed to."""
    request = admitted(movement(world, by, place))
    world.share()
    acknowledge(world, request, *(each for each in world.draft.names.signatories if each != by))
    world.share()
    return request


def test_law_15_declaration_is_never_turned_away() -> None:
    """A flight is refused for what it conflicts with or for its hour, and flies undeclared."""
    world = World()
    designate(world)
    movement(world, "north")
    declare(world, "north")
    world.share()
    declare(world, "south")
    declare(world, "monitor", from_h=-6, until_h=-3)
    declare(world, "centre", until_h=200)
    admitted(world.sign("north", Suspend()))
    world.share()
    declare(world, "south", name="fl-2")


def test_law_15_declaration_is_refused_for_nonsense_only() -> None:
    """A flight is declared in another's name, with an address that no aircraft has, or over a ring that is none."""
    world = World()
    good = FlightDeclare(flight="fl-1", operator="allies", aircraft_class="rotary", volume=volume("orchard"))
    admitted(world.sign("north", good))
    replace = msgspec.structs.replace
    wrong = replace(good.volume, ring=(*good.volume.ring[:3], good.volume.ring[2]))
    for by, act in (
        ("south", good),
        ("north", replace(good, operator="south")),
        ("north", replace(good, address="ffffff")),
        ("north", replace(good, volume=wrong)),
    ):
        refused(world.sign(by, act), "flight")


def test_law_32_conflict_is_the_same_in_every_office() -> None:
    """Each party finds its own flight in nobody's way."""
    world = World()
    declare(world, "south", name="fl-s")
    declare(world, "north", name="fl-n")
    declare(world, "north", name="fl-o")
    admitted(movement(world, "monitor"))
    admitted(
        world.sign("south", ActivityDeclare(activity="act-1", group=world.written("guards"), volume=volume("orchard")))
    )
    admitted(world.sign("north", FlightNotice(operator="allies", aircraft_class="rotary", volume=volume("orchard"))))
    world.share()
    everywhere = [found(world, name) for name in OFFICES]
    assert all(each == everywhere[0] for each in everywhere)
    pairs = {(one, other) for one, other, _, _ in everywhere[0]}
    assert {("fl-s", "notice.flight"), ("fl-s", "activity.declare"), ("fl-n", "activity.declare")} <= pairs
    assert {("fl-s", "movement.request"), ("fl-n", "movement.request"), ("fl-o", "movement.request")} <= pairs
    assert ("fl-n", "notice.flight") not in pairs, "a notice and a declaration of one party are about one flight"
    between = [each for each in everywhere[0] if each[1] == "flight.declare"]
    assert len(between) == 3 and sum(len(sides) == 1 for _, _, sides, _ in between) == 1


def test_law_20_clearance_waits_for_every_side() -> None:
    """A movement is cleared into the air of a flight about which one side, or neither, has said a word."""
    world = World()
    request = agreed_movement(world)
    declared = declare(world, "south")
    world.share()
    refused(clear(world, request, "north"), "flight.conflict")
    admitted(answer(world, "north", declared, request))
    refused(clear(world, request, "north"), "flight.conflict")
    refused(answer(world, "centre", declared, request), "flight.conflict", 22)
    admitted(answer(world, "south", declared, request, "separated-by-time"))
    world.share()
    refused(clear(world, request, "north"), "flight.conflict")
    admitted(answer(world, "south", declared, request))
    world.share()
    assert found(world) == [("fl-1", "movement.request", ("north", "south"), True)]
    admitted(clear(world, request, "north"))


@pytest.mark.parametrize("word", ["will-change", "disputed"])
def test_law_20_only_a_separation_settles(word: Answer) -> None:
    """Both sides say the same, and nothing is any farther apart for it."""
    world = World()
    request = agreed_movement(world)
    declared = declare(world, "south")
    world.share()
    admitted(answer(world, "north", declared, request, word))
    admitted(answer(world, "south", declared, request, word))
    world.share()
    refused(clear(world, request, "north"), "flight.conflict")
    change(world, declared, "quarry")
    world.share()
    admitted(clear(world, request, "north"))


def test_law_18_answer_is_to_what_it_saw() -> None:
    """A flight is moved after both have answered, and the old answers are taken for the new air."""
    world = World()
    request = agreed_movement(world)
    declared = declare(world, "south", until_h=3)
    world.share()
    for by in ("north", "south"):
        admitted(answer(world, by, declared, request))
    world.share()
    change(world, declared, "orchard", until_h=5)
    world.share()
    refused(clear(world, request, "north"), "flight.conflict")
    for by in ("north", "south"):
        admitted(answer(world, by, declared, request))
    world.share()
    admitted(clear(world, request, "north"))


def test_law_18_consent_waits_and_does_not_cover_a_later_flight() -> None:
    """A consent is given into the air of a flight, or a flight is declared after it and the start goes on."""
    world, play = asked()
    declared = declare(world, "monitor")
    world.share()
    refused(play.consent(), "flight.conflict")
    for by in ("north", "monitor"):
        admitted(answer(world, by, declared, play.request))
    world.share()
    admitted(play.consent())
    play.confirm()
    world.share()
    later = declare(world, "south", name="fl-2")
    world.share()
    refused(play.start(), "operation.drift", 18)
    close(world, later)
    world.share()
    admitted(play.start())


def test_law_18_own_flight_of_who_executes_is_no_fact() -> None:
    """Who executes stops his own operation by declaring the flights that fly it."""
    play = stage()
    declare(play.world, "north")
    play.world.share()
    admitted(play.start())


def test_law_16_overdue_flight_keeps_its_air() -> None:
    """A flight's time is over, nobody knows where it is, and its air is given away."""
    world = World()
    request = agreed_movement(world, "orchard")
    declared = declare(world, "south", from_h=-3, until_h=-1)
    world.share()
    early = FlightOverdue(declaration=declare(world, "south", "quarry").entry.id)
    refused(world.sign("monitor", early), "flight")
    world.share()
    refused(world.sign("monitor", early), "flight.overdue")
    refused(clear(world, request, "north"), "flight.conflict")
    [listed] = [each for each in flight_standings(world["north"].view, world.at_ms) if each.conditions]
    assert "it still has its air" in listed.conditions[0]
    owed = [each for each in obligations(world["north"].view, world.at_ms) if each.what == "close flight fl-1"]
    assert [each.debtor for each in owed] == ["south"]
    admitted(world.sign("monitor", FlightOverdue(declaration=declared.entry.id)))
    world.share()
    refused(clear(world, request, "north"), "flight.conflict")
    close(world, declared)
    world.share()
    admitted(clear(world, request, "north"))


def test_law_25_flight_is_overdue_by_the_last_clock() -> None:
    """A clock that lags says that a flight of another's is still in its window."""
    world = World()
    declare(world, "south", until_h=1)
    world.tick(90)
    admitted(movement(world, "south", "quarry"))
    world.share()
    view, early_ms = world["north"].view, world.at_ms - 3_600_000
    [one] = flights_in(view, volume("orchard", 4, 5), early_ms)
    assert one.is_overdue(view, early_ms)


def test_law_18_word_from_before_a_flight_was_overdue_is_none() -> None:
    """Both had said that time keeps them apart; the flight is not back, and the word is still taken for good."""
    world = World()
    request = agreed_movement(world)
    declared = declare(world, "south", until_h=1)
    world.share()
    for by in ("north", "south"):
        admitted(answer(world, by, declared, request, "separated-by-time"))
    world.share()
    world.tick(61)
    refused(clear(world, request, "north"), "flight.conflict")


def test_law_33_answer_by_a_stolen_key_is_none() -> None:
    """A thief answers for one side."""
    world = World()
    request = agreed_movement(world)
    declared = declare(world, "south")
    world.share()
    admitted(answer(world, "north", declared, request))
    admitted(answer(world, "south", declared, request, officer="second"))
    statement = Compromised(key=world.key("south", "second"), since_seq=0)
    admitted(world.sign("south", statement, officer="root", seat="root"))
    world.share()
    refused(clear(world, request, "north"), "flight.conflict")


def answered(world: World) -> tuple[Taken, Taken]:
    """A movement of north's and a flight of south's, settled, before all eyes."""
    request = agreed_movement(world)
    declared = declare(world, "south", until_h=3)
    world.share()
    for by in ("north", "south"):
        admitted(answer(world, by, declared, request, officer="second"))
    world.share()
    return request, declared


def new_flight(world: World, request: Taken, declared: Taken) -> Taken:
    """Another flight is declared there."""
    return declare(world, "south", name="fl-2")


def moved_again(world: World, request: Taken, declared: Taken) -> Taken:
    """The flight is changed."""
    return change(world, declared, "orchard", until_h=5)


def taken_back(world: World, request: Taken, declared: Taken) -> Taken:
    """South disputes what it had answered."""
    return admitted(answer(world, "south", declared, request, "disputed"))


def stolen(world: World, request: Taken, declared: Taken) -> Taken:
    """The key that answered for south was in other hands."""
    statement = Compromised(key=world.key("south", "second"), since_seq=world["south"].size("pact/south") - 1)
    return admitted(world.sign("south", statement, officer="root", seat="root"))


CROSSINGS = (new_flight, moved_again, taken_back, stolen)


@pytest.mark.parametrize("crossing", CROSSINGS)
def test_law_20_whatever_unsettles_a_conflict_flags_a_clearance(crossing: object) -> None:
    """A flight is declared, changed or disputed just as a movement is cleared, and the clearance goes on as agreed."""
    world = World()
    request, declared = answered(world)
    cleared = admitted(clear(world, request, "north"))
    words = ("compromised",) if crossing is stolen else ("concurrent",)
    check_clearance_is_held(world, cleared, crossing(world, request, declared), *words)  # type: ignore[operator]


def test_law_20_flight_found_missing_flags_a_clearance() -> None:
    """A flight is found missing just as a movement that was to follow it is cleared."""
    world = World()
    request = admitted(movement(world, "north", from_h=1))
    declared = declare(world, "south", from_h=-1, until_h=0.5)
    world.share()
    acknowledge(world, request, "south")
    world.share()
    cleared = admitted(clear(world, request, "north"))
    world["monitor"].at_ms += 31 * MINUTE_MS
    missed = admitted(world.sign("monitor", FlightOverdue(declaration=declared.entry.id)))
    check_clearance_is_held(world, cleared, missed)


def test_law_32_what_follows_a_clearance_does_not_cross_it() -> None:
    """Whoever has seen a clearance takes it back by declaring a flight."""
    world = World()
    request, declared = answered(world)
    cleared = admitted(clear(world, request, "north"))
    world.share()
    for crossing in (new_flight, taken_back):
        crossing(world, request, declared)
    world.share()
    assert "concurrent" not in flags(world["north"].view, cleared)


def test_law_29_conflict_is_owed_by_both_sides() -> None:
    """A conflict is nobody's: each waits for the other, and neither is late."""
    world = World()
    declared, other = declare(world, "south"), declare(world, "north", name="fl-2")
    declare(world, "north", name="fl-3", place="quarry")
    world.share()
    admitted(answer(world, "south", declared, other))
    world.share()

    def debtors() -> set[str]:
        owed = obligations(world["centre"].view, world.at_ms)
        return {each.debtor for each in owed if "the conflict of flight" in each.what}

    assert debtors() == {"north"}
    admitted(answer(world, "north", other, declared, "disputed"))
    world.share()
    assert debtors() == {"north", "south"}
    admitted(answer(world, "north", other, declared))
    world.share()
    assert debtors() == set()


def test_law_22_own_conflict_is_shown_and_bars_nothing() -> None:
    """A party is stopped by a flight of its own, or hides that two of its own meet."""
    world = World()
    request = agreed_movement(world)
    declare(world, "north")
    world.share()
    view = world["south"].view
    assert conflict_standings(view, world.at_ms) == []
    assert own_pairs(view, world.at_ms) == (Own("north", 1, more=False),)
    [row] = conflict_rows(view, world.at_ms)
    assert (row["conflict"], row["status"], row["owed by"]) == ("flights of north", "own affair", [])
    assert row["with"] == "each other or other things of its own, 1 pair"
    admitted(clear(world, request, "north"))


def test_law_15_grounded_operator_is_a_conflict_and_no_refusal() -> None:
    """An operator that is grounded flies where it may not, and its declaration is turned away instead of shown."""
    world = World()
    designate(world)
    act = FlightDeclare(flight="fl-1", operator="allies", aircraft_class="rotary", volume=volume("orchard"))
    declared = admitted(world.sign("north", act))
    declare(world, "north", name="fl-2")
    world.share()
    view = world["centre"].view
    [conflict] = [each for each in every_conflict(view, world.at_ms) if each.other.entry.header.act == "area.propose"]
    assert conflict.flight.id == declared.entry.id and conflict.sides == {"north", "south"}
    for by in ("north", "south"):
        admitted(answer(world, by, declared, conflict.other))
    world.share()
    assert all(settled for _, other, _, settled in found(world) if other == "area.propose")


def test_law_15_what_is_no_conflict_is_not_answered() -> None:
    """A party answers for what never met, to say later that it had answered for everything."""
    world = World()
    declared, elsewhere = declare(world, "south"), declare(world, "north", "quarry")
    world.share()
    refused(answer(world, "south", declared, elsewhere), "flight.conflict")
    refused(answer(world, "south", declared, declared), "flight.conflict")
    act = ConflictAnswer(declaration=declared.entry.id, other="00" * 32, answer=LEVEL)
    refused(world.sign("south", act), "flight.conflict")


def test_law_22_flight_is_its_owners() -> None:
    """Another party closes a flight or moves it away, and its air is free."""
    world = World()
    declared = declare(world, "south")
    world.share()
    one = flight(world["north"].view, declared.entry.id)
    assert one is not None
    refused(world.sign("north", FlightClose(declaration=declared.entry.id, how="landed")), "flight")
    close(world, declared)
    refused(world.sign("south", FlightClose(declaration=declared.entry.id, how="landed")), "flight")


def test_law_12_terms_without_the_chapter_know_no_conflict() -> None:
    """An agreement that says nothing of flights refuses their declaration, and stops nothing for them."""
    world = World(Draft(without=("5",)))
    act = FlightDeclare(flight="fl-1", operator="north", aircraft_class="rotary", volume=volume("orchard"))
    refused(world.sign("north", act), "agreement", 14)
    assert found(world) == []
