"""`comity serve`: the running office."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from comity.interfaces.cli.speech import DONE, complain

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.office.folder import OfficeFolder
    from comity.office.office import Office
    from comity.office.serve import Server

SUMMARY = "run the office until it is told to stop"
TEXT = """Keeps this office's log, its mirrors of the others, and its door for officers, until SIGTERM or
Ctrl-C. It may be stopped or lose its power at any moment: what was acknowledged is on the disk.
What happens is told on stderr. With --page PORT it draws a page on which people at this machine can
see who owes what and how the office stands; nothing can be done there, no other machine reaches it,
and nothing of the private register is on it. Its address ends in a secret that is made once, told on
stderr, and kept in OFFICE/page-path: who has an account here and is not told it reads nothing.
With --feed, or [feeds] in office.toml, it watches live tracks of aircraft against the agreement, in a
process of its own that delays nothing here; tracks never enter a log.

  comity serve OFFICE
  comity serve OFFICE --page 4900               then open the address that it tells, http://127.0.0.1:4900/.../
  comity serve OFFICE --feed roof=sbs://127.0.0.1:30003
  comity serve OFFICE --feed roof=http://127.0.0.1:8080/data/aircraft.json --feed ops=cot+tcp://10.0.0.7:8087"""
TELL_EVERY_S = 0.5
PORT_MOST = 65_535
_PATH_BYTES = 16
_PATH = re.compile("[A-Za-z0-9_-]{20,64}")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity serve`."""
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    parser.add_argument("--page", metavar="PORT", help="draw a status page at this port of 127.0.0.1")
    parser.add_argument(
        "--feed", metavar="NAME=ADDRESS", action="append", default=[], help="watch the tracks that come from there"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serves until told to stop."""
    import asyncio
    from dataclasses import replace
    from functools import partial

    from comity.interfaces.cli.answering import show
    from comity.interfaces.cli.libraries import hear_libraries
    from comity.interfaces.cli.reach import reach
    from comity.interfaces.cli.settings import only_one, open_folder, read_addresses
    from comity.office.page import Page
    from comity.office.serve import ServeOptions, serve

    page_port = _port(args.page) if args.page is not None else None
    folder = open_folder(args.office)
    page = Page(page_port, _drawn, page_path(folder)) if page_port is not None else None
    addresses = read_addresses(folder)
    feeds = _feeds(addresses.feeds, args.feed)
    reach(args.office)  # office.toml and keys are of one office
    host, _, port = addresses.listen.rpartition(":")
    telling: list[asyncio.Task[None]] = []

    def ready(server: Server) -> None:
        office = server.office
        complain(f"the office of {office.participant.id} keeps {office.origin} and listens at {host}:{server.port}")
        if page is not None:
            complain(f"its status page is http://127.0.0.1:{server.page_port}{page.path}")
        telling.append(asyncio.get_running_loop().create_task(tell(server)))

    with only_one(folder):
        hear_libraries()
        peers = addresses.peers
        options = ServeOptions(folder, host, int(port), peers, show=show, page=page, say=complain, ready=ready)
        asyncio.run(serve(replace(options, reread=partial(_peers, folder), watch=watch_command(feeds))))
    complain("stopped")
    return DONE


def _peers(folder: OfficeFolder) -> dict[str, str]:
    from comity.interfaces.cli.settings import read_addresses

    return read_addresses(folder).peers


def watch_command(feeds: Sequence[str], module: str = "comity.interfaces.feeds.process") -> tuple[str, ...] | None:
    """How the process is started that watches these feeds, nothing being loaded from the working folder; None without
    any."""
    import sys

    return (sys.executable, "-P", "-m", module, *feeds) if feeds else None


def _feeds(written: Mapping[str, str], given: Sequence[str]) -> list[str]:
    """What office.toml has and what was given, the given one of two of one name; raises Misuse for what is none."""
    if not written and not given:
        return []
    from comity.interfaces.feeds.addresses import feeds

    both = [f"{name}={address}" for name, address in written.items()]
    names = {text.partition("=")[0] for text in given}
    kept = [*(text for text in both if text.partition("=")[0] not in names), *given]
    for each in feeds(kept):
        if each.scheme == "file" and not each.from_now:
            complain(f"{each.name} has the times of its file; add ?from=now to have it as if it came now")
    return kept


def _drawn(office: Office, failed: Callable[[Exception], None]) -> str:
    from comity.interfaces.status.office_page import page_of

    return page_of(office, office.clock.now_ms(), failed)


def page_path(folder: OfficeFolder) -> str:
    """The end of the page's address, the same at every start; Misuse for a file that holds none."""
    from secrets import token_urlsafe

    from comity.model.errors import Misuse
    from comity.office.blobs import write_durably

    if not folder.page_path.exists():
        write_durably(folder.page_path, token_urlsafe(_PATH_BYTES).encode())
    text = folder.page_path.read_bytes().decode("ascii", "replace").strip()
    if not _PATH.fullmatch(text):
        raise Misuse(f"{folder.page_path} holds no end of an address; remove it, and the next start makes a new one")
    return f"/{text}/"


def _port(text: str) -> int:
    from comity.model.errors import Misuse

    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) <= PORT_MOST:
        raise Misuse(f"{text[:40]!r} is no port; write a number from 1 to {PORT_MOST}, such as --page 4900")
    return int(text)


def _ready(office: Office) -> str:
    if office.logs.first(office.origin) is None:
        return "nothing is signed here yet; the first entry is the root key's: comity keys vote OFFICE --root FILE"
    return "everything may be signed that the agreement lets this office sign"


async def tell(server: Server) -> None:
    """Says on stderr what stops the office, when that ends, and what goes wrong, each once while it is new."""
    import asyncio

    told: set[tuple[int, str]] = set()
    before: str | None = "not asked yet"
    while True:
        office = server.office
        fault, clock_fault = office.fault(), office.clock_fault()
        if fault is None and clock_fault is not None:
            fault = f"{clock_fault}; {office.clock_remedy()}"
        if fault != before:
            complain(f"not everything may be signed: {fault}" if fault is not None else _ready(office))
            before = fault
        for problem in list(office.problems):
            if (problem.at_ms, problem.text) not in told:
                complain(problem.text.replace("\n", "\n  "))  # no text of others begins a line
        told = {(each.at_ms, each.text) for each in office.problems}
        await asyncio.sleep(TELL_EVERY_S)
