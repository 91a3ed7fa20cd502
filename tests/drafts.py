"""Founding drafts and seeded bytes: the parts that tests of several rooms make their agreements of.

`agreement/samples.py` keeps a whole file of its own, since its tests spoil it line by line.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence

ALL_OF_IT = """
[[clause]]
id = "1"
title = "All of it"
text = "The parties keep what they sign."
status = "enforced"
governs = [{governs}]
answered_by = ["duty"]
"""
FLOOR = """
[floor]
clause = "1"
keeps = ["duty"]
"""


def head(id: str, title: str, two_officers: Sequence[str] = ()) -> str:
    """The lines before the first table."""
    lines = ["comity = 1", f'id = "{id}"', f'title = "{title}"', "edition = 1", "rules = 1"]
    lines.append('source = "made for tests"')
    if two_officers:
        lines.append(f"two_officers = [{_quoted(two_officers)}]")
    return "\n".join(lines) + "\n"


def participant(name: str) -> str:
    """A participant: `centre` is the centre, anyone else a signatory."""
    role = "centre" if name == "centre" else "signatory"
    return f'\n[[participant]]\nid = "{name}"\nname = "{name.title()}"\nrole = "{role}"\n'


def seat(id: str, at: Sequence[str]) -> str:
    """A seat that may sign everything."""
    return f'\n[[seat]]\nid = "{id}"\nname = "{id.title()} officer"\nat = [{_quoted(at)}]\nmay = ["*"]\n'


def all_of_it(governs: Sequence[str]) -> str:
    """One clause for everything, and the floor."""
    return ALL_OF_IT.format(governs=_quoted(governs))


class SeededRandomness:
    """The same bytes for the same seed. Satisfies `ports.Randomness`."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = itertools.count()

    def bytes(self, count: int) -> bytes:
        """The next bytes, 64 at most."""
        return hashlib.sha512(f"{self._seed} {next(self._count)}".encode()).digest()[:count]


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
