"""The act that fits an alert, its fields filled in from the alert: a draft, which an officer reads and signs, or not.

An alert is no breach and a track no proof: what is drafted states what was seen, holds, or asks; it never finds.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.views.sky.report import AirReport, AlertRow, TrackRow

WHAT = {"deviation": "deviating", "lost": "lost", "back": "back"}
AROUND_KM = 10
HASH_DIGITS = 16
STRANGERS = ("area", "possible-area", "undeclared")
WINDOW = "volume.window=+0min..+30min"


@dataclass(frozen=True, slots=True)
class Drafted:
    """An act's name and its fields as `comity act` takes them, and why this one."""

    act: str
    fields: tuple[str, ...]
    why: str


def drafted(alert: AlertRow, report: AirReport) -> Drafted:
    """The act for an alert: on a movement that strays, on a flight that is late, on a place, else a hold there."""
    fields: tuple[str, ...]
    if alert.about == "movement" and alert.kind in WHAT:
        fields = (f"request={alert.thing[:HASH_DIGITS]}", f"what={WHAT[alert.kind]}")
        return Drafted("movement.deviate", fields, "states that it has left its corridor, is lost, or is back")
    if alert.about == "flight" and alert.kind in ("overdue", "lost"):
        fields = (f"declaration={alert.thing[:HASH_DIGITS]}",)
        return Drafted("flight.overdue", fields, "states that it is not back; it keeps its air until it is closed")
    place = _place(alert, report)
    if place is None or alert.severity == "notice":
        return Drafted("hold.place", ("until=+30min",), "holds every start, everywhere, for half an hour")
    volume = (
        f"volume.ring=@circle({place.latitude_deg:.2f},{place.longitude_deg:.2f},{AROUND_KM}km)",
        "volume.band=..",
    )
    if alert.kind in STRANGERS:
        fields = ("fact=undeclared-flight", *volume, WINDOW)
        return Drafted("fact.state", fields, "states a fact of the place: a consent given before does not cover it")
    fields = (*volume, WINDOW, "until=+30min")
    return Drafted("hold.place", fields, f"holds every start within {AROUND_KM} km of it for half an hour")


def _place(alert: AlertRow, report: AirReport) -> TrackRow | None:
    return next((track for track in report.tracks if track.identity in alert.identities), None)
