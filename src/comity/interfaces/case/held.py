"""The logs that an office holds, as the making of a case reads them."""

from __future__ import annotations

from collections.abc import Sequence

from comity.model.errors import Misuse
from comity.office.logs import LogBranch, Logs
from comity.tlog.checkpoint import read_checkpoint


class HeldLogs:
    """Satisfies `LogReader`: of each log the branch that was taken first, as far as a whole checkpoint reaches."""

    def __init__(self, logs: Logs) -> None:
        """Read these logs."""
        self._logs = logs

    def origins(self) -> Sequence[str]:
        """The logs of which a checkpoint was taken whole."""
        found = (self._logs.first(origin) for origin in self._logs.history.origins())
        return [branch.origin for branch in found if branch is not None and branch.noted is not None]

    def checkpoint_note(self, origin: str) -> bytes:
        """The newest checkpoint under which everything was taken, with the cosignatures known; Misuse if none."""
        note = self._branch(origin).note
        if note is None:
            raise Misuse(f"no checkpoint of {origin} was taken whole yet; wait for its next one")
        return note

    def leaves(self, origin: str, start: int, stop: int) -> Sequence[bytes]:
        """The leaves at [start, stop) from the store."""
        return self._logs.leaves(self._branch(origin), start, stop)

    def forks(self) -> dict[str, bytes]:
        """For each log proven to be forked, a signed head that the branch held here contradicts."""
        found: dict[str, bytes] = {}
        for origin in self.origins():
            for pair in self._logs.store.evidence(origin):
                odd = [
                    note for note in pair if note != self.checkpoint_note(origin) and not self._continues(note, origin)
                ]
                if odd:
                    found.setdefault(origin, odd[0])
        return found

    def _continues(self, note: bytes, origin: str) -> bool:
        """Whether a signed head is one of the branch held, or beyond what is held and so not comparable."""
        head, _ = read_checkpoint(note)
        tree = self._branch(origin).tree
        return head.size > tree.size or tree.root(head.size) == head.root

    def _branch(self, origin: str) -> LogBranch:
        branch = self._logs.first(origin)
        if branch is None:
            raise Misuse(f"no entry of {origin} is held here; name another log")
        return branch
