"""Who is on duty, and which lines were found working (J5, laws 25, 30)."""

from __future__ import annotations

from dataclasses import dataclass

from comity.model.acts.duty import Handover, LineCheck, Roster
from comity.model.acts.keys import Enrol, Rotate
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import terms_to_judge_by
from comity.model.records.officers import officer
from comity.views.sight import origins_of

ROTATIONS_MOST = 1000


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who sits in a seat now: by the last handover, else by the roster."""

    seat: str
    key: str
    name: str
    since_ms: int
    by: str


def on_duty(view: View, party: str, seat: str, now_ms: int) -> OnDuty | None:
    """Who is on duty in a seat of a participant, or None: then the seat is unstaffed.

    Whose key has ended, or whose deputation has, is on duty no more; a rotated key is still the same person's.
    """
    own = set(origins_of(view, party))
    for taken in reversed(view.about(f"watch/{seat}")):
        act, second = taken.entry.act, taken.entry.header.second
        if taken.entry.origin in own and isinstance(act, Handover) and second is not None:
            key = _sitting(view, party, seat, second.key, now_ms)
            if key is not None:
                return OnDuty(seat, key, officer_name(view, key), taken.entry.at_ms, "handover")
            break
    for taken in reversed(view.about("roster")):
        act = taken.entry.act
        if taken.entry.origin not in own or not isinstance(act, Roster) or act.seat != seat:
            continue
        if act.from_ms <= now_ms < act.until_ms:
            key = _sitting(view, party, seat, act.key, now_ms)
            if key is not None:
                return OnDuty(seat, key, officer_name(view, key), act.from_ms, "roster")
    return None


def watches_not_handed_over(view: View, now_ms: int) -> list[Taken]:
    """The rosters of watches that have begun after another's, by now, without a handover to the new officer."""
    begun: dict[tuple[str, str], Taken] = {}
    before: set[str] = set()
    for taken in sorted(view.about("roster"), key=_watch_from):
        act = taken.entry.act
        if isinstance(act, Roster) and act.from_ms <= now_ms:
            place = (party_of(taken.entry.origin), act.seat)
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


def own_line_checks(view: View) -> dict[tuple[str, str], Taken]:
    """The newest check of a line by each of its ends: (who checked, with whom)."""
    found: dict[tuple[str, str], Taken] = {}
    for taken in view.about("lines"):
        act = taken.entry.act
        if isinstance(act, LineCheck):
            ends = (party_of(taken.entry.origin), act.with_participant)
            if ends not in found or found[ends].entry.at_ms <= taken.entry.at_ms:
                found[ends] = taken
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
    """Whether the last handover of the seat was to the officer of the roster: one of an earlier watch may not count."""
    act = roster.entry.act
    assert isinstance(act, Roster)
    party = party_of(roster.entry.origin)
    for taken in reversed(view.about(f"watch/{act.seat}")):
        second = taken.entry.header.second
        if party_of(taken.entry.origin) == party and second is not None:
            return second.key == act.key
    return False


def _sitting(view: View, party: str, seat: str, key: str, now_ms: int) -> str | None:
    """The key by which its owner may sign in that seat now: this one, or what it was rotated to; None if he may not."""
    keeper = terms_to_judge_by(view).participant_by_id(party)
    for _ in range(ROTATIONS_MOST):
        found = officer(view, keeper, key, now_ms) if keeper is not None else None
        if found is not None:
            return key if seat in found.seats else None
        acts = (taken.entry.act for taken in view.about(f"key/{key}"))
        newer = next((act.key for act in acts if isinstance(act, Rotate) and act.old == key), None)
        if newer is None:
            return None
        key = newer
    return None
