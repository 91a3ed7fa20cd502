"""One seed: the offices are founded, mistreated for days, healed, and then every promise is checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from comity.model.acts import Act
from comity.model.entry import Second
from comity.model.history import Taken
from comity.model.spans import DAY_MS, HOUR_MS, MINUTE_MS
from comity.model.verdict import Refusal
from comity.office.desk import Draft, with_second
from comity.office.founding import enrol_act, genesis_act
from comity.office.office import Office
from comity.office.signatures import entry_message, second_message
from office.founded import SEATS, found
from simulator.deeds import chosen, set_clock_back
from simulator.disk import FAULTS
from simulator.machine import Machine
from simulator.options import Options, options_of
from simulator.scene import TURN_MS, Scene

TRIES = 4  # kinds of acts that an officer thinks of before he lets it be


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one seed came to; `trace` is the same at every replay."""

    seed: int
    options: Options
    entries: int
    admitted: int
    refused_at_door: dict[str, int]
    crashes: int
    partitions: int
    messages: int
    forks: int
    trace: str


class Play:
    """Drives one scene."""

    def __init__(self, seed: int, options: Options) -> None:
        self.founded = found(options.names, 60)
        self.scene = Scene(seed, options, self.founded)
        self.options = options
        self.dice = self.scene.dice
        self.refused: Counter[str] = Counter()

    def begin(self) -> None:
        """Every office opens its log and enrols its officers; then trouble is sown."""
        for machine in self.scene.machines:
            machine.start()
            self._act(machine, genesis_act(_office(machine).participant, self.founded.founding), "root")
            for seat in SEATS if machine.name != "centre" else ():
                signer = self.founded.officers[machine.name, seat]
                self._act(machine, enrol_act(f"demo/{machine.name}", f"{machine.name} {seat}", (seat,), signer), "root")
            self._sow(machine)
        if self.options.liar is not None:
            self.scene.after(self.dice.randint(HOUR_MS, self.options.hours * HOUR_MS // 2), self._fork)
        self._wait(self.options.cut_every_ms // len(self.options.names), self._cut)

    def heal(self) -> None:
        """The network is whole, all machines run, all clocks are right; nobody does anything but the offices."""
        scene = self.scene
        scene.calm = True
        scene.cut.clear()
        for machine in scene.everyone():
            machine.disk.trip = None
            machine.clock.off_ms = 0
            scene.start(machine)
        for _ in range(40):
            scene.run_until(scene.moment.true_ms + 2 * MINUTE_MS)
            if self._settled():
                return

    def outcome(self, seed: int) -> Outcome:
        """Checks every promise and sums up."""
        scene, honest = self.scene, [_office(machine) for machine in self.scene.honest()]
        liars = frozenset(f"demo/{name}" for name in scene.twins)
        scene.witness.check(honest, liars)
        entries = honest[0].history.entries
        scene.note(f"{len(entries)} {honest[0].logs.digest(honest[0].view().clock)}")
        return Outcome(
            seed,
            self.options,
            len(entries),
            sum(taken.refusal is None for taken in entries),
            dict(self.refused),
            scene.counts["crashes"],
            scene.counts["partitions"],
            scene.counts["messages"],
            len(honest[0].forked()),
            scene.trace(),
        )

    def _sow(self, machine: Machine) -> None:
        self.scene.after(self.dice.randint(1, TURN_MS), lambda: self._turns(machine))
        self._wait(self.options.deed_every_ms, lambda: self._deeds(machine))
        self._wait(self.options.crash_every_ms, lambda: self._crashes(machine))
        if self.options.clock_jump_every_ms is not None:
            self._wait(self.options.clock_jump_every_ms, lambda: self._jumps(machine))

    def _wait(self, mean_ms: int, do: object) -> None:
        assert callable(do)
        self.scene.after(int(self.dice.expovariate(1 / mean_ms)), do)

    def _turns(self, machine: Machine) -> None:
        self.scene.turn(machine)
        self.scene.after(TURN_MS, lambda: self._turns(machine))

    def _deeds(self, machine: Machine) -> None:
        if self.scene.calm:
            return
        self._wait(self.options.deed_every_ms, lambda: self._deeds(machine))
        if self.dice.random() < self.options.disk_fault * 10:
            machine.disk.trip = (self.dice.choice(FAULTS), self.dice.random() < 0.5)
        if machine.office is not None and machine.name != "centre":
            self.scene.guarded(machine, lambda office: self._deed(machine, office))
            self.scene.turn(machine)

    def _deed(self, machine: Machine, office: Office) -> None:
        fault = office.clock_fault()
        if fault is not None and office.fault() is None:
            if "own log" in fault and machine.clock.off_ms == 0:
                self._set_back(machine, office)
            elif machine.clock.off_ms == 0:
                office.confirm_clock()
        for _ in range(TRIES):
            for act in chosen(office, self.dice):
                if isinstance(self._act(machine, act, self.dice.choice(SEATS)), Taken):
                    return

    def _act(self, machine: Machine, act: Act, seat: str) -> object:
        office = _office(machine)
        signer = self.founded.roots[machine.name] if seat == "root" else self.founded.officers[machine.name, seat]
        result = office.act(act, seat, signer)
        if isinstance(result, Taken):
            self._acknowledged(machine, result)
        elif isinstance(result, Refusal):
            self.refused[result.rule if result.rule != "office" else result.problem[:60]] += 1
        return result

    def _acknowledged(self, machine: Machine, taken: Taken) -> None:
        if not machine.lies:
            self.scene.witness.acknowledged[taken.entry.id] = taken.entry.origin
        self.scene.note(taken.entry.id)

    def _set_back(self, machine: Machine, office: Office) -> None:
        one, two = (self.founded.officers[machine.name, seat] for seat in SEATS)
        act = set_clock_back(office)
        if act is None:
            return
        draft = office.prepare(act, SEATS[0], one.key, (two.key, SEATS[1]))
        if not isinstance(draft, Draft):
            return
        second = Second(key=two.key, seat=SEATS[1], signature=two.sign(second_message(draft.json)).hex())
        json = with_second(draft.json, second)
        result = office.submit(json, one.sign(entry_message(json)))
        if isinstance(result, Taken):
            self._acknowledged(machine, result)

    def _crashes(self, machine: Machine) -> None:
        if self.scene.calm:
            return
        self._wait(self.options.crash_every_ms, lambda: self._crashes(machine))
        if machine.office is None:
            return
        if self.dice.random() < 0.2:
            self.scene.counts["crashes"] += 1
            self.scene.guarded(machine, lambda office: office.stop())
            machine.stop()
            self.scene.after(self.dice.randint(1_000, HOUR_MS), lambda: self.scene.start(machine))
            return
        self.scene.crash(machine)
        if self.options.lost_tails and self.dice.random() < 0.3:
            self.scene.counts["tails"] += machine.lose_tail(self.dice, self._replicated(machine))
        if self.options.old_backups and self.dice.random() < 0.2:
            self._restore(machine)

    def _restore(self, machine: Machine) -> None:
        """An old backup: either only of the store, or of a whole new machine without marks."""
        keep = self._replicated(machine)
        length = len(machine.disk.journal)
        if keep < length:
            del machine.disk.journal[self.dice.randint(keep, length) :]
            self.scene.counts["backups"] += 1
            if self.dice.random() < 0.5:
                machine.disk.marks.wipe()

    def _replicated(self, machine: Machine) -> int:
        """How many writes of a disk must stay, for the entries in them are on no other disk."""
        mine = [held_after(machine, name) for name in self.options.names]
        others = [each for each in self.scene.everyone() if each is not machine and (each.lies or not machine.lies)]
        keep = 4
        for name, sizes in zip(self.options.names, mine, strict=True):
            if max(held_after(each, name)[-1] for each in others) < sizes[-1]:
                keep = max(keep, sizes.index(sizes[-1]))
        return keep

    def _jumps(self, machine: Machine) -> None:
        if self.scene.calm:
            return
        assert self.options.clock_jump_every_ms is not None
        self._wait(self.options.clock_jump_every_ms, lambda: self._jumps(machine))
        self.scene.counts["jumps"] += 1
        machine.clock.off_ms = self.dice.choice((-DAY_MS, DAY_MS, -5 * MINUTE_MS, 5 * MINUTE_MS, 30_000))
        self.scene.after(self.dice.randint(MINUTE_MS, 4 * HOUR_MS), lambda: _mend(machine))

    def _cut(self) -> None:
        if self.scene.calm:
            return
        self._wait(self.options.cut_every_ms // len(self.options.names), self._cut)
        self.scene.counts["partitions"] += 1
        names = list(self.options.names)
        self.dice.shuffle(names)
        away = names[: self.dice.randint(1, len(names) - 1)]
        until_ms = self.scene.moment.true_ms + self.dice.randint(MINUTE_MS, self.options.cut_longest_ms)
        one_way = self.dice.random() < 0.3
        for one in away:
            for other in names:
                if other not in away:
                    self.scene.cut[one, other] = until_ms
                    if not one_way:
                        self.scene.cut[other, one] = until_ms

    def _fork(self) -> None:
        """From now on the liar shows one log to some and another to the rest."""
        liar = next(machine for machine in self.scene.machines if machine.name == self.options.liar)
        if liar.office is None:
            self.scene.after(HOUR_MS, self._fork)
            return
        liar.stop()
        liar.lies = True
        twin = liar.twin()
        others = [name for name in self.options.names if name != liar.name]
        self.scene.twins[liar.name] = twin
        self.scene.sides[liar.name] = set(others[: self.dice.randint(1, len(others) - 1)])
        for machine in (liar, twin):
            self.scene.start(machine)
        self._sow(twin)

    def _settled(self) -> bool:
        offices = [machine.office for machine in self.scene.honest()]
        if any(office is None or office.fault() for office in offices):
            return False
        held = {tuple(sorted(each.entry.id for each in office.history.entries)) for office in offices if office}
        noted = all(
            branch.noted is not None and branch.noted.size == branch.size
            for office in offices
            if office is not None
            for branch in office.logs.branches
        )
        return len(held) == 1 and noted


def run(seed: int, options: Options | None = None) -> Outcome:
    """Plays one seed to its end; AssertionError if a promise was broken."""
    play = Play(seed, options or options_of(seed))
    play.begin()
    play.scene.run_until(play.scene.moment.true_ms + play.options.hours * HOUR_MS)
    play.heal()
    return play.outcome(seed)


def held_after(machine: Machine, name: str) -> list[int]:
    """How many entries of a participant's log the disk holds after each of its writes; first, before any."""
    branches: list[str] = []
    sizes, size = [0], 0
    for written in machine.disk.journal:
        for method, arguments in written[1][0] if written[0] == "write_together" else (written,):
            if method == "open_branch" and (arguments[0] not in branches or arguments[1] is not None):
                branches.append(arguments[0])
            elif method == "append" and branches[arguments[0] - 1] == f"demo/{name}":
                size += len(arguments[2])
        sizes.append(size)
    return sizes


def _office(machine: Machine) -> Office:
    assert machine.office is not None
    return machine.office


def _mend(machine: Machine) -> None:
    machine.clock.off_ms = 0
