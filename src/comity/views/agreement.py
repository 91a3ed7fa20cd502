"""The agreement, its areas and its pending joint changes as they stand now (laws 9-12, 16; J15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts.agreement import Proposal
from comity.model.acts.areas import AreaPropose
from comity.model.history import Taken, View
from comity.model.records.areas import Area, area_names, area_versions
from comity.model.records.change import (
    complete,
    heads,
    open_round,
    required,
    terms_heads,
    terms_to_judge_by,
    terms_to_name,
    votes_by_party,
    votes_on,
)
from comity.model.records.restraints import suspensions
from comity.model.terms import Role


@dataclass(frozen=True, slots=True)
class AgreementStanding:
    """The agreement now: its status, the terms in force, and what stops permissions."""

    status: str
    terms: tuple[str, ...]
    stopped_by: tuple[Taken, ...]
    waiting_for: tuple[str, ...]
    forked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A joint change that is proposed and neither complete nor dead: who has voted, who has not."""

    thing: str
    content: str
    proposal: Taken
    round: int
    voted: tuple[str, ...]
    missing: tuple[str, ...]


def agreement_standing(view: View) -> AgreementStanding:
    """The agreement now."""
    terms = tuple(terms_heads(view))
    stopped = tuple(suspensions(view))
    waiting = _preconditions(view, terms[0]) if terms else _votes_missing(view)
    pins = (each.pins for each in terms_to_judge_by(view).participant if each.role is Role.SIGNATORY)
    forked = tuple(each.origin for each in pins if each is not None and view.forked(each.origin))
    return AgreementStanding(_status(view, terms, stopped, waiting), terms, stopped, waiting, forked)


def areas_in_force(view: View) -> list[Area]:
    """Every version of an area in force."""
    return [version for name in sorted(area_names(view)) for version in area_versions(view, name)]


def area_status(view: View, name: str) -> str:
    """The status of an area, in the words of its life."""
    if area_versions(view, name):
        return "in force"
    thing = f"area/{name}"
    if complete(view, thing):
        return "dissolved"
    declined = any(vote.content is None for vote, _ in votes_on(view, thing))
    return "declined" if declined else "proposed"


def pending_changes(view: View) -> list[Pending]:
    """The joint changes that wait for votes, in the order for people."""
    found = []
    for kind in ("terms", "area", "lift", "precondition", "group", "floor"):
        for taken in view.about(f"proposals/{kind}"):
            pending = _pending(view, taken)
            if pending is not None:
                found.append(pending)
    return found


def area_proposals(view: View) -> Iterator[AreaPropose]:
    """Every version of an area that was ever proposed."""
    for taken in view.about("proposals/area"):
        if isinstance(taken.entry.act, AreaPropose):
            yield taken.entry.act


def _preconditions(view: View, terms: str) -> tuple[str, ...]:
    asked = (view.terms(terms) or view.history.known.founding).precondition
    return tuple(each.id for each in asked if not heads(view, f"precondition/{each.id}"))


def _votes_missing(view: View) -> tuple[str, ...]:
    """Whose votes the founding file still needs before anything is in force."""
    founding = view.history.known.founding_hash
    rounds = votes_by_party(view, "terms", (), founding).values()
    voted = {party for votes in rounds for party, content in votes.items() if content == founding}
    return tuple(f"the vote of {party}" for party in sorted(required(view, "terms", founding, founding) - voted))


def _pending(view: View, taken: Taken) -> Pending | None:
    act = taken.entry.act
    if not isinstance(act, Proposal):
        return None
    content = act.content()
    current = [] if act.thing == "terms" and not terms_heads(view) else [each.id for each in heads(view, act.thing)]
    if sorted(act.after) != current:
        return None
    under = terms_to_name(view)
    number = open_round(view, act.thing, act.after, under)
    voted = votes_by_party(view, act.thing, act.after, under).get(number, {}).keys()
    needed = required(view, act.thing, under, content)
    if needed <= voted:
        return None
    return Pending(act.thing, content, taken, number, tuple(sorted(voted)), tuple(sorted(needed - voted)))


def _status(view: View, terms: tuple[str, ...], stopped: tuple[Taken, ...], waiting: tuple[str, ...]) -> str:
    if not terms:
        return "signed by some"
    if len(terms) > 1:
        return "in dispute: its terms have several heads"
    if stopped and heads(view, "floor"):
        return "over"
    if any(taken.entry.header.act == "agreement.withdraw" for taken in stopped):
        return "withdrawn from, the safety floor stands"
    if stopped:
        return "suspended, the safety floor stands"
    return "in force, waiting for its preconditions" if waiting else "in force"
