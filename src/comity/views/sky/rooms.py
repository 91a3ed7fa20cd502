"""What the agreement knows of the air, with the rooms that tracks are held against. Loads compiled arithmetic."""

from __future__ import annotations

import math

from comity.airspace.heights import room, room_of
from comity.airspace.sphere import FT_M, places_m
from comity.model.terms import Airfield
from comity.model.volume import DEG_E7
from comity.views.sky.agreed import Agreed, AgreedArea, AgreedFlight
from comity.views.sky.known import VAGUE_M, Expected, Known, PlaceM, WatchedAirfield, WatchedArea


def known_of(agreed: Agreed) -> Known:
    """The same, as the watch takes it."""
    areas, expected = tuple(map(_area, agreed.areas)), tuple(map(_flight, agreed.flights))
    reach_m = agreed.minima.near_area_m + VAGUE_M
    return Known(
        areas, expected, agreed.made, agreed.broken, tuple(map(_airfield, agreed.airfields)), agreed.unwatched, reach_m
    )


def airfield_at(name: str, latitude_deg: float, longitude_deg: float, elevation_ft: float) -> WatchedAirfield:
    """An airfield from where and how high it lies."""
    return WatchedAirfield(name, place_at(latitude_deg, longitude_deg), elevation_ft * FT_M)


def place_at(latitude_deg: float, longitude_deg: float) -> PlaceM:
    """A place on the sphere."""
    x, y, z = places_m(latitude_deg, longitude_deg).tolist()
    return x, y, z


def _area(area: AgreedArea) -> WatchedArea:
    keeps_out = None if area.keeps_out is None else frozenset(area.keeps_out)
    classes = None if area.classes is None else frozenset(area.classes)
    through = frozenset(area.lets_through)
    return WatchedArea(area.id, room_of(area.volume), area.clause, area.lets_in, keeps_out, classes, through, area.line)


def _airfield(airfield: Airfield) -> WatchedAirfield:
    latitude_e7, longitude_e7 = airfield.place
    return airfield_at(airfield.name, latitude_e7 / DEG_E7, longitude_e7 / DEG_E7, airfield.elevation_ft)


def _flight(flight: AgreedFlight) -> Expected:
    window = flight.volume.window
    return Expected(
        id=flight.id,
        name=flight.name,
        is_exempt=flight.is_exempt,
        operator=flight.operator,
        room=room(flight.volume.ring, flight.volume.band),
        from_s=window.from_ms / 1000,
        until_s=math.inf if window.until_ms is None else window.until_ms / 1000,
        address=flight.address,
        callsign=flight.callsign,
        code=flight.code,
        aircraft_class=flight.aircraft_class,
        ends_m=None if flight.ends is None else place_at(flight.ends[0] / DEG_E7, flight.ends[1] / DEG_E7),
        departed_ms=flight.departed_ms,
    )
