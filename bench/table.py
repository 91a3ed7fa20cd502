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


def least(measure: Callable[[int], tuple[float, ...]], times: int) -> tuple[float, ...]:
    """The least of each figure over several rounds: what the work costs when least disturbed by others.

    A round measures bound and work one after the other, so both have the same chance of a quiet moment.
    """
    return tuple(min(column) for column in zip(*(measure(number) for number in range(times)), strict=True))
