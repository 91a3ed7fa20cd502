"""`comity status`: how the office itself stands, and the word of an officer that its clock is right (law 28)."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from typing import Any

from comity.interfaces.cli.speech import DONE, complain, say, say_json, table
from comity.interfaces.times import moment_text

SUMMARY = "how the office stands: what stops it, which logs it holds, what went wrong"
TEXT = """Says what stops the running office from signing, which logs it holds and who has cosigned them, whom it
has heard, and what went wrong lately. With --confirm-clock you say that you have compared its clock
with another source and found it right, though the others' entries seem to say otherwise.

  comity status OFFICE
  comity status OFFICE --all             with what went wrong and is mended
  comity status OFFICE --confirm-clock"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity status`."""
    parser.add_argument("office", metavar="OFFICE", help="the office's folder; the office must run")
    parser.add_argument(
        "--confirm-clock",
        action="store_true",
        help="your word that you compared its clock and found it right; it sets no clock and steps none",
    )
    parser.add_argument("--all", action="store_true", help="also what went wrong lately and is mended")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Asks the running office, and tells."""
    from comity.interfaces.cli import talk
    from comity.interfaces.cli.reach import reach

    office = reach(args.office)
    office.check_running()
    if args.confirm_clock:
        talk.ask(office.folder.socket, "confirm-clock", {})
    found = office.status()
    if args.json:
        say_json(found)
        return DONE
    for sentence in concerns(found):
        complain(sentence)
    told = {f"{row['what']}; see comity protected check" for row in office.private("owed")}
    for sentence in sorted(told):
        complain(sentence)
    heard = [f"{name} last at {moment_text(at_ms)}" for name, at_ms in sorted(found["heard_ms"].items())]
    say(f"{found['participant']} keeps {found['origin']}; heard this run: {', '.join(heard) or 'nobody yet'}")
    if found["logs"]:
        say(table([_row(log) for log in found["logs"]]))
    for sentence in problems(found["problems"], told, args.all):
        complain(sentence)
    _tell_air(found["air"])
    return DONE


def _tell_air(air: dict[str, Any] | None) -> None:
    """What the watch over the air knows, if there are feeds: alerts among what is wrong, sources and the sentence."""
    if air is None:
        return
    import msgspec

    from comity.interfaces.cli.air_text import alert_line
    from comity.views.sky.report import AlertRow

    for row in air["alerts"]:
        complain(alert_line(msgspec.convert(row, AlertRow)))
    if air["alerts_left_out"]:
        complain(f"and {air['alerts_left_out']} alerts more; comity tracks watch has them")
    if air["waits_for"]:
        complain(air["waits_for"])
    for line in air["sources"]:
        say(line)
    say(air["said"])


def problems(found: list[dict[str, Any]], told: Collection[str] = (), mended_too: bool = True) -> list[str]:
    """What goes wrong now and was not told before, since when and when it was last so, then what did and is mended."""
    now = [
        f"{each['text']} (trouble since {moment_text(each['at_ms'])}, still so at {moment_text(each['last_ms'])})"
        for each in found
        if each["over_ms"] is None and each["text"] not in told
    ]
    over = [each for each in found if each["over_ms"] is not None and mended_too]
    return now + [f"mended at {moment_text(each['over_ms'])}: {each['text']}" for each in over]


def concerns(found: dict[str, Any]) -> list[str]:
    """What an officer must know before he reads anything else, a sentence each."""
    sentences = []
    if found["fault"] is not None:
        sentences.append(f"nothing is signed here now: {found['fault']}")
    if found["clock_fault"] is not None:
        sentences.append(f"only restraints are signed now: {found['clock_fault']}; {found['clock_remedy']}")
    sentences += [f"the log {origin} is forked: no permission rests on it" for origin in found["forked"]]
    for entry in found["waiting_restraints"]:
        sentences.append(f"a restraint ({entry[:8]}) is here and binds, though its past is still on the way")
    return sentences


def _row(log: dict[str, Any]) -> dict[str, str]:
    return {
        "log": log["origin"],
        "entries": str(log["size"]),
        "root": log["root"][:8],
        "cosigned by": ", ".join(log["cosigned_by"]) or "nobody",
        "leaves the first branch at": "" if log["fork"] is None else str(log["fork"]),
    }
