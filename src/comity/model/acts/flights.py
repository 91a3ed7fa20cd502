"""Acts about declared flights, and the answers to their conflicts: safety of flight, the base of every agreement.

A declaration is a record: it is taken whatever it conflicts with, however late it comes. It protects nothing by itself;
what waits for a word on a conflict is the clearance of an exempt movement and the consent to an operation. So its end
is a record too. Its volume is drawn with the buffers of the terms before it is signed (law 24).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from comity.model.acts.form import Act, Hash, Identifier, Nature, Note
from comity.model.acts.movements import Route
from comity.model.volume import Volume

Address = Annotated[str, Meta(pattern=r"^([0-9a-f]{6})?\Z", description="24-bit address, 6 digits of hex, or nothing")]
Callsign = Annotated[str, Meta(pattern=r"^([A-Z0-9]{2,8})?\Z", description="callsign, or nothing")]
Code = Annotated[str, Meta(pattern=r"^([0-7]{4})?\Z", description="transponder code, 4 octal digits, or nothing")]
SpeedKt = Annotated[int, Meta(ge=1, le=3000, description="speed over ground, knots")]
Answer = Literal[
    "separated-by-level",
    "separated-by-time",
    "separated-laterally",
    "separated-visually",
    "will-change",
    "disputed",
]
SEPARATIONS: frozenset[str] = frozenset(
    {"separated-by-level", "separated-by-time", "separated-laterally", "separated-visually"}
)
"""The answers that settle a conflict once every side gives the same; to change is done by the change."""


class _Flown(Act, frozen=True, kw_only=True):
    """What a declaration says of a flight; the signer answers for its operator. `category` claims an exemption."""

    flight: Identifier
    operator: Identifier
    aircraft_class: Identifier
    volume: Volume
    route: Route | None = None
    speed_kt: SpeedKt | None = None
    category: Identifier | None = None
    address: Address = ""
    callsign: Callsign = ""
    code: Code = ""


class FlightDeclare(_Flown, frozen=True, kw_only=True):
    """Declares a flight, and keeps its room until it is closed; it is never turned away for a conflict or its hour."""

    name: ClassVar[str] = "flight.declare"
    nature: ClassVar[Nature] = Nature.RECORD

    def about(self, own: str) -> tuple[str, ...]:
        return (f"flight/{own}", "flights")


class FlightChange(_Flown, frozen=True, kw_only=True):
    """Says anew all that a flight is: it takes the place of its declaration, and every answer is to be given anew."""

    name: ClassVar[str] = "flight.change"
    nature: ClassVar[Nature] = Nature.RECORD
    declaration: Hash

    def about(self, own: str) -> tuple[str, ...]:
        return (f"flight/{self.declaration}",)


class _OfFlight(Act, frozen=True, kw_only=True):
    """An act about the flight whose declaration it names by hash."""

    declaration: Hash

    def about(self, own: str) -> tuple[str, ...]:
        return (f"flight/{self.declaration}",)


class FlightOverdue(_OfFlight, frozen=True, kw_only=True):
    """Anyone says that a flight is not back by the end of its window: it still has its air."""

    name: ClassVar[str] = "flight.overdue"
    nature: ClassVar[Nature] = Nature.RECORD


class FlightClose(_OfFlight, frozen=True, kw_only=True):
    """Its owner says that the flight is over, or does not take place: its room is free."""

    name: ClassVar[str] = "flight.close"
    nature: ClassVar[Nature] = Nature.RECORD
    how: Literal["landed", "cancelled"]


class ConflictAnswer(Act, frozen=True, kw_only=True):
    """One side's word on the conflict of a declared flight with another thing in its room."""

    name: ClassVar[str] = "conflict.answer"
    nature: ClassVar[Nature] = Nature.RECORD
    declaration: Hash
    other: Hash
    answer: Answer
    note: Note = ""

    def about(self, own: str) -> tuple[str, ...]:
        return (f"conflict/{self.declaration}", f"conflict/{self.other}")
