"""What an office's store holds, read without touching it: from a copy, so that the office may run meanwhile.

Invariant: nothing here writes into the office's folder, and nothing is judged anew (the audit does).
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from comity.model.acts.agreement import TermsPropose
from comity.model.terms import Terms
from comity.model.terms_file import parse_terms
from comity.office.folder import OfficeFolder
from comity.office.logs import Logs
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


def named(folder: OfficeFolder) -> frozenset[str] | None:
    """Every participant that terms held here name, proposed ones too; None if the store cannot be read."""
    try:
        with held(folder) as logs:
            texts = [each.entry.act.text for each in logs.history.entries if isinstance(each.entry.act, TermsPropose)]
    except StoreError:
        return None
    found = [parse_terms(text) for text in (folder.founding_bytes(), *(each.encode() for each in texts))]
    return frozenset(each.id for terms in found if isinstance(terms, Terms) for each in terms.participant)


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
