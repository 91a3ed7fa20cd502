"""The safety floor: what stands of the agreement while permissions have stopped, until every signature ends it (J17).

An end counts only while a suspension or withdrawal stands that those who voted for it knew of: once these are lifted
the floor is there again for the next one. While they stand it is restored as it was ended, by every signature.
"""

from __future__ import annotations

from comity.model.acts.agreement import FloorPropose
from comity.model.history import View
from comity.model.records.change import Change, complete, heads, proposal_of
from comity.model.records.restraints import suspensions


def floor_stands(view: View) -> bool:
    """Whether the floor stands: of several heads, which only a fork can cause, each must leave it standing (law 11)."""
    return not any(_ends(view, change) for change in heads(view, "floor"))


def floor_changes(view: View) -> list[tuple[Change, bool]]:
    """The ends of the floor that count and its restorations (true), in the order in which they became complete."""
    changes = sorted(complete(view, "floor").values(), key=lambda change: change.height)
    found = [(change, _restores(view, change)) for change in changes]
    return [(change, restores) for change, restores in found if restores or _ends(view, change)]


def _ends(view: View, change: Change) -> bool:
    if _restores(view, change):
        return False
    known = [view.history.past(vote) for vote in change.votes]
    return any(past.holds(stop) for stop in suspensions(view) for past in known)


def _restores(view: View, change: Change) -> bool:
    act = proposal_of(view, change)
    return isinstance(act, FloorPropose) and act.stands
