"""The air of the demo: one made-up traffic between real airfields, served to each office by a receiver of its own.

The ordinary flights of an hour are flown again every hour. The ambulance flight of the story and a stranger fly once,
at 12:20, by the drill's clock; where they fly is fitted to the corridor and the area that the scenario draws.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator

from comity.airspace.fix import Fix
from comity.interfaces.traffic.chance import Chance
from comity.interfaces.traffic.fields import around, fields_in
from comity.interfaces.traffic.flights import Flown
from comity.interfaces.traffic.make import Disc, Wish, make
from comity.interfaces.traffic.path import Vector, course_deg, fly_by, towards, turn_radius_m, vector
from comity.interfaces.traffic.profile import level_flight
from comity.interfaces.traffic.reports import reports
from comity.interfaces.traffic.serving import Receiver, serve
from comity.interfaces.traffic.ways import moved, past
from comity.model.spans import HOUR_MS, MINUTE_MS, SECOND_MS

CENTRE, RADIUS = "36.2,36.8", "200km"
AREA = Disc(36.2, 36.8, 29_000.0)  # holds the square of the scenario
AIRCRAFT, SEED = 20, 7
EVERY_MS = 1_000
AMBULANCE = ("0de001", "AMB1", "7001")
ENDS = ((36.10, 36.60), (36.25, 36.90))
SPEED_MPS, HEIGHT_M, BANK_DEG = 85.0, 1_500.0, 20.0
TURNS_AFTER_M, TURNS_BY_DEG, ASIDE_M = 16_000.0, 45.0, 2_900.0  # of the 4 km to the edge of its corridor
STRANGER_AT = (36.33, 36.58)  # just inside the western edge of the area
STRANGER_M, STRANGER_MPS, STRANGER_WAY_M = 5_000.0, 110.0, 60_000.0
NEVER_MS = 253_402_300_799_999


class MadeAir:
    """Receivers in a thread of their own, one for each office."""

    def __init__(self, offices: Iterable[str], day_ms: int, now_ms: Callable[[], int]) -> None:
        """`day_ms` is the midnight before the story's flight."""
        noon_ms = day_ms + 12 * HOUR_MS
        wish = Wish(around(CENTRE, RADIUS), noon_ms, seed=SEED, aircraft=AIRCRAFT, span_ms=HOUR_MS, areas=(AREA,))
        self._ordinary = make(wish, fields_in(wish.box)).flights
        self._noon_ms = noon_ms
        self._special = (*_ambulance(noon_ms + 20 * MINUTE_MS), _stranger(noon_ms + 20 * MINUTE_MS + 12 * SECOND_MS))
        self._now_ms = now_ms
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._receivers = {name: Receiver() for name in offices}
        self.ports = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def close(self) -> None:
        """Ends all receivers."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _listen(self) -> dict[str, int]:
        ports = {name: await receiver.listen(0) for name, receiver in self._receivers.items()}
        self._serving = [
            asyncio.create_task(serve(receiver, self._reports_from, self._now_ms, NEVER_MS))
            for receiver in self._receivers.values()
        ]
        return ports

    async def _end(self) -> None:
        for each in self._serving:
            each.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        for receiver in self._receivers.values():
            await receiver.close()

    def _reports_from(self, from_ms: int) -> Iterator[Fix]:
        """Without an end, hour by hour."""
        while True:
            number = (from_ms - self._noon_ms) // HOUR_MS
            until_ms = self._noon_ms + (number + 1) * HOUR_MS
            flights = [*(moved(each, number * HOUR_MS) for each in self._ordinary), *self._special]
            yield from reports(flights, from_ms, until_ms, EVERY_MS)
            from_ms = until_ms


def _ambulance(at_ms: int) -> Iterator[Flown]:
    """Out, turning aside so that it soon leaves its corridor at that moment; and back again by the straight way."""
    begin, end = (vector(*place) for place in ENDS)
    course = course_deg(begin, end - begin * float(begin @ end))
    turns = towards(begin, course, TURNS_AFTER_M)
    out = towards(turns, course + TURNS_BY_DEG, 3 * ASIDE_M)
    way_m = TURNS_AFTER_M + ASIDE_M * 2**0.5
    yield _flown([begin, turns, out, end], at_ms - round(way_m / SPEED_MPS * SECOND_MS))
    yield _flown([end, begin], at_ms + 12 * MINUTE_MS)


def _flown(points: list[Vector], departs_ms: int) -> Flown:
    path = fly_by(points, turn_radius_m(SPEED_MPS, BANK_DEG))
    assert path is not None, "its turns fit"
    profile = level_flight(path.length_m, HEIGHT_M, SPEED_MPS)
    return Flown(*AMBULANCE, "exempt", "ambulance", path, profile, departs_ms, lands=False)


def _stranger(at_ms: int) -> Flown:
    """Nobody knows it; at that moment it has just entered the area."""
    place = vector(*STRANGER_AT)
    return past(Chance(SEED + 1), place, at_ms, 90.0, STRANGER_M, STRANGER_MPS, STRANGER_WAY_M)
