"""Whether the wall clock stepped: held against the steady one, which never does.

A step back would make what was told an hour ago a report of now; so whoever holds times moves them with it. After a
step forth, which is also how a machine wakes that slept, what is held is as old as the wall clock says.
"""

from __future__ import annotations

from collections.abc import Iterator

from comity.office.ports import Clock
from comity.office.sky.health import span

STEP_MS = 2_000  # less is a clock that is put right gently, or a machine that was busy between the two readings
TOLD_MS = 600_000


class Steps:
    """The steps of one clock, as one holder of times sees them."""

    def __init__(self, clock: Clock) -> None:
        """The clock is right so far."""
        self._clock = clock
        self._offset_ms = clock.now_ms() - clock.steady_ms()
        self._last: tuple[int, int] | None = None

    def newest_ms(self) -> int:
        """By how much the clock stepped since this was last asked, below zero if back; 0 if it did not."""
        steady_ms = self._clock.steady_ms()
        offset_ms = self._clock.now_ms() - steady_ms
        by_ms, self._offset_ms = offset_ms - self._offset_ms, offset_ms
        if abs(by_ms) <= STEP_MS:
            return 0
        self._last = by_ms, steady_ms
        return by_ms

    def words(self) -> Iterator[str]:
        """What happened within the last ten minutes, if anything did."""
        if self._last is None:
            return
        by_ms, steady_ms = self._last
        since_ms = self._clock.steady_ms() - steady_ms
        if since_ms <= TOLD_MS:
            what = f"back by {span(-by_ms)}," if by_ms < 0 else f"forth by {span(by_ms)}, or it slept,"
            yield f"the clock of this machine stepped {what} {span(since_ms)} ago"
