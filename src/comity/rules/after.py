"""Rules of what follows a start: end, report, review, harm (J10)."""

from __future__ import annotations

from comity.model.acts.operations import (
    OperationConsent,
    OperationEnd,
    OperationHarmAnswer,
    OperationReport,
    OperationReview,
    OperationWithdraw,
)
from comity.model.verdict import Refusal
from comity.rules.case import Case, short
from comity.rules.named import operation_of


def request_is_there(case: Case) -> Refusal | None:
    """A restraint on a request names one that is there (law 15)."""
    if operation_of(case) is not None:
        return None
    return case.refuse(
        "operation", "the request that it names is not in this entry's past", "name a request that is", 15
    )


def request_is_own(case: Case) -> Refusal | None:
    """A request is taken back by the participant that made it (law 15)."""
    record = operation_of(case)
    if record is not None and record.proposer == case.keeper.id:
        return None
    return case.refuse("operation", "the request is not the signer's own", "refuse it, or place a hold", 15)


def refuser_is_signatory(case: Case) -> Refusal | None:
    """A refusal is a signatory's; another participant places a hold (law 22)."""
    if case.is_signatory:
        return None
    return case.refuse("operation", f"{case.keeper.id} has no consent to refuse", "place a hold", 22)


def consent_is_own(case: Case) -> Refusal | None:
    """A consent is withdrawn by the participant that gave it (law 15)."""
    act = case.act
    assert isinstance(act, OperationWithdraw)
    consent = case.view.find(act.consent)
    if (
        consent is not None
        and isinstance(consent.entry.act, OperationConsent)
        and case.is_own(consent)
        and consent.entry.act.request == act.request
    ):
        return None
    return case.refuse(
        "operation",
        f"{short(act.consent)} is no consent of {case.keeper.id} to this request",
        "name your own consent by its hash",
        15,
    )


def started_by_own(case: Case) -> Refusal | None:
    """The executing party ends, reports and answers for its own start."""
    record = operation_of(case)
    if record is not None and any(case.is_own(start) for start in record.starts):
        return None
    return case.refuse(
        "operation.report", f"{case.keeper.id} has not started this operation", "nothing to end or report", 15
    )


def not_yet_ended(case: Case) -> Refusal | None:
    """An operation ends once; that all have lifted its start is not its end."""
    record = operation_of(case)
    if record is None or not record.of(OperationEnd):
        return None
    return case.refuse("operation.report", "the operation has already ended", "send the report", 15)


def is_ended(case: Case) -> Refusal | None:
    """A report follows the end."""
    record = operation_of(case)
    if record is not None and record.of(OperationEnd):
        return None
    return case.refuse("operation.report", "the operation has not ended", "end it first")


def harm_was_reported(case: Case) -> Refusal | None:
    """A harm answer follows a report of known or suspected harm."""
    record = operation_of(case)
    assert record is not None and isinstance(case.act, OperationHarmAnswer)
    for taken in record.of(OperationReport):
        if isinstance(taken.entry.act, OperationReport) and taken.entry.act.harm != "not-known":
            return None
    return case.refuse("operation.report", "no harm was reported", "nothing to answer")


def review_of_anothers_report(case: Case) -> Refusal | None:
    """A review is another signatory's, of a report that is there."""
    record = operation_of(case)
    assert isinstance(case.act, OperationReview)
    reports = record.of(OperationReport) if record is not None else []
    if not reports:
        return case.refuse("operation.review", "there is no report to review", "wait for the report")
    if not case.is_signatory or case.is_own(reports[-1]):
        return case.refuse(
            "operation.review", f"{case.keeper.id} does not review this report", "leave it to another signatory"
        )
    answers = record.of(OperationHarmAnswer) if record is not None else []
    if case.act.finding == "harm-answer-accepted" and not answers:
        return case.refuse("operation.review", "there is no answer about harm to accept", "wait for it")
    return None
