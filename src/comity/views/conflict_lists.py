"""The conflicts of declared flights that people are shown: of a crowd a part, and no party crowds out another.

A party that declares thousands of flights in one place makes millions of conflicts. What is listed is bounded, and each
bound is one party's own: how many of its things of one kind stand beside one flight (`BESIDE_MOST`), and how many
conflicts its flights find with one other party's things of one kind (`TOWARDS_MOST`). Each flight has its first before
any has its second. So who floods a place fills his own lists, and takes from no third party's and from no other kind.
What one party has twice in one place is counted, for nobody owes a word on it. Rules ask for each conflict by itself:
no list stands between a conflict and what waits for it. The lists are the same in every office that holds the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from comity.model.history import View
from comity.model.known import party_of
from comity.model.records.conflicts import Conflict, between_flights, with_agreed, with_rooms
from comity.model.records.flights import Flight, flights, flights_in_turn
from comity.model.terms import Terms

BESIDE_MOST, TOWARDS_MOST = 10, 100
LOOKED_MOST = 20_000
OWN_MOST, OWN_LOOKED_MOST = 200, 2_000
AGREED = "all"

_Key = tuple[str, str]
"""Whose the other thing is, all signatories' for what is agreed, and its chapter: flight, movement, operation ..."""


@dataclass(frozen=True, slots=True)
class Own:
    """How many pairs of one party's own meet; `more` if there may be more than were counted."""

    party: str
    pairs: int
    more: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """The conflicts between parties that are shown, the flights that may have more, and what is counted."""

    conflicts: tuple[Conflict, ...]
    crowded: tuple[Flight, ...]
    own: tuple[Own, ...]


def listed(view: View, terms: Terms, at_ms: int) -> Listed:
    """The conflicts of flights that are not closed, each pair once, in the order for people, as many as are listed."""
    lists, own = _Lists(), _OwnPairs()
    everybody = flights(view)
    logs = sorted({each.declaration.entry.origin for each in everybody})
    searches = []
    for one in everybody:
        own.count(chain(*(_with_flights(view, one, at_ms, log) for log in logs if party_of(log) == one.party)), one)
        searches += [
            _Search(one, (party_of(log), "flight"), _with_flights(view, one, at_ms, log))
            for log in logs
            if party_of(log) != one.party
        ]
        searches += [
            _Search(one, key, iter(found)) for key, found in _beside_flights(view, terms, one, at_ms, own).items()
        ]
    for most in range(1, BESIDE_MOST + 1):
        for each in searches:
            each.go_on(lists, most)
    crowded = {each.one.id: each.one for each in searches if each.has_more(lists)}
    ordered = sorted(lists.conflicts.values(), key=lambda each: (each.flight.declaration.order, each.other.order))
    return Listed(tuple(ordered), tuple(crowded.values()), own.counted())


@dataclass(slots=True)
class _Lists:
    """What is listed, how many beside each flight, and how many were found, and looked at, from each party's flights
    towards each key."""

    conflicts: dict[frozenset[str], Conflict] = field(default_factory=dict)
    beside: Counter[tuple[str, _Key]] = field(default_factory=Counter)
    towards: Counter[tuple[str, _Key]] = field(default_factory=Counter)
    looked: Counter[tuple[str, _Key]] = field(default_factory=Counter)


@dataclass(slots=True)
class _Search:
    """What one flight meets under one key, one after the other; None for what was looked at and is not there."""

    one: Flight
    key: _Key
    found: Iterator[Conflict | None]
    passed_over: bool = False

    def go_on(self, lists: _Lists, most: int) -> None:
        """Lists what it finds until so many stand beside the flight, or there is no room or no more."""
        here, there = (self.one.id, self.key), (self.one.party, self.key)
        while lists.beside[here] < most and lists.towards[there] < TOWARDS_MOST:
            conflict = self._next(lists)
            if conflict is None:
                return
            other = (_other_end(conflict, self.one), (self.one.party, "flight"))
            if self.key[1] == "flight" and lists.beside[other] >= BESIDE_MOST:
                self.passed_over = True
                continue
            lists.conflicts[conflict.ends] = conflict
            lists.towards[there] += 1
            lists.beside[here] += 1
            lists.beside[other] += 1

    def has_more(self, lists: _Lists) -> bool:
        """Whether something is not listed, or it is not known that nothing is."""
        there = (self.one.party, self.key)
        return self.passed_over or self._next(lists) is not None or lists.looked[there] >= LOOKED_MOST

    def _next(self, lists: _Lists) -> Conflict | None:
        """The next that is not listed yet; None also if too many were looked at."""
        there = (self.one.party, self.key)
        while lists.looked[there] < LOOKED_MOST:
            conflict = next(self.found, self)
            if conflict is self:
                return None
            lists.looked[there] += 1
            if isinstance(conflict, Conflict) and conflict.ends not in lists.conflicts:
                return conflict
        return None


@dataclass(slots=True)
class _OwnPairs:
    """What one party has twice in one place, by party, counted up to a bound."""

    pairs: defaultdict[str, set[frozenset[str]]] = field(default_factory=lambda: defaultdict(set))
    looked: Counter[str] = field(default_factory=Counter)

    def is_full(self, party: str) -> bool:
        return len(self.pairs[party]) >= OWN_MOST or self.looked[party] >= OWN_LOOKED_MOST

    def count(self, found: Iterator[Conflict | None], one: Flight) -> None:
        for conflict in () if self.is_full(one.party) else found:
            self.looked[one.party] += 1
            if conflict is not None:
                self.pairs[one.party].add(conflict.ends)
            if self.is_full(one.party):
                return

    def counted(self) -> tuple[Own, ...]:
        return tuple(
            Own(party, len(pairs), self.is_full(party)) for party, pairs in sorted(self.pairs.items()) if pairs
        )


def _with_flights(view: View, one: Flight, at_ms: int, log: str) -> Iterator[Conflict | None]:
    for other in flights_in_turn(view, one.room(view, at_ms), at_ms, log.__eq__):
        if other is None or other.id != one.id:
            yield None if other is None else between_flights(one, other)


def _beside_flights(view: View, terms: Terms, one: Flight, at_ms: int, own: _OwnPairs) -> dict[_Key, list[Conflict]]:
    """What a flight meets besides flights, as many of each kind as may be listed and one more; its own are counted."""
    found: dict[_Key, list[Conflict]] = defaultdict(list)

    def is_looked_at(log: str) -> bool:
        return party_of(log) != one.party or not own.is_full(one.party)

    for conflict in with_rooms(view, one, at_ms, is_looked_at):
        if conflict.is_own:
            own.count(iter((conflict,)), one)
            continue
        (party,) = conflict.sides - {one.party}
        _keep(found, (party, _chapter(conflict)), conflict)
    for conflict in with_agreed(view, terms, one, at_ms):
        _keep(found, (AGREED, _chapter(conflict)), conflict)
    return found


def _keep(found: dict[_Key, list[Conflict]], key: _Key, conflict: Conflict) -> None:
    if len(found[key]) <= BESIDE_MOST:
        found[key].append(conflict)


def _chapter(conflict: Conflict) -> str:
    return conflict.other.entry.header.act.partition(".")[0]


def _other_end(conflict: Conflict, one: Flight) -> str:
    return conflict.other.entry.id if conflict.flight.id == one.id else conflict.flight.id
