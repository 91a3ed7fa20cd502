"""Losses of separation between tracks: happening, possible, predicted.

`loss` is said of reports that are of now, plausible and of known height, at the time of the newer report of the two.
What is old, claimed, frozen or of unknown height is held against the minima with all its width: `possible-loss`, a
lesser kind, never silence; so is what comes to that if both fly on, of a track that is heard no more for a little
while. Of one that is silent for longer one finding names who may be near, until it is forgotten. What is predicted is
straight on, for as long as climbs are believed, and the deeper the farther ahead. Pairs inside terminal areas are held
against the minima of those. Which pairs these are is measured in `near`, who is named of a crowd said in `crowds`, and
the words are in `pair_words`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from comity.airspace.picture import Air
from comity.airspace.sphere import FT_M, NM_M
from comity.views.sky.alerts import Finding, Kind
from comity.views.sky.crowds import named
from comity.views.sky.minima import Minima
from comity.views.sky.near import Flags, Minimum, Pairs, Rows, Sky, ahead, apart, closing, lost, perhaps, perhaps_ahead
from comity.views.sky.pair_words import crowd_findings, one_aircraft, pair_findings, silent_findings
from comity.views.sky.sameness import may_be_one

PAIR_KINDS = ("loss", "possible-loss", "predicted-loss")


@dataclass(slots=True)
class Separation:
    """What the minima say of all pairs: findings, and how many pairs of crowds were counted, and not looked at."""

    findings: list[Finding] = field(default_factory=list)
    counted: int = 0
    omitted: int = 0


def separation(air: Air, minima: Minima, terminal: Flags, standing: Iterable[tuple[str, ...]] = ()) -> Separation:
    """What they say; `terminal` marks the rows inside terminal areas, `standing` are the keys of alerts that stand."""
    found = Separation()
    if len(air.tracks) < 2:
        return found
    pairs = (key for key in standing if key[0] in PAIR_KINDS and not key[1] and len(key) == 4)
    sky = Sky(air, minima, frozenset((key[2], key[3]) for key in pairs))
    everywhere = np.arange(len(air.tracks))
    _under(sky, _minimum("minimum", minima.horizontal_m, minima.vertical_m, everywhere, terminal, minima), found)
    if terminal.any():
        inside, nobody = np.flatnonzero(terminal), np.zeros(len(terminal), bool)
        horizontal_m, vertical_m = minima.terminal_horizontal_m, minima.terminal_vertical_m
        _under(sky, _minimum("terminal minimum", horizontal_m, vertical_m, inside, nobody), found)
    return found


def _minimum(
    name: str, horizontal_m: float, vertical_m: float, rows: Rows, inner: Flags, tolerant: Minima | None = None
) -> Minimum:
    """The words tell it as it is agreed; altimeters and level keeping are allowed for en route."""
    told = f"{name} {horizontal_m / NM_M:g} NM or {vertical_m / FT_M:.0f} ft"
    return Minimum(horizontal_m, vertical_m - (tolerant.level_tolerance_m if tolerant else 0.0), told, rows, inner)


def _under(sky: Sky, minimum: Minimum, found: Separation) -> None:
    """All of it among some rows."""
    losses = lost(sky, minimum)
    one = may_be_one(sky, losses.first, losses.second)
    sure, doubtful = losses.only(~one), losses.only(one)
    found.findings += one_aircraft(sky, _say(sky, minimum, "loss", sure, found))
    found.findings += one_aircraft(sky, _say(sky, minimum, "possible-loss", doubtful, found))
    coming = _without(sky, ahead(sky, minimum), losses)
    coming = coming.only(~may_be_one(sky, coming.first, coming.second))
    _say(sky, minimum, "predicted-loss", coming, found, is_ahead=True)
    possible = perhaps(sky, minimum)
    is_silent = sky.silent[possible.first] | sky.silent[possible.second]
    stands = sky.stands(possible)
    _say(sky, minimum, "possible-loss", possible.only(~is_silent | stands), found)
    _say_silent(sky, minimum, possible.only(is_silent & ~stands), found)
    later = _without(sky, _without(sky, perhaps_ahead(sky, minimum), losses), possible)
    _say(sky, minimum, "possible-loss", later, found, is_ahead=True)


def _say(sky: Sky, minimum: Minimum, kind: Kind, pairs: Pairs, found: Separation, *, is_ahead: bool = False) -> Pairs:
    """Says of crowds that they are crowds, and names the other pairs, which it returns."""
    if not len(pairs):
        return pairs
    far_m, _ = apart(sky.air.nominal, pairs.first, pairs.second, np.zeros(len(pairs)))
    parted = named(sky, pairs, far_m)
    found.findings += pair_findings(sky, minimum, kind, parted.pairs, is_ahead=is_ahead)
    found.findings += crowd_findings(sky, minimum, kind, parted.crowds, is_ahead=is_ahead)
    found.counted += parted.counted
    found.omitted += pairs.omitted
    return parted.pairs


def _say_silent(sky: Sky, minimum: Minimum, pairs: Pairs, found: Separation) -> None:
    """Of each that is silent who may be near it, of those that are heard and come nearer to where it leads."""
    is_heard = sky.sound[pairs.first] | sky.sound[pairs.second]
    found.findings += silent_findings(sky, minimum, pairs.only(is_heard & closing(sky.air, pairs)))


def _without(sky: Sky, pairs: Pairs, others: Pairs) -> Pairs:
    """Those that are not among the others."""
    codes, known = (sky.code(each.first, each.second) for each in (pairs, others))
    return pairs.only(~np.isin(codes, known))
