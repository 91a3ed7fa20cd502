"""Acts of the watch: roster, handover, line check; and of precaution (J2, J5)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from comity.model.acts.form import Act, Hash, Identifier, Key, Nature, Seq, TimeMs


class Roster(Act, frozen=True, kw_only=True):
    """Who is to sit in a seat, from when until when."""

    name: ClassVar[str] = "duty.roster"
    nature: ClassVar[Nature] = Nature.RECORD
    seat: Identifier
    key: Key
    from_ms: TimeMs
    until_ms: TimeMs

    def about(self, own: str) -> tuple[str, ...]:
        return ("roster",)


class Handover(Act, frozen=True, kw_only=True):
    """The watch passes from the signing officer to the second one; both sign."""

    name: ClassVar[str] = "duty.handover"
    nature: ClassVar[Nature] = Nature.RECORD
    seat: Identifier
    open_count: Annotated[int, Meta(ge=0, le=1_000_000, description="open obligations read out")]

    def about(self, own: str) -> tuple[str, ...]:
        return (f"watch/{self.seat}",)


class LineCheck(Act, frozen=True, kw_only=True):
    """An officer has spoken with the other office over the line."""

    name: ClassVar[str] = "duty.line_check"
    nature: ClassVar[Nature] = Nature.RECORD
    with_participant: Identifier
    result: Literal["working", "poor", "dead"]

    def about(self, own: str) -> tuple[str, ...]:
        return ("lines",)


class Layer(Act, frozen=True, kw_only=True):
    """A version of this office's private layer of protected things: a commitment and the hash of the ciphertext
    that the office keeps, never the things."""

    name: ClassVar[str] = "precaution.layer"
    nature: ClassVar[Nature] = Nature.RECORD
    layer: Identifier
    layer_version: Seq
    commitment: Hash
    ciphertext: Hash | None = None

    def about(self, own: str) -> tuple[str, ...]:
        return ("layers",)


class LayerUsed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The version of a layer that a check read."""

    layer: Identifier
    layer_version: Seq
    commitment: Hash


class PrecautionCheck(Act, frozen=True, kw_only=True):
    """This office checked the request against all that it can read, in these versions, and places no hold."""

    name: ClassVar[str] = "precaution.check"
    nature: ClassVar[Nature] = Nature.RECORD
    request: Hash
    layers: Annotated[tuple[LayerUsed, ...], Meta(max_length=32)]

    def about(self, own: str) -> tuple[str, ...]:
        return (f"checks/{self.request}", f"operation/{self.request}")
