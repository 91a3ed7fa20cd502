"""`comity backup`: a whole copy of an office's store, whether the office runs or not."""

from __future__ import annotations

import argparse

SUMMARY = "copy an office's store whole, while it runs or not"
TEXT = """Writes a new file that holds every entry of every log as the store has them now. Copying
log.sqlite by hand does not: while the office runs the newest entries lie in the file beside it
(log.sqlite-wal). Run it every day and before any work on the machine, onto another disk. The file
holds no key and no mark: keys have a copy of their own (ROOT.keys, comity keys restore), and the
register of protected places lies in OFFICE/blobs. To put it back: comity restore, nothing else.

  comity backup OFFICE FILE"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity backup`."""
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    parser.add_argument("file", metavar="FILE", help="the new file; one that is there is not written over")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Copies the store, reads the copy back, and puts it in its place."""
    from comity.interfaces.cli.restoring import back_up
    from comity.interfaces.cli.settings import open_folder
    from comity.interfaces.cli.speech import DONE, say

    found = back_up(open_folder(args.office), args.file)
    say(f"{args.file} holds {found.entries} entries of {found.logs} logs")
    return DONE
