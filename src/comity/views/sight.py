"""When a log first had an entry in its past: the only proof that its keeper knew (laws 26, 27, 29).

A party that forked its log may have first seen an entry in several places, none of which knew of the other. Which they
are depends on the entries alone, and a larger view only adds to them (law 32).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from comity.model.history import Taken, View
from comity.model.known import party_of


def party_sight(view: View, party: str, taken: Taken) -> Taken | None:
    """The first entry of any log of a participant that has `taken` in its past, by the time that it claims."""
    return min(party_sights(view, party, taken), key=lambda sight: sight.entry.at_ms, default=None)


def party_sights(view: View, party: str, taken: Taken) -> list[Taken]:
    """Every entry of a participant's logs that has `taken` in its past, and no other such entry of these logs."""
    return _sights(view, tuple(origins_of(view, party)), taken)


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


def through(view: View, taken: Taken) -> View:
    """What an entry had in its past, and the entry itself: all that its own log then had said."""
    clock = [*taken.clock, *(0,) * (taken.branch + 1 - len(taken.clock))]
    clock[taken.branch] = taken.entry.seq + 1
    return View(view.history, tuple(clock))


def both(one: View, other: View) -> View:
    """What either of two views of one history holds: what somebody would know who had seen both."""
    return View(one.history, tuple(max(sizes) for sizes in zip_longest(one.clock, other.clock, fillvalue=0)))


def _sights(view: View, origins: Iterable[str], taken: Taken) -> list[Taken]:
    branches = [branch for origin in origins for branch in view.history.branches_of(origin)]
    found = [seen for one in branches if (seen := _first_on_branch(view, one.id, one.fork, taken)) is not None]
    if len(found) < 2:
        return found
    return [one for one in found if not any(_knew(view, one, other) for other in found if other is not one)]


def _knew(view: View, one: Taken, other: Taken) -> bool:
    return view.history.past(one).holds(other)


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
