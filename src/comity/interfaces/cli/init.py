"""`comity init`: founding an office in three steps."""

from __future__ import annotations

import argparse

from comity.interfaces.cli.speech import DONE, complain, say

SUMMARY = "found an office: make its keys, complete the founding file, begin"
TEXT = """Founds an office in three steps, with people in between:

  1  each participant makes its keys, and hands its pins file to the others by a way that they trust
       comity init keys OFFICE --participant north --agreement draft.toml --root north-root.pem
  2  one completes the agreement file with everyone's pins; everyone gets the result, and all read its
     fingerprint aloud to each other
       comity init complete draft.toml pins-north.toml pins-south.toml pins-centre.toml -o founding.toml
  3  each takes the founding file into its office, under the fingerprint that it heard
       comity init begin OFFICE founding.toml --fingerprint "3f2a 90c1 ..." --listen 0.0.0.0:4801
              --peer south=198.51.100.7:4801 --peer centre=203.0.113.9:4801

Then, with the office running (comity serve OFFICE), its first entry stands by the founding file:
       comity keys vote OFFICE --root north-root.pem
Keep the root key file away from the office's machine, on two media; it enrols officers and replaces lost keys."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity init`."""
    found = parser.add_subparsers(dest="step", metavar="keys|complete|begin", required=True)
    keys = found.add_parser("keys", description="Makes every key of a new office.", allow_abbrev=False)
    keys.add_argument("office", metavar="OFFICE", help="the office's folder, made if it is not there")
    keys.add_argument("--participant", required=True, metavar="ID", help="whose office it is, as the agreement says")
    keys.add_argument("--agreement", required=True, metavar="FILE", help="the agreement file")
    keys.add_argument("--root", required=True, metavar="FILE", help="where the root key is written; keep it elsewhere")
    keys.add_argument("--origin", metavar="NAME", help="the name of its log; else AGREEMENT/PARTICIPANT")
    keys.set_defaults(run=run_keys)
    complete = found.add_parser("complete", description="Completes the agreement file with the pins of all.")
    complete.add_argument("agreement", metavar="AGREEMENT", help="the agreement file, without pins")
    complete.add_argument("pins", metavar="PINS", nargs="+", help="the pins file of each participant")
    complete.add_argument("-o", "--output", required=True, metavar="FILE", help="the founding file to be written")
    complete.set_defaults(run=run_complete)
    begin = found.add_parser("begin", description="Takes the founding file into the office.", allow_abbrev=False)
    begin.add_argument("office", metavar="OFFICE", help="the office's folder")
    begin.add_argument("founding", metavar="FOUNDING", help="the founding file")
    begin.add_argument("--fingerprint", required=True, metavar="DIGITS", help="as the parties read it aloud")
    begin.add_argument("--listen", required=True, metavar="HOST:PORT", help="where this office listens")
    begin.add_argument("--peer", action="append", default=[], metavar="ID=HOST:PORT", help="where another office is")
    begin.set_defaults(run=run_begin)


def run_keys(args: argparse.Namespace) -> int:
    """Step 1."""
    from pathlib import Path

    from comity.interfaces.cli.files import read_text_bytes
    from comity.interfaces.cli.founding_steps import make_keys, pins_path
    from comity.interfaces.cli.settings import FOUNDING_BYTES_MOST
    from comity.office.folder import OfficeFolder
    from comity.office.founding import parse_founding

    draft = parse_founding(read_text_bytes(args.agreement, FOUNDING_BYTES_MOST))
    folder = OfficeFolder(Path(args.office))
    handed = make_keys(folder, args.participant, draft, Path(args.root), args.origin)
    say(str(pins_path(folder, handed.participant)))
    complain(f"the keys of {handed.participant} are in {folder.keys}; hand the pins file above to the others")
    complain(f"the root key is in {args.root}; keep it on two media, away from this machine")
    return DONE


def run_complete(args: argparse.Namespace) -> int:
    """Step 2."""
    from comity.interfaces.cli.files import read_text_bytes, write_new
    from comity.interfaces.cli.founding_steps import complete, read_pins_file
    from comity.interfaces.cli.settings import FOUNDING_BYTES_MOST
    from comity.office.founding import fingerprint

    draft = read_text_bytes(args.agreement, FOUNDING_BYTES_MOST)
    founding = complete(draft, [read_pins_file(each) for each in args.pins])
    write_new(args.output, founding)
    say(fingerprint(founding))
    complain(f"{args.output} is the founding file; give it to everyone, and read its fingerprint aloud to each other")
    return DONE


def run_begin(args: argparse.Namespace) -> int:
    """Step 3."""
    from pathlib import Path

    from comity.interfaces.cli.files import read_text_bytes
    from comity.interfaces.cli.founding_steps import begin
    from comity.interfaces.cli.settings import FOUNDING_BYTES_MOST
    from comity.model.errors import Misuse
    from comity.office.folder import OfficeFolder

    peers: dict[str, str] = {}
    for each in args.peer:
        name, equals, where = each.partition("=")
        if not equals or name in peers:
            raise Misuse(f"{each[:80]!r} is no other office; write each once, as --peer south=198.51.100.7:4801")
        peers[name] = where
    founding = read_text_bytes(args.founding, FOUNDING_BYTES_MOST)
    addresses = begin(OfficeFolder(Path(args.office)), founding, args.fingerprint, args.listen, peers)
    say(f"{addresses.participant} listens at {addresses.listen}")
    complain(f"run comity serve {args.office}; then sign its first entry: comity keys vote {args.office} --root FILE")
    return DONE
