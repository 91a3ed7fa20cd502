"""The watch as a process beside the office: what it says arrives, its end is told, and it is started again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from cli.commands import environment
from comity.interfaces.cli.serve import watch_command
from comity.office.config import DEFAULT, Limits
from comity.office.sky import beside as module
from comity.office.sky.beside import ENDED, KEEPING, LEFT_OUT, STARTING, Beside, Patience
from comity.office.sky.frames import framed
from comity.office.sky.handing import FLIGHTS_MOST, bounded
from comity.office.sky.kept_file import KeptFile
from comity.views.sky.agreed import Agreed, AgreedArea, AgreedFlight
from comity.views.sky.kept import Kept
from comity.views.sky.report import AirReport
from live.test_watching import AREA

QUICK = replace(DEFAULT, backoff_first_ms=10, backoff_most_ms=40)
PATIENT = Patience(first_word_s=20.0, silent_s=0.5, agreed_within_s=0.2, stop_s=0.2, pace_s=0.01, behind_most=20)
SAID = framed(Kept(AirReport(5, "said"), 3))
SAYS = f"import sys, time; said = {SAID!r}; sys.stdout.buffer.write(said); sys.stdout.flush(); "
PATIENCE_S = 20.0


def beside(program: str, told: list[str], limits: Limits = QUICK, file: KeptFile | None = None) -> Beside:
    """A watch whose process is this little program."""
    command = (sys.executable, "-c", program)
    return Beside(command, limits, lambda text, about: told.append(text), told.append, file or KeptFile(), PATIENT)


def memory_kb() -> int:
    """What this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


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
        "from comity.office.sky.frames import framed, handed_in\n"
        "from comity.views.sky.kept import Kept\n"
        "from comity.views.sky.report import AirReport\n"
        "while (head := sys.stdin.buffer.read(4)):\n"
        "    agreed = handed_in(sys.stdin.buffer.read(int.from_bytes(head, 'big'))).agreed\n"
        "    sys.stdout.buffer.write(framed(Kept(AirReport(said=agreed.areas[0].id)))); sys.stdout.flush()\n"
    )
    watch = beside(echo, [])
    watch.agree(first)

    def both() -> bool:
        if watch.report().said == "a-1":
            watch.agree(second)
        return watch.report().said == "b"

    lived(watch, both)


def test_a_watch_that_hangs_is_ended_and_started_anew() -> None:
    """It says one report and sleeps for ever: the office shows that report for ever, and what it hands on piles up."""
    told: list[str] = []
    watch = beside(SAYS + "time.sleep(1000)", told)
    lived(watch, lambda: sum("it said nothing for" in each for each in told) >= 2)
    assert watch.report().said == "said" and watch.report().waits_for == ENDED


def test_what_was_ended_is_gone(tmp_path: Path) -> None:
    """A hung process that nobody feeds is left behind, one more at each restart."""
    pids = tmp_path / "pids"
    program = f"import os; open({str(pids)!r}, 'a').write(f'{{os.getpid()}} '); " + SAYS + "time.sleep(1000)"
    told: list[str] = []
    lived(beside(program, told), lambda: sum("it said nothing for" in each for each in told) >= 2)
    found = pids.read_text().split()
    assert len(found) >= 2 and not any(Path(f"/proc/{each}").exists() for each in found)


def test_nothing_piles_up_before_a_watch_that_takes_nothing() -> None:
    """What is agreed changes sixty times while the watch takes nothing, and the office holds sixty copies of it."""
    big = [AgreedArea(f"b{number}" + "b" * 500_000, AREA.volume, "", "exemption") for number in range(60)]
    watch = beside(SAYS + "\nwhile True: time.sleep(0.1); sys.stdout.buffer.write(said); sys.stdout.flush()", [])
    watch.agree(Agreed((AREA,)))

    async def live() -> int:
        running = asyncio.create_task(watch.run())
        await until(lambda: watch.report().said == "said" and not watch.report().waits_for)
        before = memory_kb()
        for area in big:
            watch.agree(Agreed((area,)))
            await asyncio.sleep(0.01)
        after = memory_kb()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return after - before

    assert asyncio.run(live()) < 8_000


def test_a_watch_that_dies_at_once_is_started_slower_and_slower() -> None:
    """It ends as soon as it is started: it is started as fast as the machine can, and the machine does nothing else."""
    told: list[str] = []
    moments: list[float] = []
    limits = replace(DEFAULT, backoff_first_ms=100, backoff_most_ms=100_000)
    watch = beside("pass", told, limits)
    watch.note = lambda text, about: moments.append(monotonic())
    lived(watch, lambda: len(moments) >= 4)
    pauses = [later - sooner for sooner, later in pairwise(moments)]
    assert pauses[0] >= 0.1 and pauses[1] >= 0.2 and pauses[2] >= 0.4


