"""A real receiver program beside us: raw Mode S frames of a real flight go in, its SBS-1 and aircraft.json come to us.

Raw frames are decoded outside the process, by Debian's dump1090-mutability. `make receiver` unpacks it; without
it these tests are skipped.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import shutil
import socket
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from comity.airspace.fix import Fix
from comity.interfaces.feeds import FORMATS, read_file
from comity.office.folder import SYSTEM_CLOCK
from comity.office.sky.address import wanted
from comity.office.sky.health import State
from comity.office.sky.limits import SkyLimits
from comity.office.sky.sources import Sources
from feeds.samples import fixes
from tlog.shared_data import shared_folder

PROGRAM = "dump1090-mutability"
UNPACKED = Path(__file__).parents[2] / ".peers" / "receiver" / "usr"
FRAMES_AT_ONCE = 100
EVERYTHING = SkyLimits(doubled_within_ms=-1, backoff_first_ms=50, backoff_most_ms=200)
WAIT_S = 60.0
FOOT_M = 0.3048


def recorded() -> list[dict[str, Any]]:
    """The frames of one flight, each with what another decoder read in it."""
    path = shared_folder("tracks") / "mode_s_flight_first_20min.jsonl.gz"
    with gzip.open(path, "rt") as file:
        return [json.loads(line) for line in file]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@asynccontextmanager
async def receiver(raw_port: int, sbs_port: int, folder: Path) -> AsyncIterator[Process]:
    """The program, running without a radio; ended at the end."""
    path = shutil.which(PROGRAM) or shutil.which(PROGRAM, path=UNPACKED / "bin")
    if path is None:
        pytest.skip("dump1090 absent")
    ports = ["--net-ri-port", str(raw_port), "--net-sbs-port", str(sbs_port)]
    ports += [word for name in ("ro", "bi", "bo") for word in (f"--net-{name}-port", "0")]
    place = ["--lat", "49.0", "--lon", "2.5", "--net-bind-address", "127.0.0.1"]
    written = ["--write-json", str(folder), "--write-json-every", "1"]
    process = await asyncio.create_subprocess_exec(
        path, "--net-only", "--quiet", *place, *ports, *written, stdout=DEVNULL, stderr=DEVNULL, env=_surroundings()
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()


def _surroundings() -> dict[str, str]:
    libraries = os.pathsep.join(str(each) for each in (UNPACKED / "lib").glob("*-linux-*"))
    return {**os.environ, "TZ": "UTC", "LD_LIBRARY_PATH": libraries}


async def fed(frames: list[str], port: int) -> None:
    """Sends raw frames to the program, with short pauses."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    for begin in range(0, len(frames), FRAMES_AT_ONCE):
        writer.write("".join(f"*{frame};\n" for frame in frames[begin : begin + FRAMES_AT_ONCE]).encode())
        await writer.drain()
        await asyncio.sleep(0.02)
    writer.close()


async def received(frames: list[str], folder: Path) -> tuple[list[Fix], list[Fix], str]:
    """What our sources take of it: by SBS-1, in its aircraft.json at the end, and the health line."""
    raw_port, sbs_port = free_port(), free_port()
    sources = Sources([wanted("mast", f"sbs://127.0.0.1:{sbs_port}")], FORMATS, SYSTEM_CLOCK, EVERYTHING)
    taken: list[Fix] = []
    async with receiver(raw_port, sbs_port, folder), asyncio.timeout(WAIT_S):
        running = asyncio.create_task(sources.run())
        while sources.health()[0].state is not State.UP:
            await asyncio.sleep(0.02)
        await fed(frames, raw_port)
        before = -1
        while before < len(taken):
            before = len(taken)
            await asyncio.sleep(1.5)
            taken.extend(sources.take())
        told, said = str(sources.health()[0]), fixes(read_file(folder / "aircraft.json", "mast"))
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    return taken, said, told


def test_positions_agree_with_those_recorded(tmp_path: Path) -> None:
    """All but a handful of the recorded places come out, in order, to five decimals, with the altitudes recorded."""
    rows = recorded()
    taken, said, told = asyncio.run(received([row["frame"] for row in rows], tmp_path))
    places = iter([row for row in rows if "latitude" in row])
    for fix in taken:
        row = next(
            row
            for row in places
            if abs(row["latitude"] - fix.latitude_deg) <= 1e-5 and abs(row["longitude"] - fix.longitude_deg) <= 1e-5
        )
        assert fix.address == row["icao24"] and fix.on_ground == (row["bds"] == "06")
        if "altitude" in row:
            assert fix.pressure_m == pytest.approx(row["altitude"] * FOOT_M)
    assert len(taken) >= 1_740 and taken[-1].callsign == "AFR34ZG" and taken[-1].code == "1000"
    assert taken[-1].speed_mps is not None and taken[-1].climb_mps is not None
    assert ", 0 rejected" in told and "1 track" in told
    (last,) = said
    assert (last.address, last.callsign, last.pressure_m) == ("393322", "AFR34ZG", taken[-1].pressure_m)
    assert last.latitude_deg == pytest.approx(taken[-1].latitude_deg, abs=1e-5)
    assert last.speed_mps == pytest.approx(taken[-1].speed_mps, abs=1.0)
