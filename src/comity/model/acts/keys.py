"""Acts of founding, keys and the office's own watch (laws 13, 28, 30, 33)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from comity.model.acts.form import Act, Hash, Identifier, Key, Nature, Seq, Signature, TimeMs

OfficerName = Annotated[str, Meta(min_length=1, max_length=40, description="a working name, no more")]
Seats = Annotated[tuple[Identifier, ...], Meta(min_length=1, max_length=12)]
Passkey = Annotated[
    str, Meta(pattern=r"^(es256:[0-9a-f]{130}|ed25519:[0-9a-f]{64})\Z", description="WebAuthn public key")
]


class Join(Act, frozen=True, kw_only=True):
    """Entry 0 of a log whose owner has no vote: it stands by these terms."""

    name: ClassVar[str] = "agreement.join"
    nature: ClassVar[Nature] = Nature.VOTE
    terms: Hash

    def about(self, own: str) -> tuple[str, ...]:
        return ("join",)


class Enrol(Act, frozen=True, kw_only=True):
    """A root key gives an officer's key its seats; the proof is that key's signature over origin, officer, seats."""

    name: ClassVar[str] = "key.enrol"
    nature: ClassVar[Nature] = Nature.KEY
    officer: OfficerName
    seats: Seats
    key: Key
    proof: Signature
    passkey: Passkey | None = None

    def about(self, own: str) -> tuple[str, ...]:
        return (f"key/{self.key}", "keys")


class Rotate(Act, frozen=True, kw_only=True):
    """A root key replaces one of an officer's keys by another, with the seats of the old."""

    name: ClassVar[str] = "key.rotate"
    nature: ClassVar[Nature] = Nature.KEY
    old: Key
    officer: OfficerName
    seats: Seats
    key: Key
    proof: Signature
    passkey: Passkey | None = None

    def about(self, own: str) -> tuple[str, ...]:
        return (f"key/{self.key}", f"key/{self.old}", "keys")


class Revoke(Act, frozen=True, kw_only=True):
    """From this position on, nothing that the key signs counts."""

    name: ClassVar[str] = "key.revoke"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    key: Key

    def about(self, own: str) -> tuple[str, ...]:
        return (f"key/{self.key}", "keys")


class Compromised(Act, frozen=True, kw_only=True):
    """The key may have been in other hands since that entry of this log: flags its past, ends its consents."""

    name: ClassVar[str] = "key.compromised"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    key: Key
    since_seq: Seq

    def about(self, own: str) -> tuple[str, ...]:
        return (f"key/{self.key}", "keys")


class Depute(Act, frozen=True, kw_only=True):
    """An enrolled key sits in one more seat until a moment: a deputy, or acting authority."""

    name: ClassVar[str] = "key.depute"
    nature: ClassVar[Nature] = Nature.KEY
    key: Key
    seat: Identifier
    until_ms: TimeMs

    def about(self, own: str) -> tuple[str, ...]:
        return (f"key/{self.key}", "keys")


class Watch(Act, frozen=True, kw_only=True):
    """The office's own sign of life and receipt; the digest lets two offices compare what they hold."""

    name: ClassVar[str] = "office.watch"
    nature: ClassVar[Nature] = Nature.WATCH
    digest: Hash | None = None

    def about(self, own: str) -> tuple[str, ...]:
        return ()


class ClockStep(Act, frozen=True, kw_only=True):
    """Two officers set the log's time back; every consent that this log relies on ends."""

    name: ClassVar[str] = "clock.step"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    before_ms: TimeMs

    def about(self, own: str) -> tuple[str, ...]:
        return ("clock",)
