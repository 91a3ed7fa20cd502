"""With whom an office speaks: those that the terms in force name, and those whom all their signatories have let in.

A text that somebody has proposed, or that some have voted for, opens this office to nobody. Once every signatory of the
terms in force has voted for it, the newcomers in it are served, so that they can read what they are to vote on. Who has
left gets nothing more. Reads history only; computed anew when a vote on terms was taken or signed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from comity.model.history import History
from comity.model.known import party_of
from comity.model.records.change import heads, terms_in_force, votes_on
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
        terms, mirrors = terms_in_force(self._history.now()), self._pinned(self._in_force())
        return Others(terms, frozenset(mirrors), self._pinned(self._agreed()) | mirrors)

    def _in_force(self) -> list[Terms]:
        """The terms in force, every head of them after a fork; before any are, the founding terms."""
        view = self._history.now()
        found = [view.terms(change.content) for change in heads(view, "terms")]
        return [terms for terms in found if terms is not None] or [self._history.known.founding]

    def _agreed(self) -> list[Terms]:
        """The texts that lack nothing but the votes of the newcomers in them to follow the terms in force."""
        view = self._history.now()
        after = sorted(change.id for change in heads(view, "terms"))
        voters: dict[tuple[str, int, str], set[str]] = defaultdict(set)
        for vote, taken in votes_on(view, "terms"):
            if vote.content is not None and sorted(vote.after) == after:
                voters[taken.entry.header.terms, vote.round, vote.content].add(party_of(taken.entry.origin))
        found = []
        for (under, _, content), parties in voters.items():
            old, new = view.terms(under), view.terms(content)
            if old is not None and new is not None and parties >= set(old.signatories):
                found.append(new)
        return found

    def _pinned(self, texts: list[Terms]) -> dict[str, Participant]:
        named = [each for terms in texts for each in terms.participant if each.pins is not None]
        return {each.id: each for each in named if each.id != self.own.id}
