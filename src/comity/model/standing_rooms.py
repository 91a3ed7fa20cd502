"""The rooms of what was declared and not closed, by place, time and whose it is: where it was said to be, and on
without an end if it may be overdue by now.

Only candidates, as `running` has them. What ends is left out at the next look, and forgotten when half is over, so a
question costs what stands near it, however much stands elsewhere or at other times, and however much has been.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from comity.model.index import VolumeIndex
from comity.model.volume import Volume, Window

T = TypeVar("T")
FORGET_LEAST = 64


class StandingRooms(Generic[T]):
    """Rooms, each under the thing that it is of, the log it stands in and the entry that says so."""

    def __init__(self) -> None:
        self._indexes: dict[str, VolumeIndex] = defaultdict(VolumeIndex)
        self._said: list[tuple[str, str, Volume, T] | None] = []
        self._of: dict[str, list[int]] = defaultdict(list)
        self._over = 0

    def add(self, thing: str, log: str, volume: Volume, said: T) -> None:
        """Keeps one more room of a thing."""
        self._put((thing, log, volume, said))

    def miss(self, thing: str) -> None:
        """Keeps the rooms of a thing without an end: it is known to be overdue, whatever the clocks say."""
        for number in tuple(self._of.get(thing, ())):
            kept = self._said[number]
            assert kept is not None, "a thing lists the rooms that are kept"
            _, log, volume, said = kept
            window = Window(from_ms=volume.window.from_ms, until_ms=None)
            self._put((thing, log, Volume(volume.ring, volume.band, window), said))

    def end(self, thing: str) -> list[T]:
        """Lets go of the rooms of a thing; gives the entries that said so."""
        found = []
        for number in self._of.pop(thing, ()):
            kept = self._said[number]
            assert kept is not None, "a thing lists the rooms that are kept"
            found.append(kept[3])
            self._said[number] = None
        self._over += len(found)
        if self._over > max(FORGET_LEAST, len(self._said) // 2):
            self._forget()
        return found

    def near(self, volume: Volume, of: Callable[[str], bool], clock_ms: Callable[[str], int]) -> Iterator[T]:
        """The entries in some logs whose room may meet a volume, if what has begun at the clock of its log may be
        overdue: log by log in its order, each as it is asked for."""
        for log, index in self._indexes.items():
            if of(log):
                found = (self._said[number] for number in index.in_turn(volume, *_begun(volume, clock_ms(log))))
                yield from (kept[3] for kept in found if kept is not None)

    def _put(self, room: tuple[str, str, Volume, T]) -> None:
        thing, log, volume, _ = room
        self._indexes[log].add(volume, len(self._said))
        self._of[thing].append(len(self._said))
        self._said.append(room)

    def _forget(self) -> None:
        kept = [each for each in self._said if each is not None]
        self._indexes.clear()
        self._of.clear()
        self._said, self._over = [], 0
        for each in kept:
            self._put(each)


def _begun(volume: Volume, clock_ms: int) -> Iterator[Window]:
    """The time up to a clock: what has begun in it may be overdue, and then has no end."""
    until_ms = volume.window.until_ms
    begun_ms = clock_ms + 1 if until_ms is None else min(clock_ms + 1, until_ms)
    if begun_ms > 0:
        yield Window(0, begun_ms)
