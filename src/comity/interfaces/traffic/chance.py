"""Chance that a seed repeats, on every machine and every Python: only `random()` of the generator is used."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ADDRESSES = (0x100000, 0xEFFFFF)
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
        """A 24-bit address, six hex digits."""
        return self._new(lambda: f"{int(self.between(*ADDRESSES)):06x}")

    def callsign(self) -> str:
        """Three letters and up to four digits, of nobody."""
        return self._new(lambda: "X" + self.of(LETTERS) + self.of(LETTERS) + str(int(self.between(10, 10_000))))

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
