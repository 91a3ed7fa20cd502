"""Acts about exempt movements (J8) and notices of military flights (J9). Counts, never names or faces.

A request is a restraint. What ends its protection, or moves it to other air, permits what it kept out: such an act is
judged like a permission, though its owner alone signs it (law 15 knows the end of an operation, not of a protection).
The path of a movement or of a notified flight has the width of its corridor, not the least width of areas.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from comity.model.acts.form import Act, Count, Hash, Identifier, Nature, Note, TimeMs
from comity.model.volume import Point, Volume

Kind = Literal["flight", "vessel", "convoy"]
Route = Annotated[tuple[Point, ...], Meta(min_length=2, max_length=128)]


class _Declared(Act, frozen=True, kw_only=True):
    """What a movement declares: one movement, one permit."""

    movement: Identifier
    kind: Kind
    category: Identifier
    operator: Identifier
    route: Route
    volume: Volume
    crew_count: Count
    passenger_count: Count = 0
    patient_count: Count = 0
    vehicle_count: Count = 1
    armed: bool = False
    identification: Note = ""

    def about(self, own: str) -> tuple[str, ...]:
        return (f"movement/{own}", "movements")


class MovementRequest(_Declared, frozen=True, kw_only=True):
    """Asks for the passage of one movement; wherever it is seen it bars new starts in its volume (law 20)."""

    name: ClassVar[str] = "movement.request"
    nature: ClassVar[Nature] = Nature.RESTRAINT


class MovementEmergency(_Declared, frozen=True, kw_only=True):
    """Declares a movement that does not wait; it is reconciled afterwards."""

    name: ClassVar[str] = "movement.emergency"
    nature: ClassVar[Nature] = Nature.RESTRAINT


class _OfMovement(Act, frozen=True, kw_only=True):
    """An act about the movement whose request it names by hash."""

    request: Hash

    def about(self, own: str) -> tuple[str, ...]:
        return (f"movement/{self.request}",)


class MovementAcknowledge(_OfMovement, frozen=True, kw_only=True):
    """This office holds the request and starts nothing against it."""

    name: ClassVar[str] = "movement.acknowledge"
    nature: ClassVar[Nature] = Nature.RECORD


class MovementAgree(_OfMovement, frozen=True, kw_only=True):
    """A signatory agrees to the passage as requested, or to the alternative it names."""

    name: ClassVar[str] = "movement.agree"
    nature: ClassVar[Nature] = Nature.PERMISSION
    alternative: Hash | None = None


class MovementDeny(_OfMovement, frozen=True, kw_only=True):
    """A signatory denies the passage, with a coded reason."""

    name: ClassVar[str] = "movement.deny"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    reason: Identifier


class MovementAlternative(_OfMovement, frozen=True, kw_only=True):
    """A signatory proposes another route or time."""

    name: ClassVar[str] = "movement.alternative"
    nature: ClassVar[Nature] = Nature.RECORD
    route: Route
    volume: Volume


class MovementAccept(_OfMovement, frozen=True, kw_only=True):
    """The requester takes the alternative that it names; it is now what is asked for."""

    name: ClassVar[str] = "movement.accept"
    nature: ClassVar[Nature] = Nature.PERMISSION
    alternative: Hash


class MovementDisseminated(_OfMovement, frozen=True, kw_only=True):
    """A unit has been told, and has said so."""

    name: ClassVar[str] = "movement.disseminated"
    nature: ClassVar[Nature] = Nature.RECORD
    unit: Identifier


class MovementClear(_OfMovement, frozen=True, kw_only=True):
    """The requester clears the movement: agreed by all, acknowledged by all, told to every unit."""

    name: ClassVar[str] = "movement.clear"
    nature: ClassVar[Nature] = Nature.PERMISSION


class MovementDepart(_OfMovement, frozen=True, kw_only=True):
    """The movement is under way."""

    name: ClassVar[str] = "movement.depart"
    nature: ClassVar[Nature] = Nature.RECORD
    inspected: bool = False


class MovementDeviate(_OfMovement, frozen=True, kw_only=True):
    """The movement has left its corridor or window, is lost, or is back."""

    name: ClassVar[str] = "movement.deviate"
    nature: ClassVar[Nature] = Nature.RECORD
    what: Literal["deviating", "lost", "back"]


class MovementArrive(_OfMovement, frozen=True, kw_only=True):
    """The movement is over: its protection ends with its owner's word."""

    name: ClassVar[str] = "movement.arrive"
    nature: ClassVar[Nature] = Nature.PERMISSION


class MovementCancel(_OfMovement, frozen=True, kw_only=True):
    """The requester takes the request back before departure."""

    name: ClassVar[str] = "movement.cancel"
    nature: ClassVar[Nature] = Nature.PERMISSION


class MovementReconcile(_OfMovement, frozen=True, kw_only=True):
    """The owner of an emergency movement states afterwards what was flown."""

    name: ClassVar[str] = "movement.reconcile"
    nature: ClassVar[Nature] = Nature.RECORD
    departed_ms: TimeMs
    arrived_ms: TimeMs
    note: Note = ""


class MovementConform(_OfMovement, frozen=True, kw_only=True):
    """A signatory's finding after arrival."""

    name: ClassVar[str] = "movement.conform"
    nature: ClassVar[Nature] = Nature.RECORD
    finding: Literal["conforming", "breach"]
    note: Note = ""


class FlightNotice(Act, frozen=True, kw_only=True):
    """The signatory who answers for an operator notifies one of its military flights (J9); late is marked late."""

    name: ClassVar[str] = "notice.flight"
    nature: ClassVar[Nature] = Nature.RECORD
    operator: Identifier
    aircraft_class: Identifier
    volume: Volume

    def about(self, own: str) -> tuple[str, ...]:
        return (f"notice/{own}", "notices")
