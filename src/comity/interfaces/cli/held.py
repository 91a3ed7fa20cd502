"""What an office's store holds, read without touching it: from a copy, so that the office may run meanwhile.

Invariant: nothing here writes into the office's folder, and nothing is judged anew (the audit does).
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from comity.model.errors import Misuse
from comity.office.folder import OfficeFolder
from comity.office.logs import LogBranch, Logs
from comity.tlog.errors import StoreError
from comity.tlog.sqlite import SqliteStore
from comity.tlog.store import MemoryStore


@contextmanager
def held(folder: OfficeFolder) -> Iterator[Logs]:
    """All logs as the store holds them now; nothing, if the office never signed. Raises StoreError."""
    if not folder.store.is_file():
        yield Logs(folder.founding_bytes(), MemoryStore())
        return
    with tempfile.TemporaryDirectory(prefix="comity-") as place:
        copy = Path(place) / folder.store.name
        copy_store(folder.store, copy)
        with closing(SqliteStore(copy)) as store:
            yield Logs(folder.founding_bytes(), store)


class HeldLogs:
    """Logs as a case takes them; satisfies `case.LogReader`."""

    def __init__(self, logs: Logs) -> None:
        """Read those logs."""
        self._logs = logs

    def origins(self) -> Sequence[str]:
        """The logs of which an entry and a checkpoint are held."""
        found = ((origin, self._logs.first(origin)) for origin in self._logs.history.origins())
        return [origin for origin, branch in found if branch is not None and branch.note is not None]

    def checkpoint_note(self, origin: str) -> bytes:
        """The newest checkpoint with its cosignatures."""
        note = self._branch(origin).note
        if note is None:
            raise Misuse(f"no checkpoint of {origin} is held here; let the office fetch one first")
        return note

    def leaves(self, origin: str, start: int, stop: int) -> Sequence[bytes]:
        """The leaves [start, stop)."""
        return self._logs.leaves(self._branch(origin), start, stop)

    def _branch(self, origin: str) -> LogBranch:
        branch = self._logs.first(origin)
        if branch is None:
            raise Misuse(f"no log {origin} is held here; comity show OFFICE log lists what is")
        return branch


def copy_store(store: Path, copy: Path) -> None:
    """A consistent copy of a store, whoever writes to it meanwhile; raises StoreError.

    A store without a write-ahead log beside it is open nowhere, so it may lie on a medium that cannot be written.
    """
    is_open = store.with_name(f"{store.name}-wal").exists()
    how = "mode=ro" if is_open else "mode=ro&immutable=1"
    try:
        with (
            closing(sqlite3.connect(f"{store.resolve().as_uri()}?{how}", uri=True)) as source,
            closing(sqlite3.connect(copy)) as sink,
        ):
            source.backup(sink)
    except sqlite3.Error as error:
        raise StoreError(f"the store {store} cannot be read: {error}; check the disk, or restore a backup") from None
