"""Rules of integrated operations: the live authorisation of every national authority, in scope (J14)."""

from __future__ import annotations

from comity.model.acts.operations import Authorise, Deauthorise
from comity.model.records.authorisations import is_authorised
from comity.model.records.groups import treatment_of
from comity.model.verdict import Refusal
from comity.rules.case import Case
from comity.rules.named import request_of


def authorised(case: Case) -> Refusal | None:
    """An integrated operation needs a live authorisation, in scope, by every party's national authority (J14).

    Integrated is what the request says by naming an authorisation, and, whatever it says, every operation against a
    group that the agreement treats as integrated: there nobody gets round the authorities by naming none.
    """
    act = request_of(case)
    if act is None:
        return None
    if act.authorisation is None:
        if treatment_of(case.view, case.terms, act.group) != "integrated":
            return None
        return case.refuse(
            "integration",
            f"operation {act.operation} is integrated, as group {act.group} is treated, and names no authorisation",
            "name the one that every national authority has given",
        )
    for party in sorted(case.signatories):
        if not is_authorised(case.view, act.authorisation, party, act.area, act.group, case.keeper.id, case.at_ms):
            return case.refuse(
                "integration",
                f"{party} has no live authorisation {act.authorisation} for area {act.area} and group {act.group}",
                "ask its national authority",
            )
    return None


def authorisation_is_bounded(case: Case) -> Refusal | None:
    """An authorisation ends at a moment yet to come."""
    act = case.act
    assert isinstance(act, Authorise)
    if act.until_ms > case.at_ms:
        return None
    return case.refuse("integration", "the authorisation has ended before it is given", "give an end yet to come")


def authorisation_is_own(case: Case) -> Refusal | None:
    """An authorisation is ended by the participant that gave it."""
    act = case.act
    assert isinstance(act, Deauthorise)
    if any(case.is_own(taken) for taken in case.view.about(f"authorisation/{act.authorisation}")):
        return None
    return case.refuse(
        "integration", f"{case.keeper.id} has given no authorisation {act.authorisation}", "name your own", 15
    )
