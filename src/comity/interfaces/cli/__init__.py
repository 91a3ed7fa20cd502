"""The command line: one file a command, the table of commands in `program`; results to stdout, all else to stderr."""

from comity.interfaces.cli.program import main

__all__ = ["main"]
