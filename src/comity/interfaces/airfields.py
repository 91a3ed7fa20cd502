"""Airfields by their ICAO or IATA codes; airportsdata, loaded when one is asked for, knows where they are, how high."""

from __future__ import annotations

from collections.abc import Iterable

from comity.model.errors import Misuse
from comity.views.sky.known import WatchedAirfield
from comity.views.sky.rooms import airfield_at


def airfields_by(codes: Iterable[str]) -> tuple[WatchedAirfield, ...]:
    """The airfields of those codes; raises Misuse for a code that nobody knows."""
    return tuple(_airfield(code.strip().upper()) for code in codes)


def _airfield(code: str) -> WatchedAirfield:
    import airportsdata

    found = airportsdata.load("ICAO" if len(code) == 4 else "IATA").get(code)
    if found is None:
        raise Misuse(f"no airfield {code} is known; give its ICAO or IATA code")
    return airfield_at(code, float(found["lat"]), float(found["lon"]), float(found["elevation"]))
