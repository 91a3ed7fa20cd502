"""Holds and suspensions that stand in a view: they end by a lift that names them, a timed hold at the last clock."""

from __future__ import annotations

from comity.model.acts.operations import Hold
from comity.model.geometry import volumes_meet
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import is_lifted
from comity.model.records.operations import newest_at
from comity.model.volume import Volume


def suspensions(view: View) -> list[Taken]:
    """The suspensions and withdrawals that no lift has named."""
    return [taken for taken in view.about("suspend") if not is_lifted(view, taken.entry.id)]


def holds_on(view: View, request: str, volume: Volume, at_ms: int) -> list[Taken]:
    """The holds that stand at `at_ms` over a request: on it, in its volume, or everywhere; each once."""
    named = (*view.about(f"holds/{request}"), *view.about("holds/everywhere"), *view.near("holds", volume))
    found = {taken.entry.id: taken for taken in named if _is_over(taken, request, volume)}
    return [taken for taken in found.values() if hold_stands(view, taken, at_ms)]


def hold_covers(hold: Hold, request: str, volume: Volume) -> bool:
    """Whether a hold covers a request with that volume: by all that it names, so by either of two; naming nothing,
    it covers everything."""
    if hold.request is None and hold.volume is None:
        return True
    return hold.request == request or (hold.volume is not None and volumes_meet(hold.volume, volume))


def hold_stands(view: View, taken: Taken, at_ms: int) -> bool:
    """Whether a hold stands: a timed one ends only when both clocks are beyond it (law 25)."""
    act = taken.entry.act
    assert isinstance(act, Hold)
    if is_lifted(view, taken.entry.id):
        return False
    if act.until_ms is None:
        return True
    holder = party_of(taken.entry.origin)
    return at_ms <= act.until_ms or newest_at(view, holder) <= act.until_ms


def _is_over(taken: Taken, request: str, volume: Volume) -> bool:
    act = taken.entry.act
    return isinstance(act, Hold) and hold_covers(act, request, volume)
