"""Plays steps one by one, and says in lines what came of each.

    found us ru centre          each begins its log; then all have met
    votes a1 by us.senior, ru.senior        each votes for the proposal a1 once the others' votes have reached it
    at 10:15   at +2h           all clocks go on to that time           clock us +90s   one clock runs ahead
    sync   sync us ru           all, or these, exchange until quiet     cut us   heal us   one is out of reach, or back
    receipts   receipts us ru   the same, and each office signs what it now holds (office.watch)
    fork us as us-b             a second office goes on from the same log
    place p = @square(...)      a name for a ring                       matter m = volume.ring=... note="..."
    show us operations operation,status area=a-1    rows of the board, some columns, filtered
    flags s1 at us              what a reader must know about an act
    turn us                     what the office does by itself: a receipt, if one is due
    confirm us                  an officer of us has compared its clock with another source
    restart us   restart us unclean   the office stops and begins anew
    problems us                 what the office has written down as gone wrong
    roots   audit               all hold the same; each store holds what it should
    protect us.protection clinic hospital at=36.20/37.16 standoff=2km   unprotect ...   erase us 1   precaution us
                                the private register of an office, and what its check finds; see `register`
Every other step is an act; see `signs`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from comity.interfaces import words
from comity.interfaces.bodies import volume_from
from comity.interfaces.play import register
from comity.interfaces.play.desk import NOTHING, Desk, Matter, Properties
from comity.interfaces.play.rows import board
from comity.interfaces.play.signs import Written, read_act
from comity.interfaces.play.station import Station
from comity.interfaces.play.world import World
from comity.interfaces.times import clock_text
from comity.model.errors import Misuse
from comity.model.verdict import Refusal
from comity.views.flags import flags

QUIET_AGREEMENT = "admitted"
_NAMED = re.compile(r"([a-z0-9-]+) = (.*)")


@dataclass(frozen=True, slots=True)
class Said:
    """What came of one act: who names it, and the judge's word; `forced` if it was signed against it."""

    name: str
    refusal: Refusal | None
    forced: bool

    @property
    def text(self) -> str:
        """The word in a result."""
        if self.refusal is None:
            return QUIET_AGREEMENT
        return f"kept as evidence, {self.refusal}" if self.forced else str(self.refusal)


