"""What is known of a flight that is heard no more near where flights end: told on the ground, or last heard landing.

A receiver loses what flies low, so most flights that land fall silent before they are down. That a flight was landing
is said of its last plausible report alone: it went down, was as low over an airfield of the terms as an approach is so
near to it, or near the last point of its route. Whatever falls silent otherwise is lost.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from comity.airspace.picture import GROUND_REPORTS
from comity.airspace.sphere import FPM_MPS, FT_M, NM_M
from comity.airspace.track import Track
from comity.views.sky.known import Expected, PlaceM, WatchedAirfield
from comity.views.sky.minima import Minima

APPROACH_M = 10 * NM_M  # where an approach of 3 degrees is at 3,000 ft
APPROACH_HIGH_M = 3_000 * FT_M
POINT_M = 5 * NM_M  # of the last point of a route nobody told how high it lies


def told_down(track: Track, flight: Expected, airfields: Sequence[WatchedAirfield]) -> str | None:
    """In words, that a source tells it on the ground, and where that is; None if none does."""
    if track.grounded < GROUND_REPORTS:
        return None
    near = next(_ends(track, flight, airfields), None)
    where = "away from the last point of its route and every airfield of the terms" if near is None else near[0]
    return f"{flight.name} was told on the ground at {_time(track.grounded_ms)}, {where}; it is not closed"


def last_landing(track: Track, flight: Expected, airfields: Sequence[WatchedAirfield], minima: Minima) -> str | None:
    """In words, that it was landing when it was last heard; None if its last report does not say so."""
    height_m = _height_m(track, minima)
    if height_m is None or track.is_contested or track.odd is not None or not track.climb_mps <= -minima.level_mps:
        return None
    for where, most_m in _ends(track, flight, airfields):
        if height_m <= (minima.terminal_ceiling_m if most_m is None else most_m):
            down = f"at {height_m / FT_M:.0f} ft and going down {-track.climb_mps / FPM_MPS:.0f} ft a minute"
            when = _time(track.fix.at_ms)
            return f"{flight.name} was last heard landing at {when}, {where}, {down}; nobody tells that it is down"
    return None


def _ends(track: Track, flight: Expected, airfields: Sequence[WatchedAirfield]) -> Iterator[tuple[str, float | None]]:
    """Where near its last place it may end, the nearest airfield first, and below what height it is on approach."""
    here = (track.x_m, track.y_m, track.z_m)
    for airfield in sorted(airfields, key=lambda each: math.dist(here, each.place_m)):
        if math.dist(here, airfield.place_m) <= APPROACH_M:
            yield _from(here, airfield.place_m, airfield.name), airfield.elevation_m + APPROACH_HIGH_M
    if flight.ends_m is not None and math.dist(here, flight.ends_m) <= POINT_M:
        yield _from(here, flight.ends_m, "the last point of its route"), None


def _from(here: PlaceM, there: PlaceM, name: str) -> str:
    return f"{math.dist(here, there) / NM_M:.1f} NM from {name}"


def _height_m(track: Track, minima: Minima) -> float | None:
    """What its last report told of its height, in the first datum of which it told one."""
    for height_m, told_ms in zip(track.height_m, track.height_ms, strict=True):
        if not math.isnan(height_m) and track.fix.at_ms - told_ms <= minima.fresh_s * 1000:
            return height_m
    return None


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%H:%M:%SZ")
