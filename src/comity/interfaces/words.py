"""How people write times, places, heights and windows, and how a step is cut into words.

    10:15   +2h   -5min   +10m   2016-09-20T10:15Z          times; + and - count from the signing office's clock
    10:00..12:00   23:00..01:00   10:00..             a window, one over midnight, one without an end
    0m..3000m   ..fl200   100m-agl..   ..            a band; metres and feet are above mean sea level unless said
    @square(36.10,37.20,10km)   @box(36.0,37.0,36.2,37.4)   @circle(36.1,37.2,3km)
    @ring(36.0/37.0,36.2/37.0,36.1/37.3)   @corridor(36.0/37.0,36.2/37.2,2km)   @a-name-given-by `place`
Not trusted: the words; each function raises Misuse with the word in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from comity.airspace.buffers import circle, corridor
from comity.model.errors import Misuse
from comity.model.geometry import LATITUDE_STEP_UM, LONGITUDE_STEP_UM
from comity.model.spans import DAY_MS, MINUTE_MS, SECOND_MS, UNIT_MS
from comity.model.volume import RING_POINTS_MAX, Altitude, Band, Datum, Point, Ring, Unit, Window

RINGS = (
    "@square(latitude,longitude,width), @circle(latitude,longitude,radius), @box(south,west,north,east), "
    "@ring(36.0/37.0,...) or @corridor(36.0/37.0,36.2/37.2,2km)"
)
"""How a ring may be drawn; lengths in km or m."""

YEAR_LEAST, YEAR_MOST = 1970, 9998
SHOWN_MOST = 120
_UNITS_MS = {**UNIT_MS, "m": MINUTE_MS}
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_SPAN = re.compile(r"([+-])([0-9]{1,9})(s|min|m|h|d)")
_HEIGHT = re.compile(r"(?:([0-9]{1,6})(m|ft)(?:-(amsl|agl|wgs84|pressure))?|fl([0-9]{1,4}))")
_CALL = re.compile(r"@([a-z]+)\((.*)\)")
_DISTANCE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(km|m)")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,9})?")


def cut(text: str) -> list[str]:
    """The words of a step: white space parts them, but not inside parentheses or quotes; quotes fall away."""
    words: list[str] = []
    word, depth, quoted, any_quote = "", 0, False, False
    for sign in text:
        if sign == '"' and depth == 0:
            quoted, any_quote = not quoted, True
        elif sign == " " and depth == 0 and not quoted:
            if word or any_quote:
                words.append(word)
            word, any_quote = "", False
        else:
            depth += 0 if quoted else (sign == "(") - (sign == ")")
            word += sign
    if depth or quoted:
        raise Misuse(f"{_shown(text)} has an open parenthesis or quote; close it")
    return [*words, word] if word or any_quote else words


def moment_ms(text: str, now_ms: int) -> int:
    """A time in milliseconds UTC; a bare time of day is on the day of `now_ms`."""
    if found := _SPAN.fullmatch(text):
        return now_ms + (1 if found[1] == "+" else -1) * int(found[2]) * _UNITS_MS[found[3]]
    if found := _TIME.fullmatch(text):
        day = datetime.fromtimestamp(now_ms // SECOND_MS, UTC).replace(hour=0, minute=0, second=0)
        day += timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3] or 0))
        return int(day.timestamp()) * SECOND_MS
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Misuse(f"{_shown(text)} is no time; write 10:15, +10m, +2h or 2016-09-20T10:15Z") from None
    if moment.tzinfo is None:
        raise Misuse(f"{_shown(text)} has no zone; write it as 2016-09-20T10:15Z")
    if not YEAR_LEAST <= moment.year <= YEAR_MOST:
        raise Misuse(f"{_shown(text)} lies too far away; write a year from {YEAR_LEAST} to {YEAR_MOST}")
    return int(moment.timestamp()) * SECOND_MS


def is_time_of_day(text: str) -> bool:
    """Whether it is a time without its day."""
    return _TIME.fullmatch(text) is not None


def end_ms(text: str, now_ms: int, begins_ms: int | None = None) -> int:
    """A time at which something ends: a bare time of day that is past, or not after its beginning, is tomorrow's."""
    found = moment_ms(text, now_ms)
    is_over = found <= (now_ms if begins_ms is None else begins_ms)
    return found + DAY_MS if is_over and is_time_of_day(text) else found


