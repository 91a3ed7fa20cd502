"""What was measured, in rows, and how a thing is timed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Table:
    """Rows of (what, figure, aim); the aim says the ratio wanted, or nothing."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, what: str, figure: str, aim: str = "") -> None:
        """Adds a row, and says it at once on stderr."""
        self.rows.append((what, figure, aim))
        print(f"bench: {what}: {figure}", file=sys.stderr)

    def text(self) -> str:
        """The table in Markdown."""
        lines = ["| what | measured | aim |", "|---|---|---|"]
        return "\n".join([*lines, *(f"| {what} | {figure} | {aim} |" for what, figure, aim in self.rows)])


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def middle(measure: Callable[[int], tuple[float, ...]], times: int) -> tuple[float, ...]:
    """Of several rounds the one whose ratio, of the first figure to the second, is the median.

    A round measures bound and work one right after the other, so that both meet the same machine.
    """
    rounds = sorted((measure(number) for number in range(times)), key=lambda each: each[0] / each[1])
    return rounds[times // 2]
