"""A world in which moves are made, and what the moves need of it.

A move is named by three small numbers, so that the same list of moves can be played again in another world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from comity.model.acts import Act
from comity.model.acts.keys import ClockStep
from comity.model.history import Taken
from comity.model.records.change import terms_heads
from laws.agreement import Draft
from laws.world import World

T = TypeVar("T")
PLACES = ("orchard", "quarry", "wide")
LEASES_MIN = (5, 30, 120)
SALT = "5a" * 32


@dataclass
class Drama:
    """A world in which moves are made. `drafts` are the terms that were ever proposed, by hash."""

    draft: Draft = field(default_factory=Draft)

    def __post_init__(self) -> None:
        self.world = World(self.draft)
        self.drafts = {self.world.founding_hash: self.draft}
        self.keys: dict[tuple[str, str], str] = {}
        self.count = 0
        self.forked: set[str] = set()

    @property
    def signatories(self) -> tuple[str, ...]:
        """Who has a vote by the newest terms that are in force anywhere."""
        found = {digest for office in self.world.offices.values() for digest in terms_heads(office.view)}
        return max((self.drafts[digest] for digest in found), key=lambda draft: draft.edition).names.signatories

    @property
    def parties(self) -> tuple[str, ...]:
        """Everyone who might ever have a vote."""
        return tuple(name for name in self.draft.names.all if name != "centre")

    @property
    def offices(self) -> list[str]:
        """Every office, twins included."""
        return list(self.world.offices)

    def who(self, number: int) -> str:
        """An office by number."""
        return self.offices[number % len(self.offices)]

    def party(self, number: int) -> str:
        """An office of a signatory by number."""
        offices = self.party_offices()
        return offices[number % len(offices)]

    def party_offices(self) -> list[str]:
        """The offices of the signatories, twins included."""
        signatories = self.signatories
        return [name for name in self.offices if self.world[name].party in signatories]

    def sign(self, who: str, act: Act, officer: str = "first", **changes: object) -> Taken:
        """An officer signs with the key that he has now."""
        seat = "root" if officer == "root" else "duty"
        if not isinstance(act, ClockStep):
            self.keep_time(who)
        key = self.keys.get((self.world[who].party, officer))
        if key is not None:
            changes["key"] = key
        return self.world.sign(who, act, officer, seat, **changes)

    def keep_time(self, who: str) -> None:
        """An honest office signs nothing before its own newest entry; a twin may have signed that."""
        office = self.world[who]
        tip = office.history.branches_of(office.origin)[0]
        office.at_ms = max(office.at_ms, office.history.at(tip.id, tip.size - 1).entry.at_ms)

    def known(self, who: str, *kinds: type) -> list[Taken]:
        """The admitted entries of some kinds that an office holds, the newest first."""
        entries = self.world[who].history.entries
        return [taken for taken in reversed(entries) if taken.refusal is None and isinstance(taken.entry.act, kinds)]

    def next_name(self, what: str) -> str:
        """A name not used before."""
        self.count += 1
        return f"{what}-{self.count}"


def pick(options: Sequence[T], number: int) -> T | None:
    """One of them by number, the first ones most often; None if there is none."""
    return options[number % len(options)] if options else None


def party_number(drama: Drama, name: str) -> int:
    """By which number `party` gives that office."""
    return drama.party_offices().index(name)
