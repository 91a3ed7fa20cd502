"""What a store of logs promises, and the store that forgets: memory.

A store keeps leaves in order and knows nothing of what they say. A branch is a log, or what follows a fork of one:
its entries below `fork` are its parent's, the rest its own.
Invariants: entries are added at the end only and never change; one branch has one entry at one place.
Not trusted: the disk. Whoever reads entries back holds them against a signed root.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from comity.tlog.errors import StoreError


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: its leaf as received, and a note of the caller's own about it, such as a verdict."""

    leaf: bytes
    mark: bytes


@dataclass(frozen=True, slots=True)
class BranchInfo:
    """One branch; the first of a log has no parent and its fork is 0."""

    id: int
    origin: str
    parent: int | None
    fork: int  # entries shared with the parent


class Store(Protocol):
    """A durable store. Every method may raise StoreError; after one about the disk, stop and start anew."""

    def branches(self) -> list[BranchInfo]:
        """Every branch in the order in which they were opened."""

    def open_branch(self, origin: str, parent: int | None = None, fork: int = 0) -> int:
        """The id of a branch. Without a parent: the log's first branch, made if there is none yet.

        With a parent: a new branch that shares its parent's first `fork` entries, of which there must be so many.
        When this returns the branch is durable.
        """

    def size(self, branch: int) -> int:
        """How many entries the branch has, the shared ones counted."""

    def append(self, branch: int, first: int, rows: Sequence[Row], note: bytes | None) -> None:
        """Add rows at the end; refused with nothing written if `first` is not the branch's size.

        A note is the signed checkpoint of the branch at its new size and takes the place of the older one.
        When this returns rows and note are durable; otherwise none of them ever shows.
        """

    def read(self, branch: int, start: int, stop: int) -> list[Row]:
        """The entries [start, stop), the parent's where they are shared; refused if they are not all there."""

    def put_note(self, branch: int, size: int, note: bytes) -> None:
        """Keep a signed checkpoint of the branch in place of one of the same or a smaller size.

        Refused if a larger one is kept. When this returns the note is durable.
        """

    def note(self, branch: int) -> bytes | None:
        """The newest signed checkpoint of the branch."""

    def put_evidence(self, origin: str, note_a: bytes, note_b: bytes) -> None:
        """Keep two signed checkpoints of one log that contradict each other, once. Durable when this returns."""

    def evidence(self, origin: str) -> list[tuple[bytes, bytes]]:
        """The pairs kept against this log, oldest first."""

    def put(self, key: str, value: bytes) -> None:
        """Keep a small setting in place of its older value. Durable when this returns."""

    def get(self, key: str) -> bytes | None:
        """A setting, or None if it was never kept."""

    def together(self) -> AbstractContextManager[None]:
        """What is written in it is durable when it ends, all of it; if it ends by an error, nothing of it shows."""

    def close(self) -> None:
        """Let go of the store; any later call is refused. Nothing is lost without it."""


