"""What the judge says of an entry: admitted (None), refused with clause, problem and remedy, or not judged yet."""

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
        said = "not judged" if self.is_unjudged else f"refused by {self.clause}"
        return f"{said}: {self.problem}; {self.remedy}"

    @property
    def is_unjudged(self) -> bool:
        """Whether nothing was decided: newer software will judge the entry; until then it has no effect (law 14)."""
        return self.rule == UNJUDGED


UNJUDGED = "unjudged"


def unjudged(lacking: str) -> Refusal:
    """What stands in place of a verdict that this software cannot give; `lacking` names what it does not know."""
    problem = f"this office's software is too old for {lacking}"
    return Refusal(UNJUDGED, "law 14", problem, "update it; until then it signs restraints only")
