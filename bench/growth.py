"""What must not grow with the log: the cost of judging one entry; and how long a start takes."""

from __future__ import annotations

import time
from pathlib import Path

from bench.catching_up import StandingClock
from bench.day import ACTS_A_ROUND, Day
from bench.table import Table, seconds
from comity.interfaces.play.cast import keyring
from comity.office.audit import audit
from comity.office.marks import MemoryMarks
from comity.office.office import Office
from comity.rules.judge import judge
from comity.tlog.sqlite import SqliteStore
from comity.tlog.store import MemoryStore

EARLY = 1_000
WINDOW = 60 * ACTS_A_ROUND


def judging_does_not_grow(table: Table, folder: Path, entries: int) -> None:
    """The same acts judged at 1,000 entries and at the end: within a factor of two."""
    day = Day.begin(MemoryStore())
    for _ in day.operations(entries):
        pass
    early, late = _judge_s(day, EARLY), _judge_s(day, entries - WINDOW)
    figure = f"{early * 1e6:.0f} us at {EARLY:,}, {late * 1e6:.0f} us at {entries:,}: factor {late / early:.2f}"
    table.add("judging one entry", figure, "factor below 2")
    whole = seconds(lambda: _judge_all(day))
    table.add(f"judging {entries:,} entries anew", f"{whole:.1f} s, {entries / whole:,.0f}/s", "linear")


def restart(table: Table, folder: Path, entries: int) -> None:
    """A start from a store of that many entries; then its audit, to see that nothing was lost."""
    day = Day.begin(SqliteStore(folder / "log.db"))
    for held in day.operations(entries):
        if held % 10_000 < ACTS_A_ROUND:
            day.keep()
    day.keep()
    begin = time.perf_counter()
    office = Office(
        day.logs.founding, keyring("us"), SqliteStore(folder / "log.db"), MemoryMarks(), StandingClock(day.now_ms)
    )
    started_s = time.perf_counter() - begin
    assert len(office.history.entries) == len(day.logs.history.entries)
    table.add(f"start with {entries:,} entries", f"{started_s:.1f} s", "a few seconds")
    begin = time.perf_counter()
    found = audit(office.logs, office.notary)
    assert found.clean, found.problems[:3]
    table.add(
        f"audit of {found.entries:,} entries, all signatures and verdicts", f"{time.perf_counter() - begin:.0f} s"
    )


def _judge_s(day: Day, start: int) -> float:
    history = day.logs.history
    taken = history.entries[start : start + WINDOW]
    history.kept.clear()
    best = min(seconds(lambda: [judge(each.entry, history.past(each)) for each in taken]) for _ in range(3))
    return best / len(taken)


def _judge_all(day: Day) -> None:
    history = day.logs.history
    for each in history.entries:
        assert judge(each.entry, history.past(each)) == each.refusal
