"""Which pairs of tracks are, will be or may be too near to each other: measured in arrays, without a word.

What is of now, plausible and of known height is measured where it was at the newer report of the two, on the sphere or
on the ellipsoid, whichever is shorter. What is old, claimed, frozen or of unknown height is held against the minima
with all its width. Work is bounded: of each track so many partners from each source are looked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from comity.airspace.cells import DATUMS
from comity.airspace.pairs import ROUNDING_M, Crowds, Motion, losses, losses_two_by_two
from comity.airspace.picture import Air
from comity.airspace.sphere import EARTH_SHARE, Floats, shortest_m
from comity.airspace.track import Mark
from comity.views.sky.known import VAGUE_M
from comity.views.sky.minima import Minima

DOUBTFUL = Mark.CLAIM | Mark.FROZEN | Mark.OLD | Mark.NO_COURSE
NOW_S = 1e-3
EXACT_S = 5.0  # older places are held against the minima with their doubt, too
PARTNERS_LOOKED_FOR = 64  # of each source; more than are named, since some turn out to be none

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Minimum:
    """What holds for these rows; of pairs both of which are `inner`, other minima say."""

    horizontal_m: float
    vertical_m: float
    told: str
    rows: Rows
    inner: Flags


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows, and from when to when the loss lasts if it comes to one.

    `full` says of each row whether it has more partners of a source than were looked for, `omitted` how many pairs
    were not looked at for that reason.
    """

    first: Rows
    second: Rows
    from_s: Floats
    until_s: Floats
    full: Flags
    omitted: int = 0

    def only(self, which: Flags | Rows) -> Pairs:
        """Some of them."""
        first, second = self.first[which], self.second[which]
        return Pairs(first, second, self.from_s[which], self.until_s[which], self.full, self.omitted)

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True)
class Sky:
    """The air of a moment, with what its rows are told by; of the pairs of identities in `standing` an alert stands."""

    air: Air
    minima: Minima
    standing: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """By number, in order of their names."""
        return tuple(sorted({track.fix.source for track in self.air.tracks}))

    @cached_property
    def source(self) -> Rows:
        """The number of each row's source."""
        numbers = {name: number for number, name in enumerate(self.sources)}
        return np.array([numbers[track.fix.source] for track in self.air.tracks], np.int64)

    @cached_property
    def whose(self) -> Rows:
        """The number of each row's identity: that of the first row that goes by it."""
        return np.array([self._rows[track.identity] for track in self.air.tracks], np.int64)

    @cached_property
    def callsign(self) -> Rows:
        """The number of each row's callsign, 0 if none is told."""
        numbers = {"": 0}
        return np.array([numbers.setdefault(track.callsign, len(numbers)) for track in self.air.tracks], np.int64)

    @cached_property
    def addressed(self) -> Flags:
        """Which rows tell an address."""
        return np.array([bool(track.fix.address) for track in self.air.tracks], bool)

    @cached_property
    def sound(self) -> Flags:
        """Which rows are of now, plausible, and of known height in some datum."""
        air, fresh_s = self.air, self.minima.fresh_s
        height_ms = np.array([max(track.height_ms) for track in air.tracks], float).reshape(len(air.tracks))
        plain = np.equal(air.marks & DOUBTFUL, 0) & (air.age_s <= fresh_s) & ~self.vague
        return np.asarray(plain & (air.at_ms - height_ms <= fresh_s * 1000))

    @cached_property
    def exact(self) -> Flags:
        """Which of them need no width."""
        odd = self.air.marks & Mark.ODD_HEIGHT != 0
        return np.asarray(self.sound & (self.air.age_s <= EXACT_S) & ~self.air.contested & ~odd)

    @cached_property
    def silent(self) -> Flags:
        """Of which rows nothing is heard any more."""
        return np.asarray(self.air.heard_s > self.minima.lost_s)

    @cached_property
    def vague(self) -> Flags:
        """Which rows are in doubt by so much that they are no place."""
        return np.asarray(self.air.wide.doubt_m > VAGUE_M)

    @cached_property
    def stood(self) -> Rows:
        """The pairs of standing alerts whose tracks are there, (n, 2) rows."""
        rows = self._rows
        found = [sorted((rows[a], rows[b])) for a, b in self.standing if a in rows and b in rows]
        return np.array(found, np.int64).reshape(-1, 2)

    def stands(self, pairs: Pairs) -> Flags:
        """Of which pairs an alert stands."""
        a, b = self.whose[pairs.first], self.whose[pairs.second]
        return np.isin(self.code(a, b), self.code(self.stood[:, 0], self.stood[:, 1]))

    def code(self, one: Rows, other: Rows) -> Rows:
        """A number for each pair of rows, whichever comes first."""
        return np.asarray(np.minimum(one, other) * len(self.air.tracks) + np.maximum(one, other))

    @cached_property
    def _rows(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row, track in enumerate(self.air.tracks):
            found.setdefault(track.identity, row)
        return found


def lost(sky: Sky, minimum: Minimum) -> Pairs:
    """Pairs that were too near at the newer report of the two."""
    air = sky.air
    speed = np.linalg.norm(air.nominal.velocity_mps, axis=1)
    drift = (np.abs(air.nominal.climb_mps) * air.age_s)[:, None]
    reach = replace(
        air.nominal, low_m=air.nominal.low_m - drift, high_m=air.nominal.high_m + drift, doubt_m=speed * air.age_s
    )
    found = _too_near(sky, minimum, reach, sky.sound, EARTH_SHARE, NOW_S)
    found = found.only(comparable(air, found))
    i, j = found.first, found.second
    since_s = np.minimum(air.age_s[i], air.age_s[j])
    far_m, high_m = apart(air.nominal, i, j, -since_s)
    far_m = np.minimum(far_m, _as_told_m(air, i, j))
    return found.only((far_m < minimum.horizontal_m - ROUNDING_M) & (high_m < minimum.vertical_m - ROUNDING_M))


def ahead(sky: Sky, minimum: Minimum) -> Pairs:
    """Pairs that will be too near if both fly straight on, deep enough and soon enough to be worth a word."""
    found = _too_near(sky, minimum, _led(sky, sky.air.nominal), sky.sound, EARTH_SHARE, sky.minima.ahead_s)
    return _worth_a_word(sky, minimum, found.only(comparable(sky.air, found)), sky.air.nominal)


def perhaps_ahead(sky: Sky, minimum: Minimum) -> Pairs:
    """The same of pairs of which one is heard no more for a little while, as wide as it is now."""
    air = sky.air
    old = (air.age_s > sky.minima.fresh_s) & ~sky.silent & ~sky.vague & (air.marks & Mark.CLAIM == 0)
    old &= np.isfinite(air.nominal.low_m).any(axis=1)
    if not old[minimum.rows].any():
        return none_of(air)
    level = replace(air.wide, climb_mps=np.where(old, 0.0, air.wide.climb_mps))
    found = _too_near(sky, minimum, _led(sky, level), old | sky.sound, EARTH_SHARE, sky.minima.ahead_s)
    found = found.only((old[found.first] | old[found.second]) & comparable(air, found))
    return _worth_a_word(sky, minimum, found, level)


def perhaps(sky: Sky, minimum: Minimum) -> Pairs:
    """Pairs that may be too near now, one of them being doubtful, each as wide as it may be."""
    rows = minimum.rows
    if sky.exact[rows].all() and np.isfinite(sky.air.nominal.low_m[rows, 0]).all():
        return none_of(sky.air)
    found = _too_near(sky, minimum, sky.air.wide, ~sky.vague, EARTH_SHARE, NOW_S)
    return found.only(~(sky.exact[found.first] & sky.exact[found.second] & comparable(sky.air, found)))


def comparable(air: Air, pairs: Pairs) -> Flags:
    """Which pairs have a height in the same datum."""
    known = np.isfinite(air.nominal.low_m)
    return np.asarray((known[pairs.first] & known[pairs.second]).any(axis=1))


def closing(air: Air, pairs: Pairs) -> Flags:
    """Which pairs come nearer to each other if both fly on."""
    return _nearest_s(air.nominal, pairs.first, pairs.second) > 0


def apart(motion: Motion, i: Rows, j: Rows, at_s: Floats) -> tuple[Floats, Floats]:
    """How far pairs of rows are apart so many seconds from now, over ground and vertically, neither measured long.

    Vertically it is the greatest distance between their bands in any datum; 0 if they may be level.
    """
    gap = motion.place_m[j] - motion.place_m[i] + (motion.velocity_mps[j] - motion.velocity_mps[i]) * at_s[:, None]
    rise = (motion.climb_mps[j] - motion.climb_mps[i]) * at_s
    high = np.zeros(len(i))
    for datum in range(DATUMS):
        over = motion.low_m[j, datum] - motion.high_m[i, datum] + rise
        under = motion.low_m[i, datum] - motion.high_m[j, datum] - rise
        high = np.maximum(high, np.maximum(over, under))
    return shortest_m(motion.place_m[i], gap), high


def none_of(air: Air) -> Pairs:
    """No pair."""
    nothing = np.empty(0, np.int64)
    return Pairs(nothing, nothing, np.empty(0), np.empty(0), np.zeros((len(air.tracks), 1), bool))


def _too_near(sky: Sky, minimum: Minimum, motion: Motion, which: Flags, share: float, ahead_s: float) -> Pairs:
    """Pairs of two identities among the minimum's rows, without those that other minima judge.

    Of a crowd not every pair is looked at; those of which an alert stands are, so that no alert ends while it holds.
    """
    rows = minimum.rows[which[minimum.rows]]
    horizontal_m, vertical_m = minimum.horizontal_m * share, minimum.vertical_m
    crowds = Crowds(sky.source[rows], PARTNERS_LOOKED_FOR)
    found = losses(part(motion, rows), horizontal_m, vertical_m, ahead_s, crowds=crowds)
    full = np.zeros((len(sky.air.tracks), len(sky.sources)), bool)
    full[rows, : found.partners.shape[1]] = found.partners[:, : len(sky.sources)] >= PARTNERS_LOOKED_FOR
    pairs = Pairs(rows[found.first], rows[found.second], found.from_s, found.until_s, full, found.omitted)
    if found.omitted and len(sky.stood):
        is_among = np.isin(sky.stood, rows).all(axis=1)
        pairs = _with_stood(sky, pairs, sky.stood[is_among], motion, (horizontal_m, vertical_m, ahead_s))
    is_other = sky.whose[pairs.first] != sky.whose[pairs.second]
    return pairs.only(is_other & ~(minimum.inner[pairs.first] & minimum.inner[pairs.second]))


def _with_stood(sky: Sky, pairs: Pairs, stood: Rows, motion: Motion, asked: tuple[float, float, float]) -> Pairs:
    """Adds those pairs that stood and that nobody looked at."""
    stood = stood[~np.isin(sky.code(stood[:, 0], stood[:, 1]), sky.code(pairs.first, pairs.second))]
    times = losses_two_by_two(part(motion, stood.ravel()), *asked)
    stood, times = stood[np.isfinite(times[:, 0])], times[np.isfinite(times[:, 0])]
    first, second = np.append(pairs.first, stood[:, 0]), np.append(pairs.second, stood[:, 1])
    from_s, until_s = np.append(pairs.from_s, times[:, 0]), np.append(pairs.until_s, times[:, 1])
    return Pairs(first, second, from_s, until_s, pairs.full, pairs.omitted)


def _led(sky: Sky, motion: Motion) -> Motion:
    """The motion as it is led on: what hardly climbs is level."""
    climb = motion.climb_mps
    return replace(motion, climb_mps=np.where(np.abs(climb) < sky.minima.level_mps, 0.0, climb))


def _worth_a_word(sky: Sky, minimum: Minimum, pairs: Pairs, motion: Motion) -> Pairs:
    """Those whose climbs need not be believed for long, and that are the deeper the farther ahead they are."""
    motion, i, j = _led(sky, motion), pairs.first, pairs.second
    _, high_m = apart(motion, i, j, np.zeros(len(i)))
    rate = np.abs(motion.climb_mps[j] - motion.climb_mps[i])
    climbs_soon = high_m - minimum.vertical_m <= rate * sky.minima.climb_s
    nearest_s = np.clip(_nearest_s(motion, i, j), pairs.from_s, pairs.until_s)
    least_m, _ = apart(motion, i, j, nearest_s)
    most_m = minimum.horizontal_m + motion.doubt_m[i] + motion.doubt_m[j] - sky.minima.shallow_mps * pairs.from_s
    return pairs.only(climbs_soon & (least_m < most_m))


def _as_told_m(air: Air, i: Rows, j: Rows) -> Floats:
    """How far two are apart if places told again are new: the feed may repeat, or the aircraft may be there."""
    place = air.nominal.place_m - air.nominal.velocity_mps * (air.age_s - air.heard_s)[:, None]
    since_s = np.minimum(air.heard_s[i], air.heard_s[j])[:, None]
    gap = place[j] - place[i] - (air.nominal.velocity_mps[j] - air.nominal.velocity_mps[i]) * since_s
    return shortest_m(place[i], gap)


def part(motion: Motion, rows: Rows) -> Motion:
    """The motion of some rows."""
    return Motion(
        motion.place_m[rows],
        motion.velocity_mps[rows],
        motion.low_m[rows],
        motion.high_m[rows],
        motion.climb_mps[rows],
        motion.doubt_m[rows],
    )


def _nearest_s(motion: Motion, i: Rows, j: Rows) -> Floats:
    place, velocity = motion.place_m[j] - motion.place_m[i], motion.velocity_mps[j] - motion.velocity_mps[i]
    speed2 = np.einsum("ij,ij->i", velocity, velocity)
    return np.asarray(-np.einsum("ij,ij->i", place, velocity) / np.maximum(speed2, 1e-9))
