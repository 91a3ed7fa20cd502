"""The queue of one source: bounded, in order, counted; and its health in one line."""

from __future__ import annotations

import msgspec
import pytest

from comity.airspace.fix import Fix, Rejected
from comity.office.sky.health import State, span
from comity.office.sky.intake import Intake
from comity.office.sky.limits import SkyLimits
from feeds.samples import AT_MS

LIMITS = SkyLimits(queue_reports=5, tracks_each=3)
MINUTE_MS = 60_000


def fix(at_ms: int = 0, number: int = 1, latitude_deg: float = 45.0, arrived_ms: int | None = None) -> Fix:
    """A report so many milliseconds after the beginning, by default of the moment it arrived."""
    return Fix(
        source="north",
        at_ms=AT_MS + at_ms,
        arrived_ms=AT_MS + (at_ms if arrived_ms is None else arrived_ms),
        latitude_deg=latitude_deg + at_ms / 1e7,
        longitude_deg=9.0,
        address=f"{number:06x}",
    )


def intake(limits: SkyLimits = LIMITS, live: bool = True) -> Intake:
    """One that is up."""
    made = Intake("north-radar", limits, 0, live)
    made.up(0)
    return made


def put(into: Intake, *reports: Fix | Rejected, steady_ms: int | None = None) -> Intake:
    """Puts all in, by default each when it arrived."""
    for each in reports:
        arrived_ms = AT_MS if isinstance(each, Rejected) else each.arrived_ms
        into.put(each, arrived_ms - AT_MS if steady_ms is None else steady_ms)
    return into


def line(of: Intake, passed_ms: int) -> str:
    """Its health so long after the beginning."""
    return str(of.health(AT_MS + passed_ms, passed_ms))


def test_health_of_a_sound_source() -> None:
    """A source that is up says how many tracks, how old the oldest, what was rejected, how long it has been up."""
    sound = put(intake(), fix(0, 1), fix(9_000, 2), fix(717_000, 1), fix(718_000, 2))
    assert line(sound, 720_000) == "north-radar: 2 tracks, oldest 3 s, 0 rejected, up 12 min"
    assert sound.health(AT_MS + 720_000, 720_000).sound


def test_health_before_anything_came() -> None:
    """A source that has not been reached yet has no tracks, and says which."""
    assert line(Intake("north-radar", LIMITS, 0), 5_000) == "north-radar: not up yet; no tracks, 0 rejected"
    assert line(intake(), 5_000) == "north-radar: no tracks, 0 rejected, up 5 s"


def test_health_of_a_dead_source() -> None:
    """A dead source keeps its tracks, which grow old; it says for how long it has been down, and why."""
    dead = put(intake(), fix(0, 1), fix(1_000, 2))
    dead.down("nobody answers there", 3_000)
    dead.down("nobody answers there", 60_000)
    told = "north-radar: down for 92 s: nobody answers there; 2 tracks, oldest 95 s, 0 rejected"
    assert line(dead, 95_000) == told
    assert "oldest 5 h" in line(dead, 5 * 60 * MINUTE_MS)


def test_health_of_a_silent_source() -> None:
    """A connection on which nothing comes is no sound source."""
    silent = put(intake(), fix(2_000), steady_ms=2_000)
    assert line(silent, 40_000) == "north-radar: silent for 38 s; 1 track, oldest 38 s, 0 rejected, up 40 s"
    assert not silent.health(AT_MS + 40_000, 40_000).sound
    assert put(silent, fix(41_000), steady_ms=41_000).health(AT_MS + 41_000, 41_000).sound


def test_health_of_a_flooding_source() -> None:
    """A source that sends more than is taken says so while it does, and a while longer."""
    flooding = put(intake(), *(fix(number) for number in range(1_000, 13_000, 1_000)))
    assert line(flooding, 12_000).startswith("north-radar: flooding, 7 dropped; 1 track, oldest 0 s, 0 rejected")
    put(flooding, fix(13_000), steady_ms=13_000)
    flooding.take(99)
    put(flooding, fix(24_000), steady_ms=24_000)
    assert line(flooding, 25_000) == "north-radar: 1 track, oldest 1 s, 0 rejected, 8 dropped, up 25 s"


def test_health_names_the_last_rejection() -> None:
    """Rejections are counted, and the last one is told."""
    rejecting = put(intake(), Rejected(1, "no line of SBS-1"), Rejected(2, "no time"))
    assert line(rejecting, 0) == "north-radar: no tracks, 2 rejected (last: no time), up 0 s"


def test_health_of_a_replay() -> None:
    """A file is as old as it has got, whatever the year; at its end it says so."""
    replayed = put(intake(live=False), fix(0, 1), fix(7_000, 2))
    replayed.ended(5_000)
    assert line(replayed, 10**11) == "north-radar: at its end; 2 tracks, oldest 7 s, 0 rejected"


@pytest.mark.parametrize(
    ("long_ms", "told"),
    [(-5, "0 s"), (119_999, "119 s"), (120_000, "2 min"), (7_200_000, "2 h"), (172_800_000, "2 days")],
)
def test_spans_are_told_as_people_do(long_ms: int, told: str) -> None:
    """Seconds, then minutes, hours and days."""
    assert span(long_ms) == told


