"""Airfields as airportsdata has them. It is loaded only here, when traffic is made."""

from __future__ import annotations

from dataclasses import dataclass

from comity.airspace.sphere import FT_M
from comity.interfaces.traffic.path import Vector, vector
from comity.interfaces.words import distance_m
from comity.model.errors import Misuse

FIELDS_FEW = 12
BOX_DEG_LEAST = 0.2


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees; east may lie west of west, over the antimeridian."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude_deg: float, longitude_deg: float) -> bool:
        """Whether the place lies in it."""
        within = self.west <= longitude_deg <= self.east
        if self.west > self.east:
            within = longitude_deg >= self.west or longitude_deg <= self.east
        return within and self.south <= latitude_deg <= self.north


@dataclass(frozen=True, slots=True)
class Field:
    """One airfield."""

    code: str
    latitude_deg: float
    longitude_deg: float
    height_m: float

    @property
    def place(self) -> Vector:
        """On the unit sphere."""
        return vector(self.latitude_deg, self.longitude_deg)


def fields_in(box: Box) -> list[Field]:
    """The airfields in the box that airlines use; if there are only a few, all; raises Misuse for less than two."""
    import airportsdata

    found = [each for each in airportsdata.load("ICAO").values() if box.holds(float(each["lat"]), float(each["lon"]))]
    used = [each for each in found if each["iata"]]
    listed = [
        Field(str(each["icao"]), float(each["lat"]), float(each["lon"]), float(each["elevation"]) * FT_M)
        for each in (used if len(used) >= FIELDS_FEW else found)
    ]
    if len(listed) < 2:
        raise Misuse(f"{len(listed)} airfields lie there; give a wider box, such as 34,35,38,40")
    return sorted(listed, key=lambda field: field.code)


def box(text: str) -> Box:
    """SOUTH,WEST,NORTH,EAST in degrees; raises Misuse."""
    try:
        south, west, north, east = (float(part) for part in text.split(","))
    except ValueError:
        raise Misuse(f"{text!r} is no box; write SOUTH,WEST,NORTH,EAST in degrees, such as 34,35,38,40") from None
    if not (-85 <= south < north <= 85 and abs(west) <= 180 and abs(east) <= 180 and west != east):
        raise Misuse(f"{text!r} is no box on the earth; south is below north, and both within 85 degrees")
    return Box(south, west, north, east)


def around(place: str, radius: str) -> Box:
    """The box around a place, LATITUDE,LONGITUDE or an airfield's code, that reaches so far; raises Misuse."""
    latitude, longitude = _centre(place)
    reach_deg = distance_m(radius) / 111_120
    wide_deg = reach_deg / max(0.1, vector(latitude, 0.0)[0])
    if reach_deg < BOX_DEG_LEAST or wide_deg > 90:
        raise Misuse(f"{radius} is no radius for traffic; give 30km to some thousand")
    west, east = ((longitude + side + 180) % 360 - 180 for side in (-wide_deg, wide_deg))
    return Box(max(-85.0, latitude - reach_deg), float(west), min(85.0, latitude + reach_deg), float(east))


def _centre(place: str) -> tuple[float, float]:
    parts = place.split(",")
    try:
        if len(parts) == 2:
            return float(parts[0]), float(parts[1])
    except ValueError:
        raise Misuse(f"{place!r} is no place; write LATITUDE,LONGITUDE or an airfield's code") from None
    import airportsdata

    code = place.strip().upper()
    found = airportsdata.load("ICAO" if len(code) == 4 else "IATA").get(code)
    if found is None:
        raise Misuse(f"no airfield {code[:40]} is known; give its ICAO or IATA code, or LATITUDE,LONGITUDE")
    return float(found["lat"]), float(found["lon"])
