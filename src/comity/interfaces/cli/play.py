"""`comity play`: scenario files over offices in memory."""

from __future__ import annotations

import argparse

from comity.interfaces.cli.speech import DONE, REFUSED, complain, progress, say, say_json

SUMMARY = "play scenario files, and say what came out otherwise"
TEXT = """Plays each file over offices in memory and compares every verdict with what the file says, then
delivers the same entries in many other orders, which must change nothing. Exit 0: all as written;
1: a difference.

  comity play scenarios/*.scenario
  comity play --rewrite mine.scenario       writes what came out into the file, to be read and kept"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity play`."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="scenario files")
    parser.add_argument("--rewrite", action="store_true", help="write what came out into the files")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Plays the files; 1 if one came out otherwise than it says."""
    from pathlib import Path

    from comity.interfaces.cli.files import check_plain
    from comity.interfaces.play.player import Options, Played, play

    for name in args.files:
        check_plain(name)
    played: list[Played] = []
    with progress("playing") as advance:

        def after(each: Played) -> None:
            played.append(each)
            advance(len(played), len(args.files))
            if not args.json:
                _tell(each)

        play([Path(name) for name in args.files], Options(rewrite=args.rewrite), after)
    if args.json:
        say_json([_as_json(each) for each in played])
    return DONE if all(each.ok for each in played) else REFUSED


def _tell(played: object) -> None:
    from comity.interfaces.play.player import Played

    assert isinstance(played, Played)
    if not played.ok:
        complain(played.report)
    word = "rewritten" if played.rewritten else "as written" if played.ok else "otherwise"
    orders = f", {played.reordered.orders} orders" if played.reordered is not None else ""
    say(f"{word}: {played.path} ({played.entries} entries{orders}): {played.title}")


def _as_json(played: object) -> dict[str, object]:
    from comity.interfaces.play.player import Played

    assert isinstance(played, Played)
    return {
        "file": str(played.path),
        "title": played.title,
        "ok": played.ok,
        "rewritten": played.rewritten,
        "entries": played.entries,
        "differences": [
            {"line": each.line, "expected": list(each.expected), "got": list(each.got)} for each in played.differences
        ],
        "problems": list(played.reordered.problems) if played.reordered is not None else [],
    }
