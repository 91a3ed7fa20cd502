"""The store on disk: one SQLite file, synced before any call that writes returns.

Invariants: rows are only ever added (the schema itself refuses to change one); a write that fails in the file or
the disk ends the store, since after a failed sync nobody knows what is on the disk; one call is one transaction, or
all that is written `together`.
Not trusted: the file. Whoever can write it can at most stop us: entries read back are held against a signed root.
Calls may come from several threads; a second process may have the file open, and loses the race for a place.
"""

import errno
import os
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from comity.tlog import store
from comity.tlog.errors import StoreError
from comity.tlog.store import BranchInfo, Row

APPLICATION_ID = 0x636F6D69
SCHEMA_VERSION = 1
BUSY_TIMEOUT_S = 5.0
_CHANGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
_PROBE_BYTES = 65_536
_PASSING = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CONSTRAINT))
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE branch (
  id INTEGER PRIMARY KEY, origin TEXT NOT NULL, parent INTEGER REFERENCES branch, fork INTEGER NOT NULL,
  size INTEGER NOT NULL CHECK (size >= fork)
) STRICT;
CREATE UNIQUE INDEX first_branch ON branch (origin) WHERE parent IS NULL;
CREATE TABLE entry (
  branch INTEGER NOT NULL REFERENCES branch, seq INTEGER NOT NULL, leaf BLOB NOT NULL, mark BLOB NOT NULL,
  PRIMARY KEY (branch, seq)
) STRICT;
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'an entry never changes'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'an entry is never removed'); END;
CREATE TABLE note (branch INTEGER PRIMARY KEY REFERENCES branch, size INTEGER NOT NULL, note BLOB NOT NULL) STRICT;
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY, origin TEXT NOT NULL, note_a BLOB NOT NULL, note_b BLOB NOT NULL,
  UNIQUE (origin, note_a, note_b)
) STRICT;
CREATE TABLE setting (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""


class SqliteStore:
    """A Store in one file (and, while open, SQLite's two beside it)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._refusal: StoreError | None = None
        try:
            self._database = sqlite3.connect(
                path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except BaseException:
                self._database.close()
                raise
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"cannot open the store {path}: {_words(error, path)}") from error

    def branches(self) -> list[BranchInfo]:
        """See Store."""
        with self._reading() as database:
            found = database.execute("SELECT id, origin, parent, fork FROM branch ORDER BY id").fetchall()
        return [BranchInfo(*each) for each in found]

    def open_branch(self, origin: str, parent: int | None = None, fork: int = 0) -> int:
        """See Store."""
        with self._writing() as database:
            if parent is None:
                store.check_first(fork)
                found = database.execute("SELECT id FROM branch WHERE origin = ? AND parent IS NULL", (origin,))
                for (branch,) in found.fetchall():
                    return int(branch)
            else:
                info, size = self._info(parent)
                store.check_fork(info, origin, fork, size)
            made = database.execute(
                "INSERT INTO branch (origin, parent, fork, size) VALUES (?, ?, ?, ?)", (origin, parent, fork, fork)
            )
            return int(made.lastrowid or 0)

    def size(self, branch: int) -> int:
        """See Store."""
        with self._reading():
            return self._info(branch)[1]

    def append(self, branch: int, first: int, rows: Sequence[Row], note: bytes | None) -> None:
        """See Store."""
        with self._writing() as database:
            moved = database.execute(
                "UPDATE branch SET size = size + ? WHERE id = ? AND size = ?", (len(rows), branch, first)
            )
            if moved.rowcount != 1:
                raise store.not_at_end(branch, first, self._info(branch)[1])
            database.executemany(
                "INSERT INTO entry (branch, seq, leaf, mark) VALUES (?, ?, ?, ?)",
                ((branch, seq, row.leaf, row.mark) for seq, row in enumerate(rows, first)),
            )
            if note is not None:
                self._keep_note(branch, first + len(rows), note)

    def read(self, branch: int, start: int, stop: int) -> list[Row]:
        """See Store."""
        with self._reading() as database:
            info, size = self._info(branch)
            store.check_range(branch, start, stop, size)
            parts: list[Row] = []
            while start < stop:
                own = max(start, info.fork)
                found = database.execute(
                    "SELECT leaf, mark FROM entry WHERE branch = ? AND seq >= ? AND seq < ? ORDER BY seq",
                    (info.id, own, stop),
                ).fetchall()
                if len(found) != max(stop - own, 0):
                    raise StoreError(f"branch {branch} has a gap between {own} and {stop}; restore {self._path}")
                parts[:0] = [Row(*each) for each in found]
                stop = min(stop, info.fork)
                if info.parent is not None:
                    info, _ = self._info(info.parent)
            return parts

    def put_note(self, branch: int, size: int, note: bytes) -> None:
        """See Store."""
        with self._writing():
            self._info(branch)
            self._keep_note(branch, size, note)

    def note(self, branch: int) -> bytes | None:
        """See Store."""
        with self._reading():
            self._info(branch)
            return self._value("SELECT note FROM note WHERE branch = ?", branch)

    def put_evidence(self, origin: str, note_a: bytes, note_b: bytes) -> None:
        """See Store."""
        with self._writing() as database:
            database.execute(
                "INSERT INTO evidence (origin, note_a, note_b) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (origin, note_a, note_b),
            )

    def evidence(self, origin: str) -> list[tuple[bytes, bytes]]:
        """See Store."""
        with self._reading() as database:
            return database.execute(
                "SELECT note_a, note_b FROM evidence WHERE origin = ? ORDER BY id", (origin,)
            ).fetchall()

    def put(self, key: str, value: bytes) -> None:
        """See Store."""
        with self._writing() as database:
            database.execute(
                "INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
            )

    def get(self, key: str) -> bytes | None:
        """See Store."""
        with self._reading():
            return self._value("SELECT value FROM setting WHERE key = ?", key)

    @contextmanager
    def together(self) -> Iterator[None]:
        """See Store."""
        with self._writing():
            yield

    def close(self) -> None:
        """See Store."""
        with self._lock:
            self._refusal = self._refusal or store.closed()
            self._database.close()

    def _prepare(self) -> None:
        database = self._database
        if not database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            database.executescript(_SCHEMA)
        found = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        if found != [APPLICATION_ID, SCHEMA_VERSION]:
            raise StoreError(f"{self._path} is no store of this version; choose another file or a matching program")
        if database.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise StoreError(f"{self._path} lies where SQLite cannot keep a write-ahead log; use a local disk")
        for pragma in ("synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON", "foreign_keys = ON"):
            database.execute(f"PRAGMA {pragma}")
        self._sync_folder()

    def _sync_folder(self) -> None:
        handle = os.open(self._path.resolve().parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is durable when the outermost ends without an error, and none of it otherwise."""
        with self._reading() as database:
            within = database.in_transaction
            if within:
                yield database
                return
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            finally:
                if database.in_transaction:
                    database.execute("ROLLBACK")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._refusal:
                raise StoreError(str(self._refusal))
            try:
                yield self._database
            except sqlite3.Error as error:
                failure = StoreError(f"the store {self._path} failed: {_words(error, self._path)}")
                if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _PASSING:
                    self._refusal = failure
                raise failure from error

    def _info(self, branch: int) -> tuple[BranchInfo, int]:
        found = self._database.execute("SELECT id, origin, parent, fork, size FROM branch WHERE id = ?", (branch,))
        for *info, size in found.fetchall():
            return BranchInfo(*info), size
        raise store.no_branch(branch)

    def _keep_note(self, branch: int, size: int, note: bytes) -> None:
        kept = self._database.execute(
            "INSERT INTO note VALUES (?, ?, ?) ON CONFLICT (branch) DO UPDATE SET size = excluded.size,"
            " note = excluded.note WHERE excluded.size >= note.size",
            (branch, size, note),
        )
        if kept.rowcount != 1:
            raise store.older_note(branch, size)

    def _value(self, query: str, key: int | str) -> bytes | None:
        for (value,) in self._database.execute(query, (key,)).fetchall():
            assert isinstance(value, bytes)
            return value
        return None


def _words(error: Exception, path: Path) -> str:
    """What failed and the remedy: a changed file is put back, a disk that takes nothing only has to take again."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _CHANGED:
        return f"{error}; the disk changed it: restore a backup (comity restore), the others have what came after it"
    if code in _PASSING:
        return f"{error}; if another program has it open, stop that, then start anew"
    try:
        with tempfile.TemporaryFile(dir=path.resolve().parent) as probe:
            probe.write(bytes(_PROBE_BYTES))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as refused:
        if code == sqlite3.SQLITE_FULL or refused.errno in (errno.ENOSPC, errno.EDQUOT):
            return "the disk is full; free some space, then start anew: nothing that was acknowledged is lost"
        return f"nothing can be written there, {_said(refused)}; mend that, then start anew: what is there stays"
    if code == sqlite3.SQLITE_FULL:
        return "the disk was full; there is space again: start anew, nothing that was acknowledged is lost"
    return f"{_said(error) if isinstance(error, OSError) else error}; check the disk and the rights, then start anew"


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
