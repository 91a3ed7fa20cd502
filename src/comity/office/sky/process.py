"""The life of the process beside the office: frames of what is agreed come in on stdin, reports go out on stdout.

It ends when stdin does, which is when its office is gone.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from comity.office.ports import Clock
from comity.office.sky.address import Wanted
from comity.office.sky.decoding import Formats
from comity.office.sky.frames import FRAME_BYTES_MOST, agreed_in, framed, next_frame
from comity.office.sky.sources import Sources
from comity.office.sky.watching import Watch, keep_watching, warm_up
from comity.views.sky.report import AirReport

STDIN, STDOUT = 0, 1
NICENESS = 5  # what the office signs comes first


def live(
    wanted: Sequence[Wanted], formats: Formats, clock: Clock, alone: AbstractContextManager[object] | None = None
) -> None:
    """Reads the sources and watches until the office is gone; `alone` is held while it is made ready."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the office hears Ctrl-C, and ends this by closing stdin
    os.nice(NICENESS)
    out = os.dup(STDOUT)
    os.dup2(2, STDOUT)  # what a library prints is no report
    tell = _teller(out)
    with alone or nullcontext():
        warm_up(tell)
    asyncio.run(_live(Sources(wanted, formats, clock), clock, tell))


async def _live(sources: Sources, clock: Clock, tell: Callable[[AirReport], None]) -> None:
    watch = Watch(sources, clock)
    lives = (_listen(watch), _read(sources), keep_watching(watch, clock, tell, asyncio.sleep))
    tasks = [asyncio.create_task(each) for each in lives]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(sources: Sources) -> None:
    """Files come to their end; the watch goes on."""
    await sources.run()
    await asyncio.get_running_loop().create_future()


async def _listen(watch: Watch) -> None:
    """Takes what is agreed until the office is gone."""
    reader = asyncio.StreamReader(limit=FRAME_BYTES_MOST)
    with os.fdopen(STDIN, "rb", 0, closefd=False) as stdin:
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stdin)
        while (body := await next_frame(reader)) is not None:
            watch.agree(agreed_in(body))


def _teller(out: int) -> Callable[[AirReport], None]:
    def tell(report: AirReport) -> None:
        data = memoryview(framed(report))
        while data:
            try:
                data = data[os.write(out, data) :]
            except BrokenPipeError:
                os._exit(0)

    return tell
