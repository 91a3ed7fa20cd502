"""`comity audit`: everything that an office holds, tried again from nothing."""

from __future__ import annotations

import argparse
import os

from comity.interfaces.cli.speech import DONE, REFUSED, complain, progress, say, say_json

SUMMARY = "check everything that the office holds, and judge it all anew"
TEXT = """Reads every stored entry back, checks every signature, root, checkpoint and cosignature, judges
every entry anew and compares. Changes nothing; the office may run meanwhile. Refused entries, forks
and what this software is too old to judge are findings, not faults. Exit 0: all as kept; 1: a fault.

  comity audit OFFICE"""
SEVERAL_PROCESSES_FROM_ENTRIES = 2_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity audit`."""
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Audits, and says what was counted and found."""
    from comity.interfaces.cli.held import held
    from comity.interfaces.cli.reach import reach
    from comity.office.audit import audit
    from comity.office.keyring import load_keyring
    from comity.office.notes import Notary

    office = reach(args.office)
    keyring = load_keyring(office.origin, office.folder.keys)
    with held(office.folder) as logs, progress("auditing") as advance:
        many = len(logs.history.entries) >= SEVERAL_PROCESSES_FROM_ENTRIES
        processes = (os.cpu_count() or 1) if many else 1
        found = audit(logs, Notary(logs.history.known, keyring), advance, processes)
    if args.json:
        say_json(as_json(found))
        return DONE if found.clean else REFUSED
    for refused in found.refused:
        say(f"without effect: {refused.origin} {refused.seq} ({refused.id[:8]}), {refused.refusal}")
    for waiting in found.unjudged:
        say(f"without effect: {waiting.origin} {waiting.seq} ({waiting.id[:8]}), {waiting.refusal}")
    for origin in found.forked:
        say(f"forked: {origin}; two signed heads contradict each other")
    for problem in found.problems:
        complain(problem)
    say(
        f"{found.entries} entries, {found.signatures} signatures, {found.checkpoints} checkpoints, "
        f"{found.cosignatures} cosignatures, {len(found.refused)} refused, {len(found.unjudged)} not judged, "
        f"{len(found.problems)} faults"
    )
    return DONE if found.clean else REFUSED


def as_json(found: object) -> dict[str, object]:
    """The audit for programs."""
    from comity.office.audit import Audit

    assert isinstance(found, Audit)
    return {
        "clean": found.clean,
        "entries": found.entries,
        "signatures": found.signatures,
        "checkpoints": found.checkpoints,
        "cosignatures": found.cosignatures,
        "refused": [
            {"log": each.origin, "seq": each.seq, "entry": each.id, "refusal": str(each.refusal)}
            for each in found.refused
        ],
        "not_judged": [
            {"log": each.origin, "seq": each.seq, "entry": each.id, "reason": str(each.refusal)}
            for each in found.unjudged
        ],
        "forked": list(found.forked),
        "problems": list(found.problems),
    }
