"""How the demo speaks: the prose of the scenario, then what each office did and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TextIO

from comity.interfaces.case.report import Report

QUIET = ("sync", "place ", "matter ", "at ", "receipts")


class Teller:
    """Writes plain lines to one stream."""

    def __init__(self, out: TextIO) -> None:
        """Everything goes to that stream, at once."""
        self._out = out
        self._told: list[str] = []

    def opening(self, title: str) -> None:
        """What this is."""
        self._line("Comity: a drill with made-up keys, three offices as processes on this machine.")
        self._line(title)

    def prose(self, text: str) -> None:
        """A line between the blocks of a scenario; lines that follow each other are told together."""
        self._told += [line.removeprefix("#").strip() for line in text.split("\n") if line.startswith("#")]

    def block(
        self, now_ms: int, steps: Sequence[str], lines: Sequence[str], good: bool, expected: Sequence[str] | None
    ) -> None:
        """What was done, and what came of it; loud if it is not as the scenario has it."""
        if self._told:
            self._line("")
            self._line(" ".join(self._told))
            self._told.clear()
        clock = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%a %H:%MZ")
        for step in steps:
            if not step.startswith(QUIET):
                self._line(f"  {clock}  {step}")
        for line in lines:
            self._line(f"             -> {line}")
        if not good:
            self._line(f"             NOT AS EXPECTED: {'; '.join(expected or ('every act admitted',))}")

    def pages(self, ports: Mapping[str, int]) -> None:
        """Where each office's status page is."""
        self._line("")
        for name, port in ports.items():
            self._line(f"  status page of {name}: http://127.0.0.1:{port}/")

    def case(self, size: int, report: Report) -> None:
        """The case and what the verifier says of it."""
        self._line("")
        self._line(f"A case of {size:,} bytes is exported, and a stranger verifies it offline:")
        for check in report.checks:
            self._line(f"  {check.number:>5}  {check.name}: {check.result.value}: {check.reason}")

    def ending(
        self, offices: int, entries: int, differences: Sequence[str], problems: Sequence[str], wrong: int, took_s: float
    ) -> None:
        """The last line: how it all came out, with the counts."""
        for each in (*differences, *problems):
            self._line(f"  {each}")
        self._line("")
        good = not differences and not problems and not wrong
        roots = "all roots agree" if not differences else "ROOTS DIFFER"
        audits = "every audit is as expected" if not problems else f"{len(problems)} AUDIT PROBLEMS"
        case = "the case is proven" if not wrong else f"{wrong} THINGS ARE NOT AS EXPECTED"
        self._line(
            f"demo {'done' if good else 'FAILED'}: {offices} offices, {entries} entries, {roots}, {audits}, {case} "
            f"({took_s:.0f} s)"
        )

    def aside(self, text: str) -> None:
        """Something beside the story."""
        self._line(f"  [{text}]")

    def _line(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()
