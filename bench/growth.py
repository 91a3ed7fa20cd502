"""What must not grow with the log: the cost of judging one entry; and how long a start takes."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import mean

from bench.catching_up import StandingClock
from bench.day import ACTS_A_ROUND, Day
from bench.table import Table, middle
from comity.interfaces.play.cast import keyring
from comity.model.history import History, Placement
from comity.office.audit import audit
from comity.office.marks import MemoryMarks
from comity.office.office import Office
from comity.rules.judge import judge
from comity.tlog.sqlite import SqliteStore
from comity.tlog.store import MemoryStore

EARLY = 1_000
PROCESSES = 2
ROUNDS = 3
WINDOW = 60 * ACTS_A_ROUND


def judging_does_not_grow(table: Table, folder: Path, entries: int) -> None:
    """A log taken again in order: what judging one entry costs at 1,000 entries, and at the end."""
    day = Day.begin(MemoryStore())
    for _ in day.operations(entries):
        pass
    early, late, whole_s, half_s = middle(lambda _: _round(day), ROUNDS)
    figure = f"{early * 1e6:.0f} us at {EARLY:,}, {late * 1e6:.0f} us at {entries:,}: factor {late / early:.2f}"
    table.add("judging one entry", figure, "factor below 2")
    figure = (
        f"{whole_s:.1f} s, {len(day.logs.history.entries) / whole_s:,.0f}/s; the first half took {half_s / whole_s:.0%}"
    )
    table.add(f"judging {entries:,} entries anew", figure, "linear: half in half the time")


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
    found = audit(office.logs, office.notary, processes=PROCESSES)
    assert found.clean, found.problems[:3]
    table.add(
        f"audit of {found.entries:,} entries, all signatures and verdicts, {PROCESSES} processes to check signatures",
        f"{time.perf_counter() - begin:.0f} s",
    )


def _round(day: Day) -> tuple[float, float, float, float]:
    """Seconds an entry early and late, and seconds for all entries and for the first half of them."""
    costs_s = _replay(day)
    early, late = mean(costs_s[EARLY : EARLY + WINDOW]), mean(costs_s[-WINDOW:])
    return early, late, sum(costs_s), sum(costs_s[: len(costs_s) // 2])


def _replay(day: Day) -> list[float]:
    """Judges every entry in a fresh history; the verdicts are checked, the seconds of each are given."""
    known = day.logs.history
    history, costs_s = History(day.logs.founding), []
    for each in known.entries:
        placement = history.place(each.entry)
        assert isinstance(placement, Placement)
        begin = time.perf_counter()
        refusal = judge(each.entry, history.view(placement.clock))
        costs_s.append(time.perf_counter() - begin)
        assert refusal == each.refusal
        history.take(each.entry, placement, known.root(each.branch, each.entry.seq + 1), refusal)
    return costs_s
