"""Three real offices as processes on loopback, founded and run by the real commands."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from cli.commands import DRAFT, NAMES, Ran, comity, environment, inside, spoke_well
from thorough import THOROUGH

PATIENCE_S = 30.0
STEP_S = 0.1


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def until(holds: Callable[[], Any], what: str) -> Any:
    """Waits until something holds, and gives it."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(STEP_S)
    raise AssertionError(f"{what} did not come within {PATIENCE_S} s")


@dataclass(slots=True)
class Trio:
    """North, south and the centre in one folder."""

    place: Path
    ports: dict[str, int] = field(default_factory=lambda: dict(zip(NAMES, free_ports(len(NAMES)), strict=True)))
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def comity(self, *words: str | Path) -> Ran:
        """Runs a command in the folder; in a thorough run as a process of its own."""
        ran = comity(*words, folder=self.place) if THOROUGH else inside(*words, folder=self.place)
        assert spoke_well(ran), ran.err
        return ran

    def done(self, *words: str | Path) -> str:
        """Runs a command that must succeed; gives what it says."""
        ran = self.comity(*words)
        assert ran.code == 0, ran.err
        return ran.out

    def found(self, draft: str = DRAFT, suffix: str = "") -> None:
        """The three steps of founding, by the commands; each office in the folder of its name and that suffix."""
        agreement, founding = f"draft{suffix}.toml", f"founding{suffix}.toml"
        (self.place / agreement).write_text(draft)
        pins = []
        for name in NAMES:
            root = f"{name}{suffix}.root"
            words = ("--participant", name, "--agreement", agreement, "--root", root)
            pins.append(self.done("init", "keys", f"{name}{suffix}", *words).strip())
        told = self.done("init", "complete", agreement, *pins, "-o", founding)
        for name in NAMES:
            peers = [f"--peer={other}=127.0.0.1:{self.ports[other]}" for other in NAMES if other != name]
            own = f"127.0.0.1:{self.ports[name]}"
            words = (f"{name}{suffix}", founding, "--fingerprint", told.strip(), "--listen", own)
            self.done("init", "begin", *words, *peers)

    def start(self, *names: str) -> None:
        """Starts offices, and waits until their people can reach them."""
        for name in names:
            command = [sys.executable, "-m", "comity", "serve", name]
            with (self.place / f"{name}.err").open("ab") as told:
                self.processes[name] = subprocess.Popen(command, cwd=self.place, env=environment(), stderr=told)
        for name in names:
            until(partial(self._answers, name), f"the office {name}")

    def _answers(self, name: str) -> bool:
        return inside("status", name, folder=self.place).code == 0

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends one office's process; gives its exit code."""
        process = self.processes.pop(name)
        os.kill(process.pid, how)
        return process.wait(PATIENCE_S)

    def stop_all(self) -> None:
        """Ends every process that this trio started."""
        for name in list(self.processes):
            self.stop(name, signal.SIGKILL)

    def enrol(self, party: str, officer: str, *seats: str) -> None:
        """A key file, and its enrolment."""
        key = f"{party}-{officer}.pem"
        self.done("keys", "new", key)
        listed = [word for seat in seats for word in ("--seat", seat)]
        words = ("enrol", party, "--root", f"{party}.root", "--officer", officer, "--key", key, "--yes", *listed)
        self.done("keys", *words)

    def act(self, party: str, seat: str, officer: str, *words: str) -> Ran:
        """An act without being asked."""
        return self.comity("act", party, "--seat", seat, "--key", f"{party}-{officer}.pem", "--yes", "--json", *words)

    def show(self, party: str, topic: str) -> Any:
        """The rows of a topic."""
        ran = inside("show", party, topic, "--json", folder=self.place)
        assert ran.code == 0, ran.err
        return ran.json

    def status(self, name: str) -> Any:
        """How a running office stands."""
        return inside("status", name, "--json", folder=self.place).json

    def agree(self) -> bool:
        """Whether all running offices hold the same roots."""
        roots = []
        for name in self.processes:
            logs = self.status(name)["logs"]
            roots.append({(log["origin"], log["root"]) for log in logs})
        return all(each == roots[0] for each in roots)
