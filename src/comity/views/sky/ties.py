"""Which track is which expected flight, and how strong that tie is.

A tie is a claim of the air made likely, never proof: an address is stronger than a callsign, a callsign than a code in
the right place at the right time. Of several tracks that would be one flight the strongest tie holds; as strong ones
hold beside each other, and are said. Of several flights that one aircraft would be as likely, it is the one whose room
and window hold it now, else the one whose window is nearest: a flight is seldom closed before the next one begins. An
officer's word makes or breaks a tie whatever the feeds say.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from comity.airspace.picture import Air
from comity.airspace.track import Mark, Track
from comity.views.sky.known import Known

Strength = Literal["officer", "address", "callsign", "code"]
ORDER: tuple[Strength, ...] = ("officer", "address", "callsign", "code")
BEFORE_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Tie:
    """A row of the air, the number of an expected flight, and on what the tie rests; `also` are flights that have begun
    and that it would be as likely, so that they are no more missed than it."""

    row: int
    flight: int
    strength: Strength
    also: tuple[int, ...] = ()


def ties(air: Air, known: Known, present: Container[tuple[int, int]]) -> dict[int, Tie]:
    """By row, its strongest tie; `present` holds (row, flight) for rows that may be in that flight's corridor."""
    if not known.expected:
        return {}
    numbers = {flight.id: number for number, flight in enumerate(known.expected)}
    made: dict[str, list[int]] = {}
    for identity, each in known.made:
        if each in numbers:
            made.setdefault(identity, []).append(numbers[each])
    found: list[Tie] = []
    for row, track in enumerate(air.tracks):
        holding = [
            Tie(row, flight, strength)
            for flight, strength in _candidates(track, known, made)
            if _holds(air, known, row, flight, strength, present)
        ]
        if holding:
            found.append(_likeliest(air, known, holding, present))
    return {tie.row: tie for tie in _strongest(found)}


def several(air: Air, tied: Mapping[int, Tie]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Expected flights that tracks of several identities are tied to, with their rows."""
    rows: dict[int, list[int]] = {}
    for row, tie in tied.items():
        rows.setdefault(tie.flight, []).append(row)
    for flight, each in rows.items():
        if len({air.tracks[row].identity for row in each}) > 1:
            yield flight, tuple(each)


def _likeliest(air: Air, known: Known, holding: list[Tie], present: Container[tuple[int, int]]) -> Tie:
    """The strongest of what one track may be; of as strong ones the flight that is here and now."""
    strongest = min(ORDER.index(tie.strength) for tie in holding)
    equal = [tie for tie in holding if ORDER.index(tie.strength) == strongest]
    at_s = air.at_ms / 1000

    def how_far(tie: Tie) -> tuple[bool, float, bool, int]:
        flight, is_here = known.expected[tie.flight], (tie.row, tie.flight) in present
        beside_s = max(0.0, flight.from_s - at_s, at_s - flight.until_s)
        return not (is_here and beside_s == 0), beside_s, not is_here, tie.flight

    tie = min(equal, key=how_far)
    begun = (each.flight for each in equal if known.expected[each.flight].from_s <= at_s)
    return replace(tie, also=tuple(sorted({*begun} - {tie.flight})))


def _strongest(found: list[Tie]) -> Iterator[Tie]:
    best: dict[int, int] = {}
    for tie in found:
        order = ORDER.index(tie.strength)
        best[tie.flight] = min(order, best.get(tie.flight, order))
    return (tie for tie in found if ORDER.index(tie.strength) == best[tie.flight])


def _candidates(track: Track, known: Known, made: Mapping[str, list[int]]) -> Iterator[tuple[int, Strength]]:
    for flight in made.get(track.identity, ()):
        yield flight, "officer"
    names: tuple[tuple[Strength, str], ...] = (
        ("address", track.fix.address),
        ("callsign", track.callsign),
        ("code", track.code),
    )
    for kind, value in names:
        if value:
            for flight in known.by_name.get((kind, value.strip().lower()), ()):
                yield flight, kind


def _holds(
    air: Air, known: Known, row: int, number: int, strength: Strength, present: Container[tuple[int, int]]
) -> bool:
    flight, track = known.expected[number], air.tracks[row]
    if (track.identity, flight.id) in known.broken:
        return False
    if strength == "officer":
        return True
    if flight.address and track.fix.address and track.fix.address != flight.address.strip().lower():
        return False  # the callsign or the code of one aircraft on another
    if air.at_ms / 1000 < flight.from_s - BEFORE_S or air.marks[row] & Mark.CLAIM:
        return False
    return strength != "code" or (row, number) in present
