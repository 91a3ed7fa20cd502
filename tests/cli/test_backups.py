"""Backups by the real commands: whole while the office runs, and refused if they lack what was signed."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cli.commands import inside
from cli.offices import Trio
from comity.office.folder import OfficeFolder
from comity.tlog.sqlite import SqliteStore


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    """The north serves, alone, and has signed its first entries."""
    found = Trio(tmp_path)
    try:
        found.found()
        found.start("north")
        found.done("keys", "vote", "north", "--root", "north.root", "--yes")
        found.enrol("north", "ann", "duty")
        yield found
    finally:
        found.stop_all()


def entries(path: Path) -> int:
    """How many entries a store's file holds for a stranger who opens it."""
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT count(*) FROM entry").fetchone()[0])


def test_a_backup_is_whole_while_the_office_runs(trio: Trio) -> None:
    """The file holds all entries of a running office, private, and is never written over."""
    told = trio.done("backup", "north", "b.sqlite")
    held = entries(trio.place / "b.sqlite")
    assert held == len(trio.show("north", "log")) > 0 and re.search(rf"holds {held} entries", told)
    assert (trio.place / "b.sqlite").stat().st_mode & 0o077 == 0
    again = trio.comity("backup", "north", "b.sqlite")
    assert again.code == 2 and "not written over" in again.err
    trio.stop("north")
    assert f"holds {held} entries" in trio.done("restore", "north", "b.sqlite")


def test_a_clean_stop_leaves_one_whole_file(trio: Trio) -> None:
    """After a clean stop log.sqlite alone holds everything: nothing is left beside it."""
    held = len(trio.show("north", "log"))
    assert trio.stop("north") == 0
    store = OfficeFolder(trio.place / "north").store
    assert not store.with_name("log.sqlite-wal").exists()
    shutil.copy(store, trio.place / "alone.sqlite")
    assert entries(trio.place / "alone.sqlite") == held


def test_a_backup_that_lacks_entries_is_refused(trio: Trio) -> None:
    """Nothing at all, or fewer own entries than the marks say: refused with the remedy, and nothing is changed."""
    shutil.copy(trio.place / "north" / "log.sqlite", trio.place / "alone.sqlite")  # without what lies beside it
    trio.done("backup", "north", "older.sqlite")
    trio.enrol("north", "bob", "duty")
    trio.stop("north")
    before = (trio.place / "north" / "log.sqlite").read_bytes()
    SqliteStore(trio.place / "empty.sqlite").close()
    for name in ("empty.sqlite", "alone.sqlite", "older.sqlite"):
        ran = inside("restore", "north", name, folder=trio.place)
        assert ran.code == 2 and "nothing was changed" in ran.err and "comity backup" in ran.err, ran.err
    assert (trio.place / "north" / "log.sqlite").read_bytes() == before
    assert inside("restore", "north", "empty.sqlite", "--marks-lost", "--older", folder=trio.place).code == 2
    assert "holds" in trio.done("restore", "north", "older.sqlite", "--older")
