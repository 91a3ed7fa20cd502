"""`comity tracks`: the live picture, a file of tracks through the watch, pairs of tracks."""

from __future__ import annotations

import argparse

SUMMARY = "watch the air, or put a file of tracks through the watch"
TEXT = """Holds tracks against the agreement: separation, areas, corridors, what is expected. It never says
"clear": it says what it knows of, how old the oldest report is, and from which sources.

  comity tracks check FILE --agreement agreements/jig-2016.toml --json
  comity tracks pairs PAIRS.csv --json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity tracks`."""
    found = parser.add_subparsers(dest="what", metavar="check|pairs", required=True)
    check = found.add_parser("check", description="A whole file through the watch.", allow_abbrev=False)
    check.add_argument("file", metavar="FILE", help="tracks: CSV, JSON, GeoJSON, SBS or CoT, plain or gzipped")
    check.add_argument("--agreement", metavar="A", help="the agreement file whose minima and clauses hold")
    check.add_argument("--areas", metavar="GEOJSON", help="areas that keep all flights out but those with leave")
    check.add_argument("--declared", metavar="FILE", help="expected flights with their corridors, GeoJSON")
    check.add_argument("--airfields", metavar="CODES", help="airfields with terminal areas, as LSZH,GVA")
    check.add_argument("--ahead-s", metavar="S", help="how far ahead losses are predicted (default 120)")
    check.add_argument("--json", action="store_true", help="the answer for programs")
    check.set_defaults(run=run_check)
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


def run_pairs(args: argparse.Namespace) -> int:
    """Loads the arithmetic only now."""
    from comity.interfaces.cli import tracks_pairs

    return tracks_pairs.run(args)
