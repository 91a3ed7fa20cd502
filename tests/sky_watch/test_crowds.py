"""Crowds: a feed that tells a thousand aircraft in one place neither stops the watch nor hides what others tell."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import msgspec
import pytest

from comity.airspace.fix import Fix
from comity.airspace.picture import Picture
from comity.views.sky import crowds
from comity.views.sky.alerts import Alert, Finding
from comity.views.sky.known import Known
from comity.views.sky.minima import Minima
from comity.views.sky.report import ALERTS_MOST, AirReport
from comity.views.sky.shown import shown
from comity.views.sky.telling import Numbers, report
from comity.views.sky.watch import Moment, Watched, look, said
from sky_watch.made import BEGIN_MS, NM_M, at_place, line

HONEST = ("aaaaa1", "bbbbb1")


def heap(count: int, at_s: int, source: str = "flood", north_m: float = 0.0, **told: float | None) -> list[Fix]:
    """So many tracks within 6 km of each other, in the same places at each second."""
    chance = Random(1)
    places = [(north_m + chance.uniform(-3_000, 3_000), chance.uniform(-3_000, 3_000)) for _ in range(count)]
    fixes = [at_place(f"{number:06x}", at_s, *place, source=source) for number, place in enumerate(places)]
    return [msgspec.structs.replace(fix, **told) for fix in fixes]


def honest(at_s: int, north_m: float = 0.0) -> list[Fix]:
    """Two that another feed tells, 3 km from each other."""
    return [
        line(name, north_m=north_m + 3_000 * place, until_s=at_s, step_s=1)[-1] for place, name in enumerate(HONEST)
    ]


def looked(*seconds: list[Fix], picture: Picture | None = None) -> tuple[list[Moment], AirReport, float]:
    """The moments after each second's reports, the last report, and the processor time of the shortest look."""
    picture, held, numbers, seen, costs = picture or Picture(), Watched(), Numbers(), [], []
    for at_s, fixes in enumerate(seconds):
        for fix in fixes:
            picture.take(fix)
        begin = time.process_time()
        seen.append(look(picture, Known(), Minima(), held, BEGIN_MS + 1000 * at_s + 500))
        told = report(seen[-1], Known(), numbers)
        costs.append(time.process_time() - begin)
    return seen, told, min(costs)


def of(told: AirReport, *names: str) -> list[str]:
    """The kinds of the alerts about just these."""
    return [alert.kind for alert in told.alerts if set(alert.identities) == set(names)]


@pytest.mark.parametrize("north_m", [0.0, 300_000.0])
def test_a_thousand_in_one_place_delay_nobody_and_hide_nobody(north_m: float) -> None:
    """A look over them takes under a second; the honest pair, in their midst or far away, has its alarm."""
    seen, told, cost_s = looked(*([*heap(1_000, at_s), *honest(at_s, north_m)] for at_s in range(4)))
    assert cost_s < 1.0
    assert of(told, *HONEST) == ["loss"]
    assert len(told.alerts) < 10 and told.alerts_left_out == 0
    (crowd,) = [alert for alert in told.alerts if alert.identities == ("tracks of flood",)]
    assert (crowd.kind, crowd.severity, crowd.thing) == ("loss", "alarm", "tracks of flood")
    assert crowd.reason.startswith("1,000 tracks of flood are too near to more than 20 others of flood each; ")
    assert "pairs and more are counted here and not named; nearest 0" in crowd.reason
    assert seen[-1].counted > 10_000 and seen[-1].omitted > 100_000
    assert f"; of crowds {seen[-1].counted:,} pairs counted and not named and {seen[-1].omitted:,} not" in told.said


def test_who_is_in_the_crowd_of_another_feed_is_said() -> None:
    """An honest track among a thousand false ones has one alarm about all of them."""
    _, told, _ = looked([*heap(300, 0), *honest(0)])
    for name in HONEST:
        (alert,) = [each for each in told.alerts if each.identities == (name,)]
        assert (alert.kind, alert.thing) == ("loss", "tracks of flood")
        assert alert.reason.startswith(f"{name} is too near to 300 tracks of flood; 300 pairs are counted here")


def test_memory_is_bounded() -> None:
    """Five times as many in one place make five times as many pairs, not twenty-five times."""
    few, many = (looked(heap(count, 0))[0][-1].counted for count in (400, 2_000))
    assert many < 6 * few


def test_a_crowd_of_unknown_height_is_one_notice() -> None:
    """Tracks without a height are possible losses with all; of a crowd one notice says so."""
    _, told, _ = looked([*heap(200, 0, pressure_m=None), *honest(0)])
    assert of(told, *HONEST) == ["loss"]
    assert of(told, "tracks of flood") == ["possible-loss"]


