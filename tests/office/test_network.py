"""The network at its worst: half-open and slow connections, wrong and ended certificates, oversize and odd answers."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from comity.model.acts.duty import LineCheck
from comity.model.acts.operations import Hold
from comity.model.errors import PeerError
from comity.model.spans import MINUTE_MS
from comity.model.terms import Participant, Pins, Role
from comity.office.config import Limits
from comity.office.folder import OfficeFolder
from comity.office.founding import certificate_fault, new_certificate
from comity.office.keyring import SystemRandomness, write_secret
from comity.office.listening import Places, listen_for_peers
from comity.office.messages import HeadsRequest, Request, Response
from comity.office.office import Office
from comity.office.serve import Server
from comity.office.transport import PeerClient, PeerServer, client_context
from office.founded import Founded
from office.offices import Desk, Wire, opened, same
from office.served import NAMES, all_of, free_ports, server_of, until

CHECK = LineCheck(with_participant="south", result="working")
HASTY = Limits(
    poll_every_ms=300,
    backoff_first_ms=50,
    backoff_most_ms=200,
    request_timeout_ms=1_000,
    turn_every_ms=20,
    handshake_ms=500,
    connections_each=3,
    connection_age_ms=1_500,
)
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def hasty(path: Path) -> AsyncIterator[dict[str, Server]]:
    """North and south, with little patience; the centre is ours to misbehave with."""
    ports = dict(zip(NAMES, free_ports(3), strict=True))
    called = {name: ports[name] for name in ("north", "south")}
    async with all_of({name: server_of(path, name, called, HASTY) for name in called}) as servers:
        await until(lambda: all(server.office.heard_ms for server in servers.values()))
        yield servers


def as_centre(path: Path, server: Server) -> ssl.SSLContext:
    """TLS as the centre's office speaks it to north."""
    folder = OfficeFolder(path / "centre")
    return client_context(folder.certificate, folder.tls_key, server.office.participant)


async def still_served(servers: dict[str, Server]) -> None:
    """North still hears south and south north, newly."""
    before = {name: max(server.office.heard_ms.values()) for name, server in servers.items()}
    await until(lambda: all(max(server.office.heard_ms.values()) > before[name] for name, server in servers.items()))
    assert all(server.office.fault() is None for server in servers.values())


async def is_closed(reader: asyncio.StreamReader) -> bool:
    """Whether the other side lets go within some seconds."""
    try:
        async with asyncio.timeout(8):
            while await reader.read(65_536):
                pass
    except TimeoutError:
        return False
    except (OSError, ssl.SSLError):
        return True
    return True


def test_connections_that_say_nothing(tmp_path: Path, founded: Founded) -> None:
    """A crowd that opens connections and never shakes hands is let go, and the others are served meanwhile."""

    async def play() -> None:
        async with hasty(tmp_path) as servers:
            port = servers["north"].port
            crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(60)]
            await still_served(servers)
            assert all([await is_closed(reader) for reader, _ in crowd])
            for _, writer in crowd:
                writer.close()

    asyncio.run(play())


def test_a_pinned_peer_that_speaks_byte_by_byte(tmp_path: Path, founded: Founded) -> None:
    """A participant has few places, and none for long, however slowly it speaks; the others are served meanwhile."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        for byte in b"POST /sync HTTP/1.1\r\nHost: north\r\nContent-Length: 1000\r\n\r\n" + bytes(1000):
            writer.write(bytes([byte]))
            await asyncio.sleep(0.05)

    async def play() -> None:
        async with hasty(tmp_path) as servers:
            context = as_centre(tmp_path, servers["north"])
            lines = [await asyncio.open_connection("127.0.0.1", servers["north"].port, ssl=context) for _ in range(6)]
            drips = [asyncio.create_task(drip(writer)) for _, writer in lines]
            await still_served(servers)
            assert all([await is_closed(reader) for reader, _ in lines])
            for each in drips:
                each.cancel()
            await asyncio.gather(*drips, return_exceptions=True)
            await still_served(servers)

    asyncio.run(play())


def test_a_body_that_never_ends(tmp_path: Path, founded: Founded) -> None:
    """A request whose body does not come is answered with a sentence when its time is over."""

    async def play() -> None:
        async with hasty(tmp_path) as servers:
            context = as_centre(tmp_path, servers["north"])
            reader, writer = await asyncio.open_connection("127.0.0.1", servers["north"].port, ssl=context)
            writer.write(b"POST /sync HTTP/1.1\r\nHost: north\r\nContent-Length: 1000\r\n\r\n")
            async with asyncio.timeout(8):
                assert b" 408 " in await reader.readline()
            writer.close()

    asyncio.run(play())


Speak = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def oversize(writer: asyncio.StreamWriter) -> None:
    """More than any message may hold."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + bytes(65_536) + b"\r\n")
        await writer.drain()


