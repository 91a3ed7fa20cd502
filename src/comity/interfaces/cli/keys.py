"""`comity keys`: officers' keys, and the first entry of a log."""

from __future__ import annotations

import argparse

SUMMARY = "officers' keys: new, enrol, rotate, lost, revoke ...; first vote; restore"
TEXT = """Makes key files, and signs with the root key what gives them their seats or takes them away. The
root key file is read for one signature; the office never keeps it. An officer is a seat, a key
and a working name, no more.

  comity keys vote OFFICE --root root.pem                       the office's first entry, once
  comity keys new me.pem --passphrase                           a key file for yourself
  comity keys enrol OFFICE --root root.pem --officer ann --seat duty --key me.pem
  comity keys lost OFFICE ann --root root.pem --key new.pem     her key is gone: ends it, enrols the new one
  comity keys compromised OFFICE ann --root root.pem --since 41 it may have been in other hands since entry 41
  comity keys depute OFFICE ann --root root.pem --seat senior --until +8h
  comity keys list OFFICE
  comity keys restore OFFICE --root root.pem                    the office's own keys, lost or damaged: from the
                                                                file sealed to the root key by comity init keys

If the officer's key may not travel, he proves it where it is (comity keys prove), and you enrol
with what that says: --public and --proof instead of --key.

The officers of the centre are enrolled by a signatory, at its office and with its root key, for a
seat that the terms place at the centre (comity keys prove: --origin is that signatory's log)."""

_OFFICER = "the officer's working name, or his public key"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity keys`."""
    parser.set_defaults(run=run)
    found = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    new = found.add_parser("new", description="Makes a key file, and says its public key.", allow_abbrev=False)
    new.add_argument("file", metavar="FILE", help="the key file to be written, mode 0600")
    new.add_argument("--passphrase", action="store_true", help="encrypt it; asks twice")
    prove = found.add_parser("prove", description="Proves that you hold a key, for its enrolment elsewhere.")
    prove.add_argument("file", metavar="KEYFILE", help="your key file")
    prove.add_argument("--origin", required=True, metavar="LOG", help="the log of your office, such as pact/north")
    _officer_and_seats(prove)
    enrol = _root_command(found, "enrol", "Gives an officer's key its seats.", named=False)
    _officer_and_seats(enrol)
    _new_key(enrol)
    rotate = _root_command(found, "rotate", "Replaces an officer's key by a new one, with the same seats and passkey.")
    _new_key(rotate)
    lost = _root_command(found, "lost", "Ends a lost key, then gives its seats and passkey to a new one.")
    _new_key(lost)
    _root_command(found, "revoke", "Ends an officer's key.")
    compromised = _root_command(found, "compromised", "Says that a key may have been in other hands.")
    compromised.add_argument("--since", required=True, type=int, metavar="N", help="since that entry of the own log")
    depute = _root_command(found, "depute", "Lets an officer sit in one more seat until a moment.")
    depute.add_argument("--seat", required=True, metavar="SEAT", help="the seat")
    depute.add_argument("--until", required=True, metavar="TIME", help="such as +8h or 2016-09-20T18:00Z")
    _root_command(found, "vote", "Signs the office's first entry: it stands by the founding file.", named=False)
    back = found.add_parser("restore", description="Puts the office's own keys back.", allow_abbrev=False)
    back.add_argument("office", metavar="OFFICE", help="the office's folder, made if it is not there; it must not run")
    back.add_argument("--root", required=True, metavar="FILE", help="the root key file")
    back.add_argument("--sealed", metavar="FILE", help="the sealed keys; else ROOT.keys beside the root key file")
    listing = found.add_parser("list", description="Lists the officers of this office.", allow_abbrev=False)
    listing.add_argument("office", metavar="OFFICE", help="the office's folder")
    listing.add_argument("--json", action="store_true", help="the rows for programs")


def _root_command(
    found: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, named: bool = True
) -> argparse.ArgumentParser:
    parser = found.add_parser(name, description=text, allow_abbrev=False)
    parser.add_argument("office", metavar="OFFICE", help="the office's folder; the office must run")
    if named:
        parser.add_argument("officer", metavar="OFFICER", help=_OFFICER)
    parser.add_argument("--root", required=True, metavar="FILE", help="the root key file")
    parser.add_argument("--yes", action="store_true", help="sign without being asked")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    return parser


def _officer_and_seats(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--officer", required=True, metavar="NAME", help="a working name, no more")
    parser.add_argument("--seat", required=True, action="append", metavar="SEAT", help="a seat; may be given again")


def _new_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key", metavar="KEYFILE", help="the new key's file")
    parser.add_argument("--public", metavar="DIGITS", help="instead of --key: the public key ...")
    parser.add_argument("--proof", metavar="DIGITS", help="... and what comity keys prove said")


def run(args: argparse.Namespace) -> int:
    """Does what was asked, by the table of deeds."""
    from comity.interfaces.cli.key_acts import DEEDS

    return DEEDS[args.what](args)
