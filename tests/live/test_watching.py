"""The watch at work under a made-up clock: what is agreed arrives, tracks come, grow old and are said to be so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from comity.airspace.fix import Fix
from comity.interfaces.feeds import FORMATS, csv_lines
from comity.model.volume import Altitude, Band, Volume, Window
from comity.office.sky.address import wanted
from comity.office.sky.frames import framed, handed_in, kept_in
from comity.office.sky.handing import Handed
from comity.office.sky.health import Health
from comity.office.sky.sources import Sources
from comity.office.sky.watching import Watch, keep_watching, warm_up
from comity.views.sky.agreed import Agreed, AgreedArea, AgreedFlight
from comity.views.sky.kept import Kept
from comity.views.sky.report import AirReport, AlertRow
from feeds.samples import AT_MS
from feeds.sky_clock import FakeClock


class Said:
    """Sources that say what a test tells them to. Satisfies `watching.Told`."""

    def __init__(self) -> None:
        self.waiting: list[Fix] = []

    def take(self) -> list[Fix]:
        """What was told since."""
        fixes, self.waiting = self.waiting, []
        return fixes

    def health(self) -> tuple[Health, ...]:
        """Of nobody."""
        return ()


def fix(at_ms: int, longitude: float = 8.0, address: str = "4b1801", latitude: float = 46.0) -> Fix:
    """A place, told as soon as it was reached."""
    return Fix(
        source="roof", at_ms=at_ms, arrived_ms=at_ms, latitude_deg=latitude, longitude_deg=longitude, address=address,
        pressure_m=2_000.0, speed_mps=77.0, track_deg=90.0, climb_mps=0.0,
    )  # fmt: skip


def volume(south: float, west: float, north: float, east: float, ceiling_fl: int = 100) -> Volume:
    """A box from the ground to a level, from the beginning of the test."""
    corners = ((south, west), (south, east), (north, east), (north, west))
    ring = tuple((round(latitude * 1e7), round(longitude * 1e7)) for latitude, longitude in corners)
    band = Band(floor=None, ceiling=Altitude(value=ceiling_fl, unit="fl", datum="pressure"))
    return Volume(ring=ring, band=band, window=Window(from_ms=AT_MS, until_ms=AT_MS + 3_600_000))


AREA = AgreedArea("a-1", volume(45.8, 8.2, 46.2, 8.6), "5.1", "exemption", ("air",))
CORRIDOR = AgreedFlight("f" * 64, "amb-1", "movement", "aid", volume(45.97, 7.9, 46.03, 8.8), "4b1801")


def flown(agreed: Agreed, fixes: Iterable[Fix], seconds: int) -> list[AirReport]:
    """A report a second, the tracks coming when they are due."""
    clock, said, reports = FakeClock(), Said(), list[AirReport]()
    watch, due = Watch(said, clock), list(fixes)
    watch.agree(agreed)

    async def wait(seconds: float) -> None:
        await clock.wait(seconds)
        said.waiting += [each for each in due if clock.now_ms() - 1_000 < each.at_ms <= clock.now_ms()]

    async def play() -> None:
        running = asyncio.create_task(keep_watching(watch, clock, reports.append, wait))
        while clock.steady_ms() < seconds * 1000:
            await clock.turn(seconds * 1000)
        running.cancel()

    asyncio.run(play())
    return reports


def eastward(seconds: int, latitude: float = 46.0) -> list[Fix]:
    """A flight east, a report every five seconds: 0.001 degree a second."""
    return [fix(AT_MS + second * 1000, 8.0 + second * 0.001, latitude=latitude) for second in range(1, seconds, 5)]


def test_looks_once_a_second() -> None:
    """A report a second, the first of them before any track is known."""
    reports = flown(Agreed(), eastward(20), 20)
    assert [each.at_ms for each in reports] == [AT_MS + second * 1000 for second in range(len(reports))]
    assert 19 <= len(reports) <= 21
    assert reports[0].said.startswith("no conflict known among 0 tracks")
    assert reports[-1].said.startswith("no conflict known among 1 track")


def test_area_entered() -> None:
    """A flight that nobody knows enters an area: near it first, then inside, with the clause; its number stays."""
    reports = flown(Agreed((AREA,)), eastward(300), 300)
    kinds = [{alert.kind: alert for alert in report.alerts} for report in reports]
    first = next(number for number, each in enumerate(kinds) if "area" in each)
    assert 200 <= first <= 215 and any("near-area" in each for each in kinds[:first])
    alert = kinds[first]["area"]
    assert (alert.severity, alert.clause, alert.thing, alert.about) == ("alarm", "5.1", "a-1", "area")
    assert {each["area"].number for each in kinds[first:]} == {alert.number}


def test_an_alert_is_where_its_claim_is() -> None:
    """A track in the open makes one claim inside the area, and the alert of it is told where the track is."""
    fixes = [*eastward(30), fix(AT_MS + 12_000, 8.4)]
    alerts = [each for report in flown(Agreed((AREA,)), fixes, 30) for each in report.alerts]
    (place,) = next(each.places for each in alerts if each.kind == "possible-area")
    assert abs(place[1] - 8.4) < 0.05
    pair = [*eastward(10), *(fix(each.at_ms, 8.0, "4b1700", 46.03) for each in eastward(10))]
    loss = next(each for report in flown(Agreed(), pair, 10) for each in report.alerts if each.kind == "loss")
    assert loss.identities == ("4b1700", "4b1801") and [round(lat, 2) for lat, _ in loss.places] == [46.03, 46.0]


def test_exempt_flight_is_let_in_and_followed() -> None:
    """The same flight under its exemption raises nothing; its track names it and the strength of the tie."""
    reports = flown(Agreed((AREA,), (CORRIDOR,)), eastward(300), 300)
    assert not any(alert.kind in ("area", "deviation") for report in reports for alert in report.alerts)
    (track,) = reports[-1].tracks
    assert (track.flight, track.tied_by, track.datum) == ("amb-1", "address", "pressure altitude")


def test_exempt_flight_strays() -> None:
    """Off its corridor it deviates at once, and the alert names the request that its act is about."""
    reports = flown(Agreed((), (CORRIDOR,)), eastward(20, latitude=46.2), 20)
    alert = next(alert for report in reports for alert in report.alerts if alert.kind == "deviation")
    assert (alert.thing, alert.about) == (CORRIDOR.id, "movement") and "off its corridor" in alert.reason


def test_silence_is_said() -> None:
    """When nothing comes any more the oldest track grows old, the exempt flight is lost, and nothing becomes clear."""
    reports = flown(Agreed((), (CORRIDOR,)), eastward(30), 110)
    assert "oldest 8" in reports[-1].said and reports[-1].tracks[0].age_s > 70
    assert any(alert.kind == "lost" and alert.about == "movement" for alert in reports[-1].alerts)


def test_what_is_agreed_can_change() -> None:
    """An area that is agreed while tracks are watched holds from the next look on."""
    clock, said = FakeClock(), Said()
    watch = Watch(said, clock)
    said.waiting = [fix(AT_MS, 8.4)]
    assert not watch.look().alerts
    watch.agree(Agreed((AREA,)))
    assert [alert.kind for alert in watch.look().alerts] == ["area"]
    watch.agree(Agreed())
    assert watch.look().tracks


def looked(watch: Watch, clock: FakeClock, said: Said, fixes: Iterable[Fix], seconds: int) -> list[AirReport]:
    """A report a second of a watch, the fixes coming when they are due."""
    due, reports = list(fixes), []
    for _ in range(seconds):
        said.waiting = [each for each in due if clock.now_ms() - 1_000 < each.at_ms <= clock.now_ms()]
        reports.append(watch.look())
        clock.passed_ms += 1_000
    return reports


def begun_anew(watch: Watch, clock: FakeClock, agreed: Agreed, pause_ms: int) -> tuple[Watch, Said]:
    """Another watch after that one, which knows what goes through a frame and nothing else."""
    kept = kept_in(framed(watch.kept(watch.look()))[4:])
    clock.passed_ms += pause_ms
    said = Said()
    anew = Watch(said, clock)
    anew.agree(agreed)
    anew.go_on(kept)
    return anew, said


def test_a_watch_that_begins_anew_goes_on() -> None:
    """It is started anew: numbers begin at 1 and name other alerts, what was seen is unseen, and nobody is told that it
    has only just begun."""
    clock, said, agreed = FakeClock(), Said(), Agreed((AREA,))
    watch = Watch(said, clock)
    watch.agree(agreed)
    inside = [fix(AT_MS + second * 1000, 8.4 + second * 0.001) for second in range(60)]
    before = looked(watch, clock, said, inside, 10)[-1]
    (area,) = before.alerts
    assert area.kind == "area" and "began" in before.said
    anew, said = begun_anew(watch, clock, agreed, 20_000)
    other = [fix(each.at_ms, 8.3, "4b1999") for each in inside]
    reports = looked(anew, clock, said, [*inside, *other], 20)
    assert "the watch began 0 s ago" in reports[0].said and area.number in [each.number for each in reports[0].alerts]
    found = {each.identities[0]: each for each in reports[-1].alerts if each.kind == "area"}
    assert (found["4b1801"].number, found["4b1801"].since_ms) == (area.number, area.since_ms)
    assert found["4b1999"].number > area.number


def test_after_a_long_pause_it_is_another_alert() -> None:
    """After a quarter of an hour of which nobody knows anything, an alert is the one that an officer had seen."""
    clock, said, agreed = FakeClock(), Said(), Agreed((AREA,))
    watch = Watch(said, clock)
    watch.agree(agreed)
    (area,) = looked(watch, clock, said, [fix(AT_MS, 8.4)], 1)[-1].alerts
    anew, said = begun_anew(watch, clock, agreed, 1_000_000)
    assert not anew.look().alerts
    again = next(each for report in looked(anew, clock, said, [fix(clock.now_ms(), 8.4)], 3) for each in report.alerts)
    assert again.number > area.number and again.since_ms > area.since_ms


def test_a_flight_that_fell_silent_meanwhile_is_lost() -> None:
    """The watch is started anew while a flight falls silent, and nobody ever says that it is lost; or all are called
    lost at once, before anybody has listened."""
    clock, said, agreed = FakeClock(), Said(), Agreed((), (CORRIDOR,))
    watch = Watch(said, clock)
    watch.agree(agreed)
    looked(watch, clock, said, eastward(30), 30)
    anew, said = begun_anew(watch, clock, agreed, 50_000)
    reports = looked(anew, clock, said, [], 90)
    lost = [second for second, report in enumerate(reports) for each in report.alerts if each.kind == "lost"]
    assert lost and 60 <= lost[0] <= 65
    (row,) = reports[-1].alerts
    third, _ = begun_anew(anew, clock, agreed, 5_000)
    (again,) = third.look().alerts
    assert (again.kind, again.number, again.since_ms) == ("lost", row.number, row.since_ms)


def test_a_flight_that_was_landing_is_not_lost_anew() -> None:
    """It was landing when it was last heard; the watch begins anew, knows no track of it, and calls it lost."""
    clock = FakeClock()
    row = AlertRow(
        4, "landing", "notice", AT_MS, AT_MS, ("4b1801",), "it was landing", "5.12", 70.0, CORRIDOR.id, "movement"
    )
    anew = Watch(Said(), clock)
    anew.agree(Agreed((), (CORRIDOR,)))
    anew.go_on(Kept(AirReport(AT_MS, alerts=(row,)), 4, {CORRIDOR.id: AT_MS - 70_000}))
    for _ in range(3):
        (found,) = anew.look().alerts
        assert (found.kind, found.number, found.reason) == ("landing", 4, "it was landing")
        clock.passed_ms += 60_000


def test_replayed_file(tmp_path: Path) -> None:
    """A file that is replayed as if it came now goes through the sources into the watch."""
    (tmp_path / "day.csv").write_text("".join(csv_lines(eastward(100))))
    clock, reports = FakeClock(), list[AirReport]()
    source = wanted("day", f"file:{tmp_path / 'day.csv'}?from=now&speed=1")

    async def play() -> None:
        sources = Sources([source], FORMATS, clock, wait=clock.wait)
        reading = asyncio.create_task(sources.run())
        watching = asyncio.create_task(keep_watching(Watch(sources, clock), clock, reports.append, clock.wait))
        while clock.steady_ms() < 60_000:
            await clock.turn(60_000)
            await asyncio.sleep(0.001)
        for each in (reading, watching):
            each.cancel()

    asyncio.run(play())
    assert "among 1 track" in reports[-1].said and "sources day" in reports[-1].said
    assert reports[-1].tracks[0].age_s < 12


def test_frames_carry_all() -> None:
    """What goes between the processes is what arrives, with bounds that are none."""
    agreed = Agreed((AREA,), (CORRIDOR,))
    report = flown(agreed, eastward(30), 30)[-1]
    kept = Kept(report, 7, {CORRIDOR.id: AT_MS}, ("a",))
    assert kept_in(framed(kept)[4:]) == kept
    assert handed_in(framed(Handed(agreed, kept))[4:]) == Handed(agreed, kept)


def test_warm_up_says_when_it_compiles() -> None:
    """Air that is not there is looked at once, so that all is compiled; nothing is said if all is."""
    said: list[AirReport] = []
    warm_up(said.append)
    again: list[AirReport] = []
    warm_up(again.append)
    assert not again and all("compiled" in each.waits_for for each in said)
