"""`comity act`: an officer signs."""

from __future__ import annotations

import argparse
from typing import NoReturn

from comity.interfaces.cli.speech import DONE, REFUSED, say

SUMMARY = "sign an act: a request, a consent, a withdrawal, a hold ..."
TEXT = """Drafts an act at the running office, shows in plain words what will be signed, asks, signs with
your key file on this machine, and hands it in. The office never sees your key. Exit 1 if the
agreement refuses: then nothing was signed, and the answer names the clause and what to do.

An act is its name, then key=value; the thing it is about may stand without its key, as the first
eight digits or more of a hash, or as north/12 (entry 12 of north's log). Times are UTC: 10:15,
+2h or 2016-09-20T10:15Z.

  stop every start, now                comity act OFFICE --seat duty --key me.pem hold.place
  take your consent to a request back  ... operation.withdraw 3f2a90c1
  consent to a request                 ... operation.consent 3f2a90c1 expires=+4h
  acknowledge a movement               ... movement.acknowledge 77ab01fe
  vote for a proposal                  ... change.vote for=90c1aa02
  ask for an operation                 ... operation.propose operation=op-1 area=a-1 group=g-1 executing=north
                                           volume.ring='@square(36.20,37.10,6km)' volume.band=0m..3000m
                                           volume.window=10:00..12:00
  seal an act under imminent threat    ... threat.seal window=10:00..11:00 --opening seal-1.json note="..."
                                           volume.ring=... volume.band=... volume.window=...
  open it later                        ... threat.open --opening seal-1.json

  declare a flight from its plan       ... flight.declare --plan plan.txt operator=us aircraft_class=fixed-wing

An act that needs two officers: add --second KEYFILE:SEAT.

  comity act operation.report --help       what stands in each of its keys, with an example"""


class _Help(argparse.Action):
    """--help: of the act named beside it, else of the command with the names of all acts."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, *_: object) -> NoReturn:
        """Says it, and ends the program as any help does."""
        from comity.interfaces.cli.act_page import listing, page
        from comity.model.acts import ACTS

        names = {act.name for act in ACTS}
        words = (getattr(namespace, "office", None), getattr(namespace, "act", None))
        named = next((word for word in words if word in names), None)
        say(page(named) if named is not None else f"{parser.format_help()}\n{listing()}")
        parser.exit()


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity act`."""
    parser.add_argument("-h", "--help", action=_Help, nargs=0, help="this text; after an act's name, its own page")
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    parser.add_argument("act", metavar="ACT", help="the act's name, such as operation.consent")
    parser.add_argument("fields", metavar="FIELD=VALUE", nargs="*", help="what the act says")
    parser.add_argument("--seat", required=True, metavar="SEAT", help="the seat that you sign in")
    parser.add_argument("--key", required=True, metavar="KEYFILE", help="your key file")
    parser.add_argument("--second", metavar="KEYFILE:SEAT", help="the second officer, where the agreement wants two")
    parser.add_argument("--from", dest="source", metavar="JSONFILE", help="take the act's body from a file")
    parser.add_argument("--opening", metavar="FILE", help="for seals: the private file that opens it")
    parser.add_argument("--plan", metavar="FILE", help="for flights: the ICAO flight plan, (FPL-...)")
    parser.add_argument(
        "--place", metavar="NAME=POINT", action="append", default=[], help="for --plan: where a point of its route is"
    )
    parser.add_argument("--yes", action="store_true", help="sign without being asked")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Drafts, shows, asks, signs, hands in."""
    from pathlib import Path

    from comity.interfaces.cli.reach import reach
    from comity.interfaces.cli.signing import Manner, read_officer, read_second, sign_and_hand_in
    from comity.interfaces.cli.writing import act_from_file, write_acts
    from comity.model.acts.alone import ThreatOpen, ThreatSeal
    from comity.model.errors import Misuse

    manner = Manner(args.yes, args.json)
    first = read_officer(args.key, args.seat)
    second = read_second(args.second) if args.second is not None else None
    office = reach(args.office)
    if args.source is not None and (args.fields or args.opening or args.plan):
        raise Misuse("--from gives the whole act; leave the other fields, --opening and --plan away")
    if args.opening is not None and args.plan is not None:
        raise Misuse("--opening goes with seals and --plan with flights; give one of them")
    if args.source is not None:
        acts = [act_from_file(args.act, args.source)]
    elif args.plan is not None:
        from comity.interfaces.bodies import act_class
        from comity.interfaces.cli.plans import from_plan

        acts = [from_plan(act_class(args.act), args.fields, args.plan, args.place, office.meaning())]
    elif args.opening is not None:
        from comity.interfaces.cli.seals import open_seal, seal

        makers = {ThreatSeal.name: seal, ThreatOpen.name: open_seal}
        if args.act not in makers:
            raise Misuse(f"{args.act} has no opening; --opening goes with {' and '.join(makers)}")
        acts = [makers[args.act](office, args.fields, args.opening)]
    else:
        from comity.interfaces.cli.plans import with_room

        meaning = office.meaning()
        acts = write_acts(args.act, with_room(args.act, args.fields, meaning), meaning)
    code = DONE
    for act in acts:
        if isinstance(act, ThreatOpen):
            from comity.interfaces.cli.seals import warn_of

            warn_of(office, act.volume)
        code = max(code, sign_and_hand_in(office, act, first, second, manner))
    if args.act == ThreatSeal.name and args.opening is not None and code == REFUSED:
        Path(args.opening).unlink(missing_ok=True)  # nothing was sealed, so nothing is lost
    return code
