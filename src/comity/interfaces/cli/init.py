"""`comity init`: founding an office in three steps, and taking in who joins later."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from comity.interfaces.cli.speech import DONE, complain, say

if TYPE_CHECKING:
    from comity.office.folder import OfficeFolder

SUMMARY = "found an office: keys, founding file, begin; or join later"
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
Keep the root key file away from the office's machine, on two media; it enrols officers and replaces lost keys. Beside
it lie the office's own keys, sealed to it (ROOT.keys): comity keys restore puts them back.

Somebody who signs no change, an observer or a host, joins later (docs/first-day.md):
  1  it makes its keys by the changed text of the agreement, hands its pins file over and reads its fingerprint
     aloud; it begins with the founding file of all, serves, and waits
  2  a signatory gives the changed text its pins, proposes it (comity act ... terms.propose), and all vote
       comity init amend OFFICE changed.toml pins-relief.toml -o amended.toml
  3  every office writes down where the new one is
       comity init peer OFFICE relief=198.51.100.8:4801
  4  with the votes, comity keys vote at the new office signs its first entry

A party that needs a new log, because its log is forked or its keys or certificate must change, goes the same way: it
makes keys in a new folder under another name (comity init keys NEW ... --origin pact/north/2), votes for the amended
terms in the old log, and serves the new folder in place of the old one. It votes last: from its vote on the old log
only restrains, unless another votes against. Its officers are enrolled anew, with new keys under the new root key. What
it restrained in the old log stands. A log that can vote no more is replaced by nothing but a new agreement
(docs/faults.md)."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity init`."""
    found = parser.add_subparsers(dest="step", metavar="keys|complete|begin|amend|peer", required=True)
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
    amend = found.add_parser("amend", description="Gives a changed agreement its pins, to be proposed.")
    amend.add_argument("office", metavar="OFFICE", help="an office that holds the terms in force")
    amend.add_argument("changed", metavar="CHANGED", help="the changed agreement file, of a later edition")
    amend.add_argument("pins", metavar="PINS", nargs="*", help="the pins file of each who comes")
    amend.add_argument("-o", "--output", required=True, metavar="FILE", help="the amended terms to be written")
    amend.set_defaults(run=run_amend)
    peer = found.add_parser("peer", description="Writes down where other offices are.", allow_abbrev=False)
    peer.add_argument("office", metavar="OFFICE", help="the office's folder; the office may run")
    peer.add_argument("peer", metavar="ID=HOST:PORT", nargs="+", help="where another office is from now on")
    peer.set_defaults(run=run_peer)


def run_keys(args: argparse.Namespace) -> int:
    """Step 1."""
    from pathlib import Path

    from comity.interfaces.cli.files import read_text_bytes
    from comity.interfaces.cli.founding_steps import make_keys, pins_fingerprint, pins_path
    from comity.interfaces.cli.sealed_keys import sealed_path
    from comity.interfaces.cli.settings import FOUNDING_BYTES_MOST
    from comity.office.folder import OfficeFolder
    from comity.office.founding import parse_founding

    draft = parse_founding(read_text_bytes(args.agreement, FOUNDING_BYTES_MOST))
    folder = OfficeFolder(Path(args.office))
    handed = make_keys(folder, args.participant, draft, Path(args.root), args.origin)
    say(str(pins_path(folder, handed.participant)))
    complain(f"the keys of {handed.participant} are in {folder.keys}; hand the pins file above to the others")
    complain(f"their fingerprint, to be read aloud where it is asked for: {pins_fingerprint(handed)}")
    complain(f"the root key is in {args.root}, and the office's keys sealed to it in {sealed_path(Path(args.root))}")
    complain("keep both on two media, away from this machine; a head key that is lost for good ends the log")
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
    from comity.interfaces.cli.founding_steps import begin, begins_later, handed_in, others_without_address
    from comity.interfaces.cli.settings import FOUNDING_BYTES_MOST
    from comity.office.folder import OfficeFolder
    from comity.office.founding import parse_founding

    founding = read_text_bytes(args.founding, FOUNDING_BYTES_MOST)
    folder = OfficeFolder(Path(args.office))
    addresses = begin(folder, founding, args.fingerprint, args.listen, _peers(args.peer))
    say(f"{addresses.participant} listens at {addresses.listen}")
    if unknown := others_without_address(founding, addresses):
        how = " ".join(f"{name}=HOST:PORT" for name in unknown)
        complain(f"where {', '.join(unknown)} can be reached is not written down, so this office cannot ask there")
        complain(f"write it down: comity init peer {args.office} {how}")
    when = "then"
    if begins_later(parse_founding(founding), own := handed_in(folder)):
        complain(f"{args.founding} names no log {own.pins.origin}: this office joins later, and signs nothing before")
        when = "when every signatory has voted for terms with its pins,"
    complain(f"run comity serve {args.office}; {when} sign its first entry: comity keys vote {args.office} --root FILE")
    return DONE


def run_amend(args: argparse.Namespace) -> int:
    """Gives a changed text its pins."""
    from comity.interfaces.cli.files import read_text_bytes, write_new
    from comity.interfaces.cli.founding_steps import amend, pins_fingerprint, read_pins_file
    from comity.interfaces.cli.settings import FOUNDING_BYTES_MOST, open_folder
    from comity.office.founding import fingerprint

    handed = [read_pins_file(each) for each in args.pins]
    amended = amend(open_folder(args.office), read_text_bytes(args.changed, FOUNDING_BYTES_MOST), handed)
    write_new(args.output, amended)
    say(fingerprint(amended))
    for each in handed:
        complain(f"the pins of {each.participant} have the fingerprint {pins_fingerprint(each)}; hear it from them")
    complain(f"propose it: comity act {args.office} ... terms.propose text=@{args.output}; the votes name that hash")
    return DONE


def run_peer(args: argparse.Namespace) -> int:
    """Writes addresses down."""
    from comity.interfaces.cli.settings import open_folder, set_peers

    folder, peers = open_folder(args.office), _peers(args.peer)
    _check_named(folder, peers)
    addresses = set_peers(folder, peers)
    for name, where in sorted(addresses.peers.items()):
        say(f"{name} is at {where}")
    return DONE


def _check_named(folder: OfficeFolder, peers: dict[str, str]) -> None:
    """Accepts names that terms held here know, or that have an address; anything, if the store is unreadable."""
    from comity.interfaces.cli.held import named
    from comity.interfaces.cli.settings import read_addresses
    from comity.model.errors import Misuse

    before = read_addresses(folder)
    strange = peers.keys() - before.peers.keys() - {before.participant}
    if not strange or (known := named(folder)) is None:
        return
    if odd := sorted(strange - known):
        raise Misuse(
            f"{odd[0][:40]!r} is no participant of any terms held here; they name {', '.join(sorted(known))}; who "
            f"joins later is written down when terms that name it are proposed"
        )


def _peers(listed: list[str]) -> dict[str, str]:
    from comity.model.errors import Misuse

    peers: dict[str, str] = {}
    for each in listed:
        name, equals, where = each.partition("=")
        if not equals or name in peers:
            raise Misuse(f"{each[:80]!r} is no other office; write each once, such as south=198.51.100.7:4801")
        peers[name] = where
    return peers
