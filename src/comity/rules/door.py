"""What an office refuses to sign although the judge would admit it: stricter, never looser (law 8).

Pure. The office adds what only it knows: its clock, its store, restraints that still wait for their past.
"""

from __future__ import annotations

from collections.abc import Callable

from comity.model.acts import Act, Nature
from comity.model.acts.agreement import LiftPropose, Vote
from comity.model.acts.movements import MovementDeny, MovementRequest
from comity.model.acts.operations import FactState, Hold, OperationRefuse
from comity.model.entry import Entry
from comity.model.geometry import narrower_than
from comity.model.history import View
from comity.model.records.change import terms_to_judge_by
from comity.model.terms import Terms
from comity.model.verdict import Refusal, unjudged
from comity.rules.case import refusal, short
from comity.rules.judge import judge
from comity.rules.versions import VERSIONS, lacking

DoorRule = Callable[[Terms, Act, int], Refusal | None]


def door(entry: Entry, view: View) -> Refusal | None:
    """The first refusal of the judge or of the door; `view` is the past that the entry would have."""
    refused = judge(entry, view)
    if refused is not None:
        return refused
    terms = terms_to_judge_by(view)
    assert isinstance(entry.act, Act), "the judge refuses unreadable acts"
    lack = lacking(view, terms)
    if lack is not None and entry.act.nature is not Nature.RESTRAINT:
        return unjudged(lack)
    blind = _blindfold(view, terms, entry.act)
    if blind is not None:
        return blind
    for rule in DOOR.get(type(entry.act), ()):
        refused = rule(terms, entry.act, entry.at_ms)
        if refused is not None:
            return refused
    return None


def hold_singles_nothing_out(terms: Terms, act: Act, at_ms: int) -> Refusal | None:
    """A hold or a fact in a narrow volume would point at what it protects."""
    assert isinstance(act, Hold | FactState)
    width_m = terms.number("width_min_m")
    if act.volume is None or not narrower_than(act.volume.ring, width_m):
        return None
    return refusal(terms, "area.width", f"its volume is narrower than {width_m} m", "draw it wider: it must not point")


def timed_hold_is_short(terms: Terms, act: Act, at_ms: int) -> Refusal | None:
    """A timed hold bridges a short time; whoever needs longer holds until it is lifted, or holds again."""
    assert isinstance(act, Hold)
    most_min = terms.number("hold_max_min")
    if act.until_ms is None or act.until_ms <= at_ms + terms.span_ms("hold_max_min"):
        return None
    problem = f"the timed hold is longer than {most_min} minutes"
    return refusal(terms, "operation.hold", problem, "give an earlier end, or none: then it stands until lifted by all")


def request_can_be_agreed(terms: Terms, act: Act, at_ms: int) -> Refusal | None:
    """A request that nobody could agree to: open-ended, armed, or of no category of the terms."""
    assert isinstance(act, MovementRequest)
    window, most_h = act.volume.window, terms.number("permit_max_h")
    if window.until_ms is None or window.until_ms - window.from_ms > terms.span_ms("permit_max_h"):
        return refusal(terms, "movement.permit", f"it is open for longer than {most_h} hours", "ask for one movement")
    category = terms.category_by_id(act.category)
    if category is None or act.kind not in category.kinds:
        problem = f"category {act.category} does not exempt a {act.kind}"
        return refusal(terms, "movement.category", problem, "name one that does")
    if act.armed:
        return refusal(terms, "movement.category", "it declares arms", "an exempt movement is unarmed")
    return None


def reason_is_coded(terms: Terms, act: Act, at_ms: int) -> Refusal | None:
    """A refusal or a denial gives one of the coded reasons of the terms."""
    code = getattr(act, "reason", None)
    if any(each.id == code for each in terms.reason):
        return None
    rule = "movement.answer" if isinstance(act, MovementDeny) else "operation"
    return refusal(terms, rule, f"the terms have no reason {code}", "give one of the coded reasons")


def lift_names_each_once(terms: Terms, act: Act, at_ms: int) -> Refusal | None:
    """A lift that names a restraint twice was drafted by mistake."""
    assert isinstance(act, LiftPropose)
    if len(set(act.lifts)) == len(act.lifts):
        return None
    return refusal(terms, "operation.hold", "it names a restraint twice", "name each once", 16)


def _blindfold(view: View, terms: Terms, act: Act) -> Refusal | None:
    """A vote for terms whose rules this software lacks: under them it could sign nothing but restraints (law 14)."""
    if not isinstance(act, Vote) or act.thing != "terms" or act.content is None:
        return None
    new = view.terms(act.content)
    if new is None or new.rules in VERSIONS:
        return None
    problem = f"the terms {short(act.content)} name rules version {new.rules}, which this office's software lacks"
    return refusal(terms, "agreement.amendment", problem, "update this office's software first, then vote", 14)


DOOR: dict[type[Act], tuple[DoorRule, ...]] = {
    Hold: (hold_singles_nothing_out, timed_hold_is_short),
    FactState: (hold_singles_nothing_out,),
    MovementRequest: (request_can_be_agreed,),
    MovementDeny: (reason_is_coded,),
    OperationRefuse: (reason_is_coded,),
    LiftPropose: (lift_names_each_once,),
}
