"""One office of the demo as a process of its own: `python -m comity.interfaces.demo.process`; not for real offices.

The same loop as `comity serve`; only the clock is the drill's, and the page says so.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from comity.interfaces.cli.answering import show
from comity.interfaces.cli.speech import complain
from comity.interfaces.demo.drill_clock import DrillClock
from comity.interfaces.status.office_page import page_of
from comity.office.folder import OfficeFolder
from comity.office.page import Page
from comity.office.serve import ServeOptions, serve

HOST = "127.0.0.1"
WATCH = "comity.interfaces.demo.sky_process"


def main() -> None:
    """Runs until it is told to stop."""
    parser = argparse.ArgumentParser(prog="comity demo office", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clock", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--page", type=int, required=True)
    parser.add_argument("--peer", action="append", default=[], metavar="ID=HOST:PORT")
    parser.add_argument("--feed", metavar="NAME=ADDRESS")
    given = parser.parse_args()
    clock = DrillClock(given.clock)
    addresses = dict(each.split("=", 1) for each in given.peer)
    page = Page(given.page, lambda office, failed: page_of(office, clock.now_ms(), failed, drill=True))
    folder = OfficeFolder(given.folder)
    options = ServeOptions(folder, HOST, given.port, addresses, clock=clock, page=page, show=show, say=complain)
    if given.feed is not None:
        options = replace(options, watch=(sys.executable, "-P", "-m", WATCH, str(given.clock), given.feed))
    asyncio.run(serve(options))


if __name__ == "__main__":
    main()
