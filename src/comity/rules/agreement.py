"""Rules of joint changes and of the agreement's own life (laws 9-16)."""

from __future__ import annotations

from comity.model.acts.agreement import (
    FloorPropose,
    GroupPropose,
    LiftPropose,
    PreconditionPropose,
    Proposal,
    TermsPropose,
    Vote,
)
from comity.model.acts.flights import FlightDeclare
from comity.model.acts.form import Nature
from comity.model.acts.movements import MovementClear
from comity.model.acts.operations import OperationStart
from comity.model.records.change import (
    heads,
    is_dead,
    is_lifted,
    open_round,
    proposals,
    required,
    terms_heads,
    undecided,
    votes_in,
)
from comity.model.records.floor import floor_stands
from comity.model.records.restraints import suspensions
from comity.model.verdict import Refusal
from comity.rules.amendments import flight_of_a_participant, start_of_a_party
from comity.rules.case import Case, short


def proposer_is_signatory(case: Case) -> Refusal | None:
    """Only a signatory proposes a joint change (law 22)."""
    if case.is_signatory:
        return None
    return case.refuse(
        "agreement.amendment",
        f"{case.keeper.id} has no vote and proposes no joint change",
        "ask a signatory to propose it",
        22,
    )


def proposal_follows_heads(case: Case) -> Refusal | None:
    """A proposal names exactly the heads that it succeeds."""
    act = case.act
    assert isinstance(act, Proposal)
    return _follows_heads(case, act.thing, act.after)


def vote_is_needed(case: Case) -> Refusal | None:
    """A vote is given by a participant whose vote the change requires; to decline, any that is proposed (10, 22)."""
    act = case.act
    assert isinstance(act, Vote)
    under = case.entry.header.terms
    contents = [act.content] if act.content is not None else [under, *_proposed(case, act)]
    if any(case.keeper.id in required(case.view, act.thing, under, content) for content in contents):
        return None
    return case.refuse(
        "agreement.amendment", f"{case.keeper.id} has no vote on {act.thing}", "ask the signatories to vote", 22
    )


def vote_is_first(case: Case) -> Refusal | None:
    """A party has one vote for each thing, predecessor, round and terms; none is taken back (law 9)."""
    act = case.act
    assert isinstance(act, Vote)
    for vote, taken in votes_in(case.view, act.thing, act.round):
        same = sorted(vote.after) == sorted(act.after)
        if same and taken.entry.header.terms == case.entry.header.terms and case.is_own(taken):
            return case.refuse(
                "agreement.amendment",
                f"{case.keeper.id} has already voted on {act.thing} in round {act.round}",
                "vote in the next round once this one is dead",
                9,
            )
    return None


def round_is_open(case: Case) -> Refusal | None:
    """A party votes in the round that is open in its past: the one before is dead, and it is not itself (law 9)."""
    act = case.act
    assert isinstance(act, Vote)
    under = case.entry.header.terms
    begun = act.round == 0 or is_dead(case.view, act.thing, act.after, act.round - 1, under)
    if begun and not is_dead(case.view, act.thing, act.after, act.round, under):
        return None
    number = open_round(case.view, act.thing, act.after, under)
    return case.refuse(
        "agreement.amendment",
        f"round {act.round} on {act.thing} is not open, round {number} is",
        f"vote in round {number}" + (", or wait until it is dead" if number < act.round else ""),
        9,
    )


def old_terms_decide_nothing_else(case: Case) -> Refusal | None:
    """A vote under new terms waits until those that they replaced can bring nothing but what it is for (law 10)."""
    act = case.act
    assert isinstance(act, Vote)
    if act.content is None:
        return None
    found = undecided(case.view, act.thing, act.after, act.content, case.entry.origin)
    if found is None:
        return None
    return case.refuse(
        "agreement.amendment",
        f"{act.thing} may still become something else under the terms {short(found.terms)}, which were replaced",
        f"wait until one of {', '.join(found.waits_for)} has signed under the new terms, or vote for what had votes",
        10,
    )


def vote_names_proposal(case: Case) -> Refusal | None:
    """A vote names bytes that were proposed, about the same thing and predecessors; genesis names the terms."""
    act = case.act
    assert isinstance(act, Vote)
    if act.content is None or _is_founding(case, act):
        return None
    for proposal, _ in proposals(case.view, act.content):
        if proposal.thing == act.thing and sorted(proposal.after) == sorted(act.after):
            return None
    return case.refuse(
        "agreement.amendment",
        f"no proposal with content {short(act.content)} about {act.thing} is in its past",
        "wait for the proposal, or propose it",
        10,
    )


