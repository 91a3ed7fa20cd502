"""Every scenario file is played: each result as written, all offices agreed, and the same in other orders."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from comity.interfaces.play.player import Options, Played, play_file, read_script
from comity.model.parameters import GOVERNS, PARAMETERS
from comity.tlog.sqlite import SqliteStore
from comity.tlog.store import Store
from source_tree import ROOT
from thorough import deep

ORDERS_LEAST = deep(200, 40)
FILES = sorted([*ROOT.glob("scenarios/**/*.scenario"), *ROOT.glob("scenarios/**/*.given")])
LATE_WORDS = ("overdue", "late", "signs")
WARNING_WORDS = {
    "flight.notice": "notice too short",
    "flight.buffer": "beside its route, the terms ask for",
    "flight.distance": "with distance",
}
"""What a rule that refuses nothing shows instead."""

MEMORY_FOLDER = Path("/dev/shm")  # where there is one: what a sync costs is no matter here


def named(path: Path) -> str:
    """A scenario as people name it."""
    return path.relative_to(ROOT / "scenarios").as_posix()


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for the stores of one play, in memory where the machine has such."""
    if not os.access(MEMORY_FOLDER, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=MEMORY_FOLDER) as folder:
        yield Path(folder)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_scenario(path: Path) -> None:
    """The file gives its results, every office ends with the same verdicts, and so in every order of delivery."""
    played = play_file(path, Options(rewrite=os.environ.get("COMITY_REWRITE") == "1", orders=ORDERS_LEAST))
    assert played.ok, played.report
    assert played.reordered is not None
    assert played.reordered.all or played.reordered.orders >= ORDERS_LEAST
    assert not unfounded_claims(path, played)


@pytest.mark.parametrize("path", deep(FILES, FILES[::4]), ids=named)
def test_scenario_on_disk(path: Path, quick_folder: Path) -> None:
    """With every office over a store on disk the file gives the same results; both stores have one contract besides."""

    def on_disk(name: str) -> Store:
        return SqliteStore(quick_folder / f"{name}.db")

    played = play_file(path, Options(orders=0, new_store=on_disk))
    assert played.ok, played.report


def test_there_are_scenarios() -> None:
    """The folder of scenarios is found and is not empty."""
    assert any(path.suffix == ".scenario" for path in FILES)


def unfounded_claims(path: Path, played: Played) -> list[str]:
    """What the head of a file lists, and the file does not show: unknown names, refusals and lateness."""
    script = read_script(path)
    judged = script.listed("holds") + script.listed("refuses") + script.listed("warns")
    timed = script.listed("ontime") + script.listed("late")
    found = [f"{name} is no rule and no number" for name in judged if name not in GOVERNS and name not in PARAMETERS]
    found += [f"{name} is no number" for name in timed if name not in PARAMETERS]
    refused = {said.refusal.rule for said in played.verdicts if said.refusal is not None}
    for name in script.listed("refuses"):
        rule = PARAMETERS[name].rule if name in PARAMETERS else name
        if not any(each == rule or each.startswith(f"{rule}.") for each in refused):
            found.append(f"{name} refuses nothing here")
    shown = [line for block in script.blocks for line in block.expected or ()]
    for name in script.listed("warns"):
        words = WARNING_WORDS.get(PARAMETERS[name].rule if name in PARAMETERS else name)
        if words is None or not any(words in line for line in shown):
            found.append(f"nothing here warns of {name}")
    if script.listed("late") and not any(word in line for line in shown for word in LATE_WORDS):
        found.append("nothing is shown as late")
    return found
