"""The page docs/first-day.md, run: every command as it stands there, with the answer that it promises."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli.commands import Ran, environment, inside
from cli.offices import PATIENCE_S, STEP_S, free_ports, until
from source_tree import ROOT

PAGE = ROOT / "docs" / "first-day.md"
SAMPLE = Path(__file__).parent / "water-works.toml"
PORTS = ("4811", "4812", "4813", "4814")
LOOKS = ("show", "status", "obligations")  # what may be asked again until the answer is there
ENDS = ("exit 1", "exit 2")
_LINE = re.compile(r"comity (?P<words>.*?)(?: > (?P<file>\w+))?(?P<starts> &)?(?:\s+# (?P<said>.*))?")


def lines() -> Iterator[str]:
    """Each command of the page, in order."""
    for block in re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL):
        yield from block.replace("\\\n", " ").splitlines()


def changed(text: str) -> str:
    """The sample as the page has it changed: its one block of TOML holds the new edition, and what is added."""
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    edition, added = str(block).split("\n", 1)
    return re.sub("^edition = 1$", edition, text, flags=re.MULTILINE) + added


@dataclass(slots=True)
class Reader:
    """Somebody who types what the page says, in a folder of his own."""

    place: Path
    ports: dict[str, str] = field(
        default_factory=lambda: dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
    )
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
        said = found["said"] or ""
        ran = self._answer(shlex.split(words), said)
        assert ran.code == (int(said[-1]) if said in ENDS else 0), (line, ran)
        assert said in ran.out + ran.err or said in ENDS, (line, ran)
        if found["file"]:
            (self.place / found["file"]).write_text(ran.out)

    def _answer(self, words: list[str], said: str) -> Ran:
        """What a line answers; who only looks, looks again until what he waits for is there."""
        ran = inside(*words, folder=self.place)
        end = time.monotonic() + PATIENCE_S
        while words[0] in LOOKS and said not in ran.out + ran.err and time.monotonic() < end:
            time.sleep(STEP_S)
            ran = inside(*words, folder=self.place)
        return ran

    def _start(self, office: str) -> None:
        command = [sys.executable, "-m", "comity", "serve", office]
        with (self.place / f"{office}.err").open("ab") as told:
            self.running.append(subprocess.Popen(command, cwd=self.place, env=environment(), stderr=told))
        until(lambda: inside("status", office, folder=self.place).code == 0, f"the office {office}")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """A reader with the sample agreement at hand; the offices that he starts are ended afterwards."""
    shutil.copy(SAMPLE, tmp_path)
    (tmp_path / "water-works-2.toml").write_text(changed(SAMPLE.read_text()))
    found = Reader(tmp_path)
    yield found
    for each in found.running:
        each.terminate()
        each.wait(PATIENCE_S)


def test_the_page_holds(reader: Reader) -> None:
    """Whoever types what the page says gets what it says, from a draft to a proof; it shows three refusals.

    Somebody joins later: his office says what it waits for, and the terms that he joins by are the same for all."""
    for line in lines():
        reader.type(line)
    proven = inside("verify", "case.comity", "--json", folder=reader.place)
    assert proven.code == 0 and proven.json["outcome"] == "proven"
    assert sum(line.endswith("# exit 1") for line in lines()) == 3
    assert (reader.place / "terms-2.toml").read_bytes() == (reader.place / "terms-2-lower.toml").read_bytes()
