"""The corpus is replayed against the law of the table on every run; the search itself is `make fuzz`."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.model.errors import Malformed
from comity.model.terms import Terms
from comity.model.terms_file import load, parse_terms
from fuzz.parsers import PARSERS, Parser
from fuzz.seeds import agreements
from thorough import deep

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
INPUT_S = 5.0
FILES_MOST, BYTES_MOST = 30, 4096


@pytest.mark.parametrize("name", PARSERS)
def test_corpus_keeps_the_law(name: str) -> None:
    """Each kept input raises only what the parser may raise, in bounded time, and what is accepted is written back."""
    for path in sorted((CORPUS / name).iterdir()):
        begun = time.monotonic()
        PARSERS[name].accepts(path.read_bytes())
        assert time.monotonic() - begun < INPUT_S, path.name


@pytest.mark.parametrize("name", PARSERS)
def test_seeds_are_good(name: str) -> None:
    """Each parser accepts its first seed and refuses nothing at all and a flood: the search begins on both sides."""
    parser = PARSERS[name]
    accepted = [parser.accepts(data) for data in parser.seeds()]
    assert accepted and accepted[0]
    assert any(accepted) and not (parser.refusals and parser.accepts(b"\xff" * (1 << 20)))
    parser.accepts(b"")


@pytest.mark.parametrize("name", PARSERS)
def test_short_and_changed_seeds_keep_the_law(name: str) -> None:
    """A good input cut anywhere, or with any byte changed, keeps the law too."""
    data = min(PARSERS[name].seeds(), key=len)
    step = max(1, len(data) // 200)
    for place in range(0, len(data), step):
        PARSERS[name].accepts(data[:place])
        PARSERS[name].accepts(data[:place] + bytes([data[place] ^ 0x11]) + data[place + 1 :])


def test_the_two_readers_of_terms_agree() -> None:
    """`parse_terms` gives the terms that `load` gives, or its errors without the warnings."""
    for data in [*agreements(), *(path.read_bytes() for path in sorted((CORPUS / "terms").iterdir()))]:
        loaded, parsed = load(data), parse_terms(data)
        errors = [problem for problem in loaded.problems if problem.severity == "error"]
        assert parsed == (loaded.terms if isinstance(parsed, Terms) else errors)


def test_corpus_is_small() -> None:
    """The corpus has a folder for each parser and for nothing else, of few and small files."""
    assert {path.name for path in CORPUS.iterdir()} == set(PARSERS)
    for name in PARSERS:
        sizes = [path.stat().st_size for path in (CORPUS / name).iterdir()]
        assert 0 < len(sizes) <= FILES_MOST and max(sizes) <= BYTES_MOST, name


def test_what_is_not_in_the_table_is_no_refusal() -> None:
    """An exception that a row does not name, and a broken law, go on to whoever searches."""
    for fault in (KeyError("no"), AssertionError("no")):
        with pytest.raises(type(fault)):
            Parser(_raising(fault), (Malformed,), list).accepts(b"")
    assert not Parser(_raising(Malformed("no")), (Malformed,), list).accepts(b"")


def test_the_search_runs() -> None:
    """The search runs a parser with instruments, tries many inputs and reports them."""
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris absent")
    command = [sys.executable, "-m", "fuzz", "tile_path", "--seconds", deep("2", "1")]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
    said = re.search(r"fuzz: 1 parsers, ([0-9,]+) inputs, 0 broke the law", done.stdout)
    assert done.returncode == 0 and said is not None, done.stdout + done.stderr
    assert int(said[1].replace(",", "")) > 1000


def _raising(fault: Exception) -> Callable[[bytes], None]:
    def attempt(data: bytes) -> None:
        raise fault

    return attempt
