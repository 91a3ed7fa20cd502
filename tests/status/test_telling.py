"""What an office writes to its stderr while it runs: texts of others in it move no screen and forge no line."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from types import SimpleNamespace
from typing import Any, cast

import pytest

from comity.interfaces.cli.libraries import hear_libraries
from comity.interfaces.cli.serve import tell
from office.offices import opened


def test_a_peer_writes_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    """What a peer answered clears the screen of who watches an office, or reads like a line of the office itself."""
    office = opened()[0].desks["north"].office
    office.note_problem("south answered 500: \x1b[2J\u202e\ncomity: all is well", "south")

    async def watched() -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(tell(cast(Any, SimpleNamespace(office=office))), 0.01)

    asyncio.run(watched())
    assert "comity: south answered 500: \\u001b[2J\\u202e\ncomity:   comity: all is well\n" in capsys.readouterr().err


def test_libraries_write_no_signs(capsys: pytest.CaptureFixture[str]) -> None:
    """A library names the nonsense that a peer sent it, as it was sent."""
    kept, level = logging.root.handlers[:], logging.root.level
    try:
        hear_libraries()
        logging.getLogger("aiohttp.server").error("bad request: %s", "\x1b[2J")
    finally:
        logging.root.handlers[:] = kept
        logging.root.setLevel(level)
    assert capsys.readouterr().err == "comity: ERROR:aiohttp.server:bad request: \\u001b[2J\n"
