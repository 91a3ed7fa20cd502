"""Which of many volumes meet a given one: the index proposes, the integer geometry of verdicts decides.

A store that volumes enter and leave, for questions before an act is signed. What stands in the log is found through
history, by the same index and the same geometry, so the answers are the same in every office.
Trusted: volumes for which `volume_problem` is None.
"""

from __future__ import annotations

from comity.model.geometry import volumes_meet
from comity.model.index import VolumeIndex
from comity.model.volume import Volume

GONE_LEAST = 1_000


class Volumes:
    """Volumes, each under its own integer."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._held: dict[int, Volume] = {}
        self._index = VolumeIndex()
        self._gone = 0

    def __len__(self) -> int:
        """How many are held."""
        return len(self._held)

    def put(self, item: int, volume: Volume) -> None:
        """Holds the volume under the item, in place of what was there."""
        self.drop(item)
        self._held[item] = volume
        self._index.add(volume, item)

    def drop(self, item: int) -> None:
        """Holds nothing under the item any more; inverse to `put`."""
        if self._held.pop(item, None) is not None:
            self._gone += 1
        if self._gone > max(GONE_LEAST, len(self._held)):  # the index only grows; it is made anew, seldom
            self._index, self._gone = VolumeIndex(), 0
            for held, volume in self._held.items():
                self._index.add(volume, held)

    def meeting(self, volume: Volume) -> list[int]:
        """The items whose volumes share a moment, a height and a place with it, in ascending order; exact."""
        held = self._held
        return [item for item in self._index.near(volume) if item in held and volumes_meet(held[item], volume)]
