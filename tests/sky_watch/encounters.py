"""Intruders put into a real day: seeded encounters with real flights, and what is true of each.

An intruder flies straight and passes a real flight at a known time, within the minima. Variants spoil what is reported
of it: noise, missing reports, no altitude, silence, single reports from elsewhere. The truth is kept beside.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from comity.airspace.fix import Fix

Kind = Literal["crossing", "head-on", "overtaking", "climbing", "slow convergence"]
Variant = Literal["plain", "noise", "gaps", "lost altitude", "silent", "spoofed intruder", "spoofed flight"]
KINDS: tuple[Kind, ...] = ("crossing", "head-on", "overtaking", "climbing", "slow convergence")
VARIANTS: tuple[Variant, ...] = (
    *("plain", "noise", "gaps", "lost altitude", "silent", "spoofed intruder", "spoofed flight"),
)

STEP_MS = 10_000
AROUND_MS = 480_000
ENDS_MS = 120_000  # before the middle of an encounter, where something ends
GAPS, JUMPS = 0.3, 0.2  # of the reports around an encounter
FT_M = 0.3048
NM_M = 1852.0
DEG_M = 60 * NM_M
HORIZONTAL_M, VERTICAL_M = 5 * NM_M, 900 * FT_M - 1e-6


@dataclass(frozen=True, slots=True)
class State:
    """Where something truly is, in a plane around the encounter, and how it moves."""

    at_ms: int
    north_m: float
    east_m: float
    height_m: float
    speed_mps: float
    track_deg: float
    climb_mps: float


@dataclass(frozen=True, slots=True)
class Encounter:
    """An intruder and the flight it meets: true states by time, what a sound feed tells of them, what is told.

    `sound` are the reports of both before the variant spoils them; they say when the two are inside the minima.
    """

    kind: Kind
    identity: str
    other: str
    flight: dict[int, State]
    intruder: dict[int, State]
    sound: dict[int, tuple[Fix, Fix]]
    reports: tuple[Fix, ...]
    missing_ms: frozenset[int]
    """The reports of the flight that are left out."""
    spoofed: dict[int, Fix]
    """The reports of the flight that come from elsewhere."""

    def inside_ms(self) -> list[int]:
        """The times of reports at which the two are within the minima."""
        return [at_ms for at_ms in sorted(self.sound) if inside(*self.sound[at_ms])]

    def first_ms(self) -> int | None:
        """The time of the first report of either inside the minima, each having been told truly by then."""
        return next((at_ms for at_ms in self.inside_ms() if self._are_told(at_ms)), None)

    def _are_told(self, at_ms: int) -> bool:
        told = {fix.at_ms for fix in self.reports if fix == self.sound[fix.at_ms][1] or fix.pressure_m is None}
        seen = self.flight.keys() - self.missing_ms - self.spoofed.keys()
        return at_ms in told | seen and min(told, default=at_ms + 1) <= at_ms and min(seen) <= at_ms

    def best_ms(self, ahead_s: float) -> int:
        """From when on, without a break until the loss, straight lines from true places foretell it."""
        first_ms = self.first_ms()
        assert first_ms is not None
        best_ms = first_ms
        for at_ms in sorted((each for each in self.intruder if each < first_ms), reverse=True):
            if at_ms not in self.flight or not foretold(self.flight[at_ms], self.intruder[at_ms], ahead_s):
                break
            best_ms = at_ms
        return best_ms


def inside(a: Fix, b: Fix) -> bool:
    """Whether two reports are within the minima: on the sphere, by pressure altitude."""
    assert a.pressure_m is not None and b.pressure_m is not None
    lat_a, lat_b = math.radians(a.latitude_deg), math.radians(b.latitude_deg)
    across = math.radians(a.longitude_deg - b.longitude_deg)
    half = math.sin((lat_a - lat_b) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(across / 2) ** 2
    far_m = 2 * math.asin(math.sqrt(half)) * math.degrees(60 * NM_M)
    return far_m < HORIZONTAL_M and abs(a.pressure_m - b.pressure_m) < VERTICAL_M


def foretold(a: State, b: State, ahead_s: float) -> bool:
    """Whether two that fly straight on come within the minima in that time: steps of a second, slow and plain."""
    return any(_within(a, b, seconds) for seconds in range(int(ahead_s) + 1))


def _within(a: State, b: State, seconds: float) -> bool:
    an, ae, ah = _flown(a, seconds)
    bn, be, bh = _flown(b, seconds)
    return math.hypot(an - bn, ae - be) < HORIZONTAL_M and abs(ah - bh) < VERTICAL_M


def _flown(state: State, seconds: float) -> tuple[float, float, float]:
    course = math.radians(state.track_deg)
    north_m = state.north_m + state.speed_mps * seconds * math.cos(course)
    east_m = state.east_m + state.speed_mps * seconds * math.sin(course)
    return north_m, east_m, state.height_m + state.climb_mps * seconds


def encounters(day: Sequence[Fix], count: int, variant: Variant, seed: int) -> Iterator[Encounter]:
    """So many encounters with flights of the day; each really violates the minima at some report."""
    chance = random.Random(f"{seed} {variant}")
    flights: dict[str, list[Fix]] = {}
    for fix in day:
        flights.setdefault(fix.identity, []).append(fix)
    names = sorted(name for name, fixes in flights.items() if len(fixes) > AROUND_MS // STEP_MS)
    made = 0
    while made < count and names:
        kind = KINDS[made % len(KINDS)]
        name = names.pop(chance.randrange(len(names)))  # each flight is met once
        found = _encounter(kind, f"f{made:05x}", flights[name], variant, chance)
        if found is not None and found.first_ms() is not None:
            made += 1
            yield found


def injected(day: Sequence[Fix], found: Sequence[Encounter]) -> list[Fix]:
    """The day with all intruders in it, and with what became of the flights that they meet, by time."""
    met = {each.other: each for each in found}
    fixes = [fix for each in found for fix in each.reports]
    for fix in day:
        meeting = met.get(fix.identity)
        if meeting is None:
            fixes.append(fix)
        elif fix.at_ms not in meeting.missing_ms:
            fixes.append(meeting.spoofed.get(fix.at_ms, fix))
    fixes.sort(key=lambda fix: fix.at_ms)
    return fixes


def _encounter(
    kind: Kind, identity: str, fixes: list[Fix], variant: Variant, chance: random.Random
) -> Encounter | None:
    middle = chance.choice(fixes)
    near = [fix for fix in fixes if abs(fix.at_ms - middle.at_ms) <= AROUND_MS]
    if len(near) < AROUND_MS // STEP_MS or middle.pressure_m is None or not middle.speed_mps:
        return None
    flight = {fix.at_ms: _true(fix, middle) for fix in near}
    intruder = _intruder(kind, flight[middle.at_ms], sorted(flight), chance)
    whole = {each.at_ms: _report(identity, each, middle, variant, chance) for each in intruder.values()}
    sound = {fix.at_ms: (fix, whole[fix.at_ms]) for fix in near}
    reports = tuple(_spoilt(whole.values(), middle, variant, chance))
    missing = frozenset(at_ms for at_ms in flight if variant == "gaps" and chance.random() < GAPS)
    spoofed = {
        fix.at_ms: _elsewhere(fix, chance) for fix in near if variant == "spoofed flight" and chance.random() < JUMPS
    }
    return Encounter(kind, identity, middle.identity, flight, intruder, sound, reports, missing, spoofed)


def _true(fix: Fix, middle: Fix) -> State:
    north_m = (fix.latitude_deg - middle.latitude_deg) * DEG_M
    east_m = (fix.longitude_deg - middle.longitude_deg) * DEG_M * math.cos(math.radians(middle.latitude_deg))
    return State(
        fix.at_ms,
        north_m,
        east_m,
        fix.pressure_m or 0.0,
        fix.speed_mps or 0.0,
        fix.track_deg or 0.0,
        fix.climb_mps or 0.0,
    )


def _intruder(kind: Kind, met: State, times: list[int], chance: random.Random) -> dict[int, State]:
    turn = {
        "crossing": chance.choice((-1, 1)) * chance.uniform(40, 140),
        "head-on": 180 + chance.uniform(-10, 10),
        "overtaking": chance.uniform(-5, 5),
        "climbing": chance.uniform(-180, 180),
        "slow convergence": chance.choice((-1, 1)) * chance.uniform(4, 10),
    }[kind]
    speed = met.speed_mps + (chance.uniform(30, 60) if kind == "overtaking" else chance.uniform(-10, 10))
    climb = chance.choice((-1, 1)) * chance.uniform(4, 15) if kind == "climbing" else 0.0
    course = math.radians(met.track_deg + turn)
    aside_m, bearing = chance.uniform(0, 4 * NM_M), chance.uniform(0, 2 * math.pi)
    over_m = chance.uniform(-150, 150)
    states = {}
    for at_ms in times:
        seconds = (at_ms - met.at_ms) / 1000
        states[at_ms] = State(
            at_ms,
            met.north_m + aside_m * math.cos(bearing) + speed * seconds * math.cos(course),
            met.east_m + aside_m * math.sin(bearing) + speed * seconds * math.sin(course),
            max(0.0, min(14_000.0, met.height_m + over_m + climb * max(-200.0, min(200.0, seconds)))),
            speed,
            math.degrees(course) % 360,
            climb if abs(seconds) < 200 else 0.0,
        )
    return states


def _report(identity: str, state: State, middle: Fix, variant: Variant, chance: random.Random) -> Fix:
    noise_m = 150.0 if variant == "noise" else 20.0
    north_m, east_m = state.north_m + chance.gauss(0, noise_m), state.east_m + chance.gauss(0, noise_m)
    return Fix(
        source=middle.source,
        at_ms=state.at_ms,
        arrived_ms=state.at_ms,
        latitude_deg=middle.latitude_deg + north_m / DEG_M,
        longitude_deg=middle.longitude_deg + east_m / DEG_M / math.cos(math.radians(middle.latitude_deg)),
        address=identity,
        pressure_m=round(state.height_m / FT_M / 25) * 25 * FT_M,
        speed_mps=state.speed_mps + chance.gauss(0, noise_m / 75),
        track_deg=(state.track_deg + chance.gauss(0, noise_m / 75)) % 360,
        climb_mps=state.climb_mps + chance.gauss(0, noise_m / 200),
    )


def _spoilt(fixes: Iterable[Fix], middle: Fix, variant: Variant, chance: random.Random) -> Iterator[Fix]:
    """What is told of the intruder."""
    for fix in fixes:
        if variant == "gaps" and chance.random() < GAPS:
            continue
        is_late = fix.at_ms > middle.at_ms - ENDS_MS
        if variant == "silent" and is_late:
            continue
        if variant == "lost altitude" and is_late:
            yield msgspec.structs.replace(fix, pressure_m=None)
        elif variant == "spoofed intruder" and chance.random() < JUMPS:
            yield _elsewhere(fix, chance)
        else:
            yield fix


def _elsewhere(fix: Fix, chance: random.Random) -> Fix:
    """The same report from a place 20 to 100 km away."""
    far_m, bearing = chance.uniform(20_000, 100_000), chance.uniform(0, 2 * math.pi)
    return msgspec.structs.replace(
        fix,
        latitude_deg=fix.latitude_deg + far_m * math.cos(bearing) / DEG_M,
        longitude_deg=fix.longitude_deg + far_m * math.sin(bearing) / DEG_M / math.cos(math.radians(fix.latitude_deg)),
    )
