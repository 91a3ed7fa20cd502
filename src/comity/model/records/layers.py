"""The versions of private layers of protected things that offices have stated in a view (J2)."""

from __future__ import annotations

from comity.model.acts.duty import Layer
from comity.model.history import Taken, View
from comity.model.known import party_of


def newest_layers(view: View, party: str) -> dict[str, tuple[Layer, Taken]]:
    """The newest version of each layer of one office, and the entry that states it."""
    found: dict[str, tuple[Layer, Taken]] = {}
    for taken in view.about("layers"):
        act = taken.entry.act
        if isinstance(act, Layer) and party_of(taken.entry.origin) == party:
            found[act.layer] = (act, taken)
    return found
