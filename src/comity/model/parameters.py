"""The two closed tables that tie an agreement file to the engine: what a clause may govern, and its numbers.

A rule has a dotted name; its first part is the chapter. A clause that governs `operation` also answers for
`operation.lease`, unless another clause governs that more exactly. A number has its unit at the end of its name.
A name here is for ever: files in old logs use it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of an agreement; a deadline is a time that somebody owes, so somebody must answer for it."""

    rule: str
    unit: str
    default: int
    least: int
    most: int
    meaning: str
    deadline: bool = False


GOVERNS: dict[str, str] = {
    "agreement": "every act names the terms in force and rests on a clause of them",
    "agreement.adoption": "terms come into force when every signatory has voted for the same bytes",
    "agreement.amendment": "terms are changed only by every signatory, of the old terms and of the new",
    "agreement.suspension": "one signatory may suspend; permissions stop, the floor stands",
    "agreement.withdrawal": "one signatory may withdraw; permissions end, the floor stands",
    "agreement.floor": "the chapters of the safety floor end, and are restored, only by every signature",
    "agreement.precondition": "gated chapters admit nothing until every signatory has declared the condition met",
    "keys": "an officer's key is valid from its enrolment until its revocation",
    "office": "each participant keeps its own log and signs nothing in another's name",
    "office.receipt": "an office says what it holds at least this often",
    "office.skew": "an office signs only while its clock agrees with what it has seen of the others",
    "area": "a designated area is made, changed and dissolved by every signatory over the same bytes",
    "area.width": "no area, operation or statement of presence is narrow enough to be a point",
    "area.tier": "an area belongs to a tier, which says which groups, which executing party and when",
    "movement": "one exempt movement has one permit, and protects its path from its request on",
    "movement.category": "a movement is exempt only for a reason that the agreement lists",
    "movement.permit": "a permit has an end and covers one movement",
    "movement.answer": "a request is acknowledged at once and answered: agreed, denied with a reason or an alternative",
    "movement.dissemination": "every unit is told of a permitted movement",
    "movement.clearance": "a movement is cleared when all are told, all acknowledge and nothing live is in its path",
    "movement.emergency": "an emergency moves first and is reconciled afterwards",
    "movement.conformance": "whether a movement kept to its permit is stated after its arrival",
    "notice": "military flights of the operators a signatory answers for are notified",
    "notice.lead": "a flight is notified this long ahead; a late notice is taken and marked late",
    "notice.grounding": "the operators a signatory answers for do not fly in designated areas, exempt movements apart",
    "flight": "a declared flight is known to every office, and never turned away for a conflict or its hour",
    "flight.buffer": "a flight's volume is drawn wider by this before it is signed",
    "flight.conflict": "a clearance or a consent waits until every side has answered a conflict with a declared flight",
    "flight.distance": "flights of a class keep this distance from a line, exempt ones notified in time apart",
    "flight.notice": "notice leaves the slowest flight that it affects the time to leave",
    "flight.overdue": "a flight that is not closed by the end of its window still has its air",
    "flight.separation": "aircraft are kept apart by these minima",
    "flight.watch": "tracks are watched against the agreement",
    "operation": "a coordinated operation is agreed in advance by every signatory; silence is no consent",
    "operation.area": "an operation lies wholly inside an area in force whose tier allows it",
    "operation.drafter": "who drafted a request does not consent to it",
    "operation.executing": "exactly one signatory executes, and only it may start",
    "operation.answer": "a request and a query are answered in time",
    "operation.lease": "a consent has an end, and may be withdrawn at any time before it",
    "operation.confirmation": "an operation is confirmed shortly before it starts",
    "operation.drift": "a consent does not cover a fact that changed in its volume after it",
    "operation.start": "a start uses up its request and meets no live start of another",
    "operation.line": "a start needs a recent line check and a recent sign of life of every consenting office",
    "operation.hold": "anyone may hold an operation, without a reason",
    "operation.report": "an operation is reported, with what is known of harm to civilians and protected places",
    "operation.review": "an operation is reviewed by the others; harm known or suspected stays open until answered",
    "integration": "integrated operations need a live authorisation by the national authority of every signatory",
    "threat": "an act against an imminent threat is recorded, never authorised and never blocked",
    "threat.seal": "such an act is sealed before or when it is done; a late seal is taken and marked late",
    "threat.reveal": "a seal is opened in time; until then it is counted for all to see",
    "threat.review": "an opened seal is reviewed by the others",
    "activity": "independent activities are declared and need no consent",
    "activity.notice": "an activity is declared this long ahead; a late one is taken and marked late",
    "activity.overlap": "an overlap with another's volume, an exempt movement or an area is acknowledged by both",
    "duty": "who is on duty is known at any time",
    "duty.roster": "every office names who stands its watches",
    "duty.handover": "a watch is handed over by two signatures",
    "duty.line": "the lines between the offices are tried by people, and an unstaffed line shows",
    "precaution": "precautions for civilians and protected places come before every operation",
    "precaution.check": "each office checks a volume against what only it may read, again at every change",
    "precaution.layer": "a check rests on layers of protected places that are not older than this",
}

