"""Which acts each version of the rules has, and what this software lacks of them (law 14).

Invariant: what a known version says never changes. An entry under a version that is not here is neither admitted nor
refused: it is unjudged, has no effect, and is judged when newer software starts. With such an entry in the past
nothing but a restraint, a key or a receipt can be judged, since anything else may rest on what cannot be read.

Nothing is unjudged before a version that is lacking is in force: whether terms may be proposed and voted for is a
question to the version that is in force then, and its answer does not look at the version that they name. So no text
that one party writes can stop an office. Terms of a later version are therefore proposed in a form that the earlier
one reads; what only the later reads comes in an edition after, when the later is in force.
"""

from __future__ import annotations

from comity.model.acts import WIRE, Nature
from comity.model.history import View
from comity.model.terms import Terms

VERSIONS: dict[int, frozenset[tuple[str, int]]] = {1: frozenset(WIRE)}
JUDGED_BLINDLY = frozenset({Nature.RESTRAINT, Nature.KEY, Nature.WATCH})


def lacking(view: View, terms: Terms) -> str | None:
    """What this software would need to judge an entry with that past under those terms, or None: it has all."""
    if terms.rules not in VERSIONS:
        return f"rules version {terms.rules}"
    first = view.first_unjudged()
    return None if first is None else f"{first.entry.origin} {first.entry.seq}, on which it builds"
