"""The store on disk under kills, full disks, second writers and foreign files."""

import random
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from comity.tlog import sqlite
from comity.tlog.errors import StoreError
from comity.tlog.sqlite import SqliteStore
from comity.tlog.store import Row
from tlog import store_writer
from tlog.store_writer import note_at, row_at

KILLS = 20


def run_until_killed(path: Path, appends: int) -> int:
    """Let the writer append so often and then kill it at once; the size that it acknowledged last."""
    command = [sys.executable, store_writer.__file__, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        acknowledged = 0
        for _ in range(appends):
            acknowledged = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        for line in process.stdout:
            acknowledged = int(line) if line.endswith("\n") else acknowledged
    return acknowledged


def test_no_acknowledged_entry_is_lost_to_kills(tmp_path: Path) -> None:
    """Killed twenty times, both logs hold all that was acknowledged, equally much of it, and their notes."""
    path = tmp_path / "store"
    chance = random.Random(1)
    for _ in range(KILLS):
        acknowledged = run_until_killed(path, chance.randrange(1, 30))
        store = SqliteStore(path)
        branches = [store.open_branch("demo/north"), store.open_branch("demo/south")]
        size = store.size(branches[0])
        assert size >= acknowledged > 0
        for branch in branches:
            assert store.size(branch) == size
            assert store.read(branch, 0, size) == [row_at(seq) for seq in range(size)]
            assert store.note(branch) == note_at(size)
        store.close()


def test_a_full_disk_loses_nothing_and_ends_the_store(tmp_path: Path) -> None:
    """When no more can be written, the append is refused, all later calls are, and the earlier rows are there."""
    path = tmp_path / "store"
    store = SqliteStore(path)
    branch = store.open_branch("demo/north")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, limits[1]))
    size = 0
    try:
        with pytest.raises(StoreError, match="start anew"):
            while size < 1000:
                store.append(branch, size, [row_at(size)], note_at(size + 1))
                size += 1
        with pytest.raises(StoreError, match="start anew"):
            store.size(branch)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    store.close()
    again = SqliteStore(path)
    assert 10 < size <= again.size(branch) <= size + 1
    assert again.read(branch, 0, size) == [row_at(seq) for seq in range(size)]
    again.close()


def test_of_two_writers_one_gets_the_place(tmp_path: Path) -> None:
    """Two open stores on one file never both fill a place; the loser is refused and may go on."""
    stores = [SqliteStore(tmp_path / "store") for _ in range(2)]
    branch = stores[0].open_branch("demo/north")
    refused = []

    def write(store: SqliteStore, name: bytes) -> None:
        for _ in range(60):
            try:
                store.append(branch, store.size(branch), [Row(name, b"")], None)
            except StoreError:
                refused.append(name)

    threads = [threading.Thread(target=write, args=(each, b"%d" % number)) for number, each in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].size(branch) == stores[1].size(branch) == 120 - len(refused)
    leaves = [each.leaf for each in stores[0].read(branch, 0, stores[0].size(branch))]
    assert leaves.count(b"0") + leaves.count(b"1") == len(leaves)
    for store in stores:
        store.close()


def test_threads_may_share_a_store(tmp_path: Path) -> None:
    """Calls from several threads are taken one after the other."""
    store = SqliteStore(tmp_path / "store")

    def write(origin: str) -> None:
        branch = store.open_branch(origin)
        for seq in range(50):
            store.append(branch, seq, [row_at(seq)], None)

    threads = [threading.Thread(target=write, args=(f"demo/{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.size(each.id) for each in store.branches()] == [50] * 4
    store.close()


def test_the_file_itself_refuses_to_change_an_entry(tmp_path: Path) -> None:
    """Not even another program's plain SQL changes, removes or doubles an entry."""
    path = tmp_path / "store"
    store = SqliteStore(path)
    branch = store.open_branch("demo/north")
    store.append(branch, 0, [row_at(0), row_at(1)], None)
    store.close()
    database = sqlite3.connect(path)
    for statement in (
        "UPDATE entry SET leaf = x'00'",
        "DELETE FROM entry WHERE seq = 1",
        "INSERT INTO entry SELECT * FROM entry",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            database.execute(statement)
    database.close()


def test_a_missing_entry_is_a_gap_and_not_an_end(tmp_path: Path) -> None:
    """If someone takes an entry out of the file, reading it is refused."""
    path = tmp_path / "store"
    store = SqliteStore(path)
    branch = store.open_branch("demo/north")
    store.append(branch, 0, [row_at(0), row_at(1), row_at(2)], None)
    database = sqlite3.connect(path)
    database.executescript("DROP TRIGGER entry_remains; DELETE FROM entry WHERE seq = 1;")
    database.close()
    with pytest.raises(StoreError, match="gap"):
        store.read(branch, 0, 3)
    store.close()


def test_every_commit_is_synced(tmp_path: Path) -> None:
    """The file runs with a write-ahead log and a full sync at each commit."""
    store = SqliteStore(tmp_path / "store")
    found = [store._database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]
    store.close()


def test_foreign_and_broken_files_are_refused(tmp_path: Path) -> None:
    """A file that is no store, one of another version, a damaged one and a missing folder are refused by name."""
    (tmp_path / "text").write_text("this is a text and no database, long enough to be looked at" * 50)
    other = sqlite3.connect(tmp_path / "other")
    other.execute("CREATE TABLE something (id)")
    other.close()
    SqliteStore(tmp_path / "newer").close()
    newer = sqlite3.connect(tmp_path / "newer")
    newer.execute(f"PRAGMA user_version = {sqlite.SCHEMA_VERSION + 1}")
    newer.close()
    for name in ("text", "other", "newer", "nowhere/store"):
        with pytest.raises(StoreError, match=name):
            SqliteStore(tmp_path / name)
