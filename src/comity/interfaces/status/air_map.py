"""A plain map of the air as SVG: areas, corridors, tracks. Shape and word say what a colour says; no script.

Bounded: so many tracks are drawn, those that alerts name first; what is left out or lies outside is counted in words.
Not trusted: every text; all of it is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comity.interfaces.status.air_map_frame import GRAVE, HEIGHT, NARROWEST, WIDTH, Frame, frame_of
from comity.interfaces.status.air_map_labels import Room, at_edges, beside, width
from comity.interfaces.status.parts import shown, warn
from comity.model.volume import Ring
from comity.views.sky.agreed import Agreed
from comity.views.sky.report import AirReport, TrackRow

TRACKS_DRAWN, LABELS_DRAWN, ROOMS_DRAWN = 400, 200, 200
EDGE, SIGN, BESIDE_SIGN = 14.0, 6.0, 12.0
OLD_S = 15.0
NAME_MOST = 32
MINUTES, USUAL_MPS, LINE_LEAST = (1, 2, 5, 10), 120.0, 16.0
STEPS_DEG = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
LINES_MOST = 8
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
class _Sign:
    """A track as it is drawn: where, under which alert, and whether an officer has seen that."""

    track: TrackRow
    x: float
    y: float
    severity: str
    kind: str
    seen: bool

    @property
    def face(self) -> str:
        """Its shape."""
        if self.severity in GRAVE:
            return self.severity
        return "expected" if self.track.flight else "other"


def air_map(report: AirReport, agreed: Agreed) -> str:
    """The map, and under it in words what its signs mean and what is not on it."""
    frame = frame_of(report, agreed)
    signs = _signs(report, frame)
    drawn = signs[:TRACKS_DRAWN]
    words = f"map of the air: {len(drawn)} tracks, {len(agreed.areas)} areas, {len(agreed.flights)} expected flights"
    room, minutes = _free_room(drawn), _minutes_ahead(frame)
    grid = [*_grid(frame, room), _bar(frame, room)]
    labels = {number: _label(each, room, True) for number, each in enumerate(drawn) if each.severity in GRAVE}
    rooms = [
        *(_room(frame, room, each.volume.ring, each.id, each.lets_in) for each in agreed.areas[:ROOMS_DRAWN]),
        *(_room(frame, room, each.volume.ring, each.name, "corridor") for each in agreed.flights[:ROOMS_DRAWN]),
    ]
    plain = [number for number in range(min(len(drawn), LABELS_DRAWN)) if number not in labels]
    labels |= {number: _label(drawn[number], room) for number in plain}
    tracks = [_track(frame, each, labels.get(number, ""), minutes) for number, each in reversed([*enumerate(drawn)])]
    return "".join(
        [
            f'<svg class=map viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role=img aria-label="{shown(words)}">',
            *grid,
            *rooms,
            *tracks,
            "</svg>",
            _legend(report, signs, len(drawn), minutes),
        ]
    )


def _signs(report: AirReport, frame: Frame) -> list[_Sign]:
    """The tracks that lie in the frame, those that alerts name first, as in the report."""
    grave, found = _grave(report), []
    for track in filter(frame.shows, report.tracks):
        severity, kind, seen = grave.get(track.identity, ("", "", False))
        found.append(_Sign(track, *frame.at(track.latitude_deg, track.longitude_deg), severity, kind, seen))
    return found


def _legend(report: AirReport, signs: list[_Sign], drawn: int, minutes: int) -> str:
    faces = "; ".join(words for _, words in FACES.values())
    ahead = "one minute" if minutes == 1 else f"{minutes} minutes"
    inside = {each.track.identity for each in signs}
    grave = {name for name, (severity, _, _) in _grave(report).items() if severity in GRAVE}
    missed = sum(each.identity in grave and each.identity not in inside for each in report.tracks)
    outside = len(report.tracks) + report.tracks_left_out - len(signs)
    more = f" {len(signs) - drawn} more tracks are not drawn." if len(signs) > drawn else ""
    beyond = f" {outside} tracks lie outside the map." if outside else ""
    words = (
        f"{faces}; hollow: old or doubtful; grey: its alert is seen by an officer. The line ahead is {ahead} of "
        f"flight. Outlines: area (solid), air for declared flights (dotted), corridor (dashed). A sign whose name has "
        f"no room tells it to the mouse.{more}{beyond}"
    )
    have = "has" if missed == 1 else "have"
    loud = f"<p>{warn(f'{missed} of the tracks outside the map {have} an alarm or a warning')}</p>" if missed else ""
    return f"<p class=dim>{shown(words)}</p>{loud}"


def _grave(report: AirReport) -> dict[str, tuple[str, str, bool]]:
    """By identity, the severity and the kind of its gravest alert, and whether that is seen; alerts come in order."""
    found: dict[str, tuple[str, str, bool]] = {}
    for alert in report.alerts:
        for name in alert.identities:
            found.setdefault(name, (alert.severity, alert.kind, alert.acknowledged is not None))
    return found


def _free_room(signs: list[_Sign]) -> Room:
    room = Room(WIDTH, HEIGHT)
    for each in signs:
        room.take((each.x - SIGN, each.y - SIGN, each.x + SIGN, each.y + SIGN))
    return room


def _minutes_ahead(frame: Frame) -> int:
    """How many minutes of flight the line ahead is: as many as show where an aircraft goes."""
    a_minute = USUAL_MPS * 60 / 1000 / KM_A_DEG * frame.pixels
    return next((each for each in MINUTES if each * a_minute >= LINE_LEAST), MINUTES[-1])


def _grid(frame: Frame, room: Room) -> Iterator[str]:
    high = HEIGHT / frame.pixels
    wide = WIDTH / frame.pixels / max(NARROWEST, math.cos(math.radians(frame.latitude_deg)))
    step = next((each for each in STEPS_DEG if max(high, wide) / each <= LINES_MOST), STEPS_DEG[-1])
    for latitude in _marks(frame.latitude_deg, high, step):
        y = frame.at(latitude, frame.longitude_deg)[1]
        room.take((4, y - 14, 34, y))
        yield f'<path class=grid d="M0,{y:.1f}H{WIDTH:.0f}"/><text x=4 y="{y - 3:.1f}">{latitude:g}°</text>'
    for longitude in _marks(frame.longitude_deg, wide, step):
        x = frame.at(frame.latitude_deg, longitude)[0]
        told = (longitude + 180) % 360 - 180
        room.take((x, HEIGHT - 16, x + 34, HEIGHT))
        yield f'<path class=grid d="M{x:.1f},0V{HEIGHT:.0f}"/><text x="{x + 3:.1f}" y={HEIGHT - 5:.0f}>{told:g}°</text>'


def _marks(middle: float, wide: float, step: float) -> Iterable[float]:
    first = math.ceil((middle - wide / 2) / step)
    return (number * step for number in range(first, math.floor((middle + wide / 2) / step) + 1))


def _room(frame: Frame, room: Room, ring: Ring, name: str, kind: str) -> str:
    places = [frame.at(lat / 1e7, lon / 1e7) for lat, lon in ring]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    left, right = (min(max(edge(x for x, _ in places), EDGE), WIDTH - EDGE) for edge in (min, max))
    top, bottom = (min(max(edge(y for _, y in places), EDGE), HEIGHT - EDGE) for edge in (min, max))
    words = {"exemption": "area", "declaration": "notified", "corridor": "corridor"}[kind]
    told = _cut(name if name.startswith("the ") else f"{words} {name}")
    placed = room.place(told, at_edges(told, left, top, right, bottom))
    label = "" if placed is None else f'<text class=name x="{placed.x:.1f}" y="{placed.y:.1f}">{shown(told)}</text>'
    return f'<polygon class="room {kind}" points="{line}"/>{label}'


def _track(frame: Frame, sign: _Sign, label: str, minutes: int) -> str:
    track = sign.track
    speed_mps = 0.0 if track.speed_mps is None or track.track_deg is None else track.speed_mps
    far = speed_mps * 60 * minutes / 1000 / KM_A_DEG * frame.pixels
    course = math.radians(track.track_deg or 0.0)
    marks = " doubtful" * bool(track.doubts or track.age_s > OLD_S) + " seen" * sign.seen
    return (
        f'<g class="track {sign.face}{marks}" transform="translate({sign.x:.1f},{sign.y:.1f})">'
        f"<title>{shown(_title(track, _kind(sign)))}</title>"
        f'<path d="M0,0L{far * math.sin(course):.1f},{-far * math.cos(course):.1f}"/>'
        f'<path d="{FACES[sign.face][0]}"/>{label}</g>'
    )


def _label(sign: _Sign, room: Room, must: bool = False) -> str:
    """The words beside a sign, from its middle; nothing if they find no room."""
    track = sign.track
    height = "height ?" if track.height_m is None else f"{track.height_m / FT_M:,.0f} ft"
    if track.height_m is not None and track.datum == "pressure altitude":
        height = f"FL{max(0.0, track.height_m) / FT_M / 100:03.0f}"
    name = _cut(track.flight or track.callsign or track.identity)
    old = f"{track.age_s:.0f} s old" if track.age_s > OLD_S else ""
    words = " ".join(filter(None, (name, height, _kind(sign), old)))
    placed = room.place(words, beside(words, sign.x, sign.y, BESIDE_SIGN, must))
    if placed is None:
        return ""
    x, y = placed.x - sign.x, placed.y - sign.y
    nearest = min(max(0.0, x), x + width(words))
    line = f'<line x2="{nearest:.1f}" y2="{y - 4:.1f}"/>' if placed.leads else ""
    return f'{line}<text class=name x="{x:.1f}" y="{y:.1f}">{shown(words)}</text>'


def _kind(sign: _Sign) -> str:
    return f"{sign.kind}, seen" if sign.seen else sign.kind


def _cut(name: str) -> str:
    return name if len(name) <= NAME_MOST else f"{name[: NAME_MOST - 1]}…"


def _title(track: TrackRow, kind: str) -> str:
    tie = f", flight {track.flight} by its {track.tied_by}" if track.flight else ", no flight is known to be this"
    height = "height unknown" if track.height_m is None else f"{track.height_m / FT_M:.0f} ft {track.datum}"
    doubts = "; ".join(track.doubts) or "plausible"
    return f"{track.identity} {track.callsign}{tie}; {height}; {track.age_s:.0f} s old; {doubts}; {kind or 'no alert'}"


def _bar(frame: Frame, room: Room) -> str:
    a_km = frame.pixels / KM_A_DEG
    long_km = next((each for each in BARS_KM if each * a_km >= 60), BARS_KM[-1])
    x = WIDTH - EDGE - long_km * a_km
    room.take((x, HEIGHT - 40, WIDTH, HEIGHT - 16))
    return (
        f'<path class=bar d="M{x:.1f},{HEIGHT - 24:.0f}v6H{WIDTH - EDGE:.0f}v-6"/>'
        f'<text x="{x:.1f}" y="{HEIGHT - 28:.0f}">{long_km} km</text>'
    )
