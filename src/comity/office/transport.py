"""The real network between offices: TLS 1.3, mutual, both ends pinned by the certificates in the founding file.

One endpoint, POST /sync, carries one request and one response. Who is not pinned fails the handshake, and is held
against the pinned certificate once more before anything is read: he gets no entry, tile or checkpoint.
Trusted: the pins and this office's own TLS key. Not trusted: addresses; they say where to try, never who answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from aiohttp import web

from comity.model.errors import Misuse, PeerError
from comity.model.spans import SECOND_MS
from comity.model.terms import Participant
from comity.office.config import Limits
from comity.office.founding import certificate_fault, certificate_fingerprint
from comity.office.messages import Request, Response, decode_request, decode_response, encode_message
from comity.tlog.errors import StoreError

PATH = "/sync"
_TYPE = "application/msgpack"
Answer = Callable[[str, Request], Response]


def pinned_names(participants: Mapping[str, Participant]) -> dict[bytes, str]:
    """Who each pinned certificate belongs to, by the SHA-256 of its DER bytes."""
    pinned = {each.id: each.pins.certificate for each in participants.values() if each.pins is not None}
    return {certificate_fingerprint(pem): name for name, pem in pinned.items()}


def client_context(certificate: Path, key: Path, peer: Participant) -> ssl.SSLContext:
    """TLS for calling one office: only its own pinned certificate is taken."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # the certificate itself is pinned, its names say nothing
    return _prepared(context, certificate, key, [peer])


class PeerServer:
    """The listening side of one office: only callers with a pinned certificate complete the handshake.

    Whom it answers may change while it listens: each handshake is held against the pins of that moment, and each
    request on a connection that is open already is as well.
    """

    def __init__(self, answer: Answer, certificate: Path, key: Path, limits: Limits) -> None:
        """`answer` is `Sync.answer`; nobody is answered before `adopt`. Raises Misuse."""
        self._answer = answer
        self._files = certificate, key
        self._limits = limits
        self.adopt({})

    def adopt(self, participants: Mapping[str, Participant]) -> None:
        """From now on these are answered, and nobody else."""
        self._names = pinned_names(participants)
        pinned = [each for each in participants.values() if each.pins is not None]
        self._context = _prepared(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), *self._files, pinned)

    def listening_context(self) -> ssl.SSLContext:
        """TLS for the listening socket; it trusts nobody itself, and turns each handshake to the pins of now."""
        context = _prepared(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), *self._files, [])

        def turn(tls: ssl.SSLSocket | ssl.SSLObject, name: str | None, before: ssl.SSLContext) -> None:
            tls.context = self._context

        context.sni_callback = turn
        return context

    def application(self) -> web.Application:
        """The one endpoint, its bodies bounded."""
        application = web.Application(client_max_size=self._limits.message_bytes)
        application.router.add_post(PATH, self._sync)
        return application

    async def _sync(self, request: web.Request) -> web.Response:
        name = self.caller(request.transport) if request.transport is not None else None
        if name is None:
            return web.Response(status=403, text="no pinned certificate: this office answers its participants only")
        try:
            async with asyncio.timeout(self._limits.request_timeout_ms / SECOND_MS):
                data = await request.read()
            message = decode_request(data, self._limits)
            answer = self._answer(name, message)
        except PeerError as error:
            return web.Response(status=400, text=str(error))
        except TimeoutError:
            return web.Response(status=408, text="the request did not come in time")
        except StoreError:
            return web.Response(status=503, text="the store of this office failed; ask again later")
        return web.Response(body=encode_message(answer), content_type=_TYPE)

    def caller(self, transport: asyncio.BaseTransport) -> str | None:
        """Whose certificate the caller has shown; None for a stranger."""
        tls = transport.get_extra_info("ssl_object")
        der = tls.getpeercert(binary_form=True) if tls is not None else None
        return self._names.get(hashlib.sha256(der).digest()) if der else None


