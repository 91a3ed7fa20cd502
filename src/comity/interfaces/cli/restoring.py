"""A backup of an office's store, and putting one in its place.

Invariant: after the latter the office knows that it may lack entries.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from comity.interfaces.cli.files import write_new
from comity.interfaces.cli.held import copy_store
from comity.interfaces.cli.settings import only_one
from comity.model.errors import Misuse
from comity.model.history import History
from comity.office.folder import OfficeFolder, restore
from comity.office.logs import Logs
from comity.office.marks import FileMarks
from comity.tlog.errors import StoreError
from comity.tlog.sqlite import SqliteStore

SECRET_MODE = 0o600


@dataclass(frozen=True, slots=True)
class PutBack:
    """What a backup held, and where what was there before is kept, if there was anything."""

    logs: int
    entries: int
    kept: Path | None


def back_up(folder: OfficeFolder, file: str | Path) -> PutBack:
    """Copies all that the store holds into a new file; Misuse if that exists or there is nothing to copy."""
    if not folder.store.is_file():
        raise Misuse(f"{folder.path} holds no store yet; start it with comity serve {folder.path}")
    with tempfile.TemporaryDirectory(prefix="comity-") as place:
        fresh = Path(place) / folder.store.name
        copy_store(folder.store, fresh)
        history = _history(folder, fresh)
        try:
            write_new(file, fresh.read_bytes(), SECRET_MODE)
        except OSError as error:
            Path(file).unlink(missing_ok=True)  # what there was room for is no backup
            raise StoreError(f"{file} cannot be written: {error.strerror}; give a disk with more space") from None
    return PutBack(len(history.origins()), len(history.entries), None)


def put_back(folder: OfficeFolder, backup: Path | None, marks_lost: bool, older: bool = False) -> PutBack:
    """Checks the backup and puts it in place, without one an empty store; Misuse if the office runs, or it is none.

    The marks of this machine stay, as unclean, unless they were lost: they say what was ever signed (law 35). A backup
    that holds nothing is refused, and unless `older` is told one with fewer own entries than the marks name.
    """
    with only_one(folder), tempfile.TemporaryDirectory(prefix="comity-") as place:
        fresh = Path(place) / folder.store.name
        if backup is not None:
            _copied(backup / folder.store.name if backup.is_dir() else backup, fresh)
        try:
            history = _history(folder, fresh)
        except StoreError as error:
            raise Misuse(f"the backup {backup} cannot be used: {error}; nothing was changed; give another") from None
        has_marks = folder.marks.exists() and not marks_lost
        signed = FileMarks(folder.marks, folder.store).signed() if has_marks else {}
        if backup is not None:
            known = signed.get(folder.origin())
            _check_whole(folder, history, backup, 0 if known is None or older else known.size)
        kept = restore(folder, fresh)
        if signed:
            marks = FileMarks(folder.marks, folder.store)
            for origin, high in signed.items():
                marks.raise_signed(origin, high)
    return PutBack(len(history.origins()), len(history.entries), kept)


def _history(folder: OfficeFolder, store: Path) -> History:
    with closing(SqliteStore(store)) as opened:
        return Logs(folder.founding_bytes(), opened).history


def _check_whole(folder: OfficeFolder, history: History, backup: Path, signed: int) -> None:
    """Misuse for a backup of nothing, or of fewer own entries than were signed: most often a copy without its -wal."""
    own = sum(each.entry.origin == folder.origin() for each in history.entries)
    if history.entries and own >= signed:
        return
    held = f"{own} own entries, and this office signed {signed}" if history.entries else "0 entries"
    unless = (
        "--older if there is none: the others hold the rest" if history.entries else "--from-others if there is none"
    )
    raise Misuse(
        f"the backup {backup} holds {held}; nothing was changed; log.sqlite copied from a running office lacks what is "
        f"in log.sqlite-wal: give a file of comity backup, or the folder with both, or {unless}"
    )


def _copied(source: Path, fresh: Path) -> None:
    if not source.is_file():
        raise Misuse(f"there is no store at {source}; give a copy of log.sqlite, or the folder that holds it")
    try:
        copy_store(source, fresh)
    except StoreError as error:
        raise Misuse(f"the backup {source} cannot be used: {error}; nothing was changed; give another") from None
