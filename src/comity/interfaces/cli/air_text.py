"""The report of the watch over the air as text for people: alerts first, then tracks, then what it all rests on."""

from __future__ import annotations

from comity.interfaces.cli.speech import table
from comity.interfaces.times import clock_text, moment_text
from comity.views.sky.report import AirReport, AlertRow, TrackRow

TRACKS_SHOWN = 200
ALERTS_SHOWN = 50
FT_M, KT_MPS = 0.3048, 1852.0 / 3600
WORDS = {"alarm": "ALARM", "warning": "Warning", "notice": "notice"}
DATUMS = {"pressure altitude": "pressure", "height": "above sea"}


def air_text(report: AirReport, is_live: bool = False) -> str:
    """The whole of it; `is_live` tells which key drafts an act."""
    lines = [] if not report.waits_for else [f"WAITING: {report.waits_for}", ""]
    if report.alerts:
        lines += [table([_alert(each, report.at_ms) for each in report.alerts[:ALERTS_SHOWN]])]
        hidden = len(report.alerts) - ALERTS_SHOWN + report.alerts_left_out
        lines += [f"... and {hidden} alerts more; --json has them"] if hidden > 0 else []
        lines += ["press an alert's number to draft the act that fits it"] if is_live else []
        lines += [""]
    if report.tracks:
        lines += [table([_track(each) for each in report.tracks[:TRACKS_SHOWN]])]
        hidden = len(report.tracks) - TRACKS_SHOWN + report.tracks_left_out
        lines += [f"... and {hidden} tracks more; --json has up to 2,000"] if hidden > 0 else []
        lines += [""]
    lines += report.sources
    at = f" at {moment_text(report.at_ms)}" if report.at_ms else ""
    refused = f"; {report.refused} reports could not be believed" if report.refused else ""
    return "\n".join([*lines, f"{report.said}{at}{refused}"])


def alert_line(alert: AlertRow) -> str:
    """An alert as one sentence, for where there is no table."""
    clause = f" (clause {alert.clause})" if alert.clause else ""
    since = clock_text(alert.since_ms // 1000 * 1000)
    return f"{WORDS[alert.severity]} {alert.number}, {alert.kind}, since {since}Z: {alert.reason}{clause}"


def height_text(track: TrackRow) -> str:
    """A height with its datum, in feet; unknown is said."""
    if track.height_m is None:
        return "unknown"
    return f"{round(track.height_m / FT_M, -1):,.0f} ft {DATUMS.get(track.datum, track.datum)}"


def _alert(alert: AlertRow, now_ms: int) -> dict[str, str]:
    return {
        "no": str(alert.number),
        "": WORDS[alert.severity],
        "kind": alert.kind,
        "since": f"{clock_text(alert.since_ms // 1000 * 1000, now_ms)}Z",
        "clause": alert.clause,
        "what": alert.reason + (f" [{', '.join(alert.doubts)}]" if alert.doubts else ""),
    }


def _track(track: TrackRow) -> dict[str, str]:
    return {
        "track": track.identity,
        "callsign": track.callsign,
        "flight": f"{track.flight}, by {track.tied_by}" if track.flight else "",
        "place": f"{track.latitude_deg:.3f} {track.longitude_deg:.3f}",
        "height": height_text(track),
        "kt": f"{track.speed_mps / KT_MPS:.0f}",
        "course": f"{track.track_deg:03.0f}",
        "age": f"{track.age_s:.0f} s",
        "source": track.source,
        "doubts": ", ".join(track.doubts) or "plausible",
    }
