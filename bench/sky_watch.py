"""The whole watch: what a second of feed costs, and whether memory stays flat over an hour of it."""

from __future__ import annotations

import math
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.table import Table
from comity.airspace.buffers import circle
from comity.airspace.fix import Fix
from comity.airspace.heights import room
from comity.airspace.picture import Picture
from comity.model.volume import Band
from comity.views.sky.known import Expected, Known, WatchedArea
from comity.views.sky.minima import Minima
from comity.views.sky.watch import Watched, look

TRACKS, SECONDS, WARM_S = 10_000, 40, 5
HOUR_TRACKS, HOUR_S, LIFE_S = 1_000, 3_600, 600
AREAS, EXPECTED = 300, 500
SOUTH, NORTH, WEST, EAST = 34.0, 54.0, -4.0, 36.0
BEGIN_MS = 1_500_000_000_000
DEG_M = 111_120.0
PAGE_BYTES = resource.getpagesize()
OPEN = Band(floor=None, ceiling=None)


def watch(table: Table, folder: Path, entries: int) -> None:
    """10,000 tracks that report every second, one look a second; then an hour of tracks that come and go."""
    costs = sorted(cost for second, cost in _costs(TRACKS, SECONDS, 10**9, EXPECTED) if second >= WARM_S)
    middle, worst = costs[len(costs) // 2], costs[-1]
    table.add(
        f"the watch, {TRACKS:,} tracks a second, {AREAS} areas, {EXPECTED} expected flights",
        f"{sum(middle) * 1000:.0f} ms of processor time a second ({middle[0] * 1000:.0f} to take the reports, "
        f"{middle[1] * 1000:.0f} to look), {sum(worst) * 1000:.0f} at worst",
        "under 500 ms",
    )
    sizes = {}
    begin = time.process_time()
    for second, _ in _costs(HOUR_TRACKS, HOUR_S, LIFE_S, 0):
        if second in (HOUR_S // 4, HOUR_S - 1):
            sizes[second] = _resident_bytes()
    early, late = sizes.values()
    table.add(
        f"an hour of {HOUR_TRACKS:,} tracks, each flown for {LIFE_S // 60} minutes and replaced",
        f"{late / early:.3f} of the memory after a quarter of it ({late / 1e6:.0f} MB); "
        f"{HOUR_S / (time.process_time() - begin):.0f} times as fast as it came",
        "below 1.05",
    )


@dataclass(slots=True)
class _Flight:
    address: str
    latitude_deg: float
    longitude_deg: float
    speed_mps: float
    track_deg: float
    height_m: float
    begins_s: int

    def fix(self, second: int, at_ms: int) -> Fix:
        flown_deg = self.speed_mps * (second - self.begins_s) / DEG_M
        course = math.radians(self.track_deg)
        east_deg = flown_deg * math.sin(course) / math.cos(math.radians(self.latitude_deg))
        return Fix(
            source="bench",
            at_ms=at_ms,
            arrived_ms=at_ms,
            latitude_deg=self.latitude_deg + flown_deg * math.cos(course),
            longitude_deg=self.longitude_deg + east_deg,
            address=self.address,
            pressure_m=self.height_m,
            speed_mps=self.speed_mps,
            track_deg=self.track_deg,
            climb_mps=0.0,
        )


def _costs(tracks: int, seconds: int, life_s: int, expected: int) -> Iterator[tuple[int, tuple[float, float]]]:
    """Processor time of each second: taking its reports, and one look."""
    chance = Random(11)
    flights = [_flight(chance, number, -(number % life_s) if life_s < HOUR_S else 0) for number in range(tracks)]
    known, minima = _known(chance, flights[:expected]), Minima()
    picture, held = Picture(lost_after_s=2 * minima.lost_s), Watched()
    next_number = tracks
    for second in range(seconds):
        for place, each in enumerate(flights):
            if second - each.begins_s >= life_s:
                flights[place] = _flight(chance, next_number, second)
                next_number += 1
        fixes = [each.fix(second, BEGIN_MS + second * 1000 + place % 1000) for place, each in enumerate(flights)]
        begin = time.process_time()
        for fix in fixes:
            picture.take(fix)
        taken = time.process_time()
        moment = look(picture, known, minima, held, BEGIN_MS + second * 1000 + 999)
        yield second, (taken - begin, time.process_time() - taken)
        assert len(moment.air.tracks) >= tracks
        assert moment.heard.standing, "of so many tracks some are in conflict"


def _flight(chance: Random, number: int, begins_s: int) -> _Flight:
    return _Flight(
        f"{number:06x}",
        chance.uniform(SOUTH, NORTH),
        chance.uniform(WEST, EAST),
        chance.uniform(120, 260),
        chance.uniform(0, 360),
        chance.randrange(20, 410, 10) * 30.48,
        begins_s,
    )


def _known(chance: Random, flights: list[_Flight]) -> Known:
    areas = tuple(
        WatchedArea(f"A-{number}", room(_disc(chance, chance.uniform(2_000, 15_000)), OPEN), "5.1")
        for number in range(AREAS)
    )
    expected = tuple(
        Expected(f"M-{number}", f"M-{number}", True, "north", room(_around(each), OPEN), 0.0, math.inf, each.address)
        for number, each in enumerate(flights)
    )
    return Known(areas, expected)


def _disc(chance: Random, radius_m: float) -> tuple[tuple[int, int], ...]:
    centre = (round(chance.uniform(SOUTH, NORTH) * 1e7), round(chance.uniform(WEST, EAST) * 1e7))
    return circle(centre, radius_m)


def _around(flight: _Flight) -> tuple[tuple[int, int], ...]:
    return circle((round(flight.latitude_deg * 1e7), round(flight.longitude_deg * 1e7)), 60_000)


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES
