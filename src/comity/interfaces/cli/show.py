"""`comity show`: what this office knows."""

from __future__ import annotations

import argparse
import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from comity.interfaces.cli.board_text import NOTICED, TOPICS, board_text
from comity.interfaces.cli.speech import DONE, complain, pairs, say, say_json
from comity.interfaces.cli.status import concerns
from comity.model.errors import Misuse
from comity.model.spans import SECOND_MS

if TYPE_CHECKING:
    from comity.interfaces.cli.reach import Door

SUMMARY = "what this office knows: operations, movements, duty ..."
_LISTED = "\n".join(f"  {name:<13}{text}" for name, text in TOPICS.items())
TEXT = f"""Shows what this office knows, computed from signed entries only: most urgent first, hashes by
their first digits, times in UTC. Asks the running office; if it does not run, reads its store and
changes nothing. The proposal of a change is named as change.vote takes it, for=north/12.

{_LISTED}
  entry        one entry whole: every field, every point, verdict, what it answers, how terms change

  comity show OFFICE operations
  comity show OFFICE movements --follow      again whenever something changes
  comity show OFFICE entry north/12          what north asks for; or the first digits of its hash
  comity show OFFICE log --json              whole hashes, for programs"""
ENTRY = "entry"
FOLLOW_EVERY_S = 1.0
STOPPED = "the office does not run: this is what its store holds, and nothing newer"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity show`."""
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    parser.add_argument("topic", metavar="TOPIC", choices=(*TOPICS, ENTRY), help="one of the words above")
    parser.add_argument(
        "which", metavar="WHICH", nargs="?", help="after entry: north/12, or the first digits of a hash"
    )
    parser.add_argument("--json", action="store_true", help="the rows for programs, hashes whole")
    parser.add_argument("--follow", action="store_true", help="show again whenever something changes; Ctrl-C ends it")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Shows one topic, once or until Ctrl-C."""
    from comity.interfaces.cli.reach import reach

    if (args.topic == ENTRY) != (args.which is not None):
        raise Misuse("which entry is said after the word entry, and after no other: comity show OFFICE entry north/12")
    if args.topic == ENTRY:
        return _tell_entry(reach(args.office), args.which, args.json)
    before = None
    while True:
        office = reach(args.office)
        shown = office.show(args.topic)
        if shown != before:
            _tell(args.topic, shown, args.json, args.follow)
            for sentence in concerns(office.status()) if office.running else [STOPPED]:
                complain(sentence)
        if not args.follow:
            return DONE
        before = shown
        time.sleep(FOLLOW_EVERY_S)


def _tell_entry(office: Door, which: str, as_json: bool) -> int:
    """One entry; an entry never changes, but its flags may grow."""
    from comity.interfaces.cli.named_entries import beside, terms_difference
    from comity.interfaces.cli.rendering import as_it_stands
    from comity.model.acts.agreement import TermsPropose
    from comity.model.entry import KEY_ID_BYTES, SIGNATURE_BYTES, parse_entry

    leaf = bytes.fromhex(office.ask("entry", which))
    entry = parse_entry(leaf)
    row = office.ask("entry_row", entry.id)
    if not office.running:
        complain(STOPPED)
    if as_json:
        found = row | {"signed": json.loads(leaf[SIGNATURE_BYTES + KEY_ID_BYTES :])}
        if isinstance(entry.act, TermsPropose):
            found["difference"] = terms_difference(office, entry.act.text, entry.header.terms)
        say_json(found)
        return DONE
    standing = [("entry", entry.id), ("by", row["by"]), ("verdict", row["verdict"])]
    say(pairs([*standing, ("flags", ", ".join(row["flags"]) or "none")]))
    say(as_it_stands(entry, office.describe))
    if answered := beside(office, entry):
        say(answered)
    return DONE


def _tell(topic: str, rows: list[dict[str, object]], as_json: bool, follow: bool) -> None:
    from comity.views.board import NOTICE

    if as_json:
        say_json(rows)
        return
    if follow:
        say(f"--- {datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}")
    say(board_text(topic, rows, int(time.time() * SECOND_MS)))
    if topic in NOTICED:
        say(NOTICE)
