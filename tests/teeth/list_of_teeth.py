"""Every planted wrong rule and the directed tests that must find it, one line each."""

from __future__ import annotations

from dataclasses import dataclass

from comity.model.acts.alone import ThreatOpen
from comity.model.acts.movements import FlightNotice
from comity.model.history import History, Taken, View
from comity.model.records import change, drift, movements, officers, operations, restraints
from comity.rules import agreement, alone, consents, gate, integration, keys, standing, starts, table
from comity.rules import movements as movement_rules
from comity.rules import operations as operation_rules
from comity.views import alone as alone_views
from comity.views import crossing, sight
from comity.views import flags as flag_views
from comity.views import operations as operation_views
from teeth import wrong_rules as wrong
from teeth.planting import Planted, altered, dropped, entered, exchanged, replaced, together


@dataclass(frozen=True)
class Tooth:
    """A wrong rule, how it is planted, and the tests of the laws that find it."""

    says: str
    plant: Planted
    found_by: tuple[str, ...]


def tooth(says: str, plant: Planted, *found_by: str) -> Tooth:
    """A tooth; each test is named without its `test_law_`."""
    return Tooth(says, plant, tuple(f"test_law_{name}" for name in found_by))


ASKED: tuple[Tooth, ...] = (
    tooth(
        "uncited consent counts",
        replaced(starts._cited, wrong.every_consent_counts),
        "17_uncited_consent_does_not_count",
    ),
    tooth(
        "later withdrawal cancels a past start",
        replaced(operations.withdrawal_of, wrong.withdrawn_anywhere),
        "16_restraint_concurrent_with_a_start_is_flagged",
        "26_future_of_an_entry_changes_nothing",
    ),
    tooth(
        "fork found later voids the past",
        exchanged(gate.no_party_forked, wrong.forked_anywhere),
        "04_fork_found_later_keeps_the_past",
    ),
    tooth(
        "expiry ignored",
        replaced(operations.lease_fault, wrong.no_expiry),
        "25_consent_ends_by_the_clock_of_its_user",
        "25_consent_ends_by_the_clock_of_its_giver",
    ),
    tooth(
        "drafter consents",
        dropped(consents.drafter_does_not_consent),
        "17_drafter_does_not_consent",
        "17_drafter_does_not_consent_second",
    ),
    tooth("other party executes", dropped(starts.executing_party_starts), "17_other_party_does_not_execute"),
    tooth(
        "open `seen`",
        altered(History, "_join", wrong.joined_openly),
        "01_seen_leaves_out_a_log",
        "01_seen_steps_back",
    ),
    tooth(
        "restraint lifted by one",
        replaced(change.is_lifted, wrong.lifted_by_anyone),
        "16_one_party_lifts_nothing",
        "16_lift_needs_every_signatory",
    ),
    tooth(
        "silence consents",
        exchanged(starts.consents_are_cited_and_live, wrong.present_consents_suffice),
        "17_uncited_consent_does_not_count",
        "36_silent_party_stops_permissions_only",
    ),
    tooth(
        "late notice dropped",
        entered(table.RULES, FlightNotice, (*table.RULES[FlightNotice], wrong.late_notice_refused)),
        "32_late_notice_is_taken_and_marked",
    ),
    tooth("revoked key counts", replaced(officers.is_revoked, wrong.never), "33_key_counts_until_its_revocation"),
    tooth(
        "concurrent hold ignored",
        replaced(crossing.restraints_on, wrong.restraints_without_holds),
        "16_hold_concurrent_with_a_start_is_flagged",
    ),
    tooth(
        "unopened seal hidden",
        replaced(alone_views.seals, wrong.opened_seals_only),
        "34_unopened_seal_is_visible",
    ),
    tooth(
        "refused entry has effect: it is found",
        altered(View, "find", wrong.found_refused_too),
        "02_refused_consent_does_not_count",
    ),
    tooth(
        "refused entry has effect: it is filed",
        altered(History, "take", wrong.indexed_refused_too),
        "02_refused_is_taken_without_effect",
    ),
    tooth(
        "votes not pinned to their terms",
        replaced(change._count, wrong.counted_across_terms),
        "10_votes_are_pinned_to_their_terms",
    ),
    tooth(
        "clearance without acknowledgements",
        dropped(movement_rules.all_have_acknowledged),
        "20_clearance_needs_acknowledgements",
        "20_acknowledgement_of_others_does_not_count",
    ),
    tooth(
        "seal not bound to its origin",
        altered(ThreatOpen, "commitment", wrong.unbound_commitment),
        "34_seal_is_bound_to_its_origin",
    ),
    tooth("own consent does not bar", dropped(starts.own_consents_do_not_bar), "19_own_consent_bars"),
    tooth(
        "third party's clock asked",
        replaced(operations.newest_at, wrong.anybodys_clock),
        "25_third_clock_is_not_asked",
        "25_third_party_clock_is_not_asked_either",
    ),
)
"""The wrong rules that the issue names."""

