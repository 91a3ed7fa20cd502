"""What is hard to believe: jumps, frozen places, impossible heights, one identity for two, two for one."""

from __future__ import annotations

import msgspec
import pytest

from comity.airspace.picture import Picture
from comity.airspace.track import Mark
from sky_watch.made import BEGIN_MS, NM_M, at_place, began, kinds, line, second, watch
from sky_watch.spoofing import spoofed


def test_a_jump_is_said_with_its_numbers() -> None:
    """A report 111 km from the one before it is implausible, and says why."""
    seen = began(watch(spoofed(line("aaaaa1"), 4)))
    assert [alert.finding.kind for alert in seen] == ["implausible"]
    assert second(seen[0]) == 40
    assert "111.1 km from its last one 10 s before" in seen[0].finding.reason


def test_a_jump_hides_no_loss() -> None:
    """A track that tells a false place while it meets another is lost where it leads to, at the first report inside."""
    own = line("aaaaa1", until_s=200)
    other = line("aaaaa2", north_m=30_000, track_deg=180, east_m=26_000, until_s=200)
    plain = [alert for alert in began(watch(own, other)) if alert.finding.kind == "loss"]
    first = int(second(plain[0]) // 10)
    fooled = [alert for alert in began(watch(spoofed(own, first), other)) if alert.finding.kind == "loss"]
    assert second(fooled[0]) == second(plain[0])
    long = [alert for alert in began(watch(spoofed(own, *range(first - 2, first + 4)), other))]
    said = [alert for alert in long if alert.finding.kind in ("loss", "possible-loss")]
    assert second(said[0]) <= second(plain[0])


def test_a_claim_is_watched_beside_its_track() -> None:
    """A false place beside a third track is a possible loss with it; the true track is not moved."""
    third = line("aaaaa3", north_m=60 * NM_M)
    seen = began(watch(spoofed(line("aaaaa1"), 4, 5), third))
    assert {alert.finding.kind for alert in seen} == {"implausible", "possible-loss"}
    assert "a place that it could not have reached" in seen[-1].finding.doubts or seen[0].finding.doubts


def test_a_claim_that_is_borne_out_is_believed() -> None:
    """If all reports come from the new place for 20 s it is the track's; the old one is kept until it is lost."""
    own = spoofed(line("aaaaa1"), *range(6, 13))
    picture = Picture()
    for fix in own[:11]:
        picture.take(fix)
    air = picture.air(BEGIN_MS + 100_000)
    assert air.tracks[0].fix.latitude_deg == pytest.approx(own[10].latitude_deg)
    assert len(air.tracks) == 2
    assert len(picture.air(BEGIN_MS + 180_000).tracks) == 1


def test_a_track_that_begins_with_a_lie_is_soon_where_it_is() -> None:
    """If the first report is the false one, the second that fits the others settles it."""
    picture = Picture()
    for fix in spoofed(line("aaaaa1"), 0)[:3]:
        picture.take(fix)
    air = picture.air(BEGIN_MS + 20_000)
    assert air.tracks[0].fix.latitude_deg == pytest.approx(46.0)
    assert air.marks[1] & Mark.CLAIM


def test_two_aircraft_under_one_identity_are_said_and_both_watched() -> None:
    """Reports by turns from two places are an identity finding, and each of the two can lose separation."""
    two = [fix for a, b in zip(line("aaaaa1"), spoofed(line("aaaaa1"), *range(13)), strict=True) for fix in (a, b)]
    near_one = line("aaaaa3", north_m=3 * NM_M)
    near_other = line("aaaaa4", north_m=63 * NM_M)
    seen = began(watch(two, near_one, near_other))
    assert "identity" in [alert.finding.kind for alert in seen]
    losses = {alert.finding.identities for alert in seen if alert.finding.kind == "loss"}
    assert losses == {("aaaaa1", "aaaaa3"), ("aaaaa1", "aaaaa4")}


def test_one_aircraft_under_two_identities_is_no_loss_with_itself() -> None:
    """Two feeds that tell one flight by its address and by its callsign: an identity finding, no alarm."""
    by_address = line("aaaaa1", callsign="NORTH1", source="one")
    by_name = line("", callsign="NORTH1", source="two", north_m=100)
    seen = kinds(watch(by_address, by_name))
    assert "loss" not in seen
    assert {"identity", "possible-loss"} <= set(seen)


def test_two_aircraft_so_close_are_a_loss_whatever_else_is_said() -> None:
    """Two addresses, no name in common: a loss, and after three reports the words that it may be one aircraft."""
    seen = kinds(watch(line("aaaaa1"), line("aaaaa2", north_m=100)))
    assert seen[0] == "loss"
    assert "identity" in seen


def test_a_frozen_place_is_said_and_led_on() -> None:
    """The same place for 45 s at 230 m/s is implausible; until it is said the track is led on from it."""
    frozen = [at_place("aaaaa1", 10.0 * n, 0, 0) for n in range(9)]
    seen = began(watch(line("aaaaa1", until_s=0), frozen[1:]))
    assert [alert.finding.kind for alert in seen] == ["implausible"]
    assert second(seen[0]) == 50
    picture = Picture()
    for fix in frozen:
        picture.take(fix)
    air = picture.air(BEGIN_MS + 80_000)
    assert air.age_s[0] == 80
    assert air.heard_s[0] == 0
    assert air.wide.doubt_m[0] > 10_000


@pytest.mark.parametrize("speed_mps", [0.0, 2.0, None])
def test_a_hovering_aircraft_is_not_frozen(speed_mps: float | None) -> None:
    """The same place at no speed, or at a speed that nobody tells, is a place where something stands."""
    hover = [at_place("aaaaa1", 5.0 * n, 0, 0, speed_mps=speed_mps, track_deg=None) for n in range(40)]
    assert not kinds(watch(hover))


def test_a_frozen_track_does_not_vanish() -> None:
    """A place told again and again for minutes stays a possible loss with what may meet it."""
    frozen = [at_place("aaaaa1", 10.0 * n, 0, 0) for n in range(20)]
    other = line("aaaaa2", north_m=30_000, track_deg=180, from_s=120, until_s=190, east_m=30_000)
    assert "possible-loss" in kinds(watch(frozen, other))


def test_a_height_that_cannot_be_reached_is_doubted_until_it_is_told_again() -> None:
    """One report 20,000 ft lower is implausible and moves nothing; a second like it is believed."""
    own = line("aaaaa1")
    own[4] = msgspec.structs.replace(own[4], pressure_m=3_000.0)
    other = line("aaaaa2", north_m=2 * NM_M, height_ft=30_200)
    seen = watch(own, other)
    assert kinds(seen)[0] == "loss"
    assert "implausible" in kinds(seen)
    picture = Picture()
    for fix in [*line("aaaaa1", until_s=20), *line("aaaaa1", from_s=30, height_ft=10_000)]:
        picture.take(fix)
    assert picture.air(BEGIN_MS + 120_000).nominal.low_m[0, 0] == pytest.approx(3_048.0)


def test_a_false_height_may_be_true() -> None:
    """While heights are told that do not fit each other the track may be at any of them."""
    own = line("aaaaa1", until_s=60)
    for number, height_m in ((4, 3_000.0), (5, 6_000.0), (6, 2_500.0)):
        own[number] = msgspec.structs.replace(own[number], pressure_m=height_m)
    below = line("aaaaa2", north_m=2 * NM_M, height_ft=20_000, until_s=60)
    assert "possible-loss" in kinds(watch(own, below))


def test_an_impossible_height_is_refused_with_its_reason() -> None:
    """A height above all aircraft is refused by the picture, too."""
    fix = msgspec.structs.replace(at_place("aaaaa1", 0, 0, 0), pressure_m=32_827.0)
    assert Picture().take(fix) == "a pressure altitude of 32827 m; aircraft fly between -1000 and 30000 m"


def test_late_and_doubled_reports_are_counted_and_move_nothing() -> None:
    """A report older than the newest is late; the same one again, from another source, is doubled."""
    picture, own = Picture(), line("aaaaa1")
    for fix in (own[0], own[2], own[1], own[2], msgspec.structs.replace(own[2], source="other")):
        picture.take(fix)
    assert (picture.late, picture.doubled) == (1, 2)
    assert picture.air(BEGIN_MS + 20_000).tracks[0].fix == own[2]


def test_a_source_with_a_fast_clock_blocks_nobody() -> None:
    """A report of the future counts as of its arrival, so that true reports that follow are not late."""
    picture, own = Picture(), line("aaaaa1")
    picture.take(msgspec.structs.replace(own[0], at_ms=own[0].at_ms + 3_600_000))
    picture.take(own[1])
    assert picture.late == 0
    assert picture.air(own[1].at_ms).tracks[0].fix == own[1]


def test_a_flood_of_identities_is_bounded_by_source() -> None:
    """A source that tells more tracks than it may leaves room for another's."""
    picture = Picture(tracks_most=100, tracks_of_source_most=60)
    for number in range(1_000):
        picture.take(at_place(f"{number:06x}", 0, 0, 0, source="flood"))
    assert len(picture) == 60
    assert picture.left_out == 940
    assert picture.take(at_place("bbbbbb", 0, 0, 0, source="radar")) is None
    picture.air(BEGIN_MS + 600_000)
    assert len(picture) == 0
    assert picture.take(at_place("cccccc", 600, 0, 0, source="flood")) is None


def test_claims_are_bounded() -> None:
    """A track that tells a new place each second holds a few claims and no more."""
    picture = Picture()
    for fix in line("aaaaa1", until_s=30):
        picture.take(fix)
    for number in range(100):
        picture.take(at_place("aaaaa1", 30 + number / 10, (number + 1) * 50_000 % 3_000_000, 400_000))
    assert len(picture.air(BEGIN_MS + 40_000).tracks) <= 4


def test_a_speed_told_again_and_again_is_not_believed_against_the_places() -> None:
    """A feed that repeats an old course while the places turn away from it leads the track where the places go."""
    told = [msgspec.structs.replace(fix, speed_mps=276.0, track_deg=280.5) for fix in line("aaaaa1", step_s=5)]
    picture = Picture()
    for fix in told:
        picture.take(fix)
    (track,) = picture.air(BEGIN_MS + 120_000).tracks
    assert track.track_deg == pytest.approx(90, abs=1)
    assert track.speed_mps == pytest.approx(230, abs=1)
    assert not track.claims


def test_a_stale_course_makes_no_second_aircraft() -> None:
    """The place stands still for 20 s in such a feed and comes 4.6 km farther on: the same aircraft, nothing to say."""
    own = [
        msgspec.structs.replace(fix, speed_mps=276.0, track_deg=280.5) for fix in line("aaaaa1", until_s=200, step_s=5)
    ]
    held = [msgspec.structs.replace(fix, longitude_deg=own[20].longitude_deg) for fix in own[20:24]]
    assert not kinds(watch([*own[:20], *held, *own[24:]], line("aaaaa2", north_m=200_000, until_s=200)))


def test_a_course_that_is_true_for_an_hour_is_believed() -> None:
    """Straight flight tells one speed and course for long; so does a spoofer of some reports, who changes nothing."""
    picture = Picture()
    for fix in spoofed(line("aaaaa1", until_s=600), 20, 40):
        picture.take(fix)
    (track,) = [each for each in picture.air(BEGIN_MS + 600_000).tracks if not each.jump_m]
    assert (track.speed_mps, track.track_deg) == (230.0, 90.0)