class MemoryStore:
    """A Store that lasts as long as its process: for tests, simulations and tools."""

    def __init__(self) -> None:
        self._branches: list[BranchInfo] = []
        self._rows: list[list[Row]] = []  # each branch's own
        self._notes: dict[int, tuple[int, bytes]] = {}
        self._evidence: dict[str, dict[tuple[bytes, bytes], None]] = {}
        self._settings: dict[str, bytes] = {}
        self._closed = False

    def branches(self) -> list[BranchInfo]:
        """See Store."""
        self._check_open()
        return list(self._branches)

    def open_branch(self, origin: str, parent: int | None = None, fork: int = 0) -> int:
        """See Store."""
        self._check_open()
        if parent is None:
            check_first(fork)
            for each in self._branches:
                if each.origin == origin and each.parent is None:
                    return each.id
        else:
            check_fork(self._info(parent), origin, fork, self.size(parent))
        info = BranchInfo(len(self._branches) + 1, origin, parent, fork)
        self._branches.append(info)
        self._rows.append([])
        return info.id

    def size(self, branch: int) -> int:
        """See Store."""
        return self._info(branch).fork + len(self._rows[branch - 1])

    def append(self, branch: int, first: int, rows: Sequence[Row], note: bytes | None) -> None:
        """See Store."""
        size = self.size(branch)
        if first != size:
            raise not_at_end(branch, first, size)
        if note is not None:
            self.put_note(branch, size + len(rows), note)
        self._rows[branch - 1].extend(rows)

    def read(self, branch: int, start: int, stop: int) -> list[Row]:
        """See Store."""
        check_range(branch, start, stop, self.size(branch))
        parts: list[Row] = []
        while start < stop:
            info = self._info(branch)
            own = max(start, info.fork)
            if own < stop:
                parts[:0] = self._rows[branch - 1][own - info.fork : stop - info.fork]
            stop = min(stop, info.fork)
            branch = info.parent or branch
        return parts

    def put_note(self, branch: int, size: int, note: bytes) -> None:
        """See Store."""
        self._info(branch)
        if size < self._notes.get(branch, (0, b""))[0]:
            raise older_note(branch, size)
        self._notes[branch] = (size, note)

    def note(self, branch: int) -> bytes | None:
        """See Store."""
        self._info(branch)
        return self._notes[branch][1] if branch in self._notes else None

    def put_evidence(self, origin: str, note_a: bytes, note_b: bytes) -> None:
        """See Store."""
        self._check_open()
        self._evidence.setdefault(origin, {})[note_a, note_b] = None

    def evidence(self, origin: str) -> list[tuple[bytes, bytes]]:
        """See Store."""
        self._check_open()
        return list(self._evidence.get(origin, ()))

    def put(self, key: str, value: bytes) -> None:
        """See Store."""
        self._check_open()
        self._settings[key] = value

    def get(self, key: str) -> bytes | None:
        """See Store."""
        self._check_open()
        return self._settings.get(key)

    @contextmanager
    def together(self) -> Iterator[None]:
        """See Store."""
        self._check_open()
        branches, rows = list(self._branches), [len(each) for each in self._rows]
        notes, settings = dict(self._notes), dict(self._settings)
        evidence = {origin: dict(pairs) for origin, pairs in self._evidence.items()}
        try:
            yield
        except BaseException:
            self._branches, self._notes, self._settings, self._evidence = branches, notes, settings, evidence
            self._rows = [each[:length] for each, length in zip(self._rows, rows, strict=False)]
            raise

    def close(self) -> None:
        """See Store."""
        self._closed = True

    def _info(self, branch: int) -> BranchInfo:
        self._check_open()
        if not 1 <= branch <= len(self._branches):
            raise no_branch(branch)
        return self._branches[branch - 1]

    def _check_open(self) -> None:
        if self._closed:
            raise closed()


def check_first(fork: int) -> None:
    """Accept the fork of a log's first branch, or raise StoreError."""
    if fork != 0:
        raise StoreError(f"a branch that shares {fork} entries has a parent; name it")


def check_fork(parent: BranchInfo, origin: str, fork: int, size: int) -> None:
    """Accept a fork of a parent of this size, or raise StoreError."""
    if parent.origin != origin:
        raise StoreError(f"branch {parent.id} is of {parent.origin}, not of {origin}; fork a branch of the same log")
    if not 0 <= fork <= size:
        raise StoreError(f"branch {parent.id} has {size} entries and cannot be shared up to {fork}; fetch them first")


def check_range(branch: int, start: int, stop: int, size: int) -> None:
    """Accept a range of entries within a branch of this size, or raise StoreError."""
    if not 0 <= start <= stop <= size:
        raise StoreError(f"branch {branch} has {size} entries, not {start} to {stop}; ask for fewer")


def no_branch(branch: int) -> StoreError:
    """The error for a branch that was never opened."""
    return StoreError(f"there is no branch {branch}; open it first")


def not_at_end(branch: int, first: int, size: int) -> StoreError:
    """The error for rows that do not follow what is there."""
    return StoreError(f"branch {branch} has {size} entries and takes none at {first}; read its size again")


def older_note(branch: int, size: int) -> StoreError:
    """The error for a checkpoint smaller than the one kept."""
    return StoreError(f"branch {branch} keeps a checkpoint larger than {size}; never sign or keep an older one")


def closed() -> StoreError:
    """The error for a store that was let go of."""
    return StoreError("the store is closed; open it again")
