"""A party that shows one log to one neighbour and another to the next is found out, and the honest go on together."""

from __future__ import annotations

import copy

import pytest

from comity.model.acts.duty import LineCheck
from comity.model.acts.operations import Hold
from comity.office.audit import audit
from comity.office.config import DEFAULT, Limits
from comity.office.founding import genesis_act
from comity.office.messages import Request, Response
from comity.tlog.store import MemoryStore
from office.offices import Desk, Wire, opened, same, texts

CHECK = LineCheck(with_participant="south", result="working")


class TwoFaced(Wire):
    """A wire on which `liar` is answered for by a second desk towards some."""

    def __init__(self, desks: list[Desk], twin: Desk, sees_twin: set[str]) -> None:
        super().__init__(desks)
        self.twin = twin
        self.sees_twin = sees_twin

    def _carry(self, desk: Desk, peer: str, request: Request) -> None:
        kept = self.desks[self.twin.name]
        if desk.name in self.sees_twin and peer == self.twin.name:
            self.desks[self.twin.name] = self.twin
        try:
            super()._carry(desk, peer, request)
        finally:
            self.desks[self.twin.name] = kept


def forked(at_zero: bool = False, limits: Limits = DEFAULT) -> tuple[TwoFaced, Desk, Desk]:
    """East has two logs: south sees one, north and the centre the other."""
    wire, founded = opened(limits=limits, settled=not at_zero)
    east = wire.desks["east"]
    twin = Desk("east", founded, east.clock, copy.deepcopy(east.store), copy.deepcopy(east.marks), limits)
    if at_zero:
        twin = Desk("east", founded, east.clock, MemoryStore(), limits=limits)
        twin.act(genesis_act(twin.office.participant, founded.founding), "root")
    for desk, count in ((east, 4), (twin, 7)):
        desk.office.restart.clean = True
        for number in range(count):
            desk.office.confirm_clock()
            desk.tried(Hold() if number % 2 else CHECK)
    return TwoFaced(list(wire.desks.values()), twin, {"south"}), east, twin


@pytest.mark.parametrize("at_zero", [False, True])
@pytest.mark.parametrize("page", [512, 3])
def test_fork_towards_each_neighbour(at_zero: bool, page: int) -> None:
    """Both branches reach every honest office, with the proof; none cosigns that log again; the honest agree."""
    wire, _, _ = forked(at_zero, Limits(page_entries=page, page_hashes=4))
    wire.cut = {(one, other) for one in wire.desks for other in wire.desks if "east" not in (one, other)}
    wire.polled()
    wire.cut = set()
    honest = [wire.desks[name] for name in ("north", "south", "centre")]
    for desk in honest[:2]:
        desk.office.confirm_clock()
        desk.tried(LineCheck(with_participant="east", result="dead"))
    for _ in range(3):
        wire.polled()
    assert same(honest)
    for desk in honest:
        assert desk.office.forked() == {"demo/east"}
        assert len(desk.office.logs.of("demo/east")) == 2
        assert "is forked" in texts(desk)
        evidence = desk.office.logs.store.evidence("demo/east")
        assert evidence
        report = audit(desk.office.logs, desk.office.notary)
        assert report.clean, report.problems
        assert report.forked == ("demo/east",)


def test_forked_log_is_not_cosigned_again() -> None:
    """Once a fork is proven, no new head of that log gets this office's cosignature; other logs do."""
    wire, east, _ = forked()
    for _ in range(3):
        wire.polled()
    north = wire.desks["north"]
    assert north.office.forked() == {"demo/east"}
    wire.tamper = lambda asker, peer, request, response: response
    taken = east.tried(Hold())
    assert taken is not None
    north.office.confirm_clock()
    north.tried(CHECK)
    wire.polled()
    for branch in north.office.logs.of("demo/east"):
        if branch.noted is not None and branch.noted.size > 10:
            assert branch.note is not None
            assert not north.office.notary.has_cosigned(branch.note)
    mine = wire.desks["south"].office.logs.first("demo/north")
    assert mine is not None and mine.note is not None
    assert wire.desks["south"].office.notary.has_cosigned(mine.note)


def test_withheld_past_blocks_its_own_log_only() -> None:
    """A log whose newest entry cites what nobody has stops there; its earlier entries are still passed on to all."""
    wire, founded = opened()
    east = wire.desks["east"]
    ghost = Desk("south", founded, east.clock)
    for name in ("south", "east"):
        wire.cut |= {(name, other) for other in wire.desks} | {(other, name) for other in wire.desks}
    before = east.act(CHECK)
    ghost.act(genesis_act(ghost.office.participant, founded.founding), "root")
    secret = Wire([ghost, east])
    secret.settle()
    after = east.act(CHECK)
    assert len(after.entry.seen) >= 3

    def no_ghost(asker: str, peer: str, request: Request, response: Response) -> Response | None:
        return None if peer == "east" and getattr(request, "origin", "") == "demo/south" else response

    wire.tamper = no_ghost
    wire.cut = {pair for pair in wire.cut if "south" in pair}
    wire.polled()
    north = wire.desks["north"]
    assert north.office.history.find(before.entry.id) is not None
    wire.cut = {pair for pair in ((one, "east") for one in wire.desks)} | {("east", one) for one in wire.desks}
    north.act(CHECK)
    for _ in range(3):
        wire.polled()
    honest = [wire.desks[name] for name in ("north", "south", "centre")]
    assert same(honest)
    assert all(desk.office.history.find(before.entry.id) for desk in honest)