async def endless(writer: asyncio.StreamWriter) -> None:
    """An answer that goes on for ever, byte by byte."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silent(writer: asyncio.StreamWriter) -> None:
    """No answer, and no end."""
    await asyncio.sleep(60)


async def packed(writer: asyncio.StreamWriter) -> None:
    """A small body that says it is packed: it is not unpacked."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")


async def elsewhere(writer: asyncio.StreamWriter) -> None:
    """Ask somebody else: nobody follows."""
    writer.write(b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")


ODD: dict[str, tuple[Speak, str]] = {
    "oversize": (oversize, "the most is"),
    "endless": (endless, "no answer in time"),
    "silent": (silent, "no answer in time"),
    "packed": (packed, "not a response"),
    "elsewhere": (elsewhere, "answered 302"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_answers_of_a_peer(tmp_path: Path, founded: Founded, name: str) -> None:
    """An answer that is too long, endless, missing, packed or elsewhere is one sentence, within its time."""
    speak, words = ODD[name]
    folder, peers = OfficeFolder(tmp_path / "north"), {}
    office = OfficeFolder(tmp_path / "south").open()
    peers["south"] = office.participant
    office.logs.store.close()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    south = OfficeFolder(tmp_path / "south")
    context.load_cert_chain(south.certificate, south.tls_key)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await speak(writer)
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def play() -> None:
        listening = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
        port = listening.sockets[0].getsockname()[1]
        client = PeerClient(folder.certificate, folder.tls_key, Limits(request_timeout_ms=1_500, message_bytes=100_000))
        client.adopt(peers, {"south": f"127.0.0.1:{port}"})
        async with asyncio.timeout(10):
            with pytest.raises(PeerError, match=words):
                await client.call("south", HeadsRequest())
        await client.close()
        listening.close()

    asyncio.run(play())


def shown(path: Path, name: str, begun: datetime) -> Participant:
    """A participant whose certificate was made at that time, its files beside."""
    made = new_certificate(f"demo/{name}", begun, SystemRandomness())
    (path / f"{name}.crt").write_text(made.certificate)
    write_secret(path / f"{name}.pem", made.private_key)
    pins = Pins(
        origin=f"demo/{name}",
        root_key="00" * 32,
        office_key="00" * 32,
        head_key="-",
        cosign_key="-",
        certificate=made.certificate,
    )
    return Participant(id=name, name=name, role=Role.OBSERVER, pins=pins)


AGES = {
    "theirs has ended": (0, 4_000, "certificate of south ended on"),
    "theirs is to come": (0, -100, "certificate of south begins on .* set the clock right"),
    "ours has ended": (4_000, 0, "certificate of this office ended on"),
    "ours is to come": (-100, 0, "certificate of this office begins on .* set the clock right"),
}


@pytest.mark.parametrize("which", AGES)
def test_certificates_out_of_their_time(tmp_path: Path, which: str) -> None:
    """A certificate out of its time, ours or theirs, is refused and named with its date and the remedy."""
    ours, theirs, words = AGES[which]
    now = datetime.now(UTC)
    north, south = (
        shown(tmp_path, name, now - timedelta(days=days)) for name, days in (("north", ours), ("south", theirs))
    )

    async def play() -> None:
        server = PeerServer(
            lambda name, request: pytest.fail("answered"), tmp_path / "south.crt", tmp_path / "south.pem", HASTY
        )
        server.adopt({"north": north})
        runner = web.AppRunner(server.application(), access_log=None)
        await runner.setup()
        assert runner.server is not None
        places = Places(server.caller, HASTY)
        listening = await listen_for_peers(runner.server, places, ("127.0.0.1", 0), server.listening_context(), HASTY)
        client = PeerClient(tmp_path / "north.crt", tmp_path / "north.pem", HASTY)
        client.adopt({"south": south}, {"south": f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"})
        with pytest.raises(PeerError, match=words):
            await client.call("south", HeadsRequest())
        await client.close()
        listening.close()
        await runner.cleanup()

    asyncio.run(play())


def test_the_end_of_a_certificate_is_told_before(tmp_path: Path) -> None:
    """For some weeks before a pinned certificate ends, the status asks for a new one."""
    pem = new_certificate("demo/north", datetime(2020, 1, 1, tzinfo=UTC), SystemRandomness()).certificate
    ends = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=3652)
    notice = timedelta(days=60)
    assert certificate_fault("north", pem, ends - timedelta(days=61), notice) is None
    assert "north ends on 2029-12-31" in str(certificate_fault("north", pem, ends - timedelta(days=59), notice))
    assert "ended on" in str(certificate_fault("north", pem, ends + timedelta(seconds=1)))


class Odd(Wire):
    """A wire that doubles, delays and reorders what it carries, by the dice."""

    dice = random.Random(7)

    def settle(self, rounds: int = 60, pass_ms: int = 100) -> None:
        """Every answer comes up to three times, in any order with those of other requests of the same round."""
        for _ in range(rounds):
            late: list[tuple[Desk, str, Request, Response]] = []
            for desk in self.desks.values():
                desk.office.turn()
                for peer, request in desk.sync.due(desk.clock.run_ms):
                    for _ in range(self.dice.randint(0, 3)):
                        late.append((desk, peer, request, self.desks[peer].sync.answer(desk.name, request)))
            self.dice.shuffle(late)
            self.kept = getattr(self, "kept", []) + late
            for desk, peer, request, answer in self.dice.sample(self.kept, len(self.kept) // 2):
                desk.sync.receive(peer, request, answer, desk.clock.run_ms)
            self.kept = self.kept[-40:]
            next(iter(self.desks.values())).clock.pass_ms(5_000)


def test_doubled_delayed_and_reordered_messages() -> None:
    """Whatever comes twice, late or before what it followed: all come to hold the same, and nothing is lost."""
    wire, _ = opened(limits=Limits(request_timeout_ms=4_000, backoff_most_ms=4_000, poll_every_ms=4_000))
    odd = Odd(wire.desks.values())
    taken = []
    for number in range(10):
        name = ("north", "south", "east")[number % 3]
        other = ("south", "east", "north")[number % 3]
        taken.append(wire.desks[name].act(LineCheck(with_participant=other, result="working")))
        odd.settle(rounds=12)
    wire.polled()
    wire.polled()
    assert same(wire.desks.values())
    for desk in wire.desks.values():
        assert all(desk.office.history.find(each.entry.id) for each in taken)
        assert not desk.office.forked()


def test_a_cut_of_three_days() -> None:
    """For 72 hours north reaches nobody; both sides work on, and after the cut all hold the same, holds included."""
    wire, _ = opened()
    north, south = wire.desks["north"], wire.desks["south"]
    wire.cut = {(one, other) for one in wire.desks for other in wire.desks if "north" in (one, other)}
    for _ in range(72):
        for _ in range(6):
            north.clock.pass_ms(10 * MINUTE_MS)
            wire.settle(rounds=3)
        north.act(CHECK)
        south.act(LineCheck(with_participant="east", result="working"))
    hold = south.act(Hold())
    wire.cut = set()
    carried = wire.carried
    wire.polled()
    wire.polled()
    assert same(wire.desks.values())
    assert north.office.history.find(hold.entry.id) is not None
    assert wire.carried - carried < 500
    assert all(desk.office.clock_fault() is None and desk.office.fault() is None for desk in wire.desks.values())
    assert isinstance(north.office, Office) and north.act(CHECK)
