"""Logs carried on a stick: offices that never meet over a wire hold the same, and a hostile stick does no harm."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from case.single_file import verdict
from comity.interfaces.carry import carry_in, carry_out
from comity.interfaces.case import Admitted, Claim, Forked, Logged, Received, make_case, verify_case
from comity.interfaces.case.held import HeldLogs
from comity.interfaces.stick import FOLDER
from comity.model.acts.duty import LineCheck
from comity.model.errors import Misuse, PeerError
from comity.office.config import DEFAULT, Limits
from comity.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from comity.tlog.errors import StoreError
from comity.tlog.keys import parse_vkey, signer
from office.offices import Desk, Wire, opened, same
from tlog.laid_out import read_log

NORTH = "demo%2Fnorth"


def apart(limits: Limits = DEFAULT) -> tuple[Wire, Desk, Desk]:
    """Offices that have begun their logs and met nobody; north and south of them."""
    wire, _ = opened(limits=limits, settled=False)
    return wire, wire.desks["north"], wire.desks["south"]


def carried_around(wire: Wire, stick: Path, rounds: int = 2) -> None:
    """A courier goes from office to office, reading in and laying out at each."""
    for _ in range(rounds):
        for desk in wire.desks.values():
            if (stick / FOLDER).exists():
                assert not carry_in(desk.office, stick).problems
            desk.office.turn()
            carry_out(desk.office, stick)


def test_a_courier_brings_everybody_together(tmp_path: Path) -> None:
    """After a stick went round, all hold the same entries with the same verdicts, and cosignatures came back."""
    wire, north, _ = apart()
    carried_around(wire, tmp_path)
    north.act(LineCheck(with_participant="south", result="working"))
    carried_around(wire, tmp_path)
    assert same(wire.desks.values())
    note = HeldLogs(north.office.logs).checkpoint_note("demo/north")
    assert set(north.office.notary.cosigners(note)) >= {"south", "centre"}


def test_a_log_of_many_pages_is_carried(tmp_path: Path) -> None:
    """A log longer than one page, and than the waiting room, arrives whole though another is needed first."""
    wire, north, south = apart(Limits(page_entries=16, waiting_entries_per_log=8))
    carried_around(wire, tmp_path)
    north.act(LineCheck(with_participant="south", result="working"))
    carry_out(north.office, tmp_path)
    carry_in(south.office, tmp_path)
    for _ in range(50):
        south.act(LineCheck(with_participant="north", result="working"))
    carry_out(south.office, tmp_path)
    done = carry_in(wire.desks["east"].office, tmp_path)
    assert done.entries >= 51 and not done.problems
    assert same([south, wire.desks["east"]])


def test_stock_tools_can_read_the_stick(tmp_path: Path) -> None:
    """Each log is a plain tiled log with the keys beside it that its checkpoint needs."""
    _, north, _ = apart()
    north.office.turn()
    carry_out(north.office, tmp_path)
    note, leaves = read_log(tmp_path / FOLDER / NORTH)
    vkeys = (tmp_path / FOLDER / NORTH / "vkeys").read_text().splitlines()
    head = open_checkpoint(note, parse_vkey(vkeys[0]))
    assert (head.origin, head.size) == ("demo/north", len(leaves))
    assert [parse_vkey(each).algorithm for each in vkeys] == [1] + [4] * (len(vkeys) - 1)


def test_carrying_out_again_replaces_and_loses_nothing(tmp_path: Path) -> None:
    """A later carrying takes the place of the earlier; what the office does not hold is not written over."""
    wire, north, south = apart()
    carry_out(north.office, tmp_path)
    with pytest.raises(Misuse, match="carry in first"):
        carry_out(south.office, tmp_path)
    carry_in(south.office, tmp_path)
    south.office.turn()
    carry_out(south.office, tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [FOLDER]
    assert sorted(each.name for each in (tmp_path / FOLDER).iterdir()) == [NORTH, "demo%2Fsouth"]
    assert wire.carried == 0


def test_a_stick_that_is_not_there(tmp_path: Path) -> None:
    """A missing stick, an empty one and one that is full of nothing are each told apart in words."""
    _, north, _ = apart()
    with pytest.raises(Misuse, match="no folder"):
        carry_out(north.office, tmp_path / "nowhere")
    with pytest.raises(PeerError, match="comity-carry"):
        carry_in(north.office, tmp_path)
    (tmp_path / FOLDER).mkdir()
    with pytest.raises(PeerError, match="no log of this agreement"):
        carry_in(north.office, tmp_path)


def test_a_full_stick_leaves_the_older_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If writing fails, what was carried before is still there and whole."""
    _, north, _ = apart()
    carry_out(north.office, tmp_path)
    before = read_log(tmp_path / FOLDER / NORTH)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="another"):
        carry_out(north.office, tmp_path)
    assert read_log(tmp_path / FOLDER / NORTH) == before
    assert [each.name for each in tmp_path.iterdir()] == [FOLDER]


