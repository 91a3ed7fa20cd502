"""Who has seen which alert: the report of a watch, with the acknowledgements that officers signed beside its alerts.

Pure. An acknowledgement is an own officer's if it stands in his office's log and names the alert's kind, its identities
(in any order), its thing, and the moment at which it began here, to the second. An alert that ended and began anew is
another one. Each office's watch begins an alert at its own moment: another office's acknowledgement is told where the
kind, the identities and the thing agree and its moment lies within a minute of the one here; it quietens nothing.
The watch is not trusted with this: it reads hostile feeds, so what it reports of acknowledgements is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from comity.model.acts.tracks import AlertAcknowledge
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.tracks import AlertKey, acknowledgements, alert_key, is_of
from comity.model.spans import MINUTE_MS
from comity.views.duty import officer_name
from comity.views.sky.report import GRAVITY, AirReport, AlertRow, Seen

NEAR_MS = MINUTE_MS


def with_acknowledgements(report: AirReport, view: View, party: str) -> AirReport:
    """The report as that party's officers see it: of each severity what none of them has acknowledged comes first."""
    if not report.alerts:
        return report
    found = acknowledgements(view, min(each.since_ms for each in report.alerts) - NEAR_MS)
    alerts = sorted((_seen(each, found, view, party) for each in report.alerts), key=_urgency)
    return msgspec.structs.replace(report, alerts=tuple(alerts))


def _urgency(alert: AlertRow) -> tuple[int, bool, int]:
    return GRAVITY.get(alert.severity, 0), alert.acknowledged is not None, alert.number


def _seen(alert: AlertRow, found: Mapping[AlertKey, Sequence[Taken]], view: View, party: str) -> AlertRow:
    own: Seen | None = None
    others: dict[str, Seen] = {}
    for taken in found.get(alert_key(alert.kind, alert.thing, alert.identities), ()):
        name = party_of(taken.entry.origin)
        if _quietens(taken, party):
            own = own or (_of(taken, view, name) if is_of(taken, alert.since_ms) else None)
        elif _is_near(taken, alert.since_ms):
            others.setdefault(name, _of(taken, view, name))
    return msgspec.structs.replace(alert, acknowledged=own, others=tuple(others.values()))


def _quietens(taken: Taken, party: str) -> bool:
    """Whether it is the word of that party's own officer."""
    return party_of(taken.entry.origin) == party


def _is_near(taken: Taken, since_ms: int) -> bool:
    act = taken.entry.act
    return isinstance(act, AlertAcknowledge) and abs(act.began_ms - since_ms) <= NEAR_MS


def _of(taken: Taken, view: View, party: str) -> Seen:
    entry, act = taken.entry, taken.entry.act
    note = act.note if isinstance(act, AlertAcknowledge) else ""
    name = officer_name(view, entry.header.key)
    return Seen(party, name, entry.header.seat, entry.at_ms, f"{party}/{entry.seq}", note)
