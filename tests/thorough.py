"""How deep a run goes: `make check` sets COMITY_THOROUGH=1, and then every number is the whole one.

Invariant: a short run is as wide. Every law, tooth, scenario and command is in it at least once.
"""

from __future__ import annotations

import os
from typing import TypeVar

THOROUGH = os.environ.get("COMITY_THOROUGH") == "1"

Depth = TypeVar("Depth")


def deep(whole: Depth, short: Depth) -> Depth:
    """The one in `make check`, the other in `make test`."""
    return whole if THOROUGH else short
