"""A disk that can fail at any write, lose its last writes at a crash, or be put back to an old backup."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from comity.office.marks import MemoryMarks
from comity.office.ports import HighWater
from comity.tlog.errors import StoreError
from comity.tlog.store import MemoryStore, Row


class Crash(BaseException):
    """The machine stops at this very write; nothing may catch it but the machine."""


class Disk:
    """The writes in order; a store is opened by doing them again. `trip` is the fault of the next write, if any."""

    def __init__(self) -> None:
        self.journal: list[tuple[str, tuple[Any, ...]]] = []
        self.marks = DiskMarks(self)
        self.trip: tuple[type[BaseException], bool] | None = None

    def open(self) -> DiskStore:
        """The store as it is after all writes that were kept."""
        store = DiskStore(self)
        journal, self.journal = self.journal, []
        self.trip = None
        for method, arguments in journal:
            getattr(store, method)(*arguments)
        return store

    def write(self, do: Callable[[], Any]) -> Any:
        """One write, which fails before or after it is on the disk if the trip is set."""
        trip, self.trip = self.trip, None
        if trip is not None and not trip[1]:
            raise trip[0]("the disk said no")
        result = do()
        if trip is not None:
            raise trip[0]("the disk said no, and had written")
        return result


class DiskStore(MemoryStore):
    """A memory store whose writes go to a disk's journal."""

    def __init__(self, disk: Disk) -> None:
        super().__init__()
        self._disk = disk
        self._batch: list[tuple[str, tuple[Any, ...]]] | None = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """See Store; one write of the disk, which holds all or nothing of it."""
        with super().together():
            batch = self._batch = []
            try:
                yield
            finally:
                self._batch = None
            self._disk.write(lambda: self._disk.journal.append(("write_together", (tuple(batch),))))

    def write_together(self, writes: Sequence[tuple[str, tuple[Any, ...]]]) -> None:
        """Does again what was once written together."""
        with self.together():
            for method, arguments in writes:
                getattr(self, method)(*arguments)

    def open_branch(self, origin: str, parent: int | None = None, fork: int = 0) -> int:
        """See Store."""
        result = self._kept("open_branch", origin, parent, fork)
        assert isinstance(result, int)
        return result

    def append(self, branch: int, first: int, rows: Sequence[Row], note: bytes | None) -> None:
        """See Store."""
        self._kept("append", branch, first, tuple(rows), note)

    def put_note(self, branch: int, size: int, note: bytes) -> None:
        """See Store."""
        self._kept("put_note", branch, size, note)

    def put_evidence(self, origin: str, note_a: bytes, note_b: bytes) -> None:
        """See Store."""
        self._kept("put_evidence", origin, note_a, note_b)

    def _kept(self, method: str, *arguments: Any) -> Any:
        if method == "put_note" and self._inside_append:
            return MemoryStore.put_note(self, *arguments)

        def do() -> Any:
            self._inside_append = method == "append"
            result = getattr(MemoryStore, method)(self, *arguments)
            self._inside_append = False
            (self._disk.journal if self._batch is None else self._batch).append((method, arguments))
            return result

        return self._disk.write(do) if self._batch is None else do()

    _inside_append = False


class DiskMarks(MemoryMarks):
    """Marks on the same machine, which survive a lost tail of the store; their writes can fail as well."""

    def __init__(self, disk: Disk) -> None:
        super().__init__()
        self._disk = disk

    def raise_signed(self, origin: str, high: HighWater) -> None:
        """See Marks."""
        self._disk.write(lambda: super(DiskMarks, self).raise_signed(origin, high))

    def set_stopped_cleanly(self, clean: bool) -> None:
        """See Marks."""
        self._disk.write(lambda: super(DiskMarks, self).set_stopped_cleanly(clean))

    def wipe(self) -> None:
        """A new machine: nothing is known of what was signed."""
        self._signed.clear()
        self._clean = False


FAULTS: tuple[type[BaseException], ...] = (Crash, StoreError)
