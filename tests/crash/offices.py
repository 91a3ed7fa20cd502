"""Three real offices on loopback that sign and sync without pause while SIGKILL falls on them at random moments.

Each office has one thread here that signs with an officer's key and starts the process again when it is gone.
What was acknowledged and every head that any office showed is remembered, and held against what is there at the end.
"""

from __future__ import annotations

import random
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from comity.interfaces.demo.far_station import FarStation
from comity.interfaces.demo.far_world import FarWorld
from comity.interfaces.play.cast import officer_signer, origin_of, root_signer
from comity.interfaces.play.station import Signing
from comity.model.acts.duty import LineCheck
from comity.model.errors import Misuse, PeerError
from comity.office.folder import SYSTEM_CLOCK
from comity.office.founding import enrol_act
from comity.office.keyring import KeySigner
from comity.office.signatures import entry_message
from office.founded import draft

NAMES = ("north", "south", "centre")
SIGNING = ("north", "south")
SEAT = "duty"
PAUSE_S = 0.02
ACTS_BETWEEN_MOST = 6
MOMENT_S = 0.005
READY_S = 20.0  # an office may have to hear from a mirror before it signs
MOMENT_MOST_S = 0.08
ANY_MOMENT = 0.2  # how often the moment is not chosen, so that a start may be hit too
PATIENCE_S = 180.0


