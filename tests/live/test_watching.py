"""The watch at work under a made-up clock: what is agreed arrives, tracks come, grow old and are said to be so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from comity.airspace.fix import Fix
from comity.interfaces.feeds import FORMATS, csv_lines
from comity.model.volume import Altitude, Band, Volume, Window
from comity.office.sky.address import wanted
from comity.office.sky.frames import agreed_in, framed, report_in
from comity.office.sky.health import Health
from comity.office.sky.sources import Sources
from comity.office.sky.watching import Watch, keep_watching, warm_up
from comity.views.sky.agreed import Agreed, AgreedArea, AgreedFlight
from comity.views.sky.report import AirReport
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
    assert agreed_in(framed(agreed)[4:]) == agreed
    report = flown(agreed, eastward(30), 30)[-1]
    assert report_in(framed(report)[4:]) == report


def test_warm_up_says_when_it_compiles() -> None:
    """Air that is not there is looked at once, so that all is compiled; nothing is said if all is."""
    said: list[AirReport] = []
    warm_up(said.append)
    again: list[AirReport] = []
    warm_up(again.append)
    assert not again and all("compiled" in each.waits_for for each in said)
