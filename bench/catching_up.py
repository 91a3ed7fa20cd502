"""Judged and durable: entries taken from another office, against the cost of one verification and one commit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bench.day import Day
from bench.table import Cost, Table, compared, cost, median
from comity.interfaces.play.cast import keyring
from comity.office.config import DEFAULT
from comity.office.marks import MemoryMarks
from comity.office.office import Office
from comity.office.ports import Clock
from comity.office.signatures import check_signatures
from comity.office.sync import Sync
from comity.tlog import ed25519
from comity.tlog.sqlite import SqliteStore
from comity.tlog.store import MemoryStore, Row, Store

SAMPLE = 3_000
ROUNDS = 5


class StandingClock(Clock):
    """A clock that shows the end of the day, and whose steady part goes on at each look."""

    def __init__(self, at_ms: int) -> None:
        self.at_ms = at_ms
        self.looks = 0

    def now_ms(self) -> int:
        """Milliseconds UTC."""
        return self.at_ms

    def steady_ms(self) -> int:
        """Milliseconds since some moment."""
        self.looks += 1
        return self.looks


def catching_up(table: Table, folder: Path, entries: int) -> None:
    """One by one, and in pages of 64: a third and a half of the bound are aimed at."""
    day = Day.begin(MemoryStore())
    for _ in day.operations(min(entries, SAMPLE)):
        pass
    day.keep()
    for page, aim in ((1, 1 / 3), (64, 1 / 2)):
        bound, taken = median(lambda number, page=page: _round(day, folder, page, number), ROUNDS)  # type: ignore[misc]
        figure = f"{1 / taken.passed_s:,.0f}/s, {compared(bound, taken)}"
        table.add(f"entries judged and durable, pages of {page}", figure, f"{aim:.2f} of a verify and a commit a page")


def _round(day: Day, folder: Path, page: int, number: int) -> tuple[Cost, Cost]:
    """What an entry costs: a verification with a share in a page's commit, and being taken; results are equal."""
    bound = _verify_cost(day).plus(_commit_cost(SqliteStore(folder / f"bound-{page}-{number}.db"), day, page))
    store = SqliteStore(folder / f"taken-{page}-{number}.db")
    giver, taker = _two_offices(day, store, page)
    taken = cost(lambda: _take_all(giver, taker)).over(len(day.logs.history.entries))
    _check_equal(day, store)
    return bound, taken


def _verify_cost(day: Day) -> Cost:
    taken = day.logs.history.entries[:1000]

    def verify() -> None:
        for each in taken:
            check_signatures(each.entry, ed25519.verify)

    return cost(verify).over(len(taken))


def _commit_cost(store: Store, day: Day, page: int) -> Cost:
    branch = store.open_branch("bound")
    rows = [Row(each.entry.leaf, b"{}") for each in day.logs.history.entries[:1024]]

    def write() -> None:
        for start in range(0, len(rows), page):
            store.append(branch, start, rows[start : start + page], None)

    return cost(write).over(len(rows))


def _two_offices(day: Day, store: Store, page: int) -> tuple[Sync, Sync]:
    """One that holds all of the day, and one that holds nothing."""
    clock = StandingClock(day.now_ms)
    limits = replace(DEFAULT, page_entries=page, poll_every_ms=1, turn_every_ms=1)
    return Sync(_office(day, "us", day.logs.store, clock), limits), Sync(_office(day, "centre", store, clock), limits)


def _take_all(giver: Sync, taker: Sync) -> None:
    clock, wanted = taker.office.clock, len(giver.office.history.entries)
    while len(taker.office.history.entries) < wanted:
        for name, request in taker.due(clock.steady_ms()):
            if name == "us":
                taker.receive(name, request, giver.answer("centre", request), clock.steady_ms())
            else:
                taker.failed(name, request, clock.steady_ms())


def _office(day: Day, party: str, store: Store, clock: Clock) -> Office:
    return Office(day.logs.founding, keyring(party), store, MemoryMarks(), clock)


def _check_equal(day: Day, store: Store) -> None:
    office = _office(day, "us", store, StandingClock(day.now_ms))
    for branch in day.logs.branches:
        other = office.logs.first(branch.origin)
        assert other is not None and other.tree.root() == branch.tree.root(), "what was taken is what was given"
    assert all(each.refusal is None for each in office.history.entries)
