"""Wrong words of views, and the tests that must find them."""

from __future__ import annotations

from comity.model.acts.agreement import Proposal
from comity.model.acts.duty import LineCheck
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import proposals
from comity.model.records.movements import Movement
from comity.views import agreement as agreement_views
from comity.views import alone, asking, crossing, duty, sight, whose
from comity.views import movements as movement_views
from comity.views import operations as operation_views
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import entered, replaced


def earliest_sight(view: View, party: str, taken: Taken) -> list[Taken]:
    """Whoever saw it in time on one branch of his log saw it in time."""
    first = min(_party_sights(view, party, taken), key=lambda each: each.entry.at_ms, default=None)
    return [] if first is None else [first]


def whose_now(view: View, settled_by: Taken | None) -> frozenset[str]:
    """Whoever is a party now was one always."""
    return _bound_by(view, None)


def nothing_forbids(*asked: object, **apart: object) -> None:
    """Agreed is agreed."""


def answered_once(view: View, record: Movement) -> set[str]:
    """Who has answered anything has answered."""
    return {party_of(each.entry.origin) for each in record.acts if isinstance(each.entry.act, movement_views.ANSWERS)}


def never_at_fault(*asked: object) -> None:
    """Who has consented has answered."""


def asked_for_ever(view: View, act: Proposal, number: int, under: str) -> Taken:
    """What was proposed once is asked for until it is agreed."""
    return proposals(view, act.content())[0][1]


def key_itself(view: View, key: str) -> str:
    """Whoever signs with a new key is somebody new."""
    return key


_bound_by = whose.bound_by
_party_sights = sight.party_sights

STANDINGS: tuple[Tooth, ...] = (
    tooth(
        "an amendment rewrites the past",
        replaced(whose.bound_by, whose_now),
        "10_new_signatory_rewrites_nothing",
    ),
    tooth(
        "who has left is waited for",
        replaced(whose.still_bound, whose.bound_by),
        "10_who_has_left_reviews_nothing",
    ),
    tooth(
        "ready is not asked of the judge",
        replaced(asking.forbidden, nothing_forbids),
        "17_ready_is_what_the_judge_would_admit",
        "20_agreed_is_what_the_judge_would_clear",
    ),
    tooth(
        "an answer to something else is an answer",
        replaced(movement_views.answered_by, answered_once),
        "20_accepted_is_asked_anew",
        "20_whoever_answered_something_else_answers_again",
    ),
    tooth(
        "a dead consent is an answer",
        replaced(operation_views.consent_fault, never_at_fault),
        "16_withdrawn_consent_is_answered_anew",
        "25_lapsed_consent_is_answered_anew",
    ),
    tooth(
        "an activity goes on whatever its group",
        replaced(alone.activity_fault, never_at_fault),
        "18_activity_against_a_group_taken_in_must_end",
    ),
    tooth(
        "one branch excuses the other",
        replaced(sight.party_sights, earliest_sight),
        "32_late_on_one_branch_is_late_for_ever",
    ),
    tooth(
        "a line found dead beside a start is nobody's business",
        entered(crossing.CROSSES, LineCheck, "takes no earlier check back"),
        "18_whatever_stops_a_start_flags_it_when_they_cross",
    ),
    tooth(
        "who has declined is asked for ever",
        replaced(agreement_views._asked_by, asked_for_ever),
        "09_who_declined_owes_no_vote",
        "09_what_was_declined_may_be_proposed_again",
    ),
    tooth(
        "another key is another officer",
        replaced(duty._last_key, key_itself),
        "29_a_rotated_key_is_the_same_officer",
    ),
)
