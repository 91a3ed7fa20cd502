"""Flights that fall silent where flights end: down, last heard landing, or lost."""

from __future__ import annotations

import msgspec
import pytest

from comity.airspace.fix import Fix
from comity.airspace.picture import Picture
from comity.views.sky.known import Expected, Known, WatchedAirfield
from sky_watch.made import (
    BEGIN_MS,
    FT_M,
    LATITUDE_DEG,
    NM_M,
    airfield,
    at_place,
    began,
    expected,
    kinds,
    line,
    second,
    square,
    watch,
)

CORRIDOR = square(0, 0, 200_000)
FLIGHT = expected(CORRIDOR, address="aaaaa1", exempt=False)
OTHER = line("aaaaa2", north_m=90_000, until_s=400)
DESCENT_MPS = -800 * FT_M / 60


def approach(**changed: float) -> list[Fix]:
    """A flight that comes down towards the middle of the world and falls silent 2 NM before it, at 640 ft."""
    how = {"height_ft": 1_700.0, "climb_mps": DESCENT_MPS, "speed_mps": 70.0, "east_m": -2 * NM_M - 80 * 70.0} | changed
    return line("aaaaa1", until_s=80, **how)  # type: ignore[arg-type]


def said(*flights: list[Fix], flight: Expected = FLIGHT, fields: tuple[WatchedAirfield, ...] = ()) -> list[str]:
    """The kinds of alerts of that flight, with airfields."""
    seen = watch(*flights, OTHER, known=Known((), (flight,), airfields=fields))
    return [alert.finding.kind for alert in began(seen) if alert.finding.thing == flight.id]


def on_ground(seconds: float, east_m: float = 0.0) -> Fix:
    """A report from the ground."""
    fix = at_place("aaaaa1", seconds, 0.0, east_m, height_ft=None, speed_mps=20.0)
    return msgspec.structs.replace(fix, on_ground=True)


def test_who_is_told_on_the_ground_is_down() -> None:
    """Two reports from the ground, and the watch says at once when and where; it is never lost."""
    known = Known((), (FLIGHT,), airfields=(airfield(),))
    seen = began(watch(approach(), [on_ground(140), on_ground(150), on_ground(160)], OTHER, known=known))
    (alert,) = seen
    assert (alert.finding.kind, alert.severity, second(alert)) == ("landing", "notice", 150)
    assert "was told on the ground at 02:42:30Z, 2.0 NM from Field; it is not closed" in alert.finding.reason


def test_who_is_told_on_the_ground_elsewhere_is_down() -> None:
    """Without an airfield the watch says so, and says where it is not."""
    seen = began(watch(approach(), [on_ground(140), on_ground(150)], OTHER, known=Known((), (FLIGHT,))))
    assert [each.finding.kind for each in seen] == ["landing"]
    assert "away from the last point of its route and every airfield" in seen[0].finding.reason


def test_who_falls_silent_on_approach_was_landing() -> None:
    """Low, going down and near an airfield of the terms: after a minute it was last heard landing, with its numbers."""
    known = Known((), (FLIGHT,), airfields=(airfield(), airfield(north_m=15_000)))
    seen = began(watch(approach(), OTHER, known=known))
    (alert,) = [each for each in seen if each.finding.thing == FLIGHT.id]
    assert (alert.finding.kind, alert.severity) == ("landing", "notice")
    assert 140 < second(alert) <= 151
    assert "was last heard landing at 02:41:20Z, 2.0 NM from Field, at 633 ft and going down 800 ft" in (
        alert.finding.reason
    )
    assert "nobody tells that it is down" in alert.finding.reason


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"height_ft": 30_000.0, "climb_mps": 0.0, "speed_mps": 230.0}, "at cruise over the airfield"),
        ({"height_ft": 5_000.0}, "going down, and too high for an approach"),
        ({"climb_mps": 0.0, "height_ft": 700.0}, "low and level"),
        ({"climb_mps": 5.0, "height_ft": 700.0}, "low and climbing"),
        ({"north_m": 25_000.0}, "low, and too far away"),
    ],
)
def test_who_falls_silent_otherwise_is_lost(changed: dict[str, float], why: str) -> None:
    """What does not land is lost as ever."""
    assert said(approach(**changed), fields=(airfield(),)) == ["lost"], why


def test_without_an_airfield_nobody_was_landing() -> None:
    """What the terms and the route do not name is no place to land."""
    assert said(approach()) == ["lost"]


def test_the_height_of_the_airfield_counts() -> None:
    """4,700 ft is an approach to an airfield at 3,000 ft, and none to one at the sea."""
    for elevation_ft, kind in ((3_000.0, "landing"), (0.0, "lost")):
        assert said(approach(height_ft=5_700.0), fields=(airfield(elevation_ft=elevation_ft),)) == [kind]


def test_who_goes_down_at_the_last_point_of_its_route_was_landing() -> None:
    """A flight to a field that no terms name lands where its route ends, and is lost anywhere else."""
    for east_m, kind in ((0.0, "landing"), (60_000.0, "lost")):
        flight = expected(CORRIDOR, address="aaaaa1", ends_m=airfield(east_m=east_m).place_m)
        assert said(approach(), flight=flight) == [kind]


def test_who_is_heard_again_was_not_down() -> None:
    """One that goes around is followed again, and lost if it then falls silent at cruise."""
    around = line("aaaaa1", east_m=-10_000, from_s=170, until_s=250, speed_mps=70.0, height_ft=3_000)
    assert said(approach(), around, fields=(airfield(),)) == ["landing", "lost"]


def test_a_last_report_in_doubt_says_no_landing() -> None:
    """A height that could not be reached is no approach."""
    reports = approach(height_ft=20_000.0, climb_mps=0.0)
    reports[-1] = msgspec.structs.replace(reports[-1], pressure_m=200.0, climb_mps=-5.0)
    assert said(reports, fields=(airfield(),)) == ["lost"]


def test_a_lie_of_the_ground_hides_no_flight() -> None:
    """Reports from the ground that its aircraft cannot have sent are refused: too far away, or too far below it."""
    picture = Picture()
    for fix in line("aaaaa1", until_s=60):
        assert picture.take(fix) is None
    for lie in (on_ground(61, east_m=500_000), on_ground(62, east_m=500_000)):
        assert "km from its last place" in (picture.take(lie) or "")
    for lie in (on_ground(63, east_m=14_500), on_ground(64, east_m=14_700)):
        assert "s after a height of 9144 m" in (picture.take(lie) or "")
    assert len(picture) == 1
    liars = [on_ground(seconds, east_m=230.0 * seconds) for seconds in range(5, 120, 10)]
    assert kinds(watch(line("aaaaa1"), line("aaaaa2", north_m=NM_M), liars)) == ["loss", "implausible"]


def test_one_that_was_never_in_the_air_lands_nowhere() -> None:
    """An expected flight that only taxies was not seen, and is neither down nor lost."""
    assert not said([on_ground(10), on_ground(20)], fields=(airfield(),))
    assert on_ground(10).at_ms == BEGIN_MS + 10_000
    assert on_ground(10).latitude_deg == LATITUDE_DEG
