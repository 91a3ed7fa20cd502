"""The terms that a history has read: the founding file, and every text that was proposed in an entry."""

from __future__ import annotations

import hashlib

from comity.model.acts import Act
from comity.model.acts.agreement import TermsPropose
from comity.model.errors import Malformed
from comity.model.terms import Participant, Role, Terms
from comity.model.terms_file import parse_terms


class KnownTerms:
    """Texts by hash, and which participant keeps which log; grows with the entries that are taken."""

    def __init__(self, founding: bytes) -> None:
        parsed = parse_terms(founding)
        if not isinstance(parsed, Terms):
            raise Malformed(f"the founding file is not an agreement: {parsed[0]}; run comity agreement check on it")
        self.founding_hash = hashlib.sha256(founding).hexdigest()
        self.founding = parsed
        self._terms = {self.founding_hash: parsed}
        self._participants: dict[str, Participant] = {}
        self._add_participants(parsed)
        if not self._participants:
            raise Malformed("the founding file pins no logs; complete it with comity init")

    def terms(self, digest: str) -> Terms | None:
        """The terms with that hash (hex), if their text is known."""
        return self._terms.get(digest)

    def participant(self, origin: str) -> Participant:
        """Who keeps that log; the log must be named."""
        return self._participants[origin]

    def names_origin(self, origin: str) -> bool:
        """Whether any known terms name that log."""
        return origin in self._participants

    def learn(self, act: Act) -> None:
        """Reads the text of an admitted proposal of terms."""
        if not isinstance(act, TermsPropose):
            return
        parsed = parse_terms(act.text.encode())
        assert isinstance(parsed, Terms), "the judge admits only texts that parse"
        self._terms[act.content()] = parsed
        self._add_participants(parsed)

    def signatories(self, terms: Terms) -> frozenset[str]:
        """The ids of the participants whose votes and consents those terms require."""
        return frozenset(each.id for each in terms.participant if each.role is Role.SIGNATORY)

    def _add_participants(self, terms: Terms) -> None:
        for participant in terms.participant:
            if participant.pins is not None:
                self._participants.setdefault(participant.pins.origin, participant)
