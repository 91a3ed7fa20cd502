"""`comity obligations`: who owes whom what by when."""

from __future__ import annotations

import argparse
import time

from comity.interfaces.cli.board_text import board_text
from comity.interfaces.cli.speech import DONE, say, say_json
from comity.model.spans import SECOND_MS

SUMMARY = "who owes whom what by when; overdue first"
TEXT = """Lists every open duty: who owes it, to whom, by when, under which clause. Nothing closes by
itself: what is overdue stays so, named, until an officer signs. Due now: in this minute. No word yet
that it has seen this: the debtor has signed nothing since, so its time has not begun.

  comity obligations OFFICE
  comity obligations OFFICE --of south       what south owes"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity obligations`."""
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    parser.add_argument("--of", metavar="PARTY", help="only what this participant owes")
    parser.add_argument("--json", action="store_true", help="the rows for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Shows the open obligations."""
    from comity.interfaces.cli.reach import reach

    office = reach(args.office)
    rows = office.show("obligations")
    if args.of is not None:
        office.check_participant(args.of)
        rows = [row for row in rows if row["who"] == args.of]
    if args.json:
        say_json(rows)
    elif not rows and args.of is not None:
        say(f"{args.of} owes nothing")
    else:
        say(board_text("obligations", rows, int(time.time() * SECOND_MS)))
    return DONE
