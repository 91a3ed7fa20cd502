"""The office's few durable words: in memory for tests and simulations, in a file of their own for a real office.

The file lies apart from the store, on another disk if there is one, and is never part of a backup: a store that was
rolled back then shows against it (law 35).
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


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    clean: bool
    signed: dict[str, _Head]


class FileMarks:
    """Marks in one small file, replaced whole at each change and synced."""

    def __init__(self, path: Path) -> None:
        """Reads the file; one that is not there means that nothing is known, which is no clean stop."""
        self._path = path
        try:
            self._words = msgspec.json.decode(path.read_bytes(), type=_Words)
        except FileNotFoundError:
            self._words = _Words(clean=False, signed={})
        except (OSError, msgspec.DecodeError) as error:
            raise StoreError(f"the marks in {path} cannot be read: {error}; move them away and restore") from None

    def signed(self) -> dict[str, HighWater]:
        """See Marks."""
        return {origin: HighWater(each.size, each.root) for origin, each in self._words.signed.items()}

    def raise_signed(self, origin: str, high: HighWater) -> None:
        """See Marks."""
        signed = self._words.signed | {origin: _Head(high.size, high.root)}
        self._write(_Words(clean=self._words.clean, signed=signed))

    def stopped_cleanly(self) -> bool:
        """See Marks."""
        return self._words.clean

    def set_stopped_cleanly(self, clean: bool) -> None:
        """See Marks. What the file says already is not written again, so that a full disk can still be read."""
        if clean != self._words.clean:
            self._write(_Words(clean=clean, signed=self._words.signed))

    def _write(self, words: _Words) -> None:
        try:
            write_durably(self._path, msgspec.json.encode(words))
        except OSError as error:
            remedy = "free some space or mend the disk"
            raise StoreError(f"the marks in {self._path} cannot be written: {_said(error)}; {remedy}") from error
        self._words = words


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
