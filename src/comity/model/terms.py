"""The agreement as values: participants, seats, groups, tiers, numbered clauses and their numbers.

A terms file is TOML; its bytes are the terms, their SHA-256 is how entries name them.
Nothing here knows a country or a place: names come from the file.
Values made by `terms_file.parse_terms` have passed `terms_check`: what one names in another is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Protocol, TypeVar

import msgspec

from comity.model.parameters import GOVERNS, PARAMETERS
from comity.model.spans import UNIT_MS
from comity.model.terms_scalars import (
    ActName,
    ActPattern,
    ClauseNumber,
    Edition,
    Feet,
    FormatVersion,
    Identifier,
    Metres,
    Moment,
    MovementKind,
    Name,
    Origin,
    Pem,
    Provision,
    PublicKey,
    Text,
    TimeOfDay,
    VerifierKey,
)
from comity.model.volume import Point


class Role(StrEnum):
    """What a participant is: only signatories vote and consent (law 22)."""

    SIGNATORY = "signatory"
    CENTRE = "centre"
    HOST = "host"
    OBSERVER = "observer"


class Treatment(StrEnum):
    """How the agreement treats a group."""

    COORDINATED = "coordinated"
    INTEGRATED = "integrated"
    INDEPENDENT = "independent"
    INSIDE = "inside"


class ClauseStatus(StrEnum):
    """Whether the engine enforces a clause, only states it, or a later chapter will enforce it."""

    ENFORCED = "enforced"
    DECLARATORY = "declaratory"
    LATER = "later"


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A value of the terms file; an unknown key is an error."""


class Pins(Struct, frozen=True):
    """What `comity init` adds for one participant (law 13); without pins a file is a draft."""

    origin: Origin
    root_key: PublicKey
    office_key: PublicKey
    head_key: VerifierKey
    cosign_key: VerifierKey
    certificate: Pem


class Participant(Struct, frozen=True):
    """A signatory, the centre, a host state or an observer: each has an office and a log."""

    id: Identifier
    name: Name
    role: Role
    pins: Pins | None = None


class Operator(Struct, frozen=True):
    """A third party that signs nothing and that a signatory answers for."""

    id: Identifier
    name: Name
    answerable: Identifier


class Seat(Struct, frozen=True):
    """An office held by people; `may` lists the acts it may sign, `*` at an end matches the rest."""

    id: Identifier
    name: Name
    at: tuple[Identifier, ...]
    may: tuple[ActPattern, ...]

    def may_sign(self, act: str) -> bool:
        """Whether the list covers an act, by its name."""
        return _covers_any(self.may, act)


class Group(Struct, frozen=True):
    """A class of armed groups; the agreement names its treatment, never a person or a place."""

    id: Identifier
    name: Name
    treatment: Treatment


class Tier(Struct, frozen=True):
    """A class of designated areas: which groups, which executing parties, from and until when."""

    id: Identifier
    name: Name
    groups: tuple[Identifier, ...]
    executing: tuple[Identifier, ...]
    from_utc: Moment | None = None
    until_utc: Moment | None = None


class Category(Struct, frozen=True):
    """A reason for which a movement is exempt."""

    id: Identifier
    name: Name
    kinds: tuple[MovementKind, ...]


class Unit(Struct, frozen=True):
    """A formation that must have been told before an exempt movement is cleared."""

    id: Identifier
    name: Name
    participant: Identifier


class Reason(Struct, frozen=True):
    """A coded reason for a refusal or a denial; codes, never stories."""

    id: Identifier
    text: Name


class Frequency(Struct, frozen=True):
    """On what the parties' aircraft, or their offices, hear each other."""

    id: Identifier
    name: Name
    channel: Name
    clause: ClauseNumber


class LineCheckTime(Struct, frozen=True):
    """A time of every day at which the lines between the signatories are tried."""

    at_utc: TimeOfDay
    clause: ClauseNumber


class Distance(Struct, frozen=True):
    """How far flights of some classes keep from a line. The ring is drawn once, before anybody signs (law 24);
    exempt are flights of the categories that were declared in time."""

    id: Identifier
    name: Name
    clause: ClauseNumber
    classes: tuple[Identifier, ...]
    line: Identifier
    distance_m: Metres
    exempt: tuple[Identifier, ...] = ()
    ring: tuple[Point, ...] = ()


class Airfield(Struct, frozen=True):
    """Around it lies a terminal area, in which other minima hold and flights are expected to land."""

    id: Identifier
    name: Name
    clause: ClauseNumber
    place: Point
    elevation_ft: Feet = 0


class Precondition(Struct, frozen=True):
    """What must be agreed as met before the gated acts are admitted (J15)."""

    id: Identifier
    clause: ClauseNumber
    text: Text
    gates: tuple[str, ...]


class Floor(Struct, frozen=True):
    """The safety floor: chapters that stand through suspension and withdrawal."""

    clause: ClauseNumber
    keeps: tuple[str, ...]


class Clause(Struct, frozen=True):
    """One numbered clause in our own words; `governs` names the engine's rules that refuse under it."""

    id: ClauseNumber
    title: Name
    text: Text
    status: ClauseStatus
    provision: Provision | None = None
    governs: tuple[str, ...] = ()
    answered_by: tuple[Identifier, ...] = ()
    reason: Text | None = None
    parameters: dict[str, int] = {}


