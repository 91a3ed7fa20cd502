"""The board: each topic that an office can show, as plain rows of text and numbers. Pure functions of (View, now)."""

from __future__ import annotations

from collections.abc import Callable
from heapq import nlargest

from comity.model.acts import Act
from comity.model.acts.agreement import Proposal
from comity.model.acts.operations import Hold
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import terms_to_judge_by
from comity.model.records.officers import OFFICE_SEAT, ROOT_SEAT
from comity.model.records.operations import withdrawal_of
from comity.model.records.restraints import hold_stands
from comity.model.terms import Terms
from comity.model.volume import Volume
from comity.views.agreement import agreement_standing, area_status, areas_in_force, pending_changes
from comity.views.alone import OverlapStanding, activities, activity_fault, overlaps, seals, share_alone
from comity.views.duty import last_signs, line_checks, officer_name, on_duty
from comity.views.flags import flags
from comity.views.flight_rows import conflict_rows, flight_rows, frequency_rows
from comity.views.movements import movements
from comity.views.obligations import obligations
from comity.views.operations import operations
from comity.views.owing import Obligation
from comity.views.proposed import place_text, proposed_text
from comity.views.row_text import Row, time_text, window_text

__all__ = ["TOPICS", "Row", "time_text", "window_text"]

UNSEEN = "no word yet that it has seen this"
"""The debtor has signed nothing since that shows it: its time has not begun, wherever the thing itself is by now."""

NOTICE = "notification creates no legal status, and its absence removes no protection"


def agreement_rows(view: View, now_ms: int) -> list[Row]:
    """The agreement: status, terms in force, what stops permissions."""
    standing = agreement_standing(view)
    return [
        {
            "status": standing.status,
            "terms": [each[:16] for each in standing.terms],
            "stopped by": [_party(view, taken) for taken in standing.stopped_by],
            "waiting for": list(standing.waiting_for),
            "forked": list(standing.forked),
        }
    ]


def area_rows(view: View, now_ms: int) -> list[Row]:
    """The designated areas in force."""
    return [
        {
            "area": area.act.area,
            "status": area_status(view, area.act.area),
            "tier": area.act.tier,
            "version": area.version[:16],
            "points": len(area.act.ring),
            "from": time_text(area.act.from_ms),
        }
        for area in areas_in_force(view)
    ]


def operation_rows(view: View, now_ms: int) -> list[Row]:
    """Operations: status first, then what must be read before anything else."""
    return [
        {
            "operation": each.record.act.operation,
            "status": each.status,
            "conditions": list(each.conditions),
            "executing": each.record.act.executing,
            "group": each.record.act.group,
            "area": each.record.act.area,
            "window": window_text(each.record.volume.window),
            "consents": {party: _consent_text(view, taken) for party, taken in sorted(each.consents.items())},
            "flags": sorted(each.flags),
            "request": each.record.request.entry.id,
        }
        for each in operations(view, now_ms)
    ]


def movement_rows(view: View, now_ms: int) -> list[Row]:
    """Exempt movements: counts, never names."""
    return [
        {
            "movement": each.record.act.movement,
            "kind": each.record.act.kind,
            "category": each.record.act.category,
            "status": each.status,
            "conditions": list(each.conditions),
            "requester": each.record.requester,
            "window": window_text(each.record.volume.window),
            "flags": sorted(each.flags),
            "request": each.record.request.entry.id,
        }
        for each in movements(view, now_ms)
    ]


def notice_rows(view: View, now_ms: int) -> list[Row]:
    """Notices of military flights of third parties."""
    return [
        {
            "operator": getattr(taken.entry.act, "operator", ""),
            "window": _window_of(view, taken),
            "by": _party(view, taken),
            "given": time_text(taken.entry.at_ms),
            "flags": sorted(flags(view, taken)),
        }
        for taken in view.about("notices")
    ]


def hold_rows(view: View, now_ms: int) -> list[Row]:
    """Holds that stand: they give no reason."""
    found = []
    for taken in view.about("holds"):
        act = taken.entry.act
        if isinstance(act, Hold) and hold_stands(view, taken, now_ms):
            over = f"request {act.request[:8]}" if act.request else "a volume" if act.volume else "everything"
            until = _hold_end_text(taken, act.until_ms, now_ms)
            found.append({"hold": taken.entry.id, "by": _party(view, taken), "over": over, "until": until})
    return found


def seal_rows(view: View, now_ms: int) -> list[Row]:
    """Seals of imminent threat, and each party's share of acts alone."""
    shares = share_alone(view)
    return [
        {
            "seal": each.seal.entry.id,
            "party": each.party,
            "status": each.status,
            "sealed": time_text(each.seal.entry.at_ms),
            "open by": time_text(each.open_by_ms),
            "overdue": each.status == "sealed" and now_ms > each.open_by_ms,
            "flags": sorted(each.flags),
            "alone": "{} of {}".format(*shares.get(each.party, (0, 0))),
        }
        for each in seals(view, _terms(view))
    ]


def activity_rows(view: View, now_ms: int) -> list[Row]:
    """Declared independent activity and its overlaps."""
    found = overlaps(view)
    return [
        {
            "activity": getattr(taken.entry.act, "activity", ""),
            "by": _party(view, taken),
            "window": _window_of(view, taken),
            "conditions": [fault] if (fault := activity_fault(view, taken)) is not None else [],
            "flags": sorted(flags(view, taken)),
            "overlaps": [text for each in found if (text := _overlap_text(view, taken, each))],
            "declared": taken.entry.id,
        }
        for taken in activities(view)
    ]


