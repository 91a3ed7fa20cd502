"""The judge: an entry against its own past and nothing else. Same entry, same past, same verdict, for ever.

Pure: no clock, disk, socket, randomness. Structure and signatures were checked before (laws 1, 2, 5).
"""

from __future__ import annotations

from comity.model.acts import Act
from comity.model.entry import Entry, Unreadable
from comity.model.history import View
from comity.model.records.change import terms_to_judge_by
from comity.model.terms import Terms
from comity.model.verdict import Refusal, unjudged
from comity.rules.case import Case, refusal
from comity.rules.gate import GATE
from comity.rules.standing import keeper_of, officer_of
from comity.rules.table import RULES
from comity.rules.versions import JUDGED_BLINDLY, VERSIONS, lacking


def judge(entry: Entry, view: View) -> Refusal | None:
    """None if the entry is admitted, else the first refusal; `view` must be the entry's own past.

    What this software is too old to judge is unjudged, and so is all that has such an entry in its past, but for what
    restrains or permits nothing by itself and would be admitted (law 14).
    """
    terms = terms_to_judge_by(view)
    lack = lacking(view, terms)
    found = _first_refusal(entry, view, terms)
    if lack is None:
        return found
    if found is None and isinstance(entry.act, Act) and entry.act.nature in JUDGED_BLINDLY:
        return None
    return unjudged(lack)


def _first_refusal(entry: Entry, view: View, terms: Terms) -> Refusal | None:
    refused = _unreadable(entry, terms)
    if refused is not None or isinstance(entry.act, Unreadable):
        return refused
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


def _unreadable(entry: Entry, terms: Terms) -> Refusal | None:
    """An act that the rules version in force does not have, or whose fields do not fit: refused by all (law 14)."""
    name, version = entry.header.act, entry.header.version
    if terms.rules in VERSIONS and (name, version) not in VERSIONS[terms.rules]:
        problem = f"rules version {terms.rules} has no act {name} version {version}"
        return refusal(terms, "agreement", problem, "adopt terms whose rules version has it, then sign it again", 14)
    if isinstance(entry.act, Unreadable):
        problem = f"{name} version {version} cannot be read: {entry.act.problem}"
        return refusal(terms, "agreement", problem, "sign it again with fields that fit", 14)
    return None
