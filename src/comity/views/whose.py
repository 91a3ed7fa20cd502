"""Whose word a thing needed, and whose it needs: by the terms under which it was settled, else by those of now.

An amendment rewrites nothing: what was started, cleared or sealed before it was settled between the parties of then,
and a new signatory owes nothing on it. What was only asked for needs what the terms of now need.
"""

from __future__ import annotations

from comity.model.history import Taken, View
from comity.model.records.change import terms_to_judge_by


def bound_by(view: View, settled_by: Taken | None) -> frozenset[str]:
    """The signatories of the terms in force in the past of the act that settled a thing; of those of now while none
    has."""
    return frozenset(terms_to_judge_by(view if settled_by is None else view.history.past(settled_by)).signatories)


def still_bound(view: View, settled_by: Taken | None) -> frozenset[str]:
    """Those of them who are signatories now: one that has left signs no finding any more."""
    return bound_by(view, settled_by) & frozenset(terms_to_judge_by(view).signatories)
