"""Reports by the time of their source, for any number of them: sorted runs go to a temporary file and are merged.

Files of tracks are often one flight behind the other. Memory holds `RUN_FIXES` fixes, and a block of each run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import chain
from operator import attrgetter
from typing import BinaryIO

import msgspec

from comity.airspace.fix import Fix, Rejected, Report

RUN_FIXES = 250_000
BLOCK_FIXES = 200
_TIME = attrgetter("at_ms")
_ENCODE = msgspec.msgpack.Encoder()
_DECODE = msgspec.msgpack.Decoder(list[Fix])
Run = list[tuple[int, int]]
"""Where each block of a run lies in the file: its beginning and its length."""


def in_order(reports: Iterable[Report], run_fixes: int = RUN_FIXES) -> Iterator[Report]:
    """Rejections as they come, then the fixes by time; those of one time stay in the order in which they came."""
    with tempfile.TemporaryFile() as file:
        runs: list[Run] = []
        held: list[Fix] = []
        for report in reports:
            if isinstance(report, Rejected):
                yield report
                continue
            held.append(report)
            if len(held) >= run_fixes:
                runs.append(_kept(file, held))
                held = []
        held.sort(key=_TIME)
        yield from merge(*(_read(file, run) for run in runs), held, key=_TIME)


def _kept(file: BinaryIO, fixes: list[Fix]) -> Run:
    fixes.sort(key=_TIME)
    run: Run = []
    file.seek(0, 2)
    for begin in range(0, len(fixes), BLOCK_FIXES):
        block = _ENCODE.encode(fixes[begin : begin + BLOCK_FIXES])
        run.append((file.tell(), len(block)))
        file.write(block)
    return run


def _read(file: BinaryIO, run: Run) -> Iterator[Fix]:
    def block(place: tuple[int, int]) -> list[Fix]:
        file.seek(place[0])
        return _DECODE.decode(file.read(place[1]))

    return chain.from_iterable(map(block, run))
