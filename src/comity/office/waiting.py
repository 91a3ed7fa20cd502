"""The waiting room: verified entries whose past is not there yet. Each blocks its own log and no other (law 7).

Bounded per log; what does not fit is fetched again. Restraints among them are shown at once and bind the office's
own door (law 8). Lost at a stop: then everything here is fetched anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts import Act, Nature
from comity.model.entry import Entry
from comity.model.errors import Malformed
from comity.office.config import Limits
from comity.office.vouching import Cover
from comity.tlog.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class Page:
    """What a checkpoint vouches for: entries of a log from `start` on, or what ends it, all signatures checked."""

    origin: str
    start: int
    entries: tuple[Entry | Malformed, ...]
    cover: Cover
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page from one place on, the branch that it follows (None: no entries), the heads that its entry at that place
    lacks, and the restraints in it."""

    page: Page
    branch: int | None
    place: int
    missing: tuple[tuple[str, int, str], ...]
    restraints: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """How many entries wait in it."""
        return len(self.page.entries) - self.place

    @property
    def first(self) -> str:
        """The hash of its first entry, hex."""
        entry = self.page.entries[self.place]
        assert isinstance(entry, Entry), "what is no entry ends its log and waits for nothing"
        return entry.id


class WaitingRoom:
    """What waits, by log and by first entry."""

    def __init__(self, limits: Limits) -> None:
        """Begin with nothing."""
        self._limits = limits
        self._waiting: dict[str, dict[str, Waiting]] = defaultdict(dict)

    def __len__(self) -> int:
        return sum(each.size for each in self)

    def __iter__(self) -> Iterator[Waiting]:
        for lists in self._waiting.values():
            yield from lists.values()

    def put(self, waiting: Waiting) -> None:
        """Keeps the list in place of a shorter one that begins alike; the oldest list of a full log gives way."""
        lists = self._waiting[waiting.page.origin]
        before = lists.get(waiting.first)
        if before is not None and before.size > waiting.size:
            return
        lists[waiting.first] = waiting
        while len(lists) > self._limits.waiting_lists_per_log:
            del lists[next(iter(lists))]

    def remove(self, waiting: Waiting) -> None:
        """Lets a list go."""
        self._waiting[waiting.page.origin].pop(waiting.first, None)

    def restraints(self) -> list[Entry]:
        """The well-signed restraints that wait for their past, each once."""
        return list({entry.id: entry for each in self for entry in each.restraints}.values())


def is_restraint(entry: Entry) -> bool:
    """Whether an entry restrains: it is then shown before it is taken."""
    return isinstance(entry.act, Act) and entry.act.nature is Nature.RESTRAINT
