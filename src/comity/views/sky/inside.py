"""Where each row of the air is held to be: in which areas and corridors it is, or may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from comity.airspace.fence import Fence, presence
from comity.airspace.picture import Air
from comity.airspace.sphere import places_deg
from comity.views.sky.known import VAGUE_M

AREAS_LOOKED_AT = 50  # of one row, those first that it is surely in
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Answers:
    """(row, room) -> INSIDE or UNCERTAIN, for all that are not outside: `codes` in order, and their answers."""

    rooms: int
    codes: Integers
    answers: Integers

    def get(self, key: tuple[int, int]) -> int | None:
        """The answer for a row and a room, None for outside."""
        code = key[0] * self.rooms + key[1]
        at = int(np.searchsorted(self.codes, code))
        return int(self.answers[at]) if at < len(self.codes) and self.codes[at] == code else None

    def __contains__(self, key: tuple[int, int]) -> bool:
        return self.get(key) is not None

    def areas(self, count: int, sure: Answers) -> Iterator[tuple[int, list[int], int]]:
        """Rows with those of the first `count` rooms that they may be in, and how many more there are.

        Those come first that `sure` has, and before them those that it is sure of.
        """
        rows, rooms = self.codes // max(1, self.rooms), self.codes % max(1, self.rooms)
        rows, rooms = rows[rooms < count], rooms[rooms < count]
        order = np.lexsort((rooms, -sure.of(rows * sure.rooms + rooms), rows))
        rows, rooms = rows[order], rooms[order]
        starts = np.flatnonzero(np.diff(rows, prepend=-1)).tolist()
        for start, end in pairwise([*starts, len(rows)] if starts else []):
            looked_at = rooms[start : min(end, start + AREAS_LOOKED_AT)].tolist()
            yield int(rows[start]), sorted(looked_at), end - start - len(looked_at)

    def of(self, codes: Integers) -> Integers:
        """The answers for these codes, 0 where there is none."""
        if not len(self.codes):
            return np.zeros(len(codes), np.int64)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[at] == codes, self.answers[at], 0)


@dataclass(frozen=True, slots=True)
class Corridors:
    """(row, number of an expected flight) of those that are, or may be, in its corridor; it lies behind the areas."""

    answers: Answers
    areas: int

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and (key[0], self.areas + key[1]) in self.answers


def answers(air: Air, fence: Fence, added_m: float) -> Answers:
    """Where each row is, `added_m` wider than it is in doubt; what is in doubt by too much is nowhere."""
    rows = np.flatnonzero(air.wide.doubt_m <= VAGUE_M)
    at_s, wide = np.full(len(rows), air.at_ms / 1000), air.wide
    places = places_e7(air)[rows]
    found = presence(fence, places, wide.low_m[rows], wide.high_m[rows], wide.doubt_m[rows] + added_m, at_s)
    rooms = 1 + int(fence.owners.max(initial=-1))
    codes = rows[found.track] * rooms + found.area
    order = np.argsort(codes)
    return Answers(rooms, codes[order], found.answer[order])


def places_e7(air: Air) -> Integers:
    """Where each row is now, in 1e-7 degree."""
    return np.asarray(np.round(places_deg(air.wide.place_m) * 1e7), np.int64)
