"""The life of the process beside the office: frames of what is agreed come in on stdin, reports go out on stdout.

It ends when stdin does, which is when its office is gone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from comity.office.ports import Clock
from comity.office.sky.address import Wanted
from comity.office.sky.decoding import Formats
from comity.office.sky.frames import FRAME_BYTES_MOST, framed, handed_in, next_frame
from comity.office.sky.sources import Sources
from comity.office.sky.watching import Watch, keep_watching, warm_up
from comity.views.sky.kept import Kept
from comity.views.sky.report import AirReport

STDIN, STDOUT = 0, 1
NICENESS = 5  # what the office signs comes first
BEAT_S = 3.0
BEATS_MOST = 300  # who compiles for a quarter of an hour hangs
READYING = "the watch over the air is made ready"


def live(
    wanted: Sequence[Wanted], formats: Formats, clock: Clock, alone: AbstractContextManager[object] | None = None
) -> None:
    """Reads the sources and watches until the office is gone; `alone` is held while it is made ready."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the office hears Ctrl-C, and ends this by closing stdin
    os.nice(NICENESS)
    out = os.dup(STDOUT)
    os.dup2(2, STDOUT)  # what a library prints is no report
    say = _sayer(out)
    with _beating(say) as tell, alone or nullcontext():
        warm_up(tell)
    asyncio.run(_live(Sources(wanted, formats, clock), clock, say))


async def _live(sources: Sources, clock: Clock, say: Callable[[Kept], None]) -> None:
    watch, agreed = Watch(sources, clock), asyncio.Event()
    lives = (_listen(watch, agreed), _read(sources), _look(watch, agreed, clock, say))
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


async def _listen(watch: Watch, agreed: asyncio.Event) -> None:
    """Takes what is agreed until the office is gone; the first of it brings what an earlier watch knew."""
    reader = asyncio.StreamReader(limit=FRAME_BYTES_MOST)
    with os.fdopen(STDIN, "rb", 0, closefd=False) as stdin:
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stdin)
        while (body := await next_frame(reader, FRAME_BYTES_MOST)) is not None:
            handed = handed_in(body)
            watch.agree(handed.agreed)
            if handed.kept is not None and not agreed.is_set():
                watch.go_on(handed.kept)
            agreed.set()


async def _look(watch: Watch, agreed: asyncio.Event, clock: Clock, say: Callable[[Kept], None]) -> None:
    """From the first word of what is agreed on."""
    await agreed.wait()
    await keep_watching(watch, clock, lambda report: say(watch.kept(report)), asyncio.sleep)


@contextmanager
def _beating(say: Callable[[Kept], None]) -> Iterator[Callable[[AirReport], None]]:
    """Says every few seconds what the watch waits for while it is made ready, for a while: silence would end it."""
    newest, ready = [AirReport(waits_for=READYING)], threading.Event()

    def tell(report: AirReport) -> None:
        newest[0] = report
        say(Kept(report))

    def beat() -> None:
        for _ in range(BEATS_MOST):
            say(Kept(newest[0]))
            if ready.wait(BEAT_S):
                return

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield tell
    finally:
        ready.set()
        beating.join()


def _sayer(out: int) -> Callable[[Kept], None]:
    alone = threading.Lock()

    def say(kept: Kept) -> None:
        data = memoryview(framed(kept))
        with alone:
            while data:
                try:
                    data = data[os.write(out, data) :]
                except BrokenPipeError:
                    os._exit(0)

    return say
