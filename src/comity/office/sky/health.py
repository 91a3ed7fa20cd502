"""How a source does, as values and as one line for people: its tracks, their age, and what was not used."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

MS_PER_S = 1000
_SPANS = ((172_800, 86_400, "days"), (7_200, 3_600, "h"), (120, 60, "min"), (0, 1, "s"))


class State(Enum):
    """Whether anything comes, in the words that people read."""

    NOT_UP = "not up yet"
    UP = "up"
    SILENT = "silent"
    FLOODING = "flooding"
    DOWN = "down"
    ENDED = "at its end"


@dataclass(frozen=True, slots=True)
class Health:
    """One source at one moment; counts are since the office began with it.

    `oldest_ms` is the age of the oldest track still held, None without tracks. A dead source's tracks are held on and
    grow old; a living one's go when it has not told of them for a while. `since_ms` is how long the state has lasted,
    `up_ms` how long the connection.
    """

    name: str
    state: State
    tracks: int
    oldest_ms: int | None
    rejected: int
    dropped: int
    late: int
    doubled: int
    crowded_out: int
    since_ms: int
    up_ms: int
    trouble: str = ""
    last_rejection: str = ""

    @property
    def sound(self) -> bool:
        """Whether the picture of this source is whole and of now."""
        return self.state is State.UP

    def __str__(self) -> str:
        return f"{self.name}: {self._trouble()}{self._tracks()}, {self._rejected()}{self._up()}"

    def _trouble(self) -> str:
        if self.state in (State.UP, State.NOT_UP) and not self.trouble:
            return "" if self.state is State.UP else f"{self.state.value}; "
        told = self.state.value
        if self.state in (State.DOWN, State.SILENT):
            told += f" for {span(self.since_ms)}"
        if self.state is State.FLOODING:
            told += f", {self.dropped + self.crowded_out:,} dropped"
        return f"{told}: {self.trouble}; " if self.trouble else f"{told}; "

    def _tracks(self) -> str:
        if self.oldest_ms is None:
            return "no tracks"
        return f"{self.tracks:,} {'track' if self.tracks == 1 else 'tracks'}, oldest {span(self.oldest_ms)}"

    def _rejected(self) -> str:
        last = f" (last: {self.last_rejection})" if self.last_rejection else ""
        late = f", {self.late:,} too late" if self.late else ""
        lost = self.dropped + self.crowded_out
        dropped = f", {lost:,} dropped" if lost and self.state is not State.FLOODING else ""
        return f"{self.rejected:,} rejected{last}{late}{dropped}"

    def _up(self) -> str:
        return f", up {span(self.up_ms)}" if self.state in (State.UP, State.SILENT, State.FLOODING) else ""


def span(long_ms: int) -> str:
    """A length of time as people say it: 3 s, 12 min, 5 h."""
    seconds = max(0, long_ms) // MS_PER_S
    unit_s, unit = next((unit_s, unit) for least_s, unit_s, unit in _SPANS if seconds >= least_s)
    return f"{seconds // unit_s:,} {unit}"
