"""Every write failed twice, before and after it persisted; and every promise afterwards."""

from __future__ import annotations

import pytest

from comity.model.acts.duty import LineCheck
from comity.model.history import Taken
from comity.office.audit import audit
from comity.tlog.errors import StoreError
from office.offices import Desk, Wire, entries, opened, same
from office.test_forks import forked
from simulator.disk import Crash, Disk, DiskStore

CHECK = LineCheck(with_participant="south", result="working")


class Counted(Disk):
    """A disk whose n-th write fails."""

    def __init__(self) -> None:
        super().__init__()
        self.left: int | None = None
        self.fault: tuple[type[BaseException], bool] = (StoreError, False)

    def write(self, do: object) -> object:
        """See Disk."""
        assert callable(do)
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                self.left, self.trip = None, self.fault
        return super().write(do)


def on_disk(desk: Desk) -> Counted:
    """Puts a desk on a disk that can fail, with what it holds now."""
    disk = Counted()
    store = DiskStore(disk)
    disk.journal.clear()
    old = desk.store
    for info in old.branches():
        branch = store.open_branch(info.origin, info.parent, info.fork)
        store.append(branch, info.fork, old.read(info.id, info.fork, old.size(info.id)), old.note(info.id))
    for origin, high in desk.marks.signed().items():
        disk.marks.raise_signed(origin, high)
    desk.store, desk.marks = disk.open(), disk.marks
    desk.start()
    return disk


@pytest.mark.parametrize("persisted", [False, True])
@pytest.mark.parametrize("kind", [StoreError, Crash])
@pytest.mark.parametrize("who", ["north", "south"])
@pytest.mark.parametrize("write", range(1, 8))
def test_every_write_fails(write: int, who: str, kind: type[BaseException], persisted: bool) -> None:
    """Whichever write fails, in the signing or in the receiving office: no acknowledged entry is lost, no log forks."""
    wire, _ = opened()
    desk = wire.desks[who]
    disk = on_disk(desk)
    wire.settle()
    disk.left, disk.fault = write, (kind, persisted)
    acknowledged: list[Taken] = []
    for _ in range(3):
        try:
            result = wire.desks["north"].tried(CHECK)
            if isinstance(result, Taken):
                acknowledged.append(result)
            wire.settle()
        except (StoreError, Crash):
            restarted(wire, desk, disk)
    disk.left = None
    restarted(wire, desk, disk)
    wire.polled()
    assert same(wire.desks.values())
    for each in wire.desks.values():
        assert all(each.office.history.find(taken.entry.id) for taken in acknowledged)
        assert not each.office.forked()
        assert each.office.fault() is None
        assert audit(each.office.logs, each.office.notary).clean


@pytest.mark.parametrize("who", ["north", "south"])
def test_no_write_of_an_act_is_left_out(who: str) -> None:
    """One act and its receipt take no more writes than those that are failed above."""
    wire, _ = opened()
    disk = on_disk(wire.desks[who])
    wire.settle()
    disk.left = 1_000
    wire.desks["north"].act(CHECK)
    wire.settle()
    assert 0 < 1_000 - disk.left < 8


@pytest.mark.parametrize("persisted", [False, True])
@pytest.mark.parametrize("kind", [StoreError, Crash])
@pytest.mark.parametrize("write", range(1, 13))
def test_every_write_fails_while_a_fork_is_found(write: int, kind: type[BaseException], persisted: bool) -> None:
    """Whichever write fails while another's fork comes in: both branches and the proof are there afterwards."""
    wire, _, _ = forked()
    desk = wire.desks["south"]
    disk = on_disk(desk)
    disk.left, disk.fault = write, (kind, persisted)
    for _ in range(4):
        try:
            wire.polled()
        except (StoreError, Crash):
            restarted(wire, desk, disk)
    restarted(wire, desk, disk)
    wire.polled()
    assert desk.office.forked() == {"demo/east"}
    assert len(desk.office.logs.of("demo/east")) == 2
    assert desk.office.logs.store.evidence("demo/east")
    assert desk.office.fault() is None
    assert audit(desk.office.logs, desk.office.notary).clean


def test_broken_office_signs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a failed write an office goes on reading and refuses to sign until it is built anew from the store."""
    wire, _ = opened()
    desk = wire.desks["north"]
    disk = on_disk(desk)
    wire.settle()
    disk.trip = (StoreError, True)
    with pytest.raises(StoreError):
        desk.tried(CHECK)
    held = entries(desk)
    assert "the store failed" in str(desk.office.fault())
    assert not isinstance(desk.tried(CHECK), Taken)
    restarted(wire, desk, disk)
    wire.polled()
    desk.office.confirm_clock()
    assert len(entries(desk)) >= len(held)
    assert isinstance(desk.tried(CHECK), Taken)


def restarted(wire: Wire, desk: Desk, disk: Disk) -> None:
    """The machine comes up again over what is on the disk."""
    desk.store = disk.open()
    desk.start()
    desk.office.confirm_clock()
