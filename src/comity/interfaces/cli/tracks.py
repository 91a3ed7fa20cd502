"""`comity tracks`: the live picture, a file of tracks through the watch, pairs of tracks."""

from __future__ import annotations

import argparse

SUMMARY = "watch the air, or put a file of tracks through the watch"
TEXT = """Holds tracks against the agreement: separation, areas, corridors, what is expected. It never says
"clear": it says what it knows of, how old the oldest report is, and from which sources. In the live
picture one key drafts an act of the selected alert: a acknowledges it, d drafts the act that fits.

  comity tracks watch OFFICE --key me.pem        what the running office sees; q or Ctrl-C ends it
  comity tracks draft OFFICE 3                   what alert 3 offers: the act that fits it, the acknowledgement
  comity tracks draft OFFICE 3 --acknowledge --key me.pem
                                                 that you have seen it; you read it and sign, or not
  comity tracks check FILE --agreement agreements/jig-2016.toml --json
  comity tracks pairs PAIRS.csv --json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity tracks`."""
    found = parser.add_subparsers(dest="what", metavar="watch|draft|check|pairs", required=True)
    check = found.add_parser("check", description="A whole file through the watch.", allow_abbrev=False)
    check.add_argument("file", metavar="FILE", help="tracks: CSV, JSON, GeoJSON, SBS or CoT, plain or gzipped")
    check.add_argument("--agreement", metavar="A", help="the agreement file: minima, clauses, airfields, distances")
    check.add_argument("--areas", metavar="GEOJSON", help="areas that keep all flights out but those with leave")
    check.add_argument("--declared", metavar="FILE", help="expected flights with their corridors, GeoJSON")
    check.add_argument("--airfields", metavar="CODES", help="terminal areas beside those of the agreement, as LSZH,GVA")
    check.add_argument("--ahead-s", metavar="S", help="how far ahead losses are predicted (default 120)")
    check.add_argument("--json", action="store_true", help="the answer for programs")
    check.set_defaults(run=run_check)
    watch = found.add_parser("watch", description="The live picture of a running office.", allow_abbrev=False)
    watch.add_argument("office", metavar="OFFICE", help="the office's folder; it must run, with --feed")
    watch.add_argument("--once", action="store_true", help="show it once, and end")
    watch.add_argument("--json", action="store_true", help="the answer for programs, with up to 2,000 tracks")
    watch.add_argument("--key", metavar="KEYFILE", help="what you draft there is signed with it; else you are asked")
    watch.add_argument("--seat", metavar="SEAT", help="the seat that you sign in; else you are asked")
    watch.set_defaults(run=run_watch)
    draft = found.add_parser("draft", description="The acts that an alert offers.", allow_abbrev=False)
    draft.add_argument("office", metavar="OFFICE", help="the office's folder; it must run, with --feed")
    draft.add_argument("number", metavar="N", type=int, help="the alert's number, as tracks watch shows it")
    draft.add_argument("--act", metavar="ACT", help="of the acts that it offers this one; else the one that fits best")
    draft.add_argument(
        "--acknowledge",
        dest="act",
        action="store_const",
        const="alert.acknowledge",
        help="the acknowledgement: that an officer has seen it",
    )
    draft.add_argument("--key", metavar="KEYFILE", help="begin to sign it: the act is shown, and you are asked")
    draft.add_argument("--seat", metavar="SEAT", help="the seat that you sign in (duty)")
    draft.add_argument("--json", action="store_true", help="the answer for programs")
    draft.set_defaults(run=run_draft)
    pairs = found.add_parser(
        "pairs", description="Which pairs of tracks lose separation, and when.", allow_abbrev=False
    )
    pairs.add_argument("file", metavar="FILE", help="pairs of tracks, CSV, plain or gzipped")
    pairs.add_argument("--json", action="store_true", help="the answer for programs")
    pairs.set_defaults(run=run_pairs)


def run_check(args: argparse.Namespace) -> int:
    """Loads the watch only now: it brings compiled arithmetic with it."""
    from comity.interfaces.cli import tracks_check

    return tracks_check.run(args)


def run_watch(args: argparse.Namespace) -> int:
    """Loads what talks to the office only now."""
    from comity.interfaces.cli import tracks_watch

    return tracks_watch.run_watch(args)


def run_draft(args: argparse.Namespace) -> int:
    """Loads what talks to the office only now."""
    from comity.interfaces.cli import tracks_draft

    return tracks_draft.run_draft(args)


def run_pairs(args: argparse.Namespace) -> int:
    """Loads the arithmetic only now."""
    from comity.interfaces.cli import tracks_pairs

    return tracks_pairs.run(args)