STRUCTURE: tuple[Tooth, ...] = (
    tooth("behind is fine", altered(History, "_goes_on_from", wrong.never), "01_seen_steps_back"),
    tooth(
        "a fork makes honest entries malformed",
        altered(History, "_goes_on_from", wrong.goes_on_by_number),
        "03_fork_blocks_no_honest_office",
    ),
    tooth("forks bar nothing", dropped(gate.no_party_forked), "04_fork_bars_permission", "04_no_lift_on_a_fork"),
    tooth(
        "the centre's fork bars",
        exchanged(gate.no_party_forked, wrong.any_fork_bars),
        "04_fork_of_the_centre_bars_nothing",
    ),
    tooth("a fork bars for ever", exchanged(gate.no_party_forked, wrong.old_forks_bar), "04_new_log_ends_it"),
    tooth("order of arrival", altered(Taken, "order", property(wrong.by_arrival)), "06_order_is_the_same_for_all"),
)

JOINT_CHANGES: tuple[Tooth, ...] = (
    tooth("votes are taken back", dropped(agreement.vote_is_first), "09_vote_is_not_taken_back"),
    tooth("rounds need not be dead", dropped(agreement.round_is_open), "09_next_round_needs_a_dead_one"),
    tooth(
        "dead rounds are voted in",
        exchanged(agreement.round_is_open, wrong.dead_rounds_are_open),
        "09_rounds_are_not_used_up",
    ),
    tooth("rounds never die", replaced(change.is_dead, wrong.never_dead), "09_next_round_needs_a_dead_one"),
    tooth("old predecessors are succeeded again", dropped(agreement.proposal_follows_heads), "09_one_successor"),
    tooth("two votes suffice", replaced(change.required, wrong.two_votes_suffice), "09_silence_is_no_vote"),
    tooth(
        "newcomers are bound unasked",
        replaced(change.required, wrong.old_signatories_suffice),
        "10_amendment_needs_the_newcomer",
    ),
    tooth(
        "leavers are expelled unasked",
        replaced(change.required, wrong.new_signatories_suffice),
        "10_amendment_needs_the_leaver",
    ),
    tooth(
        "one of several heads rules",
        exchanged(operation_rules.inside_an_area, wrong.first_version_rules),
        "11_several_heads_permit_nothing",
    ),
    tooth(
        "one head is succeeded",
        replaced(agreement._follows_heads, wrong.head_follows_any),
        "11_joint_change_names_all_heads",
    ),
    tooth(
        "any terms may be named",
        dropped(gate.terms_named),
        "12_permission_names_the_terms_in_force",
        "12_record_is_not_judged_by_terms_never_adopted",
        "13_before_terms_only_votes_keys_restraints",
    ),
    tooth(
        "consents outlive terms",
        replaced(starts._consent_fault, wrong.consent_outlives_terms),
        "12_consent_dies_with_its_terms",
    ),
    tooth(
        "restraints need the terms in force",
        exchanged(gate.terms_named, wrong.refused_under_other_terms),
        "12_restraint_under_other_terms_counts",
    ),
    tooth(
        "anyone begins a log",
        dropped(gate.genesis),
        "13_entry_0_is_for_the_founding_bytes",
        "13_without_a_vote_one_joins",
    ),
    tooth(
        "votes from a log that a proposal made up",
        together(replaced(standing.keeper_of, wrong.kept_as_proposed), dropped(gate.genesis)),
        "13_nobody_votes_from_a_log_made_for_him",
    ),
    tooth(
        "a log is whose name it bears", altered(View, "logs_of", wrong.any_log_so_named), "13_forged_log_says_nothing"
    ),
    tooth("chapters need no clause", dropped(gate.chapter_provided), "14_chapter_without_a_clause"),
)

