"""What came of verifying a case: numbered checks, each with a reason in words, and one outcome."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """Of one check, and of the whole: a refuted check refutes the case, a lacking one leaves it open."""

    OK = "ok"
    REFUTED = "refuted"
    NOT_ENOUGH = "not enough"


class Refuted(Exception):
    """What the case holds contradicts what it claims."""


class NotEnough(Exception):
    """The case does not hold what its claim needs."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check; numbers and names are the same in every verifier of this format, reasons are words."""

    number: str
    name: str
    result: Result
    reason: str


EXIT_CODES = {Result.OK: 0, Result.REFUTED: 1, Result.NOT_ENOUGH: 2}
OUTCOMES = {Result.OK: "proven", Result.REFUTED: "refuted", Result.NOT_ENOUGH: "not enough evidence"}


@dataclass(frozen=True, slots=True)
class Report:
    """All checks in order; after a failed one of the first ten none follows. `fingerprint` is the founding file's."""

    checks: tuple[Check, ...]
    fingerprint: str | None

    @property
    def result(self) -> Result:
        results = {check.result for check in self.checks}
        return next((each for each in (Result.REFUTED, Result.NOT_ENOUGH) if each in results), Result.OK)

    @property
    def outcome(self) -> str:
        """The result in a word or three."""
        return OUTCOMES[self.result]

    @property
    def exit_code(self) -> int:
        """0 proven, 1 refuted, 2 not enough evidence."""
        return EXIT_CODES[self.result]

    def as_json(self) -> dict[str, object]:
        """The report for `--json`."""
        checks = [
            {"number": each.number, "name": each.name, "result": each.result.value, "reason": each.reason}
            for each in self.checks
        ]
        return {"outcome": self.outcome, "fingerprint": self.fingerprint, "checks": checks}
