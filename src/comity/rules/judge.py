"""The judge: an entry against its own past and nothing else. Same entry, same past, same verdict, for ever.

Pure: no clock, disk, socket, randomness. Structure and signatures were checked before (laws 1, 2, 5).
"""

from __future__ import annotations

from comity.model.entry import Entry, Unreadable
from comity.model.history import View
from comity.model.verdict import Refusal
from comity.rules.case import Case, refusal
from comity.rules.gate import GATE
from comity.rules.standing import officer_of
from comity.rules.table import RULES


def judge(entry: Entry, view: View) -> Refusal | None:
    """None if the entry is admitted, else the first refusal; `view` must be the entry's own past."""
    known = view.history.known
    terms = known.terms(entry.header.terms)
    if isinstance(entry.act, Unreadable):
        problem = f"{entry.act.name} version {entry.act.version} cannot be read: {entry.act.problem}"
        return refusal(
            terms, "agreement", problem, "sign it again with fields that fit, or adopt a newer rules version", 14
        )
    if terms is None:
        return refusal(
            None, "agreement.adoption", "it names terms whose text is not in its past", "name the terms in force", 12
        )
    keeper = known.participant(entry.origin)
    case = Case(entry, entry.act, view, terms, keeper, officer_of(entry, view, keeper))
    for rule in (*GATE, *RULES[type(entry.act)]):
        refused = rule(case)
        if refused is not None:
            return refused
    return None
