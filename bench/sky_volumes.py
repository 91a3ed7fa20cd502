"""One declared volume against 100,000 stored: the index and the exact geometry, beside SQLite's tree of boxes."""

from __future__ import annotations

import gc
import math
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from bench.table import Table
from comity.airspace.volumes import Volumes
from comity.model.geometry import ring_box, volumes_meet
from comity.model.volume import DEG_E7, Altitude, Band, Ring, Volume, Window

STORED, ASKED, CHECKED = 100_000, 2_000, 40
DAY_MS = 86_400_000
BEGIN_MS, DAYS = 1_468_000_000_000, 90
SOUTH, NORTH, WEST, EAST = 32.0, 37.5, 35.5, 42.5
USUAL = ("hours",) * 188 + ("month",) * 10 + ("open",) + ("wide",)
CROWDED = ("hours",) * 80 + ("month",) * 15 + ("open",) * 4 + ("wide",)


def volumes(table: Table, folder: Path, entries: int) -> None:
    """A quarter of a year over one theatre: as it may be, and with a fifth of it lasting a month or for ever."""
    _against(table, "", USUAL, "p99 under 1 ms")
    _against(table, ", a fifth of them lasting a month or for ever", CROWDED, "")


def a_volume(dice: random.Random, length: str, begin_ms: int = BEGIN_MS) -> Volume:
    """A ring, a band and a window somewhere in the theatre and the quarter of a year: hours, a month, open or wide."""
    lat, lon = dice.uniform(SOUTH, NORTH), dice.uniform(WEST, EAST)
    reach = dice.uniform(0.5, 2.0) if length == "wide" else dice.uniform(0.02, 0.1)
    turns = sorted(dice.uniform(0, 2 * math.pi) for _ in range(dice.randint(4, 24)))
    ring: Ring = tuple(
        dict.fromkeys(
            (round((lat + reach * math.sin(turn)) * DEG_E7), round((lon + reach * math.cos(turn)) * DEG_E7))
            for turn in turns
        )
    )
    from_ms = begin_ms + dice.randrange(DAYS * DAY_MS)
    lasts_ms = 30 * DAY_MS if length == "month" else dice.randint(300_000, 7_200_000)
    return Volume(ring, _band(dice), Window(from_ms, None if length == "open" else from_ms + lasts_ms))


def _against(table: Table, what: str, lengths: tuple[str, ...], aim: str) -> None:
    dice = random.Random(11)
    stored = [a_volume(dice, dice.choice(lengths)) for _ in range(STORED)]
    asked = [a_volume(dice, "hours") for _ in range(ASKED)]
    held = Volumes()
    begin = time.perf_counter()
    for item, volume in enumerate(stored):
        held.put(item, volume)
    put_s = time.perf_counter() - begin
    gc.collect()
    gc.freeze()
    for volume in asked[:CHECKED]:
        assert held.meeting(volume) == [item for item, each in enumerate(stored) if volumes_meet(each, volume)]
    found, ours_ms = _timed(held.meeting, asked)
    listed = dict(zip(asked, found, strict=True))
    _, bound_ms = _timed(lambda volume: [n for n in listed[volume] if volumes_meet(stored[n], volume)], asked)
    table.add(
        f"one volume against {STORED:,}{what}, exact",
        f"p50 {ours_ms[ASKED // 2]:.2f} ms, p99 {ours_ms[ASKED * 99 // 100]:.2f} ms of the processor, "
        f"{sum(map(len, found)) / ASKED:.1f} found each, {max(map(len, found))} at most; to prove those that meet, "
        f"and look for none, takes {bound_ms[ASKED // 2]:.2f} and {bound_ms[ASKED * 99 // 100]:.2f} ms; "
        f"{STORED / put_s:,.0f} put in a second",
        aim,
    )
    _beside_sqlite(table, stored, asked, found, ours_ms)
    gc.unfreeze()


def _band(dice: random.Random) -> Band:
    floor = dice.choice((None, Altitude(dice.randint(0, 200), "fl", "pressure"), Altitude(500, "m", "amsl")))
    if floor is None or dice.random() < 0.2:
        return Band(floor, None)
    return Band(floor, Altitude(floor.value + dice.randint(10, 100), floor.unit, floor.datum))


def _timed(meeting: Callable[[Volume], list[int]], asked: list[Volume]) -> tuple[list[list[int]], list[float]]:
    """The answers, and how long each took in ms of the processor, sorted: who else wants it is no matter of ours."""
    found, took = [], []
    for volume in asked:
        begin = time.thread_time()
        found.append(meeting(volume))
        took.append((time.thread_time() - begin) * 1e3)
    return found, sorted(took)


def _beside_sqlite(
    table: Table, stored: list[Volume], asked: list[Volume], found: list[list[int]], ours_ms: list[float]
) -> None:
    """Its tree keeps 32-bit numbers, so boxes are asked for a little wider, and the geometry decides as for ours."""
    base = sqlite3.connect(":memory:")
    try:
        base.execute("create virtual table boxes using rtree(id, south, north, west, east, since, until)")
    except sqlite3.OperationalError:
        table.add("  beside SQLite's R*Tree", "skipped: this SQLite has no R*Tree")
        return
    base.executemany("insert into boxes values (?, ?, ?, ?, ?, ?, ?)", (_row(n, each) for n, each in enumerate(stored)))

    def meeting(volume: Volume) -> list[int]:
        _, south, north, west, east, since, until = _row(0, volume)
        rows = base.execute(
            "select id from boxes where south <= ? and north >= ? and west <= ? and east >= ? and since <= ?"
            " and until >= ? order by id",
            (north + 1e-4, south - 1e-4, east + 1e-4, west - 1e-4, until + 1e-4, since - 1e-4),
        )
        return [item for (item,) in rows.fetchall() if volumes_meet(stored[item], volume)]

    theirs, theirs_ms = _timed(meeting, asked)
    assert theirs == found
    table.add(
        "  beside SQLite's R*Tree in memory, with the same geometry",
        f"p50 {theirs_ms[ASKED // 2]:.2f} ms, p99 {theirs_ms[ASKED * 99 // 100]:.2f} ms, the same answers: ours is "
        f"{theirs_ms[ASKED // 2] / ours_ms[ASKED // 2]:.1f} times as fast at p50, "
        f"{theirs_ms[ASKED * 99 // 100] / ours_ms[ASKED * 99 // 100]:.1f} at p99",
    )


def _row(item: int, volume: Volume) -> tuple[float, ...]:
    """Degrees and days since the beginning: small numbers lose least."""
    south, west, north, east = (side / DEG_E7 for side in ring_box(volume.ring))
    since = (volume.window.from_ms - BEGIN_MS) / DAY_MS
    until = 1e6 if volume.window.until_ms is None else (volume.window.until_ms - BEGIN_MS) / DAY_MS
    return item, south, north, west, east, since, until
