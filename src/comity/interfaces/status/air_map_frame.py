"""What part of the world the map of the air shows: what is agreed and the air about it, or else the tracks.

A track told from far off, which may be a lie, makes the map of all others no smaller: it lies outside, and is counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from comity.views.sky.agreed import Agreed
from comity.views.sky.report import AirReport, TrackRow

WIDTH, HEIGHT = 960.0, 560.0
MARGIN, AROUND_AGREED = 0.1, 0.5
STEPS = 4
WIDE_LEAST_DEG = 0.4
FAR_OFF = 2.0
"""Tracks so many times the width of their middle half away from it are far off."""
NARROWEST = 0.05
GRAVE = ("alarm", "warning")
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is shown: the middle in degrees, and how many pixels a degree of latitude has."""

    latitude_deg: float
    longitude_deg: float
    pixels: float

    def at(self, latitude_deg: float, longitude_deg: float) -> Place:
        """Where a place is drawn; may be outside."""
        east = _turned(longitude_deg - self.longitude_deg)
        x = WIDTH / 2 + east * self.pixels * math.cos(math.radians(self.latitude_deg))
        return x, HEIGHT / 2 - (latitude_deg - self.latitude_deg) * self.pixels

    def shows(self, track: TrackRow) -> bool:
        """Whether it lies in the frame."""
        x, y = self.at(track.latitude_deg, track.longitude_deg)
        return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def frame_of(report: AirReport, agreed: Agreed) -> Frame:
    """Around what is agreed, if anything is, else around the tracks; wider for tracks beside it that alerts name."""
    rings = [*(each.volume.ring for each in agreed.areas), *(each.volume.ring for each in agreed.flights)]
    tracks = [(each.latitude_deg, each.longitude_deg) for each in report.tracks]
    places = [(lat / 1e7, lon / 1e7) for ring in rings for lat, lon in ring]
    shown = places or tracks or [(0.0, 0.0)]
    middle = _middle([longitude for _, longitude in shown])
    kept = shown if places else _near(shown, middle)
    around = AROUND_AGREED if places else 0.0
    latitudes = _span([latitude for latitude, _ in kept], around)
    longitudes = _span([_turned(longitude - middle) for _, longitude in kept], around)
    alerted = [(latitude, _turned(longitude - middle)) for latitude, longitude in _alerted(report)]
    latitudes, longitudes = map(_rounded, _grown(latitudes, longitudes, alerted))
    latitude = sum(latitudes) / 2
    high = (latitudes[1] - latitudes[0]) * (1 + 2 * MARGIN)
    wide = (longitudes[1] - longitudes[0]) * (1 + 2 * MARGIN)
    pixels = min(HEIGHT / high, WIDTH / (wide * max(NARROWEST, math.cos(math.radians(latitude)))))
    return Frame(latitude, middle + sum(longitudes) / 2, pixels)


def _alerted(report: AirReport) -> list[Place]:
    named = {name for each in report.alerts if each.severity in GRAVE for name in each.identities}
    return [(each.latitude_deg, each.longitude_deg) for each in report.tracks if each.identity in named]


def _grown(latitudes: Place, longitudes: Place, places: Sequence[Place]) -> tuple[Place, Place]:
    """The spans with those of the places that lie at most as far beside them as they are wide."""
    (south, north), (west, east) = latitudes, longitudes
    high, wide = north - south, east - west
    near = [(y, x) for y, x in places if south - high <= y <= north + high and west - wide <= x <= east + wide]
    rows, columns = [y for y, _ in near], [x for _, x in near]
    return (min([south, *rows]), max([north, *rows])), (min([west, *columns]), max([east, *columns]))


def _rounded(span: Place) -> Place:
    """A little wider, to round bounds: so the map seldom moves while tracks do."""
    step = 2.0 ** math.floor(math.log2((span[1] - span[0]) / STEPS))
    return math.floor(span[0] / step) * step, math.ceil(span[1] / step) * step


def _span(values: Sequence[float], around: float) -> Place:
    low, high = min(values), max(values)
    more = max(0.0, WIDE_LEAST_DEG - (high - low)) / 2 + (high - low) * around
    return low - more, high + more


def _near(places: Sequence[Place], middle: float) -> Sequence[Place]:
    """The places that are not far off the middle half of all; never none."""
    turned = [(latitude, _turned(longitude - middle)) for latitude, longitude in places]
    (south, north), (west, east) = (_bounds(sorted(each[axis] for each in turned)) for axis in (0, 1))
    near = [place for place, (y, x) in zip(places, turned, strict=True) if south <= y <= north and west <= x <= east]
    return near or places


def _bounds(ordered: Sequence[float]) -> Place:
    first, third = ordered[len(ordered) // 4], ordered[len(ordered) * 3 // 4]
    spread = max(third - first, WIDE_LEAST_DEG) * FAR_OFF
    return first - spread, third + spread


def _middle(longitudes: Sequence[float]) -> float:
    """The mean direction: those on both sides of the antimeridian have theirs there."""
    turns = [math.radians(each) for each in longitudes]
    return math.degrees(math.atan2(sum(map(math.sin, turns)), sum(map(math.cos, turns))))


def _turned(longitude_deg: float) -> float:
    return (longitude_deg + 180) % 360 - 180
