"""The laws that the office itself keeps: 5, 8, 28, 30, 31 and 35, each with the attack that it stops."""

from __future__ import annotations

import copy

import pytest

from comity.model.acts.agreement import Suspend
from comity.model.acts.areas import AreaPropose
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import ClockStep, Watch
from comity.model.acts.movements import MovementAgree, MovementRequest
from comity.model.acts.operations import Hold
from comity.model.entry import Second
from comity.model.history import Taken
from comity.model.spans import DAY_MS
from comity.model.verdict import Refusal
from comity.model.volume import Band, Volume, Window
from comity.office.desk import Draft, Stale, with_second
from comity.office.marks import MemoryMarks
from comity.office.messages import Entries, HeadsRequest, Request, Response
from comity.office.ports import HighWater
from comity.office.signatures import entry_message, second_message
from office.offices import Desk, Wire, newest, opened, same, texts

CHECK = LineCheck(with_participant="south", result="working")
CHECK_NORTH = LineCheck(with_participant="north", result="working")
VALLEY = AreaPropose(
    area="valley",
    tier="open",
    ring=((0, 0), (0, 9_000_000), (9_000_000, 9_000_000), (9_000_000, 0)),
    band=Band(floor=None, ceiling=None),
)


@pytest.fixture
def wire() -> Wire:
    """Four offices whose terms are in force."""
    return opened()[0]


def cut_off(wire: Wire, *names: str) -> None:
    """Those offices reach nobody, nor each other."""
    wire.cut = {(one, other) for one in wire.desks for other in wire.desks if {one, other} & set(names)}


def test_law_5_entries_come_under_a_checkpoint_only(wire: Wire) -> None:
    """Leaves whose checkpoint is not signed by the log's head key are refused, whoever offers them."""
    taken = wire.desks["north"].act(CHECK)

    def resigned(asker: str, peer: str, request: Request, response: Response) -> Response:
        if not isinstance(response, Entries):
            return response
        other = wire.desks["south"].office.logs.first("demo/south")
        assert other is not None and other.note is not None
        return Entries(note=other.note, start=response.start, leaves=response.leaves, proof=response.proof)

    wire.tamper = resigned
    wire.settle()
    assert wire.desks["east"].office.history.find(taken.entry.id) is None
    assert "got others or none" in texts(wire.desks["east"])
    wire.tamper = None
    wire.polled()
    assert same(wire.desks.values())


def test_law_8_waiting_restraint_binds_the_own_door(wire: Wire) -> None:
    """A suspension whose past is withheld is shown at once, and stops this office's permissions at its own door."""
    north, south, east = (wire.desks[name] for name in ("north", "south", "east"))
    cut_off(wire, "south")
    wire.cut -= {("east", "south"), ("south", "east")}
    east.act(CHECK)
    wire.cut |= {("north", "east"), ("centre", "east")}
    wire.polled()
    suspended = south.act(Suspend())

    def without_east(asker: str, peer: str, request: Request, response: Response) -> Response | None:
        withheld = asker == "north" and getattr(request, "origin", "") == "demo/east"
        return None if withheld else response

    wire.tamper = without_east
    wire.cut = {("north", "east"), ("centre", "east")}
    wire.polled()
    assert [each.id for each in north.office.waiting_restraints()] == [suspended.entry.id]
    room = Volume(
        ring=VALLEY.ring, band=VALLEY.band, window=Window(from_ms=north.clock.wall_ms, until_ms=north.clock.wall_ms + 1)
    )
    moved = MovementRequest(
        movement="m",
        kind="convoy",
        category="rescue",
        operator="north",
        route=((0, 0), (1, 1)),
        volume=room,
        crew_count=1,
    )
    asked = north.act(moved)
    refused = north.tried(MovementAgree(request=asked.entry.id))
    assert isinstance(refused, Refusal)
    assert north.act(Hold()).refusal is None
    wire.tamper, wire.cut = None, set()
    wire.polled()
    assert same(wire.desks.values())
    assert not north.office.waiting_restraints()


def test_law_28_clock_off_stops_all_but_restraints(wire: Wire) -> None:
    """A clock that jumps a day stops records and permissions, not restraints, until an officer confirms it."""
    north = wire.desks["north"]
    for jump_ms in (DAY_MS, -DAY_MS):
        north.clock.wall_ms += jump_ms
        refused = north.tried(CHECK)
        assert isinstance(refused, Refusal)
        assert refused.rule == "office.skew"
        north.clock.wall_ms -= jump_ms
    north.clock.wall_ms += 600_000
    assert north.act(Hold()).refusal is None
    assert isinstance(north.tried(CHECK), Refusal)
    north.office.confirm_clock()
    assert isinstance(north.tried(CHECK), Taken)


