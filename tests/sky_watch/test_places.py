"""Areas, corridors, windows: who is in, near, off, back, late, and who only may be."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.airspace.fence import INSIDE, UNCERTAIN, fence_around
from comity.airspace.heights import room
from comity.airspace.picture import Picture
from comity.model.volume import Altitude, Band
from comity.views.sky.inside import answers
from comity.views.sky.known import Known
from sky_watch.made import BEGIN_MS, OPEN, area, at_place, began, expected, kinds, line, second, square, watch

ZONE = square(0, 30_000, 10_000)
CORRIDOR = square(0, 30_000, 60_000)
LOW = Band(floor=None, ceiling=Altitude(20_000, "ft", "pressure"))


def test_entry_is_an_alarm_and_nearness_a_notice() -> None:
    """A track that flies into an area is near it, then in it, with the area's clause; on its edge it may be in."""
    seen = began(watch(line("aaaaa1", speed_mps=200.0, until_s=150), known=Known(areas=(area(ZONE),))))
    assert [alert.finding.kind for alert in seen] == ["near-area", "possible-area", "area"]
    assert [second(alert) for alert in seen] == [90, 100, 110]
    finding = seen[2].finding
    assert (finding.thing, finding.clause, seen[2].severity) == ("zone", "5.1", "alarm")
    assert "no exemption is known that covers it" in finding.reason


def test_what_flies_over_an_area_is_not_in_it() -> None:
    """A track above the area's ceiling is not said."""
    assert not kinds(watch(line("aaaaa1", until_s=200), known=Known(areas=(area(ZONE, band=LOW),))))


def test_an_unknown_height_is_perhaps_in_an_area() -> None:
    """Without a height a track is neither in nor over a low area: a warning, no alarm."""
    seen = began(watch(line("aaaaa1", height_ft=None, until_s=150), known=Known(areas=(area(ZONE, band=LOW),))))
    assert [alert.finding.kind for alert in seen] == ["near-area", "possible-area"]
    assert "its height being unknown" in seen[1].finding.reason


def test_a_claim_in_an_area_is_no_alarm() -> None:
    """A place that could not be reached makes an area perhaps entered."""
    own = line("aaaaa1", north_m=200_000)
    own[5] = msgspec.structs.replace(own[5], latitude_deg=46.0, longitude_deg=8.4)
    seen = kinds(watch(own, known=Known(areas=(area(ZONE),))))
    assert "possible-area" in seen
    assert "area" not in seen


def test_an_exempt_flight_in_its_corridor_conforms() -> None:
    """The exemption covers its flight in the area, and nobody else."""
    known = Known(areas=(area(ZONE),), expected=(expected(CORRIDOR, address="aaaaa1"),))
    assert not kinds(watch(line("aaaaa1", until_s=200), known=known))
    assert "area" in kinds(watch(line("aaaaa2", until_s=200), known=known))


def test_a_declared_flight_has_no_exemption() -> None:
    """A flight that is only declared may be in notified air and not in an area."""
    flight = expected(CORRIDOR, address="aaaaa1", exempt=False)
    assert "area" in kinds(watch(line("aaaaa1", until_s=200), known=Known((area(ZONE),), (flight,))))
    notified = Known((area(ZONE, notified=True),), (flight,))
    assert not kinds(watch(line("aaaaa1", until_s=200), known=notified))
    assert "undeclared" in kinds(watch(line("aaaaa2", until_s=200), known=notified))


def test_an_area_keeps_out_only_whom_it_names() -> None:
    """A declared operator that the area does not name may be there; who is undeclared may not."""
    known = Known(
        (area(ZONE, keeps_out=frozenset({"south"})),),
        (
            expected(CORRIDOR, address="aaaaa1", exempt=False),
            expected(CORRIDOR, address="aaaaa2", operator="south", exempt=False, id="M-2"),
        ),
    )
    assert not kinds(watch(line("aaaaa1", until_s=200), known=known))
    assert "area" in kinds(watch(line("aaaaa2", until_s=200), known=known))
    assert "area" in kinds(watch(line("aaaaa3", until_s=200), known=known))


