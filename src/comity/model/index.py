"""Which volumes may meet a given one: a grid of places and times that only ever grows.

Each volume lies in the finest grid in which it covers few cells, and within a cell in the finest row of spans of time;
a volume that lasts longer than all of them, or has no end, is kept by place alone. A question looks only at the
cells and spans it touches, so volumes far away in place or time cost it nothing.
Invariant: `near` misses no volume that meets; it compares boxes and windows exactly, never rings or bands.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from comity.model.geometry import Box, boxes_meet, ring_box, windows_meet
from comity.model.volume import DEG_E7, HALF_TURN_E7, TIME_MAX_MS, Volume, Window

# Cells of 0.25, 2.5, 22.5 and 180 degrees: each divides the full turn, so columns close around the globe.
CELL_E7 = (DEG_E7 // 4, DEG_E7 * 5 // 2, DEG_E7 * 45 // 2, DEG_E7 * 180)
SPAN_MS = (86_400_000, 32 * 86_400_000)
CELLS_MAX = 9
SPANS_MAX = 8
FEW = 256


class VolumeIndex:
    """Volumes by place and time, each under the integer of its owner; one integer may have several volumes."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._grids: tuple[dict[_Place, _Cell], ...] = tuple({} for _ in CELL_E7)

    def add(self, volume: Volume, item: int) -> None:
        """Keep the volume under the item; what was added before stays."""
        entry = _Entry(ring_box(volume.ring), volume.window, item)
        grid, places = self._places_for(entry.box)
        for place in places:
            cell = grid.get(place)
            if cell is None:
                cell = grid[place] = _Cell()
            cell.add(entry)

    def near(self, volume: Volume) -> Iterator[int]:
        """Each item once, in ascending order, of which some volume's box and window meet this volume's."""
        box, windows = ring_box(volume.ring), (volume.window,)
        return _meeting(self._lists(box, windows), box, windows)

    def in_turn(self, volume: Volume, *also: Window) -> Iterator[int]:
        """The same, or at other times too; of a crowd one after the other as they are asked for, so that who stops
        early does not pay for the rest. In ascending order, if they were added so."""
        box, windows = ring_box(volume.ring), (volume.window, *also)
        lists = list(self._lists(box, windows))
        if sum(map(len, lists)) <= FEW:
            yield from _meeting(lists, box, windows)
            return
        newest = None
        for entry in heapq.merge(*lists, key=lambda each: each.item):
            if entry.item != newest and entry.meets(box, windows):
                newest = entry.item
                yield entry.item

    def _lists(self, box: Box, windows: tuple[Window, ...]) -> Iterator[list[_Entry]]:
        for grid, size_e7 in zip(self._grids, CELL_E7, strict=True):
            if grid:
                for cell in _cells_in(grid, box, size_e7):
                    yield from cell.during(windows)

    def _places_for(self, box: Box) -> tuple[dict[_Place, _Cell], Iterable[_Place]]:
        for grid, size_e7 in zip(self._grids, CELL_E7, strict=True):
            rows, columns = _cover(box, size_e7)
            if len(rows) * len(columns) <= CELLS_MAX or size_e7 == CELL_E7[-1]:
                return grid, _places(rows, columns, size_e7)
        raise AssertionError("the last grid takes every box")


_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Entry:
    box: Box
    window: Window
    item: int

    def meets(self, box: Box, windows: tuple[Window, ...]) -> bool:
        return boxes_meet(self.box, box) and any([windows_meet(self.window, window) for window in windows])


@dataclass(frozen=True, slots=True)
class _Cell:
    """What lies in one cell: by span of time for each length of span, the first span of each, and what lasts too long
    for any."""

    spans: tuple[dict[int, list[_Entry]], ...] = field(default_factory=lambda: tuple({} for _ in SPAN_MS))
    first: list[int] = field(default_factory=lambda: [TIME_MAX_MS for _ in SPAN_MS])
    lasting: list[_Entry] = field(default_factory=list)

    def add(self, entry: _Entry) -> None:
        for place, (spans, length_ms) in enumerate(zip(self.spans, SPAN_MS, strict=True)):
            first, last = _reach(entry.window, length_ms)
            if last is not None and last - first < SPANS_MAX:
                self.first[place] = min(self.first[place], first)
                for number in range(first, last + 1):
                    spans.setdefault(number, []).append(entry)
                return
        self.lasting.append(entry)

    def during(self, windows: tuple[Window, ...]) -> Iterator[list[_Entry]]:
        for spans, length_ms, earliest in zip(self.spans, SPAN_MS, self.first, strict=True):
            if spans:
                for number in {number for window in windows for number in _numbers(window, length_ms, earliest, spans)}:
                    yield spans[number]
        if self.lasting:
            yield self.lasting


def _numbers(window: Window, length_ms: int, earliest: int, spans: Mapping[int, object]) -> Iterable[int]:
    """The spans that hold something and that the window touches."""
    first, last = _reach(window, length_ms)
    first = max(first, earliest)
    if last is not None and last - first < len(spans):
        return [number for number in range(first, last + 1) if number in spans]
    return [number for number in spans if first <= number and (last is None or number <= last)]


def _meeting(lists: Iterable[list[_Entry]], box: Box, windows: tuple[Window, ...]) -> Iterator[int]:
    found: set[int] = set()
    for entries in lists:
        for entry in entries:
            if entry.item not in found and entry.meets(box, windows):
                found.add(entry.item)
    return iter(sorted(found))


def _reach(window: Window, length_ms: int) -> tuple[int, int | None]:
    """The first and the last span that the window touches, its end taken as closed."""
    return window.from_ms // length_ms, None if window.until_ms is None else window.until_ms // length_ms


def _cover(box: Box, size_e7: int) -> tuple[range, range]:
    """The rows and columns that the closed box touches, numbers beyond the globe's drawn to its rim."""
    south, west, north, east = box
    if max(north, east) > HALF_TURN_E7 or min(south, west) < -HALF_TURN_E7:
        south, west, north, east = (max(-HALF_TURN_E7, min(HALF_TURN_E7, side_e7)) for side_e7 in box)
    return range(south // size_e7, north // size_e7 + 1), range(west // size_e7, east // size_e7 + 1)


def _places(rows: range, columns: range, size_e7: int) -> Iterable[_Place]:
    """Each cell once: the column of longitude 180 is that of -180."""
    turn = 2 * HALF_TURN_E7 // size_e7
    return {(row, column % turn) for row in rows for column in columns}


def _cells_in(grid: dict[_Place, _Cell], box: Box, size_e7: int) -> Iterator[_Cell]:
    """The cells that the box touches: by number, or by going through the grid where that is shorter."""
    rows, columns = _cover(box, size_e7)
    if len(rows) * len(columns) <= len(grid):
        for place in _places(rows, columns, size_e7):
            if place in grid:
                yield grid[place]
        return
    turn = 2 * HALF_TURN_E7 // size_e7
    wanted = {column % turn for column in columns}
    for (row, column), cell in grid.items():
        if row in rows and column in wanted:
            yield cell
