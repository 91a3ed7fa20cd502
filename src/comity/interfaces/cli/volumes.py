"""`comity volumes`: volumes held against one another before anybody declares them."""

from __future__ import annotations

import argparse

SUMMARY = "hold volumes against one another before they are declared"
TEXT = """Holds the volumes of flights in a file against one another, and, if you name them, against an agreement's
distances from a line, against drawn areas, and against what an office knows: declared flights, exempt
movements, operations, activities, areas. It finds what every office would find once they are declared;
it signs nothing, and what nobody has declared it does not know. Exit 0 whatever it finds.

  comity volumes check FILE
  comity volumes check FILE --agreement agreements/korea-cma-2018.toml --areas areas.geojson --json
  comity volumes check FILE --office OFFICE      beside what is declared there, by the terms in force

FILE is GeoJSON, as tracks check --declared takes it, or CSV with the columns flight, ring (or route and
width_m), band, from, until, operator, class, category."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity volumes`."""
    found = parser.add_subparsers(dest="what", metavar="check", required=True)
    check = found.add_parser("check", description="Which volumes of a file meet, and what else.", allow_abbrev=False)
    check.add_argument("file", metavar="FILE", help="volumes of flights: GeoJSON or CSV")
    check.add_argument("--agreement", metavar="A", help="the agreement file: distances from a line, by class")
    check.add_argument("--areas", metavar="GEOJSON", help="areas that keep all flights out")
    check.add_argument("--office", metavar="OFFICE", help="an office's folder: what it knows, by its terms in force")
    check.add_argument("--json", action="store_true", help="the answer for programs")
    check.set_defaults(run=run_check)


def run_check(args: argparse.Namespace) -> int:
    """Loads the geometry only now."""
    from comity.interfaces.cli import volumes_check

    return volumes_check.run(args)
