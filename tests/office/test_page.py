"""The status page of a real office: for the people at its machine, to read and nothing else."""

from __future__ import annotations

import http.client
import subprocess
import sys
from pathlib import Path

import pytest

from cli.commands import environment, inside
from cli.offices import Trio, free_ports, until


def asked(port: int, verb: str = "GET", path: str = "/", host: str | None = None) -> tuple[int, str]:
    """Status and body of one request to the page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(verb, path, headers={"Host": host or f"127.0.0.1:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def answers(port: int) -> bool:
    """Whether the page is there."""
    try:
        return asked(port)[0] == 200
    except OSError:
        return False


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
        until(lambda: answers(port), "the page")
        code, text = asked(port)
        assert code == 200 and "North" in text and "DRILL" not in text
        assert f"its status page is http://127.0.0.1:{port}/" in told.read_text()
        assert asked(port, host=f"localhost:{port}")[0] == 200
        code, text = asked(port, host="a-site-that-points-here.example")
        assert code == 421 and "North" not in text
        assert asked(port, "POST")[0] == 405
        assert asked(port, path="/status")[0] == 404
    finally:
        process.terminate()
        assert process.wait(30) == 0


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "12 ", ""])
def test_no_port(tmp_path: Path, port: str) -> None:
    """What is no port is said in one sentence, before the office is opened."""
    ran = inside("serve", "north", f"--page={port}", folder=tmp_path)
    assert ran.code == 2
    assert "is no port" in ran.err
