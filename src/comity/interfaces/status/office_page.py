"""The page of a running office: what the page says about the office itself is read from the office."""

from __future__ import annotations

from comity.interfaces.status.page import Failed, OfficeState, status_page
from comity.office.office import Office
from comity.office.sky.seen import air_of


def page_of(office: Office, now_ms: int, failed: Failed, drill: bool = False) -> str:
    """The page as HTML; `failed` gets what a part that cannot be drawn raised, `drill` marks made-up keys and time."""
    who = office.participant
    heads = {branch.origin: branch.size for branch in office.logs.branches}
    clock_fault = office.clock_fault()
    report = air_of(office)
    state = OfficeState(
        participant=who.id,
        name=who.name,
        role=who.role.value,
        heads=heads,
        problems=tuple(each for each in office.problems if not each.is_private),
        fault=office.fault(),
        clock_fault=f"{clock_fault}; {office.clock_remedy()}" if clock_fault is not None else None,
        heard_ms=office.heard_ms,
        waiting=tuple(entry.header.act for entry in office.waiting_restraints()),
        drill=drill,
        air=None if office.air is None or report is None else (report, office.air.agreed),
    )
    return status_page(office.view(), state, now_ms, failed)
