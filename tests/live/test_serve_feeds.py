"""A real office with a feed on loopback: tracks, alerts and drafts, a dead feed, and nothing of it in any log."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from time import monotonic, sleep, time
from typing import Any

import pytest

import drafts
from cli import offices
from cli.commands import GOVERNED, GROUPS, NAMES, environment
from cli.offices import Trio, until
from comity.airspace.fix import Fix
from comity.interfaces.traffic.reports import sbs_lines

PATIENCE_S = 180.0
DRAFT = "".join(
    [
        drafts.head("pact", "A pact"),
        *map(drafts.participant, NAMES),
        drafts.seat("duty", NAMES),
        GROUPS,
        drafts.all_of_it((*GOVERNED, "flight", "flight.separation", "flight.watch")),
        drafts.FLOOR,
    ]
)


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
    trio.found(DRAFT)
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
    assert "roof: 3 tracks" in status.out and f"comity: ALARM {loss['number']}, loss, since " in status.err
    assert json.loads(trio.done("status", "north", "--json"))["air"]["sources"]

    draft = trio.comity("tracks", "draft", "north", str(loss["number"]))
    assert draft.code == 0 and "hold.place" in draft.out and "volume.ring=@circle(46.0" in draft.out
    assert trio.comity("tracks", "draft", "north", "99999").code == 2

    receiver.quiet = True
    dead = until(lambda: (report := watched(trio)) and report["unsound"] and report, "the feed's death")
    assert any("roof: down" in line and "oldest" in line for line in dead["sources"])
    assert _entries(trio) == before
    assert trio.stop("north") == 0


def test_a_draft_is_signed_and_stands_beside_its_alert(trio: Trio, receiver: Receiver) -> None:
    """From an alert to an act in the log: the hold that fits it by `tracks draft`, the acknowledgement by one key of
    the live watch; then the alert stands with who has seen it, in the watch and in the status."""
    feed = f'\n[feeds]\nroof = "sbs://127.0.0.1:{receiver.server_address[1]}"\n'
    settings = trio.place / "north" / "office.toml"
    settings.write_text(settings.read_text() + feed)
    trio.start("north", "south")
    for name in ("north", "south"):
        trio.done("keys", "vote", name, "--root", f"{name}.root", "--yes")
    trio.enrol("north", "ann", "duty")
    until(lambda: trio.show("north", "agreement")[0]["status"] == "in force", "the terms in force")
    loss = until(lambda: _loss(trio), "the loss")
    number = str(loss["number"])

    said = at_terminal(trio, ("tracks", "draft", "north", number, "--key", "north-ann.pem"), [("sign? [y/N]", "y\r")])
    assert "alert.acknowledge" not in said and "hold.place" in said and "admitted: pact/north" in said, said
    assert trio.show("north", "holds")

    watch = ("tracks", "watch", "north", "--key", "north-ann.pem", "--seat", "duty")
    keys = [(f">{number} ", "a"), ("sign? [y/N]", "y\r"), ("Enter goes back", "\r"), ("seen by ann", "q")]
    said = at_terminal(trio, watch, keys)
    assert "identities  4b1801, 4b1802" in said and "ALARM" in said, said
    seen = _loss(trio)["acknowledged"]
    assert (seen["party"], seen["officer"], seen["seat"]) == ("north", "ann", "duty") and not _loss(trio)["others"]
    assert {"hold.place", "alert.acknowledge"} <= {each["act"] for each in json.loads(_entries(trio))}
    assert f"alarm {number}, loss" in (err := trio.comity("status", "north").err) and "seen by ann" in err
    status = json.loads(trio.done("status", "north", "--json"))["air"]["alerts"][0]
    assert status["acknowledged"]["entry"] == seen["entry"]
    draft = trio.comity("tracks", "draft", "north", number, "--acknowledge", "--json").json
    assert draft["act"] == "alert.acknowledge" and draft["offered"][0]["act"] == "hold.place"
    assert trio.comity("tracks", "draft", "north", number, "--act", "track.tie").code == 2


def test_feeds_are_read_before_the_office_runs(trio: Trio) -> None:
    """What is no feed is said in one sentence; an office without feeds says how to give one."""
    for feed in ("roof", "roof=ftp://x", "a b=sbs://x:1"):
        ran = trio.comity("serve", "north", "--feed", feed)
        assert ran.code == 2 and len(ran.err.splitlines()) == 1
    trio.start("north")
    ran = trio.comity("tracks", "watch", "north", "--once")
    assert ran.code == 2 and "--feed NAME=ADDRESS" in ran.err
    assert trio.comity("tracks", "watch", "south", "--once").code == 3


def at_terminal(trio: Trio, words: tuple[str, ...], keys: list[tuple[str, str]]) -> str:
    """Runs a command at a terminal of its own; once each text stands there, presses what comes with it."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (40, 120))
    command = [sys.executable, "-m", "comity", *words]
    told, begun = "", 0
    with subprocess.Popen(
        command, cwd=trio.place, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as program:
        os.close(theirs)
        end = monotonic() + PATIENCE_S
        while monotonic() < end:
            if select.select([ours], [], [], 0.2)[0]:
                try:
                    told += os.read(ours, 65536).decode(errors="replace")
                except OSError:
                    break  # it has ended
            if keys and (found := told.find(keys[0][0], begun)) >= 0:
                begun = found + len(keys[0][0])
                os.write(ours, keys.pop(0)[1].encode())
        else:
            program.kill()
        assert program.wait(PATIENCE_S) == 0 and not keys, f"{keys}: {told[-3000:]}"
    os.close(ours)
    return told


def _loss(trio: Trio) -> Any:
    return next((each for each in watched(trio)["alerts"] if each["kind"] == "loss"), None)


def _entries(trio: Trio) -> str:
    return trio.done("show", "north", "log", "--json")
