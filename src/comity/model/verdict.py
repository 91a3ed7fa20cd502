"""What the judge says of an entry: admitted (None), or refused with clause, problem and remedy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """The agreement says no. `rule` is the engine's name of the rule, `clause` where the agreement says it."""

    rule: str
    clause: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"refused by {self.clause}: {self.problem}; {self.remedy}"
