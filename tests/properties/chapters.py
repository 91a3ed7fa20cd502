"""What the slow reference asks of each act that `moves` plays, under the terms of `laws.agreement`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from comity.model.acts import Act, Nature
from comity.model.acts.agreement import FloorPropose, LiftPropose, Proposal, Suspend, TermsPropose, Vote, Withdraw
from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.acts.areas import AreaDissolve, AreaPropose
from comity.model.acts.duty import LineCheck
from comity.model.acts.flights import ConflictAnswer, FlightChange, FlightClose, FlightDeclare
from comity.model.acts.keys import ClockStep, Compromised, Enrol, Revoke, Watch
from comity.model.acts.movements import (
    MovementAccept,
    MovementAcknowledge,
    MovementAgree,
    MovementAlternative,
    MovementArrive,
    MovementCancel,
    MovementClear,
    MovementDeny,
    MovementRequest,
)
from comity.model.acts.operations import (
    FactState,
    Hold,
    OperationConfirm,
    OperationConsent,
    OperationEnd,
    OperationPropose,
    OperationStart,
    OperationWithdraw,
)
from comity.model.codec import encode
from comity.model.spans import MINUTE_MS
from properties import flights
from properties.joint import Known
from properties.judgement import Judgement

Chapter = Callable[[Judgement, Act], bool]


def proposal(case: Judgement, act: Act) -> bool:
    """A joint change is proposed by a signatory, on what stands."""
    assert isinstance(act, Proposal)
    after = set(act.after)
    if case.party not in case.signatories or after != case.joint.heads(act.thing) or len(after) != len(act.after):
        return False
    if isinstance(act, LiftPropose):
        lifted = [case.find(name) for name in act.lifts]
        return all(known is not None and known.act.nature is Nature.RESTRAINT for known in lifted)
    if isinstance(act, TermsPropose):
        new = case.drafts[act.content()]
        now = max(case.drafts[name].edition for name in case.joint.in_force)
        among = set(new.names.signatories) <= set(case.draft.names.all)
        return new.edition == now + 1 and among and bool(case.signatories & set(new.names.signatories))
    if isinstance(act, FloorPropose):
        ended = not case.floor_stands()
        return ended if act.stands else bool(case.standing_suspensions()) and not ended
    return not isinstance(act, AreaDissolve) or bool(case.areas(act.area))


def vote(case: Judgement, act: Act) -> bool:
    """One vote a round under its terms, for what was proposed, once the round before is dead and old terms are done."""
    assert isinstance(act, Vote)
    joint, under = case.joint, case.entry.header.terms
    contents = [act.content] if act.content is not None else [under]
    if act.content is None and act.thing == "terms":
        contents += joint.proposals_of_terms(act.after)
    proposed = [known.act for known in case.all(Proposal) if isinstance(known.act, Proposal)]
    return (
        set(act.after) == joint.heads(act.thing)
        and len(set(act.after)) == len(act.after)
        and (act.content is None or any(_is_of(each, act) for each in proposed))
        and any(case.party in joint.required(act.thing, under, content) for content in contents)
        and case.party not in {each.party for each in joint.cast(act.thing, act.after, act.round, under)}
        and (act.round == 0 or joint.is_dead(act.thing, act.after, act.round - 1, under))
        and not joint.is_dead(act.thing, act.after, act.round, under)
        and (case.party not in case.signatories or joint.newcomers_agree(act, under))
        and (act.content is None or not joint.may_come(act.thing, act.after, act.content, case.party))
    )


def _is_of(act: Proposal, vote: Vote) -> bool:
    return (act.content(), act.thing, sorted(act.after)) == (vote.content, vote.thing, sorted(vote.after))


def _is_leaving(case: Judgement) -> bool:
    """Whether the party has voted for terms without itself that may still come into force."""
    under = case.entry.header.terms
    for known in case.all(Vote):
        act = known.act
        assert isinstance(act, Vote)
        mine = known.party == case.party and known.entry.header.terms == under and act.thing == "terms"
        if not mine or act.content is None or case.party in case.drafts[act.content].names.signatories:
            continue
        if not case.joint.is_dead("terms", act.after, act.round, under):
            return True
    return False


def request(case: Judgement, act: Act) -> bool:
    """A signatory asks for an operation in an area in force."""
    assert isinstance(act, OperationPropose)
    until_ms = act.volume.window.until_ms
    assert until_ms is not None
    return case.party in case.signatories and until_ms > case.at_ms and case.inside_area(act)


def consent(case: Judgement, act: Act) -> bool:
    """A lease by another signatory, through an officer who did not draft the request."""
    assert isinstance(act, OperationConsent)
    known = case.find(act.request, OperationPropose)
    if known is None or case.party not in case.signatories or case.of(OperationStart, act.request):
        return False
    asked = known.act
    assert isinstance(asked, OperationPropose)
    most_ms = case.at_ms + case.numbers["lease_max_min"] * MINUTE_MS
    same_person = known.party == case.party and _officer(case, known) == case.enrolled(case.entry.header.key)
    return (
        act.executing == asked.executing != case.party
        and not same_person
        and case.at_ms < act.expires_ms <= most_ms
        and case.inside_area(asked)
        and not case.is_held(known)
        and flights.all_settled(case, known, known, asked.executing, asked.volume)
    )


def _officer(case: Judgement, known: Known) -> str | None:
    names = [each.act.officer for each in case.all(Enrol) if each.act.key == known.entry.header.key]  # type: ignore[attr-defined]
    return names[0] if names else None


def confirm(case: Judgement, act: Act) -> bool:
    """The giver says that his live consent still stands."""
    assert isinstance(act, OperationConfirm)
    known, given = case.find(act.request, OperationPropose), case.find(act.consent, OperationConsent)
    if known is None or given is None or given.party != case.party or case.of(OperationStart, act.request):
        return False
    return given.act.request == act.request and not case.is_held(known) and case.is_live(given)  # type: ignore[attr-defined]


def start(case: Judgement, act: Act) -> bool:
    """Laws 17 to 20 and 25, together."""
    assert isinstance(act, OperationStart)
    known = case.find(act.request, OperationPropose)
    if known is None or case.of(OperationStart, act.request):
        return False
    asked = known.act
    assert isinstance(asked, OperationPropose)
    window = asked.volume.window
    assert window.until_ms is not None
    cited = [each for name in act.consents if (each := case.find(name, OperationConsent)) is not None]
    cited = [each for each in cited if each.act.request == act.request]  # type: ignore[attr-defined]
    others = case.signatories - {case.party}
    return (
        case.party == asked.executing
        and not _is_leaving(case)
        and all(each.entry.header.terms == case.entry.header.terms for each in cited)
        and window.from_ms <= case.at_ms < window.until_ms
        and case.inside_area(asked)
        and not case.is_held(known)
        and others <= {each.party for each in cited}
        and all(case.is_live(each) and case.covers(each, known) and _confirmed(case, each) for each in cited)
        and all(flights.consent_knew(case, each, asked.volume, asked.executing) for each in cited)
        and flights.all_settled(case, known, known, asked.executing, asked.volume)
        and not case.barring_movements(asked.volume)
        and not case.bars_itself(known)
        and not any(each.party != case.party for each in case.others_under_way(asked.volume))
        and all(_there(case, other) for other in others)
    )


def _confirmed(case: Judgement, given: Known) -> bool:
    within_ms = case.numbers["confirm_within_min"] * MINUTE_MS
    said = [each for each in case.all(OperationConfirm) if each.act.consent == given.id]  # type: ignore[attr-defined]
    said = [each for each in said if not case.is_stolen(each)]
    last = [each for each in said if not any(each in other.past for other in said)]
    return any(case.at_ms - each.at_ms <= within_ms for each in last)


def _there(case: Judgement, other: str) -> bool:
    return case.officer_is_there(other) and case.line_is_tried(other)


def withdrawal(case: Judgement, act: Act) -> bool:
    """The giver takes his own consent back."""
    assert isinstance(act, OperationWithdraw)
    given = case.find(act.consent, OperationConsent)
    return given is not None and given.party == case.party and given.act.request == act.request  # type: ignore[attr-defined]


def ending(case: Judgement, act: Act) -> bool:
    """Who started ends, once."""
    assert isinstance(act, OperationEnd)
    started = [known for known in case.of(OperationStart, act.request) if known.party == case.party]
    return bool(started) and not case.of(OperationEnd, act.request)


def hold(case: Judgement, act: Act) -> bool:
    """Anyone holds any request that is there."""
    assert isinstance(act, Hold)
    return act.request is None or case.find(act.request, OperationPropose) is not None


def clearance(case: Judgement, act: Act) -> bool:
    """The requester clears what all signatories agreed to and acknowledged, with no live start in the air."""
    assert isinstance(act, MovementClear)
    asked = case.find(act.request, MovementRequest)
    if asked is None or asked.party != case.party or _is_over(case, act.request) or case.is_lifted(act.request):
        return False
    now = case.asked(asked)
    told = {known.party for known in case.of(MovementAcknowledge, act.request)} | {asked.party}
    return (
        case.signatories - {asked.party} <= now.agreed
        and case.signatories <= told
        and not case.others_under_way(now.volume)
        and flights.all_settled(case, asked, _asked_by(case, asked), asked.party, flights.protected(case, asked))
    )


def _asked_by(case: Judgement, asked: Known) -> Known:
    """The request, or the newest acceptance of another way."""
    return max(case.of(MovementAccept, asked.id), key=lambda each: each.order, default=asked)


def _is_over(case: Judgement, request: str) -> bool:
    return bool(case.of(MovementArrive, request) or case.of(MovementCancel, request))


def answer(case: Judgement, act: Act) -> bool:
    """Another than the requester acknowledges; if he is a signatory he agrees, offers other air or denies."""
    name: str = getattr(act, "request", "")
    asked = case.find(name, MovementRequest)
    if asked is None or asked.party == case.party:
        return False
    if not isinstance(act, MovementAcknowledge) and case.party not in case.signatories:
        return False
    if isinstance(act, MovementAgree) and act.alternative != case.asked(asked).alternative:
        return False
    return isinstance(act, MovementDeny) or not _is_over(case, name)


def acceptance(case: Judgement, act: Act) -> bool:
    """The requester takes an alternative that was offered to this request, before the clearance."""
    assert isinstance(act, MovementAccept)
    asked, offer = case.find(act.request, MovementRequest), case.find(act.alternative, MovementAlternative)
    if asked is None or asked.party != case.party or offer is None or _is_over(case, act.request):
        return False
    return offer.act.request == act.request and not case.of(MovementClear, act.request)  # type: ignore[attr-defined]


def finish(case: Judgement, act: Act) -> bool:
    """The requester ends its own movement, once; what was never cleared is cancelled, not arrived."""
    name: str = getattr(act, "request", "")
    asked = case.find(name, MovementRequest)
    cleared = bool(case.of(MovementClear, name)) or isinstance(act, MovementCancel)
    return asked is not None and asked.party == case.party and cleared and not _is_over(case, name)


def enrolment(case: Judgement, act: Act) -> bool:
    """The root key enrols a key that nobody ever had."""
    assert isinstance(act, Enrol)
    used = any(isinstance(each, Enrol) and each.key == act.key for each in (known.act for known in case.sound))
    return case.entry.header.seat == "root" and not used


def key_end(case: Judgement, act: Act) -> bool:
    """A party ends its own keys."""
    key = getattr(act, "key", None)
    return any(known.party == case.party and known.act.key == key for known in case.all(Enrol))  # type: ignore[attr-defined]


def opening(case: Judgement, act: Act) -> bool:
    """A seal opens for its owner, to what was sealed in that log."""
    assert isinstance(act, ThreatOpen)
    sealed = case.find(act.seal, ThreatSeal)
    if sealed is None or sealed.party != case.party:
        return False
    seal = sealed.act
    assert isinstance(seal, ThreatSeal)
    covered = [sealed.entry.origin, encode(seal.window).decode(), act.salt, encode(act.volume).decode(), act.note]
    return hashlib.sha256(b"comity seal v1\n" + encode(covered)).hexdigest() == seal.commitment


def always(case: Judgement, act: Act) -> bool:
    """Good standing is all it takes."""
    return True


def by_signatory(case: Judgement, act: Act) -> bool:
    """Only a signatory suspends."""
    return case.party in case.signatories


def seconded(case: Judgement, act: Act) -> bool:
    """A clock is set back by two."""
    return case.entry.header.second is not None


def flown(case: Judgement, act: Act) -> bool:
    """A flight is its operator's; what is changed or closed is the signer's own, and open."""
    name: str | None = getattr(act, "declaration", None)
    declared = case.find(name, FlightDeclare) if name is not None else None
    is_open = declared is not None and not flights.is_closed(case, declared.id)
    own = name is None or (declared is not None and declared.party == case.party and is_open)
    return own and getattr(act, "operator", case.party) == case.party


def answered(case: Judgement, act: Act) -> bool:
    """A side answers for a flight and another thing in its air, whatever the hour."""
    assert isinstance(act, ConflictAnswer)
    declared, other = case.find(act.declaration, FlightDeclare), case.find(act.other)
    if declared is None or other is None or declared.id == other.id:
        return False
    return flights.in_one_air(case, declared, other) and case.party in {declared.party, flights.owner(other)}


CHAPTERS: dict[type[Act], Chapter] = {
    AreaPropose: proposal,
    AreaDissolve: proposal,
    LiftPropose: proposal,
    Vote: vote,
    OperationPropose: request,
    OperationConsent: consent,
    OperationConfirm: confirm,
    OperationStart: start,
    OperationWithdraw: withdrawal,
    OperationEnd: ending,
    Hold: hold,
    FactState: always,
    TermsPropose: proposal,
    FloorPropose: proposal,
    Suspend: by_signatory,
    Withdraw: by_signatory,
    LineCheck: always,
    Watch: always,
    MovementRequest: always,
    MovementAcknowledge: answer,
    MovementAgree: answer,
    MovementAlternative: answer,
    MovementDeny: answer,
    MovementAccept: acceptance,
    MovementClear: clearance,
    MovementArrive: finish,
    MovementCancel: finish,
    Enrol: enrolment,
    Revoke: key_end,
    Compromised: key_end,
    ThreatSeal: always,
    ThreatOpen: opening,
    ClockStep: seconded,
    FlightDeclare: flown,
    FlightChange: flown,
    FlightClose: flown,
    ConflictAnswer: answered,
}
