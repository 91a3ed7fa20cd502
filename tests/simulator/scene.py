"""The simulated world: a heap of moments, a network that loses, doubles, delays and cuts, and the machines on it.

Everything is decided by one seed; `trace` digests what happened, so that a replay can be compared.
"""

from __future__ import annotations

import hashlib
import heapq
import random
from collections.abc import Callable

from comity.office.messages import Request, decode_request, decode_response, encode_message
from comity.office.office import Office
from comity.tlog.errors import StoreError
from office.founded import Founded
from simulator.disk import Crash
from simulator.machine import Machine, Moment
from simulator.options import Options
from simulator.witness import Witness

TURN_MS = 300_000


class Scene:
    """Machines, the network between them, and time."""

    def __init__(self, seed: int, options: Options, founded: Founded) -> None:
        self.options = options
        self.dice = random.Random(f"scene {seed}")
        self.moment = Moment()
        self.machines = [Machine(name, founded, self.moment) for name in options.names]
        self.twins: dict[str, Machine] = {}
        self.sides: dict[str, set[str]] = {}
        self.cut: dict[tuple[str, str], int] = {}
        self.witness = Witness()
        self.calm = False
        self.counts = {"crashes": 0, "partitions": 0, "messages": 0, "lost": 0, "tails": 0, "backups": 0, "jumps": 0}
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0
        self._trace = hashlib.sha256()

    def after(self, wait_ms: int, do: Callable[[], None]) -> None:
        """Does something so many milliseconds from now."""
        self._number += 1
        heapq.heappush(self._heap, (self.moment.true_ms + max(wait_ms, 1), self._number, do))

    def run_until(self, true_ms: int) -> None:
        """Lets everything happen that happens before that moment."""
        while self._heap and self._heap[0][0] <= true_ms:
            when, number, do = heapq.heappop(self._heap)
            self.moment.true_ms = when
            self._trace.update(f"{when} {number}\n".encode())
            do()
        self.moment.true_ms = true_ms

    def trace(self) -> str:
        """The digest of everything that happened."""
        return self._trace.hexdigest()

    def note(self, text: str) -> None:
        """Adds to what a replay must repeat."""
        self._trace.update(text.encode())

    def everyone(self) -> list[Machine]:
        """Every machine, a forking party's second ones too."""
        return [*self.machines, *self.twins.values()]

    def honest(self) -> list[Machine]:
        """The machines of the parties that do not lie."""
        return [machine for machine in self.machines if not machine.lies]

    def guarded(self, machine: Machine, do: Callable[[Office], None]) -> None:
        """Something that the machine does by itself; a failing disk ends its run."""
        if machine.office is None:
            return
        try:
            do(machine.office)
        except Crash:
            self.crash(machine)
        except StoreError:
            self.restart_broken(machine)

    def crash(self, machine: Machine) -> None:
        """The machine stops at once, and starts again after a while."""
        if machine.office is None:
            return
        self.counts["crashes"] += 1
        machine.stop()
        longest_ms = 1_000 if self.calm else 3_600_000
        self.after(self.dice.randint(500, longest_ms), lambda: self.start(machine))

    def restart_broken(self, machine: Machine) -> None:
        """The disk failed under a running office: it is built anew from the store."""
        machine.stop()
        self.after(1_000, lambda: self.start(machine))

    def start(self, machine: Machine) -> None:
        """The machine comes up; if its disk fails at that, it tries again."""
        if machine.office is not None:
            return
        try:
            machine.start()
        except (Crash, StoreError):
            machine.office = machine.sync = None
            self.after(1_000, lambda: self.start(machine))
            return
        self.turn(machine)

    def turn(self, machine: Machine) -> None:
        """What the office does by itself, and what it sends."""
        self.guarded(machine, lambda office: office.turn())
        self.guarded(machine, lambda office: office.look_around())
        if machine.sync is None:
            return
        for peer, request in machine.sync.due(machine.clock.steady_ms()):
            self._send(machine, peer, request)
        self._wake(machine, machine.next_due_ms() - machine.clock.steady_ms())

    def _wake(self, machine: Machine, wait_ms: int) -> None:
        when_ms = self.moment.true_ms + max(wait_ms, 1)
        if self.moment.true_ms < machine.wakes_ms <= when_ms:
            return
        machine.wakes_ms = when_ms

        def wake() -> None:
            if machine.wakes_ms == self.moment.true_ms:
                self.turn(machine)

        self.after(wait_ms, wake)

    def is_cut(self, one: str, other: str) -> bool:
        """Whether nothing passes from one to the other now."""
        return self.cut.get((one, other), 0) > self.moment.true_ms

    def side_of(self, name: str, seen_from: str) -> Machine:
        """The machine that answers for a name: a liar shows another one to some."""
        twin = self.twins.get(name)
        if twin is not None and seen_from in self.sides[name]:
            return twin
        return next(machine for machine in self.machines if machine.name == name)

    def _send(self, sender: Machine, peer: str, request: Request) -> None:
        if peer not in self.options.names or self.side_of(sender.name, peer) is not sender:
            return
        run, data = sender.run, encode_message(request)
        for delay_ms in self._delays(sender.name, peer):
            self.after(delay_ms, lambda: self._arrive(sender, run, peer, request, data))

    def _arrive(self, sender: Machine, run: int, peer: str, request: Request, data: bytes) -> None:
        receiver = self.side_of(peer, sender.name)
        if receiver.sync is None or receiver.office is None:
            return
        try:
            answer = receiver.sync.answer(sender.name, decode_request(data))
        except StoreError:
            self.restart_broken(receiver)
            return
        self.witness.saw(receiver.office, answer)
        back = encode_message(answer)
        for delay_ms in self._delays(peer, sender.name):
            self.after(delay_ms, lambda: self._return(sender, run, peer, request, back))
        self.turn(receiver)

    def _return(self, sender: Machine, run: int, peer: str, request: Request, data: bytes) -> None:
        if sender.sync is None or sender.run != run:
            return
        if self.side_of(sender.name, peer) is not sender:
            return
        sync, answer = sender.sync, decode_response(data)
        self.guarded(sender, lambda office: sync.receive(peer, request, answer, sender.clock.steady_ms()))
        self.turn(sender)

    def _delays(self, one: str, other: str) -> list[int]:
        """When copies of a message arrive: none if it is lost."""
        self.counts["messages"] += 1
        calm = self.calm
        if self.is_cut(one, other) or (not calm and self.dice.random() < self.options.loss):
            self.counts["lost"] += 1
            return []
        copies = 2 if not calm and self.dice.random() < self.options.double else 1
        slow = not calm and self.dice.random() < self.options.slow
        return [self.dice.randint(20, 120_000 if slow else 600) for _ in range(copies)]
