"""`comity serve`: the running office."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from comity.interfaces.cli.speech import DONE, complain

if TYPE_CHECKING:
    from comity.office.serve import Server

SUMMARY = "run the office until it is told to stop"
TEXT = """Keeps this office's log, its mirrors of the others, and its door for officers, until SIGTERM or
Ctrl-C. It may be stopped or lose its power at any moment: what was acknowledged is on the disk.
What happens is told on stderr.

  comity serve OFFICE"""
TELL_EVERY_S = 0.5


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity serve`."""
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serves until told to stop."""
    import asyncio

    from comity.interfaces.cli.answering import show
    from comity.interfaces.cli.settings import only_one, open_folder, read_addresses
    from comity.office.serve import ServeOptions, serve

    folder = open_folder(args.office)
    addresses = read_addresses(folder)
    host, _, port = addresses.listen.rpartition(":")
    telling: list[asyncio.Task[None]] = []

    def ready(server: Server) -> None:
        office = server.office
        complain(f"the office of {office.participant.id} keeps {office.origin} and listens at {host}:{server.port}")
        telling.append(asyncio.get_running_loop().create_task(tell(server)))

    with only_one(folder):
        asyncio.run(serve(ServeOptions(folder, host, int(port), addresses.peers, show=show, ready=ready)))
    complain("stopped")
    return DONE


async def tell(server: Server) -> None:
    """Says on stderr what stops the office, when that ends, and what goes wrong, each once while it is new."""
    import asyncio

    told: set[tuple[int, str]] = set()
    before: str | None = "not asked yet"
    while True:
        office = server.office
        fault = office.fault() or office.clock_fault()
        if fault != before:
            complain(f"not everything may be signed: {fault}" if fault is not None else "everything may be signed")
            before = fault
        for problem in list(office.problems):
            if (problem.at_ms, problem.text) not in told:
                complain(problem.text)
        told = {(each.at_ms, each.text) for each in office.problems}
        await asyncio.sleep(TELL_EVERY_S)
