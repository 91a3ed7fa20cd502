"""An office of the play that is a process of this machine: acts go through its socket, reading through its store.

Ended by force, it is started again and the play goes on: what was acknowledged is there, the rest is signed anew.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from comity.interfaces.demo.door import Door
from comity.interfaces.play.cast import keyring
from comity.interfaces.play.station import Signing, Station
from comity.model.acts import Act
from comity.model.acts.keys import Watch
from comity.model.entry import Entry, Second
from comity.model.errors import Misuse, PeerError
from comity.model.history import History, View
from comity.model.verdict import Refusal
from comity.office.audit import audit
from comity.office.desk import with_second
from comity.office.folder import OfficeFolder
from comity.office.logs import Logs
from comity.office.notes import Notary
from comity.office.signatures import entry_message, second_message
from comity.tlog.sqlite import SqliteStore

PATIENCE_S = 60.0
PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Running:
    """How the process is started, and what is said when it has to be started again."""

    command: tuple[str, ...]
    say: Callable[[str], None]


class FarStation(Station):
    """Stands where the play expects a station; nothing of the office itself is in this process."""

    def __init__(self, name: str, folder: OfficeFolder, clock: Any, running: Running) -> None:
        """Starts the process."""
        self.name = self.party = name
        self.clock = clock
        self.folder = folder
        self.door = Door(folder.socket)
        self._running = running
        self._is_cut = False
        self._on_cut: Callable[[], None] = lambda: None
        self._process: subprocess.Popen[bytes] | None = None
        self._logs: Logs | None = None
        self._seen: Any = None
        self.start()

    @property
    def is_cut(self) -> bool:
        """Whether its lines are cut."""
        return self._is_cut

    @is_cut.setter
    def is_cut(self, cut: bool) -> None:
        self._is_cut = cut
        self._on_cut()

    def when_cut(self, tell: Callable[[], None]) -> None:
        """Whom to tell when its lines are cut or healed."""
        self._on_cut = tell

    @property
    def history(self) -> History:
        """All entries, as its store holds them now."""
        return self.logs().history

    @property
    def view(self) -> View:
        """Everything that it holds."""
        return self.history.now()

    def start(self) -> None:
        """Starts the process and waits until it answers."""
        self.folder.socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(self._running.command, stdin=subprocess.DEVNULL)
        self._until(lambda: bool(self.door.ask("status")), "it answers")

    def status(self) -> dict[str, Any]:
        """How it stands; a process that is gone is started again first."""
        try:
            self._revive()
            return self.door.ask("status")
        except PeerError:
            self.wait_for(lambda: True, "it is back")
            return self.door.ask("status")

    def heads(self) -> dict[str, tuple[int, str]]:
        """Size and root of each log that it holds."""
        return {each["origin"]: (each["size"], each["root"]) for each in self.status()["logs"]}

    def logs(self) -> Logs:
        """What its store holds, read from a copy."""
        heads = self.status()["logs"]
        if self._logs is None or self._seen != heads:
            self._logs, self._seen = self._read(), heads
        return self._logs

    def cosigned_logs(self, quorum: int) -> Logs:
        """What its store holds, once so many others have cosigned every head in that very copy of it."""

        def is_cosigned() -> bool:
            logs = self.logs()
            notary = Notary(logs.history.known, keyring(self.party))
            return all(each.note is not None and len(notary.cosigners(each.note)) >= quorum for each in logs.branches)

        self.wait_for(is_cosigned, "every head that it holds is cosigned")
        assert self._logs is not None, "is_cosigned has read it"
        return self._logs

    def sign(self, act: Act, signing: Signing) -> tuple[Entry | None, Refusal | None]:
        """Drafted there, signed here with the officer's key, handed in; tried again if the office was gone."""
        if signing.forced:
            raise Misuse("the demo's offices are honest; leave out forced")
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                self.wait_for(lambda: self.status()["fault"] is None, "it may sign")
                result = self.hand_in(act, signing)
            except PeerError:
                taken = self._already_taken(act, signing)
                if taken is not None:
                    return taken, None
                continue
            if "taken" in result:
                return self._find(result["taken"]["id"]), None
            if "refusal" in result:
                return None, Refusal(**result["refusal"])
        raise PeerError(f"{self.name} did not take {act.name} within {PATIENCE_S:.0f} s")

    def watch(self) -> Refusal | None:
        """Its own key is in its own process: waits until it has signed a receipt for all that it holds."""
        self.wait_for(self.has_receipted, "it signs a receipt")
        return None

    def has_receipted(self) -> bool:
        """Whether its newest entry has seen every entry held, watch entries apart."""
        view = self.view
        newest = view.newest(keyring(self.party).origin)
        if newest is None:
            return False
        past = self.history.past(newest)
        return all(
            past.holds(each) or each is newest or isinstance(each.entry.act, Watch) for each in self.history.entries
        )

    def audit(self) -> tuple[set[str], list[str]]:
        """Re-judges a copy of its store."""
        logs = self.logs()
        found = audit(logs, Notary(logs.history.known, keyring(self.party)))
        return {each.id for each in found.refused}, [f"{self.name}: {each}" for each in found.problems]

    def close(self) -> None:
        """Stops the process."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def wait_for(self, come: Callable[[], bool], what: str) -> None:
        """Until it runs and this has come about; PeerError after a minute."""

        def runs_and_come() -> bool:
            self._revive()
            return bool(self.door.ask("status")) and come()

        self._until(runs_and_come, what)

    def _until(self, come: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                if come():
                    return
            except PeerError:
                pass
            time.sleep(PAUSE_S)
        raise PeerError(f"{self.name}: waited {PATIENCE_S:.0f} s in vain until {what}")

    def _revive(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            self._running.say(f"the office of {self.name} is gone; it is started again over its store")
            self._process = None
            self.start()

    def hand_in(self, act: Act, signing: Signing) -> dict[str, Any]:
        """One try: what the office says of it."""
        body = msgspec.to_builtins(act)
        second = None if signing.second is None else [signing.second[0].key, signing.second[1]]
        asked = {"act": act.name, "version": act.version, "seat": signing.seat, "key": signing.signer.key}
        drafted = self.door.ask("prepare", asked | {"body": body, "second": second})
        if "draft" not in drafted:
            return drafted
        json = str(drafted["draft"]["json"]).encode()
        if signing.second is not None:
            officer, seat = signing.second
            signature = officer.sign(second_message(json)).hex()
            json = with_second(json, Second(key=officer.key, seat=seat, signature=signature))
        signature = signing.signer.sign(entry_message(json)).hex()
        return self.door.ask("submit", {"json": json.decode(), "signature": signature})

    def _already_taken(self, act: Act, signing: Signing) -> Entry | None:
        """The office may have taken the act and died before it said so: then it is its newest entry of this kind."""
        self.wait_for(lambda: True, "it is back")
        own = keyring(self.party).origin
        for taken in reversed(self.history.entries):
            entry = taken.entry
            if entry.origin == own and entry.act == act and entry.header.key == signing.signer.key:
                return entry
        return None

    def _find(self, entry_id: str) -> Entry:
        taken = self.history.find(entry_id)
        assert taken is not None, "what was acknowledged is in the store"
        return taken.entry

    def _read(self) -> Logs:
        with tempfile.TemporaryDirectory(prefix="comity-demo-") as place:
            copy = Path(place) / "log.sqlite"
            with (
                closing(sqlite3.connect(f"{self.folder.store.resolve().as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(copy)) as sink,
            ):
                source.backup(sink)
            return Logs(self.folder.founding_bytes(), SqliteStore(copy))


def office_command(folder: OfficeFolder, *words: str) -> tuple[str, ...]:
    """How an office of the demo is started."""
    return (sys.executable, "-m", "comity.interfaces.demo.process", str(folder.path), *words)
