"""Which acts take up room, by kind, so that a view can ask what is near a volume."""

from __future__ import annotations

from collections.abc import Callable

from comity.model.acts import Act
from comity.model.acts.alone import ActivityDeclare
from comity.model.acts.areas import AreaPropose
from comity.model.acts.flights import FlightChange, FlightDeclare
from comity.model.acts.movements import FlightNotice, MovementAlternative, MovementEmergency, MovementRequest
from comity.model.acts.operations import (
    FactState,
    Hold,
    OperationConsent,
    OperationCounter,
    OperationPropose,
    OperationStart,
)
from comity.model.volume import Volume

FindAct = Callable[[str], Act | None]

KINDS: dict[type[Act], str] = {
    AreaPropose: "areas",
    MovementRequest: "movements",
    MovementEmergency: "movements",
    MovementAlternative: "movements",
    FactState: "facts",
    Hold: "holds",
    OperationPropose: "requests",
    OperationCounter: "requests",
    OperationConsent: "consents",
    OperationStart: "starts",
    ActivityDeclare: "activities",
    FlightNotice: "notices",
    FlightDeclare: "flights",
    FlightChange: "flights",
}


def volume_of(act: Act, find_act: FindAct) -> Volume | None:
    """The volume of an act, or of the request that it names."""
    if isinstance(act, OperationConsent | OperationStart):
        request = find_act(act.request)
        return None if request is None else volume_of(request, find_act)
    volume = getattr(act, "volume", None)
    return volume if isinstance(volume, Volume) else None
