"""Flights for tests of the watch: reports along straight lines, and what a watch over them says."""

from __future__ import annotations

import math
from collections.abc import Iterable

from comity.airspace.fix import Fix
from comity.airspace.heights import room
from comity.model.volume import Band, Ring
from comity.views.sky.alerts import Alert
from comity.views.sky.known import Expected, Known, PlaceM, WatchedAirfield, WatchedArea
from comity.views.sky.minima import Minima
from comity.views.sky.moments import moments
from comity.views.sky.rooms import airfield_at
from comity.views.sky.watch import Moment

BEGIN_MS = 1_500_000_000_000
LATITUDE_DEG, LONGITUDE_DEG = 46.0, 8.0
NM_M = 1852.0
DEG_M = 60 * NM_M
FT_M = 0.3048
OPEN = Band(floor=None, ceiling=None)
FOREVER = (-math.inf, math.inf)


def line(
    address: str = "aaaaa1",
    *,
    north_m: float = 0.0,
    east_m: float = 0.0,
    track_deg: float = 90.0,
    speed_mps: float = 230.0,
    height_ft: float | None = 30_000.0,
    climb_mps: float = 0.0,
    from_s: int = 0,
    until_s: int = 120,
    step_s: int = 10,
    source: str = "radar",
    callsign: str = "",
    code: str = "",
    name: str = "",
) -> list[Fix]:
    """Reports of a flight that is north_m, east_m from the middle of the world at BEGIN_MS and flies straight."""
    course = math.radians(track_deg)
    return [
        at_place(
            address,
            seconds,
            north_m + speed_mps * seconds * math.cos(course),
            east_m + speed_mps * seconds * math.sin(course),
            speed_mps=speed_mps,
            track_deg=track_deg % 360,
            height_ft=None if height_ft is None else height_ft + climb_mps * seconds / FT_M,
            climb_mps=climb_mps,
            source=source,
            callsign=callsign,
            code=code,
            name=name,
        )
        for seconds in range(from_s, until_s + 1, step_s)
    ]


def at_place(
    address: str,
    seconds: float,
    north_m: float,
    east_m: float,
    *,
    height_ft: float | None = 30_000.0,
    speed_mps: float | None = 230.0,
    track_deg: float | None = 90.0,
    climb_mps: float | None = 0.0,
    source: str = "radar",
    callsign: str = "",
    code: str = "",
    name: str = "",
) -> Fix:
    """One report, so many seconds after BEGIN_MS."""
    at_ms = BEGIN_MS + round(seconds * 1000)
    return Fix(
        source=source,
        at_ms=at_ms,
        arrived_ms=at_ms,
        latitude_deg=LATITUDE_DEG + north_m / DEG_M,
        longitude_deg=LONGITUDE_DEG + east_m / DEG_M / math.cos(math.radians(LATITUDE_DEG)),
        address=address,
        callsign=callsign,
        code=code,
        name=name,
        pressure_m=None if height_ft is None else height_ft * FT_M,
        speed_mps=speed_mps,
        track_deg=track_deg,
        climb_mps=climb_mps,
    )


def watch(*flights: Iterable[Fix], known: Known | None = None, minima: Minima | None = None) -> list[Moment]:
    """What the watch sees of all these reports, by time."""
    fixes = sorted((fix for flight in flights for fix in flight), key=lambda fix: fix.at_ms)
    return list(moments(fixes, known or Known(), minima or Minima()))


def began(seen: Iterable[Moment]) -> list[Alert]:
    """All alerts in the order in which they began."""
    return [alert for moment in seen for alert in moment.heard.began]


def kinds(seen: Iterable[Moment]) -> list[str]:
    """Their kinds."""
    return [alert.finding.kind for alert in began(seen)]


def second(alert: Alert) -> float:
    """When an alert began, seconds after BEGIN_MS."""
    return (alert.since_ms - BEGIN_MS) / 1000


def square(north_m: float, east_m: float, half_m: float) -> Ring:
    """A ring around a place."""
    return tuple(
        (
            round((LATITUDE_DEG + (north_m + up * half_m) / DEG_M) * 1e7),
            round((LONGITUDE_DEG + (east_m + right * half_m) / DEG_M / math.cos(math.radians(LATITUDE_DEG))) * 1e7),
        )
        for up, right in ((-1, -1), (-1, 1), (1, 1), (1, -1))
    )


def area(
    ring: Ring, *, band: Band = OPEN, keeps_out: frozenset[str] | None = None, notified: bool = False
) -> WatchedArea:
    """An area in force for ever."""
    return WatchedArea("zone", room(ring, band), "5.1", "declaration" if notified else "exemption", keeps_out)


def airfield(north_m: float = 0.0, east_m: float = 0.0, elevation_ft: float = 0.0) -> WatchedAirfield:
    """An airfield there."""
    longitude_deg = LONGITUDE_DEG + east_m / DEG_M / math.cos(math.radians(LATITUDE_DEG))
    return airfield_at("Field", LATITUDE_DEG + north_m / DEG_M, longitude_deg, elevation_ft)


def expected(
    ring: Ring,
    *,
    band: Band = OPEN,
    exempt: bool = True,
    window_s: tuple[float, float] = FOREVER,
    address: str = "",
    callsign: str = "",
    code: str = "",
    operator: str = "north",
    id: str = "M-1",
    aircraft_class: str = "",
    ends_m: PlaceM | None = None,
) -> Expected:
    """A flight that the agreement knows; its window is seconds after BEGIN_MS."""
    from_s, until_s = (BEGIN_MS / 1000 + each for each in window_s)
    around = room(ring, band)
    return Expected(id, id, exempt, operator, around, from_s, until_s, address, callsign, code, aircraft_class, ends_m)