def test_law_28_silence_is_no_wrong_clock(wire: Wire) -> None:
    """Hours without a word from the others are measured by the steady clock and stop nothing."""
    north = wire.desks["north"]
    cut_off(wire, "north")
    north.clock.pass_ms(5 * 3_600_000)
    assert isinstance(north.tried(CHECK), Taken)


def test_law_28_clock_is_set_back_by_two(wire: Wire) -> None:
    """A log that ran ahead of its clock goes on only after a clock act that two officers signed."""
    north = wire.desks["north"]
    north.clock.wall_ms += DAY_MS
    north.act(Hold())
    north.clock.wall_ms -= DAY_MS
    assert isinstance(north.tried(CHECK), Refusal)
    one, two = north.founded.officers["north", "duty"], north.founded.officers["north", "senior"]
    step = ClockStep(before_ms=newest(north, "demo/north").at_ms)
    alone = north.office.prepare(step, "duty", one.key, (two.key, "senior"))
    assert isinstance(alone, Draft)
    second = Second(key=two.key, seat="senior", signature=two.sign(second_message(alone.json)).hex())
    json = with_second(alone.json, second)
    taken = north.office.submit(json, one.sign(entry_message(json)))
    assert isinstance(taken, Taken), taken
    assert isinstance(north.tried(CHECK), Taken)
    wire.settle()
    assert same(wire.desks.values())


def test_law_30_watch_is_signed_in_time(wire: Wire) -> None:
    """What an office holds is receipted by its own key before the time of the terms is over, and not at once."""
    north, south = wire.desks["north"], wire.desks["south"]
    north.act(CHECK)
    wire.settle()
    taken_ms = south.clock.run_ms
    assert not isinstance(newest(south, "demo/south").act, Watch)
    turned_until(south, taken_ms + 260_000)
    assert not isinstance(newest(south, "demo/south").act, Watch)
    turned_until(south, taken_ms + 275_000)
    receipt = newest(south, "demo/south")
    assert isinstance(receipt.act, Watch)
    assert receipt.header.seat == "office"
    assert receipt.seen["demo/north"][0] == north.office.logs.branches[0].size


def turned_until(desk: Desk, run_ms: int) -> None:
    """The office turns as often as a real one does."""
    while desk.clock.run_ms < run_ms:
        desk.clock.pass_ms(desk.limits.turn_every_ms)
        desk.office.turn()


def test_law_30_no_draft_delays_the_watch_for_long(wire: Wire) -> None:
    """An office whose officers prepare acts without a pause signs its receipt in time all the same."""
    south = wire.desks["south"]
    wire.desks["north"].act(CHECK)
    wire.settle()
    taken_ms, signer = south.clock.run_ms, south.founded.officers["south", "duty"]
    for _ in range(295):
        assert isinstance(south.office.prepare(CHECK_NORTH, "duty", signer.key), Draft)
        turned_until(south, south.clock.run_ms + 1000)
    assert isinstance(newest(south, "demo/south").act, Watch)
    assert south.clock.run_ms < taken_ms + 297_000


def test_law_30_an_act_on_less_is_no_receipt(wire: Wire) -> None:
    """An act that was prepared before something came does not acknowledge it: the watch is due as before."""
    north, south = wire.desks["north"], wire.desks["south"]
    signer = south.founded.officers["south", "duty"]
    draft = south.office.prepare(CHECK_NORTH, "duty", signer.key)
    assert isinstance(draft, Draft)
    taken = north.act(CHECK)
    wire.settle()
    assert south.office.history.find(taken.entry.id) is not None
    assert isinstance(south.office.submit(draft.json, signer.sign(entry_message(draft.json))), Taken)
    turned_until(south, south.clock.run_ms + 299_000)
    assert newest(south, "demo/south").seen["demo/north"][0] > taken.entry.seq


def test_law_30_a_stop_is_no_acknowledgement(wire: Wire) -> None:
    """What was held and not acknowledged before a stop is acknowledged in time after it."""
    north, south = wire.desks["north"], wire.desks["south"]
    taken = north.act(CHECK)
    wire.settle()
    south.clock.pass_ms(150_000)
    south.office.stop()
    south.start()
    turned_until(south, south.clock.run_ms + 149_000)
    assert newest(south, "demo/south").seen["demo/north"][0] > taken.entry.seq


