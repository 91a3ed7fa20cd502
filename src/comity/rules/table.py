"""Which rules each act must pass, in order: one of the three tables that are the law."""

from __future__ import annotations

from comity.model.acts import Act, agreement, alone, areas, duty, flights, keys, movements, operations, tracks
from comity.rules import after, amendments, consents, holds, integration, notices, precaution
from comity.rules import agreement as agreement_rules
from comity.rules import alone as alone_rules
from comity.rules import areas as area_rules
from comity.rules import duty as duty_rules
from comity.rules import flights as flight_rules
from comity.rules import keys as key_rules
from comity.rules import movements as movement_rules
from comity.rules import operations as operation_rules
from comity.rules import starts as start_rules
from comity.rules import tracks as track_rules
from comity.rules.case import Rule

_REQUEST = (
    operation_rules.by_signatory,
    operation_rules.request_is_sound,
    operation_rules.group_is_coordinated,
    operation_rules.inside_an_area,
    integration.authorised,
)
_PROPOSAL = (agreement_rules.proposer_is_signatory, agreement_rules.proposal_follows_heads)
_MOVEMENT = (movement_rules.request_is_there, movement_rules.is_not_over)
_END = (*_MOVEMENT, movement_rules.by_requester, movement_rules.by_who_asked)

RULES: dict[type[Act], tuple[Rule, ...]] = {
    keys.Join: (),
    keys.Enrol: (key_rules.by_root, key_rules.enrolment_counts, key_rules.seats_exist, key_rules.key_is_new),
    keys.Rotate: (key_rules.by_root, key_rules.old_key_is_own, key_rules.seats_exist, key_rules.key_is_new),
    keys.Revoke: (key_rules.old_key_is_own,),
    keys.Compromised: (key_rules.old_key_is_own,),
    keys.Depute: (key_rules.old_key_is_own, key_rules.depute_is_bounded),
    keys.Watch: (),
    keys.ClockStep: (key_rules.clock_by_two,),
    agreement.Vote: (
        agreement_rules.vote_is_needed,
        agreement_rules.vote_is_first,
        agreement_rules.round_is_open,
        agreement_rules.vote_names_proposal,
        agreement_rules.vote_follows_heads,
        amendments.newcomers_voted_first,
        agreement_rules.old_terms_decide_nothing_else,
    ),
    agreement.TermsPropose: (*_PROPOSAL, amendments.terms_can_be_adopted),
    agreement.LiftPropose: (*_PROPOSAL, agreement_rules.lift_names_restraints),
    agreement.PreconditionPropose: (*_PROPOSAL, agreement_rules.precondition_exists),
    agreement.GroupPropose: (*_PROPOSAL, agreement_rules.group_exists),
    agreement.FloorPropose: (*_PROPOSAL, agreement_rules.floor_is_otherwise),
    agreement.Suspend: (agreement_rules.stopped_by_signatory,),
    agreement.Withdraw: (agreement_rules.stopped_by_signatory,),
    areas.AreaPropose: (*_PROPOSAL, area_rules.area_is_sound),
    areas.AreaDissolve: (*_PROPOSAL, area_rules.area_exists),
    movements.MovementRequest: (movement_rules.declared_soundly,),
    movements.MovementEmergency: (movement_rules.declared_soundly,),
    movements.MovementAcknowledge: (*_MOVEMENT, movement_rules.by_another),
    movements.MovementAgree: (
        *_MOVEMENT,
        movement_rules.by_signatory,
        movement_rules.by_another,
        movement_rules.permit_is_for_one_movement,
        movement_rules.operator_is_known,
        movement_rules.agrees_to_what_is_asked,
    ),
    movements.MovementDeny: (movement_rules.request_is_there, movement_rules.by_signatory, movement_rules.by_another),
    movements.MovementAlternative: (
        *_MOVEMENT,
        movement_rules.by_signatory,
        movement_rules.by_another,
        movement_rules.declared_soundly,
    ),
    movements.MovementAccept: (
        *_MOVEMENT,
        movement_rules.by_requester,
        movement_rules.by_who_asked,
        movement_rules.alternative_is_there,
        movement_rules.is_not_cleared,
    ),
    movements.MovementDisseminated: (*_MOVEMENT, movement_rules.unit_is_own),
    movements.MovementClear: (
        *_MOVEMENT,
        movement_rules.by_requester,
        agreement_rules.movement_is_not_lifted,
        movement_rules.permit_is_for_one_movement,
        movement_rules.all_have_agreed,
        movement_rules.all_have_acknowledged,
        movement_rules.all_units_told,
        movement_rules.no_live_start,
        flight_rules.movement_conflicts_answered,
    ),
    movements.MovementDepart: (
        *_MOVEMENT,
        movement_rules.by_requester,
        movement_rules.may_depart,
        movement_rules.no_start_where_it_departs,
        movement_rules.window_has_begun,
    ),
    movements.MovementDeviate: (*_MOVEMENT, movement_rules.back_is_its_owners_word),
    movements.MovementArrive: (*_END, movement_rules.is_under_way),
    movements.MovementCancel: (*_END, movement_rules.has_not_departed),
    movements.MovementReconcile: (
        movement_rules.request_is_there,
        movement_rules.by_requester,
        movement_rules.is_emergency,
    ),
    movements.MovementConform: (
        movement_rules.request_is_there,
        movement_rules.by_signatory,
        movement_rules.by_another,
        movement_rules.has_arrived,
    ),
    movements.FlightNotice: (
        notices.operator_is_answered_for,
        notices.notice_is_sound,
        notices.operator_is_grounded,
    ),
    operations.OperationPropose: _REQUEST,
    operations.OperationCounter: (operation_rules.request_is_open, *_REQUEST),
    operations.OperationQuery: (operation_rules.by_signatory, operation_rules.request_is_open),
    operations.OperationAnswer: (
        operation_rules.request_is_open,
        operation_rules.answer_is_the_proposers,
        operation_rules.query_is_answered,
    ),
    operations.OperationConsent: (
        operation_rules.by_signatory,
        operation_rules.request_is_open,
        operation_rules.request_not_started,
        consents.consent_names_executing,
        consents.drafter_does_not_consent,
        consents.lease_is_short,
        operation_rules.group_is_coordinated,
        operation_rules.inside_an_area,
        integration.authorised,
        operation_rules.nothing_is_held,
        flight_rules.operation_conflicts_answered,
        precaution.own_check_is_current,
    ),
    operations.OperationRefuse: (after.request_is_there, after.refuser_is_signatory),
    operations.OperationWithdraw: (after.request_is_there, after.consent_is_own),
    operations.OperationRetract: (after.request_is_there, after.request_is_own),
    operations.OperationConfirm: (
        operation_rules.by_signatory,
        operation_rules.request_is_open,
        operation_rules.request_not_started,
        consents.consent_is_own_and_live,
        operation_rules.nothing_is_held,
    ),
    operations.OperationStart: (
        operation_rules.by_signatory,
        operation_rules.request_is_open,
        start_rules.executing_party_starts,
        amendments.starter_is_not_leaving,
        operation_rules.request_not_started,
        start_rules.window_is_open,
        operation_rules.group_is_coordinated,
        operation_rules.inside_an_area,
        integration.authorised,
        operation_rules.nothing_is_held,
        start_rules.consents_are_cited_and_live,
        start_rules.consents_cover_all_facts,
        start_rules.no_movement_in_volume,
        start_rules.own_consents_do_not_bar,
        start_rules.no_other_start_in_volume,
        start_rules.givers_are_there,
        start_rules.givers_confirmed,
        precaution.own_check_is_current,
    ),
    operations.OperationEnd: (after.request_is_there, after.started_by_own, after.not_yet_ended),
    operations.OperationReport: (after.request_is_there, after.started_by_own, after.is_ended),
    operations.OperationHarmAnswer: (after.request_is_there, after.started_by_own, after.harm_was_reported),
    operations.OperationReview: (after.request_is_there, after.review_of_anothers_report),
    operations.Hold: (holds.held_thing_is_there,),
    operations.FactState: (holds.fact_can_be_read,),
    operations.Authorise: (operation_rules.by_signatory, integration.authorisation_is_bounded),
    operations.Deauthorise: (integration.authorisation_is_own,),
    alone.ThreatSeal: (),
    alone.ThreatOpen: (alone_rules.seal_is_own, alone_rules.opening_matches, alone_rules.opening_is_wide),
    alone.ThreatReview: (alone_rules.review_of_opened,),
    alone.ActivityDeclare: (alone_rules.activity_is_sound, alone_rules.group_is_independent),
    alone.ActivityAcknowledge: (alone_rules.overlap_is_there,),
    alone.ActivityEnd: (alone_rules.activity_is_own,),
    flights.FlightDeclare: (flight_rules.operator_is_own, flight_rules.flown_soundly),
    flights.FlightChange: (
        flight_rules.flight_is_open,
        flight_rules.by_its_owner,
        flight_rules.by_who_declared,
        flight_rules.operator_is_own,
        flight_rules.flown_soundly,
    ),
    flights.FlightOverdue: (flight_rules.flight_is_open, flight_rules.window_is_over),
    flights.FlightClose: (flight_rules.flight_is_open, flight_rules.by_its_owner, flight_rules.by_who_declared),
    flights.ConflictAnswer: (flight_rules.conflict_is_there, flight_rules.answered_by_a_side),
    tracks.TrackTie: (track_rules.tie_is_to_expected,),
    tracks.AlertAcknowledge: (),
    duty.Roster: (duty_rules.roster_is_of_officers,),
    duty.Handover: (duty_rules.handover_by_two,),
    duty.LineCheck: (duty_rules.line_has_two_ends,),
    duty.Layer: (precaution.layer_is_newer,),
    duty.PrecautionCheck: (precaution.check_uses_newest_layers, precaution.layers_are_fresh),
}
