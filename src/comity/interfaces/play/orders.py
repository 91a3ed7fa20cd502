"""The same entries in other orders of delivery: every verdict and every flag must come out the same (laws 1, 32).

Entries are cut at barriers: places in the order of arrival where all that follows has all before it in its past.
Between two barriers every order that causality allows is tried if there are few, else a sample of at least so many.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from comity.model.acts import Act
from comity.model.history import History, Missing, Taken
from comity.rules.judge import judge
from comity.views.flags import flags

ORDERS_LEAST = 200
ALL_ORDERS_MOST = 720  # of six entries, none of which has seen another
FLAGS_EVERY = 40

Order = list[Taken]


@dataclass(frozen=True, slots=True)
class Reordered:
    """How many orders were played, whether these are all there are, and what came out otherwise in one of them."""

    orders: int
    all: bool
    problems: tuple[str, ...]


def reorder(history: History, founding: bytes, settled: int, seed: int, least: int = ORDERS_LEAST) -> Reordered:
    """Plays the entries after the first `settled` again, in other orders of delivery: `least`, or all there are."""
    few = ALL_ORDERS_MOST * least // ORDERS_LEAST
    barriers = _barriers(history.entries)
    start = max(barrier for barrier in barriers if barrier <= settled)
    ends = [*(barrier for barrier in barriers if barrier > start), len(history.entries)]
    segments = [history.entries[low:high] for low, high in zip([start, *ends], ends, strict=False)]
    base = _prefix(history, founding, start)
    listed = [_few_orders(segment, few) for segment in segments]
    count = 1
    for orders in listed:
        count *= len(orders) if orders is not None else few
    is_all = None not in listed and count <= few
    played = 0
    for order in _all(listed) if is_all else _sampled(segments, listed, random.Random(seed), least):
        problems = _play(copy_of(base), history, order, with_flags=played % FLAGS_EVERY == 0)
        played += 1
        if problems:
            return Reordered(played, is_all, tuple(problems))
    return Reordered(played, is_all, ())


def copy_of(history: History) -> History:
    """A history that may grow on its own; what never changes is shared."""
    memo: dict[int, object] = {id(taken): taken for taken in history.entries}
    for taken in history.entries:
        terms = history.known.terms(taken.entry.header.terms)
        memo[id(terms)] = terms
    memo[id(history.known.founding)] = history.known.founding
    for participant in history.known.founding.participant:
        memo[id(participant)] = participant
    return copy.deepcopy(history, memo)


def _barriers(entries: list[Taken]) -> list[int]:
    """Positions that part the order of arrival: all later entries have all earlier ones in their past."""
    found = [0]
    for position in range(1, len(entries)):
        if all(_sees(later, earlier) for later in entries[position:] for earlier in entries[:position][-12:]):
            found.append(position)
    return [each for each in found if all(_sees(e, b) for e in entries[each:] for b in entries[:each])]


def _sees(later: Taken, earlier: Taken) -> bool:
    return len(later.clock) > earlier.branch and later.clock[earlier.branch] > earlier.entry.seq


def _prefix(history: History, founding: bytes, count: int) -> History:
    base = History(founding)
    for taken in history.entries[:count]:
        _take(base, history, taken)
    return base


def _few_orders(segment: list[Taken], most: int) -> list[Order] | None:
    """Every order of a segment, or None if there are too many."""
    found: list[Order] = []
    for order in _orders(segment, []):
        if len(found) == most:
            return None
        found.append(order)
    return found


def _orders(left: list[Taken], done: Order) -> Iterator[Order]:
    if not left:
        yield done
        return
    for taken in left:
        if not any(_sees(taken, other) for other in left if other is not taken):
            yield from _orders([each for each in left if each is not taken], [*done, taken])


def _all(listed: list[list[Order] | None]) -> Iterator[Order]:
    for parts in product(*(orders or [] for orders in listed)):
        yield [taken for part in parts for taken in part]


def _sampled(
    segments: list[list[Taken]], listed: list[list[Order] | None], chance: random.Random, least: int
) -> Iterator[Order]:
    runs = max(least, *(len(orders or ()) for orders in listed))
    for orders in listed:
        if orders is not None:
            chance.shuffle(orders)
    for run in range(runs):
        order: Order = []
        for segment, orders in zip(segments, listed, strict=True):
            order.extend(orders[run % len(orders)] if orders is not None else _random_order(segment, chance))
        yield order


def _random_order(segment: list[Taken], chance: random.Random) -> Order:
    left, order = list(segment), []
    while left:
        ready = [taken for taken in left if not any(_sees(taken, other) for other in left if other is not taken)]
        chosen = chance.choice(ready)
        left.remove(chosen)
        order.append(chosen)
    return order


def _play(history: History, model: History, order: Order, with_flags: bool) -> list[str]:
    problems = []
    for taken in order:
        again = _take(history, model, taken)
        if isinstance(again, str):
            return [again]
        if again.refusal != taken.refusal:
            problems.append(
                f"{_name(taken)}: {taken.refusal or 'admitted'}; in another order {again.refusal or 'admitted'}"
            )
    if with_flags and not problems:
        problems = _flags_differ(history, model)
    return problems


def _take(history: History, model: History, taken: Taken) -> Taken | str:
    placement = history.place(taken.entry)
    if isinstance(placement, Missing):
        return f"{_name(taken)}: its past is not there in an order that causality allows"
    refusal = judge(taken.entry, history.view(placement.clock))
    return history.take(taken.entry, placement, model.root(taken.branch, taken.entry.seq + 1), refusal)


def _flags_differ(history: History, model: History) -> list[str]:
    here, there = history.now(), model.now()
    for taken in model.entries:
        again = history.find(taken.entry.id)
        assert again is not None, "every entry was taken"
        if taken.refusal is None and isinstance(taken.entry.act, Act) and flags(here, again) != flags(there, taken):
            return [f"{_name(taken)}: other flags in another order"]
    if sorted(each.order for each in history.entries) != sorted(each.order for each in model.entries):
        return ["the order for people differs in another order of delivery"]
    return []


def _name(taken: Taken) -> str:
    return f"{taken.entry.origin} {taken.entry.seq} {taken.entry.header.act}"
