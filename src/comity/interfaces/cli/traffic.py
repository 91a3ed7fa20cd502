"""`comity traffic`: made-up flights between real airfields, into a file or served as a receiver does."""

from __future__ import annotations

import argparse

SUMMARY = "made-up flights between real airfields, to try the watch with"
TEXT = """Makes up traffic that flies as aircraft do: climbs, cruises at the levels of the semicircular rule, turns
with bank, and keeps apart by more than 5 NM or 1,000 ft. The same seed gives the same traffic. What goes
wrong is asked for: encounters, flights that leave their corridors, enter areas, or are heard wrongly;
what was made on purpose is told on stderr. Nothing of it is real, and every track tells so: its address
is one that no state has (d00000 to dfffff) and its callsign begins with TEST.

  comity traffic --around 47.0,8.0 --radius 200km -o tracks.csv --declared declared.json
  comity tracks check tracks.csv --declared declared.json
  comity traffic --box 34,35,38,40 --aircraft 200 --encounters 3 --off-corridor 10km -o tracks.csv
  comity traffic --around LSZH --serve 30003      then: comity serve OFFICE --feed made=sbs://127.0.0.1:30003"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity traffic`."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--box", metavar="S,W,N,E", help="the air looked at, in degrees")
    where.add_argument("--around", metavar="PLACE", help="or around LATITUDE,LONGITUDE or an airfield's code")
    parser.add_argument("--radius", metavar="FAR", default="200km", help="how far around the place (200km)")
    parser.add_argument("--aircraft", metavar="N", type=int, default=60, help="ordinary flights, up to 10000 (60)")
    parser.add_argument("--undeclared", metavar="N", type=int, default=0, help="so many of them nobody declared")
    parser.add_argument("--exempt", metavar="N", type=int, default=1, help="exempt flights, each in its corridor (1)")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="other traffic for each number (1)")
    parser.add_argument("--minutes", metavar="N", type=float, default=30.0, help="how long it is looked at (30)")
    parser.add_argument("--begins", metavar="TIME", help="2016-09-20T10:00Z, or now if it is served")
    parser.add_argument("--every", metavar="S", type=float, default=5.0, help="seconds between reports (5; served 1)")
    wrong = parser.add_argument_group("what goes wrong, on purpose")
    wrong.add_argument("--encounters", metavar="N", type=int, default=0, help="pairs that lose separation")
    wrong.add_argument(
        "--off-corridor", metavar="FAR", action="append", help="an exempt flight that strays by so much, 10km"
    )
    wrong.add_argument("--area", metavar="LAT,LON,FAR", action="append", help="an area; ordinary flights avoid it")
    wrong.add_argument("--intruders", metavar="N", type=int, default=0, help="flights that enter an area")
    wrong.add_argument("--frozen", metavar="N", type=int, default=0, help="flights whose place freezes")
    wrong.add_argument("--jumping", metavar="N", type=int, default=0, help="flights that are told 60 km aside")
    wrong.add_argument("--no-height", metavar="N", type=int, default=0, help="flights that lose their height")
    out = parser.add_argument_group("what becomes of it")
    out.add_argument("-o", "--out", metavar="FILE", help="reports as CSV; without it they go to stdout")
    out.add_argument("--declared", metavar="FILE", help="also write what was declared, GeoJSON")
    out.add_argument("--areas", metavar="FILE", help="also write the areas, GeoJSON")
    out.add_argument("--serve", metavar="PORT", type=int, help="serve SBS-1 at this port of 127.0.0.1 instead")
    out.add_argument("--speed", metavar="X", type=float, default=1.0, help="served so many times as fast (1)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Loads the arithmetic only now."""
    from comity.interfaces.cli import traffic_made

    return traffic_made.run(args)
