"""The watch over the air, as the office has it: a process beside it, fed with what is agreed, whose reports are kept.

What it reads is hostile and what it computes is heavy, so it shares no memory with what signs, and little time. If it
ends, or says nothing for `silent_s`, or says more than is read, it is ended and started again after a pause that
doubles; until its next report the last one is shown with its age. A new one goes on with the numbers, the beginnings
and the sightings of the one before. Of what is agreed the office holds the newest alone, however slowly it is taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

import msgspec

from comity.model.errors import Malformed
from comity.office.config import Limits
from comity.office.sky.frames import FRAME_BYTES_MOST, REPORT_BYTES_MOST, framed, kept_in, next_frame
from comity.office.sky.handing import Handed, bounded
from comity.office.sky.kept_file import KeptFile
from comity.views.sky.agreed import Agreed
from comity.views.sky.kept import Kept
from comity.views.sky.report import AirReport

STARTING = "the watch over the air is being started"
ENDED = "the watch over the air has ended; it is started again"
LEFT_OUT = "what is agreed about the air"
KEEPING = "the file of what the watch over the air goes on with"
BUFFER_BYTES = 1024 * 1024
SHARE_MOST = 1 << 16


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the office waits for its watch, and how fast it reads it."""

    first_word_s: float = 60.0  # to load what it needs, on a busy machine
    silent_s: float = 15.0
    stale_s: float = 5.0
    agreed_within_s: float = 10.0
    stop_s: float = 5.0
    pace_s: float = 0.2
    bytes_a_second: int = 8 * 1024 * 1024
    behind_most: int = 100  # reports in a row, each of which was there before it was asked for


