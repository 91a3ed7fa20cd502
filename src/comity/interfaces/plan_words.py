"""A flight plan, or a route, in the words of a declaration: widened by the buffers of the terms, before anybody signs.

What becomes points here is what is judged (law 24). From the ground up to the highest level told: a flight climbs and
comes down somewhere along its way.
"""

from __future__ import annotations

from collections.abc import Sequence

from comity.airspace.buffers import corridor, densify_route
from comity.interfaces.flight_plan import Plan
from comity.interfaces.times import moment_text
from comity.model.errors import Misuse
from comity.model.spans import MINUTE_MS
from comity.model.volume import Point

LEG_M_MOST = 100_000
ROUTE_POINTS_MOST = 64


def said(plan: Plan, lateral_m: int, vertical_ft: int) -> dict[str, str]:
    """A plan in the words of an act."""
    points = [point for point, before in zip(plan.route, [None, *plan.route], strict=False) if point != before]
    if len(points) < 2:
        raise Misuse("the flight plan begins and ends in one place; give volume.ring, or a point of its route")
    top = plan.top.raised(vertical_ft) if plan.top is not None else ""
    until_ms = plan.off_ms + plan.minutes * MINUTE_MS
    return {
        "flight": plan.callsign.lower(),
        "aircraft_class": plan.type.lower(),
        "callsign": plan.callsign,
        "code": plan.code,
        "address": plan.address,
        "speed_kt": str(plan.speed_kt),
        **widened(points, lateral_m),
        "volume.band": f"..{top}",
        "volume.window": f"{_time(plan.off_ms)}..{_time(until_ms)}",
    }


def widened(points: Sequence[Point], lateral_m: int) -> dict[str, str]:
    """A route and the ring around it, in the words of an act; raises Misuse."""
    way = densify_route(points, LEG_M_MOST)
    if len(way) > ROUTE_POINTS_MOST:
        raise Misuse(f"the route is too long for one volume ({len(way)} points); declare it in parts")
    ring = corridor(way, max(1, lateral_m))
    return {"route": ",".join(map(_written, way)), "volume.ring": f"@ring({','.join(map(_written, ring))})"}


def unless_given(drafted: dict[str, str], given: dict[str, str]) -> dict[str, str]:
    """What an officer wrote stands before what was drafted for him."""
    kept = {key: text for key, text in drafted.items() if not ("volume" in given and key.startswith("volume."))}
    return kept | given


def aerodrome(name: str) -> Point | None:
    """Where an aerodrome is, by its ICAO code."""
    if len(name) != 4:
        return None
    import airportsdata

    found = airportsdata.load("ICAO").get(name)
    return (round(found["lat"] * 1e7), round(found["lon"] * 1e7)) if found is not None else None


def _written(point: Point) -> str:
    return "/".join(f"{part / 1e7:.7f}" for part in point)


def _time(at_ms: int) -> str:
    return moment_text(at_ms).replace(" ", "T")
