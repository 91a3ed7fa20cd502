"""Keys as they are pressed, where there is a keyboard, without waiting for Enter; digits in a row are one number."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ENTERS = ("\n", "\r")
GONE = "q"  # nobody is at the keyboard any more
BETWEEN_S = 0.7  # between the digits of one number


@contextmanager
def keys(is_live: bool) -> Iterator[Callable[[float], str]]:
    """Gives a function that waits so many seconds at most and gives what was pressed; then all is as it was before."""
    if not is_live or not sys.stdin.isatty():
        yield _none
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield _pressed
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _pressed(seconds: float) -> str:
    typed = ""
    while select.select([sys.stdin], [], [], BETWEEN_S if typed else seconds)[0]:
        key = os.read(sys.stdin.fileno(), 1).decode(errors="replace")
        if not key:
            return GONE
        if key in ENTERS:
            break
        typed += key
    return typed


def _none(seconds: float) -> str:
    time.sleep(seconds)
    return ""
