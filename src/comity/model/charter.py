"""The words that Comity does not speak, and how to find one: it restrains, so its texts name no aim.

This is the one file that may hold them; every other place asks here.
"""

from __future__ import annotations

import re
from itertools import pairwise

CHARTER_WORDS: tuple[str, ...] = ("target", "engage", "kill", "nominate", "strike package", "enemy")

_FORMS: dict[str, str] = {
    "target": "target targets targeted targeting",
    "engage": "engage engages engaged engaging engagement engagements",
    "kill": "kill kills killed killing",
    "nominate": "nominate nominates nominated nominating nomination nominations",
    "enemy": "enemy enemies",
}
_WORD_OF: dict[str, str] = {form: word for word, forms in _FORMS.items() for form in forms.split()} | {
    "strike package": "strike package",
    "strike packages": "strike package",
}
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def charter_word(text: str) -> str | None:
    """The first word of the charter's list in `text`, in any form or case, also as a part of a name; else None."""
    parts = [part.lower() for part in _PART.findall(text)]
    pairs = (f"{first} {second}" for first, second in pairwise(parts))
    return next((_WORD_OF[phrase] for phrase in [*parts, *pairs] if phrase in _WORD_OF), None)
