"""Keeps made-up flights apart while they are made: a new one is taken only if it comes near no other.

Nothing of the watch is used here, so that the one can be held against the other. Flights are compared every
`EVERY_MS`; what they can do in between, and how badly a sphere measures, is added to the minimum.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from comity.airspace.sphere import SPHERE_M, Floats
from comity.interfaces.traffic.flights import Flown, State

EVERY_MS = 10_000
SLOT_MS = 60_000
CELL_M = 30_000.0
APART_M = 13_500.0  # 5 NM, what the ellipsoid adds, and half of ten seconds head-on
LEVEL_M = 304.0
CLIMBING_M = 500.0
CLIMBING_MPS = 0.5
NEIGHBOURS = np.array([(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1)], np.int64)
SIDE = 1 << 12

Key = tuple[int, int]


class Apart:
    """The flights taken so far, by the minute and the cell of the sphere."""

    def __init__(self, from_ms: int, until_ms: int) -> None:
        """Only what they do in that time counts."""
        self._span = from_ms, until_ms
        self._states: list[State] = []
        self._near: dict[Key, list[int]] = {}

    def take(self, flown: Flown, beside: Collection[int] = ()) -> int | None:
        """Its number, or None if it comes near another; those `beside` may be near."""
        state = flown.at(np.arange(self._first_ms(flown), self._last_ms(flown) + 1, EVERY_MS, dtype=float))
        keys = list(_keys(state))
        found = {number for key in keys for number in self._around(key)} - set(beside)
        if any(_meet(state, self._states[number]) for number in found):
            return None
        number = len(self._states)
        self._states.append(state)
        for slot, cell in keys:
            self._near.setdefault((slot, cell), []).append(number)
        return number

    def _around(self, key: Key) -> Iterator[int]:
        slot, cell = key
        for shift in _SHIFTS:
            yield from self._near.get((slot, cell + shift), ())

    def _first_ms(self, flown: Flown) -> int:
        """On the common beat, and early enough to have been there before."""
        return -(-max(self._span[0], flown.departs_ms) // EVERY_MS) * EVERY_MS

    def _last_ms(self, flown: Flown) -> int:
        return min(self._span[1], flown.arrives_ms)


_SHIFTS = [int((x * SIDE + y) * SIDE + z) for x, y, z in NEIGHBOURS]


def _keys(state: State) -> Iterator[Key]:
    if not len(state.at_ms):
        return
    slots = (state.at_ms // SLOT_MS).astype(np.int64)
    _, first, counts = np.unique(slots, return_index=True, return_counts=True)
    middle = first + counts // 2
    cells = np.floor(state.place[middle] * (SPHERE_M / CELL_M)).astype(np.int64) + SIDE // 2
    numbers = (cells[:, 0] * SIDE + cells[:, 1]) * SIDE + cells[:, 2]
    yield from zip(slots[middle].tolist(), numbers.tolist(), strict=True)


def _meet(one: State, other: State) -> bool:
    """Whether they come too near at some moment that both have."""
    begin = max(one.at_ms[0], other.at_ms[0])
    a, b = round((begin - one.at_ms[0]) / EVERY_MS), round((begin - other.at_ms[0]) / EVERY_MS)
    count = min(len(one.at_ms) - a, len(other.at_ms) - b)
    if count <= 0:
        return False
    mine, theirs = slice(a, a + count), slice(b, b + count)
    apart = one.place[mine] - other.place[theirs]
    near = np.einsum("ij,ij->i", apart, apart) < (APART_M / SPHERE_M) ** 2
    return bool(near.any()) and bool((near & _level(one, mine, other, theirs)).any())


def _level(one: State, mine: slice, other: State, theirs: slice) -> Floats:
    high = np.abs(one.height_m[mine] - other.height_m[theirs])
    climbing = np.maximum(np.abs(one.climb_mps[mine]), np.abs(other.climb_mps[theirs])) > CLIMBING_MPS
    return np.asarray(high < np.where(climbing, CLIMBING_M, LEVEL_M))
