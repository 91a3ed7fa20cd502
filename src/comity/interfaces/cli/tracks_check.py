"""A whole file of tracks through the watch, as fast as it goes, and what it says."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comity.airspace.fix import Rejected
from comity.airspace.picture import Picture
from comity.interfaces.cli.files import read_text_bytes
from comity.interfaces.cli.speech import DONE, progress, say, say_json, table
from comity.interfaces.drawn import BYTES_MOST, areas_in, flights_in
from comity.interfaces.feeds.files import read_in_order
from comity.model.acts import ACTS
from comity.model.errors import Misuse
from comity.model.terms_file import BYTES_MOST as TERMS_BYTES_MOST
from comity.model.terms_file import load
from comity.views.sky.alerts import Alert
from comity.views.sky.known import Known
from comity.views.sky.minima import Minima
from comity.views.sky.watch import Moment, Watched, look, said

LOOK_MS = 1_000
SHOWN_MOST = 100


@dataclass(slots=True)
class _Told:
    """What came of a file so far."""

    alerts: list[Alert] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)
    fixes: int = 0
    last: Moment | None = None


def run(args: argparse.Namespace) -> int:
    """Says what the watch would have said; 0 whatever it finds."""
    minima = _minima(args.agreement)
    known = Known(
        areas=areas_in(read_text_bytes(args.areas, BYTES_MOST), minima.clause("area")) if args.areas else (),
        expected=flights_in(read_text_bytes(args.declared, BYTES_MOST)) if args.declared else (),
    )
    picture, told = Picture(lost_after_s=2 * minima.lost_s), _Told()
    with progress("watching") as advance:
        for moment in _moments(Path(args.file), picture, known, minima, told):
            told.alerts.extend(moment.heard.began)
            told.last = moment
            advance(told.fixes, None)
    if args.json:
        say_json(_document(told, picture))
    else:
        _tell(told, picture)
    return DONE


def _moments(path: Path, picture: Picture, known: Known, minima: Minima, told: _Told) -> Iterator[Moment]:
    """A moment of the watch whenever the time of the reports has moved on by a second, and one at the end."""
    held, moment_ms = Watched(), -1
    for report in read_in_order(path, path.name):
        if isinstance(report, Rejected):
            told.rejects.append(report)
            continue
        if moment_ms < 0:
            moment_ms = report.at_ms
        if report.at_ms >= moment_ms + LOOK_MS:
            yield look(picture, known, minima, None, held, moment_ms)
            moment_ms = report.at_ms
        problem = picture.take(report)
        if problem is not None:
            told.rejects.append(Rejected(0, f"{report.identity}: {problem}"))
        else:
            told.fixes += 1
    if moment_ms >= 0:
        yield look(picture, known, minima, None, held, moment_ms)


def _minima(path: str | None) -> Minima:
    if path is None:
        return Minima()
    loaded = load(read_text_bytes(path, TERMS_BYTES_MOST), frozenset(act.name for act in ACTS))
    if loaded.terms is None:
        raise Misuse(f"{path} is no sound agreement; run comity agreement check {path}")
    return Minima()


def _document(told: _Told, picture: Picture) -> dict[str, Any]:
    kinds = Counter(alert.finding.kind for alert in told.alerts)
    counts = {"fixes": told.fixes, "rejects": len(told.rejects), "late": picture.late, "doubled": picture.doubled}
    return {
        "alerts": [_row(alert) for alert in told.alerts],
        "rejects": [{"line": each.line, "reason": each.reason} for each in told.rejects],
        "counts": counts | {"alerts": len(told.alerts)} | dict(sorted(kinds.items())),
    }


def _row(alert: Alert) -> dict[str, Any]:
    finding = alert.finding
    row: dict[str, Any] = {
        "kind": finding.kind,
        "severity": alert.severity,
        "time": datetime.fromtimestamp(alert.since_ms / 1000, UTC).isoformat().replace("+00:00", "Z"),
        "at_ms": alert.since_ms,
        "identities": list(finding.identities),
        "clause": finding.clause,
        "reason": finding.reason,
        "age_s": finding.age_s,
        "doubts": list(finding.doubts),
    }
    if finding.thing:
        row["thing"] = finding.thing
    if finding.horizontal_m is not None:
        row["horizontal_m"] = round(finding.horizontal_m, 1)
        row["vertical_m"] = None if finding.vertical_m is None else round(finding.vertical_m, 1)
    if finding.in_s:
        row["in_s"] = round(finding.in_s, 1)
    return row


def _tell(told: _Told, picture: Picture) -> None:
    rows = [
        {
            "time": _row(alert)["time"][11:19] + "Z",
            "": alert.severity,
            "kind": alert.finding.kind,
            "what": alert.finding.reason,
        }
        for alert in told.alerts
    ]
    if rows:
        say(table(rows[:SHOWN_MOST]))
    if len(rows) > SHOWN_MOST:
        say(f"... and {len(rows) - SHOWN_MOST} more; --json lists all")
    for each in told.rejects[:10]:
        say(f"rejected, record {each.line}: {each.reason}")
    if told.last is not None:
        losses = sum(alert.finding.kind == "loss" for alert in told.alerts)
        say(f"{said(told.last.air, losses)}; {told.fixes} reports taken, {len(told.rejects)} rejected")
