"""Rules of the watch: roster, handover, line check (J5)."""

from __future__ import annotations

from comity.model.acts.duty import Handover, LineCheck, Roster
from comity.model.records.officers import officer
from comity.model.verdict import Refusal
from comity.rules.case import Case


def roster_is_of_officers(case: Case) -> Refusal | None:
    """A roster names an enrolled key, a seat of the terms, and a time that ends after it begins."""
    act = case.act
    assert isinstance(act, Roster)
    if case.terms.seat_by_id(act.seat) is None or officer(case.view, case.keeper, act.key, case.at_ms) is None:
        return case.refuse("duty.roster", "it names a seat or a key that is not known here", "enrol the officer first")
    if act.until_ms <= act.from_ms:
        return case.refuse("duty.roster", "the watch ends before it begins", "give its times in order")
    return None


def handover_by_two(case: Case) -> Refusal | None:
    """A handover is signed by the officer who goes and, second, by the officer who comes, both in the seat."""
    act = case.act
    assert isinstance(act, Handover)
    second = case.entry.header.second
    if second is not None and second.seat == act.seat == case.entry.header.seat:
        return None
    return case.refuse(
        "duty.handover",
        f"the handover of {act.seat} is not signed by two officers in that seat",
        "have both officers sign the same bytes",
    )


def line_has_two_ends(case: Case) -> Refusal | None:
    """A line check is with another participant of the terms."""
    act = case.act
    assert isinstance(act, LineCheck)
    if act.with_participant != case.keeper.id and case.terms.participant_by_id(act.with_participant) is not None:
        return None
    return case.refuse(
        "duty.line", f"there is no line from {case.keeper.id} to {act.with_participant}", "name the other end"
    )
