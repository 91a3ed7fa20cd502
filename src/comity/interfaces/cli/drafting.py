"""The acts that an alert offers, their fields filled in from it: drafts, which an officer reads and signs, or not.

An alert is no breach and a track no proof: what is drafted states what was seen, holds, or asks; it never finds.
The act that fits comes first, then words on the tie of the track, then the acknowledgement, which every alert offers.
A place is where what the alert rests on is, which may be a claim far from the track of that name; where two of them lie
far apart there is a draft for each, and where none is known nothing is held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, remainder

from comity.interfaces.times import moment_text
from comity.model.acts.tracks import AlertAcknowledge, TrackTie
from comity.model.records.tracks import IDENTITIES_MOST, THING_MOST
from comity.model.spans import SECOND_MS
from comity.views.sky.report import AlertRow

WHAT = {
    "deviation": ("deviating", "has left its corridor"),
    "overdue": ("deviating", "has left its window"),
    "lost": ("lost", "is lost"),
    "back": ("back", "is back in its corridor"),
}
"""What a movement is said to do, by the kind of the alert."""
AROUND_KM = 10
DEG_KM = 111.12
PLACES_MOST, NAMES_MOST = 4, 4
Place = tuple[float, float]
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


def drafts(alert: AlertRow) -> tuple[Drafted, ...]:
    """All acts that an alert offers, the one that fits first; a notice asks for nothing but to be seen."""
    fitting = _fitting(alert)
    return (*fitting, *_ties(alert), acknowledgement(alert))


def drafted(alert: AlertRow) -> Drafted:
    """The act that fits: on a movement that strays, on a flight that is late, on a place; else the acknowledgement."""
    return drafts(alert)[0]


def acknowledgement(alert: AlertRow) -> Drafted:
    """That an officer has seen it, its beginning to the second."""
    began = moment_text(alert.since_ms // SECOND_MS * SECOND_MS).replace(" ", "T")
    fields = [f"kind={alert.kind}", f"identities={','.join(alert.identities[:IDENTITIES_MOST])}"]
    fields += [f"thing={alert.thing[:THING_MOST]}"] if alert.thing else []
    why = "says that you have seen it; it stands as long as it holds, behind those that nobody has seen"
    return Drafted(ACKNOWLEDGE, (*fields, f"began={began}"), why)


def _fitting(alert: AlertRow) -> tuple[Drafted, ...]:
    if alert.about == "movement" and alert.kind in WHAT:
        what, words = WHAT[alert.kind]
        fields = (f"request={alert.thing[:HASH_DIGITS]}", f"what={what}")
        return (Drafted("movement.deviate", fields, f"states to all that the movement {words}"),)
    if alert.about == "flight" and alert.kind in ("overdue", "lost"):
        why = "states that it is not back; it keeps its air until it is closed"
        return (Drafted("flight.overdue", (f"declaration={alert.thing[:HASH_DIGITS]}",), why),)
    is_place = alert.severity != "notice" or alert.kind == "possible-loss"
    return tuple(_of_place(alert, *each) for each in _places(alert)) if is_place else ()


def _of_place(alert: AlertRow, who: str, place: Place) -> Drafted:
    volume = (f"volume.ring=@circle({place[0]:.2f},{place[1]:.2f},{AROUND_KM}km)", "volume.band=..", WINDOW)
    if alert.kind in STRANGERS:
        why = "states a fact of the place: a consent given before does not cover it"
        return Drafted("fact.state", ("fact=undeclared-flight", *volume), why)
    why = f"holds every start within {AROUND_KM} km of where the alert has {who}, for half an hour"
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


def _places(alert: AlertRow) -> Sequence[tuple[str, Place]]:
    """The middle of where it is, if one circle holds it all; else the place of each."""
    names = alert.identities if len(alert.identities) == len(alert.places) else alert.identities * len(alert.places)
    whole, each = " and ".join(alert.identities[:NAMES_MOST]), [*zip(names, alert.places, strict=False)][:PLACES_MOST]
    if len(each) < 2:
        return each
    first = alert.places[0]
    north = [latitude - first[0] for latitude, _ in alert.places]
    east = [remainder(longitude - first[1], 360) for _, longitude in alert.places]
    wide_km = hypot(max(north) - min(north), (max(east) - min(east)) * cos(radians(first[0]))) * DEG_KM
    if wide_km > AROUND_KM:
        return each
    middle = first[0] + (max(north) + min(north)) / 2, first[1] + (max(east) + min(east)) / 2
    return [(whole, (middle[0], remainder(middle[1], 360)))]
