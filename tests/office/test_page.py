"""The status page of a real office: for the people at its machine, to read and nothing else."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.commands import environment, inside
from cli.offices import Trio, free_ports, until
from comity.interfaces.cli.serve import page_path
from comity.model.errors import Misuse
from comity.office.folder import OfficeFolder


def asked(port: int, verb: str = "GET", path: str = "/", host: str | None = None) -> tuple[int, str]:
    """Status and body of one request to the page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(verb, path, headers={"Host": host or f"127.0.0.1:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def told_path(told: Path, port: int) -> str:
    """The end of the page's address, once `comity serve` has told it; else nothing."""
    found = re.search(rf"its status page is http://127\.0\.0\.1:{port}(/[\w-]{{20,}}/)\n", told.read_text())
    return found[1] if found else ""


def test_an_office_shows_its_own_page(tmp_path: Path) -> None:
    """`comity serve --page` draws the office as it is, on the loopback address and for its own name there, to read."""
    trio = Trio(tmp_path)
    (port,) = free_ports(1)
    trio.found()
    command = [sys.executable, "-m", "comity", "serve", "north", "--page", str(port)]
    told = tmp_path / "told"
    with told.open("wb") as stderr:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=stderr)
    try:
        until(lambda: bool(told_path(told, port)), "the page's address")
        path = told_path(told, port)
        code, text = asked(port, path=path)
        assert code == 200 and "North" in text and "DRILL" not in text
        assert asked(port, path=path, host=f"localhost:{port}")[0] == 200
        code, text = asked(port, path=path, host="a-site-that-points-here.example")
        assert code == 421 and "North" not in text
        assert asked(port, "POST", path=path)[0] == 405
        for other in ("/", "/status", path[:-1], f"{path}status"):
            code, text = asked(port, path=other)
            assert code == 404 and "North" not in text, "who is not told the whole address reads nothing"
    finally:
        process.terminate()
        assert process.wait(30) == 0


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "12 ", ""])
def test_no_port(tmp_path: Path, port: str) -> None:
    """What is no port is said in one sentence, before the office is opened."""
    ran = inside("serve", "north", f"--page={port}", folder=tmp_path)
    assert ran.code == 2
    assert "is no port" in ran.err


def test_the_end_of_the_address_is_kept(tmp_path: Path) -> None:
    """A page that is left open is lost at every start, or its address can be read or guessed by others."""
    folder = OfficeFolder(tmp_path)
    path = page_path(folder)
    assert page_path(folder) == path and folder.page_path.stat().st_mode & 0o777 == 0o600
    folder.page_path.unlink()
    assert page_path(folder) != path
    for odd in (b"", b"{tail:.*}", b"..", b"\xff" * 20):
        folder.page_path.write_bytes(odd)
        with pytest.raises(Misuse, match="remove it, and the next start makes a new one"):
            page_path(folder)
