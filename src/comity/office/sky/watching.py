"""The watch at work: takes what the sources told, holds it against what is agreed, once a second, and reports.

It lives in a process of its own (`beside`), so that no feed, no arithmetic and no first compilation can delay what the
office signs or fetches. Tracks never enter a log; nothing here can sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import msgspec

from comity.airspace.compiled import announced
from comity.airspace.fix import Fix
from comity.airspace.picture import LEFT_OUT_MOST, Picture
from comity.model.volume import Altitude, Band, Volume, Window
from comity.office.ports import Clock
from comity.office.sky.health import Health
from comity.office.sky.reading import MS_PER_S, Wait
from comity.office.sky.steps import Steps
from comity.views.sky.agreed import Agreed, AgreedArea, AgreedFlight
from comity.views.sky.kept import Kept, landing, standing
from comity.views.sky.known import Known
from comity.views.sky.report import AirReport
from comity.views.sky.rooms import known_of
from comity.views.sky.telling import Numbers, just_begun, report
from comity.views.sky.watch import Watched, look

LOOK_MS = 1_000
MADE_UP = (3, 250)  # pairs are found in another way from 200 tracks on
COMPILING = "the arithmetic of the sky is compiled, once on this machine; tracks are taken after that"


class Told(Protocol):
    """What is needed of the sources."""

    def take(self) -> list[Fix]:
        """What came since."""
        ...

    def health(self) -> tuple[Health, ...]:
        """How each does."""
        ...


class Watch:
    """One watch over one picture."""

    def __init__(self, sources: Told, clock: Clock) -> None:
        """Nothing is agreed before `agree`."""
        self._sources, self._clock = sources, clock
        self._agreed, self._known = Agreed(), Known()
        self._picture, self._watched, self._numbers = Picture(), Watched(), Numbers()
        self._steps = Steps(clock)
        self._begun_ms: int | None = None

    def go_on(self, kept: Kept) -> None:
        """Takes up what an earlier watch left: before the first look."""
        now_ms, watched = self._clock.now_ms(), self._watched
        self._numbers.go_on(kept, now_ms)
        watched.memory.go_on((each.alert for each in standing(kept, now_ms)), now_ms)
        watched.seen_ms = {name: min(at_ms, now_ms) for name, at_ms in kept.seen_ms.items()}
        watched.off, watched.landing = set(kept.off), landing(kept)

    def kept(self, report: AirReport) -> Kept:
        """What a next watch goes on with after this report."""
        return Kept(report, self._numbers.given, self._watched.seen_ms, tuple(sorted(self._watched.off)))

    def agree(self, agreed: Agreed) -> None:
        """From the next look on this is what is agreed."""
        if agreed != self._agreed:
            self._agreed, self._known = agreed, known_of(agreed)
            self._picture.lost_after_s = 2 * agreed.minima.lost_s

    def look(self) -> AirReport:
        """Takes what came, and says what holds now."""
        by_ms = self._steps.newest_ms()
        if by_ms < 0:  # forth it may have slept: then what is held is as old as it seems
            self._picture.shift(by_ms)
            self._watched.shift(by_ms)
        for fix in self._sources.take():
            self._picture.take(fix)
        minima = self._agreed.minima
        moment = look(self._picture, self._known, minima, self._watched, self._clock.now_ms())
        health, steady_ms = self._sources.health(), self._clock.steady_ms()
        self._begun_ms = steady_ms if self._begun_ms is None else self._begun_ms
        told = report(moment, self._known, self._numbers, self._picture.refused)
        told = just_begun(told, (steady_ms - self._begun_ms) / MS_PER_S)
        return msgspec.structs.replace(
            told,
            said="; ".join([told.said, *self._left_out(), *self._steps.words()]),
            sources=tuple(map(str, health)),
            unsound=tuple(each.name for each in health if not each.sound),
        )

    def _left_out(self) -> Iterator[str]:
        """The words for tracks that find no room; a report that was left out may be true."""
        count = self._picture.unheld()
        if count:
            least = "at least " if count >= LEFT_OUT_MOST else ""
            yield f"{least}{count:,} {'track is' if count == 1 else 'tracks are'} not held, for want of room"


async def keep_watching(watch: Watch, clock: Clock, tell: Callable[[AirReport], None], wait: Wait) -> None:
    """Looks once a second, for ever; a look that takes longer is followed by the next one at once."""
    due_ms = clock.steady_ms()
    while True:
        tell(watch.look())
        due_ms = max(due_ms + LOOK_MS, clock.steady_ms())
        await wait(max(0, due_ms - clock.steady_ms()) / MS_PER_S)


def warm_up(tell: Callable[[AirReport], None]) -> None:
    """Looks at air that is not there, so that all that must be compiled is; says so before it begins."""
    with announced(lambda: tell(AirReport(waits_for=COMPILING))):
        for count in MADE_UP:
            watch = Watch(_MadeUp(count), _MadeUpClock())
            watch.agree(_made_up())
            watch.look()


class _MadeUpClock:
    """Stands still. Satisfies `ports.Clock`."""

    def now_ms(self) -> int:
        return LOOK_MS

    def steady_ms(self) -> int:
        return LOOK_MS


@dataclass(frozen=True, slots=True)
class _MadeUp:
    """Aircraft of nobody in a row, two of them too near. Satisfies `Told`."""

    count: int

    def take(self) -> list[Fix]:
        fixes = [_made_up_fix(number, number * 0.3) for number in range(self.count)]
        return [*fixes, _made_up_fix(self.count, 0.01)]

    def health(self) -> tuple[Health, ...]:
        return ()


def _made_up_fix(number: int, longitude_deg: float) -> Fix:
    return Fix(
        source="nobody",
        at_ms=0,
        arrived_ms=0,
        latitude_deg=10.0,
        longitude_deg=longitude_deg,
        address=f"{number:06x}",
        pressure_m=None if number == 1 else 9_000.0,
        speed_mps=200.0,
        track_deg=90.0,
    )


def _made_up() -> Agreed:
    ring = ((99_000_000, -1_000_000), (99_000_000, 1_000_000), (101_000_000, 1_000_000), (101_000_000, -1_000_000))
    ceiling = Altitude(value=100, unit="fl", datum="pressure")
    volume = Volume(ring=ring, band=Band(floor=None, ceiling=ceiling), window=Window(from_ms=0, until_ms=None))
    area = AgreedArea("nowhere", volume, "", "exemption")
    return Agreed((area,), (AgreedFlight("0", "nobody", "movement", "nobody", volume, "000000"),))
