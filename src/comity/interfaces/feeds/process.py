"""The watch over the air as a process: `python -m comity.interfaces.feeds.process NAME=ADDRESS ...`.

Only `comity serve` starts it; see `office.sky.process`. Its office's clock is the machine's.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from comity.interfaces.feeds.addresses import feeds
from comity.interfaces.feeds.formats import FORMATS
from comity.office.folder import SYSTEM_CLOCK
from comity.office.ports import Clock
from comity.office.sky.process import live


def main(clock: Clock = SYSTEM_CLOCK, texts: Sequence[str] | None = None) -> None:
    """Runs until its office is gone."""
    live(feeds(sys.argv[1:] if texts is None else texts), FORMATS, clock)


if __name__ == "__main__":
    main()
