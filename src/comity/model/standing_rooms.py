"""The rooms of what has begun and not ended, by place and by whose it is: what may be there long after its window.

Only candidates, as `running` has them. What ends is left out at the next look, and forgotten when half is over, so a
question costs what stands near it, however much stands elsewhere and however much has been.
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
    """Rooms without an end, each under the thing that it is of, the log it stands in and the entry that says so."""

    def __init__(self) -> None:
        self._indexes: dict[str, VolumeIndex] = defaultdict(VolumeIndex)
        self._said: list[tuple[str, str, Volume, T] | None] = []
        self._of: dict[str, list[int]] = defaultdict(list)
        self._over = 0

    def add(self, thing: str, log: str, volume: Volume, said: T) -> None:
        """Keeps one more room of a thing, from its beginning on."""
        room = Volume(volume.ring, volume.band, Window(from_ms=volume.window.from_ms, until_ms=None))
        self._put((thing, log, room, said))

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

    def near(self, volume: Volume, of: Callable[[str], bool]) -> Iterator[T]:
        """The entries in some logs whose room may meet a volume."""
        for log, index in self._indexes.items():
            if of(log):
                for number in index.near(volume):
                    kept = self._said[number]
                    if kept is not None:
                        yield kept[3]

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
