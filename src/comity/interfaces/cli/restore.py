"""`comity restore`: an office from its backup, without forking its own log (law 35)."""

from __future__ import annotations

import argparse

SUMMARY = "bring an office back from a backup, without forking its log"
TEXT = """Puts the store of a backup in place of the office's, which must not run. A backup is older than
what was signed last: an office that went on from it would fork its own log, and no permission
would rest on it again. So after this the office signs nothing until it has its own newest entries
back from the other offices; they keep them all. The older store is kept beside, under another
name. Marks in a backup are never taken. A backup that holds no entry is refused: log.sqlite that
was copied alone from a running office may be one. Make backups with comity backup.

  comity restore OFFICE BACKUP
  comity restore OFFICE BACKUP --older               it holds fewer own entries than the marks say were signed, and
                                                     there is no newer one: the others give the rest
  comity restore OFFICE BACKUP --marks-lost          the whole machine was lost: then every other office is asked,
                                                     since nobody here knows any more what was signed
  comity restore OFFICE --from-others                without a backup, or because the own log differs from what was
                                                     signed before: everything is fetched from the other offices
  comity restore OFFICE --from-others --marks-lost   the same, where no office has what the marks say was signed"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity restore`."""
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    parser.add_argument("backup", metavar="BACKUP", nargs="?", help="a file of comity backup, or the folder of a copy")
    parser.add_argument("--older", action="store_true", help="take a backup that lacks own entries that were signed")
    parser.add_argument("--from-others", action="store_true", help="no backup: fetch everything from the other offices")
    parser.add_argument("--marks-lost", action="store_true", help="the file marks was lost too, or is from a backup")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Checks the backup, puts it in place, and marks the office unclean."""
    from pathlib import Path

    from comity.interfaces.cli.restoring import put_back
    from comity.interfaces.cli.settings import open_folder
    from comity.interfaces.cli.speech import DONE, complain, say
    from comity.model.errors import Misuse

    if (args.backup is None) != args.from_others:
        raise Misuse("give a backup, or --from-others; one of the two is where the entries come from")
    found = put_back(open_folder(args.office), Path(args.backup) if args.backup else None, args.marks_lost, args.older)
    say(f"{args.office} holds {found.entries} entries of {found.logs} logs")
    if found.kept is not None:
        complain(f"the store that was there before is kept as {found.kept}")
    asked = "every other office" if args.marks_lost else "another office"
    complain(f"it signs nothing until {asked} has told it of its own newest entries; run comity serve {args.office}")
    return DONE
