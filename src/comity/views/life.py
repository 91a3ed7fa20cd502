"""The lives of things: status -> event -> status, the third of the tables that are the law.

An event is the name of an act, or of what an act completed. A status in `binding` is left only by an act
that has seen what put the thing there: a restraint wins over every permission concurrent with it (law 16).
A deed stays done: a start that crossed a withdrawal is under way, whichever comes first in the order for people;
so is a departure that crossed a denial, and what has arrived has arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.model.history import Taken, View


@dataclass(frozen=True, slots=True)
class Life:
    """The statuses of one kind of thing, the first one, those that bind, and the deeds that no status undoes."""

    first: str
    steps: Mapping[str, Mapping[str, str]]
    binding: frozenset[str] = frozenset()
    deeds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a thing, and the act that did it."""

    name: str
    taken: Taken


_ENDS_REQUEST = {
    "operation.refuse": "refused",
    "operation.retract": "retracted",
    "operation.counter": "countered",
}
_TAKES_CONSENT_BACK = {"operation.withdraw": "withdrawn", **_ENDS_REQUEST}
_ASKED = {"all consented": "agreed", "operation.start": "active", **_TAKES_CONSENT_BACK}

_UNANSWERED = {
    "all agreed": "agreed",
    "movement.deny": "denied",
    "movement.alternative": "alternative offered",
    "movement.accept": "asked anew",
    "movement.clear": "cleared",
    "movement.depart": "under way",
    "movement.arrive": "arrived",
    "movement.cancel": "cancelled",
}

_WAITS = {"precondition open": "in force, waiting for its preconditions"}
_STOPS = {
    "agreement.suspend": "suspended, the safety floor stands",
    "agreement.withdraw": "withdrawn from, the safety floor stands",
}

LIVES: dict[str, Life] = {
    "operation": Life(
        "proposed",
        {
            "proposed": {"operation.query": "queried", **_ASKED},
            "queried": {"operation.answer": "proposed", **_ASKED},
            "agreed": {"all confirmed": "ready", "operation.start": "active", **_TAKES_CONSENT_BACK},
            "ready": {"operation.start": "active", **_TAKES_CONSENT_BACK},
            "withdrawn": {"consented anew": "proposed", **_ASKED},
            "refused": {"operation.start": "active"},
            "retracted": {"operation.start": "active"},
            "countered": {"operation.start": "active"},
            "active": {"operation.end": "ended", "start lifted": "lifted"},
            "lifted": {"operation.end": "ended"},
            "ended": {"operation.report": "reported"},
            "reported": {"all reviewed": "reviewed", "disputed": "disputed"},
            "disputed": {"all reviewed": "reviewed"},
            "reviewed": {"disputed": "disputed"},
        },
        frozenset({"refused", "retracted", "countered"}),
        frozenset({"operation.start"}),
    ),
    "movement": Life(
        "requested",
        {
            "requested": _UNANSWERED,
            "asked anew": _UNANSWERED,
            "alternative offered": _UNANSWERED,
            "agreed": {
                "movement.accept": "asked anew",
                "movement.clear": "cleared",
                "movement.deny": "denied",
                "movement.cancel": "cancelled",
            },
            "denied": _UNANSWERED,
            "cleared": {
                "movement.depart": "under way",
                "movement.deny": "denied",
                "movement.cancel": "cancelled",
                "movement.arrive": "arrived",
            },
            "emergency": {"movement.depart": "under way", "movement.arrive": "arrived", "movement.cancel": "cancelled"},
            "under way": {"movement.deviate": "deviating", "movement.arrive": "arrived"},
            "deviating": {"movement.deviate": "under way", "movement.arrive": "arrived"},
            "arrived": {"all found conforming": "closed", "breach found": "in breach"},
            "in breach": {},
            "closed": {"breach found": "in breach"},
            "cancelled": {},
        },
        frozenset({"denied", "cancelled"}),
        frozenset({"movement.depart", "movement.arrive", "movement.cancel"}),
    ),
    "threat": Life(
        "sealed",
        {
            "sealed": {"threat.open": "opened"},
            "opened": {"all accepted": "accepted", "contested": "contested", "question": "questioned"},
            "questioned": {"all accepted": "accepted", "contested": "contested"},
            "contested": {"all accepted": "accepted", "agreed to differ": "agreed to differ"},
            "accepted": {"contested": "contested"},
            "agreed to differ": {},
        },
    ),
    "activity": Life("declared", {"declared": {"activity.end": "ended"}, "ended": {}}),
    "flight": Life(
        "declared",
        {
            "declared": {"flight.change": "declared", "flight.overdue": "overdue", "flight.close": "closed"},
            "overdue": {"flight.change": "declared", "flight.close": "closed"},
            "closed": {},
        },
    ),
    "area": Life(
        "proposed",
        {
            "proposed": {"all voted": "in force", "declined": "declined"},
            "declined": {"all voted": "in force", "area.propose": "proposed"},
            "in force": {"changed": "in force", "all dissolved": "dissolved"},
            "dissolved": {"all voted": "in force"},
        },
    ),
    "agreement": Life(
        "votes are missing",
        {
            "votes are missing": {"all voted": "in force", "voted apart": "in dispute: its terms have several heads"},
            "in dispute: its terms have several heads": {"all voted": "in force"},
            "in force": {"voted apart": "in dispute: its terms have several heads", **_WAITS, **_STOPS},
            "in force, waiting for its preconditions": {"all met": "in force", **_STOPS},
            "suspended, the safety floor stands": {
                "floor ended": "suspended, the safety floor has ended",
                "agreement.withdraw": "withdrawn from, the safety floor stands",
                "all lifted": "in force",
            },
            "withdrawn from, the safety floor stands": {"floor ended": "over", "all lifted": "in force"},
            "suspended, the safety floor has ended": {
                "floor restored": "suspended, the safety floor stands",
                "agreement.withdraw": "over",
                "all lifted": "in force",
            },
            "over": {"floor restored": "withdrawn from, the safety floor stands", "all lifted": "in force"},
        },
    ),
}


def status(view: View, kind: str, events: Iterable[Event], first: str | None = None) -> str:
    """The status of a thing after events in the order for people; an event that does not fit changes nothing."""
    life = LIVES[kind]
    now, put_there = first or life.first, None
    for event in events:
        following = life.steps[now].get(event.name)
        if following is None:
            continue
        binds = now in life.binding and event.name not in life.deeds
        if binds and put_there is not None and not view.history.past(event.taken).holds(put_there):
            continue
        now, put_there = following, event.taken
    return now
