"""`comity protected`: the private register of protected places and movements, and what it finds."""

from __future__ import annotations

import argparse

SUMMARY = "protected places and movements, kept private; what comes too near them"
TEXT = """Keeps this office's own register of protected places and private movements, encrypted in the office's
folder. Each change is a new version; an officer signs its salted commitment into the log, and nothing
of it ever stands there in clear. Notification creates no legal status, and its absence removes no
protection: what is not in the register is protected all the same.

  comity protected add OFFICE 'mill clinic' --kind hospital --at 36.2012/37.1612 --standoff-m 2000
                              --seat protection --key me.pem
  comity protected import OFFICE places.toml --seat protection --key me.pem
  comity protected list OFFICE
  comity protected check OFFICE                 what comes within a stand-off distance, and what to sign
  comity protected check OFFICE --hold --seat protection --key me.pem
                                                signs the holds that it asks for; they give no reason
  comity protected restate OFFICE ...           the register was gone through and stands as it is
  comity protected open OFFICE 'mill clinic' --field kind -o kind.json
                                                what opens that one field in a case, for whoever is handed it
  comity protected erase OFFICE 3               version 3 is unreadable for good; what was opened before proves

Degrees are latitude/longitude; times such as +2h or 2016-09-20T10:15Z. docs/precaution.md has the file."""

_SIGNED = ("add", "remove", "import", "restate")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity protected`."""
    parser.set_defaults(run=run)
    found = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    add = _word(found, "add", "Adds one place or movement, and signs the new version.")
    add.add_argument("label", metavar="LABEL", help="a working label, its own in this register")
    add.add_argument("--kind", required=True, metavar="KIND", help="hospital, school, shelter, water ...; see list")
    shape = add.add_mutually_exclusive_group(required=True)
    shape.add_argument("--at", metavar="POINT", help="a place, such as 36.2012/37.1612")
    shape.add_argument("--ring", metavar="POINTS", help="a small ring, its points joined by commas")
    shape.add_argument("--route", metavar="POINTS", help="for --kind movement: its route")
    add.add_argument("--standoff-m", required=True, metavar="METRES", help="the distance to keep from it")
    add.add_argument("--from", dest="begins", metavar="TIME", help="since when it counts; left out: since ever")
    add.add_argument("--until", metavar="TIME", help="until when; left out: without end")
    remove = _word(found, "remove", "Removes one place or movement, and signs the new version.")
    remove.add_argument("label", metavar="LABEL", help="its working label")
    read = _word(found, "import", "Takes in a file whole or not at all, and signs the new version.")
    read.add_argument("file", metavar="FILE", help="the places and movements, TOML")
    read.add_argument("--replace", action="store_true", help="instead of what the register holds, not beside it")
    _word(found, "restate", "Signs a new version with the same content: it was gone through and stands.")
    check = _word(found, "check", "Says what comes within a stand-off distance, and which check is due.")
    check.add_argument("--hold", action="store_true", help="sign the holds that are not yet signed")
    check.add_argument("--json", action="store_true", help="the rows, or the answer, for programs")
    listing = _word(found, "list", "Lists the register, on this screen only.")
    listing.add_argument("--versions", action="store_true", help="its versions instead")
    listing.add_argument("--json", action="store_true", help="the rows for programs")
    opening = _word(found, "open", "Writes what opens some fields of one thing, for a case.")
    opening.add_argument("label", metavar="LABEL", help="its working label")
    opening.add_argument("--field", action="append", required=True, metavar="FIELD", help="kind, label, when or where")
    opening.add_argument("--version", metavar="VERSION", help="of that version; left out: the one that counts now")
    opening.add_argument("-o", "--output", required=True, metavar="FILE", help="the file to be written, mode 0600")
    erase = _word(found, "erase", "Erases the ciphertext of an earlier version for good.")
    erase.add_argument("version", metavar="VERSION", help="the version's number")
    for name in (*_SIGNED, "check"):
        signing = found.choices[name]
        signing.add_argument("--seat", required=name != "check", metavar="SEAT", help="the seat that you sign in")
        signing.add_argument("--key", required=name != "check", metavar="KEYFILE", help="your key file")
        signing.add_argument("--yes", action="store_true", help="sign without being asked")
    for name in _SIGNED:
        found.choices[name].add_argument("--json", action="store_true", help="the answer for programs")


def _word(found: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str) -> argparse.ArgumentParser:
    parser = found.add_parser(name, description=text, allow_abbrev=False)
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    return parser


def run(args: argparse.Namespace) -> int:
    """Does what was asked, by the table of deeds."""
    from comity.interfaces.cli.protected_deeds import DEEDS

    return DEEDS[args.what](args)
