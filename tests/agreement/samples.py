"""Agreement texts for the tests: one small sound file, and ways to spoil a single place of it."""

from __future__ import annotations

from pathlib import Path

from comity.model.acts import ACTS
from comity.model.terms import Terms
from comity.model.terms_file import Loaded, load, parse_terms
from comity.model.terms_problem import Problem

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "agreements").glob("*.toml"))
KNOWN_ACTS = frozenset(act.name for act in ACTS)

SOUND = """\
comity = 1
id = "sample"
title = "Sample"
edition = 1
rules = 1
source = "For tests."
two_officers = ["integration.authorise"]

[[participant]]
id = "north"
name = "North"
role = "signatory"

[[participant]]
id = "south"
name = "South"
role = "signatory"

[[participant]]
id = "centre"
name = "Centre"
role = "centre"

[[operator]]
id = "east-air"
name = "East air"
answerable = "south"

[[seat]]
id = "all"
name = "Everything"
at = ["north", "south", "centre"]
may = ["*"]

[[group]]
id = "reds"
name = "Reds"
treatment = "coordinated"

[[group]]
id = "blues"
name = "Blues"
treatment = "inside"

[[tier]]
id = "first"
name = "First"
groups = ["reds"]
executing = ["north"]
from_utc = "2016-07-31T00:00:00Z"
until_utc = "2016-08-31T00:00:00Z"

[[category]]
id = "rescue"
name = "Rescue"
kinds = ["flight"]

[[unit]]
id = "north-air"
name = "North air"
participant = "north"

[[reason]]
id = "timing"
text = "another time"

[[precondition]]
id = "calm"
clause = "1"
text = "It is calm."
gates = ["operation"]

[floor]
clause = "1"
keeps = ["movement"]

[[clause]]
id = "1"
title = "The agreement"
text = "It holds."
status = "enforced"
governs = ["agreement", "office"]
answered_by = ["all"]

[[clause]]
id = "2"
title = "Operations"
text = "By consent."
status = "enforced"
governs = ["operation"]
answered_by = ["all"]
parameters = { lease_max_min = 120 }

[[clause]]
id = "10"
title = "Words"
text = "Well meant."
status = "declaratory"
reason = "a wish"
"""


def spoiled(old: str, new: str) -> bytes:
    """The sound file with the first occurrence of a piece replaced."""
    assert old in SOUND, old
    return SOUND.replace(old, new, 1).encode()


def line_number(data: bytes, piece: str) -> int:
    """The first line of a text that holds a piece."""
    return next(number for number, line in enumerate(data.decode().split("\n"), start=1) if piece in line)


def problems(data: bytes) -> tuple[Problem, ...]:
    """Everything that the check says of a file, the names of acts included."""
    return load(data, KNOWN_ACTS).problems


def sound(data: bytes) -> Terms:
    """The terms of a file that must be sound."""
    parsed = parse_terms(data)
    assert isinstance(parsed, Terms), "\n".join(map(str, parsed))
    return parsed


def answer(data: bytes) -> Loaded:
    """What loading gives, with what must be true of any answer."""
    loaded = load(data, KNOWN_ACTS)
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    assert (loaded.terms is None) == bool(errors)
    for problem in loaded.problems:
        assert problem.problem and problem.remedy
        assert len(str(problem)) < 1000
        assert str(problem).isprintable()
        assert problem.line is None or 1 <= problem.line <= data.count(b"\n") + 1
    return loaded
