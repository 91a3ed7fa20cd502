"""What a rule is given: one readable act, its signer, and the past that it is judged by. Nothing else exists."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from comity.model.acts import Act
from comity.model.entry import Entry
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.officers import Officer
from comity.model.terms import Participant, Terms
from comity.model.verdict import Refusal


class Case(Struct, frozen=True):
    """An act before the judge. `view` is the entry's own past; `terms` are those in force in it."""

    entry: Entry
    act: Act
    view: View
    terms: Terms
    keeper: Participant
    officer: Officer | None

    @property
    def at_ms(self) -> int:
        return self.entry.at_ms

    @property
    def is_signatory(self) -> bool:
        """By the terms in force: who has left still ends what it began, and has no word on what the others do."""
        return self.keeper.id in self.terms.signatories

    @property
    def signatories(self) -> frozenset[str]:
        return frozenset(self.terms.signatories)

    def number(self, parameter: str) -> int:
        """A number of the terms, in the unit that its name ends with."""
        return self.terms.number(parameter)

    def span_ms(self, parameter: str) -> int:
        """A span of the terms in milliseconds."""
        return self.terms.span_ms(parameter)

    def party(self, taken: Taken) -> str:
        """The participant in whose log an entry stands."""
        return party_of(taken.entry.origin)

    def is_own(self, taken: Taken) -> bool:
        """Whether the entry stands in a log of the signer's participant."""
        return self.party(taken) == self.keeper.id

    def refuse(self, rule: str, problem: str, remedy: str, law: int | None = None) -> Refusal:
        """A refusal under the clause that governs the rule, or under the law where no clause does."""
        return refusal(self.terms, rule, problem, remedy, law)

    def refuse_drawn(self, rule: str, problem: str, law: int | None = None) -> Refusal:
        """A refusal of what was drawn; the remedy is what its problem says behind a semicolon, if it says one."""
        what, _, remedy = problem.partition("; ")
        return self.refuse(rule, what, remedy or "draw it again", law)


Rule = Callable[[Case], Refusal | None]


def refusal(terms: Terms | None, rule: str, problem: str, remedy: str, law: int | None = None) -> Refusal:
    """A refusal that cites the clause of the terms, else the law of the engine."""
    clause = terms.clause_for(rule) if terms is not None else None
    if clause is not None:
        cited = f"clause {clause}"
    elif law is not None:
        cited = f"law {law}"
    else:
        cited = f"rule {rule}"
    return Refusal(rule, cited, problem, remedy)


def short(entry_id: str) -> str:
    """The first digits of a hash, enough to find it on a screen."""
    return entry_id[:8]
