"""Offices over memory stores with a clock set by hand, and a wire that carries their messages at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from comity.model.acts import Act
from comity.model.entry import Entry
from comity.model.errors import PeerError
from comity.model.history import Taken
from comity.model.verdict import Refusal
from comity.office.config import DEFAULT, Limits
from comity.office.desk import Stale
from comity.office.founding import enrol_act, genesis_act
from comity.office.marks import MemoryMarks
from comity.office.messages import Request, Response
from comity.office.messages import decode_request as read_request
from comity.office.messages import decode_response as read_response
from comity.office.messages import encode_message as written
from comity.office.office import Office
from comity.office.sync import Sync
from comity.tlog.store import MemoryStore, Store
from office.founded import NAMES, SEATS, START_MS, Founded, found

Tamper = Callable[[str, str, Request, Response], Response | None]


@dataclass
class HandClock:
    """A clock that goes only when told. Satisfies `ports.Clock`."""

    wall_ms: int = START_MS
    run_ms: int = 0

    def now_ms(self) -> int:
        return self.wall_ms

    def steady_ms(self) -> int:
        return self.run_ms

    def pass_ms(self, ms: int) -> None:
        """Time passes."""
        self.wall_ms += ms
        self.run_ms += ms


@dataclass
class Desk:
    """One participant's machine: what survives a stop, and the office that runs on it."""

    name: str
    founded: Founded
    clock: HandClock
    store: Store = field(default_factory=MemoryStore)
    marks: MemoryMarks = field(default_factory=MemoryMarks)
    limits: Limits = DEFAULT

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """A new run over the same disk."""
        founded = self.founded
        self.office = Office(
            founded.founding, founded.rings[self.name], self.store, self.marks, self.clock, self.limits
        )
        self.sync = Sync(self.office)

    def act(self, act: Act, seat: str = "duty") -> Taken:
        """An act that must be admitted."""
        result = self.tried(act, seat)
        assert isinstance(result, Taken), result
        return result

    def tried(self, act: Act, seat: str = "duty") -> Taken | Refusal | Stale:
        """An act that may be refused."""
        self.clock.pass_ms(1000)
        signer = self.founded.roots[self.name] if seat == "root" else self.founded.officers[self.name, seat]
        return self.office.act(act, seat, signer)


class Wire:
    """Carries messages between desks until nothing more is due; cut, or tampered with, where a test says so."""

    def __init__(self, desks: Iterable[Desk]) -> None:
        self.desks = {desk.name: desk for desk in desks}
        self.cut: set[tuple[str, str]] = set()
        self.tamper: Tamper | None = None
        self.carried = 0

    def settle(self, rounds: int = 60, pass_ms: int = 100) -> None:
        """Carries what is due, a moment passing each round, until a round carries nothing."""
        for _ in range(rounds):
            before = self.carried
            for desk in self.desks.values():
                desk.office.turn()
                desk.office.look_around()
                for peer, request in desk.sync.due(desk.clock.run_ms):
                    self._carry(desk, peer, request)
            for clock in {id(desk.clock): desk.clock for desk in self.desks.values()}.values():
                clock.pass_ms(pass_ms)
            if self.carried == before:
                return

    def polled(self) -> None:
        """Time for every poll passes, then everything due is carried."""
        for clock in {id(desk.clock): desk.clock for desk in self.desks.values()}.values():
            clock.pass_ms(130_000)
        self.settle()

    def _carry(self, desk: Desk, peer: str, request: Request) -> None:
        self.carried += 1
        if (desk.name, peer) in self.cut or peer not in self.desks:
            desk.sync.failed(peer, request, desk.clock.run_ms)
            return
        try:
            answer: Response | None = self.desks[peer].sync.answer(desk.name, read_request(written(request)))
        except PeerError:
            answer = None  # a stranger there
        if self.tamper is not None and answer is not None:
            answer = self.tamper(desk.name, peer, request, answer)
        if answer is None:
            desk.sync.failed(peer, request, desk.clock.run_ms)
            return
        desk.sync.receive(peer, request, read_response(written(answer)), desk.clock.run_ms)


def opened(names: tuple[str, ...] = NAMES, limits: Limits = DEFAULT, settled: bool = True) -> tuple[Wire, Founded]:
    """Founded offices whose logs are begun and whose officers are enrolled, all seen by all."""
    founded, clock = found(names), HandClock()
    wire = Wire(Desk(name, founded, clock, limits=limits) for name in names)
    for name, desk in wire.desks.items():
        desk.act(genesis_act(desk.office.participant, founded.founding), "root")
        if name == "centre":
            continue
        for seat in SEATS:
            desk.act(enrol_act(desk.office.origin, f"{name} {seat}", (seat,), founded.officers[name, seat]), "root")
    if settled:
        wire.settle()
    return wire, founded


def entries(desk: Desk) -> list[tuple[str, bool]]:
    """Every entry held and whether it is admitted, in the order for people."""
    taken = sorted(desk.office.history.entries, key=lambda each: each.order)
    return [(each.entry.id, each.refusal is None) for each in taken]


def same(desks: Iterable[Desk]) -> bool:
    """Whether all hold the same entries with the same verdicts."""
    return len({tuple(entries(desk)) for desk in desks}) == 1


def texts(desk: Desk) -> str:
    """The recorded problems, as people read them."""
    return "\n".join(each.text for each in desk.office.problems)


def newest(desk: Desk, origin: str) -> Entry:
    """The newest entry of a log that the desk holds."""
    branch = desk.office.logs.first(origin)
    assert branch is not None
    return desk.office.history.at(branch.id, branch.size - 1).entry
