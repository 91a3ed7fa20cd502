"""Acts of a party on its own: an imminent threat (J12) and independent but synchronised activity (J13)."""

from __future__ import annotations

import hashlib
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from comity.model.acts.form import Act, Hash, Identifier, Nature, Note
from comity.model.codec import encode
from comity.model.volume import Volume, Window

Salt = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", description="32 random bytes, hex")]
DOMAIN_SEAL = b"comity seal v1\n"


class ThreatSeal(Act, frozen=True, kw_only=True):
    """Commits to an act under imminent threat before or at it; covers origin, window and salt (law 34)."""

    name: ClassVar[str] = "threat.seal"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    commitment: Hash
    window: Window
    salt_for_root: Annotated[str, Meta(max_length=1000, description="the salt, encrypted to the root key; base64")] = ""

    def about(self, own: str) -> tuple[str, ...]:
        return (f"threat/{own}", "threats")


class ThreatOpen(Act, frozen=True, kw_only=True):
    """Opens a seal of the same log: what was done, where, and the salt that proves it."""

    name: ClassVar[str] = "threat.open"
    nature: ClassVar[Nature] = Nature.RECORD
    seal: Hash
    salt: Salt
    volume: Volume
    note: Note

    def about(self, own: str) -> tuple[str, ...]:
        return (f"threat/{self.seal}",)

    def commitment(self, origin: str, window: Window) -> str:
        """The commitment that a seal by `origin` over `window` must carry for this opening, hex."""
        return seal_commitment(origin, window, self.salt, self.volume, self.note)


def seal_commitment(origin: str, window: object, salt: str, volume: object, note: str) -> str:
    """The commitment over those, hex; window and volume as values of the act or as they are read from its JSON."""
    covered = [origin, encode(window).decode(), salt, encode(volume).decode(), note]
    return hashlib.sha256(DOMAIN_SEAL + encode(covered)).hexdigest()


class ThreatReview(Act, frozen=True, kw_only=True):
    """Another signatory's word on an opened seal."""

    name: ClassVar[str] = "threat.review"
    nature: ClassVar[Nature] = Nature.RECORD
    seal: Hash
    finding: Literal["accepted", "contested", "question", "agreed-to-differ"]
    note: Note = ""

    def about(self, own: str) -> tuple[str, ...]:
        return (f"threat/{self.seal}",)


class ActivityDeclare(Act, frozen=True, kw_only=True):
    """Declares a volume of independent activity: no consent, but notice, and overlaps acknowledged by both."""

    name: ClassVar[str] = "activity.declare"
    nature: ClassVar[Nature] = Nature.RECORD
    activity: Identifier
    group: Identifier
    volume: Volume

    def about(self, own: str) -> tuple[str, ...]:
        return (f"activity/{own}", "activities")


class ActivityAcknowledge(Act, frozen=True, kw_only=True):
    """This party has seen that the activity overlaps the other thing named."""

    name: ClassVar[str] = "activity.acknowledge"
    nature: ClassVar[Nature] = Nature.RECORD
    activity: Hash
    overlap: Hash

    def about(self, own: str) -> tuple[str, ...]:
        return (f"activity/{self.activity}",)


class ActivityEnd(Act, frozen=True, kw_only=True):
    """The activity is over, or will not take place."""

    name: ClassVar[str] = "activity.end"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    activity: Hash

    def about(self, own: str) -> tuple[str, ...]:
        return (f"activity/{self.activity}",)
