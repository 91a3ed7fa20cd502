"""Who is on duty, and which lines were found working (J5, laws 25, 30)."""

from __future__ import annotations

from collections.abc import Iterator
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
class NotHandedOver:
    """A seat whose watch waits for a handover: the roster of the first that was not handed over since the last one, and
    whether the newest is over, so that nobody can take it any more."""

    roster: Taken
    is_over: bool


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


def watches_not_handed_over(view: View, now_ms: int) -> list[NotHandedOver]:
    """The seats whose watch has begun, by now, for another than the officer who has it, since the last handover.

    A missed handover is owed until one is signed: to the officer whose watch it is now, or to anyone once that is over.
    """
    begun: dict[tuple[str, str], dict[int, Taken]] = {}
    for taken in view.about("roster"):
        act = taken.entry.act
        if isinstance(act, Roster) and act.from_ms <= now_ms:
            watches = begun.setdefault((party_of(taken.entry.origin), act.seat), {})
            watches[act.from_ms] = taken  # the newest line of a watch bill is the one that holds
    found = (_not_handed_over(view, [watches[each] for each in sorted(watches)], now_ms) for watches in begun.values())
    return [each for each in found if each is not None]


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


def _not_handed_over(view: View, watches: list[Taken], now_ms: int) -> NotHandedOver | None:
    """What a seat waits for; its watches have begun, in order, each with another beginning."""
    rosters = [taken.entry.act for taken in watches if isinstance(taken.entry.act, Roster)]
    party, newest = party_of(watches[-1].entry.origin), rosters[-1]
    whose = [_last_key(view, act.key) for act in rosters]
    handed: list[tuple[int, str]] = []
    for taken in view.about(f"watch/{newest.seat}"):
        second = taken.entry.header.second
        if party_of(taken.entry.origin) == party and second is not None:
            handed.append((taken.entry.at_ms, _last_key(view, second.key)))
    last_ms, holder = handed[-1] if handed else (0, whose[0])
    is_over = newest.until_ms <= now_ms
    if holder == whose[-1] or (is_over and last_ms >= newest.from_ms):
        return None
    first: Taken | None = None
    for number in range(len(watches) - 1, 0, -1):
        if whose[number] != whose[number - 1]:
            since_ms = rosters[number - 1].from_ms
            if any(to == whose[number] and at_ms >= since_ms for at_ms, to in handed):
                break
            first = watches[number]
    return NotHandedOver(first, is_over) if first is not None else None


def _sitting(view: View, party: str, seat: str, key: str, now_ms: int) -> str | None:
    """The key by which its owner may sign in that seat now: this one, or what it was rotated to; None if he may not."""
    keeper = terms_to_judge_by(view).participant_by_id(party)
    for each in _rotated(view, key):
        found = officer(view, keeper, each, now_ms) if keeper is not None else None
        if found is not None:
            return each if seat in found.seats else None
    return None


def _rotated(view: View, key: str) -> Iterator[str]:
    """A key, and what it was rotated to, in turn: all of the same person."""
    for _ in range(ROTATIONS_MOST):
        yield key
        acts = (taken.entry.act for taken in view.about(f"key/{key}"))
        newer = next((act.key for act in acts if isinstance(act, Rotate) and act.old == key), None)
        if newer is None:
            return
        key = newer


def _last_key(view: View, key: str) -> str:
    return list(_rotated(view, key))[-1]
