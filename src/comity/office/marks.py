"""The office's few durable words: in memory for tests and simulations, in a file of their own for a real office.

The file lies apart from the store, on another disk if there is one, and is never part of a backup: a store that was
rolled back then shows against it (law 35). A clean stop is bound to the very file of the store: a copy has another
inode and another time of change, which nobody can set, so a folder put back from a copy starts as after a crash.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from comity.model.acts.form import Hash
from comity.office.blobs import write_durably
from comity.office.ports import HighWater
from comity.tlog.errors import StoreError


class MemoryMarks:
    """Marks that last as long as their process."""

    def __init__(self, clean: bool = True) -> None:
        """`clean` says how the run before this one ended."""
        self._signed: dict[str, HighWater] = {}
        self._clean = clean

    def signed(self) -> dict[str, HighWater]:
        """See Marks."""
        return dict(self._signed)

    def raise_signed(self, origin: str, high: HighWater) -> None:
        """See Marks."""
        self._signed[origin] = high

    def stopped_cleanly(self) -> bool:
        """See Marks."""
        return self._clean

    def set_stopped_cleanly(self, clean: bool) -> None:
        """See Marks."""
        self._clean = clean


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: Annotated[int, Meta(ge=1)]
    root: Hash


_Identity = tuple[int, int, int]  # device, inode, time of change in nanoseconds


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    clean: bool
    signed: dict[str, _Head]
    store: _Identity | None = None


class FileMarks:
    """Marks in one small file, replaced whole at each change and synced."""

    def __init__(self, path: Path, store: Path) -> None:
        """Reads the file, before the store is opened; where there is none nothing is known, which is no clean stop."""
        self._path = path
        self._store = store
        try:
            self._words = msgspec.json.decode(path.read_bytes(), type=_Words)
        except FileNotFoundError:
            self._words = _Words(clean=False, signed={})
        except (OSError, msgspec.DecodeError) as error:
            raise StoreError(f"the marks in {path} cannot be read: {error}; move them away and restore") from None
        self._clean = self._words.clean and self._words.store == _identity(store)

    def signed(self) -> dict[str, HighWater]:
        """See Marks."""
        return {origin: HighWater(each.size, each.root) for origin, each in self._words.signed.items()}

    def raise_signed(self, origin: str, high: HighWater) -> None:
        """See Marks."""
        signed = self._words.signed | {origin: _Head(high.size, high.root)}
        self._write(msgspec.structs.replace(self._words, signed=signed))

    def stopped_cleanly(self) -> bool:
        """See Marks."""
        return self._clean

    def set_stopped_cleanly(self, clean: bool) -> None:
        """See Marks. True counts only if the store is closed: what is written to it later makes it another file.

        What the file says already is not written again, so that a full disk can still be read.
        """
        words = _Words(clean=clean, signed=self._words.signed, store=_identity(self._store) if clean else None)
        if words != self._words:
            self._write(words)
        self._clean = clean

    def _write(self, words: _Words) -> None:
        try:
            write_durably(self._path, msgspec.json.encode(words))
        except OSError as error:
            remedy = "free some space or mend the disk"
            raise StoreError(f"the marks in {self._path} cannot be written: {_said(error)}; {remedy}") from error
        self._words = words


def _identity(store: Path) -> _Identity | None:
    try:
        found = store.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_ctime_ns


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
