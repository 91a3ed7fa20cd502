"""The report of the watch over the air as text for people: alerts first, then tracks, then what it all rests on."""

from __future__ import annotations

from collections.abc import Sequence

from comity.interfaces.cli.speech import table
from comity.interfaces.times import clock_text, moment_text
from comity.model.spans import SECOND_MS
from comity.views.sky.minima import FT_M
from comity.views.sky.report import AirReport, AlertRow, Seen, TrackRow

TRACKS_SHOWN = 200
ALERTS_SHOWN = 50
TRACK_LINES_LEAST = 5
"""On a screen: so many lines are left to tracks, however many alerts there are."""
KT_MPS = 1852.0 / 3600
WORDS = {"alarm": "ALARM", "warning": "Warning", "notice": "notice"}
DATUMS = {"pressure altitude": "pressure", "height": "above sea"}
SELECTED = ">"


def air_text(report: AirReport) -> str:
    """The whole of it, for where nothing moves."""
    lines = [] if not report.waits_for else [f"WAITING: {report.waits_for}", ""]
    if report.alerts:
        lines += [table([_alert(each, report.at_ms) for each in report.alerts[:ALERTS_SHOWN]])]
        hidden = len(report.alerts) - ALERTS_SHOWN + report.alerts_left_out
        lines += [f"... and {hidden} alerts more; --json has them"] if hidden > 0 else []
        lines += [""]
    if report.tracks:
        lines += [table([_track(each) for each in report.tracks[:TRACKS_SHOWN]])]
        hidden = len(report.tracks) - TRACKS_SHOWN + report.tracks_left_out
        lines += [f"... and {hidden} tracks more; --json has up to 2,000"] if hidden > 0 else []
        lines += [""]
    return "\n".join([*lines, *report.sources, *_unwatched(report), _said(report)])


def air_screen(report: AirReport, selected: int | None, below: Sequence[str], lines_most: int) -> str:
    """As much of it as fits on a screen: what is known, alerts around the selected one, tracks; `below` at its end."""
    said = f"WAITING: {report.waits_for}" if report.waits_for else _said(report)
    head = [said, *report.sources, *_unwatched(report), _waiting(report), ""]
    room = lines_most - len(head) - len(below) - 1
    alerts: list[str] = []
    if report.alerts:
        number = next((at for at, each in enumerate(report.alerts) if each.number == selected), 0)
        rows = [_alert(each, report.at_ms, each.number == selected) for each in report.alerts]
        alerts = [*_fitted(rows, number, max(3, room - TRACK_LINES_LEAST), "alerts", report.alerts_left_out), ""]
    room -= len(alerts)
    tracks = [_track(each) for each in report.tracks[:TRACKS_SHOWN]]
    beyond = len(report.tracks) - len(tracks) + report.tracks_left_out
    shown = _fitted(tracks, 0, room, "tracks", beyond) if tracks and room >= 3 else []
    return "\n".join([*head, *alerts, *shown, "", *below])


def alert_line(alert: AlertRow) -> str:
    """An alert as one sentence, for where there is no table; who has seen it stands at its end."""
    clause = f" (clause {alert.clause})" if alert.clause else ""
    seen = f"; {seen_text(alert)}" if alert.acknowledged is not None or alert.others else ""
    return (
        f"{severity_word(alert)} {alert.number}, {alert.kind}, since {second_text(alert.since_ms)}: "
        f"{alert.reason}{clause}{seen}"
    )


def severity_word(alert: AlertRow) -> str:
    """Loud for what nobody of this office has seen; small for what somebody has."""
    return WORDS.get(alert.severity, alert.severity) if alert.acknowledged is None else alert.severity


def seen_text(alert: AlertRow, now_ms: int | None = None) -> str:
    """Who has acknowledged it and when; another office's word is told as its own."""
    own = "" if alert.acknowledged is None else f"seen by {_by(alert.acknowledged, now_ms)}"
    others = [f"at {each.party} by {_by(each, now_ms)}" for each in alert.others]
    return "; ".join(filter(None, [own, *others]))


def second_text(at_ms: int, now_ms: int | None = None) -> str:
    """A moment to the second, cut off."""
    return f"{clock_text(at_ms // SECOND_MS * SECOND_MS, now_ms)}Z"


def height_text(track: TrackRow) -> str:
    """A height with its datum, in feet; unknown is said."""
    if track.height_m is None:
        return "unknown"
    return f"{round(track.height_m / FT_M, -1):,.0f} ft {DATUMS.get(track.datum, track.datum)}"


def _by(seen: Seen, now_ms: int | None) -> str:
    note = f" ({seen.note})" if seen.note else ""
    return f"{seen.officer} {second_text(seen.at_ms, now_ms)}{note}"


def _said(report: AirReport) -> str:
    at = f" at {moment_text(report.at_ms)}" if report.at_ms else ""
    refused = f"; {report.refused} reports could not be believed" if report.refused else ""
    return f"{report.said}{at}{refused}"


def _unwatched(report: AirReport) -> list[str]:
    return [f"not watched: {each}" for each in report.unwatched]


def _waiting(report: AirReport) -> str:
    """How many alerts nobody here has seen, by severity."""
    counted = [(len(report.unacknowledged(severity)), severity) for severity in WORDS]
    told = ", ".join(f"{number} {severity}{'s' * (number > 1)}" for number, severity in counted if number)
    seen = len(report.alerts) - sum(number for number, _ in counted)
    behind = f"; {seen} seen by an officer" if seen else ""
    return f"not acknowledged: {told or 'none'}{behind}" if report.alerts else "no alert stands"


def _fitted(rows: list[dict[str, str]], kept: int, lines_most: int, what: str, beyond: int) -> list[str]:
    """As many rows as fit into so many lines, the kept one among them; how many there are more is said."""
    for count in range(min(len(rows), max(1, lines_most - 1)), 0, -1):
        first = max(0, min(kept - count // 2, len(rows) - count))
        lines = table(rows[first : first + count]).split("\n")
        hidden = len(rows) - count + beyond
        above = f", {first} of them above" if first else ""
        lines += [f"... and {hidden} more {what if hidden > 1 else what[:-1]}{above}"] if hidden else []
        if len(lines) <= lines_most:
            return lines
    return lines[:lines_most]


def _alert(alert: AlertRow, now_ms: int, is_selected: bool = False) -> dict[str, str]:
    return {
        "no": f"{SELECTED if is_selected else ' '}{alert.number}",
        "": severity_word(alert),
        "kind": alert.kind,
        "since": second_text(alert.since_ms, now_ms),
        "clause": alert.clause,
        "what": alert.reason + (f" [{', '.join(alert.doubts)}]" if alert.doubts else ""),
        "seen": seen_text(alert, now_ms),
    }


def _track(track: TrackRow) -> dict[str, str]:
    return {
        "track": track.identity,
        "callsign": track.callsign,
        "flight": f"{track.flight}, by {track.tied_by}" if track.flight else "",
        "place": f"{track.latitude_deg:.3f} {track.longitude_deg:.3f}",
        "height": height_text(track),
        "kt": "unknown" if track.speed_mps is None else f"{track.speed_mps / KT_MPS:.0f}",
        "course": "unknown" if track.track_deg is None else f"{track.track_deg:03.0f}",
        "age": f"{track.age_s:.0f} s",
        "source": track.source,
        "doubts": ", ".join(track.doubts) or "plausible",
    }
