"""Teeth: wrong rules are planted one at a time, and the directed tests of the laws must find each of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from laws import (
    test_alone,
    test_answers,
    test_by_one_good_key,
    test_crossings,
    test_departures,
    test_disputes,
    test_flights,
    test_flights_in_numbers,
    test_founding,
    test_held_movements,
    test_joint_changes,
    test_keys_and_seals,
    test_left_starts,
    test_permissions,
    test_precaution,
    test_protections,
    test_reading_and_time,
    test_reliance,
    test_replaced_terms,
    test_restraints,
    test_safety_floor,
    test_software,
    test_standings,
    test_structure,
    test_tracks,
    test_two_logs,
    test_unsettled,
    test_votes_owed,
    test_watches,
    test_what_is_held,
    test_without_a_vote,
)
from teeth.chapters import CHAPTERS
from teeth.crossed import CROSSED
from teeth.disputes import DISPUTES
from teeth.flights import FLIGHTS
from teeth.good_keys import GOOD_KEYS
from teeth.later_software import SOFTWARE
from teeth.list_of_teeth import TEETH as LISTED
from teeth.list_of_teeth import Tooth
from teeth.precaution import PRECAUTION
from teeth.relied_on import RELIED_ON
from teeth.replaced_terms import REPLACED_TERMS
from teeth.standings import STANDINGS
from teeth.tracks import TRACKS
from teeth.votes import VOTES

MODULES = (
    test_structure,
    test_joint_changes,
    test_founding,
    test_replaced_terms,
    test_left_starts,
    test_two_logs,
    test_answers,
    test_restraints,
    test_what_is_held,
    test_safety_floor,
    test_protections,
    test_departures,
    test_permissions,
    test_precaution,
    test_reading_and_time,
    test_reliance,
    test_keys_and_seals,
    test_by_one_good_key,
    test_alone,
    test_crossings,
    test_disputes,
    test_flights,
    test_flights_in_numbers,
    test_unsettled,
    test_tracks,
    test_held_movements,
    test_software,
    test_standings,
    test_votes_owed,
    test_watches,
    test_without_a_vote,
)
CHECKS: dict[str, Callable[..., None]] = {
    name: value for module in MODULES for name, value in vars(module).items() if name.startswith("test_law_")
}

TEETH = (
    *LISTED,
    *SOFTWARE,
    *CHAPTERS,
    *PRECAUTION,
    *REPLACED_TERMS,
    *RELIED_ON,
    *GOOD_KEYS,
    *STANDINGS,
    *CROSSED,
    *DISPUTES,
    *FLIGHTS,
    *TRACKS,
    *VOTES,
)


def arguments(check: Callable[..., None]) -> list[dict[str, Any]]:
    """What a check is called with: nothing, or each of its parameters in turn."""
    marks = [mark for mark in getattr(check, "pytestmark", []) if mark.name == "parametrize"]
    if not marks:
        assert not inspect.signature(check).parameters, "a check that a tooth names needs no fixture"
        return [{}]
    name, values = marks[0].args
    return [{name: value} for value in values]


def finds(check: Callable[..., None]) -> bool:
    """Whether the check fails, in whatever way."""
    for each in arguments(check):
        try:
            check(**each)
        except (Exception, pytest.fail.Exception):
            return True
    return False


@pytest.mark.parametrize("planted", TEETH, ids=[each.says.replace(" ", "-") for each in TEETH])
def test_wrong_rule_is_found(planted: Tooth) -> None:
    """Each named test fails under the wrong rule and passes without it."""
    assert planted.found_by
    for name in planted.found_by:
        with planted.plant():
            assert finds(CHECKS[name]), f"{name} passes although {planted.says}"
        assert not finds(CHECKS[name]), f"{name} fails although no wrong rule is planted"


def test_teeth_have_names_of_their_own() -> None:
    """Two teeth of one name would be told apart by nobody."""
    assert len({each.says for each in TEETH}) == len(TEETH)
