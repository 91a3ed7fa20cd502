"""The terms that a history has read: the founding file, and every text that was proposed in an entry."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from comity.model.acts import Act
from comity.model.acts.agreement import TermsPropose
from comity.model.errors import Malformed
from comity.model.terms import Participant, Terms
from comity.model.terms_file import parse_terms

_parsed = lru_cache(maxsize=16)(parse_terms)  # the same bytes are the same terms, and every start reads them again


class KnownTerms:
    """Texts by hash, and which participant keeps which log; grows with the entries that are taken."""

    def __init__(self, founding: bytes) -> None:
        parsed = _parsed(founding)
        if not isinstance(parsed, Terms):
            raise Malformed(f"the founding file is not an agreement: {parsed[0]}; run comity agreement check on it")
        self.founding_hash = hashlib.sha256(founding).hexdigest()
        self.founding = parsed
        self._terms = {self.founding_hash: parsed}
        self._participants: dict[str, Participant] = {}
        self._origins: dict[str, frozenset[str]] = {}
        self._add_participants(self.founding_hash, parsed)
        if not self._participants:
            raise Malformed("the founding file pins no logs; complete it with comity init")

    def terms(self, digest: str) -> Terms | None:
        """The terms with that hash (hex), if their text is known."""
        return self._terms.get(digest)

    def participant(self, origin: str) -> Participant:
        """Who keeps that log, by the first text read here that names it: for finding keys, never for a verdict."""
        return self._participants[origin]

    def pins(self, digest: str, origin: str) -> bool:
        """Whether the terms with that hash (hex) name that log."""
        return origin in self._origins.get(digest, ())

    def learn(self, act: Act) -> None:
        """Reads the text of an admitted proposal of terms."""
        if not isinstance(act, TermsPropose):
            return
        parsed = _parsed(act.text.encode())
        assert isinstance(parsed, Terms), "the judge admits only texts that parse"
        self._terms[act.content()] = parsed
        self._add_participants(act.content(), parsed)

    def _add_participants(self, digest: str, terms: Terms) -> None:
        pinned = {each.pins.origin: each for each in terms.participant if each.pins is not None}
        self._origins[digest] = frozenset(pinned)
        self._participants = pinned | self._participants


def party_of(origin: str) -> str:
    """The id of the participant that keeps a log: the second part of its origin, as the terms check demands."""
    return origin.split("/", 2)[1] if "/" in origin else origin
