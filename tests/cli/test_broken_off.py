"""An office that dies while an act is handed in: what its officer is told never says that nothing was signed."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from cli.test_signing import ANN, YES, FakeDoor, draft
from comity.interfaces.cli.reach import Door, Submitted
from comity.interfaces.cli.signing import sign_and_hand_in
from comity.interfaces.cli.talk import NotReached
from comity.model.acts.agreement import Suspend
from comity.model.errors import PeerError
from comity.model.terms import Participant
from comity.model.verdict import Refusal
from comity.office.desk import Stale
from comity.office.folder import OfficeFolder
from comity.tlog.errors import StoreError

ACT = Suspend()
TAKEN = {"taken": {"id": "ab" * 32, "origin": "pact/north", "seq": 0, "at_ms": 1}}


def answering(path: Path, answers: list[Any]) -> Callable[[], None]:
    """An office on that socket that gives these answers, None for a death without one, and is then gone."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(path))
    door.listen()

    def serve() -> None:
        for answer in answers:
            connection, _ = door.accept()
            with connection:
                connection.recv(65_536)
                if answer is not None:
                    body = json.dumps(answer).encode()
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        door.close()

    thread = threading.Thread(target=serve)
    thread.start()
    return thread.join


@dataclass
class Dying(FakeDoor):
    """Drafts as a fake; hands in over the real socket."""

    folder: OfficeFolder | None = None

    def submit(self, json: bytes, signature: bytes) -> Submitted | Refusal | Stale:
        """The real one's way."""
        assert self.folder is not None
        door = Door(self.folder, cast(Participant, None), b"", True, False)
        return door.submit(json, signature)


def handed_in(path: Path, *answers: Any) -> int:
    """What comes of an act at an office that answers so."""
    folder = OfficeFolder(path)
    ended = answering(folder.socket, list(answers)) if answers else lambda: None
    try:
        return sign_and_hand_in(cast(Door, Dying([draft(ACT)], folder=folder)), ACT, ANN, None, YES)
    finally:
        ended()


def test_death_before_the_answer(tmp_path: Path) -> None:
    """Sent and not answered: it may have been signed, and where to look is said with the entry's very time."""
    with pytest.raises(PeerError) as caught:
        handed_in(tmp_path, None)
    said = str(caught.value)
    assert "it may have been signed: look for pact/north/0 of 2017-07-14 02:40:00Z" in said
    assert f"comity show {tmp_path} log before you sign again" in said


def test_death_after_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Taken, and gone before it said who has it: the act stands, exit 0, and nobody signs it again."""
    assert handed_in(tmp_path, TAKEN) == 0
    told = capsys.readouterr().out
    assert "admitted: pact/north, entry 0" in told and "do not sign it again" in told and "received by all" not in told


def test_nobody_there(tmp_path: Path) -> None:
    """Nobody listened: nothing was handed in, and no doubt is told."""
    with pytest.raises(NotReached) as caught:
        handed_in(tmp_path)
    assert "may have been signed" not in str(caught.value)


def test_a_store_that_fails_at_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that failed may have persisted: the same doubt is told."""

    def fail(self: Dying, json: bytes, signature: bytes) -> Submitted:
        raise StoreError("the disk is full; free some space")

    monkeypatch.setattr(Dying, "submit", fail)
    with pytest.raises(StoreError, match=r"the disk is full.*it may have been signed"):
        handed_in(tmp_path)
