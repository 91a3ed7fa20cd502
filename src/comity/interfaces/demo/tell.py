"""How the demo speaks: the prose of the scenario, then what each office did and what came of it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TextIO

from comity.interfaces.case.report import Report
from comity.interfaces.times import weekday_text

QUIET = ("sync", "place ", "matter ", "at ", "receipts")
COLUMNS = 110
MARGIN = " " * 13
READING = (
    "Three offices run as processes of this machine. Each line below is one act: the time, then office.seat, then what "
    "was signed there; `p1 =` names the act for later. After -> stands what came of it, or what an office shows; "
    "an act without -> was admitted by all. After ~> stands what the offices' watches over the air see in the feed "
    "that each of them has: made-up flights between real airfields."
)


class Teller:
    """Writes plain lines to one stream."""

    def __init__(self, out: TextIO) -> None:
        """Everything goes to that stream, at once."""
        self._out = out
        self._told: list[str] = []

    def opening(self, title: str) -> None:
        """What this is."""
        self._say(f"Comity: {title}. A drill: the keys and the time are made up.", "")
        self._line("")
        self._say(READING, "")

    def prose(self, text: str) -> None:
        """A line between the blocks of a scenario; lines that follow each other are told together."""
        self._told += [line.removeprefix("#").strip() for line in text.split("\n") if line.startswith("#")]

    def block(
        self, steps: Sequence[tuple[int, str]], lines: Sequence[str], good: bool, expected: Sequence[str] | None
    ) -> None:
        """What was done and when, and what came of it; loud if it is not as the scenario has it."""
        if self._told:
            self._line("")
            self._say(" ".join(self._told), "")
            self._told.clear()
        for at_ms, step in steps:
            if not step.startswith(QUIET):
                self._say(f"  {weekday_text(at_ms)}  {step}", MARGIN + "  ")
        for line in lines:
            self._say(f"{MARGIN}-> {line}", MARGIN + "   ")
        if not good:
            self._say(f"{MARGIN}NOT AS EXPECTED: {'; '.join(expected or ('every act admitted',))}", MARGIN)

    def seen(self, text: str) -> None:
        """What a watch over the air sees, in words."""
        self._say(f"{MARGIN}~> {text}", MARGIN + "   ")

    def pages(self, ports: Mapping[str, int]) -> None:
        """Where each office's status page is."""
        self._line("")
        for name, port in ports.items():
            self._line(f"  status page of {name}: http://127.0.0.1:{port}/")

    def case(self, size: int, report: Report) -> None:
        """The case and what the verifier says of it."""
        self._line("")
        self._line(f"A case of {size:,} bytes is exported, and a stranger verifies it offline, with one command:")
        for check in report.checks:
            self._say(f"  {check.number:>5}  {check.name}: {check.result.value}: {check.reason}", " " * 9)

    def ending(
        self,
        offices: int,
        entries: int,
        differences: Sequence[str],
        problems: Sequence[str],
        wrong: int,
        air: str,
        took_s: float,
    ) -> None:
        """The last line: how it all came out, with the counts."""
        for each in (*differences, *problems):
            self._line(f"  {each}")
        self._line("")
        good = not differences and not problems and not wrong
        roots = "all roots agree" if not differences else "ROOTS DIFFER"
        audits = "every audit is as expected" if not problems else f"{len(problems)} AUDIT PROBLEMS"
        results = "1 RESULT IS" if wrong == 1 else f"{wrong} RESULTS ARE"
        case = "the case is proven" if not wrong else f"{results} NOT AS EXPECTED"
        self._line(
            f"demo {'done' if good else 'FAILED'}: {offices} offices, {entries} entries, {roots}, {audits}, {case}, "
            f"{air} ({took_s:.0f} s)"
        )

    def aside(self, text: str) -> None:
        """Something beside the story."""
        self._line(f"  [{text}]")

    def _say(self, text: str, indent: str) -> None:
        """Words on as many lines as they need, the second and later ones indented."""
        self._line(
            textwrap.fill(text, COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        )

    def _line(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()
