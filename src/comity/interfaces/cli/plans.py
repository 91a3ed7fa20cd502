"""A declaration from a flight plan: its route widened by the buffers of the terms, before anybody signs (law 24).

From the ground up to the highest level told: a flight climbs and comes down somewhere along its way.
"""

from __future__ import annotations

from collections.abc import Sequence

from comity.airspace.buffers import corridor, densify_route
from comity.interfaces.bodies import build
from comity.interfaces.cli.files import read_text
from comity.interfaces.cli.meaning import Meaning
from comity.interfaces.cli.writing import check_texts, split
from comity.interfaces.flight_plan import PLAN_BYTES_MOST, Plan, read_plan
from comity.interfaces.times import moment_text
from comity.interfaces.words import route
from comity.model.acts import Act
from comity.model.acts.flights import FlightChange, FlightDeclare
from comity.model.errors import Misuse
from comity.model.spans import MINUTE_MS
from comity.model.volume import Point

LEG_M_MOST = 100_000
ROUTE_POINTS_MOST = 64


def from_plan(kind: type[Act], listed: Sequence[str], path: str, places: Sequence[str], meaning: Meaning) -> Act:
    """The declaration or change that a plan makes; what the officer writes beside it stands before what it says."""
    if not issubclass(kind, FlightDeclare | FlightChange):
        raise Misuse(f"{kind.name} is made of no flight plan; --plan goes with flight.declare and flight.change")
    known = dict(_place(each) for each in places)
    plan = read_plan(read_text(path, PLAN_BYTES_MOST), lambda name: known.get(name) or aerodrome(name), meaning.now_ms)
    lateral_m, vertical_ft = meaning.ask("number", "buffer_lateral_m"), meaning.ask("number", "buffer_vertical_ft")
    given = split(kind, listed)
    drafted = {key: text for key, text in said(plan, lateral_m, vertical_ft).items() if not _is_given(key, given)}
    act = build(kind, drafted | given, meaning)
    check_texts(act)
    return act


def said(plan: Plan, lateral_m: int, vertical_ft: int) -> dict[str, str]:
    """A plan in the words of an act."""
    points = [point for point, before in zip(plan.route, [None, *plan.route], strict=False) if point != before]
    if len(points) < 2:
        raise Misuse("the flight plan begins and ends in one place; give volume.ring, or a point of its route")
    way = densify_route(points, LEG_M_MOST)
    if len(way) > ROUTE_POINTS_MOST:
        raise Misuse(f"the route is too long for one volume ({len(way)} points); declare it in parts")
    ring = corridor(way, max(1, lateral_m))
    top = plan.top.raised(vertical_ft) if plan.top is not None else ""
    until_ms = plan.off_ms + plan.minutes * MINUTE_MS
    return {
        "flight": plan.callsign.lower(),
        "aircraft_class": plan.type.lower(),
        "callsign": plan.callsign,
        "code": plan.code,
        "address": plan.address,
        "speed_kt": str(plan.speed_kt),
        "route": ",".join(map(_written, way)),
        "volume.ring": f"@ring({','.join(map(_written, ring))})",
        "volume.band": f"..{top}",
        "volume.window": f"{_time(plan.off_ms)}..{_time(until_ms)}",
    }


def aerodrome(name: str) -> Point | None:
    """Where an aerodrome is, by its ICAO code."""
    if len(name) != 4:
        return None
    import airportsdata

    found = airportsdata.load("ICAO").get(name)
    return (round(found["lat"] * 1e7), round(found["lon"] * 1e7)) if found is not None else None


def _place(text: str) -> tuple[str, Point]:
    name, equals, where = text.partition("=")
    points = route(where) if equals else ()
    if len(points) != 1:
        raise Misuse(f"{text[:80]!r} gives no place; write --place NAME=36.1/37.2")
    return name, points[0]


def _is_given(key: str, given: dict[str, str]) -> bool:
    return key in given or ("volume" in given and key.startswith("volume."))


def _written(point: Point) -> str:
    return "/".join(f"{part / 1e7:.7f}" for part in point)


def _time(at_ms: int) -> str:
    return moment_text(at_ms).replace(" ", "T")
