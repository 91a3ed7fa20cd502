"""The watch over the air, as the office has it: a process beside it, fed with what is agreed, whose reports are kept.

What it reads is hostile and what it computes is heavy, so it shares neither memory nor time with what signs. If it ends
it is started again after a pause that doubles; until its next report the last one is shown with its age.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

import msgspec

from comity.model.errors import Malformed
from comity.office.config import Limits
from comity.office.sky.frames import framed, next_frame, report_in
from comity.views.sky.agreed import Agreed
from comity.views.sky.report import AirReport

STARTING = "the watch over the air is being started"
ENDED = "the watch over the air has ended; it is started again"
STALE_S = 5.0
PATIENCE_S = 5.0
BUFFER_BYTES = 1024 * 1024


@dataclass(slots=True)
class Beside:
    """One watch of one office; `command` starts its process. `run` is called once, from the office's loop."""

    command: tuple[str, ...]
    limits: Limits
    note: Callable[[str, str], None]
    mended: Callable[[str], None]
    agreed: Agreed = field(default_factory=Agreed)
    _report: AirReport = field(default_factory=lambda: AirReport(waits_for=STARTING))
    _heard_s: float | None = None
    _process: asyncio.subprocess.Process | None = None

    def agree(self, agreed: Agreed) -> None:
        """Hands on what is agreed, if it is new."""
        if agreed != self.agreed:
            self.agreed = agreed
            self._send()

    def report(self) -> AirReport:
        """The newest report; if it is old, it says so."""
        silent_s = 0.0 if self._heard_s is None else monotonic() - self._heard_s
        if silent_s <= STALE_S or self._report.waits_for:
            return self._report
        words = f"the watch has said nothing for {silent_s:.0f} s; what it said last is shown"
        return _waiting(self._report, words)

    async def run(self) -> None:
        """Starts it again and again, until cancelled; then it is ended."""
        pause_ms = self.limits.backoff_first_ms
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

    async def _watch(self) -> None:
        """One process, from its start to its end."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*self.command, stdin=pipe, stdout=pipe, limit=BUFFER_BYTES)
        self._process = process
        assert process.stdout is not None, "stdout is a pipe"
        try:
            self._send()
            while (body := await next_frame(process.stdout)) is not None:
                self._report, self._heard_s = report_in(body), monotonic()
                if not self._report.waits_for:
                    self.mended(ENDED)
        finally:
            self._process = None
            await _ended(process)

    def _send(self) -> None:
        process = self._process
        if process is not None and process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(framed(self.agreed))


def _waiting(report: AirReport, words: str) -> AirReport:
    return msgspec.structs.replace(report, waits_for=words)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Lets it go: it ends when nobody feeds it; if it does not, it is ended."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(PATIENCE_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
