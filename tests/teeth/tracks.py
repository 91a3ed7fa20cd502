"""Wrong rules about words on tracks, and the directed tests that must find each."""

from __future__ import annotations

from comity.model.history import Taken, View
from comity.model.records import officers, tracks
from comity.model.verdict import Refusal
from comity.rules import gate
from comity.rules.case import Case
from comity.views.sky import acknowledged
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import exchanged, replaced


def whenever_it_began(taken: Taken, since_ms: int) -> bool:
    """An acknowledgement is of every alert of its kind."""
    return True


def anybodys(taken: Taken, party: str) -> bool:
    """Every office's word quietens."""
    return True


def by_no_thief(view: View, taken: Taken) -> bool:
    """No key was ever in other hands."""
    return False


def words_need_a_watch(case: Case) -> Refusal | None:
    """Words on tracks and alerts need a clause on the watch."""
    is_word = case.act.name in ("track.tie", "alert.acknowledge")
    if is_word and not case.terms.governed("flight.watch"):
        return case.refuse("agreement", "no clause provides for it", "amend the terms first", 14)
    return gate.chapter_provided(case)


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
        "nobody says that he has seen an alarm where no clause speaks of a watch",
        exchanged(gate.chapter_provided, words_need_a_watch),
        "15_words_on_tracks_need_no_clause",
    ),
    tooth(
        "a thief acknowledges",
        replaced(officers.compromised_since, by_no_thief),
        "33_a_key_in_other_hands_acknowledges_nothing",
    ),
)
