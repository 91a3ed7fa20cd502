"""One participant's machine in the simulator: its disk, its clock, and the office that runs on it while it is up."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache

from comity.office.config import Limits
from comity.office.notes import Checks
from comity.office.office import Office
from comity.office.sync import Sync
from comity.tlog import ed25519
from office.founded import START_MS, Founded
from simulator.disk import Disk

LIMITS = Limits(
    poll_every_ms=900_000,
    backoff_most_ms=900_000,
    request_timeout_ms=60_000,
    page_entries=24,
    waiting_entries_per_log=24,
)
CHECKS = Checks(signature=lru_cache(maxsize=65_536)(ed25519.verify))  # the same entry comes to every office


@dataclass
class Moment:
    """The true time, which no office knows, in milliseconds."""

    true_ms: int = START_MS


@dataclass
class MachineClock:
    """A clock that is off by some milliseconds. Satisfies `ports.Clock`."""

    moment: Moment
    off_ms: int = 0

    def now_ms(self) -> int:
        return self.moment.true_ms + self.off_ms

    def steady_ms(self) -> int:
        return self.moment.true_ms - START_MS


class Liar(Office):
    """An office that signs whatever its log has become; the rules of others must do."""

    def fault(self) -> str | None:
        """Nothing stops it but its disk."""
        return None


@dataclass
class Machine:
    """`name` is the participant; two machines of one name are a party that forks its log."""

    name: str
    founded: Founded
    moment: Moment
    lies: bool = False
    disk: Disk = field(default_factory=Disk)
    office: Office | None = None
    sync: Sync | None = None
    run: int = 0
    wakes_ms: int = 0

    def __post_init__(self) -> None:
        self.clock = MachineClock(self.moment)

    def start(self) -> None:
        """A new run over what is on the disk."""
        make = Liar if self.lies else Office
        ring = self.founded.rings[self.name]
        store = self.disk.open()
        self.run += 1
        self.office = make(self.founded.founding, ring, store, self.disk.marks, self.clock, LIMITS, CHECKS)
        self.sync = Sync(self.office)

    def stop(self) -> None:
        """The run ends; what was not said to the disk before is not said."""
        self.office = self.sync = None

    def next_due_ms(self) -> int:
        """The moment, by the steady clock, at which the office has something to send if nothing comes before."""
        peers = self.sync._peers.values() if self.sync is not None else ()
        within_ms = LIMITS.request_timeout_ms
        moments = (each.next_poll_ms if each.request is None else each.sent_ms + within_ms for each in peers)
        return min(moments, default=0)

    def lose_tail(self, dice: random.Random, keep: int) -> int:
        """The disk forgets some of its last writes beyond the first `keep`; how many."""
        lost = min(dice.randint(1, 12), len(self.disk.journal) - keep)
        if lost > 0:
            del self.disk.journal[len(self.disk.journal) - lost :]
        return max(lost, 0)

    def twin(self) -> Machine:
        """A second machine with the same keys and a copy of the disk: the party can now say two things."""
        other = Machine(self.name, self.founded, self.moment, lies=True)
        other.disk.journal = list(self.disk.journal)
        return other