def test_a_watch_that_floods_is_ended() -> None:
    """It says reports without a pause: the office does nothing but read them."""
    told: list[str] = []
    watch = beside(SAYS + "\nwhile True: sys.stdout.buffer.write(said)", told)
    lived(watch, lambda: any("more than is read" in each for each in told))
    assert watch.report().said == "said"


def test_a_burst_is_no_flood() -> None:
    """The office was busy for a while and finds a dozen reports at once: it takes them, and the watch goes on."""
    told: list[str] = []
    program = SAYS + "\nfor _ in range(12): sys.stdout.buffer.write(said)\nsys.stdout.flush()\n"
    program += "while True: time.sleep(0.1); sys.stdout.buffer.write(said); sys.stdout.flush()"
    begun = monotonic()
    lived(beside(program, told), lambda: monotonic() - begun > 1.5)
    assert set(told) <= {ENDED, LEFT_OUT, KEEPING}, "nothing is noted, only mended"


def test_a_new_watch_goes_on_with_what_the_old_one_knew(tmp_path: Path) -> None:
    """Alerts, numbers and sightings of the watch before are handed to the next, in one office and after its restart."""
    program = (
        "import sys\n"
        "from comity.office.sky.frames import framed, handed_in\n"
        "from comity.views.sky.kept import Kept\n"
        "from comity.views.sky.report import AirReport\n"
        "kept = handed_in(sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4), 'big'))).kept\n"
        "said = Kept(AirReport(said=f'{kept.given} {kept.seen_ms}'), kept.given + 1, {'f': kept.given})\n"
        "sys.stdout.buffer.write(framed(said)); sys.stdout.flush()\n"
    )
    heard: list[str] = []
    for _ in range(2):
        watch = beside(program, [], file=KeptFile(tmp_path / "kept"))

        def two(watch: Beside = watch) -> bool:
            if watch.report().said not in ("", AirReport().said, *heard[-1:]):
                heard.append(watch.report().said)
            return len(heard) % 2 == 0 and bool(heard) and watch.report().said == heard[-1]

        lived(watch, two)
    numbers = [int(each.split()[0]) for each in heard]
    assert numbers == sorted(numbers) and len({*numbers}) == 4 and heard[1].endswith("{'f': 0}")


def test_a_number_is_kept_before_it_is_told(tmp_path: Path) -> None:
    """The office loses its power: what an officer has read as 7 is another alert when it is back."""
    file = KeptFile(tmp_path / "kept")
    assert file.read() == Kept()
    for given in (1, 7, 150, 151):
        file.keep(Kept(given=given), steady_s=1.0)
        assert KeptFile(tmp_path / "kept").read().given >= given
    file.close(Kept(given=151))
    assert KeptFile(tmp_path / "kept").read().given == 151
    (tmp_path / "kept").write_bytes(b"rubbish")
    assert KeptFile(tmp_path / "kept").read() == Kept()


def test_each_operator_has_its_share_of_the_watch() -> None:
    """One operator declares more than the watch can hold, and another's flight is watched no more."""
    ring = AREA.volume
    flood = [AgreedFlight(f"{number:064x}", f"f{number}", "flight", "loud", ring) for number in range(FLIGHTS_MOST + 9)]
    other = AgreedFlight("f" * 64, "quiet", "flight", "quiet", ring)
    late = AgreedFlight("e" * 64, "exempt", "movement", "loud", ring)
    ties = frozenset({("4b1801", flood[-1].id), ("4b1802", other.id)})
    through = AgreedArea("d", AREA.volume, "", "exemption", lets_through=(flood[-1].id, other.id))
    agreed, words = bounded(Agreed((through,), (*flood, other, late), ties), 0)
    assert len(agreed.flights) == FLIGHTS_MOST and {other, late} <= {*agreed.flights}
    assert words == "more is agreed than the watch can hold: 11 flights are not watched"
    assert agreed.made == {("4b1802", other.id)} and agreed.areas[0].lets_through == (other.id,)
    few = Agreed((AREA,), (other, late))
    assert bounded(few, 0) == (few, "")


def test_what_no_frame_holds_is_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is agreed is larger than a frame may be: the watch is ended by it at each start, for ever."""
    monkeypatch.setattr(module, "FRAME_BYTES_MOST", 20_000)
    told: list[str] = []
    watch = beside(SAYS + "\nwhile True: time.sleep(0.1); sys.stdout.buffer.write(said); sys.stdout.flush()", told)
    watch.agree(Agreed((), tuple(AgreedFlight(f"{n:064x}", f"f{n}", "flight", "n", AREA.volume) for n in range(500))))
    lived(watch, lambda: "are not watched" in watch.report().said)
    assert any("flights are not watched" in each for each in told) and not any(ENDED in each for each in told[:1])


def test_watch_ends_with_its_office(tmp_path: Path) -> None:
    """The real process says that it watches, whatever lies in the working folder, and is gone once nobody feeds it,
    though nobody ended it."""
    command = watch_command(["roof=sbs://127.0.0.1:9"])
    assert command is not None
    for name in ("msgspec", "comity"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(f'{__name__} of the working folder')")
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
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
