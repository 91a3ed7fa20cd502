"""Volumes of a file held against one another, an agreement, areas and an office; what meets is named, never judged."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec

from comity.interfaces.cli.files import read_text_bytes
from comity.interfaces.cli.rendering import band_text
from comity.interfaces.cli.speech import DONE, say, say_json, table
from comity.interfaces.drawn_volumes import Rejected, volumes_in
from comity.interfaces.geojson import BYTES_MOST
from comity.interfaces.times import moment_text
from comity.model.acts import ACTS
from comity.model.errors import Malformed, Misuse
from comity.model.terms_file import BYTES_MOST as TERMS_BYTES_MOST
from comity.model.terms_file import load
from comity.model.volume import DEG_E7, Window
from comity.views.volume_checks import Meeting, Thing, around, distances, meetings

MEETINGS_MOST = 20_000
SHOWN_MOST = 100
REJECTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Found:
    """What came of a file."""

    drawn: list[Thing]
    beside: list[Thing]
    meetings: list[Meeting]
    rejects: list[Rejected]
    more: bool
    left_out: int


def run(args: argparse.Namespace) -> int:
    """Names what meets; 0 whatever it finds."""
    drawn, rejects = _read(args.file, "flight")
    beside, left_out = _distances(args.agreement) if args.agreement else [], 0
    if args.areas:
        areas, refused = _read(args.areas, "area")
        if refused:
            raise Misuse(f"{args.areas}: feature {refused[0].row}: {refused[0].reason}")
        beside += areas
    if args.office and drawn:
        known, left_out = _known(args.office, drawn)
        beside += known
    met = list(islice(meetings(drawn, beside), MEETINGS_MOST + 1))
    found = _Found(drawn, beside, met[:MEETINGS_MOST], rejects, len(met) > MEETINGS_MOST, left_out)
    if args.json:
        say_json(_document(found))
    else:
        _tell(found)
    return DONE


def _read(name: str, kind: str) -> tuple[list[Thing], list[Rejected]]:
    try:
        found = list(volumes_in(read_text_bytes(name, BYTES_MOST), kind))
    except Malformed as error:
        raise Misuse(f"{name}: {error}") from None
    return [each for each in found if isinstance(each, Thing)], [each for each in found if isinstance(each, Rejected)]


def _distances(path: str) -> list[Thing]:
    loaded = load(read_text_bytes(path, TERMS_BYTES_MOST), frozenset(act.name for act in ACTS))
    if loaded.terms is None:
        raise Misuse(f"{path} is no sound agreement; run comity agreement check {path}")
    return distances(loaded.terms)


def _known(office: str, drawn: list[Thing]) -> tuple[list[Thing], int]:
    """What an office knows around the drawn volumes, and how much more than it says."""
    from comity.interfaces.cli.reach import reach

    found = reach(office).ask("volumes", msgspec.json.encode(around(drawn)).decode())
    return msgspec.convert(found["things"], list[Thing]), found["left_out"]


def _document(found: _Found) -> dict[str, Any]:
    kinds = Counter(each.other.kind for each in found.meetings)
    counts = {"volumes": len(found.drawn), "beside": len(found.beside), "rejects": len(found.rejects)}
    return {
        "said": _said(found),
        "conflicts": [_row(each) for each in found.meetings],
        "rejects": [{"row": each.row, "reason": each.reason} for each in found.rejects],
        "counts": counts | {"conflicts": len(found.meetings)} | dict(sorted(kinds.items())),
        "more": found.more,
        "left_out": found.left_out,
    }


def _row(met: Meeting) -> dict[str, Any]:
    band = met.band
    return {
        "kind": met.other.kind,
        "possible": met.possible,
        "one": _thing(met.one),
        "other": _thing(met.other),
        "clause": met.other.clause,
        "from": moment_text(met.window.from_ms),
        "until": None if met.window.until_ms is None else moment_text(met.window.until_ms),
        "heights": None if band is None else msgspec.to_builtins(band),
        "place_deg": [side / DEG_E7 for side in met.box],
    }


def _thing(each: Thing) -> dict[str, str]:
    return {"name": each.name, "kind": each.kind, "by": each.by, "class": each.aircraft_class}


def _said(found: _Found) -> str:
    """Never "clear": what is held against what, and what was found."""
    count = f"{'more than ' if found.more else ''}{len(found.meetings)}" if found.meetings else "no"
    beside = f" and {len(found.beside)} things beside them" if found.beside else ""
    left = f"; {found.left_out} more things of the office were not looked at" if found.left_out else ""
    conflicts = "conflict" if len(found.meetings) == 1 else "conflicts"
    return f"{count} {conflicts} known among {len(found.drawn)} volumes{beside}{left}, {len(found.rejects)} rejected"


def _tell(found: _Found) -> None:
    rows = [
        {
            "volume": each.one.name,
            "with": f"{'possibly ' if each.possible else ''}{_with(each.other)}",
            "time": _window_text(each.window),
            "heights": "of different datums" if each.band is None else band_text(each.band),
            "within": _box_text(each),
        }
        for each in found.meetings[:SHOWN_MOST]
    ]
    if rows:
        say(table(rows))
    if len(found.meetings) > SHOWN_MOST:
        say(f"... and {len(found.meetings) - SHOWN_MOST} more; --json lists up to {MEETINGS_MOST}")
    for each in found.rejects[:REJECTS_SHOWN]:
        say(f"rejected, row {each.row}: {each.reason}")
    if len(found.rejects) > REJECTS_SHOWN:
        say(f"... and {len(found.rejects) - REJECTS_SHOWN} more rejected; --json lists all")
    say(_said(found))


def _with(other: Thing) -> str:
    clause = f", clause {other.clause}" if other.clause else ""
    return f"{other.kind} {other.name}{clause}"


def _window_text(window: Window) -> str:
    """A window that begins before there is a calendar of ours has no beginning for people."""
    begin = moment_text(window.from_ms) if window.from_ms else "always"
    return f"{begin} to {moment_text(window.until_ms) if window.until_ms is not None else 'no end'}"


def _box_text(met: Meeting) -> str:
    south, west, north, east = (side / DEG_E7 for side in met.box)
    return f"{south:.4f}/{west:.4f} to {north:.4f}/{east:.4f}"
