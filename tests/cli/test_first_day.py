"""The page docs/first-day.md, run: every command as it stands there, with the answer that it promises."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli.commands import environment, inside
from cli.offices import PATIENCE_S, free_ports, until
from source_tree import ROOT

PAGE = ROOT / "docs" / "first-day.md"
SAMPLE = Path(__file__).parent / "water-works.toml"
PORTS = ("4811", "4812", "4813")
_LINE = re.compile(r"comity (?P<words>.*?)(?: > (?P<file>\w+))?(?P<starts> &)?(?:\s+# (?P<said>.*))?")


def lines() -> Iterator[str]:
    """Each command of the page, in order."""
    for block in re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL):
        yield from block.replace("\\\n", " ").splitlines()


@dataclass(slots=True)
class Reader:
    """Somebody who types what the page says, in a folder of his own."""

    place: Path
    ports: dict[str, str] = field(default_factory=lambda: dict(zip(PORTS, map(str, free_ports(3)), strict=True)))
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def type(self, line: str) -> None:
        """One line, and a look at what it answers."""
        found = _LINE.fullmatch(re.sub("|".join(self.ports), lambda port: self.ports[port[0]], line))
        assert found is not None, line
        if found["starts"]:
            self._start(found["words"].split()[-1])
            return
        heard = self.place / "fingerprint"
        words = found["words"].replace("$(cat fingerprint)", heard.read_text().strip() if heard.exists() else "")
        ran = inside(*shlex.split(words), folder=self.place)
        said = found["said"] or ""
        assert ran.code == (1 if said == "exit 1" else 0), (line, ran)
        assert said in ran.out or said == "exit 1", (line, ran)
        if found["file"]:
            (self.place / found["file"]).write_text(ran.out)

    def _start(self, office: str) -> None:
        command = [sys.executable, "-m", "comity", "serve", office]
        with (self.place / f"{office}.err").open("ab") as told:
            self.running.append(subprocess.Popen(command, cwd=self.place, env=environment(), stderr=told))
        until(lambda: inside("status", office, folder=self.place).code == 0, f"the office {office}")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """A reader with the sample agreement at hand; the offices that he starts are ended afterwards."""
    shutil.copy(SAMPLE, tmp_path)
    found = Reader(tmp_path)
    yield found
    for each in found.running:
        each.terminate()
        each.wait(PATIENCE_S)


def test_the_page_holds(reader: Reader) -> None:
    """Whoever types what the page says gets what it says, from a draft to a proof; it shows three refusals."""
    for line in lines():
        reader.type(line)
    proven = inside("verify", "case.comity", "--json", folder=reader.place)
    assert proven.code == 0 and proven.json["outcome"] == "proven"
    assert sum(line.endswith("# exit 1") for line in lines()) == 3