@dataclass(slots=True)
class Seen:
    """What the offices said while they were mistreated; each office is heard by one thread only."""

    acknowledged: dict[str, list[str]] = field(default_factory=lambda: {origin_of(name): [] for name in NAMES})
    numbers: dict[str, int] = field(default_factory=lambda: {origin_of(name): 0 for name in NAMES})
    heads: dict[tuple[str, int], str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    starts: Counter[str] = field(default_factory=Counter)

    def taken(self, result: dict[str, Any]) -> None:
        """An office said that it has taken an act."""
        self.acknowledged[result["origin"]].append(result["id"])
        self.numbers[result["origin"]] = result["seq"] + 1

    def status(self, state: dict[str, Any]) -> None:
        """An office said which heads it holds: they contradict none seen before, and lack nothing acknowledged."""
        for log in state["logs"]:
            root = self.heads.setdefault((log["origin"], log["size"]), log["root"])
            if root != log["root"]:
                self.problems.append(f"two heads of {log['origin']} at size {log['size']}: {root} and {log['root']}")
            if log["origin"] == state["origin"] and log["size"] < self.numbers[log["origin"]]:
                self.problems.append(f"{log['origin']} came back with {log['size']} of {self.numbers[log['origin']]}")
        if state["forked"]:
            self.problems.append(f"{state['origin']} sees forks: {state['forked']}")


class Trial:
    """The three offices under one seed."""

    def __init__(self, place: Path, seed: int) -> None:
        """Founds them and enrols an officer for each signatory."""
        self.seen = Seen()
        self.blows = 0
        self._dice = random.Random(seed)
        self._done = threading.Event()
        self._up: set[str] = set()
        start_ms = SYSTEM_CLOCK.now_ms()
        self.world = FarWorld(draft(NAMES), NAMES, start_ms, place, lambda text: None)
        for name in NAMES:
            self.world.found(name)
        for name in SIGNING:
            act = enrol_act(origin_of(name), f"{name} {SEAT}", (SEAT,), _officer(name))
            entry, refusal = self.world.station(name).sign(act, Signing(root_signer(name), "root"))
            assert entry is not None, refusal

    def run(self, blows: int) -> None:
        """Until that many blows have fallen; then everything is let run, and must come to the same."""
        threads = [threading.Thread(target=self._drive, args=(station,)) for station in self.world.far]
        for thread in threads:
            thread.start()
        try:
            while self.blows < blows and not self.seen.problems:
                self._strike()
        finally:
            self._done.set()
            for thread in threads:
                thread.join()
        self._settle()

    def check(self) -> None:
        """Every promise: one history everywhere, nothing acknowledged lost, every head seen is of it, audits clean."""
        assert not self.seen.problems, self.seen.problems
        assert not self.world.differences()
        assert not self.world.audit()
        for station in self.world.far:
            history = station.history
            held = {taken.entry.id for taken in history.entries}
            for origin, ids in self.seen.acknowledged.items():
                lost = [each for each in ids if each not in held]
                assert not lost, f"{station.name} lacks {len(lost)} acknowledged entries of {origin}"
            for (origin, size), root in self.seen.heads.items():
                branch = station.logs().first(origin)
                assert branch is not None and history.root(branch.id, size).hex() == root, f"{origin} at {size}"

    def close(self) -> None:
        """Stops the offices that still run."""
        self.world.close()

    def _drive(self, station: FarStation) -> None:
        """Signs, or for the centre looks on; whatever falls silent is started again."""
        signer = _officer(station.name)
        other = next(name for name in NAMES if name != station.name)
        body = msgspec.to_builtins(LineCheck(with_participant=other, result="working"))
        asked = {"act": LineCheck.name, "version": LineCheck.version, "seat": SEAT, "key": signer.key, "body": body}
        while not self._done.is_set():
            try:
                state = station.door.ask("status")
                self.seen.status(state)
                self._up.add(station.name)
                if station.name in SIGNING and state["fault"] is None:
                    self._sign(station, asked, signer)
            except PeerError:
                self._start_again(station)
            except Misuse as error:
                self.seen.problems.append(f"{station.name}: {error}")
            time.sleep(PAUSE_S)

    def _sign(self, station: FarStation, asked: dict[str, Any], signer: KeySigner) -> None:
        drafted = station.door.ask("prepare", asked)
        json = drafted["draft"]["json"] if "draft" in drafted else ""
        if not json:
            return  # an office that has doubts says so as a refusal; none of ours is refused by the agreement
        signature = signer.sign(entry_message(json.encode())).hex()
        result = station.door.ask("submit", {"json": json, "signature": signature})
        if "taken" in result:
            self.seen.taken(result["taken"])

    def _start_again(self, station: FarStation) -> None:
        process = station._process
        assert process is not None
        if process.poll() is not None:
            self.seen.starts[station.name] += 1
            station.folder.socket.unlink(missing_ok=True)
            station._process = subprocess.Popen(process.args, stdin=subprocess.DEVNULL)

    def _strike(self) -> None:
        """SIGKILL for one office: mostly one that works while acts are signed, at times one that is starting."""
        station = self._dice.choice(self.world.far)
        if self._dice.random() >= ANY_MOMENT:
            self._wait_for_work()
            station = self._dice.choice([each for each in self.world.far if each.name in self._up] or [station])
        time.sleep(self._dice.uniform(0, MOMENT_MOST_S))
        process = station._process
        if process is not None and process.poll() is None:
            self._up.discard(station.name)
            process.kill()
            process.wait()
            self.blows += 1

    def _wait_for_work(self) -> None:
        """Until a few more acts have been acknowledged."""
        wanted = sum(self.seen.numbers.values()) + self._dice.randint(1, ACTS_BETWEEN_MOST)
        until = time.monotonic() + READY_S
        while time.monotonic() < until and sum(self.seen.numbers.values()) < wanted:
            time.sleep(MOMENT_S)

    def _settle(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                states = [station.door.ask("status") for station in self.world.far]
                for state in states:
                    self.seen.status(state)
                if all(state["fault"] is None for state in states) and not self.world.differences():
                    return
            except PeerError:
                for station in self.world.far:
                    self._start_again(station)
            time.sleep(0.2)
        raise AssertionError(f"the offices did not come to the same within {PATIENCE_S:.0f} s")


def _officer(name: str) -> KeySigner:
    return officer_signer(name, SEAT)
