"""The air on the status page: what stands where others say "clear", the alerts, the map, the sources."""

from __future__ import annotations

from comity.interfaces.status.air_map import air_map
from comity.interfaces.status.parts import html_table, quiet, section, warn
from comity.interfaces.times import clock_text
from comity.views.sky.agreed import Agreed
from comity.views.sky.report import AirReport, AlertRow

ALERTS_MOST = 40
WORDS = {"alarm": "ALARM", "warning": "warning", "notice": "notice"}


def air_section(report: AirReport, agreed: Agreed, now_ms: int) -> str:
    """The section as HTML; nothing in it can act."""
    waits = f"<p>{warn(report.waits_for)}</p>" if report.waits_for else ""
    sources = "".join(f"<li>{_source(line, report)}</li>" for line in report.sources)
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


def _alerts(alerts: tuple[AlertRow, ...], now_ms: int) -> str:
    if not alerts:
        return ""
    rows = [
        [
            quiet(str(each.number)),
            warn(WORDS[each.severity]) if each.severity != "notice" else quiet(WORDS[each.severity]),
            quiet(each.kind),
            quiet(f"{clock_text(each.since_ms // 1000 * 1000, now_ms)}Z"),
            quiet(each.reason + (f" ({', '.join(each.doubts)})" if each.doubts else "")),
            quiet(each.clause),
        ]
        for each in alerts
    ]
    return html_table(["no", "alert", "kind", "since", "what", "under"], rows)


def _source(line: str, report: AirReport) -> str:
    return warn(line) if line.partition(":")[0] in report.unsound else quiet(line)
