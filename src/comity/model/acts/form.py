"""What every act has: a wire name, a version, a nature, and the things it is about."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", description="SHA-256, lower-case hex")]
Key = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", description="Ed25519 public key, lower-case hex")]
Signature = Annotated[str, Meta(pattern=r"^[0-9a-f]{128}\Z", description="Ed25519 signature, lower-case hex")]
Identifier = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9.-]{0,39}\Z")]
Note = Annotated[str, Meta(max_length=280, description="free text, short")]
Count = Annotated[int, Meta(ge=0, le=100_000)]
TimeMs = Annotated[int, Meta(ge=0, lt=1 << 53, description="milliseconds UTC since 1970")]
Seq = Annotated[int, Meta(ge=0, lt=1 << 53)]


class Nature(StrEnum):
    """How the laws treat an act: restraints are never refused for rank or time, permissions always may be."""

    VOTE = "vote"
    KEY = "key"
    RESTRAINT = "restraint"
    PERMISSION = "permission"
    RECORD = "record"
    WATCH = "watch"


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What an officer does, as it stands in an entry's body."""

    name: ClassVar[str]
    version: ClassVar[int] = 1
    nature: ClassVar[Nature]

    def about(self, own: str) -> tuple[str, ...]:
        """The subjects under which history files this act; `own` is the hash of its entry, hex."""
        raise NotImplementedError