def test_a_corridor_10_km_off_is_a_deviation_at_the_first_report() -> None:
    """A flight off its corridor deviates at once, with its metres."""
    flight = expected(square(40_000, 30_000, 30_000), address="aaaaa1")
    seen = began(watch(line("aaaaa1"), known=Known(expected=(flight,))))
    assert [alert.finding.kind for alert in seen] == ["deviation"]
    assert second(seen[0]) == 0
    assert seen[0].finding.horizontal_m == pytest.approx(10_000, rel=0.01)
    assert "10.0 km off its corridor" in seen[0].finding.reason
    assert seen[0].finding.strength == "address"


def test_a_band_left_is_a_deviation_with_its_metres() -> None:
    """A flight above its band deviates by the metres above it."""
    flight = expected(CORRIDOR, band=LOW, address="aaaaa1")
    finding = began(watch(line("aaaaa1"), known=Known(expected=(flight,))))[0].finding
    assert finding.kind == "deviation"
    assert finding.vertical_m == pytest.approx(10_000 * 0.3048, abs=1)
    assert "m above its band" in finding.reason


def test_who_comes_back_is_said_to_be_back() -> None:
    """A flight that enters its corridor after a deviation is back."""
    flight = expected(square(0, 30_000, 10_000), address="aaaaa1")
    seen = kinds(watch(line("aaaaa1"), known=Known(expected=(flight,))))
    assert seen == ["deviation", "back"]


def test_a_flight_before_its_window_deviates() -> None:
    """Who flies in the corridor before the window deviates in time."""
    flight = expected(CORRIDOR, address="aaaaa1", window_s=(60, 600))
    seen = began(watch(line("aaaaa1"), known=Known(expected=(flight,))))
    assert [alert.finding.kind for alert in seen] == ["deviation", "back"]
    assert "60 s before its window" in seen[0].finding.reason


def test_a_flight_that_falls_silent_is_lost() -> None:
    """A minute after its last report an expected flight is lost, once."""
    flight = expected(square(0, 0, 200_000), address="aaaaa1")
    seen = began(
        watch(line("aaaaa1", until_s=100), line("aaaaa2", north_m=90_000, until_s=400), known=Known((), (flight,)))
    )
    assert [alert.finding.kind for alert in seen] == ["lost"]
    assert 160 < second(seen[0]) <= 171


def test_an_overdue_flight_still_has_its_air() -> None:
    """Past its window a flight is overdue, seen or not, and its exemption still covers it."""
    flight = expected(CORRIDOR, address="aaaaa1", window_s=(-600, 50))
    known = Known((area(ZONE),), (flight,))
    assert kinds(watch(line("aaaaa1"), known=known)) == ["overdue"]
    unseen = began(watch(line("aaaaa2", north_m=500_000), known=known))
    assert [alert.finding.kind for alert in unseen] == ["overdue"]
    assert "never seen" in unseen[0].finding.reason


@pytest.mark.parametrize(
    ("names", "strength"),
    [({"address": "aaaaa1"}, "address"), ({"callsign": "NORTH1"}, "callsign"), ({"code": "7001"}, "code")],
)
def test_each_means_of_identification_ties(names: dict[str, str], strength: str) -> None:
    """An address, a callsign or a code in the corridor ties a track to a flight, with that strength."""
    seen = watch(
        line("aaaaa1", callsign="NORTH1", code="7001"),
        known=Known((), (expected(CORRIDOR, **names),)),  # type: ignore[arg-type]
    )
    assert {tie.strength for moment in seen for tie in moment.tied.values()} == {strength}


def test_a_code_ties_only_in_the_corridor() -> None:
    """A code is reused everywhere: away from the corridor it ties nobody."""
    seen = watch(line("aaaaa1", north_m=300_000, code="7001"), known=Known((), (expected(CORRIDOR, code="7001"),)))
    assert not any(moment.tied for moment in seen)
    assert not kinds(seen)


def test_a_callsign_on_another_address_does_not_tie() -> None:
    """A flight with an address is not tied to another address that uses its callsign."""
    flight = expected(CORRIDOR, address="aaaaa1", callsign="NORTH1")
    seen = watch(line("aaaaa2", callsign="NORTH1"), known=Known((), (flight,)))
    assert not any(moment.tied for moment in seen)


