"""What an act names, as the entry's past holds it: the operation, its request, the movement."""

from __future__ import annotations

from comity.model.acts.operations import OperationCounter, OperationPropose
from comity.model.records.movements import Movement, movement
from comity.model.records.operations import Operation, Request, operation
from comity.rules.case import Case


def operation_of(case: Case) -> Operation | None:
    """The record of the request that an act names."""
    request: str | None = getattr(case.act, "request", None)
    return operation(case.view, request) if request is not None else None


def request_of(case: Case) -> Request | None:
    """What is asked for: the act itself if it drafts a request, else the request that it names."""
    if isinstance(case.act, OperationPropose | OperationCounter):
        return case.act
    record = operation_of(case)
    return record.act if record is not None else None


def movement_of(case: Case) -> Movement | None:
    """The record of the movement whose request an act names."""
    request: str | None = getattr(case.act, "request", None)
    return movement(case.view, request) if request is not None else None
