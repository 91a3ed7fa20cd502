"""The control socket: how the people of an office reach it from their own machine. Handlers are thin.

A unix socket that only its owner may open, JSON in and out, one shape of error: {"problem": text}.
Keys never come here: an act is prepared, signed where the officer's key is, and submitted.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from comity.model.acts import WIRE
from comity.model.entry import Assertion, Second
from comity.model.errors import Malformed, Misuse, PeerError
from comity.model.history import Taken
from comity.model.verdict import Refusal
from comity.office.config import Limits
from comity.office.desk import Draft, Stale, with_assertion, with_second
from comity.office.office import Office
from comity.office.signatures import challenge_of
from comity.office.sky.seen import air_of
from comity.office.steps import Steps
from comity.tlog.errors import StoreError
from comity.views.sky.report import AirReport

ALERTS_SHOWN = 20
Show = Callable[[Office, dict[str, Any]], Any]
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Preparation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of POST /prepare."""

    act: str
    seat: str
    key: str
    body: msgspec.Raw
    version: int = 1
    second: tuple[str, str] | None = None
    passkey: str | None = None
    second_passkey: str | None = None


class Assembly(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of POST /assemble: the JSON that was prepared, and what other hands than the first key's add to it."""

    json: str
    second: Second | None = None
    assertion: Assertion | None = None


class Submission(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of POST /submit: the JSON that was signed, and the signature, hex."""

    json: str
    signature: str


class Control:
    """The endpoints; `office` gives the running office, `changed` tells the loop that something was signed."""

    def __init__(
        self,
        office: Callable[[], Office],
        show: Show,
        changed: Callable[[], None],
        stop: asyncio.Event,
        limits: Limits,
        steps: Steps,
    ) -> None:
        """`show` answers POST /show for the interfaces; `steps` is told what failed unforeseen."""
        self._office = office
        self._show = show
        self._changed = changed
        self._stop = stop
        self._limits = limits
        self._steps = steps

    def application(self) -> web.Application:
        """The routes, bodies bounded, errors in one shape."""
        application = web.Application(client_max_size=self._limits.socket_body_bytes, middlewares=[self._errors])
        application.router.add_post("/prepare", self._prepare)
        application.router.add_post("/assemble", self._assemble)
        application.router.add_post("/submit", self._submit)
        application.router.add_post("/show", self._shown)
        application.router.add_get("/status", self._status)
        application.router.add_post("/confirm-clock", self._confirm_clock)
        application.router.add_post("/stop", self._stopped)
        return application

    async def _prepare(self, request: web.Request) -> web.Response:
        asked = _read(await request.read(), Preparation)
        kind = WIRE.get((asked.act, asked.version))
        if kind is None:
            raise Misuse(f"there is no act {asked.act} of version {asked.version}; comity act --help names them")
        act = msgspec.json.decode(asked.body, type=kind)
        signers = (asked.seat, asked.key, asked.second, asked.passkey, asked.second_passkey)
        return _json(as_json(self._office().prepare(act, *signers)))

    async def _assemble(self, request: web.Request) -> web.Response:
        asked = _read(await request.read(), Assembly)
        return _json(assembled(asked.json.encode(), asked.second, asked.assertion))

    async def _submit(self, request: web.Request) -> web.Response:
        asked = _read(await request.read(), Submission)
        try:
            signature = bytes.fromhex(asked.signature)
        except ValueError:
            raise Misuse("the signature is not hex; give 128 hex digits") from None
        result = self._office().submit(asked.json.encode(), signature)
        self._changed()
        return _json(as_json(result))

    async def _shown(self, request: web.Request) -> web.Response:
        return _json(self._show(self._office(), _read(await request.read(), dict[str, Any])))

    async def _status(self, request: web.Request) -> web.Response:
        return _json(status(self._office()))

    async def _confirm_clock(self, request: web.Request) -> web.Response:
        self._office().confirm_clock()
        return _json({"confirmed": True})

    async def _stopped(self, request: web.Request) -> web.Response:
        self._stop.set()
        return _json({"stopping": True})

    @web.middleware
    async def _errors(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except (Misuse, Malformed, msgspec.DecodeError) as error:
            return _json({"problem": str(error)}, 400)
        except PeerError as error:
            return _json({"problem": str(error)}, 502)
        except StoreError as error:
            return _json({"problem": str(error)}, 503)
        except web.HTTPException:
            raise
        except Exception as error:
            self._steps.failed(f"answering {request.path[:40]} of its people", error)
            self._changed()
            return _json({"problem": "a fault of the software; what the office wrote to its stderr says where"}, 500)


def as_json(result: Draft | Taken | Refusal | Stale) -> dict[str, Any]:
    """What came of an act, as the socket says it."""
    match result:
        case Draft():
            return {"draft": {"json": result.json.decode(), "challenge": challenge_of(result.json)}}
        case Taken():
            entry = result.entry
            return {"taken": {"id": entry.id, "origin": entry.origin, "seq": entry.seq, "at_ms": entry.at_ms}}
        case Refusal(rule, clause, problem, remedy):
            return {"refusal": {"rule": rule, "clause": clause, "problem": problem, "remedy": remedy}}
        case Stale():
            return {"stale": {"reason": result.reason}}


def assembled(json: bytes, second: Second | None, assertion: Assertion | None) -> dict[str, str]:
    """The JSON that the first key is to sign, in the profile's spelling, and what the first officer's passkey confirms.

    Given to a client that cannot write the profile; the office keeps nothing of it, and `submit` checks all.
    """
    confirmed = json if second is None else with_second(json, second)
    whole = confirmed if assertion is None else with_assertion(confirmed, assertion)
    return {"json": whole.decode(), "challenge": challenge_of(confirmed)}


def status(office: Office) -> dict[str, Any]:
    """How the office stands: its logs, what stops it, what went wrong."""
    logs = [
        {
            "origin": branch.origin,
            "size": branch.size,
            "root": branch.tree.root().hex(),
            "cosigned_by": office.notary.cosigners(branch.note) if branch.note is not None else [],
            "fork": branch.fork if office.logs.first(branch.origin) is not branch else None,
        }
        for branch in office.logs.branches
    ]
    return {
        "origin": office.origin,
        "participant": office.participant.id,
        "fault": office.fault(),
        "clock_fault": office.clock_fault(),
        "clock_remedy": office.clock_remedy(),
        "logs": logs,
        "forked": sorted(office.forked()),
        "waiting": len(office.intake.room),
        "waiting_restraints": [each.id for each in office.waiting_restraints()],
        "heard": sorted(office.restart.heard),
        "heard_ms": dict(office.heard_ms),
        "problems": [asdict(each) for each in office.problems],
        "air": None if (report := air_of(office)) is None else air_status(report),
    }


def air_status(report: AirReport) -> dict[str, Any]:
    """How the watch over the air stands, without its tracks."""
    return {
        "at_ms": report.at_ms,
        "said": report.said,
        "waits_for": report.waits_for,
        "sources": list(report.sources),
        "unsound": list(report.unsound),
        "alerts": msgspec.to_builtins(report.alerts[:ALERTS_SHOWN]),
        "alerts_left_out": report.alerts_left_out + max(0, len(report.alerts) - ALERTS_SHOWN),
    }


async def listen(application: web.Application, path: Path) -> web.AppRunner:
    """Serves the application on a unix socket that only its owner may open."""
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    path.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(path))
    path.chmod(0o600)  # nobody can connect before it listens; a umask would be that of the whole process
    await web.SockSite(runner, door).start()
    return runner


def _read(data: bytes, kind: Any) -> Any:
    return msgspec.json.decode(data or b"{}", type=kind)


def _json(value: Any, status_code: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status_code, content_type="application/json")
