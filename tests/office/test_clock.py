"""What the clock door concludes from the others' entries, and what it does not (law 28)."""

from __future__ import annotations

import pytest

from comity.model.acts.duty import LineCheck
from comity.model.acts.operations import Hold
from comity.model.entry import Second
from comity.model.errors import Misuse
from comity.model.history import Taken
from comity.model.spans import HOUR_MS
from comity.model.verdict import Refusal
from comity.office.desk import Draft, Stale, with_second
from comity.office.signatures import entry_message, second_message
from office.offices import Desk, HandClock, Wire, newest, opened, texts
from simulator.deeds import set_clock_back

CHECK = LineCheck(with_participant="south", result="working")


@pytest.fixture
def wire() -> Wire:
    """Four offices whose terms are in force, each with a clock of its own."""
    wire = opened()[0]
    for desk in wire.desks.values():
        with_own_clock(desk, 0)
    wire.polled()
    return wire


def with_own_clock(desk: Desk, off_ms: int, clean: bool = True) -> None:
    """A new run beside a clock that is off by so much."""
    if clean:
        desk.office.stop()
    desk.clock = HandClock(desk.clock.wall_ms + off_ms, 0)
    desk.start()


def pass_ms(wire: Wire, ms: int) -> None:
    """Time passes for all."""
    for desk in wire.desks.values():
        desk.clock.pass_ms(ms)


def cut_off(wire: Wire, name: str) -> None:
    """That office reaches nobody."""
    wire.cut = {(one, other) for one in wire.desks for other in wire.desks if name in (one, other)}


def refused_for(desk: Desk, words: str) -> None:
    """The door refuses a record with these words, and signs a restraint all the same."""
    refused = desk.tried(CHECK)
    assert isinstance(refused, Refusal), refused
    assert (refused.rule, words in refused.problem) == ("office.skew", True), refused
    assert isinstance(desk.tried(Hold()), Taken)


def test_restart_beside_quiet_peers_is_no_alarm(wire: Wire) -> None:
    """After three hours in which nobody signed, an office that begins anew signs at once."""
    north = wire.desks["north"]
    pass_ms(wire, 3 * HOUR_MS)
    with_own_clock(north, 0)
    assert north.office.clock_fault() is None
    wire.polled()
    assert isinstance(north.tried(CHECK), Taken)


def test_entries_that_come_late_are_no_alarm(wire: Wire) -> None:
    """Hours of entries that come in one page after a cut, to an office that began anew in it, say nothing."""
    north = wire.desks["north"]
    cut_off(wire, "north")
    for _ in range(3):
        wire.desks["south"].act(LineCheck(with_participant="north", result="dead"))
        pass_ms(wire, HOUR_MS)
    with_own_clock(north, 0)
    assert isinstance(north.tried(CHECK), Taken)
    wire.cut = set()
    wire.polled()
    assert north.office.clock_fault() is None


