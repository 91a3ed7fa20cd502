"""What a receiver would hear of made-up traffic: reports in the order of their times, rounded as transponders round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import numpy as np

from comity.airspace.fix import Fix
from comity.airspace.sphere import FPM_MPS, FT_M, KT_MPS
from comity.interfaces.traffic.flights import Flown, State, Trouble
from comity.interfaces.traffic.path import towards

STEPS_AT_ONCE = 60
HEIGHT_STEP_M = 25 * FT_M
CLIMB_STEP_MPS = 64 * FPM_MPS
PLACE_DIGITS = 5
JUMP_M, JUMP_DEG = 60_000.0, 117.0
GROUND_REPORTS = 3
_TIME = attrgetter("at_ms")


def reports(
    flights: Iterable[Flown], from_ms: int, until_ms: int, every_ms: int, source: str = "traffic"
) -> Iterator[Fix]:
    """All reports of that time, each aircraft every so often, in a turn of its own; ordered by time."""
    flying = [(number, flown) for number, flown in enumerate(flights)]
    block_ms = every_ms * STEPS_AT_ONCE
    for begin_ms in range(from_ms, until_ms, block_ms):
        end_ms = min(begin_ms + block_ms, until_ms)
        heard: list[Fix] = []
        for number, flown in flying:
            if flown.departs_ms < end_ms and flown.arrives_ms + GROUND_REPORTS * every_ms > begin_ms:
                phase_ms = number * 7_919 % every_ms
                heard += _heard(flown, np.arange(begin_ms + phase_ms, end_ms, every_ms, dtype=float), every_ms, source)
        heard.sort(key=_TIME)
        yield from heard


def _heard(flown: Flown, at_ms: Any, every_ms: int, source: str) -> Iterator[Fix]:
    state = flown.at(at_ms)
    places, height_m = state.place, state.height_m
    trouble = flown.trouble
    if trouble is not None:
        struck = (state.at_ms >= trouble.from_ms) & (state.at_ms < trouble.until_ms)
        if trouble.fault == "no height":
            height_m = np.where(struck, np.nan, height_m)
        elif struck.any():
            places = places.copy()
            places[struck] = _told_wrongly(flown, trouble, places[struck])
    yield from _fixes(flown, source, replace(state, place=places, height_m=height_m))
    if flown.lands:
        yield from _landed(flown, at_ms, every_ms, source)


def _told_wrongly(flown: Flown, trouble: Trouble, places: Any) -> Any:
    if trouble.fault == "frozen":
        return flown.at(np.array([float(max(trouble.from_ms, flown.departs_ms))])).place[0]
    return np.array([towards(place, JUMP_DEG, JUMP_M) for place in places])


def _landed(flown: Flown, at_ms: Any, every_ms: int, source: str) -> Iterator[Fix]:
    """A few reports from the runway: the track ends there, and does not grow old in the air."""
    down = at_ms[(at_ms > flown.arrives_ms) & (at_ms <= flown.arrives_ms + GROUND_REPORTS * every_ms)]
    last = flown.at(np.array([float(flown.arrives_ms)]))
    for when in down:
        yield from _fixes(flown, source, replace(last, at_ms=np.array([when])), on_ground=True)


def _fixes(flown: Flown, source: str, state: State, on_ground: bool = False) -> Iterator[Fix]:
    for at_ms, latitude, longitude, height, speed, track, climb in zip(*_columns(state), strict=True):
        yield Fix(
            source=source,
            address=flown.address,
            callsign=flown.callsign,
            code=flown.code,
            at_ms=at_ms,
            arrived_ms=at_ms,
            latitude_deg=latitude,
            longitude_deg=longitude,
            pressure_m=None if height != height else height,
            speed_mps=speed,
            track_deg=track,
            climb_mps=climb,
            on_ground=on_ground,
        )


def _columns(state: State) -> Iterator[list[Any]]:
    """In degrees and SI units, each rounded as a transponder does; what is not told is NaN."""
    x, y, z = state.place.T
    a, b, c = state.ahead.T
    flat = np.maximum(np.hypot(x, y), 1e-12)
    east, north = (x * b - y * a) / flat, flat * c - z * (x * a + y * b) / flat
    yield np.round(state.at_ms).astype(np.int64).tolist()
    yield np.round(np.degrees(np.arctan2(z, flat)), PLACE_DIGITS).tolist()
    yield np.round(np.degrees(np.arctan2(y, x)), PLACE_DIGITS).tolist()
    yield (np.round(state.height_m / HEIGHT_STEP_M) * HEIGHT_STEP_M).tolist()
    yield (np.round(state.speed_mps / KT_MPS) * KT_MPS).tolist()
    yield (np.round(np.degrees(np.arctan2(east, north)), 1) % 360).tolist()
    yield (np.round(state.climb_mps / CLIMB_STEP_MPS) * CLIMB_STEP_MPS).tolist()


def sbs_lines(fix: Fix) -> str:
    """The report as a receiver serves it on its port 30003: names and speed first, then the place."""
    when = datetime.fromtimestamp(fix.at_ms // 1000, UTC)
    clock = f"{when:%Y/%m/%d},{when:%H:%M:%S}.{fix.at_ms % 1000:03}"
    begin = f"111,11111,{fix.address.upper()},111111,{clock},{clock}"
    height = "" if fix.pressure_m is None else f"{fix.pressure_m / FT_M:.0f}"
    speed = "" if fix.speed_mps is None else f"{fix.speed_mps / KT_MPS:.0f}"
    track = "" if fix.track_deg is None else f"{fix.track_deg:.0f}"
    climb = "" if fix.climb_mps is None else f"{fix.climb_mps / FPM_MPS:.0f}"
    ground = "-1" if fix.on_ground else "0"
    place = f"{fix.latitude_deg:.5f},{fix.longitude_deg:.5f}"
    return (
        f"MSG,1,{begin},{fix.callsign},,,,,,,,,,,\n"
        f"MSG,6,{begin},,{height},,,,,,{fix.code},0,0,0,{ground}\n"
        f"MSG,4,{begin},,,{speed},{track},,,{climb},,,,,\n"
        f"MSG,{2 if fix.on_ground else 3},{begin},,{height},,,{place},,,0,0,0,{ground}\n"
    )
