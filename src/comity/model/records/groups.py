"""How a group is treated in a view."""

from __future__ import annotations

from comity.model.acts.agreement import GroupPropose
from comity.model.history import View
from comity.model.records.change import heads, proposal_of
from comity.model.terms import Terms


def treatment_of(view: View, terms: Terms, group: str) -> str | None:
    """By the newest joint change, else by the terms; None if a fork made several of it, be they of one word: a view
    with several heads permits nothing (law 11)."""
    changes = heads(view, f"group/{group}")
    if len(changes) > 1:
        return None
    act = proposal_of(view, changes[0]) if changes else None
    if isinstance(act, GroupPropose):
        return act.treatment
    found = terms.group_by_id(group)
    return None if found is None else found.treatment.value
