"""Wrong rules of what a start or a clearance rests on and crosses, and the tests that must find them."""

from __future__ import annotations

from collections.abc import Iterator

from comity.model.acts import keys, movements
from comity.model.acts.operations import OperationStart
from comity.model.geometry import volumes_meet
from comity.model.history import Taken, View
from comity.model.records import presence
from comity.model.records.movements import movement
from comity.model.records.officers import compromised_since
from comity.views import clearing, crossing, flags, reliance, sight
from comity.views import movements as movement_views
from comity.views import operations as operation_views
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import entered, replaced
from teeth.wrong_rules import crossed_by_what_followed, nothing_found


def consents_alone(past: View, start: Taken, act: OperationStart) -> Iterator[tuple[Taken, ...]]:
    """A start rests on the consents that it cites."""
    yield from ((each,) for each in reliance._cited(past, act))


def any_thief_matters(view: View, taken: Taken) -> list[Taken]:
    """Whatever anybody signed is in doubt if one of them had lost his key."""
    statements = [each for each in view.about("keys") if isinstance(each.entry.act, keys.Compromised)]
    lost = [each for group in reliance.relied_on(view, taken) for each in group if compromised_since(view, each)]
    return statements if lost else []


def whoever_answers(view: View, party: str, other: str, since_ms: int) -> bool:
    """A line that is answered works."""
    return bool(presence.working_checks(view, party, other, since_ms))


def whoever_signs(view: View, party: str, since_ms: int) -> bool:
    """Whose key signs is there."""
    return any(True for _ in presence.officers_entries(view, party, since_ms))


def only_good_keys(view: View, party: str, other: str, since_ms: int) -> list[Taken]:
    """What a stolen key said of a line was never said."""
    good = [each for each in view.since("lines", since_ms) if not compromised_since(view, each)]
    newest = max(good, key=lambda each: each.order, default=None)
    return [] if newest is None or getattr(newest.entry.act, "result", "") == "dead" else [newest]


def under_way_in_its_window(crossed: crossing.Crossed, taken: Taken) -> bool:
    """Nothing leaves before its window."""
    record = movement(crossed.past.history.past(taken), getattr(taken.entry.act, "request", ""))
    return record is not None and volumes_meet(crossing._without_end(record.volume), crossed.volume)


def floor_of_now(around: View, past: View, record: object, change: object) -> bool:
    """A floor that was restored has never ended."""
    return clearing._has_no_floor(around.history.now())


def dissolved_too(view: View, clear: Taken) -> list[Taken]:
    """Whatever flags a clearance puts it in doubt."""
    return flags.evidence(view, clear)


def suspended_is_stopped(view: View) -> bool:
    """A suspension stops movements too."""
    return True


def beyond_doubt(view: View, record: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is cleared is cleared."""
    return (), ()


_CROSSED = "16_whatever_stops_a_clearance_flags_it_when_they_cross"

CROSSED: tuple[Tooth, ...] = (
    tooth(
        "a start rests on its consents alone",
        replaced(reliance._of_start, consents_alone),
        "33_theft_found_beside_a_start_flags_it",
        "33_theft_found_after_a_start_flags_it",
    ),
    tooth(
        "one thief among several spoils all",
        replaced(reliance.in_other_hands, any_thief_matters),
        "33_what_another_key_gave_as_well_is_no_matter",
    ),
    tooth(
        "thieves answer the line",
        replaced(presence.line_works_since, whoever_answers),
        "33_compromised_ends_line_checks_seen",
    ),
    tooth(
        "thieves are there",
        replaced(presence.officer_signed_since, whoever_signs),
        "33_compromised_ends_signs_of_life_seen",
    ),
    tooth(
        "a dead line works if a thief says so",
        replaced(presence.working_checks, only_good_keys),
        "25_dead_line_is_dead_whoever_says_so",
    ),
    tooth(
        "clocks cross no start",
        entered(crossing.CROSSES, keys.ClockStep, "a clock is not an act"),
        "18_whatever_stops_a_start_flags_it_when_they_cross",
        "28_step_of_the_authority_flags_a_start",
    ),
    tooth(
        "a departure is in its window",
        entered(crossing.CROSSES, movements.MovementDepart, under_way_in_its_window),
        "20_early_departure_of_an_emergency_crosses_a_start",
    ),
    tooth(
        "an emergency crosses nobody",
        replaced(clearing.starts_crossed, nothing_found),
        "20_early_departure_of_an_emergency_crosses_a_start",
        "20_emergency_crosses_a_start",
    ),
    tooth(
        "an emergency rings for those who crossed it",
        replaced(operation_views._emergencies_text, nothing_found),
        "20_early_departure_of_an_emergency_crosses_a_start",
        "20_emergency_rings_where_its_start_was_known_too",
    ),
    tooth("clearances cross nothing", replaced(clearing.stops_on, nothing_found), _CROSSED),
    tooth(
        "forks cross no clearance",
        replaced(clearing.forks_of_clearance, nothing_found),
        "04_fork_beside_a_clearance_flags_it",
    ),
    tooth(
        "the floor carries nothing",
        replaced(clearing._has_no_floor, suspended_is_stopped),
        "16_suspension_crosses_no_clearance_on_the_floor",
    ),
    tooth(
        "a restored floor never ended",
        replaced(clearing._takes_away, floor_of_now),
        "32_restored_floor_takes_no_flag_back",
    ),
    tooth(
        "what came after a clearance crossed it",
        replaced(sight.beside, crossed_by_what_followed),
        "32_what_came_after_a_clearance_does_not_cross_it",
    ),
    tooth(
        "a clearance rests on its own word",
        replaced(reliance._of_clearance, nothing_found),
        _CROSSED,
        "33_theft_found_after_a_clearance_flags_it",
    ),
    tooth(
        "a dissolution puts a clearance in doubt",
        replaced(movement_views.clearance_doubted_by, dissolved_too),
        "21_area_dissolved_beside_a_clearance_stops_nothing",
    ),
    tooth(
        "a clearance is beyond doubt",
        replaced(movement_views._doubts, beyond_doubt),
        _CROSSED,
    ),
)
