"""Wrong rules, each as somebody might write it in good faith. Their tests must find every one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from comity.model.acts.agreement import Proposal, Vote
from comity.model.acts.alone import ThreatOpen
from comity.model.acts.movements import FlightNotice
from comity.model.acts.operations import Hold, OperationConsent, OperationReview
from comity.model.entry import Entry
from comity.model.history import Clock, History, Taken, View
from comity.model.known import party_of
from comity.model.records import change, drift, movements, operations, restraints
from comity.model.records.areas import area_versions
from comity.model.terms import Participant, Terms
from comity.model.verdict import Refusal
from comity.rules import agreement as agreement_rules
from comity.rules import consents, gate, named, standing
from comity.rules import operations as operation_rules
from comity.rules import starts as start_rules
from comity.rules.case import Case, refusal
from comity.views import alone as alone_views
from comity.views import crossing
from comity.views import operations as operation_views


def every_consent_counts(case: Case) -> list[Taken]:
    """Whatever consents there are, cited or not."""
    return [taken for taken in case.view.about(f"operation/{case.act.request}") if _is_consent(taken)]  # type: ignore[attr-defined]


def withdrawn_anywhere(view: View, consent: Taken) -> Taken | None:
    """Asks all that this office holds, the entry's future included."""
    return _withdrawal_of(view.history.now(), consent)


def forked_anywhere(case: Case) -> Refusal | None:
    """Asks all that this office holds, the entry's future included."""
    return gate.no_party_forked(dataclasses.replace(case, view=case.view.history.now()))


def any_fork_bars(case: Case) -> Refusal | None:
    """The centre's fork, too."""
    forked = [origin for origin in case.view.history.origins() if case.view.forked(origin)]
    return refusal(case.terms, "agreement", "somebody has forked", "wait", 4) if forked else None


def old_forks_bar(case: Case) -> Refusal | None:
    """Every log that a party ever kept, also one that the terms have replaced."""
    signed = [each.split("/")[1] for each in case.view.history.origins() if case.view.forked(each)]
    if set(signed) & case.signatories and case.act.nature == "permission":
        return refusal(case.terms, "agreement", "somebody has forked", "wait", 4)
    return None


def no_expiry(view: View, consent: Taken, at_ms: int) -> str | None:
    """A consent is live until it is withdrawn."""
    return "was withdrawn" if operations.withdrawal_of(view, consent) is not None else None


def only_users_clock(view: View, consent: Taken, at_ms: int) -> str | None:
    """The lease ends when the one who relies on it says so."""
    fault = _lease_fault(view, consent, at_ms)
    return None if fault is not None and "giver" in fault else fault


def only_givers_clock(view: View, consent: Taken, at_ms: int) -> str | None:
    """The lease ends when its giver says so."""
    return _lease_fault(view, consent, 0)


def anybodys_clock(view: View, party: str) -> int:
    """The newest time of any log."""
    found = [view.newest(origin) for origin in view.history.origins()]
    return max((taken.entry.at_ms for taken in found if taken is not None), default=0)


def any_log_so_named(view: View, party: str) -> list[str]:
    """A log is a participant's if its name says so."""
    return [origin for origin in view.history.origins() if origin.split("/")[1] == party]


def joined_openly(history: History, entry: Entry, heads: Mapping[str, tuple[int, int]]) -> Clock:
    """What is cited counts; what that had seen need not be cited."""
    clock = [0] * len(history.branches)
    for branch, size in heads.values():
        clock[branch] = size
    return tuple(clock)


def goes_on_by_number(history: History, number: int, count: int, head: tuple[int, int]) -> bool:
    """Longer is newer, on whichever branch."""
    return history.branches[number].origin == history.branches[head[0]].origin and count > head[1]


def lifted_by_anyone(view: View, restraint: str) -> bool:
    """One vote lifts."""
    lifts = [taken.entry.act for taken in view.about(f"lifts/{restraint}")]
    return any(change.votes_on(view, act.thing) for act in lifts if isinstance(act, Proposal))


def lifted_with_others(view: View, restraint: str) -> bool:
    """A lift lifts everything."""
    return any(change.complete(view, f"lift/{_content(taken)}") for taken in view.about("proposals/lift"))


def present_consents_suffice(case: Case) -> Refusal | None:
    """Who says nothing consents."""
    for consent in start_rules._cited(case):
        if start_rules._consent_fault(case, consent) is not None:
            return start_rules.consents_are_cited_and_live(case)
    return None


def first_cited_only(case: Case) -> Refusal | None:
    """One live consent of each giver is enough, whatever stands behind it."""
    cited = start_rules._cited(case)[:1]
    if cited and start_rules._consent_fault(case, cited[0]) is None and len(case.signatories) == 2:
        return None
    return start_rules.consents_are_cited_and_live(case)


def first_cited_covers(case: Case) -> Refusal | None:
    """One giver who knows of the fact is enough."""
    record = named.operation_of(case)
    assert record is not None
    covered = [
        drift.uncovered_fact(case.view, record, consent, case.at_ms) is None for consent in start_rules._cited(case)
    ]
    return None if any(covered) else start_rules.consents_cover_all_facts(case)


