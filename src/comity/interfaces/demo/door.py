"""The demo's way to an office's control socket: the same socket and words that `comity act` uses."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path
from typing import Any

from comity.model.errors import Misuse, PeerError

TIMEOUT_S = 20.0


class Door:
    """Asks one office; raises PeerError if it does not answer, Misuse for what it does not take."""

    def __init__(self, path: Path) -> None:
        """The socket need not be there yet."""
        self._path = path

    def ask(self, verb: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """POST with a body, else GET; the answer's JSON."""
        connection = _UnixConnection(self._path)
        try:
            method = "GET" if body is None else "POST"
            connection.request(method, f"/{verb}", None if body is None else json.dumps(body))
            answer = connection.getresponse()
            found: dict[str, Any] = json.loads(answer.read())
        except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:
            raise PeerError(
                f"the office at {self._path.parent.name} does not answer: {error}; is it running?"
            ) from None
        finally:
            connection.close()
        if answer.status >= 500:
            raise PeerError(str(found.get("problem")))
        if answer.status >= 400:
            raise Misuse(str(found.get("problem")))
        return found


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_S)
        self.sock.connect(str(self._path))
