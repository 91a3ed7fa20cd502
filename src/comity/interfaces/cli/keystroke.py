"""Keys as they are pressed, where there is a keyboard, without waiting for Enter; digits in a row are one number."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

ENTER, UP, DOWN = "enter", "up", "down"
GONE = "q"  # nobody is at the keyboard any more
BETWEEN_S = 0.7  # between the digits of one number
AT_ONCE_S = 0.05  # between the bytes of one key
NAMES = {"\n": ENTER, "\r": ENTER, "\x1b[A": UP, "\x1b[B": DOWN, "\x1bOA": UP, "\x1bOB": DOWN}


@dataclass(slots=True)
class Keyboard:
    """What was pressed, one key at a time; `asking` gives the lines back to whoever asks questions meanwhile."""

    asking: Callable[[], AbstractContextManager[object]]
    is_there: bool
    _waiting: list[str] = field(default_factory=list)

    def pressed(self, seconds: float) -> str:
        """The next key or number, waiting so long at most; "" if there was none."""
        if not self.is_there:
            time.sleep(seconds)
            return ""
        key = self._next(seconds)
        if not key.isdecimal():
            return NAMES.get(key, key)
        while (more := self._next(BETWEEN_S)).isdecimal():
            key += more
        if more and NAMES.get(more) != ENTER:
            self._waiting.append(more)
        return key

    def _next(self, seconds: float) -> str:
        """One key: a sign, or what a key with an arrow sends."""
        if self._waiting:
            return self._waiting.pop(0)
        key = _byte(seconds)
        while key.startswith("\x1b") and len(key) < 3 and (more := _byte(AT_ONCE_S)):
            key += more
        return key


@contextmanager
def keys(is_live: bool) -> Iterator[Keyboard]:
    """A keyboard that hears single keys, if `is_live` and there is one; then all is as it was before."""
    if not is_live or not sys.stdin.isatty():
        yield Keyboard(nullcontext, False)
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)

    @contextmanager
    def asking() -> Iterator[None]:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        try:
            yield
        finally:
            tty.setcbreak(sys.stdin)

    tty.setcbreak(sys.stdin)
    try:
        yield Keyboard(asking, True)
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _byte(seconds: float) -> str:
    if not select.select([sys.stdin], [], [], seconds)[0]:
        return ""
    return os.read(sys.stdin.fileno(), 1).decode(errors="replace") or GONE
