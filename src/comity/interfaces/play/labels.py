"""Names for hashes: what a scenario shows instead of the digits of a hash.

An entry is shown by its label, else as log and seq; a joint change and its content by the label of its proposal;
a key by the name it was enrolled with; terms by their edition. Invariant: one text for one history.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from comity.model.acts.agreement import Proposal, TermsPropose
from comity.model.history import History
from comity.model.records.change import change_id

_HASH = re.compile(r"\b[0-9a-f]{8,64}\b")
_LENGTH = 8


class Labels:
    """Labels of entries by hash, both ways."""

    def __init__(self) -> None:
        """Begin with no label."""
        self.by_label: dict[str, str] = {}
        self._by_id: dict[str, str] = {}

    def give(self, label: str, entry_id: str) -> None:
        """Gives an entry a label; a later entry may take it over."""
        self.by_label[label] = entry_id
        self._by_id.setdefault(entry_id, label)

    def of(self, entry_id: str) -> str | None:
        """The label of an entry."""
        return self._by_id.get(entry_id)

    def shown(self, text: str, histories: Iterable[History], keys: dict[str, str]) -> str:
        """The text with every known hash, or beginning of one, replaced by its name; `keys` are names by key."""
        if not _HASH.search(text):
            return text
        names = {key[:_LENGTH]: name for key, name in keys.items()}
        for history in histories:
            self._learn(history, names)
        return _HASH.sub(lambda found: names.get(found[0][:_LENGTH], found[0]), text)

    def _learn(self, history: History, names: dict[str, str]) -> None:
        founding = history.known.founding_hash
        names[founding[:_LENGTH]] = "the founding file"
        for taken in history.entries:
            entry = taken.entry
            party = history.known.participant(entry.origin).id
            name = self._by_id.get(entry.id, f"{party}/{entry.seq}")
            names.setdefault(entry.id[:_LENGTH], name)
            if isinstance(entry.act, Proposal):
                content = entry.act.content()
                names.setdefault(content[:_LENGTH], name)
                names.setdefault(change_id(entry.act.thing, entry.act.after, content)[:_LENGTH], name)
                if isinstance(entry.act, TermsPropose):
                    names.setdefault(content[:_LENGTH], name)
        change = change_id("terms", (), founding)
        names.setdefault(change[:_LENGTH], "the founding file")
