"""What the agreement knows of the air, with the rooms that tracks are held against. Loads compiled arithmetic."""

from __future__ import annotations

import math

from comity.airspace.heights import room, room_of
from comity.views.sky.agreed import Agreed, AgreedArea, AgreedFlight
from comity.views.sky.known import Expected, Known, WatchedArea


def known_of(agreed: Agreed) -> Known:
    """The same, as the watch takes it."""
    areas, expected = tuple(map(_area, agreed.areas)), tuple(map(_flight, agreed.flights))
    return Known(areas, expected, agreed.made, agreed.broken)


def _area(area: AgreedArea) -> WatchedArea:
    keeps_out = None if area.keeps_out is None else frozenset(area.keeps_out)
    return WatchedArea(area.id, room_of(area.volume), area.clause, area.lets_in, keeps_out)


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
    )
