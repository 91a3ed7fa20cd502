"""What the watch goes on with when its whole office is started anew, in one small file of the office's folder.

A number is written down as given before anybody reads it, so that it never names another alert, whatever stops the
office. Lost with the file are the numbers, when alerts began, and which silent flights had been seen; no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from comity.office.blobs import write_durably
from comity.views.sky.kept import Kept

AHEAD = 100  # numbers that are written down as given before they are
EVERY_S = 30.0
BYTES_MOST = 4 * 1024 * 1024


@dataclass(slots=True)
class KeptFile:
    """One office's; without a path it keeps nothing."""

    path: Path | None = None
    _given: int = 0
    _written_s: float | None = None

    def read(self) -> Kept:
        """What was kept, or nothing if there is no file or it cannot be read."""
        try:
            if self.path is None or self.path.stat().st_size > BYTES_MOST:
                return Kept()
            kept = msgspec.msgpack.decode(self.path.read_bytes(), type=Kept)
        except (OSError, msgspec.DecodeError):
            return Kept()
        self._given = kept.given
        return kept

    def keep(self, kept: Kept, steady_s: float) -> None:
        """Writes it if numbers run out or it is time; raises OSError."""
        is_due = self._written_s is None or steady_s - self._written_s >= EVERY_S
        if is_due or kept.given > self._given:
            self._written_s = steady_s
            self._write(kept, max(self._given, kept.given + AHEAD))

    def close(self, kept: Kept) -> None:
        """Writes it as it is; raises OSError."""
        self._write(kept, kept.given)

    def _write(self, kept: Kept, given: int) -> None:
        if self.path is None:
            return
        report = msgspec.structs.replace(kept.report, tracks=(), sources=())
        write_durably(self.path, msgspec.msgpack.encode(msgspec.structs.replace(kept, report=report, given=given)))
        self._given = given
