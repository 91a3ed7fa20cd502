"""Who is on duty, and which lines were found working (J5, laws 25, 30)."""

from __future__ import annotations

from dataclasses import dataclass

from comity.model.acts.duty import Handover, LineCheck, Roster
from comity.model.acts.keys import Enrol, Rotate
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.views.sight import origins_of


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who sits in a seat now: by the last handover, else by the roster."""

    seat: str
    key: str
    name: str
    since_ms: int
    by: str


def on_duty(view: View, party: str, seat: str, now_ms: int) -> OnDuty | None:
    """Who is on duty in a seat of a participant, or None: then the seat is unstaffed."""
    own = set(origins_of(view, party))
    for taken in reversed(view.about(f"watch/{seat}")):
        act, second = taken.entry.act, taken.entry.header.second
        if taken.entry.origin in own and isinstance(act, Handover) and second is not None:
            return OnDuty(seat, second.key, officer_name(view, second.key), taken.entry.at_ms, "handover")
    for taken in reversed(view.about("roster")):
        act = taken.entry.act
        if taken.entry.origin not in own or not isinstance(act, Roster) or act.seat != seat:
            continue
        if act.from_ms <= now_ms < act.until_ms:
            return OnDuty(seat, act.key, officer_name(view, act.key), act.from_ms, "roster")
    return None


def watches_not_handed_over(view: View, now_ms: int) -> list[Taken]:
    """The rosters of watches that have begun after another's, by now, without a handover to the new officer."""
    begun: dict[tuple[str, str], Taken] = {}
    before: set[str] = set()
    for taken in sorted(view.about("roster"), key=_watch_from):
        act = taken.entry.act
        if isinstance(act, Roster) and act.from_ms <= now_ms:
            place = (taken.entry.origin, act.seat)
            last = begun.get(place)
            if last is not None and getattr(last.entry.act, "key", None) != act.key:
                before.add(taken.entry.id)
            begun[place] = taken
    return [taken for taken in begun.values() if taken.entry.id in before and not _handed_over(view, taken)]


def officer_name(view: View, key: str) -> str:
    """The working name that a key was enrolled with, or the first digits of the key."""
    for taken in view.about(f"key/{key}"):
        act = taken.entry.act
        if isinstance(act, Enrol | Rotate) and act.key == key:
            return act.officer
    return key[:8]


def line_checks(view: View) -> dict[tuple[str, str], Taken]:
    """The newest check of the line between each two participants, the pair sorted."""
    found: dict[tuple[str, str], Taken] = {}
    for taken in view.about("lines"):
        act = taken.entry.act
        if isinstance(act, LineCheck):
            one, other = sorted((party_of(taken.entry.origin), act.with_participant))
            if (one, other) not in found or found[one, other].entry.at_ms <= taken.entry.at_ms:
                found[one, other] = taken
    return found


def last_signs(view: View) -> dict[str, int]:
    """For each participant, the time of its newest entry here, milliseconds."""
    found: dict[str, int] = {}
    for origin in view.history.origins():
        newest = view.newest(origin)
        if newest is not None:
            party = party_of(origin)
            found[party] = max(found.get(party, 0), newest.entry.at_ms)
    return found


def _watch_from(taken: Taken) -> int:
    return taken.entry.act.from_ms if isinstance(taken.entry.act, Roster) else 0


def _handed_over(view: View, roster: Taken) -> bool:
    act = roster.entry.act
    assert isinstance(act, Roster)
    return any(
        isinstance(taken.entry.act, Handover)
        and taken.entry.origin == roster.entry.origin
        and taken.entry.header.second is not None
        and taken.entry.header.second.key == act.key
        and taken.entry.seq > roster.entry.seq
        for taken in view.about(f"watch/{act.seat}")
    )
