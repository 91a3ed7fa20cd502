"""What went wrong in one office and people should see: each thing once, from when to when, and gone when it is over.

Invariant: bounded; the problem that was not seen for the longest time gives way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from comity.office.config import Limits
from comity.office.ports import Clock


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong, in words: first and last seen, how often, and when its cause was seen to be gone.

    `about` is what a later success shows to be mended: a peer's id, the store, a step of the loop; "" for what stays.
    What is private, such as a finding of the register, is for who may use the control socket, and on no page.
    """

    at_ms: int
    text: str
    last_ms: int
    times: int = 1
    about: str = ""
    over_ms: int | None = None
    is_private: bool = False


class Problems:
    """The problems of one office, the last seen last."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        """Begin with none."""
        self._clock = clock
        self._limits = limits
        self._found: dict[str, Problem] = {}

    def __iter__(self) -> Iterator[Problem]:
        """Those that stand, and those that were over lately."""
        since_ms = self._clock.now_ms() - self._limits.mended_shown_ms
        return iter([each for each in self._found.values() if each.over_ms is None or each.over_ms > since_ms])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def note(self, text: str, about: str = "", is_private: bool = False) -> bool:
        """Something went wrong; whether it is news: not seen before, or over since."""
        now_ms, known = self._clock.now_ms(), self._found.pop(text, None)
        if known is None:
            self._found[text] = Problem(now_ms, text, now_ms, about=about, is_private=is_private)
            while len(self._found) > self._limits.problems_kept:
                del self._found[next(iter(self._found))]
            return True
        begun_ms = known.at_ms if known.over_ms is None else now_ms
        self._found[text] = replace(known, at_ms=begun_ms, last_ms=now_ms, times=known.times + 1, over_ms=None)
        return known.over_ms is not None

    def mended(self, about: str) -> None:
        """What went wrong about this goes well again."""
        for text, each in self._found.items():
            if each.about == about and each.over_ms is None:
                self._found[text] = replace(each, over_ms=self._clock.now_ms())

    def inherit(self, older: Problems) -> None:
        """Takes over what an office before this one had found, over the same store."""
        self._found = older._found | self._found
