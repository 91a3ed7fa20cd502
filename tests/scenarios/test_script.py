"""The format of scenario files: what is read is written back, and a mistake is named with its line."""

import pytest

from comity.interfaces.play.script import parse_script
from comity.model.errors import Misuse
from source_tree import ROOT

SMALL = """title: a small one
agreement: jig-2016

# Prose.
found us ru

us.root key.enrol officer=a
    seats=duty
# A remark within a block.
sync
----
admitted
"""


def test_text_comes_back() -> None:
    """A script's text is the text that was read, byte for byte."""
    assert parse_script("small", SMALL).text == SMALL


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").rglob("*.scenario")), ids=lambda path: path.stem)
def test_every_file_comes_back(path: object) -> None:
    """Every shipped scenario is written back byte for byte."""
    text = (ROOT / "scenarios" / str(path)).read_text()
    assert parse_script("file", text).text == text


def test_steps_are_joined() -> None:
    """A line that begins with a space goes on with the step above; remarks are no steps."""
    second = parse_script("small", SMALL).blocks[1]
    assert [step.text for step in second.steps] == ["us.root key.enrol officer=a seats=duty", "sync"]
    assert [step.line for step in second.steps] == [7, 10]
    assert second.expected == ("admitted",)


def test_only_the_result_changes() -> None:
    """A rewritten block changes its result and nothing else."""
    script = parse_script("small", SMALL)
    block = script.blocks[1]
    changed = script.with_blocks({block.line: block.giving(("refused", "twice"))})
    assert changed.text == SMALL.replace("\nadmitted\n", "\nrefused\ntwice\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: a", "the last line has no end"),
        ("agreement: a\n", "the head has no title"),
        ("title: a\nwho: b\n", "x:2: 'who: b' is no head line"),
        ("title: a\ntitle: b\n", "x:2: title stands twice"),
        ("title: a\n\nsync \n", "x:3: the line has a tab or ends in white space"),
        ("title: a\n\n  sync\n", "x:3: a continuation without a step"),
        ("title: a\n\n----\nadmitted\n", "x:3: a result without a step"),
    ],
)
def test_mistakes_are_named(text: str, words: str) -> None:
    """A text that is no scenario is refused with file, line and remedy."""
    with pytest.raises(Misuse, match=words.replace("(", r"\(")):
        parse_script("x", text)
