"""What the office runs: one room against 100,000 declared flights that stand open in its history, exact."""

from __future__ import annotations

import gc
import random
import time
from pathlib import Path

from bench.day import BEGIN_MS, PARTIES, Day
from bench.sky_volumes import ASKED, DAY_MS, STORED, USUAL, a_volume
from bench.table import Table
from comity.interfaces.play.cast import officer_signer, origin_of
from comity.model.acts.flights import FlightDeclare
from comity.model.geometry import volumes_meet
from comity.model.history import History
from comity.model.records.conflicts import conflicts_in
from comity.model.records.flights import flight, flights_in
from comity.model.records.rooms import Room
from comity.model.volume import Volume
from comity.office.founding import enrol_act
from comity.tlog.store import MemoryStore
from comity.views.obligations import obligations

CHECKED, CROWD = 5, 400
LATER_DAYS = 9
FIRST_MS = BEGIN_MS + DAY_MS


def declared(table: Table, folder: Path, entries: int) -> None:
    """All declared ahead over a quarter of a year; then ten days on, when none was closed and a tenth is overdue."""
    history = _history(STORED)
    gc.collect()
    gc.freeze()
    dice = random.Random(12)
    asked = [a_volume(dice, "hours", FIRST_MS) for _ in range(ASKED)]
    for days in (0, LATER_DAYS):
        at_ms = FIRST_MS + days * DAY_MS
        what = f", {days} days later, when what began is overdue" if days else ""
        found = _ask(table, history, asked, at_ms, what)
        _check(history, asked[:CHECKED], found, at_ms)
    gc.unfreeze()
    _crowd(table)


def _history(many: int) -> History:
    dice, day = random.Random(11), _air_day()
    for number in range(many):
        party = PARTIES[number % 2]
        act = FlightDeclare(
            flight=f"fl-{number}",
            operator=party,
            aircraft_class="rotary-wing",
            volume=a_volume(dice, dice.choice(USUAL), FIRST_MS),
        )
        day.draft(party, "air", act)
    return day.logs.history


def _air_day() -> Day:
    day = Day.begin(MemoryStore())
    for party in PARTIES[:2]:
        day.sign(party, "root", enrol_act(origin_of(party), "air", ("air",), officer_signer(party, "air")))
    day.now_ms = FIRST_MS
    return day


def _ask(table: Table, history: History, asked: list[Volume], at_ms: int, what: str) -> list[list[str]]:
    """Each question to a view of its own, as the door asks it when it judges."""
    thing = next(taken for taken in history.entries if taken.entry.header.act == "flight.declare")
    found, took_ms, met_ms = [], [], []
    for volume in asked:
        begin = time.thread_time()
        met = flights_in(history.now(), volume, at_ms)
        took_ms.append((time.thread_time() - begin) * 1e3)
        begin = time.thread_time()
        list(conflicts_in(history.now(), Room(thing, "centre", volume, thing), at_ms))
        met_ms.append((time.thread_time() - begin) * 1e3)
        found.append([each.id for each in met])
    took_ms.sort()
    met_ms.sort()
    p99 = len(asked) * 99 // 100
    table.add(
        f"one room against {len(history.entries):,} entries with {STORED:,} open flights{what}, as the office asks",
        f"flights p50 {took_ms[len(asked) // 2]:.2f} ms, p99 {took_ms[p99]:.2f} ms; conflicts p50 "
        f"{met_ms[len(asked) // 2]:.2f} ms, p99 {met_ms[p99]:.2f} ms of the processor; "
        f"{sum(map(len, found)) / len(found):.1f} found each, {max(map(len, found))} at most",
        "" if what else "p99 under 1 ms",
    )
    return found


def _check(history: History, asked: list[Volume], found: list[list[str]], at_ms: int) -> None:
    """Against a look at every flight there is."""
    view = history.now()
    names = [taken.entry.id for taken in view.about("flights")]
    for volume, met in zip(asked, found, strict=False):
        slow = (each for each in map(lambda name: flight(view, name), names) if each is not None)
        assert met == [each.id for each in slow if volumes_meet(each.room(view, at_ms), volume)]


def _crowd(table: Table) -> None:
    """Two parties with 200 flights each in one place: what is owed, as every screen asks."""
    day, dice = _air_day(), random.Random(13)
    room = a_volume(dice, "hours", FIRST_MS)
    for number in range(CROWD):
        party = PARTIES[number % 2]
        act = FlightDeclare(flight=f"fl-{number}", operator=party, aircraft_class="rotary-wing", volume=room)
        day.draft(party, "air", act)
    took_ms = []
    for _ in range(5):
        begin = time.thread_time()
        owed = obligations(day.logs.history.now(), FIRST_MS)
        took_ms.append((time.thread_time() - begin) * 1e3)
    table.add(
        f"obligations with {CROWD} flights in one place, {CROWD * CROWD // 4:,} conflicts",
        f"{min(took_ms):.0f} ms of the processor, {len(owed)} owed",
        "under 200 ms",
    )
