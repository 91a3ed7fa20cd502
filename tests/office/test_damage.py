"""A folder that the disk, or somebody, has changed: one sentence that names the thing and the true remedy."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from comity.model.errors import Misuse
from comity.office.config import Limits
from comity.office.folder import OfficeFolder, restore
from comity.office.founding import fingerprint
from comity.office.logs import Logs
from comity.office.messages import Noticed
from comity.office.transport import PeerServer
from comity.tlog.errors import StoreError
from comity.tlog.sqlite import SqliteStore
from comity.tlog.store import MemoryStore, Row
from office.founded import Founded, found
from office.offices import Desk, opened
from office.served import NAMES, folder_of, signed_in
from office.test_newcomer import ALL, amended_without_east, is_in_force, proposed, vote_for


@pytest.fixture
def founded() -> Founded:
    """Keys and the founding file."""
    return found(NAMES)


@pytest.fixture
def folder(tmp_path: Path, founded: Founded) -> OfficeFolder:
    """North's office, its log begun, stopped."""
    folder = folder_of(tmp_path, "north", founded)
    signed_in(folder, "north", founded)
    return folder


def copied(desk: Desk, changed: tuple[int, int, int] | None) -> MemoryStore:
    """The desk's store on another disk, which changes one bit: (branch, entry, place in the leaf)."""
    copy, store = MemoryStore(), desk.store
    for info in store.branches():
        copy.open_branch(info.origin, info.parent, info.fork)
        rows = store.read(info.id, info.fork, store.size(info.id))
        for seq, row in enumerate(rows, info.fork):
            if changed is not None and changed[:2] == (info.id, seq):
                leaf = bytearray(row.leaf)
                leaf[changed[2]] ^= 1
                row = Row(bytes(leaf), row.mark)
            copy.append(info.id, seq, [row], None)
        note = store.note(info.id)
        if note is not None:
            copy.put_note(info.id, store.size(info.id), note)
    return copy


def test_any_bit_of_any_leaf(founded: Founded) -> None:
    """Whatever a changed bit makes of an entry, the disk is named, and never a clock, a peer or a software."""
    desk = opened(NAMES)[0].desks["north"]
    Logs(founded.founding, copied(desk, None))
    for branch, seq in ((1, 0), (1, 1), (2, 2)):
        (row,) = desk.store.read(branch, seq, seq + 1)
        for place in range(0, len(row.leaf), 2):
            with pytest.raises(StoreError, match=r"the disk changed what was stored.*restore a backup") as caught:
                Logs(founded.founding, copied(desk, (branch, seq, place)))
            assert "clock" not in str(caught.value).replace("clock.step", "")


def test_another_founding_file(folder: OfficeFolder, founded: Founded) -> None:
    """A space at its end makes it another file: both fingerprints are said, and which one is asked for."""
    folder.founding.write_bytes(founded.founding + b" ")
    with pytest.raises(StoreError, match=r"founding.toml is not the founding file") as caught:
        folder.open()
    assert f"put back the file with the fingerprint {fingerprint(founded.founding)}" in str(caught.value)
    assert fingerprint(founded.founding + b" ") in str(caught.value)


def test_amended_terms_in_the_place_of_the_founding_file() -> None:
    """The terms in force are put where the founding file was, which every later entry names: they are not that file."""
    wire, founded = opened(ALL)
    north = wire.desks["north"]
    act = proposed(north.office, amended_without_east(founded))
    north.act(act, "senior")
    wire.polled()
    for name in ("north", "south", "east"):
        wire.desks[name].act(vote_for(act), "senior")
        wire.polled()
    assert is_in_force(north.office, act)
    Logs(founded.founding, copied(north, None))
    with pytest.raises(StoreError, match=r"founding.toml holds terms that were agreed later") as caught:
        Logs(act.text.encode(), copied(north, None))
    assert f"put back the file with the fingerprint {fingerprint(founded.founding)}" in str(caught.value)


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"[[participant"])
def test_a_founding_file_that_cannot_be_read(folder: OfficeFolder, founded: Founded, damage: bytes) -> None:
    """What is no agreement file any more is put back, not checked as a draft."""
    folder.founding.write_bytes(damage and founded.founding + damage)
    with pytest.raises(Misuse, match=r"founding.toml .*put back the one"):
        folder.open()


