"""Wrong rules about terms that are replaced, the logs they name, the floor, and answers; and what must find them."""

from __future__ import annotations

from collections.abc import Iterator

from comity.model.acts.agreement import Proposal, Vote
from comity.model.acts.form import Nature
from comity.model.acts.movements import MovementAccept, MovementAgree
from comity.model.acts.operations import OperationEnd
from comity.model.entry import Entry
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records import change, floor, movements, operations, restraints
from comity.model.records.officers import Officer
from comity.model.terms import Participant, Role, Terms
from comity.model.verdict import Refusal
from comity.rules import after, agreement, amendments, consents, standing
from comity.rules.case import Case, Rule
from comity.rules.named import operation_of
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import altered, dropped, exchanged, replaced, together
from teeth.wrong_rules import never


def dead_across_terms(view: View, thing: str, after: tuple[str, ...], number: int, under: str) -> bool:
    """Votes under two terms differ, so nothing can come of either."""
    voters = change.terms_to_judge_by(view).signatories
    named = {
        (vote.content, taken.entry.header.terms)
        for vote, taken in change.votes_on(view, thing)
        if vote.round == number and taken.entry.origin.split("/")[1] in voters
    }
    return len(named) > 1 or any(content is None for content, _ in named)


def one_vote_under_all_terms(case: Case) -> Refusal | None:
    """Who has voted in a round has voted in it, though nobody can count it any more."""
    act = case.act
    assert isinstance(act, Vote)
    own = [vote for vote, taken in change.votes_on(case.view, act.thing) if case.is_own(taken)]
    if any((vote.round, vote.after) == (act.round, act.after) for vote in own):
        return case.refuse("agreement.amendment", "has voted", "wait", 9)
    return None


def named_by_any_proposal(view: View, origin: str) -> bool:
    """Whoever proposes terms says whose log is whose."""
    known = view.history.known
    proposed = [each.entry.act for each in view.about("proposals/terms")]
    digests = [each.content() for each in proposed if isinstance(each, Proposal)]
    return any(known.pins(digest, origin) for digest in (known.founding_hash, *digests))


def ended_for_ever(view: View) -> bool:
    """What every signature ended has ended, whatever is stopped or resumed since."""
    return not change.complete(view, "floor")


def floor_falls_with_the_agreement(view: View) -> bool:
    """A suspension stops everything."""
    return not restraints.suspensions(view)


def none(*_: object) -> list[str]:
    """Nothing."""
    return []


def kept_by_the_terms_in_force(entry: Entry, view: View, terms: Terms) -> Participant | None:
    """A log is somebody's while the terms name it."""
    return standing._pinned(terms, entry.origin)


def signatory_of_any_terms(case: Case) -> bool:
    """A party is what the terms say that name its log."""
    return case.keeper.role is Role.SIGNATORY


def whoever_took_part(view: View) -> frozenset[str]:
    """Who once took part does."""
    return frozenset(party_of(origin) for origin in view.history.origins())


def seen_by_any_log(view: View, taken: Taken, origin: str) -> bool:
    """A party is its logs: what one of them has seen it knows."""
    newest = (view.newest(each) for each in view.logs_of(party_of(origin)))
    return any(each is not None and view.history.past(each).holds(taken) for each in newest)


def nobody(*_: object) -> None:
    """Nobody minds."""


def agreed_to_anything(record: movements.Movement, view: View) -> Iterator[tuple[Taken, frozenset[str]]]:
    """Who has agreed has agreed, to whatever is asked for later."""
    agreed: frozenset[str] = frozenset()
    for taken in record.acts:
        if isinstance(taken.entry.act, MovementAgree):
            agreed |= {party_of(taken.entry.origin)}
        yield taken, agreed


def agreed_by_name_only(record: movements.Movement, view: View) -> Iterator[tuple[Taken, frozenset[str]]]:
    """An agreement counts that names what is asked for, whichever acceptance of it its giver knew of."""
    agreed: frozenset[str] = frozenset()
    for taken in record.acts:
        act = taken.entry.act
        if isinstance(act, MovementAccept):
            agreed = frozenset()
        elif isinstance(act, MovementAgree) and act.alternative == record.alternative:
            agreed |= {party_of(taken.entry.origin)}
        yield taken, agreed


