"""What an obligation is, and how its time is counted (laws 16, 29).

A debtor's time runs from the first entry of its log that has the request in its past; before that the duty is delivery.
Nothing here decides: an overdue thing stays overdue, named, until an officer signs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.parameters import PARAMETERS
from comity.model.spans import MINUTE_MS
from comity.model.terms import Terms
from comity.views.sight import party_sight

NO_CLAUSE = "no clause"


@dataclass(frozen=True, slots=True)
class Obligation:
    """Who owes whom what by when, under which clause. `due_ms` None: not known to be seen, or without a time."""

    debtor: str
    creditor: str
    what: str
    about: str
    clause: str
    due_ms: int | None
    delivered: bool = True

    def is_late(self, now_ms: int) -> bool:
        """Whether people are told that it is overdue: by a minute at least, so that what is due at once is due now."""
        return self.due_ms is not None and now_ms - self.due_ms >= MINUTE_MS


@dataclass(frozen=True, slots=True)
class Ledger:
    """The view, its terms and the moment that obligations are counted at."""

    view: View
    terms: Terms
    now_ms: int

    def party(self, taken: Taken) -> str:
        """The participant in whose log an entry stands."""
        return party_of(taken.entry.origin)

    def owed(self, debtor: str, what: str, thing: Taken, parameter: str, creditor: str = "all") -> Obligation:
        """A duty that a delivered entry raises, due after a parameter of the terms."""
        allowed_ms = self.terms.span_ms(parameter)
        clause = self.clause(parameter)
        if self.party(thing) == debtor:
            return Obligation(debtor, creditor, what, thing.entry.id, clause, thing.entry.at_ms + allowed_ms)
        sight = party_sight(self.view, debtor, thing)
        if sight is None:
            return Obligation(debtor, creditor, what, thing.entry.id, clause, None, delivered=False)
        return Obligation(debtor, creditor, what, thing.entry.id, clause, sight.entry.at_ms + allowed_ms)

    def owed_knowing_all(
        self, debtor: str, what: str, things: Iterable[Taken], parameter: str, creditor: str = "all"
    ) -> Obligation:
        """A duty that several things raise together: about the first, due from when the debtor has all of them."""
        each = [self.owed(debtor, what, thing, parameter, creditor) for thing in things]
        last = max(each, key=lambda one: (one.due_ms is None, one.due_ms or 0))
        return replace(last, about=each[0].about)

    def clause(self, parameter: str) -> str:
        """The clause that holds a parameter, or the one that governs its rule, in words."""
        found = self.terms.clause_for(PARAMETERS[parameter].rule)
        return f"clause {found}" if found is not None else NO_CLAUSE
