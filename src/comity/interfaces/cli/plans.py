"""A declaration from a flight plan, or drawn by hand along its route: with the buffers of the terms (law 24)."""

from __future__ import annotations

from collections.abc import Sequence

from comity.interfaces.bodies import act_class, build
from comity.interfaces.cli.files import read_text
from comity.interfaces.cli.meaning import Meaning
from comity.interfaces.cli.writing import check_texts, split
from comity.interfaces.flight_plan import PLAN_BYTES_MOST, read_plan
from comity.interfaces.plan_words import aerodrome, said, unless_given, widened
from comity.interfaces.words import route
from comity.model.acts import Act
from comity.model.acts.flights import FlightChange, FlightDeclare
from comity.model.errors import Misuse
from comity.model.volume import Point


def from_plan(kind: type[Act], listed: Sequence[str], path: str, places: Sequence[str], meaning: Meaning) -> Act:
    """The declaration or change that a plan makes; what the officer writes beside it stands before what it says."""
    if not issubclass(kind, FlightDeclare | FlightChange):
        raise Misuse(f"{kind.name} is made of no flight plan; --plan goes with flight.declare and flight.change")
    known = dict(_place(each) for each in places)
    plan = read_plan(read_text(path, PLAN_BYTES_MOST), lambda name: known.get(name) or aerodrome(name), meaning.now_ms)
    lateral_m, vertical_ft = meaning.ask("number", "buffer_lateral_m"), meaning.ask("number", "buffer_vertical_ft")
    act = build(kind, unless_given(said(plan, lateral_m, vertical_ft), split(kind, listed)), meaning)
    check_texts(act)
    return act


def with_room(name: str, listed: Sequence[str], meaning: Meaning) -> list[str]:
    """The words of an act; those of a flight that tell its route and draw no ring, with the ring of the terms."""
    kind = act_class(name)
    if not issubclass(kind, FlightDeclare | FlightChange):
        return list(listed)
    given = split(kind, listed)
    if given.get("route", "none") == "none" or "volume" in given or "volume.ring" in given:
        return list(listed)
    drawn = widened(route(given["route"]), meaning.ask("number", "buffer_lateral_m"))
    return [f"{key}={text}" for key, text in (given | drawn).items()]


def _place(text: str) -> tuple[str, Point]:
    name, equals, where = text.partition("=")
    points = route(where) if equals else ()
    if len(points) != 1:
        raise Misuse(f"{text[:80]!r} gives no place; write --place NAME=36.1/37.2")
    return name, points[0]