def ended_by_signature(record: operations.Operation) -> bool:
    """Only its own party ends an operation."""
    return bool(record.of(OperationEnd))


def ended_or_lifted(case: Case) -> Refusal | None:
    """What takes no air any more needs no end."""
    record = operation_of(case)
    if record is None or not record.ended:
        return None
    return case.refuse("operation.report", "the operation has already ended", "send the report", 15)


def drafters_stay(past: View, terms: Terms, entry: Entry) -> list[Officer]:
    """Whoever signed is a participant."""
    assert terms.participant_by_id(party_of(entry.origin)) is not None
    return _persons(past, terms, entry)


def ended_but_for(nature: Nature) -> Rule:
    """A log that is to end goes on in one thing."""

    def rule(case: Case) -> Refusal | None:
        return None if case.act.nature is nature else _log_goes_on(case)

    return rule


def ended_for_everything(case: Case) -> Refusal | None:
    """Who has voted to have a new log says nothing more in the old."""
    return ended_by_its_own_vote(case, but=())


def ended_by_its_own_vote(
    case: Case, but: tuple[Nature, ...] = (Nature.RESTRAINT, Nature.WATCH, Nature.KEY)
) -> Refusal | None:
    """Who has voted to have a new log permits nothing more in the old, whatever the others vote."""
    known, origin = case.view.history.known, case.entry.origin
    mine = [
        vote for vote, taken in change.votes_on(case.view, "terms") if taken.entry.origin == origin and vote.content
    ]
    if case.act.nature not in but and any(not known.pins(vote.content or "", origin) for vote in mine):
        return case.refuse("agreement.amendment", "its log is to end", "wait", 10)
    return None


_persons = consents._persons
_log_goes_on = amendments.log_goes_on