@dataclass(slots=True)
class Beside:
    """One watch of one office; `command` starts its process. `run` is called once, from the office's loop."""

    command: tuple[str, ...]
    limits: Limits
    note: Callable[[str, str], None]
    mended: Callable[[str], None]
    file: KeptFile = field(default_factory=KeptFile)
    patience: Patience = field(default_factory=Patience)
    agreed: Agreed = field(default_factory=Agreed)
    _agreed_ms: int = 0
    _left_out: str = ""
    _is_agreed: asyncio.Event = field(default_factory=asyncio.Event)
    _is_new: asyncio.Event = field(default_factory=asyncio.Event)
    _kept: Kept = field(default_factory=Kept)
    _report: AirReport = field(default_factory=lambda: AirReport(waits_for=STARTING))
    _heard_s: float | None = None

    def agree(self, agreed: Agreed, now_ms: int = 0) -> None:
        """Hands on what is agreed, if it is new; what was not handed on yet is forgotten."""
        if agreed != self.agreed or not self._is_agreed.is_set():
            self.agreed, self._agreed_ms = agreed, now_ms
            self._is_new.set()
        self._is_agreed.set()

    def report(self) -> AirReport:
        """The newest report; if it is old, or not all is watched, it says so."""
        report = self._report
        if self._left_out:
            report = msgspec.structs.replace(report, said=f"{report.said}; {self._left_out}")
        silent_s = 0.0 if self._heard_s is None else monotonic() - self._heard_s
        if silent_s <= self.patience.stale_s or report.waits_for:
            return report
        return _waiting(report, f"the watch has said nothing for {silent_s:.0f} s; what it said last is shown")

    async def run(self) -> None:
        """Starts it again and again, until cancelled; then it is ended."""
        self._kept = self.file.read()
        pause_ms = self.limits.backoff_first_ms
        try:
            while True:
                begun_s = monotonic()
                try:
                    await self._watch()
                except (OSError, Malformed) as error:
                    self.note(f"{ENDED}: {error}", ENDED)
                else:
                    self.note(ENDED, ENDED)
                self._report = _waiting(self._report, ENDED)
                if (monotonic() - begun_s) * 1000 > self.limits.backoff_most_ms:
                    pause_ms = self.limits.backoff_first_ms
                await asyncio.sleep(pause_ms / 1000)
                pause_ms = min(pause_ms * 2, self.limits.backoff_most_ms)
        finally:
            with suppress(OSError):
                self.file.close(self._kept)

    async def _watch(self) -> None:
        """One process, from its start to its end."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*self.command, stdin=pipe, stdout=pipe, limit=BUFFER_BYTES)
        assert process.stdin is not None and process.stdout is not None, "both are pipes"
        lives = [asyncio.create_task(each) for each in (self._feed(process.stdin), self._hear(process.stdout))]
        stop_s = 0.0
        try:
            done, _ = await asyncio.wait(lives, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
            stop_s = self.patience.stop_s
        except asyncio.CancelledError:
            stop_s = self.patience.stop_s  # it ends by itself when its office does
            raise
        finally:
            for each in lives:
                each.cancel()
            await asyncio.gather(*lives, return_exceptions=True)
            await _ended(process, stop_s)

    async def _feed(self, stdin: asyncio.StreamWriter) -> None:
        """Hands on the newest that is agreed, each time when all before it is taken: nothing waits in the office."""
        stdin.transport.set_write_buffer_limits(high=0)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience.agreed_within_s):
                await self._is_agreed.wait()
        kept: Kept | None = self._kept
        while True:
            self._is_new.clear()
            stdin.write(self._frame(kept))
            await stdin.drain()
            kept = None
            await self._is_new.wait()

    def _frame(self, kept: Kept | None) -> bytes:
        """What is agreed, as much of it as a frame holds."""
        share, frame = 1, b""
        while share <= SHARE_MOST:
            agreed, left_out = bounded(self.agreed, self._agreed_ms, share)
            frame = framed(Handed(agreed, kept))
            if len(frame) <= FRAME_BYTES_MOST:
                break
            share *= 2
        if left_out and left_out != self._left_out:
            self.note(left_out, LEFT_OUT)
        elif not left_out:
            self.mended(LEFT_OUT)
        self._left_out = left_out
        return frame

    async def _hear(self, stdout: asyncio.StreamReader) -> None:
        """Takes its reports, no faster than is good for the office; raises Malformed if it is silent, or floods."""
        patience, behind, wait_s = self.patience, 0, self.patience.first_word_s
        while True:
            asked_s = monotonic()
            try:
                async with asyncio.timeout(wait_s):
                    body = await next_frame(stdout, REPORT_BYTES_MOST)
            except TimeoutError:
                raise Malformed(f"it said nothing for {wait_s:.0f} s") from None
            if body is None:
                return
            self._take(kept_in(body))
            behind = behind + 1 if monotonic() - asked_s < patience.pace_s / 2 else 0
            if behind > patience.behind_most:
                raise Malformed("it says more than is read")
            wait_s = patience.silent_s
            await asyncio.sleep(max(patience.pace_s, len(body) / patience.bytes_a_second))

    def _take(self, kept: Kept) -> None:
        self._heard_s = monotonic()
        if kept.report.waits_for:
            self._report = _waiting(self._report, kept.report.waits_for)
            return
        try:
            self.file.keep(kept, self._heard_s)
            self.mended(KEEPING)
        except OSError as error:
            self.note(f"{KEEPING} cannot be written: {error}", KEEPING)
        self._report, self._kept = kept.report, kept
        self.mended(ENDED)


def _waiting(report: AirReport, words: str) -> AirReport:
    return msgspec.structs.replace(report, waits_for=words)


async def _ended(process: asyncio.subprocess.Process, stop_s: float) -> None:
    """Lets it go: it ends when nobody feeds it; if it does not within that time, it is ended. What it still says is not
    heard, but read, or it could neither end nor be let go of."""
    assert process.stdin is not None and process.stdout is not None, "both are pipes"
    process.stdin.close()
    try:
        async with asyncio.timeout(stop_s):
            await _unheard(process.stdout)
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await _unheard(process.stdout)
        await process.wait()


async def _unheard(stdout: asyncio.StreamReader) -> None:
    while await stdout.read(BUFFER_BYTES):
        pass
