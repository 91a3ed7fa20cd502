"""What other sources, and the ground, may do to a track: nothing that one liar alone could want."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest

from comity.airspace.fix import Fix
from comity.airspace.picture import Picture
from comity.airspace.track import Mark
from sky_watch.made import BEGIN_MS, FT_M, NM_M, at_place, began, kinds, line, second, watch

HELICOPTER = {"speed_mps": 55.0, "height_ft": 6_000.0}


def from_ground(
    seconds: float, source: str, north_m: float = 0.0, east_m: float = 0.0, speed_mps: float | None = 10.0
) -> Fix:
    """A report from the ground."""
    told = at_place("aaaaa1", seconds, north_m, east_m, height_ft=None, speed_mps=speed_mps, source=source)
    return msgspec.structs.replace(told, on_ground=True)


def taken(picture: Picture, *flights: Iterable[Fix]) -> list[str]:
    """Takes them by time; what was refused."""
    fixes = sorted((fix for flight in flights for fix in flight), key=lambda fix: fix.at_ms)
    return [problem for fix in fixes if (problem := picture.take(fix)) is not None]


@pytest.mark.parametrize("flown", [{}, HELICOPTER], ids=["at 30,000 ft", "at 6,000 ft"])
@pytest.mark.parametrize("far_m", [0.0, 900_000.0])
@pytest.mark.parametrize("echoes", [False, True], ids=["from the ground only", "and its true place"])
def test_the_ground_reports_of_another_source_hide_nothing(flown: dict[str, float], far_m: float, echoes: bool) -> None:
    """A second feed that tells it on the ground twice a second, here or far away, never takes it out of the picture."""
    speed = flown.get("speed_mps", 230.0)
    true = line("aaaaa1", step_s=1, **flown)  # type: ignore[arg-type]
    lies = [from_ground(n / 2 + 0.1, "evil", far_m, speed * (n / 2 + 0.1)) for n in range(240)]
    copies = [msgspec.structs.replace(fix, source="evil", at_ms=fix.at_ms + 50) for fix in true if echoes]
    seen = watch(true, lies, copies, line("aaaaa2", north_m=NM_M, step_s=1, **flown))  # type: ignore[arg-type]
    assert all(any(track.identity == "aaaaa1" for track in moment.air.tracks) for moment in seen)
    said = began(seen)
    assert {alert.finding.kind for alert in said} <= {"loss", "possible-loss", "implausible"}
    assert second(next(alert for alert in said if alert.finding.kind == "loss")) < 1
    lie = next(alert.finding for alert in said if alert.finding.thing == "ground")
    assert "told on the ground by evil" in lie.reason


def test_the_ground_reports_of_its_own_source_end_it() -> None:
    """Who told it in the air and then twice on the ground is believed; once is an error, and no other's word counts."""
    descent = {"speed_mps": 60.0, "height_ft": 400.0, "until_s": 60}
    picture = Picture()
    assert not taken(picture, line("aaaaa1", **descent))  # type: ignore[arg-type]
    assert (
        picture.take(from_ground(61, "roof", east_m=3_660))
        == "told on the ground by roof, which did not tell it in the air"
    )
    for seconds, held in ((62, 1), (63, 0)):
        assert picture.take(from_ground(seconds, "radar", east_m=3_700)) is None
        assert len(picture) == held


def test_of_two_sources_both_must_say_it_or_one_be_silent() -> None:
    """While another source has told it in the air within 20 s the word of one is not enough, and is no lie either."""
    descent = {"speed_mps": 60.0, "height_ft": 400.0, "until_s": 60, "step_s": 5}
    picture = Picture()
    two = line("aaaaa1", **descent), line("aaaaa1", source="roof", north_m=20, **descent)  # type: ignore[arg-type]
    assert not taken(picture, *two)
    for seconds in (65, 70, 75, 80):
        assert picture.take(from_ground(seconds, "roof", east_m=3_800)) is None
        assert not picture.air(BEGIN_MS + seconds * 1000).marks[0] & Mark.ODD_GROUND
        assert len(picture) == 1
    picture.take(from_ground(81, "roof", east_m=3_800))
    picture.take(from_ground(82, "roof", east_m=3_800))
    assert len(picture) == 0
    picture = Picture()
    taken(picture, *two)
    assert not taken(picture, [from_ground(61, "roof", east_m=3_700), from_ground(61.5, "radar", east_m=3_700)])
    taken(picture, [from_ground(62, "roof", east_m=3_700), from_ground(62.5, "radar", east_m=3_700)])
    assert len(picture) == 0


@pytest.mark.parametrize(
    ("height_ft", "speed_mps"), [(30_000.0, 230.0), (30_000.0, None), (1_000.0, 230.0)], ids=["both", "height", "speed"]
)
def test_who_flies_with_its_ground_bit_set_is_a_track(height_ft: float, speed_mps: float | None) -> None:
    """A report that shows flight begins a track and is watched as one, whatever its ground bit says; and is marked."""
    plain = line("aaaaa1", height_ft=height_ft)
    flying = [msgspec.structs.replace(fix, on_ground=True, speed_mps=speed_mps) for fix in plain]
    seen = watch(flying, line("aaaaa2", north_m=NM_M, height_ft=height_ft))
    assert kinds(seen) == ["loss", "implausible"]
    assert all(len(moment.air.tracks) == 2 for moment in seen)
    assert "told on the ground by radar, in flight" in began(seen)[1].finding.reason


