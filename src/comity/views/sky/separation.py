"""Losses of separation between tracks: happening, possible, predicted.

`loss` is said of reports that are of now, plausible and of known height, at the time of the newer report of the two.
What is old, claimed, frozen or of unknown height is held against the minima with all its width: `possible-loss`, a
lesser kind, never silence. What is predicted is straight on, for as long as climbs are believed, and the deeper the
farther ahead. Pairs inside terminal areas are held against the minima of those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from comity.airspace.cells import DATUMS
from comity.airspace.pairs import ROUNDING_M, Losses, Motion, losses
from comity.airspace.picture import Air
from comity.airspace.sphere import EARTH_SHARE, FT_M, NM_M, Floats, shortest_m
from comity.airspace.track import Mark
from comity.views.sky.alerts import Finding, Kind
from comity.views.sky.minima import Minima
from comity.views.sky.sameness import fly_as_one, may_be_one

DOUBTFUL = Mark.CLAIM | Mark.FROZEN | Mark.OLD | Mark.NO_COURSE
WORDS = {
    Mark.CLAIM: "a place that it could not have reached",
    Mark.FROZEN: "a place that does not move",
    Mark.TWO: "an identity that two may use",
    Mark.NO_HEIGHT: "no height told",
    Mark.ODD_HEIGHT: "a height that it could not have reached",
    Mark.OLD: "no new report",
    Mark.NO_COURSE: "no speed and course known",
    Mark.ODD_GROUND: "told on the ground, where it cannot be",
    Mark.DIFFER: "two sources tell different places",
}
NOW_S = 1e-3
ONE_REPORTS = 3
EXACT_S = 5.0  # older places are held against the minima with their doubt, too
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
Stands = Callable[[tuple[str, ...]], bool]


@dataclass(frozen=True, slots=True)
class _Minimum:
    """What holds for these pairs."""

    horizontal_m: float
    vertical_m: float
    told: str


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of rows with what was measured of each: metres now, and when the loss begins if it does."""

    first: Rows
    second: Rows
    from_s: Floats

    def only(self, which: Flags) -> _Pairs:
        return _Pairs(self.first[which], self.second[which], self.from_s[which])


def separation(air: Air, minima: Minima, terminal: Flags, stands: Stands) -> Iterator[Finding]:
    """What the minima say of every pair; `terminal` marks the rows inside terminal areas, `stands` an alert's key."""
    if len(air.tracks) < 2:
        return
    en_route = _Minimum(
        minima.horizontal_m,
        minima.vertical_m - minima.level_tolerance_m,
        f"minimum {minima.horizontal_m / NM_M:g} NM or {minima.vertical_m / FT_M:.0f} ft",
    )
    everywhere = np.arange(len(air.tracks))
    yield from _under(air, minima, en_route, everywhere, terminal, stands)
    if terminal.any():
        near = _Minimum(
            minima.terminal_horizontal_m,
            minima.terminal_vertical_m,
            f"terminal minimum {minima.terminal_horizontal_m / NM_M:g} NM or "
            f"{minima.terminal_vertical_m / FT_M:.0f} ft",
        )
        yield from _under(air, minima, near, np.flatnonzero(terminal), np.zeros(len(terminal), bool), stands)


def sound_rows(air: Air, minima: Minima) -> Flags:
    """Which rows are of now, plausible, and of known height in some datum."""
    plain: Flags = np.equal(air.marks & DOUBTFUL, 0)
    height_ms = np.array([max(track.height_ms) for track in air.tracks], float).reshape(len(air.tracks))
    return plain & (air.age_s <= minima.fresh_s) & (air.at_ms - height_ms <= minima.fresh_s * 1000)


def _under(air: Air, minima: Minima, minimum: _Minimum, rows: Rows, inner: Flags, stands: Stands) -> Iterator[Finding]:
    """All of it among some rows; a pair both of which are marked in `inner` is left to other minima."""
    sound = sound_rows(air, minima)
    well = rows[sound[rows]]
    lost = _lost(air, minimum, well)
    lost = lost.only(~(inner[lost.first] & inner[lost.second]))
    seen = dict.fromkeys(zip(lost.first.tolist(), lost.second.tolist(), strict=True))
    for i, j in seen:
        if _is_other(air, i, j):
            one = may_be_one(air, i, j)
            yield _finding(air, minima, minimum, "possible-loss" if one else "loss", i, j, 0.0)
            if one or fly_as_one(air, i, j):
                yield _one_aircraft(air, minima, i, j)
    ahead = _ahead(air, minima, minimum, well)
    ahead = ahead.only(~(inner[ahead.first] & inner[ahead.second]))
    for i, j, in_s in zip(ahead.first.tolist(), ahead.second.tolist(), ahead.from_s.tolist(), strict=True):
        if (i, j) not in seen and _is_other(air, i, j) and not may_be_one(air, i, j):
            yield _finding(air, minima, minimum, "predicted-loss", i, j, in_s)
    yield from _possible(air, minima, minimum, rows, sound, inner, stands)


