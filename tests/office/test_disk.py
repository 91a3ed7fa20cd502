"""A real office on a disk that is full or may only be read: it signs nothing, goes on showing, and mends by itself."""

from __future__ import annotations

import asyncio
import errno
import resource
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from comity.office.folder import OfficeFolder
from comity.office.serve import ServeOptions, Server
from comity.office.signatures import entry_message
from comity.tlog.sqlite import SqliteStore
from office.founded import Founded
from office.served import LIMITS, post, running, until
from office.test_steps import status_of

SERVE = """
import asyncio, signal, sys
from pathlib import Path
from comity.office.config import Limits
from comity.office.folder import OfficeFolder
from comity.office.serve import ServeOptions, serve
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limits = Limits(backoff_first_ms=50, backoff_most_ms=400, turn_every_ms=20)
up = lambda server: print("up", flush=True)
peers = {"south": "127.0.0.1:" + sys.argv[2]}
folder = OfficeFolder(Path(sys.argv[1]))
asyncio.run(serve(ServeOptions(folder, "127.0.0.1", 0, peers, limits, say=sys.stderr.write, ready=up)))
"""


async def tried(folder: OfficeFolder, founded: Founded) -> dict[str, Any]:
    """North's officer tries to sign a hold; what the office says."""
    signer = founded.officers["north", "duty"]
    asked = {"act": "hold.place", "seat": "duty", "key": signer.key, "body": {}}
    drafted = await post(folder, "/prepare", asked)
    if "draft" not in drafted:
        return drafted
    json = drafted["draft"]["json"]
    return await post(folder, "/submit", {"json": json, "signature": signer.sign(entry_message(json.encode())).hex()})


async def status(folder: OfficeFolder) -> dict[str, Any]:
    """What its people are told."""
    session = aiohttp.ClientSession(connector=aiohttp.UnixConnector(path=str(folder.socket)))
    async with session, session.get("http://office/status") as answer:
        told: dict[str, Any] = await answer.json()
        return told


def own_size(told: dict[str, Any]) -> int:
    """How long the own log is."""
    return next(int(log["size"]) for log in told["logs"] if log["origin"] == told["origin"])


async def until_taken(folder: OfficeFolder, founded: Founded, seconds: float = 20) -> str:
    """Tries until an act is taken; its id."""
    for _ in range(int(seconds * 10)):
        said = await tried(folder, founded)
        if "taken" in said:
            return str(said["taken"]["id"])
        await asyncio.sleep(0.1)
    raise AssertionError(f"nothing is signed again: {said}")


def test_full_disk(tmp_path: Path, founded: Founded) -> None:
    """With no room left nothing is acknowledged that is not kept; with room again it goes on without a restart."""
    folder = OfficeFolder(tmp_path / "north")

    async def play() -> None:
        south = Server(ServeOptions(OfficeFolder(tmp_path / "south"), "127.0.0.1", 0, {}, LIMITS, say=print))
        mirror = asyncio.create_task(south.run())
        await until(lambda: south.port)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVE, str(folder.path), str(south.port), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        try:
            assert await process.stdout.readline() == b"up\n"
            taken = [await until_taken(folder, founded)]
            limits = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
            for _ in range(10):
                said = await tried(folder, founded)
                assert "taken" not in said, said
                told = await status(folder)
                assert own_size(told) >= 3
                await asyncio.sleep(0.05)
            assert told["fault"] is not None
            assert any(each["about"] == "store" and each["over_ms"] is None for each in told["problems"])
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)
            taken.append(await until_taken(folder, founded))
            told = await status(folder)
            assert told["fault"] is None
            assert all(each["over_ms"] is not None for each in told["problems"] if each["about"] == "store")
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()
            south.stop.set()
            await mirror
        office = folder.open()
        assert all(office.history.find(each) is not None for each in taken)
        office.logs.store.close()

    asyncio.run(play())


def test_disk_that_may_only_be_read(tmp_path: Path, founded: Founded) -> None:
    """An office whose disk refuses every write goes on showing what it holds, and signs when it may write again."""
    folder = OfficeFolder(tmp_path / "north")

    async def play() -> None:
        async with running(tmp_path) as servers:
            await until(lambda: all(len(each.office.history.entries) == 5 for each in servers.values()))
            with pytest.MonkeyPatch.context() as patch:
                make_read_only(patch, servers["north"])
                assert "taken" not in await tried(folder, founded)
                await until(lambda: servers["north"].office.fault() is not None)
                assert own_size(await status_of(servers["north"])) >= 2
            taken = await until_taken(folder, founded)
            await until(lambda: servers["south"].office.history.find(taken) is not None)

    asyncio.run(play())


def make_read_only(patch: pytest.MonkeyPatch, server: Server) -> None:
    """From now on the store and the marks of that office can be read and not written."""
    path = server._options.folder.path
    true_init = SqliteStore.__init__

    def init(self: SqliteStore, where: Path) -> None:
        true_init(self, where)
        if where.is_relative_to(path):
            self._database.execute("PRAGMA query_only = 1")

    def refuse(where: Path, data: bytes) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    patch.setattr(SqliteStore, "__init__", init)
    patch.setattr("comity.office.marks.write_durably", refuse)
    server.office.logs.store._database.execute("PRAGMA query_only = 1")  # type: ignore[attr-defined]