def test_full_queue_drops_its_oldest() -> None:
    """Of what nobody takes the newest is kept, and the rest is counted."""
    full = put(intake(), *(fix(number) for number in range(1_000, 9_000, 1_000)))
    assert [each.at_ms - AT_MS for each in full.take(99)] == [4_000, 5_000, 6_000, 7_000, 8_000]
    assert full.health(AT_MS, 0).dropped == 3 and full.take(99) == []


def test_reports_out_of_order_are_put_in_order() -> None:
    """What waits is taken by the source's times; what is older than what was taken of its track is late."""
    waiting = put(intake(), fix(3_000), fix(1_000), fix(2_000, 2))
    assert [each.at_ms - AT_MS for each in waiting.take(99)] == [1_000, 2_000, 3_000]
    put(waiting, fix(2_500), fix(2_700, 2), fix(3_000, latitude_deg=46))
    assert [each.at_ms - AT_MS for each in waiting.take(99)] == [2_700, 3_000]
    assert waiting.health(AT_MS, 0).late == 1 and ", 1 too late" in line(waiting, 0)


def test_report_told_twice_is_one() -> None:
    """The same place at the same time, but for rounding, is no second report; the same place later is one."""
    doubled = put(intake(), fix(1_000), fix(1_000), msgspec.structs.replace(fix(1_000), at_ms=AT_MS + 1_100))
    assert len(doubled.take(99)) == 1 and doubled.health(AT_MS, 0).doubled == 2
    still = msgspec.structs.replace(fix(1_000), at_ms=AT_MS + 2_000)
    assert len(put(doubled, still).take(99)) == 1


def test_times_that_cannot_be_are_rejected() -> None:
    """A live source may be half a minute ahead and ten minutes behind; beyond that its clock is wrong."""
    live = put(intake(), fix(30_000, arrived_ms=0), fix(0, 2, arrived_ms=600_000))
    assert live.health(AT_MS, 0).rejected == 0
    put(live, fix(7_200_000, arrived_ms=0), fix(0, arrived_ms=7_200_000))
    assert live.health(AT_MS, 0).rejected == 2
    assert "2 h old when it came; its clock must be right, and UTC" in line(live, 0)
    assert put(intake(live=False), fix(7_200_000, arrived_ms=0)).health(AT_MS, 0).rejected == 0


def test_tracks_of_one_source_are_bounded() -> None:
    """A source that makes up aircraft has its bound of them; those known before go on."""
    crowd = put(intake(), *(fix(1_000, number) for number in range(1, 9)), fix(2_000, 1))
    health = crowd.health(AT_MS + 2_000, 0)
    assert (health.tracks, health.crowded_out, health.state) == (3, 5, State.FLOODING)
    assert [each.address for each in crowd.take(99)] == ["000001", "000002", "000003", "000001"]


def test_tracks_are_let_go_by_the_progress_of_their_source() -> None:
    """A track that a living source has not told of for a minute is gone, and makes room."""
    crowd = put(intake(), *(fix(0, number) for number in (1, 2, 3)), fix(61_000, 1))
    assert crowd.health(AT_MS + 61_000, 0).tracks == 1
    assert put(crowd, fix(61_000, 9), fix(61_000, 8)).health(AT_MS + 61_000, 0).tracks == 3


def test_oldest_is_the_oldest_place() -> None:
    """A report that came just now of a place measured long ago counts by the place."""
    assert ", oldest 9 min," in line(put(intake(), fix(0, 1, arrived_ms=540_000), fix(540_000, 2)), 540_000)


def test_what_waits_moves_with_a_clock_that_steps_back() -> None:
    """After a step back what waits is of the new time, nothing is late by what was, and ages are what they were."""
    hour_ms = 3_600_000
    stepped = put(intake(), fix(hour_ms, arrived_ms=hour_ms), steady_ms=0)
    stepped.take(99)
    put(stepped, fix(hour_ms + 1_000, arrived_ms=hour_ms + 1_000), steady_ms=1_000)
    stepped.stepped(-hour_ms, AT_MS + 1_500)
    put(stepped, fix(2_000), steady_ms=2_000)
    taken = stepped.take(99)
    assert [(each.at_ms - AT_MS, each.arrived_ms - AT_MS) for each in taken] == [(1_000, 1_000), (2_000, 2_000)]
    health = stepped.health(AT_MS + 5_000, 5_000)
    assert (health.late, health.oldest_ms, health.tracks) == (0, 3_000, 1)


@pytest.mark.parametrize("stepped_ms", [-3_600_000, 3_600_000])
def test_age_is_by_the_steady_clock(stepped_ms: int) -> None:
    """However the wall clock is set, the oldest track is as old as it is, and none is forgotten early or kept long."""
    each = put(intake(), fix(0, 1), fix(0, 2))
    assert each.health(AT_MS + stepped_ms + 50_000, 50_000).oldest_ms == 50_000
    put(each, fix(stepped_ms + 61_000, 1), steady_ms=61_000)
    health = each.health(AT_MS + stepped_ms + 61_000, 61_000)
    assert health.tracks == 1
