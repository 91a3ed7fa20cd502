"""Whether this office's clock agrees with what it has seen of the others; if not, an officer must confirm it (law 28).

What an entry of another proves depends on when it was signed. All offsets are wall time over a steady clock.

- It was signed before it was here. So its signer's clock shows now at least its `at` and the time since it came: if
  that is beyond our clock by more than the skew, ours is behind (or theirs ahead). An old entry proves this as well as
  a new one, so what the store holds at a start counts.
- That it is long past proves nothing by itself: a quiet peer is no wrong clock. Only if the log's own office told us,
  at a moment of ours, that the entry was not there yet, was it signed after that moment; its signer's clock shows now
  at most its `at` and the time since that moment, and an officer's act may have lain before him for a while before he
  signed. If our clock is beyond that by more than the skew, ours is ahead (or theirs behind).
- Apart from the others, wall and steady clock go alike: if they have parted by more than the skew since the start, or
  since an officer confirmed, and no entry agrees with the clock as it is now, then the clock has jumped.

A jump while the office is stopped, beside peers who say nothing new, cannot be seen: the first fresh entry shows it.
The newest word of all others counts, so one liar's clock costs a confirmation and nothing else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from comity.model.acts.keys import ClockStep, Watch
from comity.model.entry import Entry
from comity.model.spans import SECOND_MS
from comity.office.ports import Clock

CONFIRM = "compare it with another source; set it right, or if it is, confirm it (comity status OFFICE --confirm-clock)"
SET_BACK = (
    "set this clock right; or if it is, two officers set the log back: comity act OFFICE --seat SEAT --key me.pem "
    "clock.step before=+0s --second you.pem:SEAT"
)
MOMENTS_KEPT = 64


@dataclass(slots=True)
class _Log:
    """One log of another: what bounds its keeper's clock, and how long its log was at moments of ours."""

    least_ms: int | None = None
    most_ms: int | None = None
    sizes: list[int] = field(default_factory=list)
    moments_ms: list[int] = field(default_factory=list)


class ClockDoor:
    """Offsets of wall time over steady time, in milliseconds: what others' entries bound, and what was confirmed."""

    def __init__(self, clock: Clock, draft_oldest_ms: int) -> None:
        """Begin without having seen anything; an act may be signed that long after it was given its time."""
        self._clock = clock
        self._draft_oldest_ms = draft_oldest_ms
        self._logs: dict[str, _Log] = {}
        self._found_good_ms = self._own_ms()
        self._confirmed_against_ms: int | None = None
        self._confirmed = False

    def told(self, origin: str, size: int, asked_ms: int) -> None:
        """The log's own office said that its log has that size; it was asked at that moment of the steady clock."""
        log = self._logs.setdefault(origin, _Log())
        while log.sizes and log.sizes[-1] >= size:
            log.sizes.pop()
            log.moments_ms.pop()
        log.sizes.append(size)
        log.moments_ms.append(asked_ms)
        del log.sizes[:-MOMENTS_KEPT], log.moments_ms[:-MOMENTS_KEPT]

    def learn(self, entry: Entry) -> None:
        """An entry of another log is here: read at the start, or just come."""
        log = self._logs.setdefault(entry.origin, _Log())
        least_ms = entry.at_ms - self._clock.steady_ms()
        if isinstance(entry.act, ClockStep):  # its keeper's clock was wrong and is not any more
            log.least_ms, log.most_ms = least_ms, None
            return
        log.least_ms = least_ms if log.least_ms is None else max(log.least_ms, least_ms)
        if log.most_ms is not None and log.least_ms > log.most_ms:
            log.most_ms = None  # its keeper has set his clock on
        known = bisect_right(log.sizes, entry.seq)
        if known:
            lay_ms = 0 if isinstance(entry.act, Watch) else self._draft_oldest_ms
            most_ms = entry.at_ms + lay_ms - log.moments_ms[known - 1]
            log.most_ms = most_ms if log.most_ms is None else min(log.most_ms, most_ms)

    def confirm(self) -> None:
        """An officer has compared this clock with another source and found it right."""
        self._found_good_ms = self._own_ms()
        self._confirmed_against_ms = self._least_ms()
        self._confirmed = True

    def fault(self, skew_max_s: int) -> str | None:
        """How the clock is off, or None if nothing speaks against it or an officer confirmed it."""
        own_ms, least_ms, skew_ms = self._own_ms(), self._least_ms(), skew_max_s * SECOND_MS
        if least_ms is not None and abs(own_ms - least_ms) <= skew_ms:
            return None
        moved_ms = own_ms - self._found_good_ms
        if self._confirmed and abs(moved_ms) <= skew_ms and not self._is_newer(least_ms, skew_ms):
            return None
        bound = f"more than {skew_max_s} s"
        if least_ms is not None and own_ms < least_ms:
            return _words(
                "is at least", least_ms - own_ms, f"behind the newest entry of the others, more than {skew_max_s} s"
            )
        most_ms = self._most_ms()
        if most_ms is not None and own_ms - most_ms > skew_ms:
            return _words(
                "is at least", own_ms - most_ms, f"ahead of what the others sign now, more than {skew_max_s} s"
            )
        if abs(moved_ms) > skew_ms:
            way = "on" if moved_ms > 0 else "back"
            rest = f"{way}, {bound}, and no entry of the others agrees with it"
            return _words("has jumped", abs(moved_ms), rest)
        return None

    def _is_newer(self, least_ms: int | None, skew_ms: int) -> bool:
        """Whether the others' entries say more against this clock than when it was confirmed."""
        if least_ms is None:
            return False
        return self._confirmed_against_ms is None or least_ms - self._confirmed_against_ms > skew_ms

    def _least_ms(self) -> int | None:
        return max((each.least_ms for each in self._logs.values() if each.least_ms is not None), default=None)

    def _most_ms(self) -> int | None:
        """The newest word of those who are known to have spoken lately; None if nobody is."""
        return max((each.most_ms for each in self._logs.values() if each.most_ms is not None), default=None)

    def _own_ms(self) -> int:
        return self._clock.now_ms() - self._clock.steady_ms()


def cosigned_too_early(entry: Entry, times_s: Sequence[int], skew_max_s: int) -> str | None:
    """What the others say by cosigning an own entry: they did so after it was signed, whatever their clocks showed.

    Who runs ahead stops the others, and no entry of theirs tells him. It is told to people and stops nothing.
    """
    if not times_s or (ahead_s := entry.at_ms // SECOND_MS - max(times_s)) <= skew_max_s:
        return None
    return (
        f"this clock seems to be ahead: by their clocks all who cosigned entry {entry.seq} of {entry.origin} did so "
        f"{ahead_s} s or more before the time that it bears; compare this clock with another source, and set it right"
    )


def _words(verb: str, off_ms: int, rest: str) -> str:
    return f"this clock {verb} {off_ms // SECOND_MS} s {rest}"
