"""Rules of what officers sign about tracks.

They need no clause that provides for a watch: an office watches its own feeds under whatever terms, and who cannot sign
that he has seen an alarm has a screen that cries for ever. They bind nobody: an office goes by its own officers' words.
"""

from __future__ import annotations

from comity.model.acts.tracks import TrackTie
from comity.model.records.flights import flight
from comity.model.records.movements import movement
from comity.model.verdict import Refusal
from comity.rules.case import Case


def tie_is_to_expected(case: Case) -> Refusal | None:
    """A tie names a declared flight or an exempt movement that is not over; a tie is broken whenever."""
    act = case.act
    assert isinstance(act, TrackTie)
    declared, asked = flight(case.view, act.flight), movement(case.view, act.flight)
    if declared is None and asked is None:
        return case.refuse(
            "flight.watch", "the flight that it names is not in this entry's past", "wait for it, or name another", 15
        )
    is_over = declared.closed is not None if declared is not None else asked is not None and asked.over
    if act.tied and is_over:
        return case.refuse(
            "flight.watch", "the flight that it names is over", "name the flight that the track is now", 15
        )
    return None
