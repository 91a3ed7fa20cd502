"""Wrong rules of precaution, and the tests that must find them."""

from __future__ import annotations

from typing import Any

from comity.airspace import standoff
from comity.model.geometry import rings_meet
from comity.model.protected import Protected
from comity.model.records import checks
from comity.model.volume import Ring
from comity.office.precaution import Watchman
from comity.rules import precaution
from comity.views import precaution as precaution_views
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import altered, dropped, replaced


def never(*_: Any) -> bool:
    """Nothing is ever near."""
    return False


def no_fault(*_: Any) -> None:
    """Once checked, always checked."""


def inside_only(thing: Protected, ring: Ring) -> bool:
    """What is protected ends where its wall ends."""
    return any(rings_meet(((lat, lon), (lat, lon + 3), (lat + 3, lon)), ring) for lat, lon in thing.points)


def readable_or_nothing(watchman: Watchman, view: Any) -> Any:
    """A register that cannot be read protects nothing."""
    try:
        return _readable(watchman, view)
    except Exception:
        return None


def held_once(view: Any, party: str, about: Any, volume: Any, now_ms: int) -> tuple[Any, ...]:
    """A hold that was placed is dealt with for ever."""
    return tuple(view.about(f"holds/{about.entry.id}"))


def any_hold(*_: Any) -> bool:
    """However short a hold is, it will do."""
    return True


_readable = Watchman.readable

PRECAUTION: tuple[Tooth, ...] = (
    tooth(
        "the register only advises",
        replaced(precaution_views.touches, never),
        "08_door_stops_what_comes_near",
        "16_lifted_hold_mends_no_register",
    ),
    tooth("the stand-off is for show", replaced(standoff.comes_within, inside_only), "08_standoff_counts"),
    tooth(
        "an unreadable register is an empty one",
        altered(Watchman, "readable", readable_or_nothing),
        "08_unreadable_register_stops",
    ),
    tooth(
        "a lifted hold settles the finding",
        replaced(precaution_views._own_holds, held_once),
        "16_lifted_hold_mends_no_register",
    ),
    tooth(
        "a hold of a minute settles the finding",
        replaced(precaution_views._outlasts, any_hold),
        "16_short_and_foreign_holds_settle_no_finding",
    ),
    tooth("an old check counts", replaced(checks.check_fault, no_fault), "23_check_ends_with_its_version"),
    tooth("no check is asked for", dropped(precaution.own_check_is_current), "23_check_is_not_old"),
    tooth("an old layer counts", replaced(checks.layer_fault, no_fault), "23_check_is_not_old"),
    tooth(
        "a check cites what it likes",
        dropped(precaution.check_uses_newest_layers),
        "23_check_ends_with_its_version",
    ),
)
