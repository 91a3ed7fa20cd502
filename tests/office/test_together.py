"""Offices together: they converge, relay, survive a restart and a cut, and never sign beyond what they took."""

from __future__ import annotations

import pytest

from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import Watch
from comity.office.config import Limits
from comity.office.messages import Heads, HeadsRequest
from office.offices import Desk, Wire, entries, opened, same, texts

CHECK = LineCheck(with_participant="south", result="working")


@pytest.fixture
def wire() -> Wire:
    """Four offices whose terms are in force."""
    return opened()[0]


def test_offices_converge(wire: Wire) -> None:
    """Four offices that talk hold the same entries with the same verdicts, and every head is cosigned by all others."""
    wire.desks["north"].act(CHECK)
    wire.settle()
    assert same(wire.desks.values())
    for desk in wire.desks.values():
        assert desk.office.terms() is not None
        for branch in desk.office.logs.branches:
            assert branch.note is not None
            assert len(desk.office.notary.cosigners(branch.note)) == 3


def test_third_office_relays(wire: Wire) -> None:
    """Two offices that cannot reach each other get each other's entries through a third."""
    wire.cut = {("north", "south"), ("south", "north")}
    taken = wire.desks["north"].act(CHECK)
    wire.settle()
    assert wire.desks["south"].office.history.find(taken.entry.id) is not None


def test_cut_office_keeps_working_and_catches_up(wire: Wire) -> None:
    """An office that is cut off goes on signing, and both sides agree after the cut."""
    others = set(wire.desks) - {"north"}
    wire.cut = {("north", each) for each in others} | {(each, "north") for each in others}
    for _ in range(20):
        wire.desks["north"].act(CHECK)
        wire.desks["south"].act(LineCheck(with_participant="north", result="dead"))
    wire.settle()
    assert not same(wire.desks.values())
    wire.cut = set()
    wire.polled()
    assert same(wire.desks.values())


def test_restart_reads_and_does_not_judge(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start reads entries, verdicts, notes and covers back without judging, and gives the same view."""
    desk = wire.desks["north"]
    before, notes = entries(desk), [branch.note for branch in desk.office.logs.branches]
    digest = desk.office.logs.digest(desk.office.view().clock)
    desk.office.stop()
    monkeypatch.setattr("comity.office.intake.judge", None)
    desk.start()
    assert entries(desk) == before
    assert [branch.note for branch in desk.office.logs.branches] == notes
    assert desk.office.logs.digest(desk.office.view().clock) == digest
    assert desk.office.fault() is None


def test_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long log comes in pages, each under a checkpoint, and an office cut off on the way serves what it has."""
    wire, _ = opened(limits=Limits(page_entries=4))
    wire.cut = {(one, other) for one in wire.desks for other in wire.desks}
    for _ in range(30):
        wire.desks["north"].act(CHECK)
    wire.cut = {pair for pair in wire.cut if set(pair) != {"north", "south"}}
    wire.polled()
    wire.cut = {pair for pair in wire.cut if "north" in pair}
    wire.polled()
    wire.cut = set()
    wire.polled()
    assert same(wire.desks.values())
    assert wire.carried < 1500


def test_state_digests_agree(wire: Wire) -> None:
    """Every office signs watch entries when something waits for its receipt, and their digests are confirmed by all."""
    wire.desks["north"].act(CHECK)
    wire.settle()
    for _ in range(4):
        for desk in wire.desks.values():
            desk.clock.pass_ms(100_000)
        wire.settle()
    watches = [each for each in wire.desks["south"].office.history.entries if isinstance(each.entry.act, Watch)]
    assert {each.entry.origin for each in watches} == {f"demo/{name}" for name in wire.desks}
    assert all(each.refusal is None for each in watches)
    assert not any("another state" in texts(desk) for desk in wire.desks.values())


def test_unchanged_heads_are_said_once(wire: Wire) -> None:
    """An office that asks again with what it knows gets a short answer."""
    sync = wire.desks["north"].sync
    first = sync.answer("south", HeadsRequest())
    assert isinstance(first, Heads)
    assert first.heads
    again = sync.answer("south", HeadsRequest(known=first.digest))
    assert again == Heads(digest=first.digest, same=True)


def test_desk_names(wire: Wire) -> None:
    """Every office knows the others by the names in the founding file."""
    desk: Desk = wire.desks["north"]
    assert set(desk.office.peers) == {"south", "east", "centre"} == set(desk.office.mirrors)
