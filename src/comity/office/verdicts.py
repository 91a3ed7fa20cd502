"""The verdicts that a store keeps, and what newer software made of those that it could not give (law 14).

A mark beside a leaf never changes. So where an entry was not judged, it and all that came after it are judged anew at
each start, and what comes out otherwise than its mark says is kept once more, by order of arrival, with the versions
of the rules that judged. Software that lacks one of those versions judges everything anew.
Not trusted: the disk; the audit holds every verdict against the judge's.
"""

from __future__ import annotations

import msgspec

from comity.model.entry import Entry
from comity.model.history import View
from comity.model.verdict import Refusal
from comity.office.vouching import Mark
from comity.rules.judge import judge
from comity.rules.versions import VERSIONS
from comity.tlog.errors import StoreError
from comity.tlog.store import Store

KEY = "verdicts"


class Later(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in place of marks, by number of arrival, and the versions of the rules that it was judged by."""

    rules: tuple[int, ...] = (1,)
    instead: dict[int, tuple[str, str, str, str] | None] = {}


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Later).decode


class KeptVerdicts:
    """Goes through a store's verdicts once, in the order of arrival; `keep` makes durable what has changed."""

    def __init__(self, store: Store) -> None:
        """Raises StoreError if what is kept cannot be read."""
        self._store = store
        try:
            self._before = _decode(store.get(KEY) or b"{}")
        except msgspec.DecodeError as error:
            raise StoreError(f"the verdicts in the store cannot be read: {error}; restore a backup") from None
        self._instead = dict(self._before.instead)
        self._anew = not set(self._before.rules) <= VERSIONS.keys()

    def of(self, mark: Mark, entry: Entry, past: View) -> Refusal | None:
        """The verdict on the next entry: as kept, or the judge's from the first that was not judged on."""
        listed = self._instead.get(mark.number, mark.refusal)
        kept = None if listed is None else Refusal(*listed)
        if kept is not None and kept.is_unjudged:
            self._anew = True
        if not self._anew:
            return kept
        found = judge(entry, past)
        if found != kept:
            self._instead[mark.number] = None if found is None else listed_refusal(found)
        return found

    def keep(self) -> None:
        """Called when all has been read; raises StoreError."""
        after = Later(tuple(sorted(VERSIONS)), dict(sorted(self._instead.items())))
        if after != self._before:
            self._store.put(KEY, _encode(after))


def listed_refusal(refusal: Refusal) -> tuple[str, str, str, str]:
    """A refusal as marks keep it."""
    return refusal.rule, refusal.clause, refusal.problem, refusal.remedy