def test_the_strongest_tie_holds() -> None:
    """Beside the address a callsign without an address ties nobody, so its exemption covers nobody else."""
    flight = expected(CORRIDOR, address="aaaaa1", callsign="NORTH1")
    known = Known((area(ZONE),), (flight,))
    other = line("", name="x", callsign="NORTH1", north_m=3_000, height_ft=20_000, until_s=200)
    seen = watch(line("aaaaa1", callsign="NORTH1", until_s=200), other, known=known)
    assert [alert.finding.identities for alert in began(seen) if alert.finding.kind == "area"] == [("NORTH1",)]


def test_two_that_go_as_one_flight_are_said() -> None:
    """Two tracks tied to one flight as strongly as each other are both kept and said."""
    known = Known((), (expected(CORRIDOR, callsign="NORTH1"),))
    seen = began(
        watch(line("aaaaa1", callsign="NORTH1"), line("aaaaa2", north_m=20_000, callsign="NORTH1"), known=known)
    )
    assert [(alert.finding.kind, alert.finding.thing) for alert in seen] == [("identity", "M-1")]


def test_an_officer_makes_and_breaks_a_tie() -> None:
    """What an officer made holds without any name; what he broke does not, whatever the feed says."""
    flight = expected(square(40_000, 30_000, 30_000), address="aaaaa1")
    made = Known((), (flight,), made=frozenset({("aaaaa9", "M-1")}))
    seen = watch(line("aaaaa9"), known=made)
    assert [alert.finding.strength for alert in began(seen)] == ["officer"]
    broken = Known((), (flight,), broken=frozenset({("aaaaa1", "M-1")}))
    assert not kinds(watch(line("aaaaa1"), known=broken))


def test_a_tie_is_not_made_long_before_the_window() -> None:
    """The same callsign yesterday is another flight."""
    flight = expected(CORRIDOR, callsign="NORTH1", window_s=(7_200, 9_000))
    assert not any(moment.tied for moment in watch(line("aaaaa1", callsign="NORTH1"), known=Known((), (flight,))))


def test_a_callsign_told_once_is_kept() -> None:
    """A report without the callsign does not untie the track."""
    own = line("aaaaa1", callsign="NORTH1")
    own[5:] = [msgspec.structs.replace(fix, callsign="") for fix in own[5:]]
    seen = watch(own, known=Known((), (expected(CORRIDOR, callsign="NORTH1"),)))
    assert all(moment.tied for moment in seen)


@settings(max_examples=80)
@given(
    st.floats(-20_000, 20_000),
    st.floats(-20_000, 20_000),
    st.none() | st.floats(0, 40_000),
    st.floats(0, 20_000),
    st.floats(0, 20_000),
)
def test_a_wider_doubt_never_turns_inside_into_outside(
    north_m: float, east_m: float, height_ft: float | None, doubt_m: float, more_m: float
) -> None:
    """With more doubt inside may become uncertain and outside uncertain, and nothing else changes."""
    fence = fence_around([room(square(0, 0, 10_000), LOW)])

    def answer(told_m: float) -> int:
        picture = Picture()
        fix = at_place("aaaaa1", 0, north_m, east_m, height_ft=height_ft)
        picture.take(msgspec.structs.replace(fix, doubt_m=told_m))
        return answers(picture.air(BEGIN_MS), fence, 0.0).get((0, 0)) or 0

    surer, vaguer = answer(doubt_m), answer(doubt_m + more_m)
    assert vaguer in (surer, UNCERTAIN)


def test_a_track_grows_uncertain_with_its_age() -> None:
    """What was inside is uncertain after a minute of silence, near the boundary."""
    picture, fence = Picture(), fence_around([room(square(0, 0, 10_000), OPEN)])
    picture.take(at_place("aaaaa1", 0, 0, 0, speed_mps=50.0))
    now = [answers(picture.air(BEGIN_MS + 1000 * age), fence, 0.0).get((0, 0)) for age in (0, 20, 110)]
    assert now[0] == now[1] == INSIDE
    assert now[2] == UNCERTAIN
    assert np.isfinite(picture.air(BEGIN_MS).wide.low_m).all()
