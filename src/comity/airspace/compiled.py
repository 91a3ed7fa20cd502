"""Compiles the arithmetic of the sky. Only what works on many tracks imports this: it loads numba.

The compiled code is kept beside the source, or in the user's cache, so that a machine waits for it once; where neither
may be written it is compiled anew in each process. What is kept is renewed when its own file changes and no other, so
compiled functions call only compiled functions of their own file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.event import Event, Listener, install_listener

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function, compiled at its first call; exact IEEE arithmetic, no threads of its own."""
    try:
        return cast(F, njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # nowhere to keep it
        return cast(F, njit(nogil=True, error_model="numpy")(function))


@contextmanager
def announced(say: Callable[[], object]) -> Iterator[None]:
    """While this lasts, `say` is called once, before the first function that must be compiled; never if none must."""
    with install_listener("numba:compile", _Once(say)):
        yield


class _Once(Listener):
    """Calls back at the first start of a compilation."""

    def __init__(self, say: Callable[[], object]) -> None:
        self._say: Callable[[], object] | None = say

    def on_start(self, event: Event) -> None:
        say, self._say = self._say, None
        if say is not None:
            say()

    def on_end(self, event: Event) -> None:
        """Nothing is said at the end."""
