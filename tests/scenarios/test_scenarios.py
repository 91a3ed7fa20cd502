"""Every scenario file is played: each result as written, all offices agreed, and the same in other orders."""

from pathlib import Path

import pytest

from comity.interfaces.play import Options, play_file
from source_tree import ROOT

FILES = sorted([*ROOT.glob("scenarios/**/*.scenario"), *ROOT.glob("scenarios/**/*.given")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT / "scenarios").as_posix())
def test_scenario(path: Path) -> None:
    """The file gives its results, every office ends with the same verdicts, and so in every order of delivery."""
    played = play_file(path, Options())
    assert played.ok, played.report
    assert played.reordered is not None
    assert played.reordered.all or played.reordered.orders >= 200


def test_there_are_scenarios() -> None:
    """The folder of scenarios is found and is not empty."""
    assert any(path.suffix == ".scenario" for path in FILES)