def test_nothing_stops_as_fast_as_that() -> None:
    """A second after 230 m/s nothing is on the ground, however low it was."""
    picture = Picture()
    taken(picture, line("aaaaa1", height_ft=1_000, until_s=60))
    assert (
        picture.take(from_ground(61, "radar", east_m=14_000))
        == "told on the ground by radar 1 s after a speed of 230 m/s"
    )
    assert picture.take(from_ground(90, "radar", east_m=17_000)) is None


def test_two_sources_that_differ_are_said_and_widen_the_track() -> None:
    """A feed that always comes first and tells a place 2 km aside moves no track unseen: both places are covered."""
    true = line("aaaaa1", step_s=1)
    early = [
        msgspec.structs.replace(fix, source="evil", at_ms=fix.at_ms + 1_900, arrived_ms=0)
        for fix in line("aaaaa1", step_s=1, north_m=2_000, east_m=230 * 1.9)
    ]
    picture = Picture()
    assert not taken(picture, true, early)
    assert picture.late == 0
    air = picture.air(BEGIN_MS + 122_000)
    assert air.marks[0] & Mark.DIFFER
    assert air.contested[0]
    assert air.wide.doubt_m[0] >= 2_000
    said = began(watch(true, early))
    assert [alert.finding.kind for alert in said] == ["identity"]
    assert "evil and radar tell aaaaa1 at places 2.0 km apart" in said[0].finding.reason
    other = line("aaaaa2", north_m=-4.5 * NM_M, step_s=1)
    found = kinds(watch(true, early, other))
    assert "possible-loss" in found or "loss" in found


@pytest.mark.parametrize("behind_s", [0.0, 2.0, 3.5])
@pytest.mark.parametrize("turning", [False, True])
def test_two_sources_that_agree_are_not(behind_s: float, turning: bool) -> None:
    """The same flight of two receivers, the one some seconds behind, is one track in no doubt; so it is in a turn."""
    true = line("aaaaa1", step_s=1, until_s=60)
    if turning:
        more = line("aaaaa1", step_s=1, from_s=1, until_s=60, track_deg=0.0, east_m=13_800)
        true += [msgspec.structs.replace(fix, at_ms=fix.at_ms + 60_000, arrived_ms=0) for fix in more]
    slow = [
        msgspec.structs.replace(fix, source="roof", at_ms=fix.at_ms + round(behind_s * 1000), arrived_ms=0)
        for fix in true
    ]
    picture = Picture()
    taken(picture, true, slow)
    assert picture.late == 0
    assert not kinds(watch(true, slow))


def test_an_older_report_of_another_source_is_heard() -> None:
    """It moves nothing, and is not late: the height that it alone tells is known."""
    first = [msgspec.structs.replace(fix, pressure_m=None) for fix in line("aaaaa1", step_s=1, until_s=20)]
    behind = [
        msgspec.structs.replace(fix, source="roof", arrived_ms=fix.at_ms + 3_000) for fix in line("aaaaa1", until_s=20)
    ]
    picture = Picture()
    for fix in sorted([*first, *behind], key=lambda fix: fix.arrived_ms):
        assert picture.take(fix) is None
    air = picture.air(BEGIN_MS + 21_000)
    assert air.nominal.low_m[0, 0] == pytest.approx(30_000 * FT_M)
    assert (picture.late, air.tracks[0].fix.source) == (0, "radar")


def test_when_there_is_no_room_one_report_makes_it() -> None:
    """A flood of identities told once each pushes out itself, not the newcomers of another source; all are counted."""
    picture = Picture(tracks_most=100, tracks_of_source_most=100)
    flown = [line(f"bbbbb{number}", north_m=number * 9_000, source="radar", until_s=20) for number in range(5)]
    taken(picture, *flown)
    for number in range(1_000):
        assert picture.take(at_place(f"{number:06x}", 21, 0, 0, source="flood")) is None
        if number % 100 == 0:
            assert picture.take(at_place(f"cccc{number // 100:02x}", 21, 0, 0, source="radar")) is None
    held = {track.identity for track in picture.air(BEGIN_MS + 22_000).tracks}
    assert len(held) == 100
    assert {f"bbbbb{number}" for number in range(5)} <= held
    assert {f"cccc{number:02x}" for number in range(10)} <= held
    assert picture.unheld() == 915
    picture.air(BEGIN_MS + 300_000)
    assert picture.unheld() == 0


def test_what_is_full_of_flights_borne_out_takes_no_more_and_says_so() -> None:
    """Tracks of two reports are not pushed out; who finds no room is not unbelievable but left out."""
    picture = Picture(tracks_most=10, tracks_of_source_most=10)
    taken(picture, *(line(f"bbbbb{number}", north_m=number * 9_000, until_s=10) for number in range(10)))
    assert picture.take(at_place("cccccc", 11, 0, 0)) == "more tracks than are held; the newest is left out"
    assert picture.take(at_place("cccccc", 12, 0, 0)) is not None
    assert (picture.refused, picture.left_out, picture.unheld()) == (0, 2, 1)
    picture.take(msgspec.structs.replace(at_place("bbbbb1", 13, 0, 0), pressure_m=90_000.0))
    assert (picture.refused, picture.left_out) == (1, 2)
