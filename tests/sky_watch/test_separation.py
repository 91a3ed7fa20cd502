"""Loss of separation: happening, possible, predicted; raised when it must be, and not otherwise."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.airspace.fix import Fix
from comity.views.sky.known import Known
from comity.views.sky.minima import Minima
from sky_watch.made import FT_M, NM_M, airfield, at_place, began, kinds, line, second, watch


def test_two_within_the_minima_are_a_loss_at_the_first_report() -> None:
    """Two that begin within the minima are a loss at once, with its metres."""
    seen = began(watch(line("aaaaa1"), line("aaaaa2", north_m=4 * NM_M, height_ft=30_500)))
    assert [alert.finding.kind for alert in seen] == ["loss"]
    assert second(seen[0]) == 0
    assert seen[0].severity == "alarm"
    finding = seen[0].finding
    assert finding.horizontal_m == pytest.approx(4 * NM_M, rel=1e-4)
    assert finding.vertical_m == pytest.approx(500 * FT_M)
    assert "4.0 NM and 500 ft apart; minimum 5 NM or 1000 ft" in finding.reason


@pytest.mark.parametrize(
    ("north_nm", "height_ft", "expected"),
    [(4.99, 30_000, ["loss"]), (5.01, 30_000, []), (1, 30_875, ["loss"]), (1, 30_900, []), (1, 31_000, [])],
)
def test_the_minima_are_kept_exactly_at_them(north_nm: float, height_ft: float, expected: list[str]) -> None:
    """Below both minima is a loss; at 900 ft, which two held levels may show, it is none."""
    assert kinds(watch(line("aaaaa1"), line("aaaaa2", north_m=north_nm * NM_M, height_ft=height_ft))) == expected


def test_head_on_is_predicted_and_then_lost() -> None:
    """Two that meet head on are foretold the look-ahead before, but for one report, then lost at the first inside."""
    seen = began(watch(line("aaaaa1", until_s=300), line("aaaaa2", east_m=100_000, track_deg=270, until_s=300)))
    assert [alert.finding.kind for alert in seen] == ["predicted-loss", "loss"]
    lost_s = (100_000 - 5 * NM_M) / 460
    assert second(seen[1]) == lost_s - lost_s % 10 + 10
    assert lost_s - 120 <= second(seen[0]) <= lost_s - 90
    assert seen[0].finding.in_s == pytest.approx(lost_s - second(seen[0]), abs=1)


def test_what_passes_by_is_not_predicted() -> None:
    """Two that pass each other 6 NM apart are never said."""
    assert not kinds(watch(line("aaaaa1"), line("aaaaa2", east_m=30_000, north_m=6 * NM_M, track_deg=270)))


def test_a_climb_is_not_believed_for_ever() -> None:
    """A climb that needs more than its time to reach the other's level is not said, one that needs less is."""
    level = line("aaaaa1")
    assert not kinds(watch(level, line("aaaaa2", height_ft=26_000, climb_mps=3.0, until_s=60)))
    assert kinds(watch(level, line("aaaaa2", height_ft=28_000, climb_mps=10.0, until_s=60)))[0] == "predicted-loss"


def test_an_unknown_height_may_be_any() -> None:
    """A track of which no height was ever told is a possible loss with all that it passes, and never a loss."""
    assert set(kinds(watch(line("aaaaa1"), line("aaaaa2", height_ft=None, north_m=3 * NM_M)))) == {"possible-loss"}
    reason = began(watch(line("aaaaa1"), line("aaaaa2", height_ft=None)))[0].finding.reason
    assert "height unknown" in reason


def test_a_height_lost_on_the_way_widens() -> None:
    """A track 3,000 ft above that stops telling its height is a possible loss once it may have come down."""
    lost = [msgspec.structs.replace(fix, pressure_m=None) for fix in line("aaaaa2", height_ft=33_000)[3:]]
    seen = began(watch(line("aaaaa1"), line("aaaaa2", height_ft=33_000)[:3], lost))
    assert [alert.finding.kind for alert in seen] == ["possible-loss"]
    assert second(seen[0]) == 70  # 640 m at 15 m/s after the height of 20 s
    assert "no height told" in seen[0].finding.doubts


