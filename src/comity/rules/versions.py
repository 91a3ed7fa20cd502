"""Which acts each version of the rules has, and what this software lacks of them (law 14).

Invariant: what a known version says never changes. An entry under a version that is not here is neither admitted nor
refused: it is unjudged, has no effect, and is judged when newer software starts. With such an entry in the past
nothing but a restraint, a key or a receipt can be judged, since anything else may rest on what cannot be read.
"""

from __future__ import annotations

import re

from comity.model.acts import WIRE, Nature
from comity.model.history import View
from comity.model.terms import Terms

VERSIONS: dict[int, frozenset[tuple[str, int]]] = {1: frozenset(WIRE)}
FORMATS = frozenset({1})
JUDGED_BLINDLY = frozenset({Nature.RESTRAINT, Nature.KEY, Nature.WATCH})

_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_NUMBER = re.compile(r"^[ \t]*(comity|rules)[ \t]*=[ \t]*([0-9]{1,9})[ \t]*(?:#.*)?$", re.MULTILINE)


def lacking(view: View, terms: Terms) -> str | None:
    """What this software would need to judge an entry with that past under those terms, or None: it has all."""
    if terms.rules not in VERSIONS:
        return f"rules version {terms.rules}"
    first = view.first_unjudged()
    return None if first is None else f"{first.entry.origin} {first.entry.seq}, on which it builds"


def lacking_for_text(text: str) -> str | None:
    """The same for a text of terms that cannot be read: the version of the format or the rules that it names."""
    table = _TABLE.search(text)
    known = {"comity": FORMATS, "rules": VERSIONS.keys()}
    for name, number in _NUMBER.findall(text[: table.start()] if table is not None else text):
        if int(number) not in known[name]:
            return f"{'format' if name == 'comity' else 'rules'} version {number}"
    return None