def duty_rows(view: View, now_ms: int) -> list[Row]:
    """Who is on duty in each seat, and when each office last gave a sign."""
    signs = last_signs(view)
    rows = []
    for participant in _terms(view).participant:
        for seat in _terms(view).seat:
            if participant.id in seat.at:
                found = on_duty(view, participant.id, seat.id, now_ms)
                rows.append(
                    {
                        "office": participant.id,
                        "seat": seat.id,
                        "on duty": found.name if found else "nobody",
                        "since": time_text(found.since_ms) if found else "",
                        "last sign": time_text(signs[participant.id]) if participant.id in signs else "never",
                    }
                )
    return rows


def line_rows(view: View, now_ms: int) -> list[Row]:
    """The newest check of each line."""
    return [
        {
            "line": f"{one} - {other}",
            "result": getattr(taken.entry.act, "result", ""),
            "at": time_text(taken.entry.at_ms),
        }
        for (one, other), taken in sorted(line_checks(view).items())
    ]


def change_rows(view: View, now_ms: int) -> list[Row]:
    """Joint changes that wait for votes."""
    return [
        {
            "thing": each.thing,
            "round": each.round,
            "voted": list(each.voted),
            "missing": list(each.missing),
            "after": list(getattr(each.proposal.entry.act, "after", ())),
            "content": each.content,
            "proposal": place_text(view, each.proposal),
            "about": proposed_text(view, each.proposal.entry.act),
        }
        for each in pending_changes(view)
        if isinstance(each.proposal.entry.act, Proposal)
    ]


def obligation_rows(view: View, now_ms: int) -> list[Row]:
    """Who owes whom what by when."""
    return [owed_row(each, now_ms) for each in obligations(view, now_ms)]


def owed_row(owed: Obligation, now_ms: int) -> Row:
    """One obligation."""
    return {
        "who": owed.debtor,
        "whom": owed.creditor,
        "what": owed.what,
        "by": time_text(owed.due_ms) if owed.due_ms is not None else "" if owed.delivered else UNSEEN,
        "overdue": owed.is_late(now_ms),
        "clause": owed.clause,
    }


def log_rows(view: View, now_ms: int) -> list[Row]:
    """Every entry in the order for people, with its verdict and flags."""
    taken = sorted((each for each in view.history.entries if view.holds(each)), key=lambda each: each.order)
    return [entry_row(view, each) for each in taken]


def newest_log_rows(view: View, most: int) -> list[Row]:
    """The last entries in the order for people, the newest first, found without looking at the others.

    The order rises along a log, so the last of all are among the last of each branch.
    """
    found = [
        view.history.at(branch.id, seq)
        for branch in view.history.branches
        for seq in range(max(branch.fork, view.size(branch.id) - most), view.size(branch.id))
    ]
    return [entry_row(view, each) for each in nlargest(most, found, key=lambda each: each.order)]


def entry_row(view: View, taken: Taken) -> Row:
    """One entry: where it stands, whose it is, its verdict and flags."""
    is_flagged = taken.refusal is None and isinstance(taken.entry.act, Act)
    return {
        "log": taken.entry.origin,
        "seq": taken.entry.seq,
        "at": time_text(taken.entry.at_ms),
        "act": taken.entry.header.act,
        "by": _signer(view, taken),
        "seat": taken.entry.header.seat,
        "verdict": "admitted" if taken.refusal is None else str(taken.refusal),
        "flags": sorted(flags(view, taken)) if is_flagged else [],
        "entry": taken.entry.id,
    }


def _hold_end_text(taken: Taken, until_ms: int | None, now_ms: int) -> str:
    """A timed hold ends by the last clock: its holder's log has to say so too (law 25)."""
    if until_ms is None:
        return "until lifted by all"
    if now_ms <= until_ms:
        return time_text(until_ms)
    return f"{time_text(until_ms)}; its end is past: stands until {taken.entry.origin} signs anything later"


def _signer(view: View, taken: Taken) -> str:
    header = taken.entry.header
    return f"{header.seat} key" if header.seat in (ROOT_SEAT, OFFICE_SEAT) else officer_name(view, header.key)


def _window_of(view: View, taken: Taken) -> str:
    volume = view.history.volume_of(taken)
    return window_text(volume.window) if isinstance(volume, Volume) else ""


def _consent_text(view: View, taken: Taken) -> str:
    if withdrawal_of(view, taken) is not None:
        return "withdrawn"
    return f"until {time_text(getattr(taken.entry.act, 'expires_ms', 0))}"


def _overlap_text(view: View, taken: Taken, overlap: OverlapStanding) -> str:
    if taken not in (overlap.activity, overlap.other):
        return ""
    other = overlap.other if taken is overlap.activity else overlap.activity
    missing = overlap.missing
    waits = f", not acknowledged by {', '.join(missing)}" if missing else ", acknowledged"
    return f"{other.entry.header.act} of {_party(view, other)} {other.entry.id[:8]}{waits}"


def _party(view: View, taken: Taken) -> str:
    return party_of(taken.entry.origin)


def _terms(view: View) -> Terms:
    return terms_to_judge_by(view)


TOPICS: dict[str, Callable[[View, int], list[Row]]] = {
    "agreement": agreement_rows,
    "areas": area_rows,
    "operations": operation_rows,
    "movements": movement_rows,
    "notices": notice_rows,
    "flights": flight_rows,
    "conflicts": conflict_rows,
    "holds": hold_rows,
    "threats": seal_rows,
    "activities": activity_rows,
    "duty": duty_rows,
    "lines": line_rows,
    "frequencies": frequency_rows,
    "changes": change_rows,
    "obligations": obligation_rows,
    "log": log_rows,
}