def _lost(air: Air, minimum: _Minimum, rows: Rows) -> _Pairs:
    """Pairs that were too near at the newer report of the two."""
    motion, age = part(air.nominal, rows), air.age_s[rows]
    speed = np.sqrt(np.einsum("ij,ij->i", motion.velocity_mps, motion.velocity_mps))
    drift = (np.abs(motion.climb_mps) * age)[:, None]
    reach = Motion(
        motion.place_m,
        motion.velocity_mps,
        motion.low_m - drift,
        motion.high_m + drift,
        motion.climb_mps,
        speed * age,
    )
    found = _pairs_of(losses(reach, minimum.horizontal_m * EARTH_SHARE, minimum.vertical_m, NOW_S), rows)
    found = found.only(_comparable(air, found))
    i, j = found.first, found.second
    since_s = np.minimum(air.age_s[i], air.age_s[j])
    far_m, high_m = apart(air.nominal, i, j, -since_s)
    far_m = np.minimum(far_m, _as_told_m(air, i, j))
    return found.only((far_m < minimum.horizontal_m - ROUNDING_M) & (high_m < minimum.vertical_m - ROUNDING_M))


def _as_told_m(air: Air, i: Rows, j: Rows) -> Floats:
    """How far two are apart if places told again are new: the feed may repeat, or the aircraft may be there."""
    place = air.nominal.place_m - air.nominal.velocity_mps * (air.age_s - air.heard_s)[:, None]
    since_s = np.minimum(air.heard_s[i], air.heard_s[j])[:, None]
    gap = place[j] - place[i] - (air.nominal.velocity_mps[j] - air.nominal.velocity_mps[i]) * since_s
    return shortest_m(place[i], gap)


def _ahead(air: Air, minima: Minima, minimum: _Minimum, rows: Rows) -> _Pairs:
    """Pairs that will be too near if both fly straight on, deep enough and soon enough to be worth a word."""
    climb = air.nominal.climb_mps
    motion = replace(air.nominal, climb_mps=np.where(np.abs(climb) < minima.level_mps, 0.0, climb))
    found = losses(part(motion, rows), minimum.horizontal_m, minimum.vertical_m, minima.ahead_s)
    pairs = _pairs_of(found, rows)
    i, j = pairs.first, pairs.second
    _, high_m = apart(motion, i, j, np.zeros(len(i)))
    rate = np.abs(motion.climb_mps[j] - motion.climb_mps[i])
    climbs_soon = high_m - minimum.vertical_m <= rate * minima.climb_s
    nearest_s = np.clip(_nearest_s(motion, i, j), found.from_s, found.until_s)
    least_m, _ = apart(motion, i, j, nearest_s)
    deep = least_m < minimum.horizontal_m - minima.shallow_mps * found.from_s
    return pairs.only(climbs_soon & deep & _comparable(air, pairs))


def _comparable(air: Air, pairs: _Pairs) -> Flags:
    """Which pairs have a height in the same datum."""
    known = np.isfinite(air.nominal.low_m)
    return np.asarray((known[pairs.first] & known[pairs.second]).any(axis=1))


def _possible(
    air: Air, minima: Minima, minimum: _Minimum, rows: Rows, sound: Flags, inner: Flags, stands: Stands
) -> Iterator[Finding]:
    """Pairs of which one is doubtful, each as wide as it may be; what is lost is said no more, unless it stands."""
    odd = air.marks & Mark.ODD_HEIGHT != 0
    sound = sound & (air.age_s <= EXACT_S) & ~air.contested & ~odd
    if sound[rows].all() and np.isfinite(air.nominal.low_m[rows, 0]).all():
        return
    found = losses(part(air.wide, rows), minimum.horizontal_m * EARTH_SHARE, minimum.vertical_m, NOW_S)
    pairs = _pairs_of(found, rows)
    well = sound[pairs.first] & sound[pairs.second] & _comparable(air, pairs)
    pairs = pairs.only(~well & ~(inner[pairs.first] & inner[pairs.second]))
    for i, j in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        if not _is_other(air, i, j):
            continue
        names = tuple(sorted((air.tracks[i].identity, air.tracks[j].identity)))
        is_lost = max(air.heard_s[i], air.heard_s[j]) > minima.lost_s
        if not is_lost or stands(("possible-loss", "", *names)) or stands(("loss", "", *names)):
            yield _finding(air, minima, minimum, "possible-loss", i, j, 0.0)


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


