"""All sources of live tracks of an office: each read on its own, each in its own bounded queue, taken in turns.

No source can keep another's reports from being taken, or fill the memory: each has its queue, its share of every taking
and its bytes a second; what one does not need of its share goes to who does. One that fails, even by a fault of this
software, is tried again alone. Decoders are handed in.
Tracks never enter a log. Not trusted: sources.
"""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from pathlib import Path

from comity.airspace.fix import Fix
from comity.model.errors import Misuse
from comity.office.ports import Clock
from comity.office.sky.address import FILE, Wanted
from comity.office.sky.decoding import Decoder, Formats
from comity.office.sky.health import Health
from comity.office.sky.intake import Intake
from comity.office.sky.limits import DEFAULT, SkyLimits
from comity.office.sky.reading import MS_PER_S, Connect, Feed, Wait, connect_to, read_datagrams, read_pages, read_stream
from comity.office.sky.replay import replay
from comity.office.sky.steps import Steps

TAKEN_MOST = 50_000
_TIME = attrgetter("at_ms")
Connecting = Callable[[Wanted], Connect]


def _say(text: str) -> None:
    sys.stderr.write(text)


class Sources:
    """The sources of one office. `run` and the others are called from one event loop."""

    def __init__(
        self,
        wanted: Sequence[Wanted],
        formats: Formats,
        clock: Clock,
        limits: SkyLimits = DEFAULT,
        *,
        wait: Wait = asyncio.sleep,
        connecting: Connecting = lambda wanted: partial(connect_to, wanted),
        say: Callable[[str], None] = _say,
    ) -> None:
        """Reads nothing before `run`; raises Misuse for too many sources, or two of one name."""
        names = [each.name for each in wanted]
        if len(set(names)) < len(names) or len(names) > limits.sources_most:
            raise Misuse(f"give at most {limits.sources_most} sources, each a name of its own")
        self._formats, self._clock, self._limits = formats, clock, limits
        self._wait, self._connecting, self._say = wait, connecting, say
        self._feeds = [self._feed(each) for each in wanted]
        self._steps = Steps(clock)

    async def run(self) -> None:
        """Reads all sources until cancelled, or until files that were replayed are all at their end."""
        async with asyncio.TaskGroup() as group:
            for feed in self._feeds:
                group.create_task(self._kept_reading(feed), name=feed.wanted.name)

    def take(self, most: int = TAKEN_MOST) -> list[Fix]:
        """What came since, by the sources' times; if that is more, whoever has most leaves the rest in its queue."""
        by_ms = self._steps.newest_ms()
        if by_ms < 0:
            for feed in self._feeds:
                feed.intake.stepped(by_ms, self._clock.now_ms())
        share = _share([feed.intake.waiting for feed in self._feeds], most)
        fixes = [fix for feed in self._feeds for fix in feed.intake.take(share)]
        fixes.sort(key=_TIME)
        return fixes

    def health(self) -> tuple[Health, ...]:
        """How each source does now; `str` of each is its line."""
        now_ms, steady_ms = self._clock.now_ms(), self._clock.steady_ms()
        return tuple(feed.intake.health(now_ms, steady_ms) for feed in self._feeds)

    def _feed(self, wanted: Wanted) -> Feed:
        live = wanted.scheme != FILE or wanted.from_now
        intake = Intake(wanted.name, self._limits, self._clock.steady_ms(), live)
        make = self._formats.decoders.get(wanted.scheme, _no_decoder)
        return Feed(wanted, make, intake, self._clock, self._limits, self._wait)

    async def _kept_reading(self, feed: Feed) -> None:
        """Reads one source; what nobody foresaw is told once, and the source is tried again after a pause."""
        told: set[str] = set()
        while True:
            try:
                await self._read(feed)
                return
            except OSError as error:
                feed.intake.down(f"it cannot be listened to: {error.strerror or error}", self._clock.steady_ms())
            except Exception as error:
                feed.intake.down("by a fault of the software; send what stands on its stderr", self._clock.steady_ms())
                text = "".join(traceback.format_exception(error))
                if text not in told and len(told) < self._limits.sources_most:
                    told.add(text)
                    self._say(text)
            await self._wait(self._limits.backoff_most_ms / MS_PER_S)

    async def _read(self, feed: Feed) -> None:
        match feed.wanted.scheme:
            case "file":
                await replay(feed, self._formats.read_file(Path(feed.wanted.where), feed.wanted.name))
            case "http" | "https":
                await read_pages(feed)
            case "cot+udp":
                await read_datagrams(feed)
            case _:
                await read_stream(feed, self._connecting(feed.wanted))


def _share(waiting: Sequence[int], most: int) -> int:
    """How many each may give at most, so that all together give no more: what one does not need, others may."""
    share = most
    for number, count in enumerate(sorted(waiting)):
        share = most // (len(waiting) - number)
        if count > share:
            break
        most -= count
    return max(1, share)


def _no_decoder(source: str, by_arrival: bool) -> Decoder:
    raise AssertionError("a file is read without a decoder of its own")
