"""What one source told and nobody has taken yet: bounded, in the order of the source's times, counted.

Of a queue that is full the oldest goes, for the newest is what counts. A report older than one of the same track that
was taken already is dropped as late, the same report twice as doubled. A live source may not speak of the future, nor
of long ago: then its clock is wrong, and its reports are rejected with that reason. Ages are reckoned by the steady
clock from the arrival on; when the wall clock steps back, what waits moves with it, and nothing is late by what was.
Not trusted: the source. Whatever it sends, it holds `queue_reports` fixes and `tracks_each` tracks here, and no more.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from operator import attrgetter

import msgspec

from comity.airspace.fix import Fix, Rejected, Report
from comity.office.sky.health import Health, State, span
from comity.office.sky.limits import SkyLimits

_TIME = attrgetter("at_ms")
_NEVER = -1


class _Track(msgspec.Struct, gc=False):
    """What is known here of one track: its newest report, and the time of the newest one taken.

    `placed_ms` and `heard_ms` are by the source's own progress: the steady clock, of a file the times in it.
    """

    at_ms: int
    placed_ms: int
    heard_ms: int
    latitude_deg: float
    longitude_deg: float
    taken_ms: int = _NEVER


class Intake:
    """The queue of one source and its health. Steady times are the caller's, `Clock.steady_ms`."""

    def __init__(self, name: str, limits: SkyLimits, steady_ms: int, live: bool = True) -> None:
        """A source that is not `live` is a file: its times are as they are, and it is as old as it has got."""
        self.name = name
        self._limits = limits
        self._live = live
        self._queue: deque[Fix] = deque()
        self._tracks: OrderedDict[str, _Track] = OrderedDict()
        self._latest_ms = 0
        self._rejected = self._dropped = self._late = self._doubled = self._crowded_out = 0
        self._state = State.NOT_UP
        self._state_since_ms = self._heard_ms = steady_ms
        self._flooded_ms: int | None = None
        self._trouble = self._last_rejection = ""
        self.accepted = 0

    @property
    def waiting(self) -> int:
        """How many reports wait."""
        return len(self._queue)

    @property
    def full(self) -> bool:
        """Whether the next report pushes out the oldest."""
        return len(self._queue) >= self._limits.queue_reports

    def put(self, report: Report, steady_ms: int) -> None:
        """Takes one report in, or counts why not."""
        if isinstance(report, Rejected):
            self._reject(report.reason)
            return
        if self._live and not self._timely(report):
            return
        if not self._follow(report, steady_ms):
            return
        self.accepted += 1
        self._heard_ms = steady_ms
        if self.full:
            self._queue.popleft()
            self.lost(1, steady_ms)
        self._queue.append(report)

    def lost(self, count: int, steady_ms: int) -> None:
        """So many reports were dropped, read or unread, for there were too many."""
        self._dropped += count
        self._flooded_ms = steady_ms

    def take(self, most: int) -> list[Fix]:
        """Up to so many fixes, ordered by the source's time; what is older than one taken before is dropped as late."""
        queue = self._queue
        fixes = [queue.popleft() for _ in range(min(most, len(queue)))]
        fixes.sort(key=_TIME)
        return [fix for fix in fixes if self._in_time(fix)]

    def stepped(self, by_ms: int, now_ms: int) -> None:
        """The wall clock went back by so much: what came before comes to be of the new time."""
        if not self._live:
            return
        self._queue = deque(_moved(fix, by_ms) if fix.arrived_ms > now_ms else fix for fix in self._queue)
        for track in self._tracks.values():
            track.at_ms = track.taken_ms = _NEVER

    def up(self, steady_ms: int) -> None:
        """The connection stands."""
        self._enter(State.UP, "", steady_ms)
        self._heard_ms = steady_ms

    def down(self, reason: str, steady_ms: int) -> None:
        """The connection is gone, or never came to be."""
        self._enter(State.DOWN, reason, steady_ms)

    def ended(self, steady_ms: int, reason: str = "") -> None:
        """Nothing more will come."""
        self._enter(State.ENDED, reason, steady_ms)

    def health(self, now_ms: int, steady_ms: int) -> Health:
        """How the source does at this moment."""
        reached_ms = steady_ms if self._live else self._latest_ms
        self._forget()
        oldest_ms = min((track.placed_ms for track in self._tracks.values()), default=None)
        state, since_ms = self._seen_state(steady_ms)
        return Health(
            name=self.name,
            state=state,
            tracks=len(self._tracks),
            oldest_ms=None if oldest_ms is None else max(0, reached_ms - oldest_ms),
            rejected=self._rejected,
            dropped=self._dropped,
            late=self._late,
            doubled=self._doubled,
            crowded_out=self._crowded_out,
            since_ms=steady_ms - since_ms,
            up_ms=steady_ms - self._state_since_ms,
            trouble=self._trouble,
            last_rejection=self._last_rejection,
        )

    def _enter(self, state: State, reason: str, steady_ms: int) -> None:
        if self._state is not state:
            self._state, self._state_since_ms = state, steady_ms
        self._trouble = reason

    def _seen_state(self, steady_ms: int) -> tuple[State, int]:
        if self._state is not State.UP:
            return self._state, self._state_since_ms
        if self._flooded_ms is not None and steady_ms - self._flooded_ms <= self._limits.flood_shown_ms:
            return State.FLOODING, self._flooded_ms
        if self._live and steady_ms - self._heard_ms > self._limits.silent_after_ms:
            return State.SILENT, self._heard_ms
        return State.UP, self._state_since_ms

    def _reject(self, reason: str) -> None:
        self._rejected += 1
        self._last_rejection = reason

    def _timely(self, fix: Fix) -> bool:
        early_ms = fix.at_ms - fix.arrived_ms
        if early_ms > self._limits.ahead_most_ms:
            self._reject(f"{span(early_ms)} ahead of our clock; its clock must be right, and UTC")
            return False
        if -early_ms > self._limits.behind_most_ms:
            self._reject(f"{span(-early_ms)} old when it came; its clock must be right, and UTC")
            return False
        return True

    def _follow(self, fix: Fix, steady_ms: int) -> bool:
        """Keeps the track's newest place; False for a report told twice, or a track too many."""
        heard_ms = steady_ms if self._live else fix.arrived_ms
        self._latest_ms = max(self._latest_ms, heard_ms)
        track = self._tracks.get(fix.identity)
        if track is None:
            return self._begin(fix, heard_ms, steady_ms)
        if (fix.latitude_deg, fix.longitude_deg) == (track.latitude_deg, track.longitude_deg) and (
            abs(fix.at_ms - track.at_ms) <= self._limits.doubled_within_ms
        ):
            self._doubled += 1
            return False
        if fix.at_ms >= track.at_ms:
            track.at_ms, track.placed_ms = fix.at_ms, _placed_ms(fix, heard_ms)
            track.latitude_deg, track.longitude_deg = fix.latitude_deg, fix.longitude_deg
        track.heard_ms = heard_ms
        self._tracks.move_to_end(fix.identity)
        return True

    def _begin(self, fix: Fix, heard_ms: int, steady_ms: int) -> bool:
        if len(self._tracks) >= self._limits.tracks_each:
            self._forget()
        if len(self._tracks) >= self._limits.tracks_each:
            self._crowded_out += 1
            self._flooded_ms = steady_ms
            return False
        placed_ms = _placed_ms(fix, heard_ms)
        self._tracks[fix.identity] = _Track(fix.at_ms, placed_ms, heard_ms, fix.latitude_deg, fix.longitude_deg)
        return True

    def _forget(self) -> None:
        """Lets tracks go that the source has not told of for a while, by its own progress: a dead one keeps them."""
        before_ms = self._latest_ms - self._limits.track_kept_ms
        while self._tracks and next(iter(self._tracks.values())).heard_ms < before_ms:
            self._tracks.popitem(last=False)

    def _in_time(self, fix: Fix) -> bool:
        track = self._tracks.get(fix.identity)
        if track is None:
            return True
        if fix.at_ms < track.taken_ms:
            self._late += 1
            return False
        track.taken_ms = fix.at_ms
        return True


def _placed_ms(fix: Fix, heard_ms: int) -> int:
    """When the place was measured, on the clock by which it was heard."""
    return heard_ms - max(0, fix.arrived_ms - fix.at_ms)


def _moved(fix: Fix, by_ms: int) -> Fix:
    return msgspec.structs.replace(fix, at_ms=fix.at_ms + by_ms, arrived_ms=fix.arrived_ms + by_ms)
