"""Traffic as wished for: ordinary flights that keep apart, and what is made on purpose, with the truth about it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from comity.airspace.sphere import SPHERE_M
from comity.interfaces.traffic.apart import Apart
from comity.interfaces.traffic.chance import Chance
from comity.interfaces.traffic.fields import Box, Field
from comity.interfaces.traffic.flights import Fault, Flown, Role, Trouble
from comity.interfaces.traffic.path import Vector, apart_m, course_deg, towards, vector
from comity.interfaces.traffic.ways import along, aside, field_to_field, moved, past
from comity.model.errors import Misuse

AIRCRAFT_MOST = 10_000
TRIES_MOST = 1_000
CLEAR_OF_AREA_M = 12_000.0
AMBULANCE_KM, AMBULANCE_KT = (60.0, 220.0), 170.0
AMBULANCE_LEVELS = ((70, 90, 110), (60, 80, 100))  # eastward, westward
CORRIDOR_M = 5_000.0
MEETING_M = 1_500.0
MEETINGS = ((90.0, 1.0), (-60.0, 0.9), (180.0, 1.0), (8.0, 0.75))  # degrees aside, and how fast of the other's speed
LEVEL_S = 60.0
PASSING_M = 160_000.0
INTRUDER_MPS, INTRUDER_M = (80.0, 140.0), (2_000.0, 5_000.0)
TROUBLE_MS = 180_000
STEP_M = 3_000.0


@dataclass(frozen=True, slots=True)
class Disc:
    """An area that nobody may enter, round: degrees and metres."""

    latitude_deg: float
    longitude_deg: float
    radius_m: float

    @property
    def centre(self) -> Vector:
        """On the unit sphere."""
        return vector(self.latitude_deg, self.longitude_deg)


@dataclass(frozen=True, slots=True)
class Wish:
    """What traffic is wanted; counts are of aircraft, those made on purpose come on top of `aircraft`."""

    box: Box
    begins_ms: int
    seed: int = 1
    aircraft: int = 60
    span_ms: int = 1_800_000
    undeclared: int = 0
    exempt: int = 0
    off_corridor_m: tuple[float, ...] = ()
    intruders: int = 0
    areas: tuple[Disc, ...] = ()
    frozen: int = 0
    jumping: int = 0
    no_height: int = 0
    encounters: int = 0

    @property
    def window_ms(self) -> tuple[int, int]:
        """From when until when it is looked at."""
        return self.begins_ms, self.begins_ms + self.span_ms


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something made on purpose: what, who, and about when it can be seen."""

    what: str
    addresses: tuple[str, ...]
    at_ms: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """All flights, and what of it was made on purpose."""

    wish: Wish
    flights: tuple[Flown, ...]
    purposes: tuple[Purpose, ...]


def make(wish: Wish, fields: list[Field]) -> Traffic:
    """The traffic of a wish: the same for the same wish; raises Misuse if so many do not fit there."""
    if not 0 < wish.aircraft <= AIRCRAFT_MOST:
        raise Misuse(f"{wish.aircraft} aircraft; give 1 to {AIRCRAFT_MOST:,}")
    maker = _Maker(wish, fields)
    maker.on_purpose()
    maker.ordinary()
    maker.encounters()
    maker.troubles()
    return Traffic(wish, tuple(maker.flights), tuple(maker.purposes))


Propose = Callable[[], Flown | None]


