"""What the judge would say to an act asked for now: so that no word of a view says more than the rules allow.

Pure, and the rules themselves: an act that nobody has signed is judged on the whole view. Who signs it is left open, so
the rules about keys, seats and passkeys are not asked; whoever signs passes them, or is told so at the door.
"""

from __future__ import annotations

import msgspec

from comity.model.acts import Act
from comity.model.entry import FORMAT, NO_ENTRY, Entry, Header
from comity.model.history import View
from comity.model.records.change import terms_to_judge_by, terms_to_name
from comity.model.terms import Participant
from comity.model.verdict import Refusal, unjudged
from comity.rules.case import Case, Rule, refusal
from comity.rules.gate import GATE
from comity.rules.standing import key_may_sign, passkey_given, seat_may_sign, two_officers
from comity.rules.table import RULES
from comity.rules.versions import lacking

NOBODY = "00" * 32
OF_THE_SIGNER = frozenset({key_may_sign, seat_may_sign, two_officers, passkey_given})


def forbidden(view: View, party: str, act: Act, now_ms: int, apart: Rule | None = None) -> str | None:
    """What would refuse an act of a party now, in words, or None; `apart` is a rule that the screen shows otherwise."""
    return "; ".join(each.problem for each in _refusals(view, party, act, now_ms, apart)) or None


def _refusals(view: View, party: str, act: Act, now_ms: int, apart: Rule | None) -> list[Refusal]:
    terms = terms_to_judge_by(view)
    lack = lacking(view, terms)
    if lack is not None:
        return [unjudged(lack)]
    keeper = terms.participant_by_id(party)
    if keeper is None or keeper.pins is None:
        return [refusal(terms, "agreement.adoption", f"{party} is no party to the terms in force", "amend them", 12)]
    entry = Entry(b"", "", b"", _header(view, keeper, act, now_ms), act)
    case = Case(entry, act, view, terms, keeper, None)
    asked = (rule for rule in (*GATE, *RULES[type(act)]) if rule not in OF_THE_SIGNER and rule is not apart)
    return [refused for rule in asked if (refused := rule(case)) is not None]


def _header(view: View, keeper: Participant, act: Act, now_ms: int) -> Header:
    assert keeper.pins is not None
    newest = view.newest(keeper.pins.origin)
    return Header(
        act=act.name,
        at=now_ms,
        body=msgspec.Raw(),
        comity=FORMAT,
        key=NOBODY,
        origin=keeper.pins.origin,
        previous=NO_ENTRY,
        seat="",
        seen={},
        seq=0 if newest is None else newest.entry.seq + 1,
        terms=terms_to_name(view),
        version=act.version,
    )
