"""What officers said about tracks: ties made and broken, alerts acknowledged.

An office goes by the words of its own officers alone: nobody else's makes a track on its screen what it is not, or
quietens an alert there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from comity.model.acts.tracks import AlertAcknowledge, TrackTie
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.officers import compromised_since
from comity.model.spans import SECOND_MS

IDENTITIES_MOST, THING_MOST = 16, 130  # as alert.acknowledge can hold them
Pair = tuple[str, str]  # identity, hash of the flight's declaration or of the movement's request
AlertKey = tuple[str, ...]  # kind, thing, identities


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


def alert_key(kind: str, thing: str, identities: Iterable[str]) -> AlertKey:
    """What names an alert and its acknowledgement alike: the identities in any order, cut as the act can hold them.

    A comma parts identities, for that is how an officer writes them.
    """
    parted = sorted(",".join(identities).split(","))[:IDENTITIES_MOST]
    return (kind, thing[:THING_MOST], *parted)


def acknowledgements(view: View, since_ms: int) -> Mapping[AlertKey, Sequence[Taken]]:
    """All acknowledgements signed at `since_ms` or later, by anyone, by the alert that they name; the oldest first.

    One that was signed with a key in other hands acknowledges nothing, since it would quieten a screen.
    """
    found: dict[AlertKey, list[Taken]] = {}
    for taken in sorted(view.since("alerts", since_ms), key=attrgetter("order")):
        act = taken.entry.act
        if isinstance(act, AlertAcknowledge) and not compromised_since(view, taken):
            found.setdefault(alert_key(act.kind, act.thing, act.identities), []).append(taken)
    return found


def is_of(taken: Taken, since_ms: int) -> bool:
    """Whether an acknowledgement is of an alert that began at `since_ms`: in the same second, as people write times.

    Of an alert that ended and began anew it is none: that is another, which nobody has seen.
    """
    act = taken.entry.act
    return isinstance(act, AlertAcknowledge) and act.began_ms // SECOND_MS == since_ms // SECOND_MS
