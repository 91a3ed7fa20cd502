"""From the bytes of an agreement file to terms, or to a list of everything that is wrong with them.

The same bytes give the same answer on every machine: size and nesting are bounded before the parser sees them.
Not trusted: the bytes may come from another office; they give problems, never an exception.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from comity.model.terms import Terms
from comity.model.terms_check import CHECKS, FOUNDING_CHECKS, Check, KnownActs, run
from comity.model.terms_gaps import GAPS
from comity.model.terms_problem import Finding, Path, Problem, path_text
from comity.model.terms_shape import shape
from comity.model.toml_lines import lines_of, plainness

BYTES_MOST = 48 * 1024
"""An amendment carries a whole file inside one entry of at most 65,535 bytes."""

_CLAUSE = re.compile(r"[0-9.]{1,15}")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a file: the terms if nothing is wrong, and all problems and warnings by line."""

    terms: Terms | None
    problems: tuple[Problem, ...]


def parse_terms(data: bytes, founding: bool = False) -> Terms | list[Problem]:
    """The terms that these bytes are, or every error in them; warnings and the names of acts are not looked at."""
    loaded = load(data, founding=founding)
    if loaded.terms is not None:
        return loaded.terms
    return [problem for problem in loaded.problems if problem.severity == "error"]


def load(data: bytes, known_acts: KnownActs = None, founding: bool = False) -> Loaded:
    """Reads and checks a file, warnings included; `known_acts` are the wire names that seats may be given, and
    `founding` says that an agreement is to begin with it."""
    if len(data) > BYTES_MOST:
        return _unread(None, f"the file has {len(data)} bytes, at most {BYTES_MOST} are allowed", "shorten its texts")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _unread(line, "the file is not UTF-8 text", "save it as UTF-8")
    if (odd := plainness(text)) is not None:
        return _unread(odd[0], odd[1], "write it flat, in plain TOML 1.0")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _not_toml(text, str(error))
    except (ValueError, RecursionError):
        return _unread(None, "a value in the file is too large to be read", "remove it; numbers stay below 2^53")
    return _checked(document, text, known_acts, (*CHECKS, *FOUNDING_CHECKS) if founding else CHECKS)


def _checked(document: dict[str, Any], text: str, known_acts: KnownActs, checks: tuple[Check, ...]) -> Loaded:
    shaped = shape(document)
    errors = [*shaped.findings, *run(checks, shaped.terms, shaped.broken, known_acts)]
    gaps = [] if errors else list(run(GAPS, shaped.terms, shaped.broken, known_acts))
    lines = lines_of(text) if errors or gaps else {}
    problems = [_placed(finding, lines, document) for finding in [*errors, *gaps]]
    problems.sort(key=lambda problem: (problem.line or 0, problem.key_path))
    return Loaded(None if errors else shaped.terms, tuple(problems))


def _placed(finding: Finding, lines: dict[Path, int], document: dict[str, Any]) -> Problem:
    line = next((lines[finding.path[:end]] for end in _ends(finding.path) if finding.path[:end] in lines), None)
    clause = _clause_at(finding.path, document)
    return Problem(line, path_text(finding.path), clause, finding.problem, finding.remedy, finding.severity)


def _ends(path: Path) -> Iterable[int]:
    return range(len(path), 0, -1)


def _clause_at(path: Path, document: dict[str, Any]) -> str | None:
    if path[0] != "clause" or len(path) < 2 or not isinstance(path[1], int):
        return None
    clause = document["clause"][path[1]]
    number = clause.get("id") if isinstance(clause, dict) else None
    return number if isinstance(number, str) and _CLAUSE.fullmatch(number) else None


def _not_toml(text: str, message: str) -> Loaded:
    place = _PLACE.search(message)
    line = int(place[1]) if place is not None and place[1] is not None else text.count("\n") + 1
    what = message[: place.start()] if place is not None else message
    return _unread(line, f"not valid TOML: {what[:1].lower()}{what[1:120]}", "correct the line, or the one above it")


def _unread(line: int | None, problem: str, remedy: str) -> Loaded:
    return Loaded(None, (Problem(line, "", None, problem, remedy),))
