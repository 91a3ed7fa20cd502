"""The day itself: plays the scenario over real offices, tells it, exports a case, verifies it, says how it came out."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from comity.interfaces import words
from comity.interfaces.case.claims import Absent, Admitted, Claim, Opened, Received
from comity.interfaces.case.held import HeldLogs
from comity.interfaces.case.make import make_case
from comity.interfaces.case.openings import SealOpening
from comity.interfaces.case.verify import verify_case
from comity.interfaces.demo.far_world import FarWorld
from comity.interfaces.demo.looks import Looks
from comity.interfaces.demo.tell import Teller
from comity.interfaces.play.desk import Properties
from comity.interfaces.play.library import agreement_text, folder
from comity.interfaces.play.player import read_script
from comity.interfaces.play.script import Block
from comity.interfaces.play.stage import Stage
from comity.model.errors import PeerError
from comity.office.founding import fingerprint

SCENARIO = "demo/day.scenario"
AIR_DAY = "2016-09-20T00:00Z"  # on which the ambulance flies
SECONDS_A_BLOCK = 1.5
QUORUM = 2
STOPPED = 143


def run_day(headless: bool) -> int:
    """Everything, from keys to the last line; 0 if all came out as it must, 1 if not, 3 if something broke."""
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))  # so that the offices end with it
    with tempfile.TemporaryDirectory(prefix="comity-") as name:
        teller = Teller(sys.stdout)
        path = folder("scenarios") / SCENARIO
        script = read_script(path)
        teller.opening(script.head["title"])
        parties = _parties(script.parts)
        start_ms = words.moment_ms(script.head["clock"], 0)
        agreement = agreement_text(script.head["agreement"]).encode()
        world = FarWorld(agreement, parties, start_ms, Path(name), teller.aside, words.moment_ms(AIR_DAY, 0))
        looks = Looks(lambda: world.far, world.pages, teller)
        try:
            stage = Stage(world, Properties())
            wrong = _play(stage, world, script.parts, looks, headless) + looks.wrong
            wrong += _prove(stage, world, Path(name), teller)
            _last_line(world, wrong, looks, time.monotonic() - begun)
            if not headless:
                _stay(world, teller)
        except PeerError as error:
            teller.aside(f"the demo broke: {error}")
            return 3
        finally:
            world.close()
        return 1 if wrong else 0


def _play(stage: Stage, world: FarWorld, parts: tuple[Block | str, ...], looks: Looks, headless: bool) -> int:
    wrong, teller = 0, looks.teller
    told = headless
    for part in parts:
        if isinstance(part, str):
            teller.prose(part)
            continue
        steps = [step.text for step in part.steps]
        for step in steps:
            looks.before(step)
        times = _times(steps, world.now_ms)
        if any(step.startswith("receipts") for step in steps):
            lines, quiet = stage.play([step for step in steps if not step.startswith("receipts")])
            world.sync(world.stations)
            world.receipts()
            stage.play([step for step in steps if step.startswith("receipts")])
        else:
            lines, quiet = stage.play(steps)
        as_written = (part.expected is None and quiet) or part.expected == tuple(lines)
        teller.block([*zip(times, steps, strict=True)], lines if part.expected else [], as_written, part.expected)
        wrong += not as_written
        for step in steps:
            looks.after(step)
        time.sleep(0 if headless else SECONDS_A_BLOCK)
        if not told and world.stations:
            teller.pages(world.pages)
            told = True
    return wrong


def _times(steps: list[str], now_ms: int) -> list[int]:
    """When each step of a block is done, if it begins at `now_ms`."""
    found = []
    for step in steps:
        verb, _, rest = step.partition(" ")
        now_ms = words.moment_ms(rest, now_ms) if verb == "at" else now_ms
        found.append(now_ms)
    return found


def _prove(stage: Stage, world: FarWorld, place: Path, teller: Teller) -> int:
    """A case for a stranger: the starts, the clearance, the seal, and that nobody withdrew before the first start."""
    world.sync(world.stations)
    first = world.far[-1]
    labels = stage.properties.labels.by_label
    logs = first.cosigned_logs(QUORUM)
    start, seal = stage.properties.entry("s1"), stage.properties.entry("t1")
    giver = stage.properties.entry("c1")
    upto = start.seen[giver.origin][0]
    claims: list[Claim] = [
        Admitted(entry=labels["s1"]),
        Absent(origin=giver.origin, act="operation.withdraw", names=labels["p1"], start=0, stop=upto),
        Admitted(entry=labels["s2"]),
        Opened(entry=labels["t1"]),
        Received(by=giver.origin, of=start.origin, size=start.seq + 1, entry=None),
    ]
    shown = stage.properties.matters["shown"]
    opening = SealOpening(note=shown.note, salt=shown.salt, volume=msgspec.to_builtins(shown.volume))
    case = make_case(world.founding, HeldLogs(logs), claims, openings={seal.id: opening}, quorum=QUORUM)
    (place / "case.comity").write_bytes(case)
    report = verify_case(case, fingerprint(world.founding))
    teller.case(len(case), report)
    return 0 if report.exit_code == 0 else 1


def _last_line(world: FarWorld, wrong: int, looks: Looks, took_s: float) -> None:
    differences, problems = world.differences(), world.audit()
    entries = max(len(each.history.entries) for each in world.far)
    looks.teller.ending(len(world.far), entries, differences, problems, wrong, looks.counted(), took_s)


def _stay(world: FarWorld, teller: Teller) -> None:
    teller.pages(world.pages)
    teller.aside("the offices stay until Ctrl-C")
    try:
        while True:
            time.sleep(1)
            for each in world.far:
                each.status()
    except KeyboardInterrupt:
        teller.aside("stopping")


def _parties(parts: tuple[Block | str, ...]) -> list[str]:
    """The offices that the scenario founds."""
    steps = [step.text for part in parts if isinstance(part, Block) for step in part.steps]
    return [name for step in steps if step.startswith("found ") for name in step.split()[1:]]
