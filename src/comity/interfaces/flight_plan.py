"""A flight plan as pilots file it, the ICAO message in parentheses: what a declaration needs of it, and no more.

    (FPL-RESCUE1/A4631-IG
    -B350/L-SDFG/S
    -OJAM0930
    -N0240F150 3155N03600E DCT 3212N03634E
    -OJMF0045
    -DOF/160920 CODE/4B1805)

Fields by their numbers: 7 callsign and code, 9 type, 13 departure and time, 15 speed, level and route, 16 destination
and time under way, 18 the date (DOF/), the address (CODE/), and where ZZZZ is (DEP/, DEST/). Points of the route are
coordinates, or names whose places the officer gives: no airway and no database is guessed.
Not trusted: the text; `read_plan` raises Misuse, naming the field, for whatever it cannot use.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from comity.model.errors import Misuse
from comity.model.spans import DAY_MS, MINUTE_MS, moment
from comity.model.volume import Point

PLAN_BYTES_MOST = 4_096
KMH_A_KT = 1.852
MACH_KT = 573  # at the tropopause and above; lower down it is more
FOOT_M = 0.3048
NOWHERE = "ZZZZ"

PlaceOf = Callable[[str], Point | None]
"""Where a named point or an aerodrome is, as the officer says or as is known; None if nobody knows."""

_IDENT = re.compile(r"([A-Z0-9]{2,7})(?:/A([0-7]{4}))?")
_TYPE = re.compile(r"[0-9]{0,2}([A-Z][A-Z0-9]{1,3})/[LMHJ]")
_LEAVES = re.compile(r"([A-Z]{4})([01][0-9]|2[0-3])([0-5][0-9])")
_ARRIVES = re.compile(r"([A-Z]{4})([0-9]{2})([0-5][0-9])(?: [A-Z]{4}){0,2}")
_CRUISE = re.compile(r"(K[0-9]{4}|N[0-9]{4}|M[0-9]{3})(VFR|F[0-9]{3}|A[0-9]{3}|S[0-9]{4}|M[0-9]{4})")
_PLACE = re.compile(r"([0-9]{2})([0-9]{2})?([NS])([0-9]{3})([0-9]{2})?([EW])")
_OTHER = re.compile(r"(?:^| )([A-Z]{3,4})/")
_SKIPPED = ("DCT", "IFR", "VFR")


@dataclass(frozen=True, slots=True)
class Level:
    """The top of a cruise, as the plan says it; `unit` and `datum` as words of a band."""

    value: int
    unit: str
    datum: str

    def raised(self, feet: int) -> str:
        """The height that much above, as a band writes it; rounded up."""
        added = feet if self.unit == "ft" else math.ceil(feet * FOOT_M)
        return f"{self.value + added}{self.unit}-{self.datum}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan says; `top` None: no height is told. Of several speeds the slowest, of several levels the highest."""

    callsign: str
    code: str
    type: str
    off_ms: int
    minutes: int
    speed_kt: int
    top: Level | None
    route: tuple[Point, ...]
    address: str


def read_plan(text: str, place_of: PlaceOf, now_ms: int) -> Plan:
    """The plan; a time without a date is of the day of `now_ms`, or of the next if it is more than an hour past."""
    fields = _fields(text)
    ident = _match(7, _IDENT, fields[1], "a callsign and perhaps a code such as RESCUE1 or RESCUE1/A4631")
    kind = _match(9, _TYPE, fields[3], "a type and a wake category such as B350/L")
    leaves = _match(13, _LEAVES, fields[5], "an aerodrome and a time such as OJAM0930")
    arrives = _match(16, _ARRIVES, fields[7], "an aerodrome and hours and minutes such as OJMF0045")
    other = _other(fields[8])
    minutes = int(arrives[2]) * 60 + int(arrives[3])
    if not minutes:
        raise _fault(16, fields[7], "a time under way of a minute or more")
    speed_kt, top, points = _route(fields[6], place_of)
    begin = _aerodrome(13, leaves[1], other.get("DEP", ""), place_of)
    end = _aerodrome(16, arrives[1], other.get("DEST", ""), place_of)
    off_ms = _off_ms(int(leaves[2]) * 60 + int(leaves[3]), other.get("DOF"), now_ms)
    address = other.get("CODE", "").lower()
    if not re.fullmatch(r"([0-9a-f]{6})?", address):
        raise _fault(18, f"CODE/{address}", "CODE/ and six digits of hex")
    return Plan(ident[1], ident[2] or "", kind[1], off_ms, minutes, speed_kt, top, (begin, *points, end), address)