class PeerClient:
    """The calling side of one office: one pinned connection pool a peer."""

    def __init__(self, certificate: Path, key: Path, limits: Limits) -> None:
        """Nobody is called before `adopt`."""
        self._files = certificate, key
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._addresses: dict[str, str] = {}
        self._pinned: dict[str, str] = {}
        self._limits = limits
        self._session: aiohttp.ClientSession | None = None

    def adopt(self, peers: Mapping[str, Participant], addresses: Mapping[str, str]) -> None:
        """From now on these are called at these addresses, host:port by id; who has none is not called."""
        self._addresses = {name: where for name, where in addresses.items() if name in peers}
        self._contexts = {name: client_context(*self._files, peers[name]) for name in self._addresses}
        self._pinned = {name: pins.certificate for name in self._addresses if (pins := peers[name].pins) is not None}

    @property
    def names(self) -> frozenset[str]:
        """Whom this office can call."""
        return frozenset(self._addresses)

    async def call(self, name: str, request: Request) -> Response:
        """One request to one peer; PeerError if it cannot be reached or answers nonsense."""
        if name not in self._addresses:
            raise PeerError(f"no address of {name} is configured; it may call this office")
        where = self._addresses[name]
        try:
            return decode_response(await self._post(name, encode_message(request)), self._limits)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = self._certificate_fault(name) or _reason(error)
            raise PeerError(f"{name} cannot be reached at {where}: {reason}") from None

    def _certificate_fault(self, name: str) -> str | None:
        """Whether it is the time that spoils the handshake: the machine's, since that is what TLS goes by."""
        now = datetime.now(UTC)
        own = certificate_fault("this office", self._files[0].read_text(), now)
        return own or certificate_fault(name, self._pinned[name], now)

    async def close(self) -> None:
        """Lets all connections go."""
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)

    async def _post(self, name: str, body: bytes) -> bytes:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._limits.request_timeout_ms / SECOND_MS)
            self._session = aiohttp.ClientSession(timeout=timeout, auto_decompress=False, trust_env=False)
        url = f"https://{self._addresses[name]}{PATH}"
        async with self._session.post(
            url, data=body, ssl=self._contexts[name], headers={"Content-Type": _TYPE}, allow_redirects=False
        ) as answer:
            data = await answer.content.read(self._limits.message_bytes + 1)
            while len(data) <= self._limits.message_bytes and not answer.content.at_eof():
                data += await answer.content.read(self._limits.message_bytes + 1 - len(data))
            if answer.status != 200:
                raise PeerError(f"{name} answered {answer.status}: {data[:200].decode('utf-8', 'replace')}")
            return data


def _reason(error: Exception) -> str:
    """Why a call failed, in words that a duty officer can pass on; a library's own text names its objects."""
    if isinstance(error, TimeoutError):
        return "no answer in time; try again, or ring them"
    if isinstance(error, aiohttp.ClientSSLError | aiohttp.ClientConnectorCertificateError):
        return "another certificate than the pinned one answers there; find out who does"
    if isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError) and not isinstance(
        error, aiohttp.ClientConnectorError
    ):
        return "it hangs up on this office: it stops just now, or no terms in force there name this office; ask them"
    return "nobody answers there; ring them, or check the line"


def _prepared(context: ssl.SSLContext, certificate: Path, key: Path, trusted: Iterable[Participant]) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # a pinned certificate vouches for itself
    for each in trusted:
        assert each.pins is not None, "a participant is called by its pins"
        context.load_verify_locations(cadata=each.pins.certificate)
    try:
        context.load_cert_chain(certificate, key)
    except OSError:  # ssl.SSLError is one
        raise Misuse(
            f"{_tls_fault(certificate, key)}; put it back: comity keys restore OFFICE --root ROOT, or the folder "
            f"{key.parent.name} from a backup; the others know this office by that certificate and by no other"
        ) from None
    return context


def _tls_fault(certificate: Path, key: Path) -> str:
    """Which of the two files TLS cannot use, and why."""
    for path in (certificate, key):
        if not path.is_file():
            return f"{path} is missing"
    try:
        certificate_fingerprint(certificate.read_text())
    except (Misuse, ValueError):
        return f"{certificate} is damaged, it holds no certificate"
    return f"{key} is damaged, it does not hold the key of {certificate.name}"
