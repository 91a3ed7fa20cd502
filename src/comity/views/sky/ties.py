"""Which track is which expected flight, and how strong that tie is.

A tie is a claim of the air made likely, never proof: an address is stronger than a callsign, a callsign than a code in
the right place at the right time. An officer's word makes or breaks a tie whatever the feeds say.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from comity.airspace.picture import Air, Mark, Track
from comity.views.sky.known import Known

Strength = Literal["officer", "address", "callsign", "code"]
ORDER: tuple[Strength, ...] = ("officer", "address", "callsign", "code")
BEFORE_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Tie:
    """A row of the air, the number of an expected flight, and on what the tie rests."""

    row: int
    flight: int
    strength: Strength


def ties(air: Air, known: Known, present: Collection[tuple[int, int]]) -> dict[int, Tie]:
    """By row, its strongest tie; `present` holds (row, flight) for rows that may be in that flight's corridor."""
    found: dict[int, Tie] = {}
    if not known.expected:
        return found
    numbers = {flight.id: number for number, flight in enumerate(known.expected)}
    made = {(identity, numbers[each]) for identity, each in known.made if each in numbers}
    for row, track in enumerate(air.tracks):
        best: Tie | None = None
        for flight, strength in _candidates(track, known, made):
            if not _holds(air, known, row, flight, strength, present):
                continue
            if best is None or ORDER.index(strength) < ORDER.index(best.strength):
                best = Tie(row, flight, strength)
        if best is not None:
            found[row] = best
    return found


def _candidates(track: Track, known: Known, made: set[tuple[str, int]]) -> list[tuple[int, Strength]]:
    fix = track.fix
    found: list[tuple[int, Strength]] = [(flight, "officer") for identity, flight in made if identity == track.identity]
    names: tuple[tuple[Strength, str], ...] = (("address", fix.address), ("callsign", fix.callsign), ("code", fix.code))
    for kind, value in names:
        if value:
            found.extend((flight, kind) for flight in known.by_name.get((kind, value.strip().lower()), ()))
    return found


def _holds(
    air: Air, known: Known, row: int, number: int, strength: Strength, present: Collection[tuple[int, int]]
) -> bool:
    flight, track = known.expected[number], air.tracks[row]
    if (track.identity, flight.id) in known.broken:
        return False
    if strength == "officer":
        return True
    fix = track.fix
    if flight.address and fix.address and fix.address != flight.address.lower():
        return False  # the callsign or the code of one aircraft on another
    if air.at_ms / 1000 < flight.from_s - BEFORE_S or air.marks[row] & Mark.CLAIM:
        return False
    return strength != "code" or (row, number) in present
