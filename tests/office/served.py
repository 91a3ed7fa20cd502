"""Real offices in folders of their own, served over TLS on the loopback, for the tests of what runs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from comity.model.codec import encode
from comity.office.config import Limits
from comity.office.folder import OfficeFolder
from comity.office.founding import enrol_act, genesis_act
from comity.office.serve import ServeOptions, Server
from office.founded import Founded, found

LIMITS = Limits(poll_every_ms=500, backoff_first_ms=50, backoff_most_ms=200, request_timeout_ms=3_000, turn_every_ms=20)
NAMES = ("north", "south", "centre")


def folder_of(path: Path, name: str, founded: Founded) -> OfficeFolder:
    """A new office's folder with that participant's keys."""
    folder = OfficeFolder(path / name)
    certificate, key = founded.tls[name]
    folder.save_keys(founded.rings[name], certificate, key)
    folder.begin(founded.founding)
    return folder


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return [int(port) for port in ports]


def signed_in(folder: OfficeFolder, name: str, founded: Founded, seats: tuple[str, ...] = ("duty",)) -> None:
    """The first entries of a log, as `comity init` signs them, with no server running."""
    office = folder.open()
    office.act(genesis_act(office.participant, founded.founding), "root", founded.roots[name])
    for seat in seats if name != "centre" else ():
        enrolment = enrol_act(office.origin, f"{name} {seat}", (seat,), founded.officers[name, seat])
        office.act(enrolment, "root", founded.roots[name])
    office.close()


def begin(path: Path) -> None:
    """Founds three offices in folders of their own, and begins their logs."""
    founded = found(NAMES)
    for name in NAMES:
        signed_in(folder_of(path, name, founded), name, founded)


@asynccontextmanager
async def all_of(servers: dict[str, Server]) -> AsyncIterator[dict[str, Server]]:
    """Runs those servers, and stops them cleanly."""
    tasks = [asyncio.create_task(server.run()) for server in servers.values()]
    try:
        yield servers
    finally:
        for server in servers.values():
            server.stop.set()
        await asyncio.gather(*tasks)


def server_of(
    path: Path, name: str, ports: Mapping[str, int], limits: Limits = LIMITS, say: Callable[[str], None] = print
) -> Server:
    """The server of an office in its folder that calls all others whose ports are given."""
    others = {each: f"127.0.0.1:{port}" for each, port in ports.items() if each != name}
    return Server(ServeOptions(OfficeFolder(path / name), "127.0.0.1", ports[name], others, limits, say=say))


@asynccontextmanager
async def running(path: Path, say: Callable[[str], None] = print) -> AsyncIterator[dict[str, Server]]:
    """Three offices that know each other's addresses; `say` gets what they write to stderr."""
    ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
    async with all_of({name: server_of(path, name, ports, say=say) for name in NAMES}) as servers:
        yield servers


async def until(done: Any, seconds: float = 20) -> None:
    """Waits until it is so."""
    for _ in range(int(seconds * 50)):
        if done():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to that")


async def post(folder: OfficeFolder, path: str, body: Any) -> dict[str, Any]:
    """One call to an office's control socket."""
    session = aiohttp.ClientSession(connector=aiohttp.UnixConnector(path=str(folder.socket)))
    async with session, session.post(f"http://office{path}", data=encode(body)) as answer:
        found: dict[str, Any] = await answer.json()
        return found
