"""What feeds write, as values in SI units: numbers, addresses, codes, times; each function refuses with Malformed.

Not trusted: anything. No NaN, no infinity, no digits but 0 to 9, no time without a zone comes out of here.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import msgspec

from comity.airspace.fix import Fix, fix_problem
from comity.model.errors import Malformed

FOOT_M = 0.3048
KNOT_MPS = 1852.0 / 3600.0
FOOT_A_MINUTE_MPS = FOOT_M / 60.0
UNTIMED_S = 5.0  # how old a report may be that comes without a time, as it went through queues on its way
UNTOLD_SPEED_MPS = 300.0  # an airliner's, for what does not tell its own
SHOWN_MAX = 24
MS_PER_S = 1000.0
NOT_JSON = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""By what msgspec says that bytes are not what was asked for."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEX = "0123456789abcdef"
_OCTAL = "01234567"
_NOBODY = ("000000", "ffffff")


def shown(value: object) -> str:
    """A piece of what came, short, and safe to show on a terminal."""
    text = str(value)
    return ascii(text if len(text) <= SHOWN_MAX else text[:SHOWN_MAX] + "...")


def number(text: str, what: str) -> float | None:
    """The number that a text says; None if it says nothing."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise Malformed(f"the {what} is no number: {shown(text)}") from None
    if not math.isfinite(value) or not text.isascii() or "_" in text:
        raise Malformed(f"the {what} is no number: {shown(text)}")
    return value


def place(latitude: float | None, longitude: float | None) -> tuple[float, float]:
    """Both halves of a place, or a refusal."""
    if latitude is None or longitude is None:
        raise Malformed("the report tells no place")
    return latitude, longitude


def address(text: str | None) -> str:
    """A 24-bit address, six hex digits, lower case; "" if none is told."""
    if not text:
        return ""
    digits = text.strip().lower()
    if not digits:
        return ""
    if len(digits) != 6 or digits.strip(_HEX) or digits in _NOBODY:
        raise Malformed(f"no 24-bit address: {shown(text)}")
    return digits


def callsign(text: str | None) -> str:
    """A callsign as people write it; "" if none is told."""
    return text.strip().upper() if text else ""


def code(told: str | float | None) -> str:
    """The transponder's four octal digits; files that went through number columns have lost leading zeros."""
    if told is None or told == "":
        return ""
    text = str(told).strip().removesuffix(".0")
    if text and (len(text) > 4 or text.strip(_OCTAL)):
        raise Malformed(f"no transponder code: {shown(told)}")
    return text and text.zfill(4)


def moment_ms(told: str | float) -> int:
    """Milliseconds UTC since 1970, from just that or from a date and time with its zone."""
    if isinstance(told, str):
        return int(told) if told.isdecimal() and told.isascii() and len(told) <= 15 else _written_ms(told)
    if not told == told // 1:  # false for NaN, too
        raise Malformed(f"the time is no whole number of milliseconds: {shown(told)}")
    return int(told)


def untimed_doubt_m(speed_mps: float | None) -> float:
    """How far an aircraft may have flown since a report that came without its time."""
    return UNTIMED_S * (UNTOLD_SPEED_MPS if speed_mps is None else speed_mps)


def aged_doubt_m(age_ms: int, speed_mps: float | None) -> float:
    """How far an aircraft may have flown since its place was measured, if that was before the time of the report."""
    return max(0, age_ms) / MS_PER_S * (UNTOLD_SPEED_MPS if speed_mps is None else speed_mps)


def scaled(value: float | None, unit: float) -> float | None:
    """A value in SI units; None stays unknown."""
    return None if value is None else value * unit


def sound(fix: Fix) -> Fix:
    """The fix, if `fix_problem` has nothing against it; else Malformed with its words."""
    problem = fix_problem(fix)
    if problem is not None:
        raise Malformed(problem)
    return fix


def _written_ms(told: str) -> int:
    text = told.strip()
    if text.endswith(".0") and text[:-2].isdecimal() and text.isascii() and len(text) <= 17:
        return int(text[:-2])
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise Malformed(f"the time has no zone: {shown(told)}; write it in UTC, with Z at its end")
        return (moment - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        raise Malformed(f"no time: {shown(told)}; write milliseconds since 1970, or a date and time with Z") from None
