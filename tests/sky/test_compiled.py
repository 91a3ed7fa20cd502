"""Compiled code: who waits is told so, once, and who need not wait is told nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from numba import njit
from numba.core import caching

from comity.airspace.compiled import announced, compiled
from source_tree import ROOT

PROGRAM = """
from comity.airspace.compiled import announced, compiled
from comity.airspace.pairs import losses_two_by_two
import numpy as np
from comity.airspace.pairs import Motion
none = Motion(*[np.zeros((2, n)) for n in (3, 3, 2, 2)], np.zeros(2), np.zeros(2))
with announced(lambda: print("compiling")):
    print(losses_two_by_two(none, 1.0, 1.0, 1.0).tolist())
"""


def ran(cache: Path) -> list[str]:
    """What the program says, with its compiled code kept in that folder."""
    surroundings = os.environ | {"NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=surroundings, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.splitlines()


def test_the_first_use_says_what_it_waits_for(tmp_path: Path) -> None:
    """The first run on a machine is told that it compiles, the second finds it done; both answer alike."""
    assert ran(tmp_path) == ["compiling", "[[0.0, 1.0]]"]
    assert ran(tmp_path) == ["[[0.0, 1.0]]"]


def test_it_is_said_once() -> None:
    """However many functions must be compiled, it is said once, and outside the block never."""
    said: list[int] = []
    one, other = njit(lambda x: x + 1), njit(lambda x: x + 2)
    with announced(lambda: said.append(1)):
        assert (one(1), other(1), one(2)) == (2, 3, 3)
    assert said == [1]
    assert one(1.5) == 2.5 and said == [1]


def test_where_nothing_may_be_kept_it_works_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that lets compiled code be kept nowhere, functions are compiled in each process."""
    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    with pytest.raises(RuntimeError):
        njit(cache=True)(_doubled)
    assert compiled(_doubled)(3) == 6


def _doubled(number: int) -> int:
    return 2 * number
