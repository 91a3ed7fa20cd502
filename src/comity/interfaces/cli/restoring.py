"""Putting a backup in place of an office's store. Invariant: afterwards the office knows that it may lack entries."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from comity.interfaces.cli.held import copy_store
from comity.interfaces.cli.settings import only_one
from comity.model.errors import Misuse
from comity.office.folder import OfficeFolder, restore
from comity.office.logs import Logs
from comity.office.marks import FileMarks
from comity.tlog.errors import StoreError
from comity.tlog.sqlite import SqliteStore


@dataclass(frozen=True, slots=True)
class PutBack:
    """What a backup held, and where what was there before is kept, if there was anything."""

    logs: int
    entries: int
    kept: Path | None


def put_back(folder: OfficeFolder, backup: Path | None, marks_lost: bool) -> PutBack:
    """Checks the backup and puts it in place, without one an empty store; Misuse if the office runs, or it is none.

    The marks of this machine stay, as unclean, unless they were lost: they say what was ever signed (law 35).
    """
    with only_one(folder), tempfile.TemporaryDirectory(prefix="comity-") as place:
        fresh = Path(place) / folder.store.name
        if backup is not None:
            _copied(backup / folder.store.name if backup.is_dir() else backup, fresh)
        try:
            with closing(SqliteStore(fresh)) as store:
                history = Logs(folder.founding_bytes(), store).history
        except StoreError as error:
            raise Misuse(f"the backup {backup} cannot be used: {error}; nothing was changed; give another") from None
        has_marks = folder.marks.exists() and not marks_lost
        signed = FileMarks(folder.marks, folder.store).signed() if has_marks else {}
        kept = restore(folder, fresh)
        if signed:
            marks = FileMarks(folder.marks, folder.store)
            for origin, high in signed.items():
                marks.raise_signed(origin, high)
    return PutBack(len(history.origins()), len(history.entries), kept)


def _copied(source: Path, fresh: Path) -> None:
    if not source.is_file():
        raise Misuse(f"there is no store at {source}; give a copy of log.sqlite, or the folder that holds it")
    try:
        copy_store(source, fresh)
    except StoreError as error:
        raise Misuse(f"the backup {source} cannot be used: {error}; nothing was changed; give another") from None
