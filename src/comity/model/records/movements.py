"""An exempt movement in a view: what is asked for, who has answered, whether it still protects (law 20)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts.movements import (
    MovementAccept,
    MovementAcknowledge,
    MovementAgree,
    MovementAlternative,
    MovementArrive,
    MovementCancel,
    MovementClear,
    MovementDeny,
    MovementDepart,
    MovementDisseminated,
    MovementEmergency,
    MovementRequest,
)
from comity.model.geometry import volumes_meet
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import is_lifted
from comity.model.records.officers import compromised_since
from comity.model.volume import Volume, Window


@dataclass(frozen=True, slots=True)
class Movement:
    """The record of one movement. `volume` is the requested one or the accepted alternative; `told` are the units that
    have said that they were told of it: a word from before the acceptance is about other air. `asked` is the entry by
    which it is asked for: the request or the newest acceptance."""

    request: Taken
    act: MovementRequest | MovementEmergency
    requester: str
    volume: Volume
    alternative: str | None
    acts: tuple[Taken, ...]
    told: frozenset[str]
    asked: Taken

    def by(self, view: View, kind: type) -> dict[str, Taken]:
        """The newest act of a kind of each participant."""
        return {party_of(taken.entry.origin): taken for taken in self.acts if isinstance(taken.entry.act, kind)}

    def has(self, *kinds: type) -> bool:
        """Whether the view holds an act of one of the kinds about this movement."""
        return any(isinstance(taken.entry.act, kinds) for taken in self.acts)

    @property
    def emergency(self) -> bool:
        return isinstance(self.act, MovementEmergency)

    @property
    def over(self) -> bool:
        """Whether its owner has ended it: the only end of its protection besides a lift by all."""
        return self.has(MovementArrive, MovementCancel)

    @property
    def under_way(self) -> bool:
        """Cleared, departed or an emergency, and not ended: it protects until its owner's word, late or not."""
        return not self.over and (self.emergency or self.has(MovementClear, MovementDepart))

    def answers(self, view: View) -> Iterator[tuple[Taken, frozenset[str]]]:
        """Each act in turn, and the participants whose newest answer then agrees to what is asked for."""
        agreed: frozenset[str] = frozenset()
        asked: str | None = None
        accepted: Taken | None = None
        for taken in self.acts:
            act, party = taken.entry.act, party_of(taken.entry.origin)
            if isinstance(act, MovementAccept):
                asked, accepted, agreed = act.alternative, taken, frozenset()
            elif isinstance(act, MovementAgree | MovementDeny):
                knows = accepted is None or view.history.past(taken).holds(accepted)
                agrees = isinstance(act, MovementAgree) and knows and act.alternative == asked
                agreed = agreed | {party} if agrees else agreed - {party}
            yield taken, agreed

    def agreed_by(self, view: View) -> frozenset[str]:
        """The participants whose newest answer agrees to what is now asked for, so that a clearance may rest on it: by
        a key declared compromised since, nobody has agreed (law 33)."""
        agreed = next((agreed for _, agreed in reversed([*self.answers(view)])), frozenset())
        newest = self.by(view, MovementAgree)
        return frozenset(party for party in agreed if not compromised_since(view, newest[party]))

    def acknowledged_by(self, view: View) -> set[str]:
        """The participants that hold the request; the requester by asking."""
        return {self.requester, *self.by(view, MovementAcknowledge)}


def movement(view: View, request: str) -> Movement | None:
    """The record of the movement with that request hash (hex), if the view holds it."""
    taken = view.find(request)
    if taken is None or not isinstance(taken.entry.act, MovementRequest | MovementEmergency):
        return None
    requester = party_of(taken.entry.origin)
    acts = tuple(each for each in view.about(f"movement/{request}") if each is not taken)
    volume, alternative, asked = taken.entry.act.volume, None, taken
    for each in acts:
        act = each.entry.act
        if isinstance(act, MovementAccept):
            offered = view.find(act.alternative)
            if offered is not None and isinstance(offered.entry.act, MovementAlternative):
                volume, alternative, asked = offered.entry.act.volume, act.alternative, each
    told = _told(view, acts, asked)
    return Movement(taken, taken.entry.act, requester, volume, alternative, acts, told, asked)


def protected_volume(record: Movement) -> Volume:
    """What the movement keeps starts out of: open-ended once it is under way, overdue or not, and from its departure if
    that is before its window, as an emergency's may be."""
    if not record.under_way:
        return record.volume
    departed_ms = (taken.entry.at_ms for taken in record.acts if isinstance(taken.entry.act, MovementDepart))
    window = Window(from_ms=min((record.volume.window.from_ms, *departed_ms)), until_ms=None)
    return Volume(ring=record.volume.ring, band=record.volume.band, window=window)


def movements_barring(view: View, volume: Volume) -> list[Movement]:
    """The movements, not ended and not lifted by all, that bar a start in the volume."""
    found: dict[str, Movement] = {}
    for taken in (*view.near("movements", volume), *view.running("passages")):
        request: str = getattr(taken.entry.act, "request", taken.entry.id)
        if request in found:
            continue
        record = movement(view, request)
        if record is None or record.over or is_lifted(view, request):
            continue
        if volumes_meet(protected_volume(record), volume):
            found[request] = record
    return list(found.values())


def _told(view: View, acts: tuple[Taken, ...], asked: Taken) -> frozenset[str]:
    """The units that said that they were told once the request, or the newest acceptance, was known to who says so."""
    return frozenset(
        taken.entry.act.unit
        for taken in acts
        if isinstance(taken.entry.act, MovementDisseminated) and view.history.past(taken).holds(asked)
    )