def window(text: str, now_ms: int) -> Window:
    """`from..until`; an empty end is open, and an end not after its beginning is the next day's."""
    begin, dots, end = text.partition("..")
    if not dots or not begin:
        raise Misuse(f"{_shown(text)} is no window; write 10:00..12:00, or 10:00.. without an end")
    from_ms = moment_ms(begin, now_ms)
    return Window(from_ms=from_ms, until_ms=end_ms(end, now_ms, from_ms) if end else None)


def band(text: str) -> Band:
    """`floor..ceiling`; an empty bound is unbounded."""
    floor, dots, ceiling = text.partition("..")
    if not dots:
        raise Misuse(f"{_shown(text)} is no band; write 0m..3000m, ..fl200 or ..")
    return Band(floor=_altitude(floor), ceiling=_altitude(ceiling))


def ring(text: str, places: Mapping[str, Ring]) -> Ring:
    """A ring drawn by one of the words above, or one that `place` gave a name."""
    if text.startswith("@") and text[1:] in places:
        return places[text[1:]]
    found = _CALL.fullmatch(text)
    if found is None:
        raise Misuse(_no_ring(text, places))
    parts = [part.strip() for part in found[2].split(",")]
    if len(parts) > RING_POINTS_MAX:
        raise Misuse(f"{_shown(text)} has {len(parts)} points; a ring has at most {RING_POINTS_MAX}")
    if found[1] == "square" and len(parts) == 3:
        return _square(_point("/".join(parts[:2])), distance_m(parts[2]))
    if found[1] == "circle" and len(parts) == 3:
        return circle(_point("/".join(parts[:2])), distance_m(parts[2]))
    if found[1] == "box" and len(parts) == 4:
        south, west, north, east = (_degrees_e7(part) for part in parts)
        return ((south, west), (south, east), (north, east), (north, west))
    if found[1] == "corridor" and len(parts) > 2:
        return corridor([_point(part) for part in parts[:-1]], distance_m(parts[-1]))
    if found[1] == "ring":
        return tuple(_point(part) for part in parts)
    raise Misuse(_no_ring(text, places))


def route(text: str) -> tuple[Point, ...]:
    """Points `latitude/longitude` joined by commas."""
    return tuple(_point(part) for part in text.split(","))


def distance_m(text: str) -> float:
    """Metres, written 10km or 500m."""
    found = _DISTANCE.fullmatch(text)
    if found is None:
        raise Misuse(f"{_shown(text)} is no distance; write 10km or 500m")
    return float(found[1]) * (1000 if found[2] == "km" else 1)


def _shown(text: str) -> str:
    """A word in an error, cut to what a line holds."""
    return repr(text) if len(text) <= SHOWN_MOST else f"{text[:SHOWN_MOST]!r}..."


def _no_ring(text: str, places: Mapping[str, Ring]) -> str:
    named = ", or a name given by `place`" if places else ""
    return f"{_shown(text)} is no ring; write {RINGS}{named}"


def _altitude(text: str) -> Altitude | None:
    if not text:
        return None
    found = _HEIGHT.fullmatch(text)
    if found is None:
        raise Misuse(f"{_shown(text)} is no height; write 3000m, 9000ft, 100m-agl or fl200")
    if found[4]:
        return Altitude(value=int(found[4]), unit="fl", datum="pressure")
    return Altitude(value=int(found[1]), unit=cast(Unit, found[2]), datum=cast(Datum, found[3] or "amsl"))


def _point(text: str) -> Point:
    latitude, slash, longitude = text.partition("/")
    if not slash:
        raise Misuse(f"{_shown(text)} is no point; write latitude/longitude")
    return _degrees_e7(latitude), _degrees_e7(longitude)


def _degrees_e7(text: str) -> int:
    if _DEGREES.fullmatch(text) is None:
        raise Misuse(f"{_shown(text)} is no number of degrees; write 36.25 or -0.5")
    return round(float(text) * 1e7)


def _square(centre: Point, width_m: float) -> Ring:
    """A square around a point, measured as the judge measures: never narrower than the width, by a metre wider."""
    north = math.ceil((width_m / 2 + 1) * 1e6 / LATITUDE_STEP_UM)
    rim = math.radians(min(89.0, (abs(centre[0]) + north) / 1e7))
    east = math.ceil((width_m / 2 + 1) * 1e6 / (LONGITUDE_STEP_UM * math.cos(rim)))
    south, west = centre[0] - north, centre[1] - east
    return ((south, west), (south, west + 2 * east), (south + 2 * north, west + 2 * east), (south + 2 * north, west))
