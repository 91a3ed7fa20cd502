"""A plain map of the air as SVG: areas, corridors, tracks. Shape and word say what a colour says; no script.

Bounded: so many tracks are drawn, those that alerts name first; what is left out or lies outside is counted in words.
Not trusted: every text; all of it is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comity.interfaces.status.parts import shown
from comity.model.volume import Ring
from comity.views.sky.agreed import Agreed
from comity.views.sky.report import AirReport, TrackRow

TRACKS_DRAWN, LABELS_DRAWN, ROOMS_DRAWN = 400, 60, 200
WIDTH, HEIGHT, EDGE = 960.0, 560.0, 14.0
OLD_S = 15.0
MARGIN = 0.25
WIDE_LEAST_DEG = 0.4
STEPS_DEG = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
LINES_MOST = 8
AHEAD_S = 60.0
KM_A_DEG = 111.12
FT_M = 0.3048
BARS_KM = (5, 10, 20, 50, 100, 200, 500, 1000)
FACES = {
    "alarm": ("M0,-8 8,7 -8,7Z", "triangle: alarm"),
    "warning": ("M-6,-6 6,-6 6,6 -6,6Z", "square: warning"),
    "expected": ("M0,-6A6,6 0 1 1 0,6A6,6 0 1 1 0,-6Z", "circle: expected flight"),
    "other": ("M0,-6 6,0 0,6 -6,0Z", "diamond: nothing known of it"),
}
"""Shape of a track, and the word for it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is shown: the middle in degrees, and how many pixels a degree of latitude has."""

    latitude_deg: float
    longitude_deg: float
    pixels: float

    def at(self, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
        """Where a place is drawn; may be outside."""
        east = (longitude_deg - self.longitude_deg + 180) % 360 - 180
        x = WIDTH / 2 + east * self.pixels * math.cos(math.radians(self.latitude_deg))
        return x, HEIGHT / 2 - (latitude_deg - self.latitude_deg) * self.pixels

    def shows(self, track: TrackRow) -> bool:
        """Whether it lies in the frame."""
        x, y = self.at(track.latitude_deg, track.longitude_deg)
        return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def air_map(report: AirReport, agreed: Agreed) -> str:
    """The map, and under it in words what its signs mean and what is not on it."""
    frame = _frame(report, agreed)
    grave = _grave(report)
    inside = [track for track in report.tracks if frame.shows(track)]
    drawn = inside[:TRACKS_DRAWN]
    words = f"map of the air: {len(drawn)} tracks, {len(agreed.areas)} areas, {len(agreed.flights)} expected flights"
    parts = [
        f'<svg class=map viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role=img aria-label="{shown(words)}">',
        *_grid(frame),
        *(_room(frame, each.volume.ring, each.id, each.lets_in) for each in agreed.areas[:ROOMS_DRAWN]),
        *(_room(frame, each.volume.ring, each.name, "corridor") for each in agreed.flights[:ROOMS_DRAWN]),
        *(_track(frame, each, grave, number < LABELS_DRAWN) for number, each in reversed([*enumerate(drawn)])),
        _bar(frame),
        "</svg>",
        f"<p class=dim>{shown(_legend(report, len(inside), len(drawn)))}</p>",
    ]
    return "".join(parts)


def _legend(report: AirReport, inside: int, drawn: int) -> str:
    faces = "; ".join(words for _, words in FACES.values())
    outside = len(report.tracks) + report.tracks_left_out - inside
    more = f" {inside - drawn} more tracks are not drawn." if inside > drawn else ""
    beyond = f" {outside} tracks lie outside the map." if outside else ""
    return (
        f"{faces}; hollow: old or doubtful. The line ahead is one minute of flight. Outlines: area (solid), air for "
        f"declared flights (dotted), corridor (dashed).{more}{beyond}"
    )


def _grave(report: AirReport) -> dict[str, tuple[str, str]]:
    """By identity, the severity and the kind of its gravest alert, unseen ones first; alerts come in that order."""
    found: dict[str, tuple[str, str]] = {}
    for alert in report.alerts:
        for name in alert.identities:
            seen = "" if alert.acknowledged is None else ", seen"
            found.setdefault(name, (alert.severity, f"{alert.kind}{seen}"))
    return found


def _frame(report: AirReport, agreed: Agreed) -> Frame:
    """Around what is agreed, if anything is, else around the tracks."""
    rings = [*(each.volume.ring for each in agreed.areas), *(each.volume.ring for each in agreed.flights)]
    points = [(lat / 1e7, lon / 1e7) for ring in rings for lat, lon in ring]
    points = points or [(each.latitude_deg, each.longitude_deg) for each in report.tracks] or [(0.0, 0.0)]
    first = points[0][1]
    longitudes = [(longitude - first + 180) % 360 - 180 for _, longitude in points]
    latitudes = [latitude for latitude, _ in points]
    middle = (max(latitudes) + min(latitudes)) / 2
    high = max(WIDE_LEAST_DEG, max(latitudes) - min(latitudes)) * (1 + 2 * MARGIN)
    wide = max(WIDE_LEAST_DEG, max(longitudes) - min(longitudes)) * (1 + 2 * MARGIN)
    pixels = min(HEIGHT / high, WIDTH / (wide * max(0.05, math.cos(math.radians(middle)))))
    return Frame(middle, first + (max(longitudes) + min(longitudes)) / 2, pixels)


def _grid(frame: Frame) -> Iterator[str]:
    high = HEIGHT / frame.pixels
    wide = WIDTH / frame.pixels / max(0.05, math.cos(math.radians(frame.latitude_deg)))
    step = next((each for each in STEPS_DEG if max(high, wide) / each <= LINES_MOST), STEPS_DEG[-1])
    for latitude in _marks(frame.latitude_deg, high, step):
        y = frame.at(latitude, frame.longitude_deg)[1]
        yield f'<path class=grid d="M0,{y:.1f}H{WIDTH:.0f}"/><text x=4 y="{y - 3:.1f}">{latitude:g}°</text>'
    for longitude in _marks(frame.longitude_deg, wide, step):
        x = frame.at(frame.latitude_deg, longitude)[0]
        told = (longitude + 180) % 360 - 180
        yield f'<path class=grid d="M{x:.1f},0V{HEIGHT:.0f}"/><text x="{x + 3:.1f}" y={HEIGHT - 5:.0f}>{told:g}°</text>'


def _marks(middle: float, wide: float, step: float) -> Iterable[float]:
    first = math.ceil((middle - wide / 2) / step)
    return (number * step for number in range(first, math.floor((middle + wide / 2) / step) + 1))


def _room(frame: Frame, ring: Ring, name: str, kind: str) -> str:
    places = [frame.at(lat / 1e7, lon / 1e7) for lat, lon in ring]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x = min(max(min(x for x, _ in places), EDGE), WIDTH - EDGE)
    y = min(max(min(y for _, y in places), EDGE), HEIGHT - EDGE)
    words = {"exemption": "area", "declaration": "notified", "corridor": "corridor"}[kind]
    label = f'<text class=name x="{x:.1f}" y="{y - 4:.1f}">{shown(f"{words} {name}")}</text>'
    return f'<polygon class="room {kind}" points="{line}"/>{label}'


def _track(frame: Frame, track: TrackRow, grave: dict[str, tuple[str, str]], is_named: bool) -> str:
    severity, kind = grave.get(track.identity, ("", ""))
    face = severity if severity in FACES else "expected" if track.flight else "other"
    x, y = frame.at(track.latitude_deg, track.longitude_deg)
    far = track.speed_mps * AHEAD_S / 1000 / KM_A_DEG * frame.pixels
    course = math.radians(track.track_deg)
    doubtful = " doubtful" if track.doubts or track.age_s > OLD_S else ""
    name = track.flight or track.callsign or track.identity
    label = f"<text class=name x=10 y=4>{shown(_label(name, track, kind))}</text>" if is_named or severity else ""
    return (
        f'<g class="track {face}{doubtful}" transform="translate({x:.1f},{y:.1f})">'
        f"<title>{shown(_title(track, kind))}</title>"
        f'<path d="M0,0L{far * math.sin(course):.1f},{-far * math.cos(course):.1f}"/>'
        f'<path d="{FACES[face][0]}"/>{label}</g>'
    )


def _label(name: str, track: TrackRow, kind: str) -> str:
    height = "height ?" if track.height_m is None else f"{track.height_m / FT_M:,.0f} ft"
    if track.height_m is not None and track.datum == "pressure altitude":
        height = f"FL{max(0.0, track.height_m) / FT_M / 100:03.0f}"
    return f"{name} {height}{f' {kind}' if kind else ''}{f' {track.age_s:.0f} s old' if track.age_s > OLD_S else ''}"


def _title(track: TrackRow, kind: str) -> str:
    tie = f", flight {track.flight} by its {track.tied_by}" if track.flight else ", no flight is known to be this"
    height = "height unknown" if track.height_m is None else f"{track.height_m / FT_M:.0f} ft {track.datum}"
    doubts = "; ".join(track.doubts) or "plausible"
    return f"{track.identity} {track.callsign}{tie}; {height}; {track.age_s:.0f} s old; {doubts}; {kind or 'no alert'}"


def _bar(frame: Frame) -> str:
    a_km = frame.pixels / KM_A_DEG
    long_km = next((each for each in BARS_KM if each * a_km >= 60), BARS_KM[-1])
    x = WIDTH - EDGE - long_km * a_km
    return (
        f'<path class=bar d="M{x:.1f},{HEIGHT - 24:.0f}v6H{WIDTH - EDGE:.0f}v-6"/>'
        f'<text x="{x:.1f}" y="{HEIGHT - 28:.0f}">{long_km} km</text>'
    )
