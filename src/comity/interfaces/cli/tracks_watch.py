"""`comity tracks watch` and `comity tracks draft`: what the watch of the running office knows, and acts made of it."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import Any

import msgspec

from comity.interfaces.cli.air_text import air_text
from comity.interfaces.cli.drafting import Drafted, drafted
from comity.interfaces.cli.keystroke import keys
from comity.interfaces.cli.reach import Door, reach
from comity.interfaces.cli.speech import DONE, complain, say, say_json
from comity.model.errors import Misuse
from comity.views.sky.report import AirReport, AlertRow

EVERY_S = 1.0
ENDS = ("q", "Q")
CLEARED = "\x1b[2J\x1b[H"
NO_FEEDS = "this office watches no air; start it with comity serve OFFICE --feed NAME=ADDRESS"


def run_watch(args: argparse.Namespace) -> int:
    """Shows the air once, or again every second; on a screen the number of an alert drafts its act."""
    office = reach(args.office)
    is_live = not args.once and not args.json and sys.stdout.isatty()
    with keys(is_live) as pressed:
        while True:
            report = _air(office)
            if args.json:
                say_json(msgspec.to_builtins(report))
            else:
                if is_live:
                    sys.stdout.write(CLEARED)
                say(air_text(report, is_live))
            if args.once:
                return DONE
            typed = pressed(EVERY_S)
            if typed in ENDS:
                return DONE
            alert = next((each for each in report.alerts if str(each.number) == typed), None)
            if alert is not None:
                _show(drafted(alert, report), args.office)
                return DONE


def run_draft(args: argparse.Namespace) -> int:
    """Prints the act that fits an alert, or with a key begins it; the officer reads it and signs, or does not."""
    office = reach(args.office)
    report = _air(office)
    alert = _alert(report, args.number)
    found = drafted(alert, report)
    if args.json:
        say_json({"alert": msgspec.to_builtins(alert), "act": found.act, "fields": list(found.fields)})
        return DONE
    complain(f"alert {alert.number}: {alert.reason}")
    if args.key is None:
        _show(found, args.office)
        return DONE
    from comity.interfaces.cli.program import main

    return main(["act", str(args.office), "--seat", args.seat, "--key", args.key, found.act, *found.fields])


def _show(found: Drafted, folder: str) -> None:
    complain(found.why)
    words = ["comity", "act", str(folder), "--seat", "SEAT", "--key", "KEYFILE", found.act, *found.fields]
    say(" ".join(shlex.quote(word) for word in words))


def _air(office: Door) -> AirReport:
    office.check_running()
    found: Any = office.ask("air", "")
    if found is None:
        raise Misuse(NO_FEEDS)
    return msgspec.convert(found, AirReport)


def _alert(report: AirReport, number: int) -> AlertRow:
    found = next((each for each in report.alerts if each.number == number), None)
    if found is None:
        standing = ", ".join(str(each.number) for each in report.alerts[:20]) or "none"
        raise Misuse(f"no alert {number} stands; those that do: {standing}")
    return found
