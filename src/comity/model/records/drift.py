"""Drift: a consent covers a fact in its operation's volume if and only if the fact is in its past (law 18).

A declared flight is such a fact, as it is now: changed or overdue since, it is another. So a start never rests on a
consent that had not waited for the answers to its conflict.
"""

from __future__ import annotations

from comity.model.geometry import rings_meet, volumes_meet
from comity.model.history import Taken, View
from comity.model.records.areas import area_versions, areas_near
from comity.model.records.change import heads
from comity.model.records.flights import Flight, flights_in
from comity.model.records.operations import Operation
from comity.model.volume import Volume


def uncovered_fact(view: View, record: Operation, consent: Taken, at_ms: int) -> str | None:
    """A fact in the operation's volume that is in the view at a moment but not in the consent's past, in words."""
    past = view.history.past(consent)
    for kind in ("facts", "movements", "holds"):
        for taken in view.near(kind, record.volume):
            volume = view.history.volume_of(taken)
            if volume is not None and not past.holds(taken) and volumes_meet(volume, record.volume):
                return f"{taken.entry.header.act} {taken.entry.id[:8]}"
    for subject in (f"holds/{record.request.entry.id}", "holds/everywhere"):
        for taken in view.about(subject):
            if not past.holds(taken):
                return f"hold.place {taken.entry.id[:8]}"
    for area in sorted(areas_near(view, record.volume)):
        if _area_changed(view, past, area, record.volume):
            return f"the change of area {area}"
    one = _uncovered_flight(view, past, record, consent.entry.at_ms, at_ms)
    if one is not None:
        return f"flight {one.act.flight} of {one.party} ({one.version.entry.header.act} {one.version.entry.id[:8]})"
    group = f"group/{record.act.group}"
    if [each.id for each in heads(view, group)] != [each.id for each in heads(past, group)]:
        return f"the change of treatment of {record.act.group}"
    return None


def _uncovered_flight(view: View, past: View, record: Operation, then_ms: int, now_ms: int) -> Flight | None:
    """Who executes answers to himself for his own flights."""
    known = {_as_it_is(past, each, then_ms) for each in flights_in(past, record.volume, then_ms)}
    return next(
        (
            each
            for each in flights_in(view, record.volume, now_ms)
            if each.party != record.act.executing and _as_it_is(view, each, now_ms) not in known
        ),
        None,
    )


def _as_it_is(view: View, one: Flight, at_ms: int) -> tuple[str, bool]:
    return one.version.entry.id, one.is_overdue(view, at_ms)


def _area_changed(view: View, past: View, area: str, volume: Volume) -> bool:
    now = {each.version: each for each in area_versions(view, area)}
    then = {each.version: each for each in area_versions(past, area)}
    changed = [each for version, each in (*now.items(), *then.items()) if version not in now or version not in then]
    return any(rings_meet(each.act.ring, volume.ring) for each in changed)
