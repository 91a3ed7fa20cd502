"""The judge: an entry against its own past and nothing else. Same entry, same past, same verdict, for ever.

Pure: no clock, disk, socket, randomness. Structure and signatures were checked before (laws 1, 2, 5).
"""

from __future__ import annotations

from comity.model.entry import Entry, Unreadable
from comity.model.history import View
from comity.model.records.change import terms_to_judge_by
from comity.model.verdict import Refusal
from comity.rules.case import Case, refusal
from comity.rules.gate import GATE
from comity.rules.standing import keeper_of, officer_of
from comity.rules.table import RULES


def judge(entry: Entry, view: View) -> Refusal | None:
    """None if the entry is admitted, else the first refusal; `view` must be the entry's own past."""
    terms = terms_to_judge_by(view)
    if isinstance(entry.act, Unreadable):
        problem = f"{entry.act.name} version {entry.act.version} cannot be read: {entry.act.problem}"
        return refusal(
            terms, "agreement", problem, "sign it again with fields that fit, or adopt a newer rules version", 14
        )
    keeper = keeper_of(entry, view, terms)
    if keeper is None:
        problem = f"the log {entry.origin} is not one of the terms in force"
        return refusal(terms, "agreement.adoption", problem, "write to the log that the terms name", 12)
    case = Case(entry, entry.act, view, terms, keeper, officer_of(entry, view, keeper))
    for rule in (*GATE, *RULES[type(entry.act)]):
        refused = rule(case)
        if refused is not None:
            return refused
    return None
