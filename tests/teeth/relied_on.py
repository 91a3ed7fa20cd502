"""Wrong rules of what later acts rest on, and the tests that must find them."""

from __future__ import annotations

from comity.model.acts.movements import MovementDisseminated
from comity.model.acts.operations import Hold, OperationStart
from comity.model.geometry import volumes_meet
from comity.model.history import Taken, View
from comity.model.records import authorisations, groups, movements, operations, overlaps, restraints
from comity.model.records.change import heads, proposal_of
from comity.model.terms import Terms
from comity.model.verdict import Refusal
from comity.model.volume import Volume, Window
from comity.rules import holds, starts
from comity.rules import movements as movement_rules
from comity.rules import operations as operation_rules
from comity.rules.case import Case
from comity.rules.named import movement_of
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import altered, dropped, exchanged, replaced


def authorised_by_the_clocks_alone(
    view: View, authorisation: str, party: str, area: str, group: str, relying: str, at_ms: int
) -> bool:
    """An authorisation is live until the moment that it names."""
    granted = authorisations.granted_by(view, authorisation, party)
    if granted is None:
        return False
    last_ms: int = granted.entry.act.until_ms  # type: ignore[union-attr]
    return max(at_ms, operations.newest_at(view, party)) <= last_ms


def never_drawn_anew(view: View, granted: Taken, area: str) -> bool:
    """An area is its name."""
    return False


def agreed_by_any_key(record: movements.Movement, view: View) -> frozenset[str]:
    """Who has agreed has agreed."""
    return next((agreed for _, agreed in reversed([*record.answers(view)])), frozenset())


def confirmed_by_any_key(case: Case) -> Refusal | None:
    """A consent that is confirmed is confirmed, whoever holds the key."""
    act = case.act
    assert isinstance(act, OperationStart)
    said = {
        getattr(each.entry.act, "consent", None): each.entry.at_ms
        for each in case.view.about(f"operation/{act.request}")
    }
    within_ms = case.span_ms("confirm_within_min")
    if all(case.at_ms - said.get(consent, 0) <= within_ms for consent in act.consents):
        return None
    return case.refuse("operation.confirmation", "nobody has confirmed", "ask for the confirmation")


def once_told(view: View, acts: tuple[Taken, ...], asked: Taken) -> frozenset[str]:
    """Whoever was told of the movement was told."""
    said = (each.entry.act for each in acts)
    return frozenset(act.unit for act in said if isinstance(act, MovementDisseminated))


def protected_from_its_window(record: movements.Movement) -> Volume:
    """Before its window there is nothing to protect."""
    from_ms = record.volume.window.from_ms if record.under_way else _protected_volume(record).window.from_ms
    window = Window(from_ms=from_ms, until_ms=_protected_volume(record).window.until_ms)
    return Volume(ring=record.volume.ring, band=record.volume.band, window=window)


def cleared_for_good(case: Case) -> Refusal | None:
    """What was cleared was cleared."""
    record = movement_of(case)
    if record is None or record.under_way:
        return None
    return case.refuse("movement.clearance", "it is not cleared", "wait until it is")


def in_the_window_alone(case: Case, volume: Volume) -> Volume:
    """Whoever has consented to an operation at another hour may start now."""
    return volume


def held_by_name_first(hold: Hold, request: str, volume: Volume) -> bool:
    """A hold that names a request holds that request."""
    if hold.request is not None:
        return hold.request == request
    return hold.volume is None or volumes_meet(hold.volume, volume)


def as_all_heads_say(view: View, terms: Terms, group: str) -> str | None:
    """Where all heads say one thing there is no doubt about it."""
    said = {getattr(proposal_of(view, each), "treatment", None) for each in heads(view, f"group/{group}")}
    return said.pop() if len(said) == 1 else _treatment_of(view, terms, group)


def acknowledged_for_good(view: View, other: Taken, word: Taken) -> bool:
    """Who has acknowledged a movement has acknowledged it."""
    return True


_treatment_of = groups.treatment_of
_protected_volume = movements.protected_volume

RELIED_ON: tuple[Tooth, ...] = (
    tooth(
        "authorisations end by the clocks alone",
        replaced(authorisations.is_authorised, authorised_by_the_clocks_alone),
        "28_step_of_the_giver_revives_no_authorisation",
        "28_step_of_the_user_revives_no_authorisation",
        "33_compromised_ends_authorisations_seen",
        "12_authorisation_dies_with_its_terms",
    ),
    tooth(
        "an authorisation follows the name of the area",
        replaced(authorisations._drawn_anew, never_drawn_anew),
        "18_authorisation_covers_the_area_that_its_giver_knew",
    ),
    tooth(
        "stolen keys confirm",
        exchanged(starts.givers_confirmed, confirmed_by_any_key),
        "33_compromised_ends_confirmations_seen",
    ),
    tooth(
        "stolen keys agree",
        altered(movements.Movement, "agreed_by", agreed_by_any_key),
        "33_compromised_ends_agreements_seen",
    ),
    tooth(
        "a unit once told knows of every change",
        replaced(movements._told, once_told),
        "20_units_are_told_of_what_is_cleared",
    ),
    tooth(
        "what is cleared departs when it likes",
        dropped(movement_rules.window_has_begun),
        "20_nothing_departs_before_its_window",
    ),
    tooth(
        "what is cleared departs into a start",
        dropped(movement_rules.no_start_where_it_departs),
        "20_departs_into_no_start",
        "20_departs_after_what_started_before_its_window",
    ),
    tooth(
        "an emergency departs into no start",
        exchanged(movement_rules.no_start_where_it_departs, movement_rules.no_live_start),
        "20_departs_into_no_start",
    ),
    tooth(
        "a window begins a protection",
        replaced(movements.protected_volume, protected_from_its_window),
        "20_early_emergency_is_protected_from_its_departure",
    ),
    tooth(
        "a clearance outlasts everything",
        exchanged(movement_rules.may_depart, cleared_for_good),
        "16_lifted_movement_does_not_depart",
        "16_clearance_beside_a_suspension_departs_nothing",
    ),
    tooth("anyone says that it is back", dropped(movement_rules.back_is_its_owners_word), "22_back_is_its_owners_word"),
    tooth(
        "anyone answers for the proposer",
        dropped(operation_rules.answer_is_the_proposers),
        "22_query_is_answered_by_who_was_asked",
    ),
    tooth(
        "a consent bars within its window",
        replaced(starts._where_others_may_be, in_the_window_alone),
        "19_windows_that_touch_share_a_room",
    ),
    tooth(
        "a hold on a request is about nothing else",
        replaced(restraints.hold_covers, held_by_name_first),
        "16_hold_covers_all_that_it_names",
        "16_hold_of_both_crosses_a_start_in_either",
    ),
    tooth("anything is held", dropped(holds.held_thing_is_there), "15_hold_names_what_can_be_held"),
    tooth(
        "heads of one word are one",
        replaced(groups.treatment_of, as_all_heads_say),
        "11_two_heads_of_one_word_are_two",
    ),
    tooth(
        "an overlap once acknowledged stays so",
        replaced(overlaps.is_of_now, acknowledged_for_good),
        "20_acknowledged_overlap_is_with_the_air_asked_for",
    ),
)
