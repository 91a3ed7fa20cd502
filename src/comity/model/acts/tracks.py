"""What an officer signs about the air picture: that a track is, or is not, an expected flight; that he saw an alert.

Tracks never enter a log. These name an identity and a flight or an alert, never a place, and say nothing of a breach.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from comity.model.acts.form import Act, Hash, Nature, Note, TimeMs

TrackIdentity = Annotated[
    str, Meta(pattern=r"^[^\x00-\x1f\x7f]{1,130}\Z", description="what a track goes by: address, callsign or name")
]
AlertKind = Literal[
    "loss", "possible-loss", "predicted-loss", "area", "possible-area", "near-area", "undeclared", "deviation", "back",
    "landing", "lost", "overdue", "implausible", "identity",
]  # fmt: skip


class TrackTie(Act, frozen=True, kw_only=True):
    """Makes or breaks the tie of a track to an expected flight, whose declaration or request it names by hash."""

    name: ClassVar[str] = "track.tie"
    nature: ClassVar[Nature] = Nature.RECORD
    flight: Hash
    identity: TrackIdentity
    tied: bool

    def about(self, own: str) -> tuple[str, ...]:
        return ("ties", f"ties/{self.flight}")


class AlertAcknowledge(Act, frozen=True, kw_only=True):
    """An officer has seen an alert of his office's watch: which kind, of whom, about what, and when it began."""

    name: ClassVar[str] = "alert.acknowledge"
    nature: ClassVar[Nature] = Nature.RECORD
    kind: AlertKind
    identities: Annotated[tuple[TrackIdentity, ...], Meta(min_length=1, max_length=16)]
    thing: Annotated[str, Meta(max_length=130, description="the area or flight concerned, or nothing")] = ""
    began_ms: TimeMs
    note: Note = ""

    def about(self, own: str) -> tuple[str, ...]:
        return ("alerts",)
