"""Running the real `comity` as people do, and what the tests about it share."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import drafts
from comity.interfaces.cli import main
from source_tree import ROOT

TIMEOUT_S = 60

GOVERNED = (
    "agreement",
    "agreement.amendment",
    "keys",
    "office",
    "duty",
    "threat",
    "precaution",
    "area",
    "operation",
)
GROUPS = """
[[tier]]
id = "t1"
name = "First tier"
groups = ["g-1"]
executing = ["north", "south"]

[[group]]
id = "g-1"
name = "First group"
treatment = "coordinated"
"""
NAMES = ("north", "south", "centre")
DRAFT = "".join(
    [
        drafts.head("pact", "A pact", ["fact.state"]),
        *map(drafts.participant, NAMES),
        drafts.seat("duty", NAMES),
        drafts.seat("senior", NAMES[:2]),
        GROUPS,
        drafts.all_of_it(GOVERNED),
        drafts.FLOOR,
    ]
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer for programs."""
        return json.loads(self.out)


def environment() -> dict[str, str]:
    """The surroundings of a command: no terminal width, assertions kept."""
    kept = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "PYTHONOPTIMIZE")}
    return kept | {"PYTHONPATH": str(ROOT / "src")}


def comity(*words: str | Path, folder: Path | None = None, typed: str = "") -> Ran:
    """Runs one command to its end."""
    command = [sys.executable, "-m", "comity", *map(str, words)]
    found = subprocess.run(
        command, cwd=folder, env=environment(), input=typed, capture_output=True, text=True, timeout=TIMEOUT_S
    )
    return Ran(found.returncode, found.stdout, found.stderr)


def inside(*words: str | Path, folder: Path) -> Ran:
    """Runs one command to its end in this very process: the same code, without the start of a Python."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(word) for word in words])
    return Ran(code, out.getvalue(), err.getvalue())


def spoke_well(ran: Ran) -> bool:
    """Whether everything on stderr is said by the program, and nothing is a traceback."""
    lines = ran.err.splitlines()
    return all(line.startswith("comity: ") for line in lines) and "Traceback" not in ran.err
