"""The gate that every act passes before its chapter: standing, terms, forks, suspension (laws 4, 11-16)."""

from __future__ import annotations

from comity.model.acts.agreement import Vote, Withdraw
from comity.model.acts.form import Nature
from comity.model.acts.keys import Join
from comity.model.records.change import heads, terms_heads, terms_to_name
from comity.model.records.floor import floor_stands
from comity.model.records.officers import ROOT_SEAT
from comity.model.records.restraints import suspensions
from comity.model.terms import Role
from comity.model.verdict import Refusal
from comity.rules.amendments import log_goes_on
from comity.rules.case import Case, Rule, short
from comity.rules.standing import key_may_sign, passkey_given, seat_may_sign, two_officers

CHAPTER_RULES = {
    "area": "area",
    "movement": "movement",
    "notice": "notice",
    "flight": "flight",
    "conflict": "flight.conflict",
    "operation": "operation",
    "integration": "integration",
    "threat": "threat",
    "activity": "activity",
    "duty": "duty",
    "precaution": "precaution",
}


def genesis(case: Case) -> Refusal | None:
    """Entry 0 is the vote for the founding terms under the root key (law 13); who has no vote on these joins, and so
    does whoever begins a log by terms in force: a newcomer, or who has another log already."""
    if case.entry.seq > 0:
        if isinstance(case.act, Join):
            return case.refuse("agreement.adoption", "a log joins once, in its first entry", "nothing needs doing", 13)
        return None
    expected = Vote if case.is_signatory and not terms_heads(case.view) else Join
    named = case.act.content if isinstance(case.act, Vote) else getattr(case.act, "terms", None)
    known = case.view.history.known
    pinned = named is not None and case.view.terms(named) is not None and known.pins(named, case.entry.origin)
    if isinstance(case.act, expected) and case.entry.header.seat == ROOT_SEAT and pinned:
        return None
    return case.refuse(
        "agreement.adoption",
        f"the first entry of {case.keeper.id} must be its {expected.name} for the terms under the root key",
        "begin the log with comity init",
        13,
    )


def terms_named(case: Case) -> Refusal | None:
    """Without terms in force only votes, keys, restraints; with them, all but restraints name their head (12, 13)."""
    nature = case.act.nature
    if nature in (Nature.RESTRAINT, Nature.WATCH):
        return None
    in_force = terms_heads(case.view)
    if not in_force and nature not in (Nature.VOTE, Nature.KEY):
        return case.refuse(
            "agreement.adoption",
            "no terms are in force in this entry's past",
            "wait until every signatory has voted for the founding file",
            13,
        )
    first = terms_to_name(case.view)
    allowed = [first] if nature is Nature.VOTE else in_force or [first]  # votes under two heads would not add up
    if case.entry.header.terms not in allowed:
        return case.refuse(
            "agreement.adoption",
            f"it names terms {short(case.entry.header.terms)}, to be named are {short(first)}",
            "sign again under the terms in force",
            12,
        )
    if len(in_force) > 1 and nature is Nature.PERMISSION:
        return case.refuse(
            "agreement.adoption",
            "the terms have two heads: a forked party caused it",
            "agree on a joint change that names both heads",
            11,
        )
    return None


def chapter_provided(case: Case) -> Refusal | None:
    """An act needs a clause that provides for its chapter; restraints need none (J1), and neither do words on
    tracks and alerts: an office watches its own feeds under any terms, and those words move no screen but its own."""
    if case.act.nature in (Nature.RESTRAINT, Nature.VOTE, Nature.KEY, Nature.WATCH):
        return None
    rule = CHAPTER_RULES.get(_chapter(case))
    if rule is None or case.terms.clause_for(rule) is not None:
        return None
    return case.refuse(
        "agreement", f"no clause of the agreement provides for {case.act.name}", "amend the terms first", 14
    )


def no_party_forked(case: Case) -> Refusal | None:
    """In a view that holds a party's fork no permission is admitted; a fork of the centre bars nothing (law 4)."""
    if case.act.nature is not Nature.PERMISSION and not _is_lift(case):
        return None
    for keeper in case.terms.participant:
        if keeper.role is Role.SIGNATORY and keeper.pins is not None and case.view.forked(keeper.pins.origin):
            return case.refuse(
                "agreement",
                f"{keeper.id} has forked its log {keeper.pins.origin}",
                "agree on terms that name the fork and give it a new log",
                4,
            )
    return None


def not_suspended(case: Case) -> Refusal | None:
    """Under a suspension or withdrawal permissions stop, those of the safety floor apart (J17)."""
    if case.act.nature is not Nature.PERMISSION:
        return None
    standing = suspensions(case.view)
    if not standing or _on_floor(case):
        return None
    left = next((taken for taken in standing if isinstance(taken.entry.act, Withdraw)), None)
    stopped, deed = left or standing[0], "withdrawn from the agreement" if left else "suspended the agreement"
    return case.refuse(
        "agreement.withdrawal" if left else "agreement.suspension",
        f"{case.party(stopped)} has {deed} ({short(stopped.entry.id)}), and permissions have stopped",
        "resume by a lift that every signatory votes for",
    )


def preconditions_met(case: Case) -> Refusal | None:
    """Acts of a gated chapter wait until every signatory agrees that the precondition is met (J15)."""
    if case.act.nature not in (Nature.PERMISSION, Nature.RECORD):
        return None
    chapter = _chapter(case)
    for precondition in case.terms.precondition:
        if chapter in precondition.gates and not heads(case.view, f"precondition/{precondition.id}"):
            return case.refuse(
                "agreement.precondition",
                f"the precondition {precondition.id} is not agreed as met",
                "propose it as met and have every signatory vote",
            )
    return None


def _chapter(case: Case) -> str:
    return case.act.name.partition(".")[0]


def _on_floor(case: Case) -> bool:
    return _chapter(case) in case.terms.floor.keeps and floor_stands(case.view)


def _is_lift(case: Case) -> bool:
    return isinstance(case.act, Vote) and case.act.thing.startswith("lift/") and case.act.content is not None


GATE: tuple[Rule, ...] = (
    genesis,
    key_may_sign,
    terms_named,
    seat_may_sign,
    two_officers,
    passkey_given,
    chapter_provided,
    no_party_forked,
    log_goes_on,
    not_suspended,
    preconditions_met,
)
