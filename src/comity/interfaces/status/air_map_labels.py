"""Where the words of a map stand: beside what they name, over no sign and no other words; for some there is none.

Pure, and bounded by how many words are asked for: what is taken is kept in cells of a few pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

CELL, LETTER, LINE, GAP = 4.0, 7.2, 13.0, 4.0
"""Pixels: of a cell, of a letter on average, of a line of words, of what parts words from outlines."""
FAR_OFF = (26.0, 44.0, 64.0, 90.0, 120.0, 160.0, 210.0)
"""How far away words stand that must be said and find no room nearer; a line leads to them."""
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Placed:
    """Where words begin, on their base line; `leads` if they stand so far off that a line must lead to them."""

    x: float
    y: float
    leads: bool = False


@dataclass(slots=True)
class Room:
    """What is taken of a map of that size."""

    width: float
    height: float
    _taken: set[tuple[int, int]] = field(default_factory=set)

    def take(self, box: Box) -> None:
        """Nothing is written there any more."""
        self._taken.update(_cells(box))

    def place(self, words: str, spots: Iterable[Placed]) -> Placed | None:
        """The first of the spots at which the words are over nothing; it is taken then."""
        wide = width(words)
        for spot in spots:
            box = (spot.x, spot.y - LINE + 3, spot.x + wide, spot.y + 3)
            if self._holds(box) and self._taken.isdisjoint(_cells(box)):
                self.take(box)
                return spot
        return None

    def _holds(self, box: Box) -> bool:
        return box[0] >= 0 and box[1] >= 0 and box[2] <= self.width and box[3] <= self.height


def beside(words: str, x: float, y: float, off: float, must: bool = False) -> Iterator[Placed]:
    """Spots around a point, `off` pixels from it; for words that `must` be said then ever farther ones, led to."""
    wide = width(words)
    for far in (off, *(FAR_OFF if must else ())):
        askew = far * 0.7
        for left, base in (
            (x + far, y + 4),
            (x - far - wide, y + 4),
            (x - wide / 2, y - far),
            (x - wide / 2, y + far + LINE - 3),
            (x + askew, y - askew),
            (x + askew, y + askew + LINE - 3),
            (x - askew - wide, y - askew),
            (x - askew - wide, y + askew + LINE - 3),
        ):
            yield Placed(left, base, far > off)


def at_edges(words: str, left: float, top: float, right: float, bottom: float) -> Iterator[Placed]:
    """Spots at the edges of an outline: above it, in it, below it, and then anywhere down its left side."""
    x, aside = left + GAP, right - width(words) - GAP
    yield Placed(x, top - GAP)
    yield Placed(x, top + LINE)
    yield Placed(x, bottom + LINE)
    yield Placed(x, bottom - GAP)
    yield from (Placed(aside, base) for base in (top - GAP, top + LINE, bottom + LINE, bottom - GAP))
    base = top + 2 * LINE
    while base < bottom:
        yield Placed(x, base)
        base += LINE


def width(words: str) -> float:
    """How wide words are, about."""
    return len(words) * LETTER


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(each // CELL) for each in box)
    return ((column, row) for column in range(left, right + 1) for row in range(top, bottom + 1))
