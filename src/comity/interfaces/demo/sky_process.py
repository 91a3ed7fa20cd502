"""The watch over the air of one office of the demo: `... sky_process CLOCK NAME=ADDRESS`, on the drill's clock.

The offices of the demo share a machine: they take turns in making ready, so that all is compiled once and not thrice.
"""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.interfaces.demo.drill_clock import DrillClock
from comity.interfaces.feeds.addresses import feeds
from comity.interfaces.feeds.formats import FORMATS
from comity.office.sky.process import live


def main() -> None:
    """Runs until its office is gone."""
    clock, *texts = sys.argv[1:]
    live(feeds(texts), FORMATS, DrillClock(Path(clock)), _turn(Path(clock)))


@contextmanager
def _turn(clock: Path) -> Iterator[None]:
    with clock.with_name("compiling").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main()
