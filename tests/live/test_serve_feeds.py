"""A real office with a feed on loopback: tracks, alerts and drafts, a dead feed, and nothing of it in any log."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from time import sleep, time
from typing import Any

import pytest

from cli import offices
from cli.offices import Trio, until
from comity.airspace.fix import Fix
from comity.interfaces.traffic.reports import sbs_lines

PATIENCE_S = 180.0


class Receiver(ThreadingTCPServer):
    """Says where three aircraft are, twice a second: two of them fly beside each other at one level, 4 NM apart."""

    allow_reuse_address = daemon_threads = True
    quiet = False
    begun_ms = 0

    def lines(self) -> str:
        """All three as of now."""
        at_ms = round(time() * 1000)
        moved = (at_ms - self.begun_ms) / 1000 * 0.001
        fixes = [
            self._fix(at_ms, "4b1801", 46.0, 8.0 + moved, 90.0, 9_000.0),
            self._fix(at_ms, "4b1802", 46.066, 8.0 + moved, 90.0, 9_000.0),
            self._fix(at_ms, "4b1803", 47.5, 9.0 + moved, 90.0, 3_000.0),
        ]
        return "".join(map(sbs_lines, fixes))

    def _fix(self, at_ms: int, address: str, latitude: float, longitude: float, track: float, height: float) -> Fix:
        return Fix(
            source="", at_ms=at_ms, arrived_ms=at_ms, latitude_deg=latitude, longitude_deg=longitude, address=address,
            callsign="ALPHA1", code="1234", pressure_m=height, speed_mps=77.0, track_deg=track, climb_mps=0.0,
        )  # fmt: skip


class Says(StreamRequestHandler):
    """One reader of it."""

    def handle(self) -> None:
        """Until it goes, or the receiver is told to be quiet."""
        server = self.server
        assert isinstance(server, Receiver)
        try:
            while not server.quiet:
                self.wfile.write(server.lines().encode())
                sleep(0.5)
        except OSError:
            return


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Listens on a free port."""
    with Receiver(("127.0.0.1", 0), Says) as server:
        server.begun_ms = round(time() * 1000)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.quiet = True
        server.shutdown()


@pytest.fixture
def trio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trio]:
    """Three founded offices, none of which runs; a watch may have to be compiled first."""
    monkeypatch.setattr(offices, "PATIENCE_S", PATIENCE_S)
    trio = Trio(tmp_path)
    trio.found()
    yield trio
    trio.stop_all()


def watched(trio: Trio) -> Any:
    """The report of the office's watch."""
    ran = trio.comity("tracks", "watch", "north", "--once", "--json")
    return json.loads(ran.out) if ran.code == 0 else None


def test_office_with_a_feed(trio: Trio, receiver: Receiver) -> None:
    """Its watch sees the tracks and the loss of separation, says so everywhere, drafts a hold; when the feed dies
    it says how old all is."""
    port = receiver.server_address[1]
    settings = trio.place / "north" / "office.toml"
    settings.write_text(settings.read_text() + f'\n[feeds]\nroof = "sbs://127.0.0.1:{port}"\n')
    trio.start("north")
    before = _entries(trio)
    found = until(lambda: (report := watched(trio)) and report["alerts"] and report, "an alert")
    assert {track["identity"] for track in found["tracks"]} == {"4b1801", "4b1802", "4b1803"}
    assert "among 3 tracks" in found["said"] and "sources roof" in found["said"] and "clear" not in found["said"]
    loss = until(lambda: next((a for a in watched(trio)["alerts"] if a["kind"] == "loss"), None), "the loss")
    assert loss["identities"] == ["4b1801", "4b1802"] and loss["severity"] == "alarm"

    text = trio.done("tracks", "watch", "north", "--once")
    assert "ALARM" in text and "29,530 ft pressure" in text and "roof: 3 tracks" in text
    status = trio.comity("status", "north")
    assert "roof: 3 tracks" in status.out and f"comity: alarm {loss['number']}, loss: " in status.err
    assert json.loads(trio.done("status", "north", "--json"))["air"]["sources"]

    draft = trio.comity("tracks", "draft", "north", str(loss["number"]))
    assert draft.code == 0 and "hold.place" in draft.out and "volume.ring=@circle(46.0" in draft.out
    assert trio.comity("tracks", "draft", "north", "99999").code == 2

    receiver.quiet = True
    dead = until(lambda: (report := watched(trio)) and report["unsound"] and report, "the feed's death")
    assert any("roof: down" in line and "oldest" in line for line in dead["sources"])
    assert _entries(trio) == before
    assert trio.stop("north") == 0


def test_feeds_are_read_before_the_office_runs(trio: Trio) -> None:
    """What is no feed is said in one sentence; an office without feeds says how to give one."""
    for feed in ("roof", "roof=ftp://x", "a b=sbs://x:1"):
        ran = trio.comity("serve", "north", "--feed", feed)
        assert ran.code == 2 and len(ran.err.splitlines()) == 1
    trio.start("north")
    ran = trio.comity("tracks", "watch", "north", "--once")
    assert ran.code == 2 and "--feed NAME=ADDRESS" in ran.err
    assert trio.comity("tracks", "watch", "south", "--once").code == 3


def _entries(trio: Trio) -> str:
    return trio.done("show", "north", "log", "--json")
