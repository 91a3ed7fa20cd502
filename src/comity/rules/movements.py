"""Rules of exempt movements (J8; laws 15, 20)."""

from __future__ import annotations

from comity.model.acts.movements import (
    MovementAccept,
    MovementAgree,
    MovementAlternative,
    MovementArrive,
    MovementClear,
    MovementDeny,
    MovementDepart,
    MovementDeviate,
    MovementDisseminated,
    MovementEmergency,
    MovementRequest,
)
from comity.model.acts.operations import OperationStart
from comity.model.entry import Entry
from comity.model.geometry import rooms_meet
from comity.model.history import Taken, View
from comity.model.records.change import is_lifted
from comity.model.records.floor import floor_stands
from comity.model.records.movements import Movement
from comity.model.records.officers import officer, signing_keys
from comity.model.records.operations import operation
from comity.model.records.restraints import suspensions
from comity.model.terms import Participant, Role
from comity.model.verdict import Refusal
from comity.model.volume import volume_problem
from comity.rules.case import Case, short
from comity.rules.named import movement_of


def declared_soundly(case: Case) -> Refusal | None:
    """The volume of a request can be read as a volume; all else is for the answer, not for the request (law 15)."""
    act = case.act
    assert isinstance(act, MovementRequest | MovementEmergency | MovementAlternative)
    problem = volume_problem(act.volume)
    if problem is None:
        return None
    return case.refuse_drawn("movement", f"its volume cannot be used: {problem}")


def request_is_there(case: Case) -> Refusal | None:
    """The movement that it names is in the past."""
    if movement_of(case) is not None:
        return None
    return case.refuse(
        "movement", "the movement that it names is not in this entry's past", "wait for it, or name another", 15
    )


def by_another(case: Case) -> Refusal | None:
    """An answer is another participant's than the requester's."""
    if _record(case).requester != case.keeper.id:
        return None
    return case.refuse("movement.answer", "a requester does not answer its own request", "wait for the others")


def by_requester(case: Case) -> Refusal | None:
    """The requester alone clears, departs, arrives, cancels, accepts and reconciles."""
    if _record(case).requester == case.keeper.id:
        return None
    return case.refuse(
        "movement",
        f"the movement is {_record(case).requester}'s, not {case.keeper.id}'s",
        "leave it to its owner, or state a fact",
        15,
    )


def by_who_asked(case: Case) -> Refusal | None:
    """What the officer of one party asked for at the centre, no officer of another ends or moves there.

    If that party is gone, every signatory together lifts it.
    """
    return staffed_alike(case, _record(case).request, f"movement {_record(case).act.movement}", "lift it")


def staffed_alike(case: Case, begun: Taken, what: str, way_out: str | None = None) -> Refusal | None:
    """Several parties staff the centre: an officer of one has no hand in what another's officer began there.

    Of two who sign, one of the party that began it is enough.
    """
    if case.keeper.role is not Role.CENTRE:
        return None
    asked = _staffed_by(case.view.history.past(begun), case.keeper, begun.entry)
    if asked & _staffed_by(case.view, case.keeper, case.entry):
        return None
    who = f"an officer of {' or '.join(sorted(asked))}" if asked else "the root key"
    ways = [f"leave it to {who}"] if asked else []
    ways += [f"have every signatory {way_out}"] if way_out is not None else []
    return case.refuse(
        "movement" if way_out is not None else "flight",
        f"{what} was asked for by {who} at {case.keeper.id}",
        ", or ".join(ways) or "declare it anew",
        22,
    )


def by_signatory(case: Case) -> Refusal | None:
    """Signatories agree and deny; others acknowledge (law 22)."""
    if case.is_signatory:
        return None
    return case.refuse("movement.answer", f"{case.keeper.id} is not a signatory", "acknowledge it instead", 22)


def is_not_over(case: Case) -> Refusal | None:
    """What has ended is not answered any more."""
    if not _record(case).over:
        return None
    return case.refuse("movement", "the movement is over", "nothing needs doing")