class _Maker:
    def __init__(self, wish: Wish, fields: list[Field]) -> None:
        self._wish, self._fields = wish, fields
        self._chance, self._apart = Chance(wish.seed), Apart(*wish.window_ms)
        self.flights: list[Flown] = []
        self.purposes: list[Purpose] = []

    def on_purpose(self) -> None:
        """Exempt flights, those that leave their corridors, those that enter areas: they choose their air first."""
        wish = self._wish
        for _ in range(wish.exempt):
            self._take("an exempt flight", partial(self._ambulance, 0.0))
        for far_m in wish.off_corridor_m:
            flown = self._take("a straying flight", partial(self._ambulance, far_m))
            self._note(f"{far_m / 1000:g} km off its corridor", (flown.departs_ms + flown.arrives_ms) // 2, flown)
        if wish.intruders and not wish.areas:
            raise Misuse("there is no area to enter; give one with --area")
        for _ in range(wish.intruders):
            area, at_ms = self._chance.of(wish.areas), self._moment(0.3, 0.7)
            self._note("in an area", at_ms, self._take("a flight into an area", partial(self._intruder, area, at_ms)))

    def ordinary(self) -> None:
        """As many as wished for; the last ones of them undeclared."""
        declared = self._wish.aircraft - self._wish.undeclared
        for number in range(self._wish.aircraft):
            role: Role = "declared" if number < declared else "undeclared"
            self._take(f"{self._wish.aircraft} flights", partial(self._ordinary, role))

    def encounters(self) -> None:
        """Each an ordinary flight in its cruise, and another that comes too near to it from some side."""
        free = [number for number, flown in enumerate(self.flights) if flown.role == "declared"]
        for _ in range(self._wish.encounters):
            for _ in range(TRIES_MOST if free else 0):
                number, at_ms = self._chance.of(free), self._moment(0.2, 0.9)
                other = self._meeting(self.flights[number], at_ms)
                if other is not None and self._apart.take(other, beside=(number,)) is not None:
                    break
            else:
                raise Misuse("no room for so many encounters; wish for fewer, or for more aircraft")
            free.remove(number)
            self.flights.append(other)
            self._note("an encounter", at_ms, self.flights[number], other)

    def troubles(self) -> None:
        """Flights of which wrong things are heard for a while."""
        wish = self._wish
        wanted: dict[Fault, int] = {"frozen": wish.frozen, "jumping": wish.jumping, "no height": wish.no_height}
        for fault, count in wanted.items():
            for _ in range(count):
                from_ms = self._moment(0.2, 0.6)
                trouble = Trouble(fault, from_ms, from_ms + min(TROUBLE_MS, wish.span_ms // 4))
                number = self._untroubled(trouble)
                self.flights[number] = replace(self.flights[number], trouble=trouble)
                self._note(fault, from_ms, self.flights[number])

    def _untroubled(self, trouble: Trouble) -> int:
        """A flight that is in the air all that time, and of which nothing else is asked."""
        busy = {name for purpose in self.purposes for name in purpose.addresses}
        for number, each in enumerate(self.flights):
            is_ordinary = each.role != "exempt" and each.address not in busy
            if is_ordinary and each.departs_ms < trouble.from_ms and each.arrives_ms > trouble.until_ms:
                return number
        raise Misuse(f"no flight is long enough in the air to be {trouble.fault}; wish for more aircraft")

    def _take(self, what: str, propose: Propose) -> Flown:
        for _ in range(TRIES_MOST):
            flown = propose()
            if flown is not None and self._apart.take(flown) is not None:
                self.flights.append(flown)
                return flown
        raise Misuse(f"no room was found for {what}; wish for fewer aircraft, or give a wider box")

    def _note(self, what: str, at_ms: int, *flights: Flown) -> None:
        self.purposes.append(Purpose(what, tuple(sorted(each.address for each in flights)), at_ms))

    def _ordinary(self, role: Role) -> Flown | None:
        begin, end = self._chance.of(self._fields), self._chance.of(self._fields)
        flown = None if begin is end else field_to_field(self._chance, begin, end, role, self._wish.window_ms)
        return flown if flown is not None and self._is_clear(flown) else None

    def _is_clear(self, flown: Flown) -> bool:
        """Whether it keeps clear of the areas, and is there at all while it is looked at."""
        from_ms, until_ms = self._wish.window_ms
        if flown.departs_ms >= until_ms or flown.arrives_ms <= from_ms:
            return False
        if not self._wish.areas:
            return True
        places, _ = flown.path.at(np.arange(0, flown.path.length_m, STEP_M))
        reaches = [(each.centre, each.radius_m + CLEAR_OF_AREA_M) for each in self._wish.areas]
        return all(float((places @ centre).max()) < math.cos(reach_m / SPHERE_M) for centre, reach_m in reaches)

    def _ambulance(self, off_m: float) -> Flown | None:
        """Half of its way behind it in the middle of the time; straying in the middle of its way."""
        begin, end = self._chance.of(self._fields), self._chance.of(self._fields)
        if not AMBULANCE_KM[0] <= apart_m(begin.place, end.place) / 1000 <= AMBULANCE_KM[1]:
            return None
        route = [begin.place, end.place]
        is_westward = course_deg(begin.place, end.place - begin.place) >= 180
        level = self._chance.of(AMBULANCE_LEVELS[is_westward])
        other = aside(route, off_m + CORRIDOR_M) if off_m else None
        flown = along(self._chance, route, 0, level, AMBULANCE_KT, flown_route=other)
        middle_ms = self._wish.begins_ms + self._wish.span_ms // 2
        return None if flown is None else moved(flown, middle_ms - flown.arrives_ms // 2)

    def _intruder(self, area: Disc, at_ms: int) -> Flown:
        course, height_m = self._chance.between(0, 360), self._chance.between(*INTRUDER_M)
        return past(self._chance, area.centre, at_ms, course, height_m, self._chance.between(*INTRUDER_MPS), PASSING_M)

    def _meeting(self, flown: Flown, at_ms: int) -> Flown | None:
        """Another one that passes near it at that moment; None unless it is level then."""
        state = flown.at(at_ms + np.array([-LEVEL_S, 0.0, LEVEL_S]) * 1000)
        if len(state.at_ms) < 3 or np.ptp(state.height_m) > 0:
            return None
        turned, share = self._chance.of(MEETINGS)
        course = course_deg(state.place[1], state.ahead[1])
        place = towards(state.place[1], course + 90, MEETING_M)
        speed_mps = float(state.speed_mps[1]) * share
        return past(self._chance, place, at_ms, course + turned, float(state.height_m[1]), speed_mps, PASSING_M)

    def _moment(self, least: float, most: float) -> int:
        return self._wish.begins_ms + round(self._chance.between(least, most) * self._wish.span_ms)
