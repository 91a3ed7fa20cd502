"""Volumes before they are declared: which of them meet one another, what is declared, areas and distances.

The index proposes, the integer geometry of verdicts decides, so what is named here is what every office would find. It
is no verdict: nothing here is signed, and what nobody has declared is not known.
Trusted: volumes for which `volume_problem` is None.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comity.airspace.volumes import Volumes
from comity.model.geometry import Box, ring_box
from comity.model.history import Taken, View
from comity.model.records.areas import areas_meeting
from comity.model.records.change import terms_to_judge_by
from comity.model.records.flights import flights_in
from comity.model.records.rooms import rooms_near
from comity.model.terms import Terms
from comity.model.volume import HALF_TURN_E7, Band, Volume, Window, height_tenth_mm
from comity.views.flights import thing_text

OPEN = Band(floor=None, ceiling=None)
ALWAYS = Window(from_ms=0, until_ms=None)
DECLARED_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Thing:
    """What takes or bars air: a volume that is drawn or declared, an area, a distance from a line.

    `by` is whose it is, "" if nobody says. An area keeps out the operators in `keeps_out`, None for all; a distance the
    `classes`, but for the categories in `lets_through`."""

    name: str
    kind: str
    volume: Volume
    by: str = ""
    aircraft_class: str = ""
    category: str = ""
    clause: str = ""
    keeps_out: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    lets_through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """A drawn volume and another thing in its room; `possible` if it was not told who or what flies there."""

    one: Thing
    other: Thing
    possible: bool

    @property
    def window(self) -> Window:
        """The time that both have."""
        windows = self.one.volume.window, self.other.volume.window
        ends_ms = [each.until_ms for each in windows if each.until_ms is not None]
        return Window(max(each.from_ms for each in windows), min(ends_ms, default=None))

    @property
    def band(self) -> Band | None:
        """The heights that both have; None if they are of different datums, for then nothing is known of them."""
        bands = self.one.volume.band, self.other.volume.band
        floors = [each.floor for each in bands if each.floor is not None]
        ceilings = [each.ceiling for each in bands if each.ceiling is not None]
        if len({each.datum for each in (*floors, *ceilings)}) > 1:
            return None
        return Band(max(floors, key=height_tenth_mm, default=None), min(ceilings, key=height_tenth_mm, default=None))

    @property
    def box(self) -> Box:
        """The box in which the place lies that both have: south, west, north, east."""
        a, b = ring_box(self.one.volume.ring), ring_box(self.other.volume.ring)
        west, east = max(a[1], b[1]), min(a[3], b[3])
        if west > east:  # they touch the antimeridian from both sides
            west = east = HALF_TURN_E7
        return max(a[0], b[0]), west, min(a[2], b[2]), east


def meetings(drawn: Sequence[Thing], beside: Sequence[Thing]) -> Iterator[Meeting]:
    """What the drawn volumes meet: one another, each pair once, and what lies beside them."""
    held = Volumes()
    for item, each in enumerate((*drawn, *beside)):
        held.put(item, each.volume)
    for item, one in enumerate(drawn):
        for found in held.meeting(one.volume):
            other = drawn[found] if found < len(drawn) else beside[found - len(drawn)]
            if found > item and _concerns(other, one):
                yield Meeting(one, other, _is_possible(other, one))


def distances(terms: Terms) -> list[Thing]:
    """The distances from lines that the terms lay down, where their rings are drawn."""
    return [
        Thing(
            f"{each.id} ({each.distance_m} m)",
            "distance",
            Volume(each.ring, OPEN, ALWAYS),
            clause=each.clause,
            classes=each.classes,
            lets_through=each.exempt,
        )
        for each in terms.distance
        if each.ring
    ]


def declared(view: View, volume: Volume, now_ms: int) -> Iterator[Thing]:
    """What an office knows in a volume: flights, movements, operations, activities, notices, areas, distances."""
    terms = terms_to_judge_by(view)
    for one in flights_in(view, volume, now_ms):
        act = one.act
        name = thing_text(one.declaration)
        yield Thing(name, "flight", one.room(view, now_ms), one.party, act.aircraft_class, act.category or "")
    for room in rooms_near(view, volume, now_ms):
        yield Thing(thing_text(room.thing), _chapter(room.thing), room.volume, room.party)
    grounded = tuple(each.id for each in terms.operator) if terms.clause_for("notice.grounding") else None
    for area in areas_meeting(view, volume):
        clause = terms.clause_for("notice.grounding") or terms.clause_for("area") or ""
        yield Thing(area.act.area, "area", area.act.volume, clause=clause, keeps_out=grounded)
    yield from distances(terms)


def around(drawn: Sequence[Thing]) -> Volume:
    """One volume around all of them."""
    boxes = [ring_box(each.volume.ring) for each in drawn]
    south, west = min(box[0] for box in boxes), min(box[1] for box in boxes)
    north, east = max(box[2] for box in boxes), max(box[3] for box in boxes)
    ends_ms = [each.volume.window.until_ms for each in drawn]
    until_ms = None if None in ends_ms else max(each for each in ends_ms if each is not None)
    window = Window(min(each.volume.window.from_ms for each in drawn), until_ms)
    return Volume(((south, west), (south, east), (north, east), (north, west)), OPEN, window)


def _concerns(other: Thing, one: Thing) -> bool:
    """Whether it is a conflict: an area and a distance are for some alone."""
    if other.keeps_out is not None and one.by and one.by not in other.keeps_out:
        return False
    if other.classes is not None and one.aircraft_class and one.aircraft_class not in other.classes:
        return False
    return not (one.category and one.category in other.lets_through)


def _is_possible(other: Thing, one: Thing) -> bool:
    return (other.keeps_out is not None and not one.by) or (other.classes is not None and not one.aircraft_class)


def _chapter(taken: Taken) -> str:
    return taken.entry.header.act.partition(".")[0]
