"""What is contested waits for somebody by name until it is settled (J10, J12; law 29).

Who executed answers a disputed report by another report, and who disputes it then reviews that one: so at any time
exactly one of the two owes. A contested seal is settled by who contests it: its owner has said what he can by opening.
"""

from __future__ import annotations

from collections.abc import Iterator

from comity.model.acts.alone import ThreatReview
from comity.model.acts.operations import OperationReport, OperationReview
from comity.model.history import Taken
from comity.views.alone import SealStanding, seal_reviewers
from comity.views.operations import OperationStanding, reviewers
from comity.views.owing import Ledger, Obligation


def report_reviews(ledger: Ledger, standing: OperationStanding) -> Iterator[Obligation]:
    """Whoever has not reviewed the report owes that, also while another disputes it; each dispute has its debtor."""
    record, name = standing.record, standing.record.act.operation
    reports, newest = record.of(OperationReport), _newest_words(ledger, record.of(OperationReview))
    for party in sorted(reviewers(ledger.view, record)):
        word = newest.get(party)
        if word is None:
            what = f"review the report on operation {name}"
            yield ledger.owed(party, what, reports[-1], "review_within_d", record.act.executing)
        elif _finding(word) == "disputed":
            yield _dispute_owed(ledger, standing, word, reports)


def seal_reviews(ledger: Ledger, standing: SealStanding) -> Iterator[Obligation]:
    """Whoever has neither accepted an open seal nor contested it reviews it; whoever contests it settles that."""
    acts = ledger.view.about(f"threat/{standing.seal.entry.id}")
    newest = _newest_words(ledger, [each for each in acts if isinstance(each.entry.act, ThreatReview)])
    for party in sorted(seal_reviewers(ledger.view, standing.seal)):
        word = newest.get(party)
        if word is not None and _finding(word) == "contested":
            what = "settle the contested seal: accept it, or agree to differ"
            yield ledger.owed(party, what, word, "threat_review_within_d", standing.party)
        elif word is None or _finding(word) != "accepted":
            yield ledger.owed(party, "review the opened seal", standing.seal, "threat_review_within_d", standing.party)


def _dispute_owed(ledger: Ledger, standing: OperationStanding, dispute: Taken, reports: list[Taken]) -> Obligation:
    """By a report that had not seen the dispute, nothing is answered."""
    act, party = standing.record.act, ledger.party(dispute)
    answer = next((each for each in reports if ledger.view.history.past(each).holds(dispute)), None)
    if answer is None:
        what = f"answer by another report what {party} disputes in operation {act.operation}"
        return ledger.owed(act.executing, what, dispute, "review_within_d", party)
    what = f"review operation {act.operation} anew: its new report answers what was disputed"
    return ledger.owed(party, what, answer, "review_within_d", act.executing)


def _newest_words(ledger: Ledger, reviews: list[Taken]) -> dict[str, Taken]:
    """The newest word of each party, that on the answer about harm apart."""
    return {ledger.party(taken): taken for taken in reviews if _finding(taken) != "harm-answer-accepted"}


def _finding(taken: Taken) -> str:
    act = taken.entry.act
    assert isinstance(act, OperationReview | ThreatReview)
    return act.finding
