"""Real offices over TLS on the loopback: they converge, answer their people, refuse strangers, and survive stops."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from comity.model.errors import Misuse, PeerError
from comity.office.folder import OfficeFolder, restore
from comity.office.founding import new_certificate
from comity.office.keyring import SystemRandomness, write_secret
from comity.office.messages import Entries, EntriesRequest, HeadsRequest
from comity.office.serve import Server
from comity.office.signatures import entry_message
from comity.office.transport import PeerClient
from office.founded import Founded
from office.served import LIMITS, post, running, until

CHECK = {"with_participant": "south", "result": "working"}


def test_offices_over_tls(tmp_path: Path, founded: Founded) -> None:
    """An act prepared and submitted over the control socket reaches the other offices and is cosigned by both."""

    async def play() -> None:
        async with running(tmp_path) as servers:
            await until(lambda: all(len(each.office.history.entries) == 5 for each in servers.values()))
            folder, signer = OfficeFolder(tmp_path / "north"), founded.officers["north", "duty"]
            assert stat.S_IMODE(folder.socket.stat().st_mode) == 0o600
            servers["north"].office.confirm_clock()
            asked = {"act": "duty.line_check", "seat": "duty", "key": signer.key, "body": CHECK}
            draft = (await post(folder, "/prepare", asked))["draft"]["json"]
            signature = signer.sign(entry_message(draft.encode())).hex()
            taken = (await post(folder, "/submit", {"json": draft, "signature": signature}))["taken"]
            again = await post(folder, "/submit", {"json": draft, "signature": signature})
            assert "stale" in again
            await until(lambda: servers["south"].office.history.find(taken["id"]) is not None)
            await until(lambda: cosigned(servers["north"]) == ["south", "centre"])
            assert "problem" in await post(folder, "/prepare", {"act": "no.such"})
            assert "problem" in await post(folder, "/prepare", asked | {"act": "duty.fly"})
            refused = await post(folder, "/prepare", asked | {"body": CHECK | {"with_participant": "nobody"}})
            assert refused["refusal"]["problem"]

    asyncio.run(play())


def test_a_running_office_sweeps(tmp_path: Path, founded: Founded) -> None:
    """What the register left behind unsigned days ago is removed by the office itself, and its people are told."""
    orphan = tmp_path / "north" / "blobs" / ("ab" * 32)
    orphan.parent.mkdir()
    orphan.write_bytes(b"nobody signed for it")
    os.utime(orphan, (0, 0))

    async def play() -> None:
        async with running(tmp_path) as servers:
            await until(lambda: not orphan.exists())
            assert "nobody signed, removed: 1" in str([each.text for each in servers["north"].office.problems])

    asyncio.run(play())


def cosigned(server: Server) -> list[str]:
    """Who has cosigned the newest own head."""
    branch = server.office.logs.first(server.office.origin)
    assert branch is not None and branch.note is not None
    return server.office.notary.cosigners(branch.note)


def test_strangers_get_nothing(tmp_path: Path, founded: Founded) -> None:
    """A caller without a certificate, or with one that nobody pinned, does not complete the handshake."""

    async def play() -> None:
        async with running(tmp_path) as servers:
            await until(lambda: servers["north"].port and bool(servers["north"].office.restart.heard))
            address = f"127.0.0.1:{servers['north'].port}"
            peers = servers["south"].office.peers
            made = new_certificate("demo/stranger", datetime.now(UTC), SystemRandomness())
            (tmp_path / "odd.crt").write_text(made.certificate)
            write_secret(tmp_path / "odd.pem", made.private_key)
            client = PeerClient(tmp_path / "odd.crt", tmp_path / "odd.pem", LIMITS)
            client.adopt({"north": peers["north"]}, {"north": address})
            with pytest.raises(PeerError, match="north cannot be reached"):
                await client.call("north", HeadsRequest())
            await client.close()
            bare = ssl.create_default_context()
            bare.check_hostname, bare.verify_mode = False, ssl.CERT_NONE
            async with aiohttp.ClientSession() as session:
                with pytest.raises(aiohttp.ClientError):
                    await session.post(f"https://{address}/sync", ssl=bare, data=b"")
            await imposter(tmp_path, servers)

    asyncio.run(play())


async def imposter(path: Path, servers: dict[str, Server]) -> None:
    """South's office answers at the address that was given for north: its certificate is not north's."""
    folder, peers = OfficeFolder(path / "centre"), servers["centre"].office.peers
    address = f"127.0.0.1:{servers['south'].port}"
    client = PeerClient(folder.certificate, folder.tls_key, LIMITS)
    client.adopt(peers, {"north": address, "nobody": address})
    with pytest.raises(PeerError, match="north cannot be reached"):
        await client.call("north", HeadsRequest())
    assert client.names == {"north"}
    await client.close()


def test_participants_may_read_every_log(tmp_path: Path, founded: Founded) -> None:
    """A participant gets any log from any holder, and nonsense is answered with one sentence."""

    async def play() -> None:
        async with running(tmp_path) as servers:
            await until(lambda: all(len(each.office.history.entries) == 5 for each in servers.values()))
            folder, peers = OfficeFolder(tmp_path / "centre"), servers["centre"].office.peers
            addresses = {"south": f"127.0.0.1:{servers['south'].port}"}
            client = PeerClient(folder.certificate, folder.tls_key, LIMITS)
            client.adopt(peers, addresses)
            branch = servers["centre"].office.logs.first("demo/north")
            assert branch is not None and branch.noted is not None
            request = EntriesRequest(origin="demo/north", size=branch.noted.size, root=branch.noted.root, start=0)
            page = await client.call("south", request)
            assert isinstance(page, Entries)
            assert len(page.leaves) == 2
            with pytest.raises(PeerError, match="no address of north"):
                await client.call("north", HeadsRequest())
            with pytest.raises(PeerError, match="south answered 400: not a request"):
                await client._post("south", b"\xff nonsense")
            await client.close()

    asyncio.run(play())


SERVE = """
import asyncio, sys
from pathlib import Path
from comity.office.folder import OfficeFolder
from comity.office.serve import ServeOptions, serve
up = lambda server: print("up", flush=True)
asyncio.run(serve(ServeOptions(OfficeFolder(Path(sys.argv[1])), "127.0.0.1", 0, {}, say=print, ready=up)))
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_stops(tmp_path: Path, founded: Founded, how: signal.Signals) -> None:
    """SIGTERM leaves the clean mark and no socket; a stop by force loses nothing, and the next start is in doubt."""

    async def play() -> None:
        folder = OfficeFolder(tmp_path / "north")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVE, str(folder.path), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"up\n"
        os.kill(process.pid, how)
        await process.wait()
        office = folder.open()
        assert len(office.history.entries) == 2
        assert (office.fault() is None) == (how is signal.SIGTERM)
        assert folder.socket.exists() == (how is signal.SIGKILL)
        office.logs.store.close()

    asyncio.run(play())


def test_restored_backup_asks_everybody(tmp_path: Path, founded: Founded) -> None:
    """A backup put in place signs nothing until the others have answered, and then has its own entries back."""
    folder = OfficeFolder(tmp_path / "north")
    backup = tmp_path / "backup.sqlite"
    backup.write_bytes(folder.store.read_bytes())
    restore(folder, backup)
    office = folder.open()
    assert "has not heard from centre, south" in str(office.fault())
    office.logs.store.close()

    async def play() -> None:
        async with running(tmp_path) as servers:
            await until(lambda: servers["north"].office.fault() is None)

    asyncio.run(play())
    with pytest.raises(Misuse, match="no backup"):
        restore(folder, tmp_path / "nothing")
