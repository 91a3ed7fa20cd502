"""Chance that a seed repeats, on every machine and every Python: only `random()` of the generator is used.

Nothing that is made up may be taken for real, wherever its reports are fed on to: the addresses are of a block that is
reserved and that no state has (Annex 10, volume III, table 9-1), and every callsign begins with TEST.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ADDRESSES = (0xD00000, 0xDFFFFF)
CALLSIGN = "TEST"
CODES_SPARED = frozenset({"7500", "7600", "7700", "0000"})  # these mean something


class Chance:
    """Numbers, choices and names from one seed; no name is given twice."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random
        self._given: set[str] = set()

    def between(self, least: float, most: float) -> float:
        """A number, all as likely."""
        return least + (most - least) * self._random()

    def of(self, listed: Sequence[T]) -> T:
        """One of them, all as likely."""
        return listed[int(self._random() * len(listed))]

    def address(self) -> str:
        """A 24-bit address, six hex digits, of no state."""
        return self._new(lambda: f"{int(self.between(*ADDRESSES)):06x}")

    def callsign(self) -> str:
        """TEST with two letters and two digits."""
        return self._new(lambda: f"{CALLSIGN}{self.of(LETTERS)}{self.of(LETTERS)}{int(self.between(0, 100)):02}")

    def code(self) -> str:
        """Four octal digits; several aircraft may have the same, as in the air."""
        while True:
            code = f"{int(self.between(0, 4096)):04o}"
            if code not in CODES_SPARED:
                return code

    def _new(self, make: Callable[[], str]) -> str:
        while True:
            name = make()
            if name not in self._given:
                self._given.add(name)
                return name