def test_law_31_draft_is_thrown_back(wire: Wire) -> None:
    """A prepared act is stale once its own log has grown, or once the office has cosigned beyond what it has seen."""
    north = wire.desks["north"]
    signer = north.founded.officers["north", "duty"]
    first, second = (north.office.prepare(CHECK, "duty", signer.key) for _ in range(2))
    assert isinstance(first, Draft) and isinstance(second, Draft)
    assert isinstance(north.office.submit(first.json, signer.sign(entry_message(first.json))), Taken)
    assert isinstance(north.office.submit(second.json, signer.sign(entry_message(second.json))), Stale)
    third = north.office.prepare(CHECK, "duty", signer.key)
    assert isinstance(third, Draft)
    wire.desks["south"].act(LineCheck(with_participant="north", result="working"))
    wire.settle()
    assert not _cosigned_newest(north, "demo/south"), "while an officer signs, nothing is cosigned"
    north.clock.pass_ms(north.office.limits.draft_kept_ms)
    wire.settle()
    assert _cosigned_newest(north, "demo/south")
    assert isinstance(north.office.submit(third.json, signer.sign(entry_message(third.json))), Stale)


def test_law_35_unclean_start_asks_a_mirror(wire: Wire) -> None:
    """After an unclean stop nothing is signed until a mirror has answered; after a clean one the office works alone."""
    north = wire.desks["north"]
    cut_off(wire, "north")
    north.start()
    assert isinstance(north.tried(CHECK), Refusal)
    wire.polled()
    assert isinstance(north.tried(CHECK), Refusal)
    wire.cut -= {("north", "east"), ("east", "north")}
    wire.polled()
    north.office.confirm_clock()
    assert isinstance(north.tried(CHECK), Taken)
    cut_off(wire, "north")
    north.office.stop()
    north.start()
    assert north.office.fault() is None
    north.office.confirm_clock()
    assert isinstance(north.tried(CHECK), Taken)


def test_law_35_mark_above_the_store(wire: Wire) -> None:
    """A store that lost its tail shows against the mark, and the office gets its own entries back before it signs."""
    north = wire.desks["north"]
    _rolled_back(wire, north)
    assert "fetch them from the mirrors" in str(north.office.fault())
    assert isinstance(north.tried(Hold()), Refusal), "not even a restraint: the log would fork"
    wire.polled()
    assert north.office.fault() is None
    assert isinstance(north.tried(CHECK), Taken)
    wire.polled()
    assert same(wire.desks.values())
    assert not any(desk.office.forked() for desk in wire.desks.values())


def test_law_35_new_machine_asks_everybody(wire: Wire) -> None:
    """A backup on a new machine, without marks, signs nothing until every other office has answered."""
    north = wire.desks["north"]
    cut_off(wire, "centre")
    _rolled_back(wire, north, marks=MemoryMarks(clean=False))
    wire.polled()
    assert "has not heard from centre" in str(north.office.fault())
    wire.cut = set()
    wire.polled()
    assert isinstance(north.tried(CHECK), Taken)
    wire.polled()
    assert same(wire.desks.values())


def test_law_35_other_head_than_signed(wire: Wire) -> None:
    """An own log that differs from what was signed is never signed again."""
    north = wire.desks["north"]
    north.marks.raise_signed("demo/north", HighWater(2, "00" * 32))
    north.start()
    wire.polled()
    assert "differs from what was signed" in str(north.office.fault())
    assert isinstance(north.tried(Hold()), Refusal)


def test_refusal_signs_nothing(wire: Wire) -> None:
    """What the judge would refuse is refused at the door, and the log stays as it was."""
    north = wire.desks["north"]
    before = north.office.logs.version
    refused = north.tried(LineCheck(with_participant="nobody", result="working"))
    assert isinstance(refused, Refusal)
    assert north.office.logs.version == before


def test_unknown_caller_gets_nothing(wire: Wire) -> None:
    """Who is no participant gets no answer at all."""
    with pytest.raises(Exception, match="no participant"):
        wire.desks["north"].sync.answer("stranger", HeadsRequest())


def _cosigned_newest(desk: Desk, origin: str) -> bool:
    branch = desk.office.logs.first(origin)
    assert branch is not None and branch.note is not None
    return desk.office.notary.has_cosigned(branch.note)


def _rolled_back(wire: Wire, desk: Desk, marks: MemoryMarks | None = None) -> None:
    """The desk's store is put back to what it was some entries ago; the others hold what it lost."""
    backup = copy.deepcopy(desk.store)
    desk.act(CHECK)
    desk.act(CHECK)
    wire.settle()
    desk.store = backup
    desk.marks = marks or desk.marks
    desk.start()
