"""A track that falls silent grows wider and does not vanish: who may come near it is said, up to a stated end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.views.sky.alerts import Alert
from comity.views.sky.minima import Minima
from comity.views.sky.watch import Moment
from sky_watch.made import BEGIN_MS, NM_M, began, kinds, line, second, watch

MEET_S = 150
LOST_S = MEET_S - 5 * NM_M / 460  # when two that meet head on at 230 m/s each are 5 NM apart


def head_on(silent_s: int) -> list[Moment]:
    """Two that meet head on at MEET_S, the one silent for so long before."""
    other = line("bbbbb1", east_m=2 * 230 * MEET_S, track_deg=270, until_s=300, step_s=5)
    return watch(line("aaaaa1", until_s=MEET_S - silent_s, step_s=5), other)


def standing(seen: list[Moment], at_s: float) -> tuple[Alert, ...]:
    """The alerts that stand at the last moment until then."""
    return [moment for moment in seen if moment.air.at_ms <= BEGIN_MS + 1000 * at_s][-1].heard.standing


def names(alert: Alert) -> set[str]:
    """Whom an alert is about, and who may be near it."""
    return {*alert.finding.identities, *alert.finding.near}


@pytest.mark.parametrize("silent_s", [10, 20, 40, 60, 80, 100])
def test_who_meets_a_silent_track_is_said_before_and_when_they_meet(silent_s: int) -> None:
    """However long before it fell silent, something stands of the two when they are too near, and has stood before."""
    seen = head_on(silent_s)
    for at_s in (LOST_S - 5, LOST_S, LOST_S + 5, MEET_S):
        assert [each for each in standing(seen, at_s) if names(each) == {"aaaaa1", "bbbbb1"}], at_s
    assert second(began(seen)[0]) <= LOST_S - 20


def test_what_comes_of_an_old_track_is_predicted_as_possible() -> None:
    """A little while after its last report it is led on, as wide as it is: perhaps in so many seconds."""
    ahead = [each for each in began(head_on(100)) if each.finding.kind == "possible-loss"]
    finding = ahead[0].finding
    assert finding.in_s is not None and finding.in_s > 40
    assert "perhaps in" in finding.reason and "give or take" in finding.reason
    assert finding.doubts == ("no new report",)


def test_one_alert_of_a_lost_track_names_who_may_be_near() -> None:
    """Three that cross where it may be are named in one notice, with how long it is watched."""
    place = {"north_m": -45_000.0, "track_deg": 0.0, "until_s": 400}
    apart = [
        line(f"bbbbb{number}", east_m=20_700 + 3_000 * number, height_ft=30_000 + 2_000 * number, **place)  # type: ignore[arg-type]
        for number in range(3)
    ]
    seen = watch(line("aaaaa1", height_ft=None, until_s=40), *apart)
    (alert,) = [each for each in began(seen) if each.finding.thing == "silence"]
    assert alert.severity == "notice" and alert.finding.identities == ("aaaaa1",)
    said = [each.finding for moment in seen for each in moment.heard.standing if each.finding.thing == "silence"]
    assert {name for finding in said for name in finding.near} == {"bbbbb0", "bbbbb1", "bbbbb2"}
    assert max(len(finding.near) for finding in said) > 1
    assert "aaaaa1, silent for" in said[-1].reason
    assert "watched until it has been silent for 120 s" in said[-1].reason


def test_silence_has_an_end() -> None:
    """After twice the silence of a lost track nothing new is said of it, and it is no more in the air."""
    far = line("bbbbb1", east_m=-90_000, until_s=600)
    seen = watch(line("aaaaa1", until_s=20), far)
    after = [moment for moment in seen if moment.air.at_ms > BEGIN_MS + 150_000]
    assert all(len(moment.air.tracks) == 1 for moment in after)
    assert not began(after)
    patient = replace(Minima(), lost_s=200.0)
    still = watch(line("aaaaa1", until_s=20), far, minima=patient)
    assert any(len(moment.air.tracks) == 2 for moment in still if moment.air.at_ms > BEGIN_MS + 300_000)


def test_nothing_is_said_of_silence_far_from_all() -> None:
    """A track that falls silent where nobody comes near, or from which all fly away, makes no notice."""
    away = line("bbbbb1", east_m=-40_000, track_deg=270, until_s=300)
    assert not kinds(watch(line("aaaaa1", until_s=20), away))
