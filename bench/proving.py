"""Proving a long log from its bytes: signatures, hashes and root, against bare verification on as many processes."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.day import Day
from bench.table import Cost, Table, compared, cost, median, seconds
from comity.model.entry import parse_entry
from comity.office.proving import CHUNK_LEAVES, proven
from comity.office.signatures import entry_message
from comity.tlog import ed25519
from comity.tlog.merkle import Frontier, root_of
from comity.tlog.store import MemoryStore

DISTINCT = 4_000
PROCESSES = 2
ROUNDS = 3


def proving(table: Table, folder: Path, entries: int) -> None:
    """The aim: 80 % of the raw two-process verify rate for signatures, hashes and root together."""
    day = Day.begin(MemoryStore())
    for _ in day.operations(DISTINCT):
        pass
    distinct = [each.entry.leaf for each in day.logs.history.entries]
    leaves = (distinct * (entries // len(distinct) + 1))[:entries]
    triples = [_triple(leaf) for leaf in distinct]
    triples = (triples * (entries // len(triples) + 1))[:entries]
    root = root_of([parse_entry(leaf).hash for leaf in leaves])
    with ProcessPoolExecutor(PROCESSES) as pool:
        raw, whole = median(lambda _: _round(pool, triples, leaves, root), ROUNDS)
    figure = f"{1 / whole.passed_s:,.0f}/s, {compared(raw, whole)}"
    table.add(f"signatures, hashes and root of {entries:,} entries on {PROCESSES} processes", figure, "0.80")


def _round(
    pool: ProcessPoolExecutor, triples: list[tuple[bytes, bytes, bytes]], leaves: list[bytes], root: bytes
) -> tuple[Cost, Cost]:
    """What an entry costs: bare verification by processes that run already, and the proof, which starts its own."""
    used_s: list[float] = []
    passed_s = seconds(lambda: used_s.extend(_raw(pool, triples)))
    found: list[bytes] = []
    whole = cost(lambda: found.append(_root(leaves)))
    assert found == [root], "the root is that of the leaves"
    return Cost(passed_s, sum(used_s)).over(len(leaves)), whole.over(len(leaves))


def _root(leaves: list[bytes]) -> bytes:
    """The root over leaves that are all proven to be signed entries."""
    chunks = (leaves[start : start + CHUNK_LEAVES] for start in range(0, len(leaves), CHUNK_LEAVES))
    frontier = Frontier()
    for part in proven(chunks, PROCESSES):
        for each in part:
            assert isinstance(each, bytes), each
            frontier.append(each)
    return frontier.root()


def _triple(leaf: bytes) -> tuple[bytes, bytes, bytes]:
    entry = parse_entry(leaf)
    return bytes.fromhex(entry.header.key), entry.signature, entry_message(entry.json)


def _raw(pool: ProcessPoolExecutor, triples: list[tuple[bytes, bytes, bytes]]) -> list[float]:
    """Verifies all; the seconds of processor that each process used."""
    half = (len(triples) + PROCESSES - 1) // PROCESSES
    parts = [triples[start : start + half] for start in range(0, len(triples), half)]
    return [*pool.map(_verify_all, parts)]


def _verify_all(triples: list[tuple[bytes, bytes, bytes]]) -> float:
    begin_s = time.process_time()
    assert all(ed25519.verify(key, signature, message) for key, signature, message in triples)
    return time.process_time() - begin_s
