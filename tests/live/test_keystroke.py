"""One key at a terminal is enough, and the digits of a number belong together."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cli.commands import environment

PROGRAM = (
    "import sys\n"
    "from comity.interfaces.cli.keystroke import keys\n"
    "with keys(True) as keyboard:\n"
    "    print('ready', flush=True)\n"
    "    for _ in range(int(sys.argv[1])): print(keyboard.pressed(20.0), flush=True)\n"
)


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        (b"3", ["3"]),
        (b"12", ["12"]),
        (b"q", ["q"]),
        (b"7\n", ["7"]),
        (b"\n", ["enter"]),
        (b"12ad", ["12", "a", "d"]),
        (b"\x1b[A\x1b[Bj", ["up", "down", "j"]),
    ],
)
def test_keys_at_a_terminal(typed: bytes, heard: list[str]) -> None:
    """What is pressed is heard without Enter, each key for itself."""
    ours, theirs = os.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(len(heard))],
            stdin=theirs,
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        ) as program:
            assert program.stdout is not None and program.stdout.readline() == "ready\n"
            os.write(ours, typed)
            assert [program.stdout.readline().rstrip() for _ in heard] == heard
    finally:
        os.close(ours)
        os.close(theirs)
