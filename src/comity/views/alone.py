"""Acts of a party on its own as they stand now: seals, activities and their overlaps (J12, J13, law 34)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.model.acts.alone import ActivityAcknowledge, ActivityDeclare, ThreatReview
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import terms_to_judge_by
from comity.model.records.groups import treatment_of
from comity.model.records.overlaps import is_of_now, names_of, overlaps_of
from comity.model.terms import Terms
from comity.views.flags import flags
from comity.views.life import Event, status
from comity.views.whose import still_bound


@dataclass(frozen=True, slots=True)
class SealStanding:
    """A seal now; unopened seals are visible to all, with the moment at which their time is over."""

    seal: Taken
    party: str
    status: str
    open_by_ms: int
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class OverlapStanding:
    """An activity and what lies in its volume; `missing` are the parties that have not said that they know."""

    activity: Taken
    other: Taken
    missing: tuple[str, ...]


def seals(view: View, terms: Terms) -> list[SealStanding]:
    """Every seal in the view: opened or not, none is hidden."""
    reveal_ms = terms.span_ms("reveal_within_h")
    found = []
    for taken in view.about("threats"):
        party = party_of(taken.entry.origin)
        now = status(view, "threat", _seal_events(view, taken))
        found.append(SealStanding(taken, party, now, taken.entry.at_ms + reveal_ms, flags(view, taken)))
    return found


def seal_reviewers(view: View, seal: Taken) -> frozenset[str]:
    """Who reviews a seal once it is open: the others of the terms that it was made under, if they are there still."""
    return still_bound(view, seal) - {party_of(seal.entry.origin)}


def share_alone(view: View) -> dict[str, tuple[int, int]]:
    """For each party: seals of imminent threat, and all its seals and starts together (a sign of misuse)."""
    counts: dict[str, tuple[int, int]] = {}
    for subject, alone in (("threats", 1), ("operations", 0)):
        for taken in view.about(subject):
            things = [taken] if alone else _starts(view, taken)
            for thing in things:
                party = party_of(thing.entry.origin)
                sealed, total = counts.get(party, (0, 0))
                counts[party] = (sealed + alone, total + 1)
    return counts


def activities(view: View) -> list[Taken]:
    """The activities that have not ended, in the order for people."""
    return [taken for taken in view.about("activities") if _activity_status(view, taken) != "ended"]


def activity_fault(view: View, taken: Taken) -> str | None:
    """Why an activity must end now, or None: its group is no longer left to each (J13)."""
    act = taken.entry.act
    assert isinstance(act, ActivityDeclare)
    treatment = treatment_of(view, terms_to_judge_by(view), act.group)
    if treatment == "independent":
        return None
    return f"must end: group {act.group} is treated as {treatment or 'unknown'}"


def overlaps(view: View) -> list[OverlapStanding]:
    """Every overlap of a running activity; each pair once. `missing` names who has not acknowledged it."""
    signatories = frozenset(terms_to_judge_by(view).signatories)
    found: list[OverlapStanding] = []
    listed: set[frozenset[str]] = set()
    for taken in activities(view):
        for each in overlaps_of(view, signatories, taken):
            pair = frozenset((taken.entry.id, each.other.entry.id))
            if pair not in listed:
                listed.add(pair)
                missing = each.owed_by - _acknowledged(view, taken, each.other)
                found.append(OverlapStanding(taken, each.other, tuple(sorted(missing))))
    return found


def _acknowledged(view: View, one: Taken, other: Taken) -> set[str]:
    names = names_of(view, other)
    pairs = {(one.entry.id, name) for name in names} | {(name, one.entry.id) for name in names}
    found = set()
    for taken in (*view.about(f"activity/{one.entry.id}"), *view.about(f"activity/{other.entry.id}")):
        act = taken.entry.act
        named = isinstance(act, ActivityAcknowledge) and (act.activity, act.overlap) in pairs
        if named and is_of_now(view, other, taken):
            found.add(_party(view, taken))
    return found


def _seal_events(view: View, seal: Taken) -> Iterator[Event]:
    needed = seal_reviewers(view, seal)
    accepted: set[str] = set()
    words = {"contested": "contested", "question": "question", "agreed-to-differ": "agreed to differ"}
    for taken in view.about(f"threat/{seal.entry.id}"):
        act, name = taken.entry.act, taken.entry.header.act
        if isinstance(act, ThreatReview):
            if act.finding == "accepted":
                accepted.add(_party(view, taken))
            else:
                accepted.discard(_party(view, taken))
            name = words.get(act.finding, "all accepted" if needed <= accepted else name)
        yield Event(name, taken)


def _starts(view: View, request: Taken) -> list[Taken]:
    return [each for each in view.about(f"operation/{request.entry.id}") if each.entry.header.act == "operation.start"]


def _activity_status(view: View, taken: Taken) -> str:
    acts = view.about(f"activity/{taken.entry.id}")
    return status(view, "activity", (Event(each.entry.header.act, each) for each in acts))


def _party(view: View, taken: Taken) -> str:
    return party_of(taken.entry.origin)
