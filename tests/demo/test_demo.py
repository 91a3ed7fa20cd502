"""The demo ends well by itself, and also when its offices are killed meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from thorough import deep

MODULE = "comity.interfaces.demo.process"


def test_demo_survives_kills() -> None:
    """An office, in a thorough run each, is killed -9 while the day goes on; the story goes on, and all is proven, and
    every office's watch follows the exempt flight, sees it stray and sees the stranger."""
    victims = {"Each office checks": "ru"} | deep({"Root keys enrol": "us", "An ambulance flight": "centre"}, {})
    kills = len(victims)
    told = []
    command = [sys.executable, "-m", "comity", "demo", "--headless"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            told.append(line)
            for words, victim in list(victims.items()):
                if words in line:
                    os.kill(_office(demo.pid, victim), signal.SIGKILL)
                    del victims[words]
    assert demo.returncode == 0, "".join(told)
    assert not victims
    assert told[-1].startswith("demo done: 3 offices"), told[-1]
    assert sum("is started again over its store" in line for line in told) == kills
    assert "2 alerts raised in every office" in told[-1]
    seen = [line for line in told if "~>" in line]
    assert sum("sees medevac-1 in its corridor, tied by its address" in line for line in seen) == 3
    assert sum("ALARM in us, ru, centre" in line for line in seen) == 2
    assert any("movement.deviate request=" in line for line in seen)
    assert any("on the map of every status page" in line for line in seen)


def _office(parent: int, name: str) -> int:
    """The process of an office that the demo has started."""
    for each in Path("/proc").iterdir():
        if not each.name.isdigit():
            continue
        try:
            command = (each / "cmdline").read_bytes().split(b"\0")
            status = (each / "status").read_text()
        except OSError:
            continue
        if MODULE.encode() in command and command[3].endswith(f"/{name}".encode()) and f"PPid:\t{parent}\n" in status:
            return int(each.name)
    raise AssertionError(f"no office {name} runs")
