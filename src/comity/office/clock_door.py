"""Whether this office's clock agrees with what it has seen of the others; if not, an officer must confirm it (law 28).

The newest foreign `at` is compared with the wall clock, the quiet time since it came being measured by a clock that
never jumps; so neither silence nor a partition looks like a wrong clock, and a jump shows at once. After a start the
quiet time is not known and the plain difference counts. One liar's clock costs a confirmation and nothing else.
"""

from __future__ import annotations

from comity.office.ports import Clock

MS_PER_S = 1000


class ClockDoor:
    """Offsets of wall time over steady time, in milliseconds: what others' entries say, and what was confirmed."""

    def __init__(self, clock: Clock) -> None:
        """Begin without having seen anything."""
        self._clock = clock
        self._others_ms: int | None = None
        self._confirmed: tuple[int, int] | None = None

    def learn(self, at_ms: int) -> None:
        """A foreign entry with that time has just come."""
        offset_ms = at_ms - self._clock.steady_ms()
        if self._others_ms is None or offset_ms > self._others_ms:
            self._others_ms = offset_ms

    def confirm(self) -> None:
        """An officer has compared this clock with another source and found it right."""
        own_ms = self._own_ms()
        self._confirmed = (own_ms, self._others_ms if self._others_ms is not None else own_ms)

    def fault(self, skew_max_s: int) -> str | None:
        """How far the clock is off, or None if it agrees or was confirmed."""
        if self._others_ms is None:
            return None
        skew_ms, own_ms = skew_max_s * MS_PER_S, self._own_ms()
        if abs(own_ms - self._others_ms) <= skew_ms:
            return None
        if self._confirmed is not None:
            own, others = self._confirmed
            if abs(own_ms - own) <= skew_ms and self._others_ms - others <= skew_ms:
                return None
        off_s = (own_ms - self._others_ms) // MS_PER_S
        return f"this clock and the newest entry of the others differ by {off_s} s, more than {skew_max_s} s"

    def _own_ms(self) -> int:
        return self._clock.now_ms() - self._clock.steady_ms()
