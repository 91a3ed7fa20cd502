"""What the agreement knows of the air, as the watch takes it: areas that keep some out, flights that are expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from comity.airspace.fence import Fence, Room, fence_around

PlaceM = tuple[float, float, float]
VAGUE_M = 40_000.0  # a place in doubt by more is no place


@dataclass(frozen=True, slots=True)
class WatchedArea:
    """An area in force. `keeps_out` are the operators that may not be there, None for all; what lets one in is an
    exemption (designated areas) or a declaration (notified air).

    The room of a distance keeps out `classes` of aircraft, None for all, but for the flights in `lets_through`; what is
    measured from one line has its name in `line`."""

    id: str
    room: Room
    clause: str
    lets_in: Literal["exemption", "declaration"] = "exemption"
    keeps_out: frozenset[str] | None = None
    classes: frozenset[str] | None = None
    lets_through: frozenset[str] = frozenset()
    line: str = ""


@dataclass(frozen=True, slots=True)
class WatchedAirfield:
    """An airfield around which a terminal area lies: its place on the sphere, and how high it lies above the sea."""

    name: str
    place_m: PlaceM
    elevation_m: float


@dataclass(frozen=True, slots=True)
class Expected:
    """A flight that the agreement knows: an exempt movement that is cleared or under way, or a declared flight.

    `room` is its corridor with its band, without a time; the window is apart, since who is late still flies. `ends_m`
    is the last point of its route on the sphere; its class and that point are "" and None where nobody told them, and
    so is its departure, which is told of exempt movements alone.
    """

    id: str
    name: str
    is_exempt: bool
    operator: str
    room: Room
    from_s: float
    until_s: float
    address: str = ""
    callsign: str = ""
    code: str = ""
    aircraft_class: str = ""
    ends_m: PlaceM | None = None
    departed_ms: int | None = None


@dataclass(frozen=True)
class Known:
    """All of it, at one moment of the log; `made` and `broken` are officers' words on ties, (identity, expected id).

    `unwatched` are the parts of the agreement that no watch holds anything against, in words. Of what is farther from
    all rooms than `reach_m` the grid says so at once; nearer than that it helps to look."""

    areas: tuple[WatchedArea, ...] = ()
    expected: tuple[Expected, ...] = ()
    made: frozenset[tuple[str, str]] = frozenset()
    broken: frozenset[tuple[str, str]] = frozenset()
    airfields: tuple[WatchedAirfield, ...] = ()
    unwatched: tuple[str, ...] = ()
    reach_m: float = 5_000.0 + VAGUE_M

    @cached_property
    def fence(self) -> Fence:
        """One fence around the areas and then the corridors, in that order."""
        rooms = [*(area.room for area in self.areas), *(flight.room for flight in self.expected)]
        return fence_around(rooms, self.reach_m)

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        """The numbers of the expected flights by ("address" | "callsign" | "code", value)."""
        found: dict[tuple[str, str], list[int]] = {}
        for number, flight in enumerate(self.expected):
            for key in _names(flight):
                found.setdefault(key, []).append(number)
        return {key: tuple(numbers) for key, numbers in found.items()}


def _names(flight: Expected) -> Iterable[tuple[str, str]]:
    for kind, value in (("address", flight.address), ("callsign", flight.callsign), ("code", flight.code)):
        if value:
            yield kind, value.strip().lower()