def late_notice_refused(case: Case) -> Refusal | None:
    """Too late is not at all."""
    act = case.act
    assert isinstance(act, FlightNotice)
    if act.volume.window.from_ms - case.at_ms < case.span_ms("notice_lead_h"):
        return case.refuse("notice.lead", "the notice is late", "give it earlier")
    return None


def restraints_without_holds(view: View, start: Taken) -> Iterator[Taken]:
    """A hold that came at the same moment is nobody's fault."""
    return (taken for taken in _restraints_on(view, start) if not isinstance(taken.entry.act, Hold))


def restraints_without_dissolutions(view: View, start: Taken) -> Iterator[Taken]:
    """An area that was in force when the start was signed was in force."""
    return (taken for taken in _restraints_on(view, start) if not isinstance(taken.entry.act, Vote))


def crossed_by_what_followed(view: View, taken: Taken) -> View:
    """Whatever the start had not seen crossed it."""
    return view


def nothing_found(*_: object) -> Iterator[Taken]:
    """Nothing."""
    return iter(())


def first_key_only(entry: Entry) -> tuple[str, ...]:
    """Who signs first answers for both."""
    return (entry.header.key,)


def reviewed_by_anyone_who_reviewed(view: View, record: operations.Operation) -> Iterator[str]:
    """Who has reviewed has reviewed."""
    reviewed = {party_of(each.entry.origin) for each in record.of(OperationReview)}
    return (party for party in sorted(operation_views.givers(view, record)) if party not in reviewed)


def opened_seals_only(view: View, terms: Terms) -> list[alone_views.SealStanding]:
    """What is not open is nobody's business."""
    return [standing for standing in _seals(view, terms) if standing.status != "sealed"]


def found_refused_too(view: View, entry_id: str) -> Taken | None:
    """An entry that is there is an entry."""
    taken = view.history.find(entry_id)
    return taken if taken is not None and view.holds(taken) else None


def indexed_refused_too(history: History, entry: Entry, placement: Any, root: bytes, refused: Any) -> Taken:
    """Files refused acts like admitted ones."""
    taken = _take(history, entry, placement, root, refused)
    if refused is not None and not hasattr(entry.act, "problem"):
        history._index(taken, entry.act)
    return taken


def counted_across_terms(view: View, thing: str) -> dict[str, change.Change]:
    """A vote is a vote, whatever terms it was given under."""
    groups: dict[tuple[tuple[str, ...], str], dict[str, Taken]] = {}
    for vote, taken in change.votes_on(view, thing):
        if vote.content is not None:
            group = groups.setdefault((tuple(sorted(vote.after)), vote.content), {})
            group[taken.entry.origin.split("/")[1]] = taken
    needed = frozenset(change.terms_to_judge_by(view).signatories) if thing != "terms" else None
    found = _count(view, thing)
    for (after, content), votes in groups.items():
        if needed is not None and needed <= votes.keys():
            made = change.Change(change.change_id(thing, after, content), thing, after, content, tuple(votes.values()))
            found.setdefault(made.id, made)
    return found


def two_votes_suffice(view: View, thing: str, under: str, content: str) -> frozenset[str]:
    """A change needs two parties."""
    return frozenset(sorted(_required(view, thing, under, content))[-2:])


def old_signatories_suffice(view: View, thing: str, under: str, content: str) -> frozenset[str]:
    """Terms are changed by those who have them."""
    terms = view.terms(under)
    return frozenset(terms.signatories) if terms is not None else frozenset()


def new_signatories_suffice(view: View, thing: str, under: str, content: str) -> frozenset[str]:
    """Terms are changed by those who will have them."""
    terms = view.terms(content if thing == "terms" else under)
    return frozenset(terms.signatories) if terms is not None else frozenset()


def never_dead(view: View, thing: str, after: tuple[str, ...], number: int, under: str) -> bool:
    """A round stays open until all agree."""
    return False


def dead_rounds_are_open(case: Case) -> Refusal | None:
    """A vote may come in any round that others have closed."""
    act = case.act
    assert isinstance(act, Vote)
    under = case.entry.header.terms
    if act.round == 0 or change.is_dead(case.view, act.thing, act.after, act.round - 1, under):
        return None
    return _round_is_open(case)


def kept_as_proposed(entry: Entry, view: View, terms: Terms) -> Participant | None:
    """A vote may come from the log that the proposal names."""
    found = _keeper_of(entry, view, terms)
    proposed = view.terms(entry.act.content) if isinstance(entry.act, Vote) and entry.act.content else None
    if found is None and proposed is not None:
        return next((each for each in proposed.participant if each.pins and each.pins.origin == entry.origin), None)
    return found


def consent_outlives_terms(case: Case, consent: Taken) -> str | None:
    """A consent is good until it lapses."""
    return operations.lease_fault(case.view, consent, case.at_ms)


def refused_under_other_terms(case: Case) -> Refusal | None:
    """Every act names the terms in force."""
    in_force = change.terms_heads(case.view)
    if not in_force or case.entry.header.terms in in_force:
        return None
    return case.refuse("agreement.adoption", "it names other terms", "sign again", 12)