def test_heights_of_different_datums_are_no_loss_but_perhaps() -> None:
    """A pressure altitude and a height above the sea are not compared but by their bands."""
    above_sea = [
        msgspec.structs.replace(fix, pressure_m=None, geometric_m=9_144.0) for fix in line("aaaaa2", north_m=NM_M)
    ]
    assert set(kinds(watch(line("aaaaa1"), above_sea))) == {"possible-loss"}
    far_above = [msgspec.structs.replace(fix, geometric_m=13_000.0) for fix in above_sea]
    assert not kinds(watch(line("aaaaa1"), far_above))


def test_an_old_track_is_wider() -> None:
    """A track that falls silent beside another is a possible loss; so is one that somebody then comes near."""
    seen = began(watch(line("aaaaa1", until_s=300), line("aaaaa2", north_m=6 * NM_M, until_s=20)))
    assert [alert.finding.kind for alert in seen] == ["possible-loss"]
    assert 30 <= second(seen[0]) <= 60
    assert "give or take" in seen[0].finding.reason
    crossing = line("aaaaa1", north_m=-60_000, track_deg=0, until_s=300)
    seen = began(watch(crossing, line("aaaaa2", east_m=-9_000, until_s=20, speed_mps=40)))
    assert [alert.finding.kind for alert in seen] == ["possible-loss"]


def test_silence_does_not_end_a_loss() -> None:
    """Two in loss of which one falls silent stay said until the track is forgotten."""
    seen = watch(line("aaaaa1", until_s=110), line("aaaaa2", north_m=NM_M, until_s=30))
    assert "possible-loss" in kinds(seen)
    assert all(moment.heard.standing for moment in seen)