CHAPTERS: frozenset[str] = frozenset(rule.split(".", 1)[0] for rule in GOVERNS)

DUTIES: frozenset[str] = frozenset(
    {
        "office.receipt",
        "movement.answer",
        "movement.dissemination",
        "movement.emergency",
        "movement.conformance",
        "notice.lead",
        "operation.answer",
        "operation.report",
        "operation.review",
        "threat.reveal",
        "threat.review",
        "activity.notice",
        "activity.overlap",
        "flight.conflict",
        "flight.overdue",
        "duty.roster",
        "duty.handover",
        "duty.line",
        "precaution.check",
        "precaution.layer",
    }
)
"""Rules under which somebody owes something: a clause that governs one needs a seat that answers for it."""

CHAPTER_ACTS: dict[str, tuple[str, ...]] = {
    "agreement": (
        "change.vote",
        "terms.propose",
        "agreement.suspend",
        "agreement.withdraw",
        "lift.propose",
        "floor.propose",
    ),
    "keys": (),
    "office": (),
    "area": ("area.propose", "area.dissolve"),
    "movement": (
        "movement.request",
        "movement.acknowledge",
        "movement.agree",
        "movement.deny",
        "movement.disseminated",
        "movement.clear",
        "movement.emergency",
    ),
    "notice": ("notice.flight",),
    "flight": ("flight.declare", "flight.change", "flight.overdue", "flight.close", "conflict.answer"),
    "operation": (
        "operation.propose",
        "operation.consent",
        "operation.refuse",
        "operation.withdraw",
        "operation.confirm",
        "operation.start",
        "operation.end",
        "operation.report",
        "hold.place",
    ),
    "integration": ("integration.authorise", "integration.revoke"),
    "threat": ("threat.seal", "threat.open", "threat.review"),
    "activity": ("activity.declare", "activity.acknowledge", "activity.end"),
    "duty": ("duty.roster", "duty.handover", "duty.line_check"),
    "precaution": ("precaution.layer", "precaution.check"),
}
"""The acts without which a chapter is a dead letter: some seat must be able to sign each."""

