"""The offices of a play, their clocks, and who can reach whom.

Invariant: nothing an office does depends on anything but its own history, its clock and the words of the scenario.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

from comity.interfaces.play.cast import Cast, root_signer
from comity.interfaces.play.station import HandClock, NewStore, Signing, Station
from comity.model.entry import Entry
from comity.model.errors import Misuse, PeerError
from comity.model.history import History
from comity.office.founding import genesis_act
from comity.office.messages import Notice
from comity.office.sync import Sync
from comity.tlog.store import MemoryStore

ROUNDS_MOST = 400


def in_memory(name: str) -> MemoryStore:
    """A store for an office of that name, gone when the play is over."""
    return MemoryStore()


@dataclass(slots=True)
class World:
    """All offices under one founding file."""

    founding: bytes
    start_ms: int
    new_store: NewStore = in_memory
    cast: Cast = field(default_factory=Cast)
    stations: dict[str, Station] = field(default_factory=dict)
    _now_ms: int = 0

    @property
    def now_ms(self) -> int:
        """The true time."""
        return max(self._now_ms, self.start_ms)

    @now_ms.setter
    def now_ms(self, now_ms: int) -> None:
        self._now_ms = now_ms
        for station in self.stations.values():
            station.clock.true_ms = now_ms

    def station(self, name: str) -> Station:
        """The office of that name; raises Misuse."""
        if name not in self.stations:
            raise Misuse(f"there is no office {name}; known are {', '.join(self.stations) or 'none yet'}: `found` it")
        return self.stations[name]

    def found(self, party: str) -> Entry:
        """A participant begins its log with the vote for the founding file, or joins it."""
        if party in self.stations:
            raise Misuse(f"{party} has its office already")
        try:
            station = self._open(party, party)
        except PeerError:
            raise Misuse(f"{party} is no participant of the agreement") from None
        participant = station.office.participant
        entry, refusal = station.sign(genesis_act(participant, self.founding), Signing(root_signer(party), "root"))
        assert entry is not None, f"the first entry of {party} is {refusal}"
        return entry

    def fork(self, name: str, copy: str) -> None:
        """A second office of the same party goes on from what the first one holds."""
        first = self.station(name)
        if copy in self.stations:
            raise Misuse(f"there is an office {copy} already; give the second one another name")
        store = self.new_store(copy)
        first.copy_store(store)
        clock = HandClock(self.now_ms, first.clock.skew_ms)
        self.stations[copy] = Station(copy, first.party, self.founding, clock, store)

    def sync(self, names: Iterable[str]) -> None:
        """These offices exchange all that they hold until nothing is new; a cut office takes no part.

        Offices that share a log take their turns: nobody can tell which of them answers.
        """
        group = [station for station in map(self.station, names) if not station.is_cut]
        by_party: dict[str, list[Station]] = {}
        for station in group:
            by_party.setdefault(station.party, []).append(station)
        before = -1
        while before != (before := sum(len(station.history.entries) for station in group)):
            for chosen in product(*by_party.values()):
                _exchange({station.party: station for station in chosen})

    def differences(self) -> list[str]:
        """What one office holds and another does not, in words; empty if all hold the same."""
        held = {name: _ids(each.history) for name, each in self.stations.items()}
        everything = set().union(*held.values())
        return [f"{name} lacks {len(everything - ids)} entries" for name, ids in held.items() if everything - ids]

    def audit(self) -> list[str]:
        """What an audit of each store finds wrong, and whether all refuse the same entries; in words."""
        found = []
        refused: set[str] | None = None
        for station in self.stations.values():
            ids, problems = station.audit()
            found += problems
            if refused is not None and ids != refused:
                found.append(f"{station.name} refuses other entries than the rest")
            refused = ids if refused is None else refused
        return found

    def close(self) -> None:
        """Lets go of every store."""
        for station in self.stations.values():
            station.close()

    def _open(self, name: str, party: str) -> Station:
        station = Station(name, party, self.founding, HandClock(self.now_ms), self.new_store(name))
        self.stations[name] = station
        return station


def _exchange(group: dict[str, Station]) -> None:
    """Carries what the offices ask of each other until nobody asks any more."""
    syncs = {party: Sync(station.office) for party, station in group.items()}
    for _ in range(ROUNDS_MOST):
        carried = 0
        for party, station in group.items():
            if station.office.fault() is None:
                station.office.desk.sign_own_head()
                station.office.desk.cosign(station.office.forked())
            for peer, request in syncs[party].due(station.clock.steady_ms()):
                if peer not in group:
                    syncs[party].failed(peer, request, station.clock.steady_ms())
                elif not isinstance(request, Notice):
                    carried += 1
                    answer = syncs[peer].answer(party, request)
                    syncs[party].receive(peer, request, answer, station.clock.steady_ms())
        if not carried:
            return
    raise AssertionError("offices that can reach each other come to an end")


def _ids(history: History) -> set[str]:
    return {taken.entry.id for taken in history.entries}