def log_of(stick: Path) -> Path:
    """Where north's log lies."""
    return stick / FOLDER / NORTH


def tile(stick: Path, level: str = "entries") -> Path:
    """The file with north's first entries, or their hashes."""
    (found,) = (log_of(stick) / "tile" / level).rglob("*.p/*")
    return found


def flip(path: Path) -> None:
    """One bit of the file changes."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def link(path: Path, there: Path) -> None:
    """The file or folder becomes a link to the very same, elsewhere."""
    path.rename(there)
    path.symlink_to(there)


def pipe(path: Path) -> None:
    """The file becomes a pipe that nobody writes to."""
    path.unlink()
    os.mkfifo(path)


def borrow(stick: Path) -> None:
    """The checkpoint becomes that of another log."""
    (log_of(stick) / "checkpoint").write_bytes((stick / FOLDER / "demo%2Feast" / "checkpoint").read_bytes())


HOSTILE: dict[str, Callable[[Path, Path], None]] = {
    "bundle changed": lambda stick, aside: flip(tile(stick)),
    "bundle missing": lambda stick, aside: tile(stick).unlink(),
    "bundle endless": lambda stick, aside: os.truncate(tile(stick), 17 * 1024 * 1024),
    "bundle a link": lambda stick, aside: link(tile(stick), aside / "elsewhere"),
    "bundle a pipe": lambda stick, aside: pipe(tile(stick)),
    "hashes missing": lambda stick, aside: tile(stick, "0").unlink(),
    "checkpoint changed": lambda stick, aside: flip(log_of(stick) / "checkpoint"),
    "checkpoint of another log": lambda stick, aside: borrow(stick),
    "folder a link": lambda stick, aside: link(log_of(stick), aside / "elsewhere"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_log_is_one_problem_and_stops_no_other(name: str, tmp_path: Path) -> None:
    """What is wrong with one log on a stick is said in words; the other logs are taken, the office goes on."""
    wire, _, south = apart()
    stick, aside = tmp_path / "stick", tmp_path / "aside"
    stick.mkdir()
    aside.mkdir()
    for each in ("north", "east"):
        if (stick / FOLDER).exists():
            carry_in(wire.desks[each].office, stick)
        carry_out(wire.desks[each].office, stick)
    HOSTILE[name](stick, aside)
    done = carry_in(south.office, stick)
    assert [NORTH in problem for problem in done.problems] == [True]
    assert south.office.logs.first("demo/north") is None
    assert south.office.logs.first("demo/east") is not None
    assert south.office.fault() is None


OVER_HELD: dict[str, tuple[Callable[[Path], None], str]] = {
    "entry changed": (lambda stick: flip(tile(stick)), "entry 1 of demo/north is not the one"),
    "bundle cut": (lambda stick: os.truncate(tile(stick), 40), "from 0 on cannot be read"),
    "hash changed": (lambda stick: flip(tile(stick, "0")), "the hash of entry 1 of demo/north"),
    "checkpoint changed": (lambda stick: flip(log_of(stick) / "checkpoint"), NORTH),
    "keys changed": (lambda stick: flip(log_of(stick) / "vkeys"), "keys that nobody pinned"),
    "keys gone": (lambda stick: (log_of(stick) / "vkeys").unlink(), "vkeys is missing"),
}


@pytest.mark.parametrize("name", OVER_HELD)
def test_a_stick_that_says_otherwise_than_what_is_held(name: str, tmp_path: Path) -> None:
    """Other bytes under a checkpoint that is held are named: which log, which entry, what to do; nothing is taken."""
    _, north, south = apart()
    north.office.turn()
    carry_out(north.office, tmp_path)
    assert carry_in(south.office, tmp_path).problems == ()
    assert carry_in(south.office, tmp_path).problems == ()
    before = south.office.logs.version
    spoil, words = OVER_HELD[name]
    spoil(tmp_path)
    done = carry_in(south.office, tmp_path)
    assert done.entries == 0
    assert len(done.problems) == 1 and words in done.problems[0], done.problems
    assert "ask for a new stick" in done.problems[0] or name == "checkpoint changed"
    assert south.office.logs.version == before
    assert not south.office.forked()


def test_a_stick_that_shows_a_fork_says_so(tmp_path: Path) -> None:
    """A signed head that contradicts the one held is told with both heads, each time, and the evidence is kept."""
    wire, founded = opened()
    north, south = wire.desks["north"], wire.desks["south"]
    twin = Desk("north", founded, north.clock)
    for stick in (tmp_path / "first", tmp_path / "second"):
        stick.mkdir()
    carry_out(north.office, tmp_path / "first")
    carry_in(twin.office, tmp_path / "first")
    north.act(LineCheck(with_participant="south", result="working"))
    wire.polled()
    twin.marks.set_stopped_cleanly(True)
    twin.start()
    twin.act(LineCheck(with_participant="south", result="dead"))
    carry_out(twin.office, tmp_path / "second")
    held, shown = south.office.logs.first("demo/north"), twin.office.logs.first("demo/north")
    assert held is not None and held.noted is not None and shown is not None and shown.noted is not None
    for _ in range(2):
        (problem,) = carry_in(south.office, tmp_path / "second").problems
        assert f"forked at entry {shown.noted.size - 1}" in problem
        assert held.noted.root.hex() in problem and shown.noted.root.hex() in problem
    assert south.office.forked() == {"demo/north"}


def test_a_head_by_another_key_is_not_taken(tmp_path: Path) -> None:
    """A whole and consistent log under a key that nobody pinned brings nothing in."""
    _, north, south = apart()
    carry_out(north.office, tmp_path)
    note, leaves = read_log(tmp_path / FOLDER / NORTH)
    head = open_checkpoint(note, north.office.notary.head_key("demo/north"))
    forged = sign_checkpoint(Checkpoint(head.origin, len(leaves), head.root), signer("demo/north", bytes(32)))
    (tmp_path / FOLDER / NORTH / "checkpoint").write_bytes(forged)
    done = carry_in(south.office, tmp_path)
    assert done.entries == 0 and "did not sign" in done.problems[0]


def test_a_fork_is_carried_with_both_branches(tmp_path: Path) -> None:
    """Both branches of a forked log travel, the receiver proves the fork, and a case of it convinces a stranger."""
    wire, founded = opened()
    north = wire.desks["north"]
    twin = Desk("north", founded, north.clock)
    sticks = [tmp_path / "first", tmp_path / "second", tmp_path / "third"]
    for stick in sticks:
        stick.mkdir()
    carry_out(north.office, sticks[0])
    carry_in(twin.office, sticks[0])
    north.act(LineCheck(with_participant="south", result="working"))
    twin.marks.set_stopped_cleanly(True)
    twin.start()
    twin.act(LineCheck(with_participant="south", result="dead"))
    for desk, stick in ((north, sticks[0]), (twin, sticks[1])):
        desk.office.turn()
        carry_out(desk.office, stick)
    south, east = wire.desks["south"], wire.desks["east"]
    for stick in sticks[:2]:
        carry_in(south.office, stick)
    assert south.office.forked() == {"demo/north"}
    carry_out(south.office, sticks[2])
    assert (sticks[2] / FOLDER / f"{NORTH}@1").is_dir()
    carry_in(east.office, sticks[2])
    assert east.office.forked() == {"demo/north"}
    held = HeldLogs(east.office.logs)
    case = make_case(founded.founding, held, [Forked(origin="demo/north")], forks=held.forks())
    assert verdict(case) is None


def test_cases_are_made_of_what_an_office_holds() -> None:
    """Claims about what came over the wire are proven from an office's own store."""
    wire, founded = opened()
    south = wire.desks["south"]
    check = south.act(LineCheck(with_participant="north", result="working"))
    wire.polled()
    claims: list[Claim] = [
        Logged(entry=check.entry.id),
        Admitted(entry=check.entry.id),
        Received(by="demo/east", of="demo/south", size=check.entry.seq + 1, entry=None),
    ]
    held = HeldLogs(south.office.logs)
    case = make_case(founded.founding, held, claims)
    assert verify_case(case).outcome == "proven"
    assert verdict(case) is None
