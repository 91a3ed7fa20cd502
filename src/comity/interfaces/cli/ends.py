"""What an officer must know of when an act ends before he signs it: a warning, never a refusal (law 15).

Who is asked is asked once more of what is past; who is not is told again after it was taken.
"""

from __future__ import annotations

from comity.interfaces.times import moment_text
from comity.model.acts import Act
from comity.model.acts.alone import ThreatOpen
from comity.model.acts.operations import Hold
from comity.model.spans import DAY_MS

PAST = "LOOK AGAIN"


def is_past(act: Act, at_ms: int) -> bool:
    """Whether an act ends before it begins, so that whoever signs it most likely meant another time."""
    return (end_doubt(act, at_ms) or "").startswith(PAST)


def end_doubt(act: Act, at_ms: int) -> str | None:
    """That an act's end, or its window as a whole, is past, or that it is not today; None if it ends later today."""
    lasts_ms, window_ms = getattr(act, "until_ms", None) or getattr(act, "expires_ms", None), _window_end_ms(act)
    until_ms = min((each for each in (lasts_ms, window_ms) if each is not None), default=None)
    if until_ms is None:
        return None
    end = moment_text(until_ms)
    if until_ms > at_ms:
        return f"it ends tomorrow: {end}" if until_ms // DAY_MS == at_ms // DAY_MS + 1 else None
    if until_ms == lasts_ms or isinstance(act, Hold):
        effect = "it stops nothing" if isinstance(act, Hold) else "it is never in force"
        return f"{PAST}: this {act.name} ends before it begins, at {end}: {effect}; write a later end"
    return f"{PAST}: the window of this {act.name} is wholly past, it ended at {end}; sign it only to tell of the past"


def _window_end_ms(act: Act) -> int | None:
    """The end of the window in which something is to happen; what opens a seal tells of what was done."""
    if isinstance(act, ThreatOpen):
        return None
    window = getattr(act, "window", None) or getattr(getattr(act, "volume", None), "window", None)
    return window.until_ms if window is not None else None