def permit_is_for_one_movement(case: Case) -> Refusal | None:
    """One movement one permit: bounded in time, of a known category and kind, unarmed (J8; Safwan 1991)."""
    record = _record(case)
    act, window = record.act, record.volume.window
    most_h = case.number("permit_max_h")
    if window.until_ms is None or window.until_ms - window.from_ms > case.span_ms("permit_max_h"):
        return case.refuse(
            "movement.permit",
            f"movement {act.movement} is open for longer than {most_h} hours",
            "ask for one movement at a time",
        )
    category = case.terms.category_by_id(act.category)
    if category is None or act.kind not in category.kinds:
        return case.refuse(
            "movement.category", f"category {act.category} does not exempt a {act.kind}", "name a category of the terms"
        )
    if act.armed:
        return case.refuse(
            "movement.category", f"movement {act.movement} declares arms", "an exempt movement is unarmed"
        )
    return None


def operator_is_known(case: Case) -> Refusal | None:
    """The operator is a participant or an operator that a signatory answers for."""
    act = _record(case).act
    if case.terms.participant_by_id(act.operator) or case.terms.operator_by_id(act.operator):
        return None
    return case.refuse("movement.category", f"operator {act.operator} is not one of the terms", "name one of them")


def agrees_to_what_is_asked(case: Case) -> Refusal | None:
    """An agreement is to the request, or to the alternative that the requester has accepted."""
    act = case.act
    assert isinstance(act, MovementAgree)
    if act.alternative == _record(case).alternative:
        return None
    return case.refuse(
        "movement.answer",
        "it agrees to another route or time than what is now asked for",
        "agree to the request as it stands",
    )


def alternative_is_there(case: Case) -> Refusal | None:
    """What is accepted is an alternative offered to this request."""
    act = case.act
    assert isinstance(act, MovementAccept)
    taken = case.view.find(act.alternative)
    if (
        taken is not None
        and isinstance(taken.entry.act, MovementAlternative)
        and taken.entry.act.request == act.request
    ):
        return None
    return case.refuse(
        "movement.answer", f"{short(act.alternative)} is no alternative to this request", "name one that is"
    )


def unit_is_own(case: Case) -> Refusal | None:
    """A participant speaks for its own units."""
    act = case.act
    assert isinstance(act, MovementDisseminated)
    if any(each.id == act.unit and each.participant == case.keeper.id for each in case.terms.unit):
        return None
    return case.refuse(
        "movement.dissemination", f"{act.unit} is not a unit of {case.keeper.id}", "name a unit of your own"
    )


def all_have_agreed(case: Case) -> Refusal | None:
    """Cleared only when every other signatory has agreed to what is asked; silence never agrees."""
    record = _record(case)
    missing = case.signatories - {record.requester} - record.agreed_by(case.view)
    if not missing:
        return None
    return case.refuse(
        "movement.clearance",
        f"{', '.join(sorted(missing))} {'has' if len(missing) == 1 else 'have'} not agreed to movement "
        f"{record.act.movement}",
        "wait for the answer, or declare an emergency",
    )


def all_have_acknowledged(case: Case) -> Refusal | None:
    """Cleared only when every executing party has acknowledged in its own log (law 20)."""
    record = _record(case)
    missing = case.signatories - record.acknowledged_by(case.view)
    if not missing:
        return None
    return case.refuse(
        "movement.clearance",
        f"{', '.join(sorted(missing))} has not acknowledged movement {record.act.movement}",
        "wait for the acknowledgement",
        20,
    )


def all_units_told(case: Case) -> Refusal | None:
    """Cleared only when every unit of the terms has been told of what is cleared (J8)."""
    told = _record(case).told
    missing = [each.id for each in case.terms.unit if each.id not in told]
    if not missing:
        return None
    return case.refuse(
        "movement.dissemination", f"{', '.join(missing)} has not been told", "wait until every unit has said so"
    )


def no_live_start(case: Case) -> Refusal | None:
    """No start in its volume is still live in its past (law 20)."""
    record = _record(case)
    for taken in case.view.running("starts"):
        assert isinstance(taken.entry.act, OperationStart)
        found = operation(case.view, taken.entry.act.request)
        if found is not None and not found.ended and rooms_meet(found.volume, record.volume):
            return case.refuse(
                "movement.clearance",
                f"operation {found.act.operation} is under way in its volume",
                "wait for its end",
                20,
            )
    return None


