"""Rules of amendments: what terms may follow those in force, and what a vote for them binds its giver to (9-14)."""

from __future__ import annotations

from comity.model.acts.agreement import TermsPropose, Vote
from comity.model.acts.form import Nature
from comity.model.history import Taken
from comity.model.records.change import ballots, is_dead, replaced_terms, required, terms_heads, votes_on
from comity.model.terms import Terms
from comity.model.terms_file import parse_terms
from comity.model.verdict import Refusal
from comity.rules.case import Case, short


def terms_can_be_adopted(case: Case) -> Refusal | None:
    """Proposed terms are whole, the next edition of the same agreement, among those who take part, with the same logs.

    They are whole if they read by the rules version in force, whatever version they name: a verdict must not depend on
    the software, and no text may stop an office (law 14).
    """
    act = case.act
    assert isinstance(act, TermsPropose)
    parsed = parse_terms(act.text.encode())
    if not isinstance(parsed, Terms):
        return case.refuse(
            "agreement.amendment",
            f"the proposed terms are not an agreement: {parsed[0]}",
            "check the text with comity agreement check",
        )
    faults = (fault(case, parsed) for fault in (_not_next, _among_others, _pinned_otherwise))
    return next((fault for fault in faults if fault is not None), None)


def newcomers_voted_first(case: Case) -> Refusal | None:
    """A signatory votes for terms that make somebody a signatory once he has: his silence holds up nothing (law 9)."""
    act, under = case.act, case.entry.header.terms
    assert isinstance(act, Vote)
    if act.thing != "terms" or act.content is None or not case.is_signatory:
        return None
    votes = ballots(case.view, act.thing, act.after, act.round, under)
    newcomers = required(case.view, act.thing, under, act.content) - case.signatories
    missing = sorted(party for party in newcomers if act.content not in votes.get(party, ()))
    if not missing:
        return None
    return case.refuse(
        "agreement.amendment",
        f"{', '.join(missing)} would become a signatory and has not voted for it in this entry's past",
        "wait for that vote, or decline",
        9,
    )


def log_goes_on(case: Case) -> Refusal | None:
    """Who has voted for terms that name this log no more permits, records and votes for nothing else from it while they
    may come into force: the party has a new log then, and what is seen in that one would say nothing of what is still
    on its way from this (laws 10, 17, 19, 20). It restrains, declines, and speaks on terms as before."""
    act, under, origin = case.act, case.entry.header.terms, case.entry.origin
    decides = act.nature in (Nature.PERMISSION, Nature.RECORD) or (isinstance(act, Vote) and act.content is not None)
    if not decides or getattr(act, "thing", None) == "terms":
        return None
    for vote, taken in votes_on(case.view, "terms"):
        mine = taken.entry.origin == origin and taken.entry.header.terms == under and vote.content is not None
        if not mine or case.view.history.known.pins(vote.content or "", origin):
            continue
        if not is_dead(case.view, "terms", vote.after, vote.round, under):
            return case.refuse(
                "agreement.amendment",
                f"{case.keeper.id} has voted for terms that end its log {origin} ({short(taken.entry.id)})",
                "wait until they are in force, or until a vote against them makes their round dead",
                10,
            )
    return None


def starter_is_not_leaving(case: Case) -> Refusal | None:
    """Who has voted for terms that it is no party to starts nothing while they may come into force: those who are
    parties to them would not know of it, and might start in the same air (law 10)."""
    under = case.entry.header.terms
    for vote, taken in votes_on(case.view, "terms"):
        if vote.content is None or not case.is_own(taken) or taken.entry.header.terms != under:
            continue
        leaves = case.keeper.id not in required(case.view, "terms", vote.content, vote.content)
        if leaves and not is_dead(case.view, "terms", vote.after, vote.round, under):
            return case.refuse(
                "agreement.amendment",
                f"{case.keeper.id} has voted for terms that it is no party to ({short(taken.entry.id)})",
                "leave the operation to a party that stays",
                10,
            )
    return None


def start_of_a_party(case: Case, start: Taken) -> Refusal | None:
    """A start is lifted only of who is no signatory by any terms in force: a party ends its own, in the log that it has
    now if the one it started from died. Who has left may be silent for ever, and no timer ends what may still fly."""
    party = case.party(start)
    in_force = [case.view.terms(digest) for digest in terms_heads(case.view)]
    if not any(terms is not None and party in terms.signatories for terms in (case.terms, *in_force)):
        return None
    return case.refuse(
        "operation.hold",
        f"{short(start.entry.id)} is the start of {party}, which is a party and ends it itself",
        f"wait for the end that {party} signs",
        16,
    )


def flight_of_a_participant(case: Case, declared: Taken) -> Refusal | None:
    """A flight is lifted only of who takes part by no terms in force: a participant closes its own."""
    party = case.party(declared)
    in_force = [case.view.terms(digest) for digest in terms_heads(case.view)]
    if not any(terms is not None and terms.participant_by_id(party) for terms in (case.terms, *in_force)):
        return None
    return case.refuse(
        "operation.hold",
        f"{short(declared.entry.id)} is a flight of {party}, which takes part and closes it itself",
        f"wait until {party} closes it",
        16,
    )


def _not_next(case: Case, parsed: Terms) -> Refusal | None:
    """The agreement is the same and its edition one more: so editions never run out."""
    in_force = (case.view.terms(digest) for digest in terms_heads(case.view))
    edition = 1 + max((terms.edition for terms in in_force if terms is not None), default=case.terms.edition)
    if (parsed.id, parsed.edition) == (case.terms.id, edition):
        return None
    return case.refuse(
        "agreement.amendment",
        f"the proposed terms are {parsed.id} edition {parsed.edition}, next is {case.terms.id} edition {edition}",
        "propose that one",
    )


def _among_others(case: Case, parsed: Terms) -> Refusal | None:
    """One signatory stays, who has seen what was agreed, and who becomes one takes part already: he can say no."""
    if not case.signatories & set(parsed.signatories):
        return case.refuse(
            "agreement.amendment",
            "none of the signatories would stay, and who comes has seen nothing of what they agreed",
            "keep one of them, or found a new agreement",
            10,
        )
    strangers = [each for each in parsed.signatories if case.terms.participant_by_id(each) is None]
    if not strangers:
        return None
    return case.refuse(
        "agreement.amendment",
        f"{', '.join(strangers)} would become a signatory and takes no part yet, so it cannot vote on that",
        "add it as an observer first, and make it a signatory after that",
        10,
    )


def _pinned_otherwise(case: Case, parsed: Terms) -> Refusal | None:
    """All have logs, and a log has the keys that it began with."""
    moved = _repinned(case, parsed)
    if moved is not None:
        return case.refuse(
            "agreement.amendment",
            f"the proposed terms pin other keys for the log {moved}",
            "give the participant a new log, or leave its pins as they are",
        )
    if any(each.pins is None for each in parsed.participant):
        return case.refuse("agreement.amendment", "the proposed terms pin no logs", "complete them as comity init does")
    return None


def _repinned(case: Case, parsed: Terms) -> str | None:
    """A log that the terms in force, or any that they replaced, pin, and that proposed terms pin otherwise."""
    old = [terms for digest in replaced_terms(case.view) if (terms := case.view.terms(digest)) is not None]
    keepers = [each for terms in (*old, case.terms) for each in terms.participant]
    pinned = {each.pins.origin: each.pins for each in keepers if each.pins is not None}
    for each in parsed.participant:
        if each.pins is not None and pinned.get(each.pins.origin, each.pins) != each.pins:
            return each.pins.origin
    return None
