"""Feeds as people name them: NAME=ADDRESS, the address as `office.sky.address` has it."""

from __future__ import annotations

from collections.abc import Sequence

from comity.model.errors import Misuse
from comity.office.sky.address import Wanted, wanted
from comity.office.sky.limits import DEFAULT


def feeds(texts: Sequence[str]) -> tuple[Wanted, ...]:
    """The sources that are written NAME=ADDRESS; raises Misuse."""
    found = []
    for text in texts:
        name, equals, address = text.partition("=")
        if not equals:
            raise Misuse(f"{text[:80]!r} is no feed; write NAME=ADDRESS such as south=sbs://127.0.0.1:30003")
        found.append(wanted(name, address))
    if len({each.name for each in found}) < len(found) or len(found) > DEFAULT.sources_most:
        raise Misuse(f"give at most {DEFAULT.sources_most} feeds, each a name of its own")
    return tuple(found)
