"""What was measured, in rows, and how a thing is timed."""

from __future__ import annotations

import resource
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


@dataclass(frozen=True, slots=True)
class Cost:
    """What work took: seconds that passed, and seconds of processors, of this process and of children that ended."""

    passed_s: float
    processor_s: float

    def over(self, count: int) -> Cost:
        """The cost of one of so many."""
        return Cost(self.passed_s / count, self.processor_s / count)

    def plus(self, other: Cost) -> Cost:
        """Both, one after the other."""
        return Cost(self.passed_s + other.passed_s, self.processor_s + other.processor_s)


def cost(work: Callable[[], object]) -> Cost:
    """What one call takes. Other work on the machine shows in the time that passes, hardly in that of processors."""
    before = _processor_s()
    passed_s = seconds(work)
    return Cost(passed_s, _processor_s() - before)


def compared(bound: Cost, work: Cost) -> str:
    """How near the work comes to its bound, by the time that passed and by that of processors."""
    passed, used = bound.passed_s / work.passed_s, bound.processor_s / work.processor_s
    return f"{passed:.2f} of the bound {1 / bound.passed_s:,.0f}/s, {used:.2f} by processor time"


def median(measure: Callable[[int], tuple[Cost, Cost]], times: int) -> tuple[Cost, Cost]:
    """Of several rounds of bound and work the one whose ratio by the time that passed is the median."""
    rounds = sorted((measure(number) for number in range(times)), key=lambda each: each[0].passed_s / each[1].passed_s)
    return rounds[times // 2]


def middle(measure: Callable[[int], tuple[float, ...]], times: int) -> tuple[float, ...]:
    """Of several rounds the one whose ratio, of the first figure to the second, is the median.

    A round measures bound and work one right after the other, so that both meet the same machine.
    """
    rounds = sorted((measure(number) for number in range(times)), key=lambda each: each[0] / each[1])
    return rounds[times // 2]


def _processor_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
