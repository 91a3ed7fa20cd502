"""One office of the demo as a process of its own: `python -m comity.interfaces.demo.process`; not for real offices.

The same loop as `comity serve`; only the clock is the drill's, and the page says so.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from comity.interfaces.demo.drill_clock import DrillClock
from comity.interfaces.status.page import OfficeState, status_page
from comity.office.folder import OfficeFolder
from comity.office.office import Office
from comity.office.serve import Page, ServeOptions, serve
from comity.views.board import time_text

HOST = "127.0.0.1"


def main() -> None:
    """Runs until it is told to stop."""
    parser = argparse.ArgumentParser(prog="comity demo office", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clock", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--page", type=int, required=True)
    parser.add_argument("--peer", action="append", default=[], metavar="ID=HOST:PORT")
    given = parser.parse_args()
    clock = DrillClock(given.clock)
    addresses = dict(each.split("=", 1) for each in given.peer)
    page = Page(given.page, lambda office: _page(office, clock.now_ms()))
    asyncio.run(serve(ServeOptions(OfficeFolder(given.folder), HOST, given.port, addresses, clock=clock, page=page)))


def _page(office: Office, now_ms: int) -> str:
    who = office.participant
    heads = {branch.origin: branch.size for branch in office.logs.branches}
    problems = [f"{time_text(each.at_ms)} {each.text}" for each in office.problems][-3:]
    state = OfficeState(who.id, who.name, who.role.value, heads, problems, office.fault(), drill=True)
    return status_page(office.view(), state, now_ms)


if __name__ == "__main__":
    main()
