"""`comity case`: a file by which an outsider proves, offline, what was done."""

from __future__ import annotations

import argparse

from comity.interfaces.cli.speech import DONE, complain, progress, say

SUMMARY = "make a case: one file that proves claims to an outsider"
TEXT = """Puts into one file what a stranger needs to check these claims without any network: comity verify
FILE. The case discloses the entries that its claims rest on; nothing private is in a log, so
nothing private leaves but what you open. An entry is the first digits of its hash, or north/12; a
log is named by its keeper (north), or whole (pact/north). A case that is not proven is not written.

  admitted:ENTRY               it stands in its log, and judged against its own past it is admitted
  refused:ENTRY[:CLAUSE]       ... it is refused, as by clause 4.1
  logged:ENTRY                 it stands in its log
  opened:ENTRY                 its commitment is opened: by the threat.open held here, or by --opening ENTRY=FILE
  absent:LOG:FROM-TO[:ACT[:TEXT]]   entries FROM to TO, from 0 and both counted, hold no such act that names it
  received:BY:OF:SIZE[:ENTRY]  the keeper of log BY had the first SIZE entries of log OF: by that entry of his,
                               else by his cosignature
  forked:LOG                   its keeper signed two histories

  comity case OFFICE admitted:3f2a90c1 received:south:north:12 -o case.comity"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity case`."""
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    parser.add_argument("claims", metavar="CLAIM", nargs="+", help="what is to be shown")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the case to be written")
    parser.add_argument("--opening", action="append", default=[], metavar="ENTRY=FILE", help="what opens a seal")
    parser.add_argument(
        "--quorum",
        type=int,
        default=0,
        metavar="N",
        help="cosignatures each checkpoint must bear; left out: none, and the case says so",
    )
    parser.add_argument("--compress", action="store_true", help="pack the file smaller")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Makes the case, checks it, writes it."""
    from comity.interfaces.case import make_case, verify_case
    from comity.interfaces.case.held import HeldLogs
    from comity.interfaces.cli.claims import read_claims
    from comity.interfaces.cli.files import write_new
    from comity.interfaces.cli.held import held
    from comity.interfaces.cli.settings import open_folder

    folder = open_folder(args.office)
    with held(folder) as logs, progress("making the case") as advance:
        read = read_claims(args.claims, args.opening, logs)
        data = make_case(
            folder.founding_bytes(),
            HeldLogs(logs),
            read.claims,
            openings=read.openings,
            forks=read.forks,
            quorum=args.quorum,
            compress=args.compress,
        )
        advance(1, 2)
        report = verify_case(data)
    if report.exit_code:
        for check in report.checks:
            if check.result.value != "ok":
                complain(f"{check.number} {check.name}: {check.reason}")
        complain(f"{report.outcome}: {args.output} is not written; leave the claim away, or wait until more is held")
        return report.exit_code
    write_new(args.output, data)
    say(f"{args.output}: {len(read.claims)} claim{'s' * (len(read.claims) > 1)}, {report.outcome}")
    return DONE