def may_depart(case: Case) -> Refusal | None:
    """Departs what was cleared and is neither denied nor lifted since, or an emergency, which does not wait."""
    record = _record(case)
    if record.emergency:
        return None
    clears = [each for each in record.acts if isinstance(each.entry.act, MovementClear)]
    denials = [each for each in record.acts if isinstance(each.entry.act, MovementDeny)]
    if not any(all(case.view.history.past(clear).holds(denial) for denial in denials) for clear in clears):
        said, remedy = "was denied after its clearance" if clears else "is not cleared", "wait until it is"
    elif is_lifted(case.view, record.request.entry.id):
        said, remedy = "keeps no start out any more: every signatory has lifted it", "cancel it and request anew"
    elif _crossed_a_stop(case, clears):
        said, remedy = "was cleared beside a suspension that it had not seen", "wait until the suspension is lifted"
    else:
        return None
    return case.refuse("movement.clearance", f"movement {record.act.movement} {said}", remedy)


def no_start_where_it_departs(case: Case) -> Refusal | None:
    """Nothing departs into a start that its owner has seen, though it was cleared: the start forked past the clearance,
    or began before the movement's window and has not ended (law 20). An emergency does not wait."""
    return None if _record(case).emergency else no_live_start(case)


def window_has_begun(case: Case) -> Refusal | None:
    """Nothing cleared departs before its window: until then starts are admitted in its air (law 20).

    An emergency does not wait: its protection runs from its departure, if that is earlier.
    """
    record = _record(case)
    if record.emergency or record.volume.window.from_ms <= case.at_ms:
        return None
    return case.refuse(
        "movement.clearance",
        f"the window of movement {record.act.movement} has not begun",
        "wait for it, or declare an emergency",
        20,
    )


def is_not_cleared(case: Case) -> Refusal | None:
    """Another route or time is taken before the clearance: what is cleared is not carried to other air (law 20)."""
    record = _record(case)
    if not record.has(MovementClear, MovementDepart):
        return None
    return case.refuse(
        "movement.clearance",
        f"movement {record.act.movement} is cleared as it stands",
        "cancel it and request anew",
        20,
    )


def back_is_its_owners_word(case: Case) -> Refusal | None:
    """Anyone says that a movement deviates or is lost; that it is back, its owner alone: the word loosens (law 22)."""
    act = case.act
    assert isinstance(act, MovementDeviate)
    return by_requester(case) or by_who_asked(case) if act.what == "back" else None


def is_emergency(case: Case) -> Refusal | None:
    """What is reconciled was declared as an emergency."""
    if _record(case).emergency:
        return None
    return case.refuse("movement.emergency", "the movement was no emergency", "nothing to reconcile")


def has_not_departed(case: Case) -> Refusal | None:
    """What has departed is not cancelled: it arrives (its protection ends with its owner's word either way)."""
    if not _record(case).has(MovementDepart):
        return None
    return case.refuse("movement", "the movement has departed", "sign its arrival")


def is_under_way(case: Case) -> Refusal | None:
    """What arrives was cleared, has departed, or was an emergency."""
    if _record(case).under_way:
        return None
    return case.refuse("movement", "the movement has not been under way", "cancel it instead")


def has_arrived(case: Case) -> Refusal | None:
    """A finding follows the arrival."""
    if _record(case).has(MovementArrive):
        return None
    return case.refuse("movement.conformance", "the movement has not arrived", "wait for its arrival")


def _crossed_a_stop(case: Case, clears: list[Taken]) -> bool:
    """Whether the newest clearance crossed a suspension that stands and leaves movements no floor (law 16)."""
    if "movement" in case.terms.floor.keeps and floor_stands(case.view):
        return False
    clear, past = clears[-1], case.view.history.past
    return any(not past(clear).holds(stop) and not past(stop).holds(clear) for stop in suspensions(case.view))


def _staffed_by(view: View, keeper: Participant, entry: Entry) -> set[str]:
    """The parties whose officers signed an entry, by its own past."""
    found = [officer(view, keeper, key, entry.at_ms) for key in signing_keys(entry)]
    return {each.party for each in found if each is not None}


def _record(case: Case) -> Movement:
    record = movement_of(case)
    assert record is not None, "request_is_there comes first in the table"
    return record
