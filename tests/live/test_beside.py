"""The watch as a process beside the office: what it says arrives, its end is told, and it is started again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

from cli.commands import environment
from comity.office.config import DEFAULT
from comity.office.sky.beside import ENDED, STARTING, Beside
from comity.office.sky.frames import framed
from comity.views.sky.agreed import Agreed, AgreedArea
from comity.views.sky.report import AirReport
from live.test_watching import AREA

QUICK = replace(DEFAULT, backoff_first_ms=10, backoff_most_ms=40)
SAYS = f"import sys, time; sys.stdout.buffer.write({framed(AirReport(5, 'said'))!r}); sys.stdout.flush(); "
PATIENCE_S = 20.0


def beside(program: str, told: list[str]) -> Beside:
    """A watch whose process is this little program."""
    return Beside((sys.executable, "-c", program), QUICK, lambda text, about: told.append(text), told.append)


async def until(holds: Callable[[], object]) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.02)


def lived(watch: Beside, holds: Callable[[], object]) -> None:
    """Runs it until something holds, then ends it."""

    async def live() -> None:
        running = asyncio.create_task(watch.run())
        await until(holds)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(live())


def test_report_arrives_and_end_is_told() -> None:
    """What it says is there; when it ends that is a problem of the office, and it is started again."""
    told: list[str] = []
    watch = beside(SAYS + "time.sleep(0.3)", told)
    assert watch.report().waits_for == STARTING
    lived(watch, lambda: told.count(ENDED) >= 4)
    assert watch.report().said == "said" and watch.report().waits_for == ENDED


def test_rubbish_ends_the_watch_alone() -> None:
    """A process that says no report, or far too much, is let go; the office is told why."""
    for rubbish in (b"\x00\x00\x00\x05hello", b"\xff\xff\xff\xff"):
        told: list[str] = []
        watch = beside(f"import sys; sys.stdout.buffer.write({rubbish!r}); sys.stdout.flush(); sys.stdin.read()", told)
        lived(watch, lambda told=told: told)  # type: ignore[misc]
        assert told[0].startswith(ENDED) and watch.report().said == AirReport().said


def test_what_is_agreed_is_handed_on() -> None:
    """It gets what is agreed when it starts, and again when that changes."""
    first, second = Agreed((AREA,)), Agreed((AgreedArea("b", AREA.volume, "", "exemption"),))
    echo = (
        "import sys\n"
        "from comity.office.sky.frames import agreed_in, framed\n"
        "from comity.views.sky.report import AirReport\n"
        "while (head := sys.stdin.buffer.read(4)):\n"
        "    agreed = agreed_in(sys.stdin.buffer.read(int.from_bytes(head, 'big')))\n"
        "    sys.stdout.buffer.write(framed(AirReport(said=agreed.areas[0].id))); sys.stdout.flush()\n"
    )
    watch = beside(echo, [])
    watch.agree(first)

    def both() -> bool:
        if watch.report().said == "a-1":
            watch.agree(second)
        return watch.report().said == "b"

    lived(watch, both)


def test_watch_ends_with_its_office() -> None:
    """The real process says that it watches, and is gone once nobody feeds it, though nobody ended it."""
    command = [sys.executable, "-m", "comity.interfaces.feeds.process", "roof=sbs://127.0.0.1:9"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        assert len(process.stdout.read(4)) == 4
        process.stdin.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


def test_small_things_load_no_compiler() -> None:
    """Help, small commands and an office that has no feeds load neither numba nor numpy; one with feeds no numba."""
    small = (
        "comity.interfaces.cli.program comity.interfaces.cli.traffic comity.interfaces.cli.tracks comity.office.serve"
    )
    probe = (
        "import sys, importlib\n"
        f"for name in {small.split()!r}: importlib.import_module(name)\n"
        "print([name for name in ('numba', 'numpy', 'airportsdata') if name in sys.modules])\n"
        "import comity.office.sky.beside, comity.views.sky.agreed, comity.interfaces.status.air_section\n"
        "import comity.interfaces.cli.tracks_watch\n"
        "print([name for name in ('numba', 'airportsdata') if name in sys.modules])\n"
    )
    found = subprocess.run([sys.executable, "-c", probe], env=environment(), capture_output=True, text=True)
    assert found.stdout.splitlines() == ["[]", "[]"], found