def test_feeds_that_do_not_keep_time_are_compared_at_the_newer_report() -> None:
    """Reports 5 s apart are brought to one time before they are compared."""
    late = [fix for fix in line("aaaaa2", north_m=4.9 * NM_M, step_s=5) if (fix.at_ms // 1000) % 10]
    assert kinds(watch(line("aaaaa1"), late)) == ["loss"]
    behind = [fix for fix in line("aaaaa2", east_m=-5.2 * NM_M, step_s=5) if (fix.at_ms // 1000) % 10]
    assert "loss" not in kinds(watch(line("aaaaa1"), behind))


def test_nothing_flickers() -> None:
    """Two at the very minimum, in and out by the noise of each report, are one alert."""
    near = line("aaaaa2", north_m=5 * NM_M, until_s=600)
    noisy = [
        msgspec.structs.replace(fix, latitude_deg=fix.latitude_deg + (-1) ** number * 0.0005)
        for number, fix in enumerate(near)
    ]
    seen = watch(line("aaaaa1", until_s=600), noisy)
    assert kinds(seen).count("loss") == 1
    assert not [alert for moment in seen for alert in moment.heard.ended if alert.finding.kind == "loss"]


def test_an_alert_ends_when_it_is_over() -> None:
    """After the calm time without a loss the alert ends, and a new loss is a new alert."""
    away = line("aaaaa2", north_m=3 * NM_M, track_deg=0, until_s=300)
    ended = [alert for moment in watch(line("aaaaa1", until_s=300), away) for alert in moment.heard.ended]
    assert [alert.finding.kind for alert in ended] == ["loss"]


CROSSING = (
    line("aaaaa1", until_s=60),
    line("aaaaa2", east_m=30_000, track_deg=270, until_s=60),
    line("aaaaa3", north_m=3 * NM_M, height_ft=30_400, until_s=60),
    line("aaaaa4", north_m=-4 * NM_M, height_ft=None, until_s=60),
)


def test_the_order_of_tracks_does_not_matter() -> None:
    """However reports of one time are ordered, the same is found."""
    found = {frozenset(alert.finding.key for alert in began(watch(*order))) for order in permutations(CROSSING)}
    assert len(found) == 1


places = st.tuples(st.floats(-40_000, 40_000), st.floats(-40_000, 40_000))
flights = st.builds(
    lambda at, course, speed, height, climb: {
        "north_m": at[0],
        "east_m": at[1],
        "track_deg": course,
        "speed_mps": speed,
        "height_ft": height,
        "climb_mps": climb,
    },
    places,
    st.floats(0, 359),
    st.floats(50, 280),
    st.none() | st.floats(20_000, 34_000),
    st.sampled_from([0.0, 0.0, 5.0, -8.0]),
)


@settings(max_examples=60)
@given(st.lists(flights, min_size=2, max_size=5), flights)
def test_one_more_track_removes_no_finding(made: list[dict[str, float]], more: dict[str, float]) -> None:
    """What is found among tracks is found among them and one more."""
    each = [line(f"aaaaa{number}", until_s=40, **kept) for number, kept in enumerate(made)]  # type: ignore[arg-type]
    few = {alert.finding.key for alert in began(watch(*each))}
    many = {alert.finding.key for alert in began(watch(*each, line("bbbbbb", until_s=40, **more)))}  # type: ignore[arg-type]
    assert few <= many


@settings(max_examples=40)
@given(st.lists(flights, min_size=2, max_size=4), st.floats(0, 360))
def test_the_place_in_the_world_does_not_matter(made: list[dict[str, float]], west_deg: float) -> None:
    """The same flights beyond the antimeridian give the same findings."""

    def moved(fix: Fix) -> Fix:
        return msgspec.structs.replace(fix, longitude_deg=(fix.longitude_deg - west_deg + 180) % 360 - 180)

    each = [line(f"aaaaa{number}", until_s=40, **kept) for number, kept in enumerate(made)]  # type: ignore[arg-type]
    here = [alert.finding.key for alert in began(watch(*each))]
    there = [alert.finding.key for alert in began(watch(*([moved(fix) for fix in one] for one in each)))]
    assert sorted(here) == sorted(there)


def test_terminal_minima_hold_where_both_are_in_a_terminal_area() -> None:
    """4 NM and 600 ft apart are a loss en route and none in a terminal area; 2 NM and 400 ft are one there, too."""
    known = Known(airfields=(airfield(),))

    def found(north_nm: float, over_ft: float) -> list[str]:
        other = line("aaaaa2", north_m=north_nm * NM_M, height_ft=5_000 + over_ft)
        return kinds(watch(line("aaaaa1", height_ft=5_000), other, known=known))

    assert kinds(watch(line("aaaaa1"), line("aaaaa2", north_m=4 * NM_M, height_ft=30_600))) == ["loss"]
    assert found(4, 600) == []
    assert found(2, 400) == ["loss"]


def test_what_only_grazes_is_said_when_it_is_near() -> None:
    """A shallow loss far ahead waits; it is said before it happens."""
    minima = replace(Minima(), ahead_s=300.0)
    grazing = line("aaaaa2", east_m=130_000, north_m=4.8 * NM_M, track_deg=270, until_s=300)
    deep = line("aaaaa2", east_m=130_000, track_deg=270, until_s=300)
    shallow_s = second(began(watch(line("aaaaa1", until_s=300), grazing, minima=minima))[0])
    deep_s = second(began(watch(line("aaaaa1", until_s=300), deep, minima=minima))[0])
    assert deep_s <= 10 < shallow_s
    assert shallow_s < (130_000 - 5 * NM_M) / 460


def test_reports_of_the_ground_are_no_traffic() -> None:
    """Who is on the ground conflicts with nobody."""
    rolling = line("aaaaa2", north_m=NM_M, speed_mps=60.0, height_ft=1_000)
    grounded = [msgspec.structs.replace(fix, on_ground=True) for fix in rolling]
    assert not kinds(watch(line("aaaaa1", height_ft=1_000), grounded))


def test_one_report_from_the_ground_hides_no_flight() -> None:
    """A single report that claims the ground does not take a track out of the air."""
    reports = line("aaaaa2", north_m=NM_M, from_s=0, until_s=120)
    reports[3] = msgspec.structs.replace(reports[3], on_ground=True)
    seen = watch(line("aaaaa1"), reports)
    assert kinds(seen)[0] == "loss"
    assert all(moment.heard.standing for moment in seen)
    assert at_place("aaaaa2", 0, 0, 0).identity == "aaaaa2"
