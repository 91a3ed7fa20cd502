"""Rules of holds and facts: restraints, refused only for a thing that is not there (law 15)."""

from __future__ import annotations

from comity.model.acts.operations import FactState, Hold
from comity.model.verdict import Refusal
from comity.model.volume import volume_problem
from comity.rules.case import Case, short
from comity.rules.named import operation_of


def held_thing_is_there(case: Case) -> Refusal | None:
    """A hold over one request names the request of an operation in its past; its volume can be read.

    By another hash it would stop nothing, and be listed as if it did: its officer hears so at his own door.
    """
    act = case.act
    assert isinstance(act, Hold)
    if act.request is not None and operation_of(case) is None:
        return case.refuse(
            "operation.hold",
            f"{short(act.request)} is no request of an operation in this entry's past",
            "name the request by its hash, or hold the volume instead",
            15,
        )
    problem = volume_problem(act.volume) if act.volume is not None else None
    if problem is None:
        return None
    return case.refuse_drawn("operation.hold", f"its volume cannot be used: {problem}", 15)


def fact_can_be_read(case: Case) -> Refusal | None:
    """A fact has a volume that can be read."""
    act = case.act
    assert isinstance(act, FactState)
    problem = volume_problem(act.volume)
    if problem is None:
        return None
    return case.refuse_drawn("operation.drift", f"its volume cannot be used: {problem}", 15)