def seats_for_restraints_too(case: Case) -> Refusal | None:
    """No act without a seat that may sign it."""
    if case.officer is None or case.entry.header.seat not in case.officer.seats:
        return None
    seat = case.terms.seat_by_id(case.entry.header.seat)
    may = seat.may if seat is not None else ()
    chapter = case.act.name.partition(".")[0]
    if {"*", f"{chapter}.*", case.act.name} & set(may):
        return None
    return case.refuse("keys", "the seat may not sign it", "have another sign", 33)


def deputies_end_for_restraints_too(case: Case) -> Refusal | None:
    """No act outside one's seats."""
    header = case.entry.header
    if case.officer is None or header.seat in ("root", "office") or header.seat in case.officer.seats:
        return None
    return case.refuse("keys", "the officer does not sit there", "sign in your own seat", 33)


def seen_without_looking(view: View, taken: Taken, origin: str) -> bool:
    """What was withdrawn is withdrawn."""
    return True


def bar_ends_by_own_clock(view: View, consent: Taken, at_ms: int) -> bool:
    """The giver's lease is over when the giver says so."""
    act = consent.entry.act
    assert isinstance(act, OperationConsent)
    return at_ms > act.expires_ms or _is_bar_over(view, consent, at_ms)


def bar_ends_with_the_lease(view: View, consent: Taken, at_ms: int) -> bool:
    """An operation is over when the lease is."""
    act = consent.entry.act
    assert isinstance(act, OperationConsent)
    return operations.newest_at(view, act.executing) > act.expires_ms


def protected_in_its_window(record: movements.Movement) -> Any:
    """A movement protects while its permit runs."""
    return record.volume


def hold_ends_by_either_clock(view: View, taken: Taken, at_ms: int) -> bool:
    """A timed hold is over when somebody says so."""
    act = taken.entry.act
    assert isinstance(act, Hold)
    if act.until_ms is not None and at_ms > act.until_ms:
        return False
    return _hold_stands(view, taken, at_ms)


def hold_ends_by_its_holder(view: View, taken: Taken, at_ms: int) -> bool:
    """A timed hold is over when its holder's clock says so."""
    act = taken.entry.act
    assert isinstance(act, Hold)
    return _hold_stands(view, taken, at_ms if act.until_ms is None else act.until_ms + 1)


def no_fact_matters(view: View, record: operations.Operation, consent: Taken, at_ms: int) -> str | None:
    """A consent is a consent."""
    return None


def enrolled_by_anyone(taken: Taken, enrollers: tuple[str, ...], key: str) -> bool:
    """A key that is enrolled is enrolled."""
    return getattr(taken.entry.act, "key", None) == key


def never(*_: object) -> bool:
    """No."""
    return False


def first_version_rules(case: Case) -> Refusal | None:
    """Of several versions of an area the first."""
    act = named.request_of(case)
    versions = area_versions(case.view, act.area) if act is not None else []
    if act is None or len(versions) < 2:
        return operation_rules.inside_an_area(case)
    return operation_rules._area_fault(case, act, versions[0])


def head_follows_any(case: Case, thing: str, after: tuple[str, ...]) -> Refusal | None:
    """A change that names one of the heads succeeds it."""
    current = {each.id for each in change.heads(case.view, thing)}
    return None if not current or current & set(after) else _follows_heads(case, thing, after)


def by_key_only(case: Case) -> Refusal | None:
    """Who signs with another key is another person."""
    record = named.operation_of(case)
    assert record is not None
    if record.request.entry.header.key == case.entry.header.key:
        return consents.drafter_does_not_consent(case)
    return None


def unbound_commitment(act: Any, origin: str, window: Any) -> str:
    """A seal covers what was done."""
    return _commitment(act, "anywhere", window)


def unbound_in_time(act: Any, origin: str, window: Any) -> str:
    """A seal covers what was done, whenever."""
    return _commitment(act, origin, type(window)(from_ms=0, until_ms=None))


def by_arrival(taken: Taken) -> tuple[int, str, int, bytes]:
    """The order in which things came."""
    return (taken.number, taken.entry.origin, taken.entry.seq, taken.entry.hash)


def _content(taken: Taken) -> str:
    act = taken.entry.act
    assert isinstance(act, Proposal)
    return act.content()


def _is_consent(taken: Taken) -> bool:
    return isinstance(taken.entry.act, OperationConsent)


# The right rules that the wrong ones fall back on, held here because a planted one takes their name.
_withdrawal_of = operations.withdrawal_of
_lease_fault = operations.lease_fault
_is_bar_over = operations.is_bar_over
_hold_stands = restraints.hold_stands
_restraints_on = crossing.restraints_on
_seals = alone_views.seals
_take = History.take
_count = change._count
_required = change.required
_keeper_of = standing.keeper_of
_round_is_open = agreement_rules.round_is_open
_follows_heads = agreement_rules._follows_heads
_commitment = ThreatOpen.commitment
