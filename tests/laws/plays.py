"""Short plays that most tests of the laws begin with: an area in force, a request, consents, a start, a movement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from comity.model.acts import Act
from comity.model.acts.agreement import GroupPropose, LiftPropose, Proposal, TermsPropose
from comity.model.acts.areas import AreaDissolve, AreaPropose
from comity.model.acts.duty import LineCheck
from comity.model.acts.movements import (
    MovementAcknowledge,
    MovementAgree,
    MovementClear,
    MovementEmergency,
    MovementRequest,
)
from comity.model.acts.operations import (
    Authorise,
    FactState,
    Hold,
    OperationConfirm,
    OperationConsent,
    OperationEnd,
    OperationPropose,
    OperationStart,
    OperationWithdraw,
)
from comity.model.history import Taken
from comity.model.records.change import Change
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.model.volume import Band, Ring, Volume, Window
from laws.agreement import Draft
from laws.world import NOON_MS, World

EVERYWHERE = Band(floor=None, ceiling=None)
PLACES = {"orchard": (36_0, 37_0), "quarry": (36_0, 37_4), "airfield": (36_4, 37_0), "wide": (36_2, 37_2)}
HALF_E7 = 1_000_000


def ring(place: str, half_e7: int = HALF_E7) -> Ring:
    """A square around a named place; those of different places do not meet, that of `wide` contains all."""
    lat, lon = (tenth * 1_000_000 for tenth in PLACES[place])
    half = 9_000_000 if place == "wide" else half_e7
    return ((lat - half, lon - half), (lat - half, lon + half), (lat + half, lon + half), (lat + half, lon - half))


def volume(place: str, from_h: float = 0, until_h: float | None = 6) -> Volume:
    """The air over a place, from and until hours after noon."""
    until_ms = None if until_h is None else NOON_MS + int(until_h * HOUR_MS)
    window = Window(from_ms=NOON_MS + int(from_h * HOUR_MS), until_ms=until_ms)
    return Volume(ring=ring(place), band=EVERYWHERE, window=window)


def designate(world: World, place: str = "wide", area: str = "valley", by: tuple[str, ...] = ()) -> Change:
    """Every signatory agrees to an area, or to a new version of it."""

    def proposal(after: tuple[str, ...]) -> Proposal:
        return AreaPropose(
            area=world.written(area), tier=world.written("open"), ring=ring(place), band=EVERYWHERE, after=after
        )

    return world.agree(*(by or world.draft.names.signatories), propose=proposal)


def dissolve(world: World, area: str = "valley") -> Change:
    """Every signatory agrees that an area ends."""
    return world.agree(
        *world.draft.names.signatories,
        propose=lambda after: AreaDissolve(area=world.written(area), after=after),
    )


def lift(world: World, *restraints: Taken) -> Change:
    """Every signatory lifts those restraints."""
    names = tuple(each.entry.id for each in restraints)
    return world.agree(*world.draft.names.signatories, propose=lambda after: LiftPropose(lifts=names, after=after))


def treat(world: World, group: str, treatment: str) -> Change:
    """Every signatory agrees to treat a group otherwise."""
    return world.agree(
        *world.draft.names.signatories,
        propose=lambda after: GroupPropose(
            group=world.written(group),
            treatment=treatment,  # type: ignore[arg-type]
            after=after,
        ),
    )


def amend(world: World, draft: Draft) -> Change:
    """Every signatory adopts a new edition of the terms."""
    return world.agree(
        *world.draft.names.signatories, propose=lambda after: TermsPropose(text=draft.text(), after=after)
    )


@dataclass
class Play:
    """One operation on the stage: north executes what the others consent to, unless a test says otherwise."""

    world: World
    executing: str = "north"
    drafted_by: str = "north"
    place: str = "orchard"
    operation: str = "op-1"
    from_h: float = 0
    until_h: float = 6
    authorisation: str | None = None

    def __post_init__(self) -> None:
        self.consents: dict[str, Taken] = {}

    @property
    def others(self) -> list[str]:
        """The signatories whose consent is needed."""
        return [name for name in self.world.draft.names.signatories if name != self.executing]

    def propose(self, **changes: object) -> Taken:
        """The request, held by everyone."""
        write = self.world.written
        act = OperationPropose(
            operation=self.operation,
            area=write("valley"),
            group=write("bands"),
            executing=write(self.executing),
            volume=volume(self.place, self.from_h, self.until_h),
            authorisation=self.authorisation,
        )
        self.request = self.world.sign(self.drafted_by, act, **changes)  # type: ignore[arg-type]
        self.world.share()
        return self.request

    def consent(self, by: str = "south", lease_min: int = 120, officer: str = "second", **changes: object) -> Taken:
        """A consent in the giver's own office; nobody else holds it yet."""
        expires_ms = self.world[by].at_ms + lease_min * MINUTE_MS
        act = OperationConsent(
            request=self.request.entry.id, executing=self.world.written(self.executing), expires_ms=expires_ms
        )
        self.consents[by] = self.world.sign(by, act, officer=officer, **changes)  # type: ignore[arg-type]
        return self.consents[by]

    def confirm(self, by: str = "south", **changes: object) -> Taken:
        """The giver's final confirmation."""
        act = OperationConfirm(request=self.request.entry.id, consent=self.consents[by].entry.id)
        return self.world.sign(by, act, officer="second", **changes)  # type: ignore[arg-type]

    def withdraw(self, by: str = "south", **changes: object) -> Taken:
        """The giver takes his consent back; nobody else has seen it yet."""
        act = OperationWithdraw(request=self.request.entry.id, consent=self.consents[by].entry.id)
        return self.world.sign(by, act, **changes)  # type: ignore[arg-type]

    def start(self, by: str | None = None, citing: tuple[Taken, ...] | None = None, **changes: object) -> Taken:
        """A start that cites every consent given so far, unless told what to cite."""
        cited = tuple(self.consents.values()) if citing is None else citing
        act = OperationStart(request=self.request.entry.id, consents=tuple(each.entry.id for each in cited))
        return self.world.sign(by or self.executing, act, **changes)  # type: ignore[arg-type]

    def end(self, by: str | None = None) -> Taken:
        """The operation is over."""
        act = OperationEnd(request=self.request.entry.id, how="completed")
        return self.world.sign(by or self.executing, act)

    def ready(self) -> Play:
        """Proposed, consented to and confirmed by all, and everybody holds it: a start would be admitted."""
        self.propose()
        for name in self.others:
            self.consent(name)
            self.confirm(name)
        self.world.share()
        return self