def test_clock_ahead_of_lively_peers(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that begins anew two hours ahead is stopped by the first entry that another signs under its eyes."""
    north = wire.desks["north"]
    pass_ms(wire, 3 * HOUR_MS)
    with_own_clock(north, 2 * HOUR_MS)
    monkeypatch.setattr(north.office, "watch", lambda: None)  # else its own receipt accuses the others first
    wire.polled()
    wire.desks["south"].act(LineCheck(with_participant="east", result="working"))
    wire.settle()
    refused_for(north, "ahead of what the others sign now")
    north.office.confirm_clock()
    assert isinstance(north.tried(CHECK), Taken)
    wire.polled()
    assert "behind" in str(wire.desks["south"].office.clock_fault())


def test_a_relayed_entry_shows_a_clock_ahead(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is enough that the log's own office told its size before; the entry itself may come through another."""
    north = wire.desks["north"]
    with_own_clock(north, 2 * HOUR_MS)
    monkeypatch.setattr(north.office, "watch", lambda: None)  # else its own receipt accuses the others first
    wire.polled()
    wire.cut = {("north", "south")}
    wire.desks["south"].act(LineCheck(with_participant="east", result="working"))
    wire.settle()
    refused_for(north, "ahead of what the others sign now")


def test_an_act_may_lie_before_its_officer(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """An act that an officer signed some minutes after it was prepared is no wrong clock of those who take it."""
    north, south = wire.desks["north"], wire.desks["south"]
    pass_ms(wire, HOUR_MS)
    with_own_clock(north, 0)
    for desk in wire.desks.values():
        monkeypatch.setattr(desk.office, "watch", lambda: None)  # else the draft is thrown back
    wire.polled()
    signer = south.founded.officers["south", "duty"]
    draft = south.office.prepare(LineCheck(with_participant="east", result="working"), "duty", signer.key)
    assert isinstance(draft, Draft)
    pass_ms(wire, 100_000)
    wire.polled()
    assert isinstance(south.office.submit(draft.json, signer.sign(entry_message(draft.json))), Taken)
    wire.polled()
    assert north.office.clock_fault() is None


def test_an_act_that_lay_longer_is_thrown_back(wire: Wire) -> None:
    """Also if it claims the very time of the entry before it: then others could not tell it from a slow clock."""
    south = wire.desks["south"]
    signer = south.founded.officers["south", "duty"]
    act = LineCheck(with_participant="east", result="working")
    south.act(act)
    south.clock.wall_ms = newest(south, "demo/south").at_ms
    draft = south.office.prepare(act, "duty", signer.key)
    assert isinstance(draft, Draft)
    assert draft.entry.at_ms == newest(south, "demo/south").at_ms
    south.clock.pass_ms(600_000)
    assert isinstance(south.office.submit(draft.json, signer.sign(entry_message(draft.json))), Stale)


def test_an_act_that_claims_the_future_is_thrown_back(wire: Wire) -> None:
    """An act prepared under a clock that ran ahead, and was then put right, is prepared again."""
    south = wire.desks["south"]
    signer = south.founded.officers["south", "duty"]
    south.clock.wall_ms += HOUR_MS
    draft = south.office.prepare(Hold(), "duty", signer.key)
    assert isinstance(draft, Draft)
    south.clock.wall_ms -= HOUR_MS
    assert isinstance(south.office.submit(draft.json, signer.sign(entry_message(draft.json))), Stale)


def test_clock_behind(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hours behind, an office is stopped by what its own store holds, before it has met anybody."""
    north = wire.desks["north"]
    monkeypatch.setattr(north.office, "watch", lambda: None)  # else its own log speaks first
    pass_ms(wire, 3 * HOUR_MS)
    wire.desks["south"].act(LineCheck(with_participant="north", result="dead"))
    wire.settle()
    cut_off(wire, "north")
    with_own_clock(north, -2 * HOUR_MS)
    assert "behind the newest entry of the others" in str(north.office.clock_fault())


@pytest.mark.parametrize("jump_ms", [HOUR_MS, -HOUR_MS])
def test_jump_while_alone(wire: Wire, jump_ms: int) -> None:
    """A clock that jumps under an office that nobody reaches is seen against the steady clock."""
    north = wire.desks["north"]
    cut_off(wire, "north")
    pass_ms(wire, 3 * HOUR_MS)
    with_own_clock(north, 0)
    north.clock.wall_ms += jump_ms
    refused_for(north, f"jumped 3600 s {'on' if jump_ms > 0 else 'back'}")
    north.clock.wall_ms -= jump_ms
    if jump_ms < 0:
        assert isinstance(north.tried(CHECK), Taken)


def test_clock_put_right_again_needs_no_word(wire: Wire) -> None:
    """A clock that began wrong and was put right is believed as soon as an entry of another agrees with it."""
    north = wire.desks["north"]
    with_own_clock(north, -2 * HOUR_MS)
    assert north.office.clock_fault() is not None
    north.clock.wall_ms += 2 * HOUR_MS
    wire.polled()
    wire.desks["south"].act(LineCheck(with_participant="north", result="working"))
    wire.polled()
    assert isinstance(north.tried(CHECK), Taken)


def test_a_peer_that_sets_its_clock_back(wire: Wire) -> None:
    """Once the party that ran ahead has set its log back by two officers, it accuses nobody any more."""
    north, south = wire.desks["north"], wire.desks["south"]
    south.clock.wall_ms += 2 * HOUR_MS
    south.office.confirm_clock()
    south.act(LineCheck(with_participant="north", result="working"))
    wire.polled()
    assert "behind" in str(north.office.clock_fault())
    south.clock.wall_ms -= 2 * HOUR_MS
    one, two = (south.founded.officers["south", seat] for seat in ("duty", "senior"))
    step = set_clock_back(south.office)
    assert step is not None
    draft = south.office.prepare(step, "duty", one.key, (two.key, "senior"))
    assert isinstance(draft, Draft)
    second = Second(key=two.key, seat="senior", signature=two.sign(second_message(draft.json)).hex())
    json = with_second(draft.json, second)
    assert isinstance(south.office.submit(json, one.sign(entry_message(json))), Taken)
    wire.polled()
    assert north.office.clock_fault() is None


def test_own_log_ahead_asks_for_two_officers(wire: Wire) -> None:
    """No word about a clock sets a log back: the command that does is named, in words that time does not change."""
    north = wire.desks["north"]
    north.clock.wall_ms += HOUR_MS
    north.office.confirm_clock()
    north.act(CHECK)
    north.clock.wall_ms -= HOUR_MS
    said = north.office.clock_fault()
    assert said is not None and "the own log is ahead of this clock" in said
    assert "clock.step before=+0s --second" in north.office.clock_remedy()
    with pytest.raises(Misuse, match=r"not enough to confirm this clock.*clock\.step"):
        north.office.confirm_clock()
    refused = north.tried(CHECK)
    assert isinstance(refused, Refusal) and "clock.step" in refused.remedy
    north.clock.pass_ms(60_000)
    assert north.office.clock_fault() == said


def test_who_runs_ahead_is_told(wire: Wire) -> None:
    """The others sign nothing that would show it, but they cosign: by their clocks before the entry was signed."""
    north = wire.desks["north"]
    north.clock.wall_ms += 589_000
    north.office.confirm_clock()
    north.act(CHECK)
    wire.polled()
    assert "this clock seems to be ahead" in texts(north)
    assert all("this clock seems" not in texts(wire.desks[name]) for name in ("south", "east", "centre"))
    north.clock.wall_ms -= 589_000
    pass_ms(wire, 600_000)
    north.act(CHECK)
    wire.polled()
    assert all(each.over_ms is not None for each in north.office.problems if "this clock seems" in each.text)
