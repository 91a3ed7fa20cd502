"""Acts about designated areas (J6): every version is a joint change."""

from __future__ import annotations

from typing import ClassVar

from comity.model.acts.agreement import Proposal
from comity.model.acts.form import Identifier, Nature, TimeMs
from comity.model.volume import Band, Ring, Volume, Window


class AreaPropose(Proposal, frozen=True, kw_only=True):
    """Designates an area, or changes the version that `after` names."""

    name: ClassVar[str] = "area.propose"
    nature: ClassVar[Nature] = Nature.RECORD
    area: Identifier
    tier: Identifier
    ring: Ring
    band: Band
    from_ms: TimeMs = 0

    @property
    def thing(self) -> str:
        return f"area/{self.area}"

    @property
    def volume(self) -> Volume:
        """The area as a volume: from its effective moment, without an end."""
        return Volume(ring=self.ring, band=self.band, window=Window(from_ms=self.from_ms, until_ms=None))


class AreaDissolve(Proposal, frozen=True, kw_only=True):
    """Ends the version of the area that `after` names."""

    name: ClassVar[str] = "area.dissolve"
    nature: ClassVar[Nature] = Nature.RECORD
    area: Identifier

    @property
    def thing(self) -> str:
        return f"area/{self.area}"
