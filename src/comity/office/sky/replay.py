"""A file of reports as if they came now: at its own pace, at any other, or as fast as they are taken.

The file is read beside the loop, a batch at a time. At a pace, a full queue drops its oldest as for any source; as
fast as it goes, it waits until there is room, and nothing is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import islice

import msgspec

from comity.airspace.fix import Fix, Rejected, Report
from comity.model.errors import Malformed, Misuse
from comity.office.sky.address import AS_FAST_AS_IT_GOES
from comity.office.sky.reading import MS_PER_S, Feed

BATCH_REPORTS = 1_000


async def replay(feed: Feed, reports: Iterator[Report]) -> None:
    """Puts the reports in by their times, then says that the file is at its end."""
    feed.intake.up(feed.clock.steady_ms())
    pace = _Pace(feed)
    reason = ""
    try:
        while batch := await asyncio.to_thread(lambda: list(islice(reports, BATCH_REPORTS))):
            for count, report in enumerate(batch, 1):
                feed.intake.put(await pace.in_time(report), feed.clock.steady_ms())
                if count % feed.limits.slice_reports == 0:
                    await feed.wait(0)
    except (Malformed, Misuse) as error:
        reason = str(error)
    feed.intake.ended(feed.clock.steady_ms(), reason)


class _Pace:
    """Holds each report back until its time has come."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._begun: tuple[int, int] | None = None

    async def in_time(self, report: Report) -> Report:
        if isinstance(report, Rejected):
            return report
        feed = self._feed
        if self._begun is None:
            self._begun = report.at_ms, feed.clock.steady_ms()
        first_ms, begun_ms = self._begun
        if feed.wanted.speed == AS_FAST_AS_IT_GOES:
            while feed.intake.full:
                await feed.wait(feed.limits.full_wait_ms / MS_PER_S)
        else:
            due_ms = begun_ms + (report.at_ms - first_ms) / feed.wanted.speed
            while (early_ms := due_ms - feed.clock.steady_ms()) > 0:
                await feed.wait(early_ms / MS_PER_S)
        if not feed.wanted.from_now:
            return report
        now_ms = feed.clock.now_ms()  # which may have stepped since the first report
        return _moved(report, now_ms - feed.clock.steady_ms() + begun_ms - first_ms, now_ms)


def _moved(fix: Fix, by_ms: int, now_ms: int) -> Fix:
    return msgspec.structs.replace(fix, at_ms=fix.at_ms + by_ms, arrived_ms=now_ms)
