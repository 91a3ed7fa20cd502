"""The parser, built from the table of commands; what a command imports is loaded when it runs.

Exit codes: 0 done, 1 refused or refuted, 2 misused (`verify`: also not enough evidence), 3 broken, 130 Ctrl-C.
Invariant: bad input gives one sentence and no traceback; a traceback is a fault of ours, and exits 3.
"""

from __future__ import annotations

import argparse
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import NoReturn

from comity.interfaces.cli import (
    act,
    agreement,
    audit,
    backup,
    carry,
    case,
    demo,
    init,
    keys,
    obligations,
    play,
    protected,
    restore,
    serve,
    show,
    status,
    tracks,
    traffic,
    verify,
    volumes,
)
from comity.interfaces.cli.speech import BROKEN, MISUSED, Unsaid, complain

Arguments = Callable[[argparse.ArgumentParser], None]
INTERRUPTED = 130
NAME_COLUMNS = 14

DESCRIPTION = """Comity keeps an agreement between parties who do not trust each other.
It restrains: nothing that the agreement forbids can be shown as agreed, and nothing signed can be
denied later."""

EPILOG = """OFFICE is the folder of your office (founding.toml, keys, log.sqlite). At three in the morning:

  comity obligations OFFICE                      what is due, from whom, by when; overdue first
  comity show OFFICE operations                  what is agreed, active, held
  comity act OFFICE --seat duty --key me.pem hold.place
                                                 stop every start, now; needs nobody's consent
  comity act --help                              how to write an act

Results go to stdout, everything else to stderr.
"""
EXIT_CODES = (
    "Exit codes: 0 done, 1 refused or refuted, 2 misused (verify: also not enough evidence), 3 broken,\n"
    "130 stopped by Ctrl-C."
)


@dataclass(frozen=True, slots=True)
class Command:
    """One word after `comity`: its line in the help, its own help, its arguments, what runs it."""

    name: str
    summary: str
    text: str
    arguments: Arguments
    group: str


def _command(group: str, name: str, module: ModuleType) -> Command:
    return Command(name, module.SUMMARY, module.TEXT, module.arguments, group)


COMMANDS: tuple[Command, ...] = (
    _command("on watch", "show", show),
    _command("on watch", "obligations", obligations),
    _command("on watch", "act", act),
    _command("on watch", "status", status),
    _command("on watch", "protected", protected),
    _command("on watch", "tracks", tracks),
    _command("running an office", "serve", serve),
    _command("running an office", "init", init),
    _command("running an office", "keys", keys),
    _command("running an office", "carry", carry),
    _command("running an office", "audit", audit),
    _command("running an office", "backup", backup),
    _command("running an office", "restore", restore),
    _command("proving", "case", case),
    _command("proving", "verify", verify),
    _command("trying", "agreement", agreement),
    _command("trying", "volumes", volumes),
    _command("trying", "play", play),
    _command("trying", "traffic", traffic),
    _command("trying", "demo", demo),
)


class Parser(argparse.ArgumentParser):
    """A parser that complains as every other part of Comity does."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse does, but what an act says may stand on both sides of its options."""
        found, rest = super().parse_known_args(args, namespace)
        if hasattr(found, "fields") and not any(word.startswith("-") for word in rest):
            found.fields, rest = [*found.fields, *rest], []
        return found, rest

    def error(self, message: str) -> NoReturn:
        """Says what is wrong with the words and where to read more; exits 2."""
        complain(f"{message[:1].lower()}{message[1:]}; run {self.prog} --help")
        raise SystemExit(MISUSED)


def parser() -> argparse.ArgumentParser:
    """The whole parser; costs no import beyond argparse and the command files."""
    top = Parser(
        prog="comity",
        usage="comity COMMAND ...",
        description=DESCRIPTION,
        epilog=_listing() + "\n" + EPILOG + EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    found = top.add_subparsers(prog="comity", dest="command", metavar="COMMAND", required=True, help=argparse.SUPPRESS)
    for each in COMMANDS:
        child = found.add_parser(
            each.name,
            description=each.text,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            conflict_handler="resolve",  # a command may have a help of its own
        )
        each.arguments(child)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    from comity.model.errors import Malformed, Misuse, PeerError
    from comity.tlog.errors import BadNote, BadProof, BadSignature, BadTile, StoreError

    try:
        args = parser().parse_args(arguments)
        code: int = args.run(args)
        return code
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else BROKEN
    except (Misuse, Malformed, BadNote, BadProof, BadSignature, BadTile) as error:
        complain(str(error))
        return MISUSED
    except (PeerError, StoreError) as error:
        complain(str(error))
        return BROKEN
    except Unsaid as error:
        complain(f"the answer could not be written: {error}; what was asked for is done, look before you ask again")
        return BROKEN
    except OSError as error:
        complain(f"the machine says no: {_said(error)}; mend that and try again")
        return BROKEN
    except KeyboardInterrupt:
        complain("stopped at the keyboard; what was said to be done is done, nothing else is")
        return INTERRUPTED
    except Exception:
        traceback.print_exc()
        complain("this is a fault of the software; send the lines above to those who keep it")
        return BROKEN


def _listing() -> str:
    lines = []
    for group in dict.fromkeys(each.group for each in COMMANDS):
        lines.append(f"{group}:")
        lines += [f"  {each.name:<{NAME_COLUMNS}}{each.summary}" for each in COMMANDS if each.group == group]
        lines.append("")
    return "\n".join(lines)


def _said(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{(error.strerror or str(error)).lower()}"
