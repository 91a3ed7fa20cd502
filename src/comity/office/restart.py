"""What an office asks itself before it signs: is this all that I ever signed? (law 35)

After an unclean start it signs nothing until a mirror has answered; with a high-water mark above the store, until it
has its own entries back; and if marks and store were both lost or rolled back, until every other office has answered.
A log that is forked already goes on in the branch held first: nothing can fork it more, its restraints count, and only
its own votes end the fork (laws 4, 11). What it may sign the judge and the own door say.
Trusted: the marks, for being at least as new as the last signature. A clean stop lets it work alone.
"""

from __future__ import annotations

from comity.office.logs import Logs
from comity.office.ports import HighWater, Marks

FORKED = (
    "the own log is forked, and no permission rests on it; it still restrains and votes: agree on terms that give this "
    "office a new log (comity init keys in a new folder with another --origin, comity init amend, the votes of all)"
)
FETCHED = "fetch them from the mirrors, and if no office has them see docs/faults.md, a dead log"
DIFFERS = (
    "the own log differs from what was signed before; stop, and have it from the others as they hold it: "
    "comity restore OFFICE --from-others"
)


class Restart:
    """The doubts of one run, each of which ends by proof and none by time."""

    def __init__(self, origin: str, logs: Logs, marks: Marks) -> None:
        """Reads how the last run ended and notes that a run has begun; raises StoreError."""
        self._origin = origin
        self._logs = logs
        self._marks = marks
        self.clean = marks.stopped_cleanly()
        self._signed = marks.signed()
        self._lost_marks = not self.clean and origin not in self._signed
        self._claimed: HighWater | None = None
        self.heard: set[str] = set()
        marks.set_stopped_cleanly(False)

    def stopped(self) -> None:
        """Notes that this run ends by its own will."""
        self._marks.set_stopped_cleanly(True)

    def hear(self, peer: str, size: int, root: bytes) -> None:
        """A mirror has answered: the largest own head that it holds, verified (0 if none)."""
        self.heard.add(peer)
        if size and (self._claimed is None or size > self._claimed.size):
            self._claimed = HighWater(size, root.hex())

    def fault(self, peers: frozenset[str]) -> str | None:
        """Why nothing may be signed now, or None. `peers` are the other offices."""
        own = self._logs.first(self._origin)
        size = own.size if own is not None else 0
        for known, where in ((self._signed.get(self._origin), "this office's own mark"), (self._claimed, "a mirror")):
            if known is None or self._logs.holding(self._origin, known.size, bytes.fromhex(known.root)) is not None:
                continue
            if known.size > size:
                return f"the store holds {size} own entries, {where} {known.size}; {FETCHED}"
            return DIFFERS
        if self.clean or not peers:
            return None
        if self._lost_marks and not peers <= self.heard:
            missing = ", ".join(sorted(peers - self.heard))
            return f"this office was restored and has not heard from {missing}; reach every office first"
        if not self.heard:
            return "the last stop was not clean and no mirror has answered; reach one first"
        return None

    def holds(self, origin: str, known: HighWater) -> bool:
        """Whether the branch taken first holds that head."""
        branch = self._logs.first(origin)
        if branch is None or branch.size < known.size:
            return False
        return self._logs.history.root(branch.id, known.size).hex() == known.root

    def may_cosign(self, origin: str, size: int) -> bool:
        """Whether a head of that size continues everything of that log that was ever cosigned here."""
        known = self._signed.get(origin)
        return known is None or (size >= known.size and self.holds(origin, known))

    def raise_mark(self, origin: str, size: int, root: bytes) -> None:
        """Keeps, durably and before the signature exists, that this head is being signed; raises StoreError."""
        high = HighWater(size, root.hex())
        if self._signed.get(origin) != high:
            self._marks.raise_signed(origin, high)
            self._signed[origin] = high
