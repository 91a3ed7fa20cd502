"""What is said of tracks that are, will be or may be too near: findings, whose words are made when they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from comity.airspace.sphere import FT_M, NM_M
from comity.airspace.track import Mark
from comity.views.sky.alerts import Finding, Kind
from comity.views.sky.crowds import PARTNERS_NAMED, Crowd
from comity.views.sky.near import Minimum, Pairs, Sky, apart
from comity.views.sky.sameness import fly_as_one, may_be_one

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
ONE_AIRCRAFT = "one aircraft under two identities, perhaps"
ONE_NEEDS = 3  # reports, since two that cross are near each other for one or two
NEAR_NAMED, NEAR_MOST = 5, 20  # in words, and at all
SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class PairWords:
    """The sentence of a pair, from what was measured of it."""

    kind: Kind
    names: tuple[str, str]
    far_m: float
    high_m: float | None
    in_s: float | None
    give_m: float
    minimum: str
    doubts: tuple[str, ...]

    def __call__(self) -> str:
        height = "height unknown" if self.high_m is None else f"{self.high_m / FT_M:.0f} ft"
        is_possible = self.kind == "possible-loss"
        give = f" (give or take {self.give_m / NM_M:.1f} NM)" if is_possible and self.give_m > NM_M / 20 else ""
        perhaps = "perhaps " if is_possible else ""
        when = "" if self.in_s is None else f"{perhaps}in {self.in_s:.0f} s if both fly on; now "
        why = f"; {', '.join(self.doubts)}" if is_possible and self.doubts else ""
        measured = f"{self.far_m / NM_M:.1f} NM{give} and {height} apart"
        return f"{self.names[0]} and {self.names[1]}: {when}{measured}; {self.minimum}{why}"


@dataclass(frozen=True, slots=True)
class SilentWords:
    """The sentence of a track that is heard no more, and of who may be near it."""

    name: str
    silent_s: float
    give_m: float
    until_s: float
    near: tuple[str, ...]
    minimum: str

    def __call__(self) -> str:
        few, more = ", ".join(self.near[:NEAR_NAMED]), len(self.near) - NEAR_NAMED
        others = f"{few} and {more} more" if more > 0 else few
        where = f"within {self.give_m / NM_M:.0f} NM of where it leads"
        until = f"watched until it has been silent for {self.until_s:.0f} s"
        return f"{self.name}, silent for {self.silent_s:.0f} s, may be near {others}: {where}; {self.minimum}; {until}"


@dataclass(frozen=True, slots=True)
class CrowdWords:
    """The sentence of a crowd: how many, how near, and that its pairs are counted and not named."""

    crowd: Crowd
    name: str
    kind: Kind
    nearest: PairWords

    def __call__(self) -> str:
        crowd, more = self.crowd, " and more" * self.crowd.is_open
        one, several = VERBS[self.kind]
        if not crowd.of:
            who = f"{self.name} {one} too near to {crowd.pairs:,}{more} tracks of {crowd.by}"
        elif crowd.rows:
            others = f"others of {crowd.by}" if crowd.of == crowd.by else f"tracks of {crowd.by}"
            many = f"more than {PARTNERS_NAMED} {others} each"
            who = f"{len(crowd.rows):,} tracks of {crowd.of} {several} too near to {many}"
        else:
            who = f"more tracks of {crowd.of} and {crowd.by} {several} too near to each other than are named"
        return f"{who}; {crowd.pairs:,} pairs{more} are counted here and not named; nearest {self.nearest()}"


VERBS: dict[Kind, tuple[str, str]] = {
    "loss": ("is", "are"),
    "possible-loss": ("may be", "may be"),
    "predicted-loss": ("will be", "will be"),
}


def pair_findings(sky: Sky, minimum: Minimum, kind: Kind, pairs: Pairs, *, is_ahead: bool = False) -> Iterator[Finding]:
    """A finding for each pair, the first by name first; `is_ahead` if they are not too near yet."""
    air, clause = sky.air, sky.minima.clause(kind)
    needs = _reports_needed(sky, kind, pairs)
    measured = pair_words(sky, minimum, kind, pairs, is_ahead=is_ahead)
    for i, j, words, least in zip(pairs.first.tolist(), pairs.second.tolist(), measured, needs, strict=True):
        age_s = float(max(air.age_s[i], air.age_s[j]))
        yield Finding(
            kind,
            words.names,
            _reported_ms(sky, i, j),
            words,
            clause,
            "",
            words.far_m,
            words.high_m,
            words.in_s,
            age_s,
            words.doubts,
            needs=least,
            rows=(i, j),
        )


def pair_words(sky: Sky, minimum: Minimum, kind: Kind, pairs: Pairs, *, is_ahead: bool = False) -> list[PairWords]:
    """What is said of each pair, measured now."""
    air, i, j = sky.air, pairs.first, pairs.second
    far_m, high_m = apart(air.nominal, i, j, np.zeros(len(i)))
    known = np.isfinite(air.nominal.low_m)
    is_level_known = (known[i] & known[j]).any(axis=1)
    give_m = air.wide.doubt_m[i] + air.wide.doubt_m[j]
    marks = air.marks[i] | air.marks[j]
    one = may_be_one(sky, i, j) if kind == "possible-loss" else np.zeros(len(i), bool)
    columns = (i, j, far_m, high_m, is_level_known, pairs.from_s, give_m, marks, one)
    return [
        PairWords(
            kind,
            _names(sky, a, b),
            far,
            high if level_known else None,
            in_s if is_ahead else None,
            give,
            minimum.told,
            _doubts(mark, is_one),
        )
        for a, b, far, high, level_known, in_s, give, mark, is_one in zip(
            *(each.tolist() for each in columns), strict=True
        )
    ]


def crowd_findings(
    sky: Sky, minimum: Minimum, kind: Kind, crowds: Sequence[Crowd], *, is_ahead: bool = False
) -> Iterator[Finding]:
    """A finding for each crowd: of the one track that is in it, or of all of a source."""
    for crowd in crowds:
        i, j = crowd.nearest
        first, second = np.array([i]), np.array([j])
        nothing = np.zeros(1)
        pair = Pairs(first, second, nothing, nothing, np.zeros((0, 0), bool))
        nearest = pair_words(sky, minimum, kind, pair, is_ahead=is_ahead)[0]
        name = sky.air.tracks[crowd.rows[0]].identity if not crowd.of else f"tracks of {crowd.of}"
        yield Finding(
            kind,
            (name,),
            _reported_ms(sky, i, j),
            CrowdWords(crowd, name, kind, replace(nearest, in_s=None)),
            sky.minima.clause(kind),
            f"tracks of {crowd.by}",
            nearest.far_m,
            nearest.high_m,
            rows=(i, j),
        )


def silent_findings(sky: Sky, minimum: Minimum, pairs: Pairs) -> Iterator[Finding]:
    """One finding for each track that is heard no more, naming who may be near it, the nearest first."""
    air = sky.air
    far_m, _ = apart(air.nominal, pairs.first, pairs.second, np.zeros(len(pairs)))
    near: dict[int, dict[str, None]] = {}
    for pair in np.argsort(far_m, kind="stable").tolist():
        i, j = int(pairs.first[pair]), int(pairs.second[pair])
        silent, other = (i, j) if sky.silent[i] else (j, i)
        near.setdefault(silent, {})[air.tracks[other].identity] = None
    for row, names in near.items():
        track, others = air.tracks[row], tuple(names)[:NEAR_MOST]
        give_m, silent_s = float(air.wide.doubt_m[row]), float(air.heard_s[row])
        words = SilentWords(track.identity, silent_s, give_m, sky.minima.forgotten_s, others, minimum.told)
        clause = sky.minima.clause("possible-loss")
        yield Finding(
            "possible-loss",
            (track.identity,),
            track.fix.at_ms,
            words,
            clause,
            SILENCE,
            age_s=float(air.age_s[row]),
            doubts=(WORDS[Mark.OLD],),
            rows=(row,),
            near=others,
        )


def one_aircraft(sky: Sky, pairs: Pairs) -> Iterator[Finding]:
    """Of pairs that are too near: those that fly as one aircraft would."""
    found = pairs.only(may_be_one(sky, pairs.first, pairs.second) | fly_as_one(sky, pairs.first, pairs.second))
    far_m, high_m = apart(sky.air.nominal, found.first, found.second, np.zeros(len(found)))
    columns = (found.first, found.second, far_m, high_m)
    for i, j, far, high in zip(*(each.tolist() for each in columns), strict=True):
        names = _names(sky, i, j)
        reason = f"{names[0]} and {names[1]} fly {far:.0f} m from each other as one aircraft under two identities would"
        clause, reported_ms = sky.minima.clause("identity"), _reported_ms(sky, i, j)
        yield Finding(
            "identity", names, reported_ms, reason, clause, "one aircraft", far, high, needs=ONE_NEEDS, rows=(i, j)
        )


def _names(sky: Sky, i: int, j: int) -> tuple[str, str]:
    one, other = sky.air.tracks[i].identity, sky.air.tracks[j].identity
    return (one, other) if one < other else (other, one)


def _reported_ms(sky: Sky, i: int, j: int) -> int:
    return max(sky.air.tracks[i].fix.at_ms, sky.air.tracks[j].fix.at_ms)


def _doubts(marks: int, is_one: bool) -> tuple[str, ...]:
    words = tuple(words for mark, words in WORDS.items() if marks & mark)
    return (*words, ONE_AIRCRAFT) if is_one else words


def _reports_needed(sky: Sky, kind: Kind, pairs: Pairs) -> list[int]:
    """What is predicted by a climb waits for a second report unless it presses: climbs end.

    So does what rests on a single height that could not be reached: told again, it is believed.
    """
    air, minima, i, j = sky.air, sky.minima, pairs.first, pairs.second
    waits = np.zeros(len(pairs), bool)
    if kind == "possible-loss":
        waits = (air.marks[i] | air.marks[j]) & Mark.ODD_HEIGHT != 0
    elif kind == "predicted-loss":
        climb = np.abs(air.nominal.climb_mps)
        is_level = np.maximum(climb[i], climb[j]) < minima.level_mps
        waits = ~is_level & (pairs.from_s > minima.climb_at_once_s)
    return [2 if each else 1 for each in waits.tolist()]
