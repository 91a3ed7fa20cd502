"""Reports in the order of their times, as the moments that a watch over them would have had.

A moment comes with the last of the reports of a second, and at least every `QUIET_MS` while there are tracks: silence
is something to see, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from comity.airspace.fix import Fix
from comity.airspace.picture import Picture
from comity.views.sky.known import Known
from comity.views.sky.minima import Minima
from comity.views.sky.watch import Moment, Watched, look

LOOK_MS = 1_000
QUIET_MS = 10_000


def moments(
    fixes: Iterable[Fix],
    known: Known,
    minima: Minima,
    picture: Picture | None = None,
    refused: Callable[[Fix, str], None] | None = None,
) -> Iterator[Moment]:
    """The watch over a stream of reports; what the picture refuses is handed to `refused`."""
    air, held = picture or Picture(), Watched()
    begun_ms = at_ms = -1

    def now(moment_ms: int) -> Moment:
        return look(air, known, minima, held, moment_ms)

    for fix in fixes:
        if begun_ms >= 0 and fix.at_ms >= begun_ms + LOOK_MS:
            yield now(at_ms)
            while len(air) and fix.at_ms > at_ms + QUIET_MS:
                at_ms += QUIET_MS
                yield now(at_ms)
            begun_ms = fix.at_ms
        if begun_ms < 0:
            begun_ms = fix.at_ms
        at_ms = max(at_ms, fix.at_ms)
        problem = air.take(fix)
        if problem is not None and refused is not None:
            refused(fix, problem)
    if begun_ms >= 0:
        yield now(at_ms)
