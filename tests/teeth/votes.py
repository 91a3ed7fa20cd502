"""Wrong rules of joint changes, each of those in `records/change.py` once, and the tests that must find them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from comity.model.acts.agreement import Vote
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records import change
from comity.model.terms import Terms
from comity.model.verdict import Refusal
from comity.rules import agreement
from comity.rules.case import Case
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import exchanged, replaced

LAST_ROUND = 7


def eight_rounds_at_most(case: Case) -> Refusal | None:
    """Who has not agreed in eight rounds never will."""
    assert isinstance(case.act, Vote)
    if case.act.round > LAST_ROUND:
        return case.refuse("agreement.amendment", "all rounds are used up", "begin anew", 9)
    return _round_is_open(case)


def first_round_after_each_other(view: View, thing: str, after: tuple[str, ...], under: str) -> int:
    """No more rounds are looked at than people have patience for."""
    return min(_open_round(view, thing, after, under), LAST_ROUND)


def declined_by_nobody(view: View, thing: str, after: tuple[str, ...], number: int, under: str) -> bool:
    """Who declines may still agree."""
    votes = change.ballots(view, thing, after, number, under)
    return len({content for said in votes.values() for content in said if content is not None}) > 1


def dead_by_anyone(view: View, thing: str, after: tuple[str, ...], number: int, under: str) -> bool:
    """Whoever votes in a round may end it, also who would only join by one of the contents."""
    named = {each for said in change.ballots(view, thing, after, number, under).values() for each in said}
    return len(named) > 1 or None in named


def counted_across_rounds(view: View, thing: str) -> dict[str, change.Change]:
    """A vote is a vote, in whatever round it was given."""
    groups: dict[tuple[tuple[str, ...], str, str], dict[str, Taken]] = defaultdict(dict)
    for vote, taken in change.votes_on(view, thing):
        if vote.content is not None:
            key = (tuple(sorted(vote.after)), vote.content, taken.entry.header.terms)
            groups[key][party_of(taken.entry.origin)] = taken
    found: dict[str, change.Change] = {}
    for (after, content, under), votes in groups.items():
        needed = change.required(view, thing, under, content)
        if needed and needed <= votes.keys():
            made = change.change_id(thing, after, content)
            found[made] = change.Change(made, thing, after, content, tuple(votes.values()))
    return found


def forgotten_with_their_terms(view: View, thing: str) -> tuple[dict[str, change.Change], list[change.Change]]:
    """What was agreed under terms that others replaced is agreed no more."""
    found, ends = _changes(view, thing)
    if thing == "terms":
        return found, ends
    now = change.terms_to_name(view)
    kept = {name: each for name, each in found.items() if all(vote.entry.header.terms == now for vote in each.votes)}
    return kept, [each for each in ends if each.id in kept]


def named_by_its_terms(view: View, thing: str) -> dict[str, change.Change]:
    """The same content agreed under other terms is another change."""
    found = {}
    for each in _count(view, thing).values():
        name = change.change_id(thing, each.after, each.content + each.votes[0].entry.header.terms)
        found[name] = change.Change(name, thing, each.after, each.content, each.votes)
    return found if thing != "terms" else _count(view, thing)


def whatever_was_ever_agreed(view: View, thing: str) -> list[change.Change]:
    """What was once in force is in force."""
    return sorted(change.complete(view, thing).values(), key=lambda each: each.id)


def the_newest_alone(view: View) -> set[str]:
    """Of replaced terms only the last matter."""
    heads = {before for each in change.heads(view, "terms") for before in each.after}
    return {each.content for name, each in change.complete(view, "terms").items() if name in heads}


def waits_for_everything(
    view: View, thing: str, after: tuple[str, ...], content: str, own: str
) -> change.Undecided | None:
    """Whatever may still come under the old terms is waited for, also what one would vote for."""
    return _undecided(view, thing, after, "", own)


def nothing_comes(votes: Mapping[str, object], content: str | None, terms: Terms, final: set[str]) -> bool:
    """Of old votes nothing comes any more."""
    return False


def anything_may_come(votes: Mapping[str, object], content: str | None, terms: Terms, final: set[str]) -> bool:
    """Whatever one party voted for under the old terms may come."""
    return True


_round_is_open, _open_round, _count = agreement.round_is_open, change.open_round, change._count
_undecided, _changes = change.undecided, change._changes

VOTES: tuple[Tooth, ...] = (
    tooth(
        "there is a last round", exchanged(agreement.round_is_open, eight_rounds_at_most), "09_rounds_are_not_used_up"
    ),
    tooth(
        "the open round is looked for among the first",
        replaced(change.open_round, first_round_after_each_other),
        "09_rounds_are_not_used_up",
    ),
    tooth(
        "declining ends no round",
        replaced(change.is_dead, declined_by_nobody),
        "09_rounds_are_not_used_up",
    ),
    tooth("who would join ends every round", replaced(change.is_dead, dead_by_anyone), "09_who_would_join_may_decline"),
    tooth(
        "votes of several rounds add up",
        replaced(change._count, counted_across_rounds),
        "09_votes_of_two_rounds_do_not_add_up",
    ),
    tooth(
        "changes die with their terms",
        replaced(change._changes, forgotten_with_their_terms),
        "10_complete_stays_complete",
        "12_areas_and_movements_outlive_terms",
    ),
    tooth(
        "one content under two terms is two changes",
        replaced(change._count, named_by_its_terms),
        "10_what_may_be_on_its_way_may_be_voted_for",
    ),
    tooth(
        "what was once in force is in force",
        replaced(change.heads, whatever_was_ever_agreed),
        "18_changed_area_is_a_fact",
    ),
    tooth(
        "terms replaced long ago are forgotten",
        replaced(change.replaced_terms, the_newest_alone),
        "10_terms_long_replaced_count_too",
    ),
    tooth(
        "what is on its way may not be voted for",
        replaced(change.undecided, waits_for_everything),
        "10_what_may_be_on_its_way_may_be_voted_for",
    ),
    tooth(
        "nothing comes of old votes",
        replaced(change._may_complete, nothing_comes),
        "10_vote_under_replaced_terms_may_be_on_its_way",
    ),
    tooth(
        "anything may come of old votes",
        replaced(change._may_complete, anything_may_come),
        "10_who_has_gone_on_votes_no_more_under_old_terms",
        "10_one_who_has_gone_on_is_enough",
    ),
)
