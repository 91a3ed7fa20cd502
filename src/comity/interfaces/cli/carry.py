"""`comity carry`: logs between offices on removable media."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from comity.interfaces.cli.speech import DONE, REFUSED, complain, say, say_json

if TYPE_CHECKING:
    from comity.office.folder import OfficeFolder

SUMMARY = "carry logs between offices on a stick, when no line works"
TEXT = """Lays every log onto a stick as plain tlog-tiles files that stock tools can read too, and takes in
what a stick brings: signed entries only, by the way that those of the network come in. Nothing
private is in a log. Exit 1 if something on the stick could not be used; the rest was taken.

  comity carry out OFFICE STICK               where the stick is mounted
  comity carry in OFFICE STICK"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity carry`."""
    parser.add_argument("way", choices=("out", "in"), help="onto the stick, or from it")
    parser.add_argument("office", metavar="OFFICE", help="the office's folder")
    parser.add_argument("stick", metavar="STICK", help="where the stick is mounted")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Has the running office carry, else opens the office for as long as it takes."""
    from pathlib import Path

    from comity.interfaces.cli import talk
    from comity.interfaces.cli.reach import reach
    from comity.model.errors import Misuse

    office = reach(args.office)
    stick = Path(args.stick).resolve()
    if not stick.is_dir():
        raise Misuse(f"{args.stick} is no folder; give the place where the stick is mounted")
    if stick.is_relative_to(office.folder.path.resolve()):
        raise Misuse(f"{args.stick} lies in the office's own folder, no stick; give the place where one is mounted")
    question = {"ask": f"carry {args.way}", "text": str(stick)}
    if office.running:
        carried = talk.ask(office.folder.socket, "show", question)["answer"]
    else:
        carried = _carried_alone(office.folder, question)
    if args.json:
        say_json(carried)
    else:
        for problem in carried["problems"]:
            complain(problem)
        verb = "laid onto" if args.way == "out" else "new from"
        say(f"{carried['logs']} logs, {carried['entries']} entries {verb} {args.stick}")
    return REFUSED if carried["problems"] else DONE


def _carried_alone(folder: OfficeFolder, question: dict[str, str]) -> Any:
    """What came of it in an office that does not run; a useless stick leaves it closed and clean, as it was."""
    from contextlib import closing

    from comity.interfaces.cli import answering
    from comity.interfaces.cli.settings import only_one
    from comity.model.errors import Malformed, Misuse, PeerError

    with only_one(folder):
        opened = folder.open()
        with closing(opened.logs.store):
            try:
                carried = answering.show(opened, question)["answer"]
            except (Malformed, Misuse, PeerError):
                opened.close()
                raise
            opened.close()
            return carried
