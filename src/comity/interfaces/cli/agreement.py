"""`comity agreement`: an agreement file before anybody signs it."""

from __future__ import annotations

import argparse

from comity.interfaces.cli.speech import DONE, MISUSED, say, say_json

SUMMARY = "check an agreement file, list its clauses, or draw its distances from a line"
TEXT = """Reads an agreement file as every office would, and says what is wrong: line, key, clause, what to
do. Warnings name gaps, such as a deadline that nobody owns; they stop nothing. Exit 0: sound; 2:
not.

  comity agreement check agreements/jig-2016.toml
  comity agreement table agreements/jig-2016.toml     its clauses, what enforces each, its numbers

Distances from a line become rings once, before anybody signs the file: what is judged is the rings.

  comity agreement rings FILE --line east=38.32/127.40,38.33/127.75 --line west=@west.txt"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity agreement`."""
    found = parser.add_subparsers(dest="what", metavar="check|table|rings", required=True)
    check = found.add_parser("check", description="Says everything that is wrong with a file.", allow_abbrev=False)
    check.add_argument("file", metavar="FILE", help="the agreement file, TOML")
    check.add_argument("--json", action="store_true", help="the answer for programs")
    check.set_defaults(run=run_check)
    listing = found.add_parser("table", description="Lists the clauses, as Markdown.", allow_abbrev=False)
    listing.add_argument("file", metavar="FILE", help="the agreement file, TOML")
    listing.set_defaults(run=run_table)
    rings = found.add_parser("rings", description="Draws the rings of distances into a file.", allow_abbrev=False)
    rings.add_argument("file", metavar="FILE", help="the agreement file, TOML; it is written anew")
    rings.add_argument(
        "--line",
        metavar="NAME=POINTS",
        action="append",
        required=True,
        help="a line by its name in the file: 2 to 64 points latitude/longitude joined by commas, or @FILE with them",
    )
    rings.set_defaults(run=run_rings)


def run_check(args: argparse.Namespace) -> int:
    """Says every problem; 0 if the file may be signed."""
    from comity.interfaces.cli.files import read_text_bytes
    from comity.model.acts import ACTS
    from comity.model.terms_file import BYTES_MOST, load
    from comity.office.founding import rules_problem

    data = read_text_bytes(args.file, BYTES_MOST)
    loaded = load(data, frozenset(act.name for act in ACTS), founding=True)
    newer = rules_problem(data, loaded.terms) if loaded.terms is not None else None
    found = (newer, *loaded.problems) if newer is not None else loaded.problems
    errors = sum(each.severity == "error" for each in found)
    code = MISUSED if errors else DONE
    if args.json:
        problems = [
            {
                "severity": each.severity,
                "line": each.line,
                "key": each.key_path,
                "clause": each.clause,
                "problem": each.problem,
                "remedy": each.remedy,
            }
            for each in found
        ]
        say_json({"file": args.file, "sound": code == DONE, "problems": problems})
        return code
    for problem in found:
        say(f"{args.file}: {problem}")
    warnings = len(found) - errors
    verdict = "sound" if code == DONE else f"not sound: {errors} to be mended"
    say(f"{args.file}: {verdict}" + (f"; {warnings} warning{'s' * (warnings > 1)}" if warnings else ""))
    return code


def run_rings(args: argparse.Namespace) -> int:
    """Writes the ring of every distance whose line is given; nothing else in the file changes."""
    from pathlib import Path

    from comity.interfaces.cli.files import read_text, read_text_bytes
    from comity.interfaces.rings import drawn
    from comity.interfaces.words import route
    from comity.model.errors import Misuse
    from comity.model.terms_file import BYTES_MOST

    lines = {}
    for given in args.line:
        name, equals, points = given.partition("=")
        if not equals:
            raise Misuse(f"{given[:80]!r} names no line; write NAME=36.1/37.1,36.3/37.2 or NAME=@FILE")
        text = read_text(points[1:], BYTES_MOST) if points.startswith("@") else points
        lines[name] = route(",".join(text.replace(",", " ").split()))
    text, names = drawn(read_text_bytes(args.file, BYTES_MOST).decode(), lines)
    Path(args.file).write_text(text, encoding="utf-8")
    say(f"{args.file}: drawn are {', '.join(names)}")
    return DONE


def run_table(args: argparse.Namespace) -> int:
    """Prints the clauses of a sound file."""
    from comity.interfaces.cli.files import read_text_bytes
    from comity.model.terms_documents import clause_table
    from comity.model.terms_file import BYTES_MOST
    from comity.office.founding import parse_founding

    say(clause_table([parse_founding(read_text_bytes(args.file, BYTES_MOST))], args.file).rstrip())
    return DONE
