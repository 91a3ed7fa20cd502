"""What the watch beside an office knows, as its people are told it: with the acknowledgements that are signed."""

from __future__ import annotations

from comity.office.office import Office
from comity.views.sky.acknowledged import with_acknowledgements
from comity.views.sky.report import AirReport


def air_of(office: Office) -> AirReport | None:
    """The newest report; None of an office without feeds."""
    if office.air is None:
        return None
    return with_acknowledgements(office.air.report(), office.view(), office.participant.id)
