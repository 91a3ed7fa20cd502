"""The pages of single lines, second-day.md and when-it-is-wrong.md: every line is one that the program knows."""

from __future__ import annotations

import re
import shlex

import pytest

from comity.interfaces.bodies import act_class, has_field
from comity.interfaces.cli.program import parser
from comity.interfaces.cli.writing import split
from source_tree import ROOT

VIRTUAL = ("for", "note")  # of votes and seals: made into other fields
PAGES = ("second-day.md", "when-it-is-wrong.md")
LINES = [line for page in PAGES for line in re.findall(r"`comity ([^`]+)`", (ROOT / "docs" / page).read_text())]


@pytest.mark.parametrize("line", [line for line in LINES if not line.endswith("--help")])
def test_every_line_is_known(line: str) -> None:
    """A command is taken by its parser, and an act has each key that the page gives it."""
    words = shlex.split(re.sub(r" O(?= |$)", " --seat s --key k", line))
    args = parser().parse_args(words)
    if words[0] == "act":
        name = next(word for word in words if re.fullmatch(r"[a-z]+\.[a-z_]+", word))
        kind = act_class(name)
        listed = [word for word in words[words.index(name) + 1 :] if "=" in word or "/" in word]
        for key in split(kind, listed):
            assert (
                any(has_field(kind, each) for each in (key.partition(".")[0], f"{key}_ms"))
                or key in VIRTUAL
                or key.startswith("volume.")
            ), key
    assert args.command == words[0]
