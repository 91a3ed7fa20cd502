"""The long rest keeps what it has seen, however it ends: hours of it were lost by a stop in its last part."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "soak.py"


@pytest.fixture
def soak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, writing elsewhere."""
    spec = importlib.util.spec_from_file_location("soak", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "soak", module)
    spec.loader.exec_module(module)
    for name in ("RECORD", "KEPT_SEEDS"):
        monkeypatch.setattr(module, name, tmp_path / name)
        (tmp_path / name).touch()
    return module


class Pool:
    """Two workers that play in turn."""

    def __init__(self, jobs: int) -> None:
        self.cancelled = False

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.cancelled, "a stop does not wait for the seeds that were not begun"

    def map(self, played: Any, seeds: range) -> Iterator[tuple[int, dict[str, int], str]]:
        """One good seed, one that fails, then somebody stops it."""
        yield seeds[0], {"hours": 24}, ""
        yield seeds[1], {"hours": 24}, "a promise was broken"
        raise KeyboardInterrupt

    def shutdown(self, cancel_futures: bool) -> None:
        """No more seeds."""
        self.cancelled = cancel_futures


def test_a_stop_keeps_what_was_played(soak: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the simulator played, and the seed that failed, is written when somebody stops it; nothing else is begun."""
    monkeypatch.setattr(soak, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(soak, "_crash", lambda *_: pytest.fail("it was stopped"))
    monkeypatch.setattr(sys, "argv", ["soak", "--date", "2030-01-31", "--first", "7"])
    assert soak.main() == 1
    assert soak.KEPT_SEEDS.read_text() == "8  found by make soak on 2030-01-31\n"
    (row,) = soak.RECORD.read_text().splitlines()
    assert "seeds 7 to 8: 48 simulated hours" in row and "1 failing seeds" in row


def test_each_part_is_written_when_it_is_done(soak: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last part breaks, and the hours of the first are lost."""
    monkeypatch.setattr(soak, "_simulate", lambda *_: soak.Row("simulator", "all", "nothing", "none"))

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(soak, "_crash", broken)
    monkeypatch.setattr(sys, "argv", ["soak", "--date", "2030-01-31"])
    with pytest.raises(KeyboardInterrupt):
        soak.main()
    assert soak.RECORD.read_text() == "| 2030-01-31 | simulator | all | nothing | none |\n"
