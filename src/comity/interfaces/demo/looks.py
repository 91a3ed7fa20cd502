"""What the offices' watches see in the story, told in plain words; each waits until it has come about everywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.request import urlopen

import msgspec

from comity.interfaces.cli.drafting import drafted
from comity.interfaces.demo.far_station import FarStation
from comity.interfaces.demo.made_air import AMBULANCE
from comity.interfaces.demo.relay import HOST
from comity.interfaces.demo.tell import Teller
from comity.model.errors import PeerError
from comity.views.sky.report import AirReport, AlertRow

PATIENCE_S = 90.0
COMPILING_S = 180.0
PAUSE_S = 0.3
Seen = Callable[[AirReport], object]


@dataclass(slots=True)
class Looks:
    """The looks at the air of one demo, and what they counted."""

    offices: Callable[[], list[FarStation]]
    pages: Mapping[str, int]
    teller: Teller
    tracks: int = 0
    alerts: set[tuple[str, str]] = field(default_factory=set)
    wrong: int = 0

    def before(self, step: str) -> None:
        """What must be so before that step of the scenario."""
        if step in BEFORE:
            BEFORE[step](self)

    def after(self, step: str) -> None:
        """What is looked at after that step of the scenario."""
        for look in AFTER.get(step, ()):
            look(self)

    def counted(self) -> str:
        """For the last line."""
        return f"{self.tracks} tracks watched, {len(self.alerts)} alerts raised in every office"

    def reports(self) -> dict[str, AirReport]:
        """What each office's watch says now."""
        return {each.name: _air(each) for each in self.offices()}

    def until(self, seen: Seen, what: str, patience_s: float = PATIENCE_S) -> dict[str, AirReport]:
        """The reports once all offices see it; what never comes is told and counted as wrong."""
        until = time.monotonic() + patience_s
        while True:
            reports = self.reports()
            if all(seen(each) for each in reports.values()):
                return reports
            if time.monotonic() > until:
                self.wrong += 1
                self.teller.seen(f"NOT SEEN within {patience_s:.0f} s: {what}")
                return {}
            time.sleep(PAUSE_S)


def _ready(looks: Looks) -> None:
    """All watches are at work; the first time on a machine they wait for a compiler, and that is said."""
    waiting = {each.waits_for for each in looks.reports().values() if each.waits_for}
    if waiting:
        looks.teller.aside(f"waiting until every office watches the air: {'; '.join(sorted(waiting))}")
    looks.until(lambda report: not report.waits_for and report.tracks, "every watch is at work", COMPILING_S)


def _followed(looks: Looks) -> None:
    """Cleared, and now seen: by its address it is tied to its request."""
    reports = looks.until(_ambulance, "the ambulance flight")
    for name, report in reports.items():
        looks.tracks = max(looks.tracks, len(report.tracks))
        looks.teller.seen(f"{name} sees medevac-1 in its corridor, tied by its address; {report.said}")


def _strayed(looks: Looks) -> None:
    """It leaves its corridor, and a stranger enters the area: both are said, the one with the act that fits it."""
    for kind, name, what in (("area", "", "the stranger in the area"), ("deviation", AMBULANCE[0], "the deviation")):
        reports = looks.until(lambda report, k=kind, n=name: _alert(report, k, n), what)  # type: ignore[misc]
        told = [_alert(report, kind, name) for report in reports.values()]
        if not told:
            continue
        looks.alerts.add((kind, name))
        alert = told[0]
        assert alert is not None, "every office sees it"
        looks.teller.seen(f"ALARM in {', '.join(reports)}: {alert.reason} (clause {alert.clause})")
        if kind == "deviation":
            act = drafted(alert)
            looks.teller.seen(f"comity tracks draft {alert.number} makes of it: {act.act} {' '.join(act.fields)}")
    _on_the_map(looks)


def _on_the_map(looks: Looks) -> None:
    """The status page of every office shows an alarm on its map."""
    for name, port in looks.pages.items():
        with urlopen(f"http://{HOST}:{port}/", timeout=PATIENCE_S) as page:
            shown = 'class="track alarm' in page.read().decode()
        if not shown:
            looks.wrong += 1
            looks.teller.seen(f"NOT ON THE MAP of {name}")
    looks.teller.seen(f"it is on the map of every status page: {', '.join(looks.pages)}")


def _is_back(looks: Looks) -> None:
    reports = looks.until(lambda report: _ambulance(report) and not _told(report, "deviation"), "its return")
    if reports:
        looks.teller.seen(f"{', '.join(reports)}: medevac-1 is seen in its corridor again")


BEFORE: Mapping[str, Callable[[Looks], None]] = {"at 12:20": _ready}
AFTER: Mapping[str, tuple[Callable[[Looks], None], ...]] = {"at 12:20": (_followed, _strayed), "at 12:35": (_is_back,)}
"""Step of the scenario -> what is looked at before and after it."""


def _air(office: FarStation) -> AirReport:
    try:
        found = office.door.ask("show", {"ask": "air", "text": ""})["answer"]
    except PeerError:
        office.status()  # starts it again if it is gone
        return AirReport(waits_for="the office is started again")
    return AirReport() if found is None else msgspec.convert(found, AirReport)


def _ambulance(report: AirReport) -> bool:
    """Whether it is seen now, tied to its request."""
    return any(
        track.identity == AMBULANCE[0] and track.tied_by == "address" and track.age_s < 10 for track in report.tracks
    )


def _alert(report: AirReport, kind: str, name: str) -> AlertRow | None:
    """The alert of that kind about that aircraft, or about any but the ambulance."""
    for each in report.alerts:
        if each.kind == kind and (name in each.identities if name else AMBULANCE[0] not in each.identities):
            return each
    return None


def _told(report: AirReport, kind: str) -> bool:
    return _alert(report, kind, AMBULANCE[0]) is not None
