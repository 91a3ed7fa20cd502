"""`comity tracks draft`: the acts that an alert offers, shown as commands, or begun with a key as `comity act` does."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from comity.interfaces.cli.air_text import alert_line
from comity.interfaces.cli.drafting import Drafted, drafts
from comity.interfaces.cli.reach import Door, reach
from comity.interfaces.cli.speech import DONE, complain, say, say_json
from comity.model.errors import Misuse
from comity.views.sky.report import AirReport, AlertRow

NO_FEEDS = "this office watches no air; start it with comity serve OFFICE --feed NAME=ADDRESS"
UNSAID_KEY, UNSAID_SEAT = "KEYFILE", "SEAT"


def run_draft(args: argparse.Namespace) -> int:
    """Prints the acts that an alert offers, or with a key begins one; the officer reads it and signs, or does not."""
    office = reach(args.office)
    report = air(office)
    alert = _alert(report, args.number)
    found = drafts(alert)
    chosen = found if args.act is None else _named(found, args.act)
    if args.json:
        say_json(
            {"alert": msgspec.to_builtins(alert), **_plain(chosen[0]), "offered": [_plain(each) for each in found]}
        )
        return DONE
    complain(alert_line(alert))
    if args.key is None:
        show(chosen, args.office, args.seat or UNSAID_SEAT)
        return DONE
    fitting = _named(found, chosen[0].act)
    if len(fitting) > 1:
        show(fitting, args.office, args.seat or UNSAID_SEAT, args.key)
        raise Misuse(f"alert {alert.number} offers {fitting[0].act} {len(fitting)} times; take one of the lines above")
    return sign(chosen[0], args.office, args.seat or "duty", args.key)


def air(office: Door) -> AirReport:
    """The newest report; raises Misuse of an office without feeds."""
    office.check_running()
    found: Any = office.ask("air", "")
    if found is None:
        raise Misuse(NO_FEEDS)
    return msgspec.convert(found, AirReport)


def show(offered: Sequence[Drafted], folder: str | Path, seat: str, key: str = UNSAID_KEY) -> None:
    """Each as the command that would sign it, and why."""
    for each in offered:
        complain(f"{each.act} {each.why}")
        say(shlex.join(["comity", "act", str(folder), "--seat", seat, "--key", key, each.act, *each.fields]))


def sign(draft: Drafted, folder: str | Path, seat: str, key: str) -> int:
    """Begins it as `comity act` does: it is shown in plain words, and the officer is asked."""
    from comity.interfaces.cli.program import main

    return main(["act", str(folder), "--seat", seat, "--key", key, draft.act, *draft.fields])


def _plain(draft: Drafted) -> dict[str, Any]:
    return {"act": draft.act, "fields": list(draft.fields), "why": draft.why}


def _named(found: Sequence[Drafted], act: str) -> tuple[Drafted, ...]:
    named = tuple(each for each in found if each.act == act)
    if not named:
        offered = ", ".join(dict.fromkeys(each.act for each in found))
        raise Misuse(f"this alert offers no {act}; it offers {offered}")
    return named


def _alert(report: AirReport, number: int) -> AlertRow:
    found = next((each for each in report.alerts if each.number == number), None)
    if found is None:
        standing = ", ".join(str(each.number) for each in report.alerts[:20]) or "none"
        raise Misuse(f"no alert {number} stands; those that do: {standing}")
    return found
