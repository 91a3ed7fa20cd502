"""What is wrong with an agreement file, and where: findings by key path, and problems by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]

FINDINGS_MOST = 200
"""Nobody reads more, and finding the nearest name for each of thousands would take long."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_SHOWN_MAX = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault at a place in the values of a file; which line that is, is not known yet."""

    path: Path
    problem: str
    remedy: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault as a reader of the file needs it: line, key path, the clause concerned, what is wrong, what to do."""

    line: int | None
    key_path: str
    clause: str | None
    problem: str
    remedy: str
    severity: Severity = "error"

    def __str__(self) -> str:
        """The problem in one line of plain text."""
        place = "" if self.line is None else f"line {self.line}: "
        key = f"{self.key_path}: " if self.key_path else ""
        clause = "" if self.clause is None else f" (clause {self.clause})"
        return f"{self.severity}: {place}{key}{self.problem}{clause}; {self.remedy}"


def path_text(path: Path) -> str:
    """A key path as people write it, `clause[3].parameters.lease_max_min`; items count from 0."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if _BARE_KEY.fullmatch(part) else shown(part))
    return text


def shown(value: object) -> str:
    """A value as a message may show it: quoted, escaped and cut to a bounded length."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = ascii(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}..."
