"""What one office protects and tells nobody: places and movements with the distance to keep from them.

Private matter (law 23): nothing here ever stands in an entry. A thing is a point, a small ring or a route; it holds no
person. Each has four fields that are committed to one by one: kind, label, where, when.
Not trusted: decoded values. `thing_problem` takes any integers and texts, always answers, and does bounded work.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal, get_args

import msgspec

from comity.model.codec import encode
from comity.model.volume import HALF_TURN_E7, LATITUDE_MAX_E7, Point, Window, ring_problem, window_problem

Kind = Literal[
    "hospital", "school", "shelter", "water", "worship", "displaced-persons", "heritage", "other", "movement"
]
Shape = Literal["point", "ring", "route"]

KINDS: tuple[str, ...] = get_args(Kind)
MOVEMENT: Kind = "movement"
LABEL_MOST = 80
POINTS_MOST = 32
STANDOFF_M_MAX = 100_000


class Protected(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One protected place, or one private movement along a route, during a window."""

    kind: Kind
    label: str
    shape: Shape
    points: tuple[Point, ...]
    standoff_m: int
    window: Window


def thing_problem(thing: Protected) -> str | None:
    """Say what makes the thing unusable and how to mend it, or None."""
    return (
        _label_problem(thing.label)
        or _points_problem(thing)
        or _standoff_problem(thing.standoff_m)
        or window_problem(thing.window)
    )


def repeated_labels(things: Iterable[Protected]) -> list[str]:
    """The labels that more than one thing has, each once, in order."""
    seen: set[str] = set()
    repeated: dict[str, None] = {}
    for thing in things:
        if thing.label in seen:
            repeated[thing.label] = None
        seen.add(thing.label)
    return list(repeated)


def values_of(things: Iterable[Protected]) -> dict[str, str]:
    """The private fields of a register: `<number of the thing>/<field>` -> value, as they are committed to."""
    fields: dict[str, str] = {}
    for number, thing in enumerate(things):
        where = {"points": thing.points, "shape": thing.shape, "standoff_m": thing.standoff_m}
        fields[f"{number}/kind"] = thing.kind
        fields[f"{number}/label"] = thing.label
        fields[f"{number}/when"] = encode(thing.window).decode()
        fields[f"{number}/where"] = encode(where).decode()
    return fields


def _label_problem(label: str) -> str | None:
    if not 1 <= len(label) <= LABEL_MOST or label != label.strip():
        return f"its label has {len(label)} characters; give 1 to {LABEL_MOST}, no space at either end"
    if not label.isprintable():
        return "its label has a character that cannot be shown; write plain text"
    return None


def _standoff_problem(standoff_m: int) -> str | None:
    if 1 <= standoff_m <= STANDOFF_M_MAX:
        return None
    return f"its stand-off is {standoff_m} m; give 1 to {STANDOFF_M_MAX:,} m"


def _points_problem(thing: Protected) -> str | None:
    count = len(thing.points)
    if (thing.kind == MOVEMENT) != (thing.shape == "route"):
        return "a movement has a route, and nothing else has one; give a place a point or a ring"
    if thing.shape == "ring":
        return f"the ring has {count} points; give 3 to {POINTS_MOST}" if count > POINTS_MOST else _ring(thing)
    least, most = (1, 1) if thing.shape == "point" else (2, POINTS_MOST)
    if not least <= count <= most:
        return f"the {thing.shape} has {count} points; give {least if least == most else f'{least} to {most}'}"
    for number, (lat_e7, lon_e7) in enumerate(thing.points, 1):
        if abs(lat_e7) > LATITUDE_MAX_E7 or abs(lon_e7) > HALF_TURN_E7:
            return f"point {number} lies beyond 89 degrees of latitude or 180 of longitude; write latitude first"
    if any(abs(p[1] - q[1]) > HALF_TURN_E7 for p, q in pairwise(thing.points)):
        return "a leg spans more than 180 degrees of longitude; end the route at the antimeridian, begin another"
    return None


def _ring(thing: Protected) -> str | None:
    return ring_problem(thing.points)
