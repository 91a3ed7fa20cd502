"""A whole file of tracks through the watch, as fast as it goes, and what it says."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comity.airspace.compiled import announced
from comity.airspace.fix import Fix, Rejected
from comity.airspace.picture import Picture
from comity.interfaces.airfields import airfields_by
from comity.interfaces.cli.files import read_text_bytes
from comity.interfaces.cli.speech import DONE, complain, progress, say, say_json, table
from comity.interfaces.drawn import BYTES_MOST, areas_in, flights_in
from comity.interfaces.feeds.files import read_in_order
from comity.model.acts import ACTS
from comity.model.errors import Malformed, Misuse
from comity.model.terms_file import BYTES_MOST as TERMS_BYTES_MOST
from comity.model.terms_file import load
from comity.model.volume import TIME_MAX_MS
from comity.views.sky.agreed import Agreed, agreed_by
from comity.views.sky.alerts import Alert
from comity.views.sky.known import Known
from comity.views.sky.minima import Minima
from comity.views.sky.moments import moments
from comity.views.sky.rooms import known_of
from comity.views.sky.watch import Moment, conflicts_text, crowds_text

SHOWN_MOST = 100
REJECTS_SHOWN = 10
AHEAD_S_MOST = 600.0


@dataclass(slots=True)
class _Told:
    """What came of a file so far."""

    alerts: list[Alert] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)
    fixes: int = 0
    moments: int = 0
    identities: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    from_ms: int = TIME_MAX_MS
    until_ms: int = 0
    counted: int = 0
    omitted: int = 0


def run(args: argparse.Namespace) -> int:
    """Says what the watch would have said; 0 whatever it finds."""
    agreed = _agreed(args.agreement)
    minima = agreed.minima
    if args.ahead_s is not None:
        minima = replace(minima, ahead_s=_seconds(args.ahead_s))
    known = _known(args, agreed)
    picture, told = Picture(), _Told()
    with announced(lambda: complain("compiling the arithmetic of the sky, once")), progress("watching") as advance:
        fixes = _fixes(Path(args.file), told)
        for moment in moments(fixes, known, minima, picture, lambda fix, why: _refuse(told, fix, why)):
            _look(told, moment)
            advance(told.fixes, 0)
    if args.json:
        say_json(_document(told, picture, minima, known.unwatched))
    else:
        _tell(told)
        for each in known.unwatched:
            say(f"not watched: {each}")
    return DONE


def _look(told: _Told, moment: Moment) -> None:
    """What of a moment counts for the whole."""
    told.alerts.extend(moment.heard.began)
    told.moments += 1
    told.identities.update(track.identity for track in moment.air.tracks)
    told.sources.update(track.fix.source for track in moment.air.tracks)
    told.from_ms, told.until_ms = min(told.from_ms, moment.air.at_ms), max(told.until_ms, moment.air.at_ms)
    told.counted, told.omitted = max(told.counted, moment.counted), max(told.omitted, moment.omitted)


def _said(told: _Told) -> str:
    """The sentence of a whole file: what was seen of it from its first moment to its last."""
    if not told.moments:
        return ""
    seen = conflicts_text((alert.finding.kind for alert in told.alerts), "seen")
    aircraft = f"{len(told.identities)} aircraft" if told.identities else "no aircraft"
    span = f"from {_time(told.from_ms)[:19]}Z to {_time(told.until_ms)[:19]}Z"
    crowds = f"; {crowds_text(told.counted, told.omitted)} at one moment" if told.counted else ""
    sources = ", ".join(sorted(told.sources)) or "none"
    return f"{seen} in the whole file, among {aircraft} {span}, sources {sources}{crowds}"


def _known(args: argparse.Namespace, agreed: Agreed) -> Known:
    """What the terms know of the air, and what was drawn and named beside them."""
    known, minima = known_of(agreed), agreed.minima
    areas = _drawn(args.areas, lambda text: areas_in(text, minima.clause("area"))) if args.areas else ()
    expected = _drawn(args.declared, flights_in) if args.declared else ()
    airfields = airfields_by(args.airfields.split(",")) if args.airfields else ()
    return replace(known, areas=(*areas, *known.areas), expected=expected, airfields=(*known.airfields, *airfields))


def _drawn(name: str, read: Any) -> Any:
    try:
        return read(read_text_bytes(name, BYTES_MOST))
    except Malformed as error:
        raise Misuse(f"{name}: {error}") from None


def _fixes(path: Path, told: _Told) -> Iterator[Fix]:
    for report in read_in_order(path, path.name):
        if isinstance(report, Rejected):
            told.rejects.append(report)
        else:
            told.fixes += 1
            yield report


def _refuse(told: _Told, fix: Fix, why: str) -> None:
    told.fixes -= 1
    told.rejects.append(Rejected(0, f"{fix.identity} at {_time(fix.at_ms)}: {why}"))


def _agreed(path: str | None) -> Agreed:
    if path is None:
        return Agreed()
    loaded = load(read_text_bytes(path, TERMS_BYTES_MOST), frozenset(act.name for act in ACTS))
    if loaded.terms is None:
        raise Misuse(f"{path} is no sound agreement; run comity agreement check {path}")
    return agreed_by(loaded.terms)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= AHEAD_S_MOST:
        raise Misuse(f"{text} is no look-ahead; give seconds up to {AHEAD_S_MOST:.0f}")
    return seconds


def _document(told: _Told, picture: Picture, minima: Minima, unwatched: Sequence[str]) -> dict[str, Any]:
    kinds = Counter(alert.finding.kind for alert in told.alerts)
    counts = {
        "fixes": told.fixes,
        "rejects": len(told.rejects),
        "late": picture.late,
        "doubled": picture.doubled,
        "moments": told.moments,
        "alerts": len(told.alerts),
    }
    return {
        "said": _said(told),
        "alerts": [_row(alert) for alert in told.alerts],
        "rejects": [{"line": each.line, "reason": each.reason} for each in told.rejects],
        "counts": counts | dict(sorted(kinds.items())),
        "minima": {
            "horizontal_m": minima.horizontal_m,
            "vertical_m": minima.vertical_m,
            "level_tolerance_m": minima.level_tolerance_m,
            "ahead_s": minima.ahead_s,
        },
        "unwatched": list(unwatched),
    }


def _row(alert: Alert) -> dict[str, Any]:
    """An alert as it began; `time` is that of the newest report it rests on."""
    finding = alert.finding
    row: dict[str, Any] = {
        "kind": finding.kind,
        "severity": alert.severity,
        "time": _time(finding.reported_ms),
        "at_ms": finding.reported_ms,
        "identities": list(finding.identities),
        "clause": finding.clause,
        "reason": finding.reason,
        "age_s": round(finding.age_s, 1),
        "doubts": list(finding.doubts),
    }
    if finding.thing:
        row["thing"] = finding.thing
    if finding.strength:
        row["tied_by"] = finding.strength
    if finding.horizontal_m is not None:
        row["horizontal_m"] = round(finding.horizontal_m, 1)
        row["vertical_m"] = None if finding.vertical_m is None else round(finding.vertical_m, 1)
    if finding.in_s is not None:
        row["in_s"] = round(finding.in_s, 1)
    return row


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _tell(told: _Told) -> None:
    rows = [
        {
            "time": _time(alert.finding.reported_ms)[11:19] + "Z",
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
    for each in told.rejects[:REJECTS_SHOWN]:
        say(f"rejected, record {each.line}: {each.reason}")
    if len(told.rejects) > REJECTS_SHOWN:
        say(f"... and {len(told.rejects) - REJECTS_SHOWN} more rejected; --json lists all")
    if told.moments:
        say(f"{_said(told)}; {told.fixes} reports taken, {len(told.rejects)} rejected")
    else:
        say(f"no report taken, {len(told.rejects)} rejected; nothing is known of any track")
