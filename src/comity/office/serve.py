"""The loop of a real office: one thread owns the core, sockets feed it, a broken store means a new core over the disk.

Stopping by SIGTERM writes the clean mark; a stop by force is safe, and the next start asks a mirror first (law 35).
Nothing that goes wrong ends it: each step may fail, is told once, and is tried again after a pause (`Steps`).
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from comity.model.errors import Misuse, PeerError
from comity.model.history import Taken
from comity.model.spans import SECOND_MS
from comity.model.terms import Participant
from comity.office.config import DEFAULT, Limits
from comity.office.control import Control, Show, listen
from comity.office.folder import SYSTEM_CLOCK, OfficeFolder
from comity.office.founding import certificate_fault
from comity.office.listening import Places, listen_for_peers
from comity.office.messages import Request, Response
from comity.office.office import STORE, Office
from comity.office.page import Page, listen_to_readers
from comity.office.ports import Clock
from comity.office.steps import Steps
from comity.office.sweeping import SWEEPING, swept
from comity.office.sync import Sync
from comity.office.transport import PeerClient, PeerServer
from comity.tlog.errors import StoreError

READING = "reading the store anew"
TURNING = "the office's own turn"
LOOKING = "looking for what people must be told"
ASKING = "asking the others"
ADOPTING = "taking on who comes and letting go who leaves"
AGREEING = "telling the watch over the air what is agreed"
ADDRESSES, STRANGERS = "the given addresses", "addresses of strangers"
CERTIFICATE_NOTICE = timedelta(days=60)
AGREE_EVERY_MS, AGREE_AT_MOST_MS = 60 * SECOND_MS, SECOND_MS
NOT_OF_AIR = frozenset({"office", "alert", "duty", "precaution", "conflict", "hold", "fact", "threat", "clock"})
"""Chapters whose acts change nothing that is agreed about the air; the watch's own receipts are most of all entries."""
KEPT = "watch-kept"  # in the office's folder
REREAD_EVERY_MS = 2 * SECOND_MS  # people who write an address down wait for its use


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Where to listen for the other offices, and where to call them: host:port by participant id.

    `reread` gives the addresses as they are now, for participants come and go while the office runs. `watch` is the
    command that starts the watch over the air, if there are feeds to watch. `say` gets what
    the people who keep the software must see, texts of others in it, and shows it so that no sign moves a screen.
    """

    folder: OfficeFolder
    host: str
    port: int
    addresses: Mapping[str, str]
    limits: Limits = DEFAULT
    show: Show | None = None
    clock: Clock = SYSTEM_CLOCK
    page: Page | None = None
    reread: Callable[[], Mapping[str, str]] | None = None
    watch: tuple[str, ...] | None = None
    say: Callable[[str], None] = field(kw_only=True)
    ready: Callable[[Server], None] | None = field(default=None)


class Server:
    """Owns one office, its synchronisation and its sockets."""

    def __init__(self, options: ServeOptions) -> None:
        """Opens the office; raises Misuse, StoreError."""
        self._options = options
        self.office = options.folder.open(options.limits, options.clock)
        self.sync = Sync(self.office)
        self.stop = asyncio.Event()
        self.port = options.port
        self.page_port: int | None = None
        self.steps = Steps(options.clock, options.limits, options.say, self._note, self._mended)
        self._listening: asyncio.Server | None = None
        self._broken_office: Office | None = None
        self._changed = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()
        folder, self._addresses = options.folder, dict(options.addresses)
        self._reread_ms = 0
        self._is_swept = False
        self._looked_at: tuple[Office, int] | None = None
        self._agreed_ms, self._agree_pause_ms, self._is_concerned = -AGREE_EVERY_MS, AGREE_AT_MOST_MS, False
        self._adopted: tuple[dict[str, Participant], dict[str, str]] | None = None
        self._server = PeerServer(self._answer, folder.certificate, folder.tls_key, options.limits)
        self._client = PeerClient(folder.certificate, folder.tls_key, options.limits)
        self._adopt()

    async def run(self) -> None:
        """Serves until stopped, then stops cleanly."""
        runners = [await self._listen_to_peers(), await self._listen_to_people()]
        if self._options.page is not None:
            runners.append(await self._listen_to_readers(self._options.page))
        self._start_watch()
        try:
            if self._options.ready is not None:
                self._options.ready(self)
            while not self.stop.is_set():
                self._turn()
                await self._pause()
        finally:
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)
            if self._listening is not None:
                self._listening.close()
            for runner in runners:
                await runner.cleanup()
            await self._client.close()
            self._options.folder.socket.unlink(missing_ok=True)
            self._end()

    def _turn(self) -> None:
        """What is due: the office's own work, then the requests to others."""
        if self.office.broken is None:
            self._tried(TURNING, self.office.turn)
            self._tried(LOOKING, self.office.look_around)
            self._tried(ADOPTING, self._adopt)
            self._tried(SWEEPING, self._sweep)
            self._tried(AGREEING, self._agree)
        if self.office.broken is None:
            self._tried(ASKING, self._ask)
        elif self._broken_office is not self.office:
            self._broken_office = self.office
            self.steps.pause(READING)  # a disk that fails at every write is not read anew without a pause
        else:
            self._tried(READING, self._reopen)

    def _sweep(self) -> None:
        self._is_swept = self._is_swept or swept(self.office, self._options.folder.register())

    def _start_watch(self) -> None:
        """The watch over the air is a process of its own; what it needs is loaded only where there are feeds."""
        options = self._options
        if options.watch is None:
            return
        from comity.office.sky.beside import Beside
        from comity.office.sky.kept_file import KeptFile

        file = KeptFile(options.folder.path / KEPT)
        self.office.air = Beside(options.watch, options.limits, self._note, self._mended, file)
        watching = asyncio.create_task(self.office.air.run())
        self._calls.add(watching)

    def _agree(self) -> None:
        """Hands on what is agreed about the air, once a second at most, and in a tenth of the office's time: when
        something was taken that may concern it, and once in a while, since windows end."""
        office, now_ms = self.office, self.office.clock.steady_ms()
        if office.air is None or now_ms - self._agreed_ms < self._agree_pause_ms:
            return
        before, taken = self._looked_at, len(office.history.entries)
        if before is None or before[0] is not office or now_ms - self._agreed_ms >= AGREE_EVERY_MS:
            self._is_concerned = True
        elif not self._is_concerned:
            self._is_concerned = any(map(_concerns_air, office.history.entries[before[1] :]))
        self._looked_at = office, taken
        if not self._is_concerned:
            return
        from comity.views.sky.agreed import agreed_of

        self._agreed_ms = now_ms
        at_ms = office.clock.now_ms()
        office.air.agree(agreed_of(office.view(), at_ms, office.participant.id), at_ms)
        self._agree_pause_ms = max(AGREE_AT_MOST_MS, 10 * (office.clock.steady_ms() - now_ms))
        self._is_concerned = False

    def _adopt(self) -> None:
        """Who is answered and who is called, as the terms in force and the given addresses have it now."""
        peers, now_ms = self.office.peers, self.office.clock.steady_ms()
        if now_ms >= self._reread_ms:
            self._reread_ms = now_ms + min(self._options.limits.poll_every_ms, REREAD_EVERY_MS)
            self._reread()
            self._look_at_certificates(peers)
        if self._adopted == (peers, self._addresses):
            return
        self._server.adopt(peers)
        self._client.adopt(peers, self._addresses)
        self._adopted = peers, self._addresses
        self.office.mended(STRANGERS)
        for name in sorted(self._addresses.keys() - peers.keys()):
            self.office.note_problem(
                f"an address of {name} is given, whom no terms in force name as another", STRANGERS
            )

    def _reread(self) -> None:
        try:
            if self._options.reread is not None:
                self._addresses = dict(self._options.reread())
            self.office.mended(ADDRESSES)
        except Misuse as error:
            self.office.note_problem(str(error), ADDRESSES)

    def _look_at_certificates(self, peers: Mapping[str, Participant]) -> None:
        """Says for some weeks before a certificate ends that the parties must agree on a new one."""
        now = datetime.now(UTC)  # TLS goes by the machine's clock, a drill's as well
        for each in (self.office.participant, *peers.values()):
            about = f"the certificate of {each.id}"
            fault = certificate_fault(each.id, each.pins.certificate, now, CERTIFICATE_NOTICE) if each.pins else None
            if fault is not None:
                self.office.note_problem(fault, about)
            else:
                self.office.mended(about)

    def _ask(self) -> None:
        for name, request in self.sync.due(self.office.clock.steady_ms()):
            call = asyncio.create_task(self._call(self.sync, name, request))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    def _tried(self, step: str, do: Callable[[], None]) -> None:
        """One step, unless it is left alone for having failed; a failing store is recorded where it failed."""
        if not self.steps.may(step):
            return
        try:
            do()
        except StoreError:
            return  # the next turn opens the store anew
        except Exception as error:
            self.steps.failed(step, error)
            return
        self.steps.succeeded(step)

    async def _call(self, sync: Sync, name: str, request: Request) -> None:
        step = f"taking an answer of {name}"
        try:
            if not self.steps.may(step):
                raise PeerError(f"{name} is left alone for a while")
            response = await self._client.call(name, request)
            if sync is not self.sync:
                return  # the office was opened anew meanwhile, and asks for itself
            sync.receive(name, request, response, sync.office.clock.steady_ms())
            self.steps.succeeded(step)
        except PeerError as error:
            if name in self._client.names and self.steps.may(step):
                sync.office.note_problem(str(error), name)
            sync.failed(name, request, sync.office.clock.steady_ms())
        except StoreError:
            pass  # recorded; the next turn opens the store anew
        except Exception as error:
            self.steps.failed(step, error)
            sync.failed(name, request, sync.office.clock.steady_ms())
        self._changed.set()

    def _answer(self, name: str, request: Request) -> Response:
        try:
            response = self.sync.answer(name, request)
        except (PeerError, StoreError):
            raise
        except Exception as error:
            self.steps.failed(f"answering {name}", error)
            raise PeerError("this office failed at that, and its people are told; ask again later") from None
        self.steps.succeeded(f"answering {name}")
        self._changed.set()
        return response

    def _note(self, text: str, about: str) -> None:
        self.office.note_problem(text, about)

    def _mended(self, about: str) -> None:
        self.office.mended(about)

    async def _pause(self) -> None:
        """Until something changed or it is time again."""
        waits = [asyncio.create_task(self._changed.wait()), asyncio.create_task(self.stop.wait())]
        await asyncio.wait(
            waits, timeout=self._options.limits.turn_every_ms / SECOND_MS, return_when=asyncio.FIRST_COMPLETED
        )
        for each in waits:
            each.cancel()
        self._changed.clear()

    def _reopen(self) -> None:
        """A new core over the disk; a store that cannot be opened is tried again after a pause that doubles."""
        try:
            self.office.logs.store.close()
            opened = self._options.folder.open(self._options.limits, self._options.clock)
        except (StoreError, Misuse) as error:
            self.office.note_problem(f"the store cannot be opened: {error}", STORE)
            self.steps.pause(READING)
            return
        opened.problems.inherit(self.office.problems)
        opened.heard_ms.update(self.office.heard_ms)
        opened.air = self.office.air
        opened.mended(STORE)
        self.office, self.sync = opened, Sync(opened)

    def _end(self) -> None:
        try:
            self.office.close()
        except StoreError:
            return  # then it was no clean stop, and the next start asks a mirror

    async def _listen_to_peers(self) -> web.AppRunner:
        runner = web.AppRunner(self._server.application(), access_log=None)
        await runner.setup()
        assert runner.server is not None, "a runner that is set up has a server"
        places = Places(self._server.caller, self._options.limits)
        where, tls = (self._options.host, self._options.port), self._server.listening_context()
        self._listening = await listen_for_peers(runner.server, places, where, tls, self._options.limits)
        self.port = self._listening.sockets[0].getsockname()[1]
        return runner

    async def _listen_to_people(self) -> web.AppRunner:
        show = self._options.show or _nothing_to_show
        control = Control(lambda: self.office, show, self._changed.set, self.stop, self._options.limits, self.steps)
        return await listen(control.application(), self._options.folder.socket)

    async def _listen_to_readers(self, page: Page) -> web.AppRunner:
        runner = await listen_to_readers(page, lambda: self.office, self._options.clock, self.steps)
        self.page_port = runner.addresses[0][1]
        return runner


def _concerns_air(taken: Taken) -> bool:
    return taken.entry.header.act.partition(".")[0] not in NOT_OF_AIR


async def serve(options: ServeOptions) -> None:
    """Runs an office until SIGTERM or SIGINT, or until its people stop it."""
    server = Server(options)
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, server.stop.set)
    await server.run()


def _nothing_to_show(office: Office, asked: dict[str, Any]) -> dict[str, Any]:
    return {"problem": "this office was started without anything to show"}
