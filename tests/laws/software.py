"""Software of two ages: the newer has rules version 2, whose one more act takes a consent back; the older has not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from comity.model import entry as entries
from comity.model.acts import WIRE
from comity.model.acts.operations import OperationWithdraw
from comity.rules.versions import VERSIONS

LATER = (OperationWithdraw.name, OperationWithdraw.version)
FIRST_RULES = frozenset(WIRE) - {LATER}


@contextmanager
def newer() -> Iterator[None]:
    """This process is the newer software."""
    with patch.dict(VERSIONS, {1: FIRST_RULES, 2: frozenset(WIRE)}):
        yield


@contextmanager
def older() -> Iterator[None]:
    """This process is the older software: it can neither read the act nor judge by rules version 2."""
    with ExitStack() as stack:
        stack.enter_context(patch.dict(VERSIONS, {1: FIRST_RULES}, clear=True))
        readable = {wire: decode for wire, decode in entries._decode_bodies.items() if wire != LATER}
        stack.enter_context(patch.dict(entries._decode_bodies, readable, clear=True))
        yield
