"""Terminal areas around airfields, which the agreement names by their ICAO or IATA codes; airportsdata knows where they
are. It is loaded only here, when an airfield is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from comity.airspace.buffers import circle
from comity.airspace.fence import Room
from comity.airspace.heights import room
from comity.airspace.sphere import FT_M
from comity.model.errors import Misuse
from comity.model.volume import Altitude, Band
from comity.views.sky.minima import Minima


def terminal_rooms(codes: Iterable[str], minima: Minima) -> list[Room]:
    """A disc around each airfield up to the ceiling of terminal areas; raises Misuse for a code that nobody knows."""
    return [_room(*_place_deg(code.strip().upper()), minima) for code in codes]


def _room(latitude_deg: float, longitude_deg: float, minima: Minima) -> Room:
    centre = (round(latitude_deg * 1e7), round(longitude_deg * 1e7))
    ceiling = Altitude(value=round(minima.terminal_ceiling_m / FT_M), unit="ft", datum="pressure")
    return room(circle(centre, minima.terminal_radius_m, 48), Band(floor=None, ceiling=ceiling))


def _place_deg(code: str) -> tuple[float, float]:
    import airportsdata

    found = airportsdata.load("ICAO" if len(code) == 4 else "IATA").get(code)
    if found is None:
        raise Misuse(f"no airfield {code} is known; give its ICAO or IATA code")
    return float(found["lat"]), float(found["lon"])