PARAMETERS: dict[str, Parameter] = {
    "width_min_m": Parameter(
        "area.width", "m", 2000, 1000, 100_000, "least width of an area, an operation or a statement of presence"
    ),
    "amend_within_d": Parameter(
        "agreement.amendment", "d", 14, 1, 90, "time to vote on a proposed amendment", deadline=True
    ),
    "skew_max_s": Parameter("office.skew", "s", 120, 1, 600, "greatest difference of clocks that is borne"),
    "watch_every_min": Parameter("office.receipt", "min", 5, 1, 60, "an office signs what it holds this often"),
    "unstaffed_after_min": Parameter("duty.line", "min", 10, 2, 120, "silence after which a line shows as unstaffed"),
    "permit_max_h": Parameter("movement.permit", "h", 24, 1, 168, "longest life of a permit"),
    "acknowledge_within_min": Parameter(
        "movement.answer", "min", 15, 1, 240, "time to acknowledge a movement request", deadline=True
    ),
    "answer_within_h": Parameter("movement.answer", "h", 2, 1, 72, "time to answer a movement request", deadline=True),
    "dissemination_within_min": Parameter(
        "movement.dissemination", "min", 30, 1, 1440, "time to tell every unit of a permitted movement", deadline=True
    ),
    "reconcile_within_h": Parameter(
        "movement.emergency", "h", 24, 1, 168, "time to reconcile an emergency movement", deadline=True
    ),
    "conformance_within_d": Parameter(
        "movement.conformance", "d", 3, 1, 30, "time to state whether a movement kept to its permit", deadline=True
    ),
    "notice_lead_h": Parameter("notice.lead", "h", 24, 1, 168, "a flight is notified this long ahead", deadline=True),
    "buffer_lateral_m": Parameter(
        "flight.buffer", "m", 4630, 0, 50_000, "added on each side of a route before a flight is declared"
    ),
    "buffer_vertical_ft": Parameter(
        "flight.buffer", "ft", 500, 0, 5000, "added above and below a level before a flight is declared"
    ),
    "conflict_answer_within_min": Parameter(
        "flight.conflict", "min", 15, 1, 1440, "time to answer a conflict with a declared flight", deadline=True
    ),
    "distance_notice_h": Parameter(
        "flight.distance", "h", 24, 0, 168, "an exempt flight near a line is declared this long ahead"
    ),
    "leave_speed_kt": Parameter(
        "flight.notice", "kt", 120, 30, 600, "speed at which a flight that tells none is taken to leave"
    ),
    "close_within_min": Parameter(
        "flight.overdue", "min", 30, 1, 1440, "time to close a flight after the end of its window", deadline=True
    ),
    "flight_word_stands_h": Parameter(
        "flight.overdue", "h", 72, 1, 744, "how long one word about a flight stands; one without an end is then overdue"
    ),
    "separation_horizontal_m": Parameter(
        "flight.separation", "m", 9260, 500, 100_000, "least horizontal distance between two aircraft"
    ),
    "separation_vertical_ft": Parameter(
        "flight.separation", "ft", 1000, 100, 10_000, "least vertical distance between two aircraft"
    ),
    "level_tolerance_ft": Parameter(
        "flight.separation", "ft", 100, 0, 300, "how far a height told may lie beside a level that is held"
    ),
    "terminal_horizontal_m": Parameter(
        "flight.separation", "m", 5556, 500, 100_000, "least horizontal distance where both are in a terminal area"
    ),
    "terminal_vertical_ft": Parameter(
        "flight.separation", "ft", 500, 100, 10_000, "least vertical distance where both are in a terminal area"
    ),
    "terminal_radius_m": Parameter(
        "flight.separation", "m", 55_560, 0, 200_000, "how far a terminal area reaches around its aerodrome"
    ),
    "terminal_ceiling_ft": Parameter(
        "flight.separation", "ft", 10_000, 0, 60_000, "how high a terminal area reaches above its aerodrome"
    ),
    "look_ahead_s": Parameter("flight.watch", "s", 120, 10, 600, "how far ahead a loss of separation is foreseen"),
    "near_area_m": Parameter("flight.watch", "m", 5000, 0, 100_000, "distance at which a track is near an area"),
    "lost_after_s": Parameter("flight.watch", "s", 60, 10, 3600, "silence after which a track that was seen is lost"),
    "operation_answer_within_h": Parameter(
        "operation.answer", "h", 24, 1, 168, "time to answer a proposed operation", deadline=True
    ),
    "query_within_h": Parameter("operation.answer", "h", 12, 1, 72, "time to answer a query", deadline=True),
    "lease_max_min": Parameter("operation.lease", "min", 240, 5, 1440, "longest life of a consent"),
    "confirm_within_min": Parameter(
        "operation.confirmation", "min", 30, 1, 240, "a start needs a confirmation no older than this"
    ),
    "line_check_within_min": Parameter(
        "operation.line",
        "min",
        60,
        5,
        1440,
        "a start needs every giver's own line check no older than this",
    ),
    "giver_seen_within_min": Parameter(
        "operation.line", "min", 60, 1, 1440, "a start needs an entry by an officer of every giver no older than this"
    ),
    "hold_max_min": Parameter("operation.hold", "min", 30, 5, 1440, "longest life of a timed hold"),
    "report_within_h": Parameter(
        "operation.report", "h", 24, 1, 168, "time to report an operation after its end", deadline=True
    ),
    "review_within_d": Parameter("operation.review", "d", 7, 1, 90, "time to review an operation", deadline=True),
    "reveal_within_h": Parameter("threat.reveal", "h", 24, 1, 168, "time to open a seal", deadline=True),
    "threat_review_within_d": Parameter("threat.review", "d", 7, 1, 90, "time to review an opened seal", deadline=True),
    "activity_notice_h": Parameter(
        "activity.notice", "h", 2, 0, 72, "an independent activity is declared this long ahead", deadline=True
    ),
    "handover_within_min": Parameter(
        "duty.handover", "min", 15, 1, 120, "time in which both officers sign a handover", deadline=True
    ),
    "layer_max_age_h": Parameter(
        "precaution.layer", "h", 24, 1, 168, "greatest age of a layer that a check may rest on", deadline=True
    ),
    "check_valid_h": Parameter("precaution.check", "h", 24, 1, 168, "time for which a check holds", deadline=True),
}