def stage(world: World | None = None, **parts: object) -> Play:
    """An operation ready to be started in a fresh world with one wide area."""
    world = world or World()
    if not any("area" in taken.entry.header.act for taken in world["north"].history.entries):
        designate(world)
    return Play(world, **parts).ready()  # type: ignore[arg-type]


def hold(world: World, by: str, **fields: object) -> Taken:
    """A hold, in the holder's own office."""
    return world.sign(by, Hold(**fields))  # type: ignore[arg-type]


def fork(
    world: World,
    who: str,
    *acts: Act,
    readers: tuple[str, str] = ("centre", "monitor"),
) -> tuple[Taken, Taken]:
    """A log forks: each of two readers follows one branch, and says so by an entry of its own."""
    one_act, other_act = acts or (Hold(volume=volume("quarry")), Hold(volume=volume("airfield")))
    world.twin(who, "double")
    one, other = world.sign(who, one_act), world.sign("double", other_act)
    for source, reader in zip((who, "double"), readers, strict=True):
        world.deliver(source, reader)
        hold(world, reader, volume=volume("quarry"))
    return one, other


def fact(world: World, by: str, place: str = "orchard") -> Taken:
    """A coded fact about a place, in the office of whoever states it."""
    return world.sign(by, FactState(fact="shelter", volume=volume(place)))


def movement(
    world: World, by: str, place: str = "orchard", emergency: bool = False, from_h: float = 0, until_h: float = 6
) -> Taken:
    """A request for an exempt flight, in the requester's own office."""
    kind = MovementEmergency if emergency else MovementRequest
    act = kind(
        movement="flight-1",
        kind="flight",
        category=world.written("rescue"),
        operator=world.written(by),
        route=((360_000_000, 370_000_000), (361_000_000, 370_000_000)),
        volume=volume(place, from_h, until_h),
        crew_count=2,
    )
    return world.sign(by, act)


def acknowledge(world: World, request: Taken, *by: str) -> None:
    """Those offices acknowledge and agree to a movement that they hold."""
    for name in by:
        taken = world.sign(name, MovementAcknowledge(request=request.entry.id))
        assert taken.refusal is None, taken.refusal
        if name in world.draft.names.signatories:
            agreed = world.sign(name, MovementAgree(request=request.entry.id))
            assert agreed.refusal is None, agreed.refusal


def acknowledged(world: World, by: str = "south", place: str = "orchard") -> Taken:
    """A movement requested, acknowledged and agreed by all the others, and everybody holds it."""
    request = movement(world, by, place)
    world.share()
    acknowledge(world, request, *(name for name in world.draft.names.signatories if name != by))
    world.share()
    return request


def answered(world: World, by: str, other: str, answer: type[MovementAcknowledge | MovementAgree]) -> Taken:
    """A movement that one other has given one answer, and everybody holds both."""
    request = movement(world, by)
    world.share()
    admitted(world.sign(other, answer(request=request.entry.id)))
    world.share()
    return request


def authorise(world: World, *by: str) -> None:
    """Those national authorities allow integrated operations against the bands in the valley for an hour: `joint`."""
    until_ms = world.at_ms + HOUR_MS
    for name in by:
        act = Authorise(authorisation="joint", areas=("valley",), groups=("bands",), until_ms=until_ms)
        admitted(world.sign(name, act))
    world.share()


def clear(world: World, request: Taken, by: str) -> Taken:
    """The requester clears its movement."""
    return world.sign(by, MovementClear(request=request.entry.id))


def line_check(
    world: World,
    by: str,
    other: str,
    result: Literal["working", "poor", "dead"] = "working",
    officer: str = "first",
) -> Taken:
    """An officer has tried the line to another office."""
    return world.sign(by, LineCheck(with_participant=world.written(other), result=result), officer=officer)


def refused(taken: Taken, rule: str, law: int | None = None) -> None:
    """The entry was refused, for that reason."""
    assert taken.refusal is not None, f"{taken.entry.header.act} of {taken.entry.origin} was admitted"
    assert taken.refusal.rule == rule, f"refused for another reason: {taken.refusal}"
    if law is not None and not taken.refusal.clause.startswith("clause"):
        assert taken.refusal.clause == f"law {law}", f"cites {taken.refusal.clause}"


def admitted(taken: Taken) -> Taken:
    """The entry was admitted."""
    assert taken.refusal is None, taken.refusal
    return taken