@pytest.mark.parametrize("name", ["head", "cosign", "office"])
def test_a_damaged_key_of_the_office(folder: OfficeFolder, name: str) -> None:
    """Garbage or nothing in a key file is no question of a passphrase: its remedy is named."""
    path = folder.keys / f"{name}.pem"
    path.write_bytes(b"\x00garbage")
    with pytest.raises(Misuse, match=rf"{name}.pem is damaged.*comity keys restore OFFICE"):
        folder.open()
    path.unlink()
    with pytest.raises(Misuse, match=rf"{name}.pem is missing.*comity keys restore OFFICE"):
        folder.open()


@pytest.mark.parametrize(("name", "holds"), [("tls.pem", "the key of tls.crt"), ("tls.crt", "no certificate")])
def test_a_damaged_tls_key_of_the_office(folder: OfficeFolder, name: str, holds: str) -> None:
    """Garbage, another's key or nothing where the TLS key lies is named with its remedy, not in a library's words."""
    path, limits = folder.keys / name, Limits()
    server = PeerServer(lambda name, request: Noticed(), folder.certificate, folder.tls_key, limits)
    for damage in (b"\x00garbage", b"\xff", b""):
        path.write_bytes(damage)
        with pytest.raises(Misuse, match=rf"{name} is damaged, .*{holds}; .*keys restore.* from a backup"):
            server.adopt({})
    path.unlink()
    with pytest.raises(Misuse, match=rf"{name} is missing; .* from a backup"):
        server.adopt({})


@pytest.mark.parametrize("full", ["disk I/O error", "database or disk is full"])
def test_a_full_disk_at_the_start(folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    """Nothing is lost on a full disk, so nothing is restored: whatever SQLite calls it, space is asked for."""

    def fail(self: SqliteStore) -> None:
        error = sqlite3.OperationalError(full)
        error.sqlite_errorcode = sqlite3.SQLITE_FULL if "full" in full else sqlite3.SQLITE_IOERR_WRITE
        raise error

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SqliteStore, "_prepare", fail)
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(StoreError, match="the disk is full; free some space") as caught:
        folder.open()
    assert "restore" not in str(caught.value)


def test_a_store_that_is_no_database(folder: OfficeFolder) -> None:
    """Garbage over the store is the disk's doing: there the backup is the remedy."""
    folder.store.write_bytes(b"garbage " * 4096)
    for name in ("-wal", "-shm"):
        folder.store.with_name(folder.store.name + name).unlink(missing_ok=True)
    with pytest.raises(StoreError, match="the disk changed it: restore a backup"):
        folder.open()


def test_what_was_there_is_kept_at_every_restore(folder: OfficeFolder, tmp_path: Path) -> None:
    """The first backup was the wrong one: the second try writes over the only copy of what this office alone had."""
    wal = folder.store.with_name(f"{folder.store.name}-wal")
    backup, stores = tmp_path / "backup", [b"own entries that nobody else has", b"a wrong backup", b"another"]
    folder.store.write_bytes(stores[0])
    wal.write_bytes(b"their newest")
    kept = []
    for data in stores[1:]:
        backup.write_bytes(data)
        kept.append(restore(folder, backup))
    assert [path.read_bytes() for path in kept if path is not None] == stores[:2]
    first = folder.store.with_name(f"{folder.store.name}.before")
    assert kept[0] == first and first.with_name(f"{first.name}-wal").read_bytes() == b"their newest"
    assert folder.store.read_bytes() == stores[2] and not wal.exists()


def test_a_restore_that_was_cut_off_is_gone_on_with(folder: OfficeFolder, tmp_path: Path) -> None:
    """The power went between the two renames: what belongs together is kept under one name, and nothing is lost."""
    store, backup = folder.store.read_bytes(), tmp_path / "backup"
    folder.store.with_name(f"{folder.store.name}.before-wal").write_bytes(b"its newest")
    backup.write_bytes(b"a backup")
    kept = restore(folder, backup)
    assert kept is not None and kept.read_bytes() == store
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"its newest"
    folder.store.unlink()
    assert restore(folder, backup) is None