RESTRAINTS: tuple[Tooth, ...] = (
    tooth(
        "restraints need a seat that may",
        exchanged(standing.seat_may_sign, wrong.seats_for_restraints_too),
        "15_restraint_from_any_seat",
    ),
    tooth(
        "restraints lapse with a deputy",
        exchanged(standing.seat_may_sign, wrong.deputies_end_for_restraints_too),
        "15_restraint_after_a_deputy_has_lapsed",
    ),
    tooth(
        "one lift lifts all",
        replaced(change.is_lifted, wrong.lifted_with_others),
        "16_lift_lifts_no_other",
        "16_restraint_concurrent_with_a_lift_stands",
    ),
    tooth("blank lifts", dropped(agreement.lift_names_restraints), "16_lift_has_what_it_lifts_in_its_past"),
    tooth(
        "a movement's time ends its protection",
        replaced(movements.protected_volume, wrong.protected_in_its_window),
        "16_no_timer_ends_a_protection",
    ),
    tooth("suspensions stop nothing", dropped(gate.not_suspended), "16_suspension_ends_by_a_lift"),
    tooth("holds hold nothing", dropped(operation_rules.nothing_is_held), "16_hold_bars_a_start"),
    tooth("movements bar nothing", dropped(starts.no_movement_in_volume), "20_request_bars_new_starts"),
    tooth("cleared into a start", dropped(movement_rules.no_live_start), "20_clearance_needs_no_live_start"),
    tooth("silence clears", dropped(movement_rules.all_have_agreed), "20_silence_clears_nothing"),
    tooth("anyone clears", dropped(movement_rules.by_requester), "20_clear_is_the_requesters"),
    tooth(
        "the centre consents",
        dropped(operation_rules.by_signatory),
        "22_centre_has_no_vote_and_no_consent",
        "22_signatory_consent_by_centre_key_does_not_count",
    ),
    tooth("the centre votes", dropped(agreement.vote_is_needed), "22_centre_has_no_vote_and_no_consent"),
)

PERMISSIONS: tuple[Tooth, ...] = (
    tooth(
        "a new key is a new person",
        exchanged(consents.drafter_does_not_consent, wrong.by_key_only),
        "17_drafter_with_a_new_key_does_not_consent",
    ),
    tooth("a request is used twice", dropped(operation_rules.request_not_started), "17_one_start_a_request"),
    tooth("closed requests are open", dropped(operation_rules.request_is_open), "17_closed_request_is_not_started"),
    tooth(
        "only the first cited consent is looked at",
        exchanged(starts.consents_are_cited_and_live, wrong.first_cited_only),
        "17_every_cited_consent_is_live",
    ),
    tooth(
        "operations lie anywhere",
        dropped(operation_rules.inside_an_area),
        "17_outside_the_area",
        "18_dissolved_area_permits_nothing",
    ),
    tooth(
        "consents cover what comes",
        replaced(drift.uncovered_fact, wrong.no_fact_matters),
        "18_consent_does_not_cover_a_later_fact",
        "18_changed_area_is_a_fact",
        "18_hold_lifted_is_still_a_fact",
    ),
    tooth(
        "one giver's knowledge is enough",
        exchanged(starts.consents_cover_all_facts, wrong.first_cited_covers),
        "18_each_cited_consent_covers_it",
    ),
    tooth(
        "groups are looked at once",
        dropped(operation_rules.group_is_coordinated),
        "18_group_taken_in_is_not_started_against",
    ),
    tooth(
        "a withdrawal unseen frees its giver",
        replaced(operations._seen_by, wrong.seen_without_looking),
        "19_own_consent_bars_until_the_withdrawal_is_seen",
    ),
    tooth(
        "the bar ends by its giver's clock",
        replaced(operations.is_bar_over, wrong.bar_ends_by_own_clock),
        "19_own_consent_bars_until_the_lease_is_over_for_both",
    ),
    tooth(
        "operations end with the lease",
        dropped(starts.no_other_start_in_volume, starts.own_consents_do_not_bar),
        "19_operation_under_way_bars",
    ),
    tooth(
        "integration needs nobody",
        dropped(integration.authorised),
        "17_integration_needs_every_authority",
        "17_integration_ends_at_the_first_clock",
    ),
)

