"""The steps of a running office, each of which may fail in a way that nobody foresaw without ending the office.

A failure is written out once for each place in the code that it came from, counted after that, and named to people as
a problem. The step is then left alone for a while that doubles up to a bound; the other steps go on meanwhile.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from comity.office.config import Limits
from comity.office.ports import Clock

Say = Callable[[str], None]
NoteProblem = Callable[[str, str], None]


@dataclass(slots=True)
class _Pause:
    """Until when a step is left alone, and how long the pause is."""

    until_ms: int
    long_ms: int


class Steps:
    """What may be tried now, and what failed."""

    def __init__(
        self, clock: Clock, limits: Limits, say: Say, note: NoteProblem, mended: Callable[[str], None]
    ) -> None:
        """`say` writes a traceback where the people who keep the software find it; `note` tells the office's people."""
        self._clock = clock
        self._limits = limits
        self._say = say
        self._note = note
        self._mended = mended
        self._pauses: dict[str, _Pause] = {}
        self._failing: set[str] = set()
        self._said: set[tuple[str, ...]] = set()

    def may(self, step: str) -> bool:
        """Whether the step is not left alone just now."""
        pause = self._pauses.get(step)
        return pause is None or self._clock.steady_ms() >= pause.until_ms

    def succeeded(self, step: str) -> None:
        """The step went well."""
        if step in self._failing:
            self._failing.discard(step)
            self._mended(step)

    def pause(self, step: str) -> None:
        """The step is left alone for a while, for longer if it had to be a short time ago as well."""
        now_ms, longest_ms = self._clock.steady_ms(), self._limits.backoff_most_ms
        pause = self._pauses.setdefault(step, _Pause(now_ms, 0))
        doubled_ms = pause.long_ms * 2 if now_ms - pause.until_ms < longest_ms else 0
        pause.long_ms = min(max(self._limits.backoff_first_ms, doubled_ms), longest_ms)
        pause.until_ms = now_ms + pause.long_ms

    def failed(self, step: str, error: Exception) -> None:
        """The step raised what it must not."""
        self.pause(step)
        self._failing.add(step)
        where = _where(error)
        self._note(f"{step} failed by a fault of the software: {where[-1]}; send what stands on its stderr", step)
        if where not in self._said and len(self._said) < self._limits.problems_kept:
            self._said.add(where)
            self._say("".join(traceback.format_exception(error)))


def _where(error: Exception) -> tuple[str, ...]:
    """The places that a failure came through, then what it is in a word: two failures alike give the same."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{each.filename}:{each.lineno}" for each in frames]
    last = frames[-1].name if frames else "nowhere"
    return (*places, f"{type(error).__name__} in {last}")