def test_a_crowd_ends_no_alert_that_still_holds() -> None:
    """A pair of the flooding feed itself that was named before stays named as long as it holds."""
    pair = [[msgspec.structs.replace(fix, source="flood") for fix in honest(at_s)] for at_s in range(60)]
    seen, told, _ = looked(*(each if at_s < 3 else [*heap(200, at_s), *each] for at_s, each in enumerate(pair)))
    assert of(told, *HONEST) == ["loss"]
    assert not [alert for moment in seen for alert in moment.heard.ended if alert.finding.identities == HONEST]


def test_more_pairs_than_are_named_of_two_sources_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small groups are no crowd: the nearest pairs are named, the rest counted; other feeds' pairs are named."""
    monkeypatch.setattr(crowds, "PAIRS_NAMED", 30)
    groups = [
        at_place(f"{group:03x}{one:03x}", 0, 30_000 * group, 500 * one, source="flood")
        for group in range(10)
        for one in range(6)
    ]
    seen, told, _ = looked([*groups, *honest(0, north_m=-30_000)])
    assert of(told, *HONEST) == ["loss"]
    pairs = [alert for alert in told.alerts if len(alert.identities) == 2 and alert.kind == "loss"]
    assert len(pairs) == 31 and seen[-1].counted == 10 * 15 - 30
    assert of(told, "tracks of flood") == ["loss"]
    assert max(alert.horizontal_m or 0 for alert in pairs if alert.identities != HONEST) < 600


def alert(number: int, names: tuple[str, ...], since_ms: int = 0, kind: str = "loss") -> Alert:
    """An alert that stands."""
    return Alert(Finding(kind, names, 0, "", "", str(number)), since_ms, 0)  # type: ignore[arg-type]


def test_a_flood_of_alerts_shows_the_honest_ones() -> None:
    """Of more alerts than fit those of each group of sources are shown in turn, alarms first, the newest first."""
    sources = {"aaaaa1": "radar", "bbbbb1": "radar", "000001": "flood", "000002": "flood"}
    flood = [alert(number, ("000001", "000002"), since_ms=number) for number in range(5 * ALERTS_MOST)]
    notices = [alert(number, ("000001",), 10**6, "implausible") for number in range(ALERTS_MOST)]
    standing = [*flood, alert(-1, HONEST, since_ms=3), *notices, alert(-2, HONEST, 10**6, "possible-loss")]
    kept = [standing[at] for at in shown(standing, sources, ALERTS_MOST)]
    assert len(kept) == ALERTS_MOST and standing[len(flood)] in kept
    assert {each.severity for each in kept} == {"alarm"}
    assert flood[-1] in kept and flood[0] not in kept
    assert shown(standing, sources, len(standing)) == list(range(len(standing)))


def test_a_report_of_a_flood_has_the_honest_alarm() -> None:
    """Thousands of alerts of one feed leave room for the newest of another, and what is left out is counted."""
    chance = Random(2)
    places = [(30_000 * chance.uniform(-30, 30), 30_000 * chance.uniform(-30, 30)) for _ in range(700)]
    flood = [
        at_place(f"{number:05x}{one}", 0, north_m + NM_M * one, east_m, source="flood")
        for number, (north_m, east_m) in enumerate(places)
        for one in range(2)
    ]
    later = [msgspec.structs.replace(fix, at_ms=fix.at_ms + 1000, arrived_ms=fix.at_ms + 1000) for fix in flood]
    _, told, _ = looked(flood, [*later, *honest(1, north_m=1_500_000)])
    assert len(told.alerts) == ALERTS_MOST and told.alerts_left_out > 100
    assert of(told, *HONEST) == ["loss"]
    assert len(told.tracks) + told.tracks_left_out == 1_402


def test_what_is_possible_and_predicted_is_said() -> None:
    """The sentence counts what is possible and predicted beside what is known."""
    level, unknown = line("aaaaa1", until_s=0), line("aaaaa2", height_ft=None, until_s=0)
    coming = line("aaaaa3", east_m=30_000, height_ft=30_000, track_deg=270, until_s=0)
    (moment,), _, _ = looked([*level, *unknown])
    assert said(moment) == "no conflict known, 1 possible among 2 tracks, oldest 0 s, sources radar"
    (moment,), _, _ = looked([*level, *coming])
    assert said(moment) == "no conflict known, 1 predicted among 2 tracks, oldest 0 s, sources radar"
    (moment,), _, _ = looked([*level, *line("aaaaa4", north_m=3_000, until_s=0)])
    assert said(moment) == "1 conflict known among 2 tracks, oldest 0 s, sources radar"
    assert said(replace(moment, counted=5)).endswith("; of crowds 5 pairs counted and not named")
