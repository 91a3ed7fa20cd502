"""As much of what is agreed as the watch over the air is handed: bounded, what is left out counted and said.

Exempt movements come first, since they are protected; of declared flights each operator has its share, in the order in
which they fly, so that nobody's cheap declarations leave another's flight unwatched. Areas keep their order: those of
the agreement before what was notified.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

import msgspec

from comity.views.sky.agreed import Agreed, AgreedArea, AgreedFlight
from comity.views.sky.kept import Kept

FLIGHTS_MOST, AREAS_MOST, TIES_MOST = 5_000, 1_000, 10_000
POINTS_MOST = 500_000  # of the rings of all areas, and of all flights


Thing = TypeVar("Thing", AgreedArea, AgreedFlight)


class Handed(msgspec.Struct, frozen=True):
    """What the watch gets: at its beginning with what the one before it knew."""

    agreed: Agreed
    kept: Kept | None = None


def bounded(agreed: Agreed, now_ms: int, share: int = 1) -> tuple[Agreed, str]:
    """What fits, or that divided by `share`, and in words what was left out of it."""
    areas = tuple(_fitting(agreed.areas, AREAS_MOST // share, POINTS_MOST // share))
    flights = agreed.flights
    if len(flights) > FLIGHTS_MOST // share or _points(flights) > POINTS_MOST // share:
        flights = tuple(_fitting(_shared(flights, now_ms), FLIGHTS_MOST // share, POINTS_MOST // share))
    left = ((len(agreed.flights) - len(flights), "flight"), (len(agreed.areas) - len(areas), "area"))
    told = " and ".join(f"{count} {what}{'s' * (count > 1)}" for count, what in left if count)
    words = f"more is agreed than the watch can hold: {told} are not watched" if told else ""
    names = {flight.id for flight in flights}
    return (
        msgspec.structs.replace(
            agreed,
            areas=tuple(_through(area, names) for area in areas),
            flights=flights,
            made=_ties(agreed.made, names, TIES_MOST // share),
            broken=_ties(agreed.broken, names, TIES_MOST // share),
        ),
        words,
    )


def _fitting(things: Iterable[Thing], most: int, points_most: int) -> Iterator[Thing]:
    """The first of them that fit."""
    points = 0
    for thing in islice(things, most):
        points += len(thing.volume.ring)
        if points > points_most:
            return
        yield thing


def _points(things: Iterable[AgreedFlight]) -> int:
    return sum(len(thing.volume.ring) for thing in things)


def _shared(flights: Iterable[AgreedFlight], now_ms: int) -> list[AgreedFlight]:
    """Movements first, then the first flight of each operator, the second of each, and so on."""
    before: Counter[str] = Counter()
    places: list[tuple[bool, int]] = []
    soonest = sorted(flights, key=lambda flight: _far_ms(flight, now_ms))
    for flight in soonest:
        places.append((not flight.is_exempt, before[flight.operator]))
        before[flight.operator] += 1
    return [soonest[number] for number in sorted(range(len(soonest)), key=lambda number: (places[number], number))]


def _far_ms(flight: AgreedFlight, now_ms: int) -> int:
    """How far its window is from now."""
    window = flight.volume.window
    late_ms = 0 if window.until_ms is None else now_ms - window.until_ms
    return max(0, window.from_ms - now_ms, late_ms)


def _through(area: AgreedArea, names: set[str]) -> AgreedArea:
    kept = tuple(name for name in area.lets_through if name in names)
    return area if len(kept) == len(area.lets_through) else msgspec.structs.replace(area, lets_through=kept)


def _ties(ties: frozenset[tuple[str, str]], names: set[str], most: int) -> frozenset[tuple[str, str]]:
    kept = [tie for tie in ties if tie[1] in names]
    return frozenset(kept if len(kept) <= most else sorted(kept)[:most])
