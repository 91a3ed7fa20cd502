"""How moments and spans are said to people: one room for every command, page and play.

Always UTC, marked with a Z wherever the day is not told by the text around. Rows of the board hold whole moments,
2016-09-20T06:00:00Z, and whole hashes; `shortened` says those in a text as people do.
"""

from __future__ import annotations

import re

from comity.model.spans import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, moment

_WHOLE = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):(\d{2})Z")
_HASH = re.compile(r"(?<![0-9a-f])([0-9a-f]{8})[0-9a-f]{56}(?![0-9a-f])")
_BEGINNING = "1970-01-01T00:00:00Z"
_TO = " / "
_SPANS = ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "min"), (SECOND_MS, "s"))


def moment_text(at_ms: int | None) -> str:
    """A moment to the second, 2016-09-20 06:00:00Z; one beyond the calendar in milliseconds."""
    if at_ms is None:
        return "none"
    found = moment(at_ms)
    return found.strftime("%Y-%m-%d %H:%M:%SZ") if found is not None else f"{at_ms} ms"


def minute_text(at_ms: int) -> str:
    """A moment to the minute, 2016-09-20 06:00Z."""
    found = moment(at_ms)
    return found.strftime("%Y-%m-%d %H:%MZ") if found is not None else f"{at_ms} ms"


def weekday_text(at_ms: int) -> str:
    """A moment of a week that all know of, Tue 06:00Z."""
    found = moment(at_ms)
    return found.strftime("%a %H:%MZ") if found is not None else f"{at_ms} ms"


def clock_text(at_ms: int, now_ms: int | None = None) -> str:
    """A time of day, with the date where it is not the day of `now_ms`; seconds only if there are any."""
    found, now = moment(at_ms), None if now_ms is None else moment(now_ms)
    if found is None:
        return f"{at_ms} ms"
    clock = found.strftime("%H:%M:%S" if found.second else "%H:%M")
    is_today = now is not None and now.date() == found.date()
    return clock if is_today else f"{found.date().isoformat()} {clock}"


def span_text(span_ms: int) -> str:
    """A length of time in at most two units, cut off, not rounded: 3 h 20 min, 45 s, 2 d."""
    rest = abs(span_ms)
    for number, (unit_ms, name) in enumerate(_SPANS):
        if rest >= unit_ms or unit_ms == SECOND_MS:
            text = f"{rest // unit_ms} {name}"
            finer = _SPANS[number + 1 : number + 2] if unit_ms > MINUTE_MS else ()
            for finer_ms, finer_name in finer:
                left = rest % unit_ms // finer_ms
                text += f" {left} {finer_name}" if left else ""
            return text
    raise AssertionError("the last unit takes every span")


def until_text(at_ms: int, now_ms: int) -> str:
    """How far off a moment is: in 3 h 20 min, 12 min ago, now."""
    if abs(at_ms - now_ms) < SECOND_MS:
        return "now"
    span = span_text(at_ms - now_ms)
    return f"in {span}" if at_ms > now_ms else f"{span} ago"


def shortened(text: str, now_ms: int | None = None, zone: str = "Z") -> str:
    """A text of the board with its moments as people say them: without today's date, nor twice that of a window.

    What counts since ever does so from the beginning, and a hash is named by its first digits.
    """
    text = _HASH.sub(r"\1", text.replace(_BEGINNING, "the beginning"))
    today = "" if now_ms is None else clock_text(now_ms)[: len("2016-09-20")]
    parts: list[str] = []
    end, last = 0, ""
    for found in _WHOLE.finditer(text):
        between = text[end : found.start()]
        implied = last if between == _TO else today
        clock = (found[2] if found[3] == "00" else f"{found[2]}:{found[3]}") + zone
        parts += [between, clock if found[1] == implied else f"{found[1]} {clock}"]
        end, last = found.end(), found[1]
    return "".join([*parts, text[end:]]).replace(_TO, " to ")
