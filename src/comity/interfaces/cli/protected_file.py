"""Protected things as people write them: a TOML file of places and movements, or the words of one command.

    [[place]]
    label = "mill clinic"            its own in the register
    kind = "hospital"
    at = [36.2012, 37.1612]          or ring = [[36.0, 37.0], [36.0, 37.1], [36.1, 37.1]]
    standoff_m = 2000
    from = 2016-09-20T06:00:00Z      left out: since ever
    until = 2016-10-20T06:00:00Z     left out: without end

    [[movement]]
    label = "convoy 7"
    route = [[36.0, 37.0], [36.2, 37.2]]
    standoff_m = 1000
    from = 2016-09-20T06:00:00Z
    until = 2016-09-20T18:00:00Z

Every wrong row is named with what to change, and then nothing is taken. Not trusted: the file. Raises Misuse.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from comity.model.errors import Misuse
from comity.model.protected import KINDS, MOVEMENT, Kind, Protected, Shape, thing_problem
from comity.model.spans import SECOND_MS
from comity.model.volume import DEG_E7, Point, Window

FILE_BYTES_MOST = 64 * 1024 * 1024
PROBLEMS_TOLD = 50
SHAPES = {"at": "point", "ring": "ring", "route": "route"}
_LINE = re.compile(r"at line (\d+)")
KEYS = ("label", "kind", *SHAPES, "standoff_m", "from", "until")


def read_things(text: str, name: str = "the file") -> tuple[Protected, ...]:
    """Every place and movement of a file; Misuse names each row that cannot be kept."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        found = _LINE.search(str(error))
        where = f" at line {found[1]}" if found is not None else ""
        raise Misuse(f"{name} is no TOML{where}; docs/precaution.md shows how to write it") from None
    if odd := document.keys() - {"place", "movement"}:
        raise Misuse(f"{name} has {sorted(odd)[0][:40]!r}; it may have [[place]] and [[movement]] and nothing else")
    things: list[Protected] = []
    problems: list[str] = []
    first: dict[str, str] = {}
    for what in ("place", "movement"):
        rows = document.get(what, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Misuse(f"{what} is no list of tables; write [[{what}]] before each")
        for number, row in enumerate(rows, 1):
            name = f"{what} {number}"
            try:
                thing = thing_of(row | ({"kind": MOVEMENT} if what == "movement" and "kind" not in row else {}))
            except Misuse as error:
                problems.append(f"{name} ({_plain(row.get('label', 'no label'))}): {error}")
                continue
            if thing.label in first:
                problems.append(f"{name} ({thing.label}): {first[thing.label]} has this label; give each its own")
            first.setdefault(thing.label, name)
            things.append(thing)
    if problems:
        raise Misuse("\n".join([*_told(problems), "nothing was taken in"]))
    return tuple(things)


def thing_of(row: Mapping[str, Any]) -> Protected:
    """One thing; Misuse says what to change."""
    if odd := sorted(row.keys() - set(KEYS)):
        raise Misuse(f"it has {odd[0][:40]!r}; it may have {', '.join(KEYS)}")
    label, kind, standoff_m = row.get("label"), row.get("kind"), row.get("standoff_m")
    if not isinstance(label, str):
        raise Misuse("it has no label; give label = a working name")
    if kind not in KINDS:
        raise Misuse(f"kind {str(kind)[:40]!r} is none of {', '.join(KINDS)}")
    if not isinstance(standoff_m, int) or isinstance(standoff_m, bool):
        raise Misuse("its standoff_m is no whole number of metres; write standoff_m = 2000")
    shapes = [name for name in SHAPES if name in row]
    if len(shapes) != 1:
        raise Misuse("it needs exactly one of at, ring and route")
    written = row[shapes[0]]
    points = tuple(_point(each) for each in ([written] if shapes[0] == "at" else _list(written, shapes[0])))
    window = Window(_moment_ms(row.get("from"), "from") or 0, _moment_ms(row.get("until"), "until"))
    thing = Protected(
        kind=cast(Kind, kind),
        label=label,
        shape=cast(Shape, SHAPES[shapes[0]]),
        points=points,
        standoff_m=standoff_m,
        window=window,
    )
    problem = thing_problem(thing)
    if problem is not None:
        raise Misuse(problem)
    return thing


def _point(written: object) -> Point:
    pair = _list(written, "a point")
    if len(pair) != 2 or not all(isinstance(each, int | Decimal) and not isinstance(each, bool) for each in pair):
        raise Misuse("a point is [latitude, longitude] in degrees, such as [36.2012, 37.1612]")
    if not all(Decimal(each).is_finite() and abs(each) <= 360 for each in pair):
        raise Misuse("a point lies beyond the globe; write [latitude, longitude] in degrees")
    latitude, longitude = (round(Decimal(each) * DEG_E7) for each in pair)
    return latitude, longitude


def _list(written: object, name: str) -> Sequence[Any]:
    if not isinstance(written, list | tuple):
        raise Misuse(f"{name} is no list; write it in brackets, latitude first")
    return written


def _moment_ms(written: object, name: str) -> int | None:
    if written is None:
        return None
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    if not isinstance(written, datetime) or written.tzinfo is None:
        raise Misuse(f"its {name} is no time with a zone; write 2016-09-20T06:00:00Z")
    return int(written.timestamp() * SECOND_MS)


def _plain(written: object) -> str:
    """A label as it may be shown before it is known to be one."""
    return "".join(each if each.isprintable() else "?" for each in str(written)[:40])


def _told(problems: Sequence[str]) -> list[str]:
    more = len(problems) - PROBLEMS_TOLD
    return [*problems[:PROBLEMS_TOLD], *([f"and {more} more rows"] if more > 0 else [])]
