"""`comity verify`: a case, offline, by whoever was handed it."""

from __future__ import annotations

import argparse

from comity.interfaces.cli.speech import progress, say, say_json

SUMMARY = "verify a case: no network, no office, no trust"
TEXT = """Checks everything that a case claims: signatures, roots, inclusion, and each verdict judged anew.
The fingerprint is that of the founding file, as the parties read it aloud; without it the case is
proven only as far as you trust the founding file inside it. Exit 0: proven; 1: refuted; 2: not
enough evidence, or misused.

  comity verify case.comity --fingerprint "3f2a 90c1 ..." """


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity verify`."""
    parser.add_argument("file", metavar="FILE", help="the case")
    parser.add_argument("--fingerprint", metavar="DIGITS", help="the founding file's, in groups or not")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Says every check with its reason, then the outcome."""
    from comity.interfaces.case import Result, verify_case
    from comity.interfaces.case.archive import CASE_BYTES_MOST
    from comity.interfaces.cli.files import read_file

    data = read_file(args.file, CASE_BYTES_MOST)
    with progress("verifying"):
        report = verify_case(data, args.fingerprint)
    if args.json:
        say_json(report.as_json())
        return report.exit_code
    for check in report.checks:
        mark = "ok" if check.result is Result.OK else check.result.value
        say(f"{check.number:>5}  {mark:<10}  {check.name}: {check.reason}")
    say(f"{args.file}: {report.outcome}")
    if report.exit_code == 0 and args.fingerprint is None and report.fingerprint is not None:
        say(f"if the parties' fingerprint is {_groups(report.fingerprint)}")
    return report.exit_code


def _groups(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