def vote_follows_heads(case: Case) -> Refusal | None:
    """A vote succeeds what is in force, so a thing is not changed twice from one state."""
    act = case.act
    assert isinstance(act, Vote)
    return _follows_heads(case, act.thing, act.after)


def lift_names_restraints(case: Case) -> Refusal | None:
    """A lift names restraints in its past that can be lifted: holds, suspensions, withdrawals, movements; or the start
    or flight of a party that is none any more, for whose end all would wait for ever (law 16)."""
    act = case.act
    assert isinstance(act, LiftPropose)
    for name in act.lifts:
        taken = case.view.find(name)
        if taken is not None and isinstance(taken.entry.act, OperationStart):
            present = start_of_a_party(case, taken)
            if present is not None:
                return present
        elif taken is not None and isinstance(taken.entry.act, FlightDeclare):
            present = flight_of_a_participant(case, taken)
            if present is not None:
                return present
        elif taken is None or getattr(taken.entry.act, "nature", None) is not Nature.RESTRAINT:
            return case.refuse(
                "operation.hold",
                f"{short(name)} is no restraint in this entry's past",
                "name the restraints to be lifted by their hashes",
                16,
            )
    return None


def movement_is_not_lifted(case: Case) -> Refusal | None:
    """What every signatory has lifted keeps no start out any more, so nothing is cleared on its word (laws 16, 20)."""
    act = case.act
    assert isinstance(act, MovementClear)
    if not is_lifted(case.view, act.request):
        return None
    return case.refuse(
        "movement.clearance",
        "every signatory has lifted the movement's protection",
        "cancel it and request anew",
        20,
    )


def precondition_exists(case: Case) -> Refusal | None:
    """A precondition is one of the terms."""
    act = case.act
    assert isinstance(act, PreconditionPropose)
    if any(each.id == act.precondition for each in case.terms.precondition):
        return None
    return case.refuse(
        "agreement.precondition", f"the terms have no precondition {act.precondition}", "name one of them"
    )


def group_exists(case: Case) -> Refusal | None:
    """A group is one of the terms."""
    act = case.act
    assert isinstance(act, GroupPropose)
    if case.terms.group_by_id(act.group) is not None:
        return None
    return case.refuse("operation.area", f"the terms have no group {act.group}", "name one of them")


def floor_is_otherwise(case: Case) -> Refusal | None:
    """The floor is what stands when permissions have stopped: it is ended only then, and restored once ended."""
    act = case.act
    assert isinstance(act, FloorPropose)
    if act.stands:
        problem = "the safety floor stands" if floor_stands(case.view) else None
    elif suspensions(case.view):
        problem = None if floor_stands(case.view) else "the safety floor has ended"
    else:
        problem = "the agreement is neither suspended nor withdrawn from"
    if problem is None:
        return None
    return case.refuse("agreement.floor", problem, f"nothing needs {'restoring' if act.stands else 'ending'}")


def stopped_by_signatory(case: Case) -> Refusal | None:
    """A signatory suspends or withdraws; another participant has nothing to withdraw (law 22)."""
    if case.is_signatory:
        return None
    return case.refuse("agreement.suspension", f"{case.keeper.id} is not a signatory", "place a hold instead", 22)


def _proposed(case: Case, act: Vote) -> list[str]:
    """The new terms proposed as successors of what the vote would succeed: who would join by them may decline."""
    if act.thing != "terms":
        return []
    found = [taken.entry.act for taken in case.view.about("proposals/terms")]
    return [
        each.content() for each in found if isinstance(each, TermsPropose) and sorted(each.after) == sorted(act.after)
    ]


def _is_founding(case: Case, act: Vote) -> bool:
    return act.thing == "terms" and not act.after and act.content == case.view.history.known.founding_hash


def _follows_heads(case: Case, thing: str, after: tuple[str, ...]) -> Refusal | None:
    if thing == "terms" and not terms_heads(case.view):
        current: list[str] = []
    else:
        current = [change.id for change in heads(case.view, thing)]
    if sorted(after) == current:
        return None
    named = ", ".join(short(each) for each in current) or "nothing"
    return case.refuse(
        "agreement.amendment",
        f"{thing} now stands at {named}, it names another predecessor",
        "propose and vote on what is in force now",
        9,
    )