TIME: tuple[Tooth, ...] = (
    tooth(
        "the user's clock alone ends a lease",
        replaced(operations.lease_fault, wrong.only_users_clock),
        "25_consent_ends_by_the_clock_of_its_giver",
    ),
    tooth(
        "the giver's clock alone ends a lease",
        replaced(operations.lease_fault, wrong.only_givers_clock),
        "25_consent_ends_by_the_clock_of_its_user",
    ),
    tooth(
        "a hold ends at the first clock",
        replaced(restraints.hold_stands, wrong.hold_ends_by_either_clock),
        "25_timed_hold_ends_at_the_last_clock",
    ),
    tooth(
        "a hold ends by its holder's clock",
        replaced(restraints.hold_stands, wrong.hold_ends_by_its_holder),
        "25_timed_hold_ends_at_the_last_clock",
    ),
    tooth(
        "nobody need be there", dropped(starts.givers_are_there), "25_giver_is_seen_lately", "25_line_is_tried_lately"
    ),
    tooth("no confirmation", dropped(starts.givers_confirmed), "25_final_confirmation_is_recent"),
    tooth("leases without end", dropped(consents.lease_is_short), "25_consent_has_a_short_lease"),
    tooth("windows are advice", dropped(starts.window_is_open), "25_window_is_open"),
    tooth(
        "nothing is late",
        entered(flag_views.FLAGS, "late", wrong.never),
        "26_secret_start_is_flagged_late",
        "32_late_notice_is_taken_and_marked",
    ),
    tooth(
        "nothing is early", entered(flag_views.FLAGS, "early", wrong.never), "26_start_ahead_of_time_is_flagged_early"
    ),
    tooth("one officer sets the clock back", dropped(standing.two_officers), "28_the_second_officer_is_another"),
    tooth(
        "a clock step ends nothing",
        replaced(operations.clock_stepped, wrong.never),
        "28_step_ends_the_consents_relied_on",
    ),
    tooth("a refused step revives", altered(View, "stepped_back", wrong.never), "28_refused_step_revives_nothing"),
)

KEYS: tuple[Tooth, ...] = (
    tooth(
        "any key signs",
        dropped(standing.key_may_sign),
        "33_key_counts_from_its_enrolment",
        "30_office_key_signs_watch_only",
        "30_only_the_office_key_signs_watch",
        "15_restraint_has_a_good_key",
    ),
    tooth("any seat signs", dropped(standing.seat_may_sign), "33_seats_are_the_enrolled_ones"),
    tooth("officers enrol", dropped(keys.by_root), "33_only_the_root_key_enrols"),
    tooth("the centre enrols", dropped(keys.enrolment_counts), "33_centre_keys_come_from_signatories"),
    tooth("keys come back", dropped(keys.key_is_new), "33_a_key_is_enrolled_once"),
    tooth("anyone's keys are revoked", dropped(keys.old_key_is_own), "33_revoked_by_another_party_means_nothing"),
    tooth(
        "anyone's officers sign",
        replaced(officers._enrols, wrong.enrolled_by_anyone),
        "33_enrolled_by_another_party_means_nothing",
        "33_centre_keys_come_from_signatories",
    ),
    tooth(
        "stolen keys consent", replaced(officers.compromised_since, wrong.never), "33_compromised_ends_consents_seen"
    ),
    tooth(
        "seals open to anything",
        dropped(alone.opening_matches),
        "34_seal_opens_to_one_value",
        "34_seal_covers_its_window",
    ),
    tooth("seals cover no time", altered(ThreatOpen, "commitment", wrong.unbound_in_time), "34_seal_covers_its_window"),
    tooth("seals open for anyone", dropped(alone.seal_is_own), "34_seal_is_not_opened_by_another"),
)

CROSSINGS: tuple[Tooth, ...] = (
    tooth(
        "concurrent dissolution of an area ignored",
        replaced(crossing.restraints_on, wrong.restraints_without_dissolutions),
        "18_whatever_stops_a_start_flags_it_when_they_cross",
        "21_reliance_on_a_dissolved_area_keeps_its_verdict",
    ),
    tooth(
        "reliance on a dissolved area is nobody's business",
        replaced(crossing.dissolutions, wrong.nothing_found),
        "21_movement_in_an_area_dissolved_beside_it_is_reviewed",
        "21_request_in_an_area_dissolved_beside_it_is_reviewed",
        "21_acknowledged_overlap_with_a_dissolved_area_is_reviewed",
    ),
    tooth(
        "the second key's compromise ignored",
        replaced(officers.signing_keys, wrong.first_key_only),
        "33_compromise_of_the_second_key_crosses_a_start",
        "33_compromise_of_the_second_key_ends_its_consents",
    ),
    tooth(
        "what came after a start crossed it",
        replaced(sight.beside, wrong.crossed_by_what_followed),
        "32_what_came_after_a_start_does_not_cross_it",
    ),
    tooth(
        "a review closes what it did not know",
        replaced(operation_views._unreviewed, wrong.reviewed_by_anyone_who_reviewed),
        "16_a_review_that_did_not_know_leaves_the_start_open",
    ),
)

TEETH = (*ASKED, *STRUCTURE, *JOINT_CHANGES, *RESTRAINTS, *PERMISSIONS, *TIME, *KEYS, *CROSSINGS)
