"""Wrong rules of who owes the settlement of what is contested, and the tests that must find them."""

from __future__ import annotations

from collections.abc import Iterator

from comity.model.acts.operations import OperationReport
from comity.model.history import Taken
from comity.views import disputes
from comity.views.alone import SealStanding, seal_reviewers
from comity.views.operations import OperationStanding
from comity.views.owing import Ledger, Obligation
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import replaced


def until_somebody_disputes(ledger: Ledger, standing: OperationStanding) -> Iterator[Obligation]:
    """A dispute is the end of the review."""
    if standing.status == "reported":
        yield from _report_reviews(ledger, standing)


def answered_by_the_newest(
    ledger: Ledger, standing: OperationStanding, dispute: Taken, reports: list[Taken]
) -> Obligation:
    """Whoever reports twice has answered."""
    act, party = standing.record.act, ledger.party(dispute)
    if len(reports) > 1:
        return ledger.owed(party, "review", standing.record.of(OperationReport)[-1], "review_within_d", act.executing)
    return _dispute_owed(ledger, standing, dispute, reports)


def newest_of_any_kind(ledger: Ledger, reviews: list[Taken]) -> dict[str, Taken]:
    """Whoever speaks of harm has settled the rest."""
    return {ledger.party(taken): taken for taken in reviews}


def reviewed_by_all_again(ledger: Ledger, standing: SealStanding) -> Iterator[Obligation]:
    """Until all have accepted everybody owes, and of what is contested nobody."""
    for party in sorted(seal_reviewers(ledger.view, standing.seal)) if standing.status != "contested" else ():
        yield ledger.owed(party, "review the opened seal", standing.seal, "threat_review_within_d", standing.party)


_report_reviews = disputes.report_reviews
_dispute_owed = disputes._dispute_owed

DISPUTES: tuple[Tooth, ...] = (
    tooth(
        "a dispute is owed by nobody",
        replaced(disputes.report_reviews, until_somebody_disputes),
        "29_disputed_report_is_owed_by_somebody_until_it_is_settled",
        "29_dispute_of_one_frees_no_other_from_his_review",
    ),
    tooth(
        "any second report answers a dispute",
        replaced(disputes._dispute_owed, answered_by_the_newest),
        "29_report_that_crossed_a_dispute_answers_nothing",
    ),
    tooth(
        "a word on harm settles a dispute",
        replaced(disputes._newest_words, newest_of_any_kind),
        "29_word_on_harm_is_no_word_on_a_dispute",
    ),
    tooth(
        "a contested seal is owed by nobody",
        replaced(disputes.seal_reviews, reviewed_by_all_again),
        "29_contested_seal_is_owed_by_who_contests_it",
        "29_who_has_accepted_a_seal_owes_nothing",
    ),
)
