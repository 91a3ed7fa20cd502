"""The terms that a history has read: the founding file, and every text that was proposed in an entry."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from comity.model.acts.agreement import TermsPropose, Vote
from comity.model.entry import Entry
from comity.model.errors import Malformed
from comity.model.terms import Participant, Terms
from comity.model.terms_file import parse_terms

_parsed = lru_cache(maxsize=16)(parse_terms)  # the same bytes are the same terms, and every start reads them again


class KnownTerms:
    """Texts by hash, and who keeps which log; grows with the entries that are taken.

    A text pins keys once it is agreed: by the founding file, on paper, or by the vote of every signatory of the terms
    that it would replace, in one round. No proposal of one party, or of some, names a log for everybody: before all
    have voted its logs are nobody's, and an entry 0 there, for which everything agreed must be in its past, is
    malformed (laws 2, 13). So of two texts that name one log with different keys at most one ever counts: of two
    contents in one round only one can have the vote of an honest signatory, and agreed terms keep the pins of every
    log that was in force before. Who becomes a signatory has a log by then, and its vote in it comes first.
    """

    def __init__(self, founding: bytes) -> None:
        parsed = _parsed(founding)
        if not isinstance(parsed, Terms):
            raise Malformed(f"the founding file is not an agreement: {parsed[0]}; run comity agreement check on it")
        self.founding_hash = hashlib.sha256(founding).hexdigest()
        self.founding = parsed
        self._terms = {self.founding_hash: parsed}
        self._keepers = {self.founding_hash: _keepers(parsed)}
        self._participants = self._keepers[self.founding_hash]
        self._votes: list[Entry] = []
        if not self._participants:
            raise Malformed("the founding file pins no logs; complete it with comity init")

    def terms(self, digest: str) -> Terms | None:
        """The terms with that hash (hex), if their text is known."""
        return self._terms.get(digest)

    def participant(self, origin: str) -> Participant:
        """Who keeps that log, by the first agreed text read here that names it: for keys, never for a verdict."""
        return self._participants[origin]

    def participants(self) -> Mapping[str, Participant]:
        """Every log that an agreed text names, with its keeper."""
        return self._participants

    def pins(self, digest: str, origin: str) -> bool:
        """Whether the terms with that hash (hex) name that log."""
        return origin in self._keepers.get(digest, ())

    def names_log(self, votes: Iterable[Entry], origin: str) -> bool:
        """Whether the founding file names that log, or terms agreed by those admitted votes about terms."""
        return any(self.pins(digest, origin) for digest in (self.founding_hash, *self._agreed(votes)))

    def learn(self, entry: Entry) -> None:
        """Reads an admitted proposal of terms, or a vote about terms."""
        act = entry.act
        if isinstance(act, TermsPropose):
            parsed = _parsed(act.text.encode())
            assert isinstance(parsed, Terms), "the judge admits only texts that parse"
            self._terms[act.content()] = parsed
            self._keepers[act.content()] = _keepers(parsed)
        elif isinstance(act, Vote) and act.thing == "terms" and act.content is not None:
            self._votes.append(entry)
            for digest in self._agreed(self._votes):
                self._participants = self._keepers[digest] | self._participants

    def _agreed(self, votes: Iterable[Entry]) -> list[str]:
        groups: dict[tuple[str, tuple[str, ...], int, str], set[str]] = defaultdict(set)
        for entry in votes:
            act = entry.act
            if isinstance(act, Vote) and act.content is not None:
                groups[(entry.header.terms, tuple(sorted(act.after)), act.round, act.content)].add(
                    party_of(entry.origin)
                )
        return [key[3] for key, voters in groups.items() if voters >= self._signatories(key[0])]

    def _signatories(self, digest: str) -> set[str]:
        terms = self._terms.get(digest)
        assert terms is not None, "a vote is admitted under terms whose text is in its past"
        return set(terms.signatories)


@lru_cache(maxsize=4096)
def party_of(origin: str) -> str:
    """The id of the participant that keeps a log: the second part of its origin, as the terms check demands."""
    return origin.split("/", 2)[1] if "/" in origin else origin


def _keepers(terms: Terms) -> dict[str, Participant]:
    return {each.pins.origin: each for each in terms.participant if each.pins is not None}
