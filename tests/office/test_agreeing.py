"""How often an office reckons what is agreed about the air, for the watch beside it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from comity.office.folder import OfficeFolder
from comity.office.serve import ServeOptions, Server
from comity.office.sky.beside import Beside
from comity.views.sky.agreed import Agreed
from feeds.sky_clock import FakeClock
from office.founded import Founded


class Handed:
    """Stands for the watch beside the office: counts what it is handed."""

    def __init__(self) -> None:
        self.count = 0

    def agree(self, agreed: Agreed, now_ms: int) -> None:
        """One more."""
        self.count += 1


def taken(act: str) -> Any:
    """An entry of which the office looks at nothing but what act it is."""
    return SimpleNamespace(entry=SimpleNamespace(header=SimpleNamespace(act=act)))


def test_what_is_agreed_is_reckoned_once_a_second_at_most(tmp_path: Path, founded: Founded) -> None:
    """Every receipt and every entry of a flood makes the office walk through all that was ever declared."""
    clock, air = FakeClock(), Handed()
    server = Server(ServeOptions(OfficeFolder(tmp_path / "north"), "127.0.0.1", 0, {}, clock=clock, say=print))
    server.office.air = cast(Beside, air)
    entries = server.office.history.entries

    def passed(ms: int, *acts: str) -> int:
        """How often it was reckoned in that time, in which these acts came one after the other."""
        before = air.count
        for act in acts or ("",):
            entries.extend([taken(act)] if act else [])
            clock.passed_ms += ms / max(1, len(acts))
            server._agree()
        return air.count - before

    assert passed(0) == 1 and passed(900) == 0
    assert passed(5_000, *["office.watch", "alert.acknowledge", "duty.line_check"] * 10) == 0
    assert passed(5_000, *["flight.declare"] * 100) == 5
    assert passed(1_500) <= 1 and passed(30_000) == 0
    assert passed(100, "movement.request") == 1, "at once, if it is long ago"
    assert passed(60_000) == 1, "windows end though nobody signs"
    server.office.close()
