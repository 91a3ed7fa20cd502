"""Compiles the arithmetic of the sky. Only what works on many tracks imports this: it loads numba.

The compiled code is kept beside the source, or in the user's cache, so that a machine waits for it once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function, compiled at its first call; exact IEEE arithmetic, no threads of its own."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy")(function))
