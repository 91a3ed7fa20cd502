"""When a log first had an entry in its past: the only proof that its keeper knew (laws 26, 27, 29)."""

from __future__ import annotations

from collections.abc import Iterator

from comity.model.history import Taken, View
from comity.model.known import party_of


def first_sight(view: View, origin: str, taken: Taken) -> Taken | None:
    """The first entry of a log, in the view, that has `taken` in its past; None if there is none yet."""
    found: Taken | None = None
    for branch in view.history.branches_of(origin):
        seen = _first_on_branch(view, branch.id, branch.fork, taken)
        if seen is not None and (found is None or seen.entry.seq < found.entry.seq):
            found = seen
    return found


def party_sight(view: View, party: str, taken: Taken) -> Taken | None:
    """The first entry of any log of a participant that has `taken` in its past."""
    sights = [sight for origin in origins_of(view, party) if (sight := first_sight(view, origin, taken)) is not None]
    return min(sights, key=lambda sight: sight.entry.at_ms, default=None)


def origins_of(view: View, party: str) -> Iterator[str]:
    """The logs that a participant keeps or kept."""
    for origin in view.history.origins():
        if party_of(origin) == party:
            yield origin


def beside(view: View, taken: Taken) -> View:
    """What the view holds that has not `taken` in its past, `taken` itself left out: it only grows with the view."""
    sizes = [_seqs_without(view, branch.id, branch.fork, taken) for branch in view.history.branches]
    sizes[taken.branch] = min(sizes[taken.branch], taken.entry.seq)
    return View(view.history, tuple(sizes))


def _first_on_branch(view: View, branch: int, fork: int, taken: Taken) -> Taken | None:
    first = _seqs_without(view, branch, fork, taken)
    return view.history.at(branch, first) if fork <= first < view.size(branch) else None


def _seqs_without(view: View, branch: int, fork: int, taken: Taken) -> int:
    """How many entries of a branch come before the first that has `taken` in its past."""
    low, high = fork, view.size(branch)
    while low < high:
        middle = (low + high) // 2
        if view.history.past(view.history.at(branch, middle)).holds(taken):
            high = middle
        else:
            low = middle + 1
    return min(low, view.size(branch))
