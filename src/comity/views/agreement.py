"""The agreement, its areas and its pending joint changes as they stand now (laws 9-12, 16; J15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts.agreement import Proposal, Vote
from comity.model.acts.areas import AreaPropose
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.areas import Area, area_names, area_versions
from comity.model.records.change import (
    Change,
    ballots,
    complete,
    heads,
    open_round,
    proposal_of,
    proposals,
    required,
    terms_heads,
    terms_to_judge_by,
    terms_to_name,
    votes_in,
    votes_on,
)
from comity.model.records.floor import floor_changes
from comity.model.records.restraints import suspensions
from comity.model.terms import Role
from comity.views.life import Event, status


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
    """A joint change that is proposed on what stands: who has voted for it in the open round, and whose vote is missing
    now, asked by `since`. Who has voted otherwise is neither: what he would sign next is a vote in another round."""

    thing: str
    content: str
    proposal: Taken
    round: int
    voted: tuple[str, ...]
    missing: tuple[str, ...]
    since: Taken


def agreement_standing(view: View) -> AgreementStanding:
    """The agreement now."""
    terms = tuple(terms_heads(view))
    stopped = tuple(suspensions(view))
    waiting = _unmet(view) if terms else _votes_missing(view)
    pins = (each.pins for each in terms_to_judge_by(view).participant if each.role is Role.SIGNATORY)
    forked = tuple(each.origin for each in pins if each is not None and view.forked(each.origin))
    return AgreementStanding(agreement_status(view), terms, stopped, waiting, forked)


def agreement_status(view: View) -> str:
    """The status of the agreement, in the words of its life."""
    return status(view, "agreement", _agreement_events(view))


def areas_in_force(view: View) -> list[Area]:
    """Every version of an area in force."""
    return [version for name in sorted(area_names(view)) for version in area_versions(view, name)]


def area_status(view: View, name: str) -> str:
    """The status of an area, in the words of its life."""
    return status(view, "area", _area_events(view, name))


def pending_changes(view: View) -> list[Pending]:
    """The joint changes that wait for votes, in the order for people: each content once, by its first proposal."""
    found: dict[str, Pending | None] = {}
    for kind in ("terms", "area", "lift", "precondition", "group", "floor"):
        for taken in view.about(f"proposals/{kind}"):
            act = taken.entry.act
            if isinstance(act, Proposal) and act.content() not in found:
                found[act.content()] = _pending(view, act, taken)
    return [pending for pending in found.values() if pending is not None]


def _unmet(view: View) -> tuple[str, ...]:
    asked = terms_to_judge_by(view).precondition
    return tuple(each.id for each in asked if not heads(view, f"precondition/{each.id}"))


def _votes_missing(view: View) -> tuple[str, ...]:
    """Whose votes the founding file still needs before anything is in force."""
    founding = view.history.known.founding_hash
    voted = {party_of(taken.entry.origin) for vote, taken in votes_on(view, "terms") if vote.content == founding}
    return tuple(f"the vote of {party}" for party in sorted(required(view, "terms", founding, founding) - voted))


def _pending(view: View, act: Proposal, taken: Taken) -> Pending | None:
    content = act.content()
    current = [] if act.thing == "terms" and not terms_heads(view) else [each.id for each in heads(view, act.thing)]
    if sorted(act.after) != current:
        return None
    under = terms_to_name(view)
    number = open_round(view, act.thing, act.after, under)
    votes = ballots(view, act.thing, act.after, number, under)
    voted = {party for party, contents in votes.items() if content in contents}
    needed = required(view, act.thing, under, content)
    since = _asked_by(view, act, number, under) if number else taken
    if needed <= voted or since is None:
        return None
    waiting = needed - votes.keys()
    missing = waiting - set(terms_to_judge_by(view).signatories) or waiting  # newcomers vote first
    return Pending(act.thing, content, taken, number, tuple(sorted(voted)), tuple(sorted(missing)), since)


def _asked_by(view: View, act: Proposal, number: int, under: str) -> Taken | None:
    """What asks for votes in a round after a dead one: a vote for the content in it, or a proposal that knows the dead
    one; else the last of votes that differed. Who declined has answered, and all others with him, until asked anew."""
    content = act.content()
    voted = [taken for vote, taken in _in_round(view, act, number, under) if vote.content == content]
    pasts = ((taken, view.history.past(taken)) for _, taken in proposals(view, content))
    voted += [taken for taken, past in pasts if open_round(past, act.thing, act.after, under) == number]
    if voted:
        return min(voted, key=lambda taken: taken.order)
    before = _in_round(view, act, number - 1, under)
    if any(vote.content is None for vote, _ in before):
        return None
    return max((taken for _, taken in before), key=lambda taken: taken.order)


def _in_round(view: View, act: Proposal, number: int, under: str) -> list[tuple[Vote, Taken]]:
    found = votes_in(view, act.thing, number)
    here = [(vote, taken) for vote, taken in found if taken.entry.header.terms == under]
    return [(vote, taken) for vote, taken in here if sorted(vote.after) == sorted(act.after)]


def _agreement_events(view: View) -> Iterator[Event]:
    """What stands and what was lifted, in the order of the life: what has come of it does not depend on who came first.

    A suspension beside the lift of another is not lifted by it, so what was lifted is told before what stands.
    """
    adopted = max(complete(view, "terms").values(), key=lambda change: change.height, default=None)
    if adopted is None:
        return
    yield Event("all voted", _last(adopted))
    if len(terms_heads(view)) > 1:
        yield Event("voted apart", _last(adopted))
    stopped = suspensions(view)
    lifted = [taken for taken in view.about("suspend") if taken not in stopped]
    yield from (Event(taken.entry.header.act, taken) for taken in lifted)
    if lifted:
        yield Event("all lifted", lifted[-1])
    asked = terms_to_judge_by(view).precondition
    if asked:
        yield Event("precondition open", _last(adopted))
    if asked and not _unmet(view):
        met = [change for each in asked for change in heads(view, f"precondition/{each.id}")]
        yield Event("all met", _last(met[-1]))
    yield from (Event(taken.entry.header.act, taken) for taken in stopped)
    yield from (Event("floor restored" if again else "floor ended", _last(each)) for each, again in floor_changes(view))


def _area_events(view: View, name: str) -> list[Event]:
    """Proposals, votes against, and what was agreed, in the order for people; of several heads one in force rules."""
    thing, stands = f"area/{name}", bool(area_versions(view, name))
    current = {change.id for change in heads(view, thing)}
    proposed = (taken for taken in view.about("proposals/area") if isinstance(taken.entry.act, AreaPropose))
    events = [Event("area.propose", taken) for taken in proposed if getattr(taken.entry.act, "area", "") == name]
    events += [Event("declined", taken) for vote, taken in votes_on(view, thing) if vote.content is None]
    designated: set[str] = set()
    for change in sorted(complete(view, thing).values(), key=lambda each: each.height):
        if isinstance(proposal_of(view, change), AreaPropose):
            events.append(Event("changed" if designated & set(change.after) else "all voted", _last(change)))
            designated.add(change.id)
        elif not (stands and change.id in current):
            events.append(Event("all dissolved", _last(change)))
    return sorted(events, key=lambda event: event.taken.order)


def _last(change: Change) -> Taken:
    return max(change.votes, key=lambda vote: vote.order)
