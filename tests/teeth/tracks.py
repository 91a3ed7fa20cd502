"""Wrong rules about words on tracks, and the directed tests that must find each."""

from __future__ import annotations

from comity.model.history import Taken, View
from comity.model.records import officers, tracks
from comity.views.sky import acknowledged
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import replaced


def whenever_it_began(taken: Taken, since_ms: int) -> bool:
    """An acknowledgement is of every alert of its kind."""
    return True


def anybodys(taken: Taken, party: str) -> bool:
    """Every office's word quietens."""
    return True


def by_no_thief(view: View, taken: Taken) -> bool:
    """No key was ever in other hands."""
    return False


TRACKS: tuple[Tooth, ...] = (
    tooth(
        "an alert that begins anew has been seen before",
        replaced(tracks.is_of, whenever_it_began),
        "15_an_acknowledgement_names_its_alert",
    ),
    tooth(
        "another office's word quietens an alert",
        replaced(acknowledged._quietens, anybodys),
        "15_nobody_quietens_anothers_screen",
    ),
    tooth(
        "a thief acknowledges",
        replaced(officers.compromised_since, by_no_thief),
        "33_a_key_in_other_hands_acknowledges_nothing",
    ),
)
