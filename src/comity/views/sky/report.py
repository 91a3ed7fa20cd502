"""One moment of the watch as plain values, bounded, that can be sent, shown and drawn: tracks, alerts, sources.

What is left out is counted and said. Alerts keep their number for as long as they stand, so that people can name them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

TRACKS_MOST = 2_000
ALERTS_MOST = 500
About = Literal["", "area", "movement", "flight"]
GRAVITY: dict[str, int] = {"alarm": 0, "warning": 1, "notice": 2}
NOTHING_YET = "nothing is known yet of any track"


class TrackRow(msgspec.Struct, frozen=True):
    """One track: where it is now if it flew on since it was heard; None and "" are not known.

    `height_m` is in `datum`; `flight` is the expected flight that it is tied to, on the strength of `tied_by`.
    """

    identity: str
    source: str
    latitude_deg: float
    longitude_deg: float
    age_s: float
    callsign: str = ""
    code: str = ""
    height_m: float | None = None
    datum: str = ""
    speed_mps: float | None = None
    track_deg: float | None = None
    climb_mps: float | None = None
    doubts: tuple[str, ...] = ()
    flight: str = ""
    tied_by: str = ""


class Seen(msgspec.Struct, frozen=True):
    """An officer's acknowledgement of an alert: whose, in which seat, when he signed it, and its entry, as north/12."""

    party: str
    officer: str
    seat: str
    at_ms: int
    entry: str
    note: str = ""


class AlertRow(msgspec.Struct, frozen=True):
    """One alert that stands; `thing` is what it is about: an area, or the hash of a request or declaration.

    `number` is given once, whatever is started anew. `places` are where what it rests on is, in degrees: of tracks or
    of claims, none of what is silent. `acknowledged` is by an officer of this office; what those of others said of
    theirs is told, and quietens nothing.
    """

    number: int
    kind: str
    severity: str
    since_ms: int
    at_ms: int
    identities: tuple[str, ...]
    reason: str
    clause: str
    age_s: float
    thing: str = ""
    about: About = ""
    doubts: tuple[str, ...] = ()
    tied_by: str = ""
    horizontal_m: float | None = None
    vertical_m: float | None = None
    in_s: float | None = None
    places: tuple[tuple[float, float], ...] = ()
    near: tuple[str, ...] = ()
    acknowledged: Seen | None = None
    others: tuple[Seen, ...] = ()


class AirReport(msgspec.Struct, frozen=True):
    """All of one moment. `said` is the sentence that stands where others say "clear"; `unwatched` are the parts of the
    agreement that no track is held against; `waits_for` is what the watch waits for before it can begin, or why it does
    not watch."""

    at_ms: int = 0
    said: str = NOTHING_YET
    tracks: tuple[TrackRow, ...] = ()
    tracks_left_out: int = 0
    alerts: tuple[AlertRow, ...] = ()
    alerts_left_out: int = 0
    sources: tuple[str, ...] = ()
    unsound: tuple[str, ...] = ()
    refused: int = 0
    unwatched: tuple[str, ...] = ()
    waits_for: str = ""

    def unacknowledged(self, severity: str) -> tuple[AlertRow, ...]:
        """The alerts of that severity which no officer of this office has acknowledged."""
        return tuple(each for each in self.alerts if each.severity == severity and each.acknowledged is None)