REPLACED_TERMS: tuple[Tooth, ...] = (
    tooth(
        "votes under other terms lock a thing",
        exchanged(agreement.vote_is_first, one_vote_under_all_terms),
        "10_votes_under_other_terms_lock_nothing",
    ),
    tooth(
        "a vote under replaced terms is dead",
        together(
            exchanged(agreement.vote_is_first, one_vote_under_all_terms),
            replaced(change.is_dead, dead_across_terms),
            dropped(agreement.old_terms_decide_nothing_else),
        ),
        "10_vote_under_replaced_terms_may_be_on_its_way",
        "10_declining_under_new_terms_kills_no_old_round",
    ),
    tooth(
        "replaced terms are forgotten",
        dropped(agreement.old_terms_decide_nothing_else),
        "10_vote_under_replaced_terms_may_be_on_its_way",
        "10_terms_long_replaced_count_too",
    ),
    tooth(
        "replaced terms are never over",
        replaced(change._has_gone_on, never),
        "10_who_has_gone_on_votes_no_more_under_old_terms",
        "10_one_who_has_gone_on_is_enough",
        "10_forked_log_holds_up_nobody",
        "10_new_logs_lock_nothing",
    ),
    tooth("new logs are waited for in the old", replaced(change.has_ended, never), "10_new_logs_lock_nothing"),
    tooth(
        "a log that ends goes on",
        dropped(amendments.log_goes_on),
        "10_a_log_that_ends_votes_for_nothing_else",
        "20_old_log_starts_nothing_that_the_new_one_let_through",
        "20_old_log_answers_no_movement",
        "19_old_log_starts_nothing_that_the_new_one_saw_withdrawn",
    ),
    tooth(
        "a log that ends permits on",
        exchanged(amendments.log_goes_on, ended_but_for(Nature.PERMISSION)),
        "20_old_log_starts_nothing_that_the_new_one_let_through",
        "19_old_log_starts_nothing_that_the_new_one_saw_withdrawn",
    ),
    tooth(
        "a log that ends answers on",
        exchanged(amendments.log_goes_on, ended_but_for(Nature.RECORD)),
        "20_old_log_answers_no_movement",
    ),
    tooth(
        "a log that ends falls silent",
        exchanged(amendments.log_goes_on, ended_for_everything),
        "15_log_that_ends_restrains_on",
    ),
    tooth(
        "a log that was to end has ended",
        exchanged(amendments.log_goes_on, ended_by_its_own_vote),
        "10_log_that_is_kept_after_all_permits_again",
        "10_a_log_goes_on_when_it_is_not_ended",
    ),
    tooth(
        "who has left has no log",
        replaced(standing.keeper_of, kept_by_the_terms_in_force),
        "15_who_has_left_ends_what_it_began",
    ),
    tooth(
        "who was a signatory is one",
        altered(Case, "is_signatory", property(signatory_of_any_terms)),
        "15_who_has_left_decides_nothing",
    ),
    tooth(
        "newcomers vote when they like",
        dropped(amendments.newcomers_voted_first),
        "09_silent_newcomer_holds_up_nothing",
        "10_amendment_needs_the_newcomer",
    ),
    tooth(
        "strangers become signatories",
        replaced(amendments._among_others, nobody),
        "10_who_takes_no_part_is_added_first",
    ),
    tooth("editions leap", replaced(amendments._not_next, nobody), "10_editions_do_not_run_out"),
    tooth(
        "starts of parties are lifted",
        replaced(amendments.start_of_a_party, nobody),
        "16_start_of_a_party_is_not_lifted",
        "15_new_log_ends_what_the_old_one_began",
    ),
    tooth(
        "a leaver's start is never over",
        altered(operations.Operation, "ended", property(ended_by_signature)),
        "16_start_of_one_who_has_left_is_lifted_by_all",
        "20_lifted_start_bars_no_movement",
    ),
    tooth(
        "what is lifted has ended",
        exchanged(after.not_yet_ended, ended_or_lifted),
        "16_lifted_start_is_still_ended_and_reported",
    ),
    tooth(
        "any log of a party answers for it",
        replaced(operations._seen_by, seen_by_any_log),
        "19_word_of_an_old_log_ends_no_bar",
    ),
    tooth(
        "leavers owe what they cannot sign",
        replaced(change.participants, whoever_took_part),
        "29_who_has_left_owes_what_it_can_still_sign",
        "29_who_has_left_ends_its_activity",
    ),
    tooth("leavers start", dropped(amendments.starter_is_not_leaving), "10_leaver_starts_nothing"),
    tooth(
        "who would join may not decline",
        replaced(agreement._proposed, none),
        "09_who_would_join_may_decline",
    ),
    tooth(
        "a proposal names logs",
        altered(View, "names_log", named_by_any_proposal),
        "13_nobody_votes_from_a_log_made_for_him",
        "13_proposal_names_no_log",
        "13_newcomer_waits_for_every_vote",
    ),
    tooth(
        "an ended floor has ended for ever",
        replaced(floor.floor_stands, ended_for_ever),
        "16_floor_is_ended_and_restored",
        "16_floor_is_there_again_after_a_resumption",
        "16_floor_ended_under_one_stop_stands_for_another_that_none_knew_of",
    ),
    tooth(
        "a suspension stops the floor",
        replaced(floor.floor_stands, floor_falls_with_the_agreement),
        "16_floor_carries_exempt_movements",
    ),
    tooth(
        "who has agreed has agreed to anything",
        altered(movements.Movement, "answers", agreed_to_anything),
        "20_agreement_is_to_what_is_asked_now",
        "20_agreement_ends_with_the_next_acceptance",
    ),
    tooth(
        "an agreement may cross the acceptance",
        altered(movements.Movement, "answers", agreed_by_name_only),
        "20_agreement_knows_the_acceptance",
    ),
    tooth(
        "what all have lifted is cleared",
        dropped(agreement.movement_is_not_lifted),
        "20_lifted_movement_is_not_cleared",
    ),
    tooth(
        "drafters never leave",
        replaced(consents._persons, drafters_stay),
        "10_request_of_one_who_has_left_stops_no_office",
    ),
)
