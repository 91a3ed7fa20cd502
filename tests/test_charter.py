"""No charter word stands in the code, its messages, the agreement files or the scenarios."""

import re
from pathlib import Path

import pytest

from charter import FORMS, charter_words, python_texts
from comity.model.charter import CHARTER_WORDS, charter_word
from source_tree import name, under

# Words of the web that mean something else: a link's window, the element an event fell on.
WEB = re.compile(r"""\btarget="_blank"|\.(currentT|t)arget\b|:target\b""")
LIST = "src/comity/model/charter.py"  # where the product keeps its own list, to refuse texts that people hand in
WEB_SUFFIXES = {".html", ".js", ".mjs", ".css"}


def occurrences(path: Path) -> list[str]:
    """Each charter word in a file of ours, with its line."""
    source = path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".py":
        texts = python_texts(source)
    else:
        lines = WEB.sub("", source) if path.suffix in WEB_SUFFIXES else source
        texts = iter(enumerate(lines.splitlines(), start=1))
    return [f"{name(path)}:{line}: {word}" for line, text in texts for word in charter_words(text)]


@pytest.mark.parametrize("folder", ["src", "agreements", "scenarios"])
def test_no_charter_word(folder: str) -> None:
    """No field, act, message, help text, comment, file name, agreement or scenario holds a charter word."""
    paths = [path for path in under(folder) if name(path) != LIST]
    named = [f"{name(path)}: {word}" for path in paths for word in charter_words(name(path))]
    found = named + [occurrence for path in paths for occurrence in occurrences(path)]
    assert not found, "\n".join(found)


def test_product_knows_the_same_words() -> None:
    """The list by which the product refuses texts is the charter's, and it finds every word of it."""
    assert set(CHARTER_WORDS) == set(FORMS)
    assert all(charter_word(f"the {word} of the day") == word for word in FORMS)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Target", "target"),
        ("two targets", "target"),
        ("target_id", "target"),
        ("nextTargetId", "target"),
        ("TARGET_LIST", "target"),
        ("rules-of-engagement", "engage"),
        ("os.kill", "kill"),
        ("NominateAct", "nominate"),
        ("the enemy", "enemy"),
        ("strike package", "strike package"),
        ("StrikePackage", "strike package"),
        ("strike-\npackages", "strike package"),
    ],
)
def test_charter_word_is_found(text: str, word: str) -> None:
    """A charter word is found in any case and form, alone or as a part of a name."""
    assert charter_words(text) == [word]


@pytest.mark.parametrize("text", ["skill", "retargetable", "package of strikes", "a strike", "SIGKILL", "enemyless"])
def test_other_words_pass(text: str) -> None:
    """A word that only contains the letters of a charter word is none."""
    assert charter_words(text) == []


@pytest.mark.parametrize(
    "source",
    [
        "target = 1",
        "class Enemy: ...",
        "def engage(): ...",
        "def note(target): ...",
        "class Note:\n    target: int",
        "self.target = 1",
        "import note as target",
        "text = 'the target'",
        "text = f'{number} targets'",
        "text = b'target'",
        "fields = {'target': 1}",
        '"""Of targets."""',
        "pass  # kill it",
        "match note:\n    case target: ...",
    ],
)
def test_every_place_in_python_is_read(source: str) -> None:
    """Names defined, strings, keys, docstrings and comments are all read."""
    assert any(charter_words(text) for _, text in python_texts(source))


@pytest.mark.parametrize("source", ["process.kill()", "Thread(target=run)", "event.target.id", "signal.SIGKILL"])
def test_names_of_others_pass(source: str) -> None:
    """A name of a library is not ours to choose and may be used."""
    assert not any(charter_words(text) for _, text in python_texts(source))
