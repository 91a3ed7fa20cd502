"""With whom an office speaks: those that the terms in force name.

A text that somebody has proposed, or that some have voted for, opens this office to nobody. Once it is in force the
newcomers in it are served, and begin their logs; who becomes a signatory has been one of the others before. Who has
left gets nothing more. Reads history only; computed anew when a vote on terms was taken or signed.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.model.history import History
from comity.model.known import party_of
from comity.model.records.change import heads, terms_in_force
from comity.model.terms import Participant, Role, Terms


@dataclass(frozen=True, slots=True)
class Others:
    """The other offices by id: `mirrors` hold this log by the terms in force, `peers` are all that are spoken to."""

    terms: Terms | None
    mirrors: frozenset[str]
    peers: dict[str, Participant]


class Standing:
    """The others, as one office's history has them now."""

    def __init__(self, history: History, origin: str) -> None:
        """`origin` is the office's own log."""
        self._history = history
        self._origin = origin
        self._at = -1
        self._votes: tuple[tuple[int, int], ...] | None = None
        self._kept = Others(None, frozenset(), {})

    @property
    def is_named(self) -> bool:
        """Whether any agreed text held here names the own log."""
        return self._origin in self._history.known.participants()

    @property
    def own(self) -> Participant:
        """Who keeps this office; for one that no text held here names yet, as much as its log says."""
        if self.is_named:
            return self._history.known.participant(self._origin)
        name = party_of(self._origin)
        return Participant(id=name, name=name, role=Role.OBSERVER)

    def others(self) -> Others:
        """The others now."""
        count = len(self._history.entries)
        if self._at != count:
            self._at = count
            votes = self._history.now().cut("votes/terms")
            if self._votes != votes:
                self._kept, self._votes = self._computed(), votes
        return self._kept

    def _computed(self) -> Others:
        terms, peers = terms_in_force(self._history.now()), self._pinned(self._in_force())
        return Others(terms, frozenset(peers), peers)

    def _in_force(self) -> list[Terms]:
        """The terms in force, every head of them after a fork; before any are, the founding terms."""
        view = self._history.now()
        found = [view.terms(change.content) for change in heads(view, "terms")]
        return [terms for terms in found if terms is not None] or [self._history.known.founding]

    def _pinned(self, texts: list[Terms]) -> dict[str, Participant]:
        named = [each for terms in texts for each in terms.participant if each.pins is not None]
        return {each.id: each for each in named if each.id != self.own.id}
