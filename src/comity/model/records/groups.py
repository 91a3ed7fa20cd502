"""How a group is treated in a view."""

from __future__ import annotations

from comity.model.acts.agreement import GroupPropose
from comity.model.history import View
from comity.model.records.change import heads, proposal_of
from comity.model.terms import Terms


def treatment_of(view: View, terms: Terms, group: str) -> str | None:
    """By the newest joint change, else by the terms; None if a fork made several of it (law 11)."""
    acts = [proposal_of(view, change) for change in heads(view, f"group/{group}")]
    treatments = {act.treatment for act in acts if isinstance(act, GroupPropose)}
    if treatments:
        return treatments.pop() if len(treatments) == 1 else None
    found = terms.group_by_id(group)
    return None if found is None else found.treatment.value
