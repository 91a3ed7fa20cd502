"""`comity demo`: a day of the agreement between three offices on this machine."""

from __future__ import annotations

import argparse

SUMMARY = "a day of the agreement between three offices on this machine"
TEXT = """Starts three offices as processes of this machine, plays a day of the agreement at speed and tells
it in plain words, then proves it. Stays, with a status page for each office, until Ctrl-C.

  comity demo
  comity demo --headless       ends by itself; exit 0 only if all came out as it must"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `comity demo`."""
    parser.add_argument("--headless", action="store_true", help="no pages; end by itself")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs the demo."""
    from importlib import import_module

    code: int = import_module("comity.interfaces.demo").run(headless=args.headless)
    return code
