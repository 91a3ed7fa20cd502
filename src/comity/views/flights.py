"""Declared flights and their conflicts as they stand now: what is overdue, whose word is owed, what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comity.airspace.leaving import beside_m
from comity.model.acts import Act
from comity.model.acts.movements import Route
from comity.model.geometry import narrower_than
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import participants, terms_to_judge_by
from comity.model.records.conflicts import Conflict, answers, is_settled, unsettled_by, word_of
from comity.model.records.flights import Flight, flight
from comity.model.records.rooms import room_of
from comity.model.spans import moment
from comity.model.terms import Terms
from comity.model.volume import Band, Volume, height_tenth_mm
from comity.views.adequacy import MEASURED_MOST, Adequacy, notice_to, surely_enough
from comity.views.conflict_lists import Listed, Own, listed
from comity.views.flags import flags
from comity.views.life import Event, status

ALMOST = 0.98  # flat distances are as good as that
FOOT_TENTH_MM = 3_048


@dataclass(frozen=True, slots=True)
class FlightStanding:
    """A flight now. `conditions` are sentences that a duty officer must read before anything else."""

    record: Flight
    status: str
    conditions: tuple[str, ...]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class ConflictStanding:
    """A conflict now: what each side has said of it as it is, and whose word or deed is owed."""

    conflict: Conflict
    words: dict[str, str]
    owed_by: tuple[str, ...]
    status: str


def flight_standings(view: View, now_ms: int) -> list[FlightStanding]:
    """Every flight in the view, closed ones too, in the order for people."""
    found = (flight(view, taken.entry.id) for taken in view.about("flights"))
    return [_standing(view, each, now_ms) for each in found if each is not None]


def conflict_standings(view: View, now_ms: int) -> list[ConflictStanding]:
    """The conflicts between parties of flights that are not closed, settled ones too, as many as are listed."""
    return [_conflict_standing(view, each, now_ms) for each in _listed(view, now_ms).conflicts]


def narrowness(terms: Terms, volume: Volume, route: Route | None) -> Iterator[str]:
    """In what the volume of a flight has not the buffers of the terms, in words: beside its route, or, where it tells
    none, across, and from the bottom to the top."""
    if not terms.governed("flight.buffer"):
        return
    asked_m, ring = terms.number("buffer_lateral_m"), volume.ring
    drawn_m = beside_m(route, ring) if route is not None else asked_m
    if drawn_m < asked_m * ALMOST:
        yield f"its room is drawn {drawn_m:.0f} m beside its route, the terms ask for {asked_m} m"
    if route is None and narrower_than(ring, int(2 * asked_m * ALMOST)):
        yield f"its room is narrower than {2 * asked_m} m, the buffer of the terms on both sides of a route"
    asked_ft, high_ft = terms.number("buffer_vertical_ft"), _height_ft(volume.band)
    sides = 1 if _is_from_ground(volume.band) else 2
    if high_ft is not None and high_ft < sides * asked_ft:
        where = "above a level" if sides == 1 else "above and below a level"
        yield f"its band is {high_ft:.0f} ft high, the buffer of the terms {where} is {sides * asked_ft} ft"


def crowded_flights(view: View, now_ms: int) -> tuple[Flight, ...]:
    """The flights that have, or may have, more conflicts than are listed."""
    return _listed(view, now_ms).crowded


def own_pairs(view: View, now_ms: int) -> tuple[Own, ...]:
    """How much each party has twice in one place: its own affair, counted and not listed."""
    return _listed(view, now_ms).own


def short_notices(view: View, terms: Terms, conflicts: Iterable[Conflict]) -> dict[frozenset[str], Adequacy | None]:
    """Of some conflicts, by their ends, those in which the later word leaves the flight that was there too little time,
    with the arithmetic; None once `MEASURED_MOST` were measured. Of areas and distances nobody gives notice."""
    found: dict[frozenset[str], Adequacy | None] = {}
    measured = 0
    for each in conflicts if terms.governed("flight.notice") else ():
        asked = _notice(view, each)
        if asked is None or surely_enough(terms, *asked):
            continue
        measured += 1
        notice = notice_to(terms, *asked) if measured <= MEASURED_MOST else None
        if notice is None or not notice.enough:
            found[each.ends] = notice
    return found


def _listed(view: View, now_ms: int) -> Listed:
    return view.once(("conflicts", now_ms), lambda: listed(view, terms_to_judge_by(view), now_ms))


def thing_text(taken: Taken) -> str:
    """What an entry is about, and whose it is: operation op-1 of north (3f2a90c1)."""
    act = taken.entry.act
    chapter = taken.entry.header.act.partition(".")[0]
    name = getattr(act, chapter, "") if isinstance(act, Act) else ""
    said = f"{chapter} {name}" if isinstance(name, str) and name else taken.entry.header.act
    return f"{said} of {party_of(taken.entry.origin)} ({taken.entry.id[:8]})"


def other_text(conflict: Conflict) -> str:
    """What a flight conflicts with, in words."""
    if conflict.distances:
        return ", ".join(
            f"distance {each.id} of clause {each.clause} ({each.distance_m} m)" for each in conflict.distances
        )
    return thing_text(conflict.other)


def _standing(view: View, record: Flight, now_ms: int) -> FlightStanding:
    events = (Event(each.entry.header.act, each) for each in record.acts)
    raised = frozenset[str]().union(*(flags(view, each) for each in (record.declaration, record.version)))
    now = status(view, "flight", events)
    return FlightStanding(record, now, tuple(_conditions(view, record, now_ms)), raised)


def _conditions(view: View, record: Flight, now_ms: int) -> Iterator[str]:
    if record.is_overdue(view, now_ms):
        since = moment(record.due_ms(view))
        at = f"since {since:%Y-%m-%dT%H:%M:%SZ} " if since is not None else ""
        yield f"overdue {at}and not closed: it still has its air, without an end"
    if record.party not in participants(view):
        yield f"{record.party} has left and closes it no more: every signatory lifts it"
    if record.closed is None:
        yield from narrowness(terms_to_judge_by(view), record.act.volume, record.act.route)


def _height_ft(band: Band) -> float | None:
    """How high a band is; None where it is open, or its heights do not compare."""
    low, high = band.floor, band.ceiling
    if low is None and high is not None and high.datum in ("agl", "amsl"):
        return height_tenth_mm(high) / FOOT_TENTH_MM
    if low is None or high is None or low.datum != high.datum:
        return None
    return (height_tenth_mm(high) - height_tenth_mm(low)) / FOOT_TENTH_MM


def _is_from_ground(band: Band) -> bool:
    return band.floor is None or height_tenth_mm(band.floor) <= 0


def _conflict_standing(view: View, conflict: Conflict, now_ms: int) -> ConflictStanding:
    words = {party: word_of(taken) for party, taken in sorted(answers(view, conflict, now_ms).items())}
    owed = tuple(sorted(unsettled_by(view, conflict, now_ms)))
    now = "disputed" if "disputed" in words.values() else "unsettled"
    return ConflictStanding(conflict, words, owed, "settled" if is_settled(view, conflict, now_ms) else now)


def _notice(view: View, conflict: Conflict) -> tuple[Flight, Volume, int] | None:
    """The flight that was there before the later word, the volume that this speaks of, and when."""
    one, second = conflict.flight, flight(view, conflict.other.entry.id)
    if second is not None:
        first, later = sorted((one, second), key=lambda each: each.version.order)
        return first, later.act.volume, later.version.entry.at_ms
    room = room_of(view, conflict.other)
    if room is None or room.said.order < one.version.order:
        return None
    return one, room.volume, room.said.entry.at_ms
