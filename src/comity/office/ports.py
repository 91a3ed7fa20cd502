"""What the office's core asks of the world, so that the simulator and `comity serve` run the very same modules.

The network is data: the core returns requests and answers them, it never sends.
Trusted: the disk behind `Marks`, to keep what it said it kept; a wrong clock stops permissions and no more (law 28).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

SignatureCheck = Callable[[bytes, bytes, bytes], bool]
"""Whether a signature is good: (public key, signature, message); the real one is `comity.tlog.ed25519.verify`."""


class Clock(Protocol):
    """The wall clock, which may jump, and a steady one that never does but knows no date."""

    def now_ms(self) -> int:
        """Milliseconds UTC since 1970, as this machine believes."""
        ...

    def steady_ms(self) -> int:
        """Milliseconds since some moment of this run; never steps back."""
        ...


class Randomness(Protocol):
    """Bytes that nobody can guess; in the simulator, bytes that a seed repeats."""

    def bytes(self, count: int) -> bytes:
        """That many bytes."""
        ...


class ActSigner(Protocol):
    """An officer's private key, or the way to it."""

    @property
    def key(self) -> str:
        """The public key, hex."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature over the message, 64 bytes."""
        ...


@dataclass(frozen=True, slots=True)
class HighWater:
    """The largest head of a log that this office has ever signed or cosigned."""

    size: int
    root: str


class Marks(Protocol):
    """A few durable words kept apart from the store, so that a lost tail or an old backup shows (law 35).

    Every write is durable before it returns; each raises StoreError when the disk says no.
    """

    def signed(self) -> dict[str, HighWater]:
        """For each log, the largest head that was signed or cosigned; empty if nothing was ever kept."""
        ...

    def raise_signed(self, origin: str, high: HighWater) -> None:
        """Keeps that this head is about to be signed; called before the signature exists."""
        ...

    def stopped_cleanly(self) -> bool:
        """Whether the last run ended by its own will."""
        ...

    def set_stopped_cleanly(self, clean: bool) -> None:
        """Keeps that this run has ended by its own will, or that a run has begun."""
        ...
