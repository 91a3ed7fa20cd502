"""Talking to a running office over its control socket: JSON there and back, one question a connection.

Trusted: the socket, which only the office's owner may open. Raises PeerError if nobody listens or nonsense comes.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from comity.model.errors import Misuse, PeerError
from comity.tlog.errors import StoreError

TIMEOUT_S = 60.0
ANSWER_BYTES_MOST = 512 * 1024 * 1024


class NotReached(PeerError):
    """Nobody listens, so nothing was handed in."""


_FAULTS: dict[int, type[Exception]] = {400: Misuse, 413: Misuse, 502: PeerError, 503: StoreError}


def is_listening(path: Path) -> bool:
    """Whether an office answers at this socket."""
    try:
        _connected(path).close()
    except PeerError:
        return False
    return True


def ask(path: Path, name: str, question: Mapping[str, Any] | None) -> Any:
    """The answer to POST /name, or to GET /name without a question; raises what the office said was wrong."""
    body = b"" if question is None else json.dumps(question).encode()
    verb = "GET" if question is None else "POST"
    head = f"{verb} /{name} HTTP/1.1\r\nHost: office\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    with _connected(path) as connection:
        try:
            connection.sendall(head.encode() + body)
            with closing(http.client.HTTPResponse(connection)) as answer:
                answer.begin()
                data = answer.read(ANSWER_BYTES_MOST)
        except (OSError, http.client.HTTPException) as error:
            said = str(error) or type(error).__name__
            raise PeerError(f"the office broke off: {said}; see comity status") from None
    try:
        value = json.loads(data)
    except ValueError:
        value = {"problem": f"the office answered {answer.status}; see what it says on its own screen"}
    if answer.status != http.client.OK:
        fault = _FAULTS.get(answer.status, PeerError)
        raise fault(str(value.get("problem", "")) if isinstance(value, dict) else f"it answered {answer.status}")
    return value


def _connected(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(TIMEOUT_S)
    try:
        connection.connect(str(path))
    except OSError as error:
        connection.close()
        raise NotReached(f"no office answers at {path}: {(error.strerror or str(error)).lower()}; start it") from None
    return connection
