"""One key at a terminal is enough, and the digits of a number belong together."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cli.commands import environment

PROGRAM = (
    "from comity.interfaces.cli.keystroke import keys\n"
    "with keys(True) as pressed:\n"
    "    print('ready', flush=True)\n"
    "    print(repr(pressed(20.0)), flush=True)\n"
)


@pytest.mark.parametrize(("typed", "heard"), [(b"3", "3"), (b"12", "12"), (b"q", "q"), (b"7\n", "7")])
def test_keys_at_a_terminal(typed: bytes, heard: str) -> None:
    """What is pressed is heard without Enter."""
    ours, theirs = os.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdin=theirs, stdout=subprocess.PIPE, env=environment(), text=True
        ) as program:
            assert program.stdout is not None and program.stdout.readline() == "ready\n"
            os.write(ours, typed)
            assert program.stdout.readline() == f"{heard!r}\n"
    finally:
        os.close(ours)
        os.close(theirs)
