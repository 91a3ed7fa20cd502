"""What a party's officers said about tracks: ties made and broken, alerts acknowledged.

An office goes by the words of its own officers alone: nobody else's makes a track on its screen what it is not.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.model.acts.tracks import AlertAcknowledge, TrackTie
from comity.model.history import Taken, View
from comity.model.known import party_of

Pair = tuple[str, str]  # identity, hash of the flight's declaration or of the movement's request


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs that were made, and pairs that were broken: of each the newest word."""

    made: frozenset[Pair]
    broken: frozenset[Pair]


def ties_said(view: View, party: str) -> Ties:
    """The ties of one party's officers."""
    newest: dict[Pair, bool] = {}
    for taken in view.about("ties"):
        act = taken.entry.act
        if isinstance(act, TrackTie) and party_of(taken.entry.origin) == party:
            newest[(act.identity, act.flight)] = act.tied
    made = frozenset(pair for pair, tied in newest.items() if tied)
    return Ties(made, frozenset(newest) - made)


def acknowledged(view: View, party: str, since_ms: int) -> dict[tuple[str, ...], Taken]:
    """The newest acknowledgement of each alert that began at `since_ms` or later, by (kind, thing, identities)."""
    found = {}
    for taken in view.about("alerts"):
        act = taken.entry.act
        if isinstance(act, AlertAcknowledge) and party_of(taken.entry.origin) == party and act.began_ms >= since_ms:
            found[(act.kind, act.thing, *act.identities)] = taken
    return found