def _fields(text: str) -> list[str]:
    """The message without its parentheses, cut at its hyphens: FPL, 7, 8, 9, 10, 13, 15, 16, 18."""
    if len(text) > PLAN_BYTES_MOST:
        raise Misuse(f"the flight plan has {len(text)} characters; the most is {PLAN_BYTES_MOST}")
    plain = " ".join(text.split())
    if not (plain.startswith("(FPL-") and plain.endswith(")")):
        raise Misuse("the flight plan does not begin with (FPL- and end with ); give the whole message")
    fields = [each.strip() for each in plain[1:-1].split("-", 8)]
    if len(fields) < 8:
        raise Misuse(f"the flight plan has {len(fields)} fields; it needs FPL, 7, 8, 9, 10, 13, 15, 16 and perhaps 18")
    return [*fields, ""] if len(fields) == 8 else fields


def _route(text: str, place_of: PlaceOf) -> tuple[int, Level | None, list[Point]]:
    """The slowest speed, the highest level and the points of field 15; one level that is not told leaves all untold."""
    cruise, *words = text.split(" ")
    steps = [_match(15, _CRUISE, cruise, "a speed and a level such as N0240F150")]
    points = []
    for word in words:
        name, slash, change = word.partition("/")
        if slash:
            steps.append(_match(15, _CRUISE, change, "a point, a slash, a speed and a level such as OTILA/N0220F170"))
        if name not in _SKIPPED:
            points.append(_point(name, place_of))
    levels = [_level(each[2]) for each in steps]
    known = [each for each in levels if each is not None and (each.unit, each.datum) == _scale(levels)]
    top = max(known, key=lambda each: each.value) if len(known) == len(levels) else None
    return min(_speed_kt(each[1]) for each in steps), top, points


def _scale(levels: list[Level | None]) -> tuple[str, str] | None:
    """By what the first level is told; levels told by different heights are not compared."""
    return (levels[0].unit, levels[0].datum) if levels[0] is not None else None


def _speed_kt(text: str) -> int:
    value = int(text[1:])
    found = {"N": value, "K": int(value / KMH_A_KT), "M": int(value / 100 * MACH_KT)}[text[0]]
    if found < 1:
        raise _fault(15, text, "a speed above nothing")
    return found


def _level(text: str) -> Level | None:
    if text == "VFR":
        return None
    value = int(text[1:])
    if text[0] in "FA":
        return Level(value * 100, "ft", "pressure" if text[0] == "F" else "amsl")
    if text[0] == "S":
        return Level(math.ceil(value * 10 / FOOT_M), "ft", "pressure")
    return Level(value * 10, "m", "amsl")


def _point(name: str, place_of: PlaceOf) -> Point:
    point = _coordinates(name) or place_of(name)
    if point is None:
        raise Misuse(
            f"field 15 of the flight plan: nobody here knows where {name!r} is; give it with --place {name}=36.1/37.2, "
            f"or write it as 3606N03712E"
        )
    return point


def _aerodrome(field: int, name: str, said: str, place_of: PlaceOf) -> Point:
    first = said.split(" ")[0]
    point = (_coordinates(first) or place_of(first)) if name == NOWHERE and first else place_of(name)
    if point is None:
        raise Misuse(
            f"field {field} of the flight plan: nobody here knows where {first or name} is; give it with "
            f"--place {first or name}=36.1/37.2"
        )
    return point


def _coordinates(text: str) -> Point | None:
    found = _PLACE.fullmatch(text)
    if found is None or (found[2] is None) != (found[5] is None):
        return None
    lat, lon = int(found[1]) * 60 + int(found[2] or 0), int(found[4]) * 60 + int(found[5] or 0)
    if lat > 90 * 60 or lon > 180 * 60 or int(found[2] or 0) > 59 or int(found[5] or 0) > 59:
        return None
    south, west = (-1 if found[3] == "S" else 1), (-1 if found[6] == "W" else 1)
    return south * round(lat / 60 * 1e7), west * round(lon / 60 * 1e7)


def _other(text: str) -> dict[str, str]:
    """Field 18 by its words; the text of a word goes on to the next."""
    marks = list(_OTHER.finditer(text))
    ends = [each.start() for each in marks[1:]] + [len(text)]
    return {mark[1]: text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=False)}


def _off_ms(minutes: int, date: str | None, now_ms: int) -> int:
    if date is not None:
        try:
            day = datetime.strptime(date, "%y%m%d").replace(tzinfo=UTC)
        except ValueError:
            raise _fault(18, f"DOF/{date}", "DOF/ and a date such as DOF/160920") from None
        return int((day + timedelta(minutes=minutes)).timestamp()) * 1000
    assert moment(now_ms) is not None, "an office's clock is within the calendar"
    today_ms = now_ms - now_ms % DAY_MS + minutes * MINUTE_MS
    return today_ms if today_ms > now_ms - 60 * MINUTE_MS else today_ms + DAY_MS


def _match(field: int, form: re.Pattern[str], text: str, wanted: str) -> re.Match[str]:
    found = form.fullmatch(text)
    if found is None:
        raise _fault(field, text, wanted)
    return found


def _fault(field: int, text: str, wanted: str) -> Misuse:
    return Misuse(f"field {field} of the flight plan is {text[:60]!r}; write {wanted}")
