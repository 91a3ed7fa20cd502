"""A clock that steps: noticed, said, and nothing is newer than it is."""

from __future__ import annotations

import msgspec
import pytest

from comity.airspace.fix import Fix
from comity.office.sky.health import Health
from comity.office.sky.steps import Steps
from comity.office.sky.watching import Watch
from comity.views.sky.report import AirReport
from feeds.samples import AT_MS
from feeds.sky_clock import FakeClock

HOUR_MS = 3_600_000


class Said:
    """Sources that say what a test tells them to. Satisfies `watching.Told`."""

    def __init__(self) -> None:
        self.waiting: list[Fix] = []

    def take(self) -> list[Fix]:
        """What was told since."""
        fixes, self.waiting = self.waiting, []
        return fixes

    def health(self) -> tuple[Health, ...]:
        """Of nobody."""
        return ()


def fix(address: str, clock: FakeClock, north_deg: float = 0.0) -> Fix:
    """A report of now: a flight to the east."""
    return Fix(
        source="roof",
        at_ms=clock.now_ms(),
        arrived_ms=clock.now_ms(),
        latitude_deg=46.0 + north_deg,
        longitude_deg=8.0 + clock.steady_ms() / 1000 * 0.003,
        address=address,
        pressure_m=9_000.0,
        speed_mps=231.6,
        track_deg=90.0,
        climb_mps=0.0,
    )


def looked(watch: Watch, said: Said, clock: FakeClock, seconds: int, tells: bool = True) -> AirReport:
    """A report after so many seconds of two that fly in loss of each other, or tell no more."""
    for _ in range(seconds):
        clock.passed_ms += 1_000
        said.waiting = [fix("4b1801", clock), fix("4b1802", clock, 0.02)] if tells else []
        report = watch.look()
    return report


@pytest.mark.parametrize("step_ms", [-HOUR_MS, -10_000, HOUR_MS])
def test_a_step_is_said_and_no_age_is_lost(step_ms: int) -> None:
    """Before and after the step the same two are in loss, as old as they are; when they fall silent they grow old."""
    clock, said = FakeClock(), Said()
    watch = Watch(said, clock)
    before = looked(watch, said, clock, 70)
    assert [alert.kind for alert in before.alerts] == ["loss"]
    assert "clock" not in before.said
    clock.stepped_ms = step_ms
    after = looked(watch, said, clock, 3)
    assert [alert.kind for alert in after.alerts] == ["loss"]
    assert {track.age_s for track in after.tracks} == {0.0}
    assert "the clock of this machine stepped" in after.said
    if step_ms < 0:
        assert after.alerts[0].number == before.alerts[0].number
        assert after.alerts[0].since_ms == before.alerts[0].since_ms + step_ms
    silent = looked(watch, said, clock, 40, tells=False)
    assert {track.age_s for track in silent.tracks} == {40.0}
    assert not looked(watch, said, clock, 100, tells=False).tracks
    assert "clock" not in looked(watch, said, clock, 600).said


@pytest.mark.parametrize("step_ms", [-HOUR_MS, HOUR_MS])
def test_silence_before_a_step_is_silence_after_it(step_ms: int) -> None:
    """A track of 20 s ago is never one of now: after a step back it is 21 s old, after one forth too old to be held."""
    clock, said = FakeClock(), Said()
    watch = Watch(said, clock)
    looked(watch, said, clock, 10)
    looked(watch, said, clock, 20, tells=False)
    clock.stepped_ms = step_ms
    report = looked(watch, said, clock, 1, tells=False)
    assert {track.age_s for track in report.tracks} == ({21.0} if step_ms < 0 else set())


def test_a_clock_that_is_put_right_gently_has_not_stepped() -> None:
    """Two seconds are none; more are, once."""
    clock = FakeClock()
    steps = Steps(clock)
    clock.stepped_ms = -2_000
    assert steps.newest_ms() == 0
    clock.stepped_ms = -4_001
    assert (steps.newest_ms(), steps.newest_ms()) == (-2_001, 0)
    clock.passed_ms += 5_000
    assert list(steps.words()) == ["the clock of this machine stepped back by 2 s, 5 s ago"]
    clock.passed_ms += 600_000
    assert not list(steps.words())


def test_what_finds_no_room_is_said_as_that() -> None:
    """Reports that are left out are not unbelievable; reports that are, are not left out."""
    clock, said = FakeClock(), Said()
    watch = Watch(said, clock)
    watch._picture.tracks_most = 3
    for _ in range(2):
        clock.passed_ms += 1_000
        said.waiting = [fix(f"4b180{number}", clock, number / 10) for number in range(5)]
        said.waiting.append(msgspec.structs.replace(fix("4b1800", clock), pressure_m=90_000.0))
        report = watch.look()
    assert report.refused == 2
    assert "tracks are not held, for want of room" in report.said
    assert report.at_ms == AT_MS + 2_000
