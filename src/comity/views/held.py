"""Why a start or a clearance is shown as held: what flags it, in words that name who did what (laws 16, 26, 32, 33)."""

from __future__ import annotations

from collections.abc import Iterable

from comity.model.acts.agreement import Vote
from comity.model.history import Taken
from comity.model.known import party_of

HOLDING = frozenset({"concurrent", "late", "early", "forked", "compromised"})
CAUSES_SHOWN = 3


def held_text(what: str, words: Iterable[str], acts: Iterable[Taken], circumstances: Iterable[str]) -> str:
    """The condition that is read before anything else: which flags, raised by whose acts, and what is nobody's act."""
    by = [*dict.fromkeys([*(_cause(each) for each in acts), *circumstances])]
    listed = "; ".join(by[:CAUSES_SHOWN]) + (f"; {len(by) - CAUSES_SHOWN} more" if len(by) > CAUSES_SHOWN else "")
    because = f" ({listed})" if listed else ""
    return f"held, under review: its {what} is {', '.join(sorted(words))}{because}"


def _cause(taken: Taken) -> str:
    act = taken.entry.act
    on = f" on {act.thing}" if isinstance(act, Vote) else ""
    return f"{taken.entry.header.act} of {party_of(taken.entry.origin)}{on}"
