"""The air on the status page: what stands where others say "clear", the alerts, the map, the sources."""

from __future__ import annotations

from comity.interfaces.status.air_map import air_map
from comity.interfaces.status.parts import html_table, quiet, section, warn
from comity.interfaces.times import clock_text
from comity.model.spans import SECOND_MS
from comity.views.sky.agreed import Agreed
from comity.views.sky.report import AirReport, AlertRow, Seen

ALERTS_MOST = 40
WORDS = {"alarm": "ALARM", "warning": "warning", "notice": "notice"}


def air_section(report: AirReport, agreed: Agreed, now_ms: int) -> str:
    """The section as HTML; nothing in it can act."""
    waits = f"<p>{warn(report.waits_for)}</p>" if report.waits_for else ""
    sources = "".join(f"<li>{_source(line, report)}</li>" for line in report.sources)
    sources += "".join(f"<li>{quiet(f'not watched: {each}')}</li>" for each in report.unwatched)
    hidden = report.alerts_left_out + max(0, len(report.alerts) - ALERTS_MOST)
    more = f"<p>{warn(f'and {hidden} alerts more; comity tracks watch has them')}</p>" if hidden else ""
    body = [
        waits,
        f"<p>{quiet(report.said)}</p>",
        _alerts(report.alerts[:ALERTS_MOST], now_ms),
        more,
        air_map(report, agreed),
        f"<ul>{sources}</ul>",
    ]
    return section("The air", "".join(body), "what feeds tell; none of it is in any log, and no track proves a breach")


def air_first(report: AirReport) -> tuple[str, bool]:
    """For the first line of the page: the alarms that nobody of this office has acknowledged, the first of them in
    words; and whether the watch is at work on sound sources without any."""
    alarms = report.unacknowledged("alarm")
    is_whole = not report.waits_for and not report.unsound and not report.alerts_left_out
    if not alarms:
        return "", is_whole
    count = "1 alarm of the watch stands" if len(alarms) == 1 else f"{len(alarms)} alarms of the watch stand"
    first = f"alert {alarms[0].number}, {alarms[0].kind}: {alarms[0].reason}"
    return f"{warn(f'{count} unacknowledged; first: {first}')}<br>", False


def _alerts(alerts: tuple[AlertRow, ...], now_ms: int) -> str:
    if not alerts:
        return ""
    rows = [
        [
            quiet(str(each.number)),
            _severity(each),
            quiet(each.kind),
            quiet(f"{clock_text(each.since_ms // SECOND_MS * SECOND_MS, now_ms)}Z"),
            quiet(each.reason + (f" ({', '.join(each.doubts)})" if each.doubts else "")),
            quiet(each.clause),
            _seen(each, now_ms),
        ]
        for each in alerts
    ]
    return html_table(["no", "alert", "kind", "since", "what", "under", "acknowledged"], rows)


def _severity(alert: AlertRow) -> str:
    """Loud while nobody of this office has seen it."""
    if alert.severity == "notice" or alert.acknowledged is not None:
        return quiet(alert.severity)
    return warn(WORDS.get(alert.severity, alert.severity))


def _seen(alert: AlertRow, now_ms: int) -> str:
    own = "" if alert.acknowledged is None else quiet(_by(alert.acknowledged, now_ms))
    others = [quiet(f"at {each.party}: {_by(each, now_ms)}") for each in alert.others]
    return "<br>".join(filter(None, [own, *others]))


def _by(seen: Seen, now_ms: int) -> str:
    note = f": {seen.note}" if seen.note else ""
    return f"{seen.officer} ({seen.seat}) {clock_text(seen.at_ms // SECOND_MS * SECOND_MS, now_ms)}Z{note}"


def _source(line: str, report: AirReport) -> str:
    return warn(line) if line.partition(":")[0] in report.unsound else quiet(line)
