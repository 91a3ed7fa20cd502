"""Wrong rules of movements, operations and acting alone, and the tests that must find them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from comity.model.acts.duty import LineCheck
from comity.model.acts.form import Nature
from comity.model.acts.movements import MovementArrive, MovementCancel
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records import groups, operations, overlaps, presence
from comity.model.terms import Terms
from comity.rules import alone
from comity.rules import movements as movement_rules
from comity.views.life import LIVES
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import altered, dropped, entered, replaced, together


def any_entry_since(view: View, party: str, since_ms: int) -> bool:
    """Whoever is heard of is there."""
    return operations.newest_at(view, party) >= since_ms


def anyones_check_since(view: View, party: str, other: str, since_ms: int) -> bool:
    """A line has two ends, and either may say that it works."""
    return _line_works_since(view, party, other, since_ms) or _line_works_since(view, other, party, since_ms)


def once_found_working(view: View, party: str, other: str, since_ms: int) -> bool:
    """A line that worked works."""
    checks = [each.entry.act for each in view.since("lines", since_ms) if party_of(each.entry.origin) == party]
    return any(isinstance(act, LineCheck) and act.result != "dead" for act in checks)


def always_coordinated(view: View, terms: Terms, group: str) -> str:
    """A request that names no authorisation needs none."""
    return "coordinated"


def everything_overlaps(view: View, activity: Taken, other: Taken) -> bool:
    """Whoever acknowledges too much does no harm."""
    return True


def owed_by_owners(view: View, signatories: frozenset[str], activity: Taken) -> Iterator[overlaps.Overlap]:
    """A thing is the affair of the party whose log it stands in."""
    for each in _overlaps_of(view, signatories, activity):
        owners = {party_of(taken.entry.origin) for taken in (activity, each.other)}
        yield dataclasses.replace(each, owed_by=frozenset(owners))


_overlaps_of = overlaps.overlaps_of
_line_works_since = presence.line_works_since

CHAPTERS: tuple[Tooth, ...] = (
    tooth(
        "the end of a protection is a restraint",
        together(
            altered(MovementArrive, "nature", Nature.RESTRAINT),
            altered(MovementCancel, "nature", Nature.RESTRAINT),
        ),
        "15_end_of_a_protection_is_no_restraint",
        "15_end_of_a_protection_needs_the_passkey",
    ),
    tooth(
        "anyone at the centre ends its movements",
        dropped(movement_rules.by_who_asked),
        "22_movement_of_the_centre_is_ended_by_who_asked",
    ),
    tooth(
        "a denial outlasts the end",
        entered(LIVES, "movement", dataclasses.replace(LIVES["movement"], deeds=frozenset())),
        "16_movement_that_is_over_shows_as_over",
    ),
    tooth(
        "anything is acknowledged",
        replaced(overlaps.is_overlap, everything_overlaps),
        "29_overlap_that_is_not_there_is_not_acknowledged",
        "29_own_volumes_are_no_overlap",
    ),
    tooth(
        "an overlap is its owners' affair",
        replaced(overlaps.overlaps_of, owed_by_owners),
        "29_overlap_is_both_parties_affair",
    ),
    tooth(
        "integrated is what says so",
        replaced(groups.treatment_of, always_coordinated),
        "17_integrated_names_its_authorisation",
    ),
    tooth("an opening may point", dropped(alone.opening_is_wide), "34_opening_points_at_nothing"),
    tooth("machines are officers", replaced(presence.officer_signed_since, any_entry_since), "25_machine_is_nobody"),
    tooth(
        "either end says that the line works",
        replaced(presence.line_works_since, anyones_check_since),
        "25_line_is_the_givers_word",
    ),
    tooth(
        "a line found dead works",
        replaced(presence.line_works_since, once_found_working),
        "25_line_is_the_givers_word",
    ),
)
