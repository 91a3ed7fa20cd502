"""The acts that an alert offers, their fields filled in from it: drafts, which an officer reads and signs, or not.

An alert is no breach and a track no proof: what is drafted states what was seen, holds, or asks; it never finds.
The act that fits comes first, then words on the tie of the track, then the acknowledgement, which every alert offers.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.interfaces.times import moment_text
from comity.model.acts.tracks import AlertAcknowledge, TrackTie
from comity.model.records.tracks import IDENTITIES_MOST, THING_MOST
from comity.model.spans import SECOND_MS
from comity.views.sky.report import AirReport, AlertRow, TrackRow

WHAT = {
    "deviation": ("deviating", "has left its corridor"),
    "overdue": ("deviating", "has left its window"),
    "lost": ("lost", "is lost"),
    "back": ("back", "is back in its corridor"),
}
"""What a movement is said to do, by the kind of the alert."""
AROUND_KM = 10
HASH_DIGITS = 16
STRANGERS = ("area", "possible-area", "undeclared")
WINDOW = "volume.window=+0min..+30min"
ACKNOWLEDGE, TIE = AlertAcknowledge.name, TrackTie.name


@dataclass(frozen=True, slots=True)
class Drafted:
    """An act's name and its fields as `comity act` takes them, and why this one."""

    act: str
    fields: tuple[str, ...]
    why: str


def drafts(alert: AlertRow, report: AirReport) -> tuple[Drafted, ...]:
    """All acts that an alert offers, the one that fits first; a notice asks for nothing but to be seen."""
    fitting = _fitting(alert, report)
    return (*fitting, *_ties(alert), acknowledgement(alert))


def drafted(alert: AlertRow, report: AirReport) -> Drafted:
    """The act that fits: on a movement that strays, on a flight that is late, on a place; else the acknowledgement."""
    return drafts(alert, report)[0]


def acknowledgement(alert: AlertRow) -> Drafted:
    """That an officer has seen it, its beginning to the second."""
    began = moment_text(alert.since_ms // SECOND_MS * SECOND_MS).replace(" ", "T")
    fields = [f"kind={alert.kind}", f"identities={','.join(alert.identities[:IDENTITIES_MOST])}"]
    fields += [f"thing={alert.thing[:THING_MOST]}"] if alert.thing else []
    why = "says that you have seen it; it stands as long as it holds, behind those that nobody has seen"
    return Drafted(ACKNOWLEDGE, (*fields, f"began={began}"), why)


def _fitting(alert: AlertRow, report: AirReport) -> tuple[Drafted, ...]:
    if alert.about == "movement" and alert.kind in WHAT:
        what, words = WHAT[alert.kind]
        fields = (f"request={alert.thing[:HASH_DIGITS]}", f"what={what}")
        return (Drafted("movement.deviate", fields, f"states to all that the movement {words}"),)
    if alert.about == "flight" and alert.kind in ("overdue", "lost"):
        why = "states that it is not back; it keeps its air until it is closed"
        return (Drafted("flight.overdue", (f"declaration={alert.thing[:HASH_DIGITS]}",), why),)
    return () if alert.severity == "notice" and alert.kind != "possible-loss" else (_of_place(alert, report),)


def _of_place(alert: AlertRow, report: AirReport) -> Drafted:
    place = _place(alert, report)
    if place is None:
        return Drafted("hold.place", ("until=+30min",), "holds every start, everywhere, for half an hour")
    volume = (
        f"volume.ring=@circle({place.latitude_deg:.2f},{place.longitude_deg:.2f},{AROUND_KM}km)",
        "volume.band=..",
        WINDOW,
    )
    if alert.kind in STRANGERS:
        why = "states a fact of the place: a consent given before does not cover it"
        return Drafted("fact.state", ("fact=undeclared-flight", *volume), why)
    why = f"holds every start within {AROUND_KM} km of where {place.identity} is now, for half an hour"
    return Drafted("hold.place", (*volume, "until=+30min"), why)


def _ties(alert: AlertRow) -> tuple[Drafted, ...]:
    """That a track is not the flight it goes as: of the one that strays, and of each of several that would be one."""
    if alert.about not in ("movement", "flight") or alert.kind not in ("deviation", "identity"):
        return ()
    why = "says that {} is not that flight; the watch of this office then ties it to it no more"
    return tuple(
        Drafted(TIE, (f"flight={alert.thing[:HASH_DIGITS]}", f"identity={each}", "tied=no"), why.format(each))
        for each in alert.identities
    )


def _place(alert: AlertRow, report: AirReport) -> TrackRow | None:
    return next((track for track in report.tracks if track.identity in alert.identities), None)
