"""What history is made of: branches of logs, entries taken, and where the next one belongs."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from comity.model.entry import Entry
from comity.model.verdict import Refusal

Clock = tuple[int, ...]


@dataclass(slots=True)
class Branch:
    """A log, or what follows a fork of one: entries below `fork` are the parent's."""

    id: int
    origin: str
    parent: int | None
    fork: int
    taken: list[Taken] = field(default_factory=list)
    roots: list[bytes] = field(default_factory=list)

    @property
    def size(self) -> int:
        return self.fork + len(self.taken)


class Taken(Struct, frozen=True):
    """An entry as history holds it. `refusal` None means admitted; `number` is the order of arrival here."""

    entry: Entry
    branch: int
    clock: Clock
    height: int
    refusal: Refusal | None
    number: int

    @property
    def order(self) -> tuple[int, str, int, bytes]:
        """The order for people (law 6)."""
        return (self.height, self.entry.origin, self.entry.seq, self.entry.hash)


class Placement(Struct, frozen=True):
    """Where an entry belongs: on a branch, or on a new one that leaves `branch` at the entry's seq."""

    branch: int | None
    forks: bool
    clock: Clock
    height: int


@dataclass(frozen=True, slots=True)
class Missing:
    """The heads that an entry cites and history does not hold: (origin, size, root hex)."""

    heads: tuple[tuple[str, int, str], ...]
