"""Losses of separation among many: ours beside BlueSky's compiled search, and beside what sorting them must cost."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from bench.table import Table
from comity.airspace.pairs import Losses, Motion, losses
from comity.airspace.sphere import Floats, places_m, velocities_mps

HORIZONTAL_M, VERTICAL_M, AHEAD_S = 9_260.0, 304.8, 300.0
AIMS = {1_000: 20, 10_000: 100}
PEERS = Path(__file__).parent.parent / ".peers" / "packages"
GROWTH = (1_000, 10_000, 100_000)
SOUTH, NORTH, WEST, EAST = 30.0, 45.0, 0.0, 30.0
SHARE, MARGIN_S = 0.01, 3.0  # by which a flat earth may be wrong where the two differ

Pairs = set[tuple[int, int]]


def pairs(table: Table, folder: Path, entries: int) -> None:
    """5 NM, 1,000 ft, 300 s ahead, over a region as large as a continent's busiest third."""
    losses(_motion(_sky(300)), HORIZONTAL_M, VERTICAL_M, AHEAD_S)
    took = {}
    for count in GROWTH:
        sky = _sky(count)
        motion = _motion(sky)
        found = losses(motion, HORIZONTAL_M, VERTICAL_M, AHEAD_S)
        took[count] = _best(partial(losses, motion, HORIZONTAL_M, VERTICAL_M, AHEAD_S))
        bound_s = _bound_s(motion)
        table.add(
            f"losses among {count:,} tracks, one thread",
            f"{took[count] * 1e3:.2f} ms, {len(found.first):,} found; sorting them once and reading them takes "
            f"{bound_s * 1e3:.2f} ms: factor {took[count] / bound_s:.0f} left",
        )
        if count in AIMS:
            _beside_bluesky(table, sky, motion, found, took[count], AIMS[count])
    few, many = took[GROWTH[0]], took[GROWTH[1]]
    table.add("  growth from 1,000 to 10,000, in ten times as dense a sky", f"factor {many / few:.1f}", "below 100")


def _sky(count: int) -> dict[str, Floats]:
    dice = np.random.default_rng(count)
    return {
        "lat": dice.uniform(SOUTH, NORTH, count),
        "lon": dice.uniform(WEST, EAST, count),
        "trk": dice.uniform(0, 360, count),
        "gs": dice.uniform(100, 260, count),
        "alt": dice.uniform(0, 12_000, count),
        "vs": np.where(dice.random(count) < 0.4, dice.uniform(-10, 10, count), 0.0),
    }


def _motion(sky: dict[str, Floats]) -> Motion:
    unknown = np.full(len(sky["alt"]), math.inf)
    return Motion(
        places_m(sky["lat"], sky["lon"]),
        velocities_mps(sky["lat"], sky["lon"], sky["trk"], sky["gs"]),
        np.stack((sky["alt"], -unknown), axis=1),
        np.stack((sky["alt"], unknown), axis=1),
        sky["vs"],
        np.zeros(len(unknown)),
    )


def _best(work: Callable[[], object], rounds: int = 9) -> float:
    best = math.inf
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best


def _bound_s(motion: Motion) -> float:
    keys = np.random.default_rng(1).integers(0, 1 << 60, len(motion.climb_mps))
    state = np.column_stack((motion.place_m, motion.velocity_mps, motion.low_m, motion.high_m))
    return _best(lambda: state[np.argsort(keys)])


def _beside_bluesky(
    table: Table, sky: dict[str, Floats], motion: Motion, found: Losses, ours_s: float, aim: int
) -> None:
    what = f"  beside BlueSky's compiled search, {len(motion.climb_mps):,}"
    detect = _bluesky()
    if detect is None:
        table.add(what, "skipped: bluesky-simulator is not in .peers; make bench puts it there")
        return
    count = len(motion.climb_mps)
    traffic = SimpleNamespace(**sky, id=[str(n) for n in range(count)], ntraf=count)
    minima = [np.full(count, each) for each in (HORIZONTAL_M, VERTICAL_M, AHEAD_S)]
    begin = time.perf_counter()
    answer = detect(traffic, traffic, *minima)
    theirs_s = time.perf_counter() - begin
    theirs = {(int(i), int(j)) for i, j in answer[0]}
    ours = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    ordered = ours | {(j, i) for i, j in ours}
    explained = _explained(motion, {(min(pair), max(pair)) for pair in theirs ^ ordered})
    table.add(
        what,
        f"{theirs_s * 1e3:.0f} ms, {len(theirs):,} ordered pairs, {len(theirs ^ ordered)} of them not ours or only "
        f"ours, {explained}; ours is {theirs_s / ours_s:.0f} times as fast",
        f"{aim} times",
    )


def _bluesky() -> Callable[..., Any] | None:
    """Its compiled module alone: the simulator around it wants folders of its own."""
    for path in PEERS.glob(f"bluesky/traffic/asas/cstatebased*{EXTENSION_SUFFIXES[0]}"):
        loader = ExtensionFileLoader("cstatebased", str(path))
        spec = spec_from_loader("cstatebased", loader)
        assert spec is not None
        module = module_from_spec(spec)
        loader.exec_module(module)
        detect: Callable[..., Any] = module.detect
        return detect
    return None


def _explained(motion: Motion, differing: Pairs) -> str:
    """Each pair that one of the two does not find must lie at the rim of what is found; else the bench stops."""
    if not differing:
        return "none"
    rows = sorted({row for pair in differing for row in pair})
    few = replace(motion, **{name: getattr(motion, name)[rows] for name in Motion.__slots__})
    at = {row: number for number, row in enumerate(rows)}
    wide = losses(few, HORIZONTAL_M * (1 + SHARE), VERTICAL_M, AHEAD_S + MARGIN_S)
    narrow = losses(few, HORIZONTAL_M * (1 - SHARE), VERTICAL_M, AHEAD_S - MARGIN_S)
    wider, narrower = (set(zip(each.first.tolist(), each.second.tolist(), strict=True)) for each in (wide, narrow))
    for i, j in differing:
        assert (at[i], at[j]) in wider - narrower, f"tracks {i} and {j}: found by one of the two only, and not at a rim"
    return f"each within {SHARE:.0%} or {MARGIN_S:.0f} s of the rim, where its flat earth is wrong"