def apart(motion: Motion, i: Rows, j: Rows, at_s: Floats) -> tuple[Floats, Floats]:
    """How far pairs of rows are apart so many seconds from now, horizontally and vertically.

    Vertically it is the greatest distance between their bands in any datum; 0 if they may be level.
    """
    place = motion.place_m[j] - motion.place_m[i] + (motion.velocity_mps[j] - motion.velocity_mps[i]) * at_s[:, None]
    rise = (motion.climb_mps[j] - motion.climb_mps[i]) * at_s
    high = np.zeros(len(i))
    for datum in range(DATUMS):
        over = motion.low_m[j, datum] - motion.high_m[i, datum] + rise
        under = motion.low_m[i, datum] - motion.high_m[j, datum] - rise
        high = np.maximum(high, np.maximum(over, under))
    return shortest_m(motion.place_m[i], place), high


def _nearest_s(motion: Motion, i: Rows, j: Rows) -> Floats:
    place, velocity = motion.place_m[j] - motion.place_m[i], motion.velocity_mps[j] - motion.velocity_mps[i]
    speed2 = np.einsum("ij,ij->i", velocity, velocity)
    return np.asarray(-np.einsum("ij,ij->i", place, velocity) / np.maximum(speed2, 1e-9))


def _pairs_of(found: Losses, rows: Rows) -> _Pairs:
    return _Pairs(rows[found.first], rows[found.second], found.from_s)


def _is_other(air: Air, i: int, j: int) -> bool:
    return air.tracks[i].identity != air.tracks[j].identity


def _finding(air: Air, minima: Minima, minimum: _Minimum, kind: Kind, i: int, j: int, in_s: float) -> Finding:
    one, other = sorted((i, j), key=lambda row: (air.tracks[row].identity, row))
    names = (air.tracks[one].identity, air.tracks[other].identity)
    two, at_s = (np.array([one]), np.array([other])), np.zeros(1)
    far_m, high_m = (float(each[0]) for each in apart(air.nominal, *two, at_s))
    level_known = bool(np.isfinite(air.nominal.low_m[[one, other]]).all(axis=0).any())
    doubts = tuple(words for mark, words in WORDS.items() if (air.marks[i] | air.marks[j]) & mark)
    if kind == "possible-loss" and may_be_one(air, i, j):
        doubts = (*doubts, "one aircraft under two identities, perhaps")
    height = f"{high_m / FT_M:.0f} ft" if level_known else "height unknown"
    give_m = float(air.wide.doubt_m[one] + air.wide.doubt_m[other])
    give = f" (give or take {give_m / NM_M:.1f} NM)" if kind == "possible-loss" and give_m > NM_M / 20 else ""
    when = f"in {in_s:.0f} s if both fly on; now " if kind == "predicted-loss" else ""
    why = f"; {', '.join(doubts)}" if kind == "possible-loss" and doubts else ""
    reason = f"{names[0]} and {names[1]}: {when}{far_m / NM_M:.1f} NM{give} and {height} apart; {minimum.told}{why}"
    reported_ms = max(air.tracks[i].fix.at_ms, air.tracks[j].fix.at_ms)
    age_s = float(max(air.age_s[i], air.age_s[j]))
    return Finding(
        kind,
        names,
        reported_ms,
        reason,
        minima.clause(kind),
        "",
        far_m,
        high_m if level_known else None,
        in_s if kind == "predicted-loss" else None,
        age_s,
        doubts,
        needs=_reports_needed(air, minima, kind, i, j, in_s),
        rows=(i, j),
    )


def _reports_needed(air: Air, minima: Minima, kind: Kind, i: int, j: int, in_s: float) -> int:
    """What is predicted by a climb waits for a second report unless it presses: climbs end.

    So does what rests on a single height that could not be reached: told again, it is believed.
    """
    if kind == "possible-loss":
        return 2 if (air.marks[i] | air.marks[j]) & Mark.ODD_HEIGHT else 1
    if kind != "predicted-loss":
        return 1
    is_level = bool((np.abs(air.nominal.climb_mps[[i, j]]) < minima.level_mps).all())
    return 1 if is_level or in_s <= minima.climb_at_once_s else 2


def _one_aircraft(air: Air, minima: Minima, i: int, j: int) -> Finding:
    names = tuple(sorted((air.tracks[i].identity, air.tracks[j].identity)))
    far_m, high_m = (float(each[0]) for each in apart(air.nominal, np.array([i]), np.array([j]), np.zeros(1)))
    reason = f"{names[0]} and {names[1]} fly {far_m:.0f} m from each other as one aircraft under two identities would"
    reported_ms = max(air.tracks[i].fix.at_ms, air.tracks[j].fix.at_ms)
    return Finding(
        "identity",
        names,
        reported_ms,
        reason,
        minima.clause("identity"),
        "one aircraft",
        far_m,
        high_m,
        needs=ONE_REPORTS,
        rows=(i, j),
    )
