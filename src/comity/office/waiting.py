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
from comity.office.config import Limits
from comity.office.vouching import Cover
from comity.tlog.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class Page:
    """Leaves that a checkpoint vouches for: they follow the first `start` entries of `base`; None means no entries."""

    origin: str
    base: int | None
    start: int
    leaves: tuple[bytes, ...]
    cover: Cover
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rest of a page, the heads that its first entry lacks, and the restraints in it."""

    page: Page
    missing: tuple[tuple[str, int, str], ...]
    restraints: tuple[Entry, ...]


class WaitingRoom:
    """What waits, by log and by first leaf."""

    def __init__(self, limits: Limits) -> None:
        """Begin with nothing."""
        self._limits = limits
        self._waiting: dict[str, dict[bytes, Waiting]] = defaultdict(dict)

    def __len__(self) -> int:
        return sum(len(each.page.leaves) for each in self)

    def __iter__(self) -> Iterator[Waiting]:
        for lists in self._waiting.values():
            yield from lists.values()

    def put(self, waiting: Waiting) -> None:
        """Keeps the list in place of a shorter one that begins alike; the oldest list of a full log gives way."""
        lists = self._waiting[waiting.page.origin]
        first = waiting.page.leaves[0]
        before = lists.get(first)
        if before is not None and len(before.page.leaves) > len(waiting.page.leaves):
            return
        lists[first] = waiting
        while len(lists) > self._limits.waiting_lists_per_log:
            del lists[next(iter(lists))]

    def remove(self, waiting: Waiting) -> None:
        """Lets a list go."""
        self._waiting[waiting.page.origin].pop(waiting.page.leaves[0], None)

    def restraints(self) -> list[Entry]:
        """The well-signed restraints that wait for their past, each once."""
        return list({entry.id: entry for each in self for entry in each.restraints}.values())


def is_restraint(entry: Entry) -> bool:
    """Whether an entry restrains: it is then shown before it is taken."""
    return isinstance(entry.act, Act) and entry.act.nature is Nature.RESTRAINT
