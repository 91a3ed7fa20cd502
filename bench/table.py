"""What was measured, in rows, and how a thing is timed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median


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


def typical_s(work: Callable[[], object], times: int = 5) -> float:
    """The median of several calls."""
    return median(seconds(work) for _ in range(times))