@dataclass(slots=True)
class Stage:
    """The world of one play, what it has named, and what the judge has said so far."""

    world: World
    properties: Properties = field(default_factory=Properties)
    verdicts: list[Said] = field(default_factory=list)

    def play(self, steps: list[str]) -> tuple[list[str], bool]:
        """Plays the steps of one block: the lines of its result, and whether every act was admitted."""
        said: list[Said] = []
        lines: list[str] = []
        for text in steps:
            came = self._step(text)
            if isinstance(came, Said):
                said.append(came)
                lines.append(f"{came.name}: {came.text}")
            elif came is not None:
                lines.extend(came)
        if len(said) == len(lines) == 1:
            lines = [said[0].text]
        self.verdicts.extend(said)
        return [self._shown(line) for line in lines], len(lines) == len(said) and all(s.refusal is None for s in said)

    def _step(self, text: str) -> Said | list[str] | None:
        written = read_act(text, self.world, self.properties)
        if written is not None:
            return self._sign(written)
        verb, _, rest = text.partition(" ")
        if verb not in VERBS:
            raise Misuse(f"{text!r} is no step: begin with office.seat and an act, or with one of {', '.join(VERBS)}")
        return VERBS[verb](self, rest.strip())

    def _sign(self, written: Written) -> Said:
        entry, refusal = written.office.sign(written.act, written.signing)
        if entry is not None:
            self.properties.entries[entry.id] = entry
            if written.label is not None:
                self.properties.labels.give(written.label, entry.id)
        return Said(written.said, refusal, written.signing.forced)

    def _found(self, rest: str) -> None:
        for name in rest.split():
            self.world.found(self._id(name))
        self.world.sync(self.world.stations)

    def _votes(self, rest: str) -> list[str]:
        label, by, voters = rest.partition(" by ")
        if not by:
            raise Misuse("write: votes a1 by us.senior, ru.senior")
        lines = []
        for voter in voters.split(","):
            self.world.sync(self.world.stations)
            written = read_act(f"{voter.strip()} change.vote for={label}", self.world, self.properties)
            assert written is not None, "an address makes an act"
            said = self._sign(written)
            if said.refusal is not None:
                lines.append(f"{voter.strip()} change.vote: {said.text}")
        self.world.sync(self.world.stations)
        return lines

    def _at(self, rest: str) -> None:
        then_ms = words.moment_ms(rest, self.world.now_ms)
        if then_ms < self.world.now_ms:
            raise Misuse(f"at {rest} lies before {clock_text(self.world.now_ms)}; time goes on; set one clock apart")
        self.world.now_ms = then_ms

    def _clock(self, rest: str) -> None:
        name, _, time = rest.partition(" ")
        office = self.world.station(self._id(name))
        office.clock.skew_ms = words.moment_ms(time, self.world.now_ms) - self.world.now_ms if time else 0

    def _sync(self, rest: str) -> None:
        self.world.sync([self._id(name) for name in rest.split()] or list(self.world.stations))

    def _cut(self, rest: str) -> None:
        for name in rest.split():
            self.world.station(self._id(name)).is_cut = True

    def _heal(self, rest: str) -> None:
        for name in rest.split():
            self.world.station(self._id(name)).is_cut = False

    def _fork(self, rest: str) -> None:
        name, _, copy = rest.partition(" as ")
        self.world.fork(self._id(name), self._id(copy))

    def _place(self, rest: str) -> None:
        name, drawn = self._named(rest)
        self.properties.places[name] = words.ring(drawn, self.properties.places)

    def _matter(self, rest: str) -> None:
        name, drawn = self._named(rest)
        given = dict(word.partition("=")[::2] for word in words.cut(drawn))
        note = given.pop("note", "")
        desk = Desk(self.world, next(iter(self.world.stations.values())), self.properties)
        self.properties.matters[name] = Matter(name, volume_from("matter", given, desk), note)

    def _show(self, rest: str) -> list[str]:
        name, _, what = rest.partition(" ")
        office = self.world.station(self._id(name))
        now_ms = office.clock.now_ms()
        return board(office.view, now_ms, what.split(), self._id) or ["nothing"]

    def _flags(self, rest: str) -> list[str]:
        label, _, name = rest.partition(" at ")
        view = self.world.station(self._id(name)).view
        taken = view.find(self.properties.entry(label).id)
        if taken is None:
            return ["not here"]
        return [", ".join(sorted(flags(view, taken))) or "none"]

    def _receipts(self, rest: str) -> None:
        names = [self._id(name) for name in rest.split()] or list(self.world.stations)
        self.world.sync(names)
        for office in map(self.world.station, names):
            if not office.is_cut:
                refused = office.watch()
                if refused is not None:
                    raise Misuse(f"{office.name} signs no receipt: {refused}")
        self.world.sync(names)

    def _turn(self, rest: str) -> list[str]:
        lines = []
        for name in rest.split():
            station = self.world.station(self._id(name))
            signed = station.office.watch()
            lines.append(f"{name} signs {signed.entry.header.act}" if signed is not None else f"{name} signs nothing")
        return lines

    def _confirm(self, rest: str) -> None:
        for name in rest.split():
            self.world.station(self._id(name)).office.confirm_clock()

    def _restart(self, rest: str) -> None:
        name, _, how = rest.partition(" ")
        if how not in ("", "unclean"):
            raise Misuse("write: restart us, or restart us unclean")
        self.world.station(self._id(name)).restart(clean=not how)

    def _problems(self, rest: str) -> list[str]:
        return [problem.text for problem in self.world.station(self._id(rest)).office.problems] or ["none"]

    def _audit(self, rest: str) -> list[str]:
        return self.world.audit() or ["as expected"]

    def _roots(self, rest: str) -> list[str]:
        return self.world.differences() or ["equal"]

    def _named(self, rest: str) -> tuple[str, str]:
        found = _NAMED.fullmatch(rest)
        if found is None:
            raise Misuse(f"{rest!r} gives no name; write name = ...")
        return found[1], found[2]

    def _protect(self, rest: str) -> Said:
        officer, _, thing = rest.partition(" ")
        return self._restated(officer, register.with_one_more(self._office_of(officer), thing, self.world.now_ms))

    def _unprotect(self, rest: str) -> Said:
        officer, _, label = rest.partition(" ")
        return self._restated(officer, register.with_one_less(self._office_of(officer), label))

    def _restated(self, officer: str, act: str) -> Said:
        written = read_act(f"{officer} {act}", self.world, self.properties)
        if written is None:
            raise Misuse(f"{officer!r} names no officer; write protect us.protection clinic hospital ...")
        return self._sign(written)

    def _office_of(self, officer: str) -> Station:
        return self.world.station(self._id(officer.partition(".")[0]))

    def _erase(self, rest: str) -> None:
        name, _, version = rest.partition(" ")
        register.without_version(self.world.station(self._id(name)), version)

    def _precaution(self, rest: str) -> list[str]:
        return register.found_by(self.world.station(self._id(rest)))

    def _id(self, text: str) -> str:
        return self.properties.renamed.get(text, text)

    def _shown(self, line: str) -> str:
        keys = self.world.cast.names() | {NOTHING: "nothing"}
        shown = self.properties.labels.shown(line, (each.history for each in self.world.stations.values()), keys)
        for name, other in self.properties.renamed.items():
            shown = re.sub(rf"(?<![\w-]){re.escape(other)}(?![\w-])", name, shown)
        return shown


VERBS: dict[str, Callable[[Stage, str], Said | list[str] | None]] = {
    "found": Stage._found,
    "votes": Stage._votes,
    "at": Stage._at,
    "clock": Stage._clock,
    "sync": Stage._sync,
    "cut": Stage._cut,
    "heal": Stage._heal,
    "fork": Stage._fork,
    "place": Stage._place,
    "matter": Stage._matter,
    "show": Stage._show,
    "flags": Stage._flags,
    "receipts": Stage._receipts,
    "roots": Stage._roots,
    "turn": Stage._turn,
    "confirm": Stage._confirm,
    "restart": Stage._restart,
    "problems": Stage._problems,
    "audit": Stage._audit,
    "protect": Stage._protect,
    "unprotect": Stage._unprotect,
    "erase": Stage._erase,
    "precaution": Stage._precaution,
}