class Terms(Struct, frozen=True, dict=True):
    """A whole terms file. `rules` is the version of the judge that it adopts (law 14).

    What judging looks up is made ready at the first question, so each later one is a look into a dict.
    """

    comity: FormatVersion
    id: Identifier
    title: Name
    edition: Edition
    rules: Edition
    source: Text
    participant: tuple[Participant, ...]
    seat: tuple[Seat, ...]
    clause: tuple[Clause, ...]
    floor: Floor
    operator: tuple[Operator, ...] = ()
    group: tuple[Group, ...] = ()
    tier: tuple[Tier, ...] = ()
    category: tuple[Category, ...] = ()
    unit: tuple[Unit, ...] = ()
    reason: tuple[Reason, ...] = ()
    precondition: tuple[Precondition, ...] = ()
    frequency: tuple[Frequency, ...] = ()
    line_check: tuple[LineCheckTime, ...] = ()
    distance: tuple[Distance, ...] = ()
    airfield: tuple[Airfield, ...] = ()
    two_officers: tuple[ActName, ...] = ()

    @property
    def signatories(self) -> tuple[str, ...]:
        """The ids of the participants that vote and consent, in the order of the file."""
        return self._index.signatories

    @property
    def centre(self) -> str | None:
        """The id of the centre, if there is one."""
        return self._index.centre

    def participant_by_id(self, id: str) -> Participant | None:
        """The participant of that id, if there is one."""
        return self._index.participants.get(id)

    def operator_by_id(self, id: str) -> Operator | None:
        """The third party of that id, if there is one."""
        return self._index.operators.get(id)

    def seat_by_id(self, id: str) -> Seat | None:
        """The seat of that id, if there is one."""
        return self._index.seats.get(id)

    def group_by_id(self, id: str) -> Group | None:
        """The group of that id, if there is one."""
        return self._index.groups.get(id)

    def tier_by_id(self, id: str) -> Tier | None:
        """The tier of that id, if there is one."""
        return self._index.tiers.get(id)

    def category_by_id(self, id: str) -> Category | None:
        """The category of exempt movements of that id, if there is one."""
        return self._index.categories.get(id)

    def number(self, name: str) -> int:
        """A number of the agreement in the unit that its name ends with; its default where the file is silent."""
        return self._index.numbers[name]

    def span_ms(self, name: str) -> int:
        """A span of the agreement in milliseconds; the last word of its name is its unit there."""
        return self.number(name) * UNIT_MS[name.rpartition("_")[2]]

    def clause_for(self, rule: str) -> str | None:
        """The number of the clause that governs a rule most exactly; None if the agreement does not provide for it."""
        return self._index.governing[rule]

    def governed(self, rule: str) -> bool:
        """Whether some clause provides for the rule."""
        return self._index.governing[rule] is not None

    @cached_property
    def _index(self) -> Index:
        return Index.of(self)


def covers(pattern: str, act: str) -> bool:
    """Whether a pattern of a seat's list names an act: the act, its chapter or everything."""
    return pattern in ("*", act, f"{act.partition('.')[0]}.*")


@lru_cache(maxsize=4096)
def _covers_any(patterns: tuple[str, ...], act: str) -> bool:
    return any(covers(pattern, act) for pattern in patterns)


class HasId(Protocol):
    """A value that others name by its id."""

    @property
    def id(self) -> str: ...


Named = TypeVar("Named", bound=HasId)


class Index(msgspec.Struct, frozen=True):
    """Everything of some terms by its name. Made for valid terms: of two things of one name it holds the last."""

    signatories: tuple[str, ...]
    centre: str | None
    participants: dict[str, Participant]
    operators: dict[str, Operator]
    seats: dict[str, Seat]
    groups: dict[str, Group]
    tiers: dict[str, Tier]
    categories: dict[str, Category]
    governing: dict[str, str | None]
    numbers: dict[str, int]

    @classmethod
    def of(cls, terms: Terms) -> Index:
        return cls(
            signatories=tuple(each.id for each in terms.participant if each.role is Role.SIGNATORY),
            centre=next((each.id for each in terms.participant if each.role is Role.CENTRE), None),
            participants=_by_id(terms.participant),
            operators=_by_id(terms.operator),
            seats=_by_id(terms.seat),
            groups=_by_id(terms.group),
            tiers=_by_id(terms.tier),
            categories=_by_id(terms.category),
            governing=governing_clauses(terms.clause),
            numbers={name: parameter.default for name, parameter in PARAMETERS.items()}
            | {name: value for clause in terms.clause for name, value in clause.parameters.items()},
        )


def governing_clauses(clauses: Iterable[Clause]) -> dict[str, str | None]:
    """For each rule of the engine the clause that governs it, or that governs its nearest ancestor."""
    named = {rule: clause.id for clause in clauses for rule in clause.governs}
    return {rule: _nearest(named, rule) for rule in GOVERNS}


def _nearest(named: dict[str, str], rule: str) -> str | None:
    while rule not in named:
        if "." not in rule:
            return None
        rule = rule.rpartition(".")[0]
    return named[rule]


def _by_id(values: Iterable[Named]) -> dict[str, Named]:
    return {value.id: value for value in values}
