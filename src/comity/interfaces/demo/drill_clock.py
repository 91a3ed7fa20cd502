"""A drill's clock: the machine's clock and a number of milliseconds ahead, read from a small file at each look.

The one who plays writes the file; three processes read it, so a day passes in minutes and all agree on the hour.
"""

from __future__ import annotations

import os
from pathlib import Path

from comity.office.folder import SystemClock


class DrillClock:
    """Satisfies `ports.Clock`."""

    def __init__(self, path: Path) -> None:
        """The file must exist: see `set_ahead`."""
        self._path = path
        self._clock = SystemClock()
        self._began_ahead_ms = self._ahead_ms()

    def now_ms(self) -> int:
        """Milliseconds UTC of the drill."""
        return self._clock.now_ms() + self._ahead_ms()

    def steady_ms(self) -> int:
        """Milliseconds of the drill that never step back, as long as the file only moves on."""
        return self._clock.steady_ms() + self._ahead_ms() - self._began_ahead_ms

    def set_now(self, now_ms: int) -> None:
        """From here on it is that time, and goes on from it."""
        set_ahead(self._path, now_ms - self._clock.now_ms())

    def _ahead_ms(self) -> int:
        return int(self._path.read_text("ascii"))


def set_ahead(path: Path, ahead_ms: int) -> None:
    """Writes the file whole, so that no reader sees half a number."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(str(ahead_ms), "ascii")
    os.replace(fresh, path)
