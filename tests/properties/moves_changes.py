"""Moves about the agreement itself: areas, terms, lifts, suspensions, the floor, and votes in every round."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import combinations

from comity.model.acts.agreement import FloorPropose, LiftPropose, Proposal, Suspend, TermsPropose, Vote, Withdraw
from comity.model.acts.areas import AreaDissolve, AreaPropose
from comity.model.acts.movements import (
    MovementRequest,
)
from comity.model.acts.operations import (
    Hold,
)
from comity.model.records.change import heads, open_round, terms_to_name
from laws.agreement import Names
from laws.plays import EVERYWHERE, ring
from properties.drama import Drama, pick


def propose_area(drama: Drama, a: int, b: int, c: int) -> bool:
    """A signatory proposes a version of an area, or its end; and votes for it."""
    who = drama.party(a)
    write = drama.world.written
    area = write(("valley", "gorge")[c % 2 and c % 3 == 0])
    after = tuple(each.id for each in heads(drama.world[who].view, f"area/{area}"))
    place = ("wide", "orchard", "wide")[b % 3]
    act: Proposal = AreaPropose(area=area, tier=write("open"), ring=ring(place), band=EVERYWHERE, after=after)
    if after and b % 5 == 4:
        act = AreaDissolve(area=area, after=after)
    drama.sign(who, act)
    return vote_for(drama, who, act, 0)


def vote_for(drama: Drama, who: str, act: Proposal, number: int, declines: bool = False) -> bool:
    """A vote in some round."""
    content = None if declines else act.content()
    drama.sign(who, Vote(thing=act.thing, after=act.after, round=number, content=content))
    return True


def vote(drama: Drama, a: int, b: int, c: int) -> bool:
    """A signatory votes on something proposed, mostly for it and in the round that is open."""
    who = drama.party(a)
    proposal = pick(drama.known(who, Proposal)[:4], b)
    if proposal is None:
        return False
    assert isinstance(proposal.entry.act, Proposal)
    return vote_for(drama, who, proposal.entry.act, (0, 0, 0, 1, 2)[c % 5], declines=c % 7 == 6)


def agree_all(drama: Drama, a: int, b: int, c: int) -> bool:
    """What was proposed last is voted for by all, and everybody holds it."""
    drama.world.share()
    newcomers = [who for who in drama.parties if who not in drama.signatories]
    for voters in (newcomers, drama.signatories):
        for who in voters:
            proposal = pick(drama.known(who, Proposal), 0)
            if proposal is None or not isinstance(act := proposal.entry.act, Proposal):
                continue
            if who in drama.signatories or isinstance(act, TermsPropose):
                vote_for(drama, who, act, open_now(drama, who, act))
        drama.world.share()
    return True


def open_now(drama: Drama, who: str, act: Proposal) -> int:
    """The round in which an office would vote on it now."""
    view = drama.world[who].view
    return open_round(view, act.thing, act.after, terms_to_name(view))


def vote_anew(drama: Drama, a: int, b: int, c: int) -> bool:
    """A party votes in the round that is open, on one of the newest proposals about one thing."""
    who = drama.parties[a % len(drama.parties)]
    newest = pick(drama.known(who, Proposal)[:3], c)
    if newest is None or not isinstance(act := newest.entry.act, Proposal):
        return False
    alike = [each.entry.act for each in drama.known(who, Proposal)]
    chosen = pick([each for each in alike if isinstance(each, Proposal) and each.thing == act.thing][:3], b)
    assert chosen is not None
    return vote_for(drama, who, chosen, open_now(drama, who, chosen), declines=c % 5 == 4)


def propose_terms(drama: Drama, who: str, number: int) -> TermsPropose:
    """New terms with other signatories, or the same; now and then with none of the old ones."""
    view = drama.world[who].view
    now = drama.drafts[terms_to_name(view)]
    sizes = (2, 3) if len(drama.parties) > 2 else (2,)
    choices = [chosen for size in sizes for chosen in combinations(drama.parties, size)]
    chosen = choices[number % len(choices)]
    others = tuple((name, "centre" if name == "centre" else "observer") for name in drama.draft.names.all)
    names = Names(chosen, tuple(each for each in others if each[0] not in chosen), drama.draft.names.write)
    draft = replace(now, names=names, edition=now.edition + 1)
    text = draft.text()
    drama.drafts[hashlib.sha256(text.encode()).hexdigest()] = draft
    act = TermsPropose(text=text, after=tuple(each.id for each in heads(view, "terms")))
    drama.sign(who, act)
    return act


def amend(drama: Drama, a: int, b: int, c: int) -> bool:
    """New terms are proposed; some vote, or all do and everybody holds it."""
    who = drama.party(a)
    act = propose_terms(drama, who, b)
    if c % 3:
        return agree_all(drama, a, b, c)
    return vote_for(drama, who, act, 0)


def amend_across_votes(drama: Drama, a: int, b: int, c: int) -> bool:
    """All vote for new terms, and then under the old ones on an area; the second is heard by some and not by others."""
    drama.world.share()
    old = drama.signatories
    proposer = old[a % len(old)]
    areas = [_area(drama, proposer, place) for place in ("wide", "orchard")]
    terms = propose_terms(drama, proposer, b)
    drama.world.share()
    on_terms = {}
    new = drama.drafts[terms.content()].names.signatories
    for who in new:
        if who not in old:
            vote_for(drama, who, terms, 0)
            on_terms[who] = drama.world[who].history.entries[-1]
    drama.world.share()
    for number, who in enumerate(old):
        drama.sign(who, Vote(thing="terms", after=terms.after, round=0, content=terms.content()))
        on_terms[who] = drama.world[who].history.entries[-1]
        vote_for(drama, who, areas[(c + (number == a % 3)) % 2 if c % 4 == 3 else c % 2], 0)
    late = {old[(b + c) % len(old)], old[b % len(old)]} if c % 3 else {old[c % len(old)]}
    for source, taken in on_terms.items():
        for reader in (*new, "centre"):
            if reader != source:
                drama.world.deliver(source, reader, taken if source in late else None)
    for who in new:
        vote_for(drama, who, areas[(c + 1) % 2], 0)
        if c % 2:
            drama.world.deliver(new[0], who)
        vote_for(drama, who, areas[(c + 1) % 2], 1)
    return True


def _area(drama: Drama, who: str, place: str) -> AreaPropose:
    write = drama.world.written
    after = tuple(each.id for each in heads(drama.world[who].view, f"area/{write('valley')}"))
    act = AreaPropose(area=write("valley"), tier=write("open"), ring=ring(place), band=EVERYWHERE, after=after)
    drama.sign(who, act)
    return act


def end_floor(drama: Drama, a: int, b: int, c: int) -> bool:
    """The floor is ended, or restored, by all or by some; if need be something is stopped first, and resumed after."""
    who = drama.party(a)
    if c % 3 == 1 and not drama.known(who, Suspend, Withdraw):
        drama.sign(who, Suspend())
        drama.world.share()
    after = tuple(each.id for each in heads(drama.world[who].view, "floor"))
    act = FloorPropose(after=after, stands=bool(b % 2))
    drama.sign(who, act)
    vote_for(drama, who, act, 0)
    if c % 2:
        agree_all(drama, a, b, c)
    return resume(drama, a, 3, c) if c % 4 == 3 else True


def resume(drama: Drama, a: int, b: int, c: int) -> bool:
    """Every stop that a signatory knows of is lifted by all."""
    who = drama.party(a)
    stops = drama.known(who, Suspend, Withdraw)
    if not stops:
        return False
    act = LiftPropose(lifts=tuple(each.entry.id for each in stops[: 1 + b % 4]))
    drama.sign(who, act)
    return agree_all(drama, a, b, c)


def lift(drama: Drama, a: int, b: int, c: int) -> bool:
    """A signatory would lift what it knows of, and votes for that."""
    who = drama.party(a)
    restraints = drama.known(who, Hold, Suspend, MovementRequest)
    if not restraints:
        return False
    chosen = restraints[b % len(restraints) :][: 1 + c % 2]
    act = LiftPropose(lifts=tuple(each.entry.id for each in chosen))
    drama.sign(who, act)
    vote_for(drama, who, act, 0)
    return agree_all(drama, a, b, c) if c % 2 else True


def suspend(drama: Drama, a: int, b: int, c: int) -> bool:
    """A signatory, or in vain somebody else, suspends; seldom, for it ends most of what may happen."""
    if c % 4:
        return False
    drama.sign(drama.who(a), Withdraw() if b % 3 == 2 else Suspend())
    return True
