"""What a proposal would change, in one line, and where it stands: an officer votes for content that he can name."""

from __future__ import annotations

from comity.model.acts import Act
from comity.model.acts.agreement import (
    FloorPropose,
    GroupPropose,
    LiftPropose,
    PreconditionPropose,
    Proposal,
    TermsPropose,
)
from comity.model.acts.areas import AreaDissolve, AreaPropose
from comity.model.history import Taken, View
from comity.model.known import party_of


def place_text(view: View, taken: Taken) -> str:
    """Where an entry stands, as commands take it: north/12, with the whole log if its keeper has several."""
    origin = taken.entry.origin
    kept = [each for each in view.history.origins() if party_of(each) == party_of(origin)]
    return f"{party_of(origin) if len(kept) == 1 else origin}/{taken.entry.seq}"


def named(act: object) -> str:
    """The id that people gave the thing, after a space, if it has one."""
    for name in ("operation", "movement", "flight", "area", "activity", "precondition", "group"):
        if isinstance(act, Act) and isinstance(getattr(act, name, None), str):
            return f" {getattr(act, name)}"
    return ""


def proposed_text(view: View, act: Proposal) -> str:
    """What a proposal is about."""
    match act:
        case AreaPropose():
            return f"area {act.area}, tier {act.tier}, {len(act.ring)} points"
        case AreaDissolve():
            return f"area {act.area} ends"
        case LiftPropose():
            return f"lifts {', '.join(_restraint_text(view, each) for each in act.lifts)}"
        case TermsPropose():
            terms = view.terms(act.content())
            return f"{terms.id}, edition {terms.edition}" if terms is not None else "terms that are not known here"
        case GroupPropose():
            return f"group {act.group} is {act.treatment}"
        case PreconditionPropose():
            return f"precondition {act.precondition} is met"
        case FloorPropose():
            return "the safety floor stands again" if act.stands else "the safety floor ends"
        case _:
            return act.thing


def _restraint_text(view: View, digits: str) -> str:
    taken = view.find(digits)
    if taken is None:
        return digits
    return f"{taken.entry.header.act}{named(taken.entry.act)} {place_text(view, taken)} ({digits[:8]})"
