"""Which pairs are named one by one, and of which tracks it is only said that they are in a crowd.

Nobody flies within the minima of twenty others; a feed can tell that somebody does. So of a track that has more
partners from one source than `PARTNERS_NAMED` they are counted and one finding says so, and one says it of all tracks
of a source that crowd each other. Pairs of other sources are named as ever, and so is each of which an alert stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from comity.airspace.sphere import Floats
from comity.views.sky.near import Flags, Pairs, Rows, Sky

PARTNERS_NAMED = 20
PAIRS_NAMED = 2_000  # of any two sources
ROWS_NAMED = 20  # so many of one source are each said to be crowded by another


@dataclass(frozen=True, slots=True)
class Crowd:
    """Rows that have many partners from one source, with the nearest two; `of` is "" if it is about a single row.

    `pairs` are those that were counted and not named; there may be more, if not all were looked at (`is_open`).
    """

    of: str
    by: str
    rows: tuple[int, ...]
    nearest: tuple[int, int]
    pairs: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Named:
    """Pairs to be named, crowds to be said, and how many pairs are counted for them."""

    pairs: Pairs
    crowds: tuple[Crowd, ...]
    counted: int


def named(sky: Sky, pairs: Pairs, far_m: Floats) -> Named:
    """Parts pairs, so far apart, into those that are named and those of crowds."""
    if len(pairs) <= PARTNERS_NAMED and not pairs.omitted:
        return Named(pairs, (), 0)
    source, partners = sky.source, _partners(sky, pairs)
    crowded = partners > PARTNERS_NAMED
    crowded |= pairs.full[:, : crowded.shape[1]] & (partners > 0)
    by_second = crowded[pairs.first, source[pairs.second]]
    by_first = crowded[pairs.second, source[pairs.first]]
    is_named = ~by_second & ~by_first
    is_over = _over(sky, pairs, far_m, is_named)
    is_named = (is_named & ~is_over) | sky.stands(pairs)
    found = tuple(_crowds(sky, pairs, far_m, crowded, ~is_named, is_over & ~is_named))
    return Named(pairs.only(is_named), found, int((~is_named).sum()))


def _partners(sky: Sky, pairs: Pairs) -> Rows:
    """How many partners each row has from each source."""
    rows, sources = len(sky.air.tracks), len(sky.sources)
    keys = (pairs.first * sources + sky.source[pairs.second], pairs.second * sources + sky.source[pairs.first])
    return np.bincount(np.concatenate(keys), minlength=rows * sources).reshape(rows, sources)


def _over(sky: Sky, pairs: Pairs, far_m: Floats, which: Flags) -> Flags:
    """Of those pairs the ones beyond the most that are named of two sources; the nearest are named."""
    a, b = sky.source[pairs.first], sky.source[pairs.second]
    both = np.minimum(a, b) * len(sky.sources) + np.maximum(a, b)
    over = np.zeros(len(pairs), bool)
    counts = np.bincount(both[which], minlength=1)
    for number in np.flatnonzero(counts > PAIRS_NAMED).tolist():
        own = np.flatnonzero(which & (both == number))
        over[own[np.argsort(far_m[own], kind="stable")[PAIRS_NAMED:]]] = True
    return over


def _crowds(
    sky: Sky, pairs: Pairs, far_m: Floats, crowded: Flags, is_counted: Flags, is_over: Flags
) -> Iterator[Crowd]:
    """One for each row that another source crowds, or for all of a source if they are many or crowd each other."""
    rows: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for row, by in np.argwhere(crowded).tolist():
        rows[int(sky.source[row]), by].append(row)
    a, b = sky.source[pairs.first], sky.source[pairs.second]
    for number in np.unique(np.minimum(a, b)[is_over] * len(sky.sources) + np.maximum(a, b)[is_over]).tolist():
        rows.setdefault(divmod(number, len(sky.sources)), [])
    for (of, by), each in rows.items():
        apart = [[row] for row in each] if of != by and 0 < len(each) <= ROWS_NAMED else [each]
        for some in apart:
            is_in = is_counted & (((a == of) & (b == by)) | ((a == by) & (b == of)))
            if len(apart) > 1 or (of != by and len(some) == 1):
                is_in &= (pairs.first == some[0]) | (pairs.second == some[0])
            if is_in.any():
                yield _crowd(sky, pairs, far_m, (of, by), some, np.flatnonzero(is_in))


def _crowd(sky: Sky, pairs: Pairs, far_m: Floats, sources: tuple[int, int], rows: list[int], which: Rows) -> Crowd:
    of, by = sources
    nearest = int(which[np.argmin(far_m[which])])
    is_single = of != by and len(rows) == 1
    return Crowd(
        "" if is_single else sky.sources[of],
        sky.sources[by],
        tuple(rows),
        (int(pairs.first[nearest]), int(pairs.second[nearest])),
        len(which),
        bool(pairs.full[rows, by].any() and pairs.full[sky.source == by, of].any()),
    )
