"""The page docs/cli.md: every command with its own help, drawn from the parser itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from comity.interfaces.cli.program import COMMANDS, DESCRIPTION, EXIT_CODES, parser


def cli_document() -> str:
    """Markdown: the groups of commands, then each command with its arguments."""
    lines = ["# The command line", "", "Generated from the parser; `comity COMMAND --help` says the same.", ""]
    lines += [*DESCRIPTION.splitlines(), "", EXIT_CODES, ""]
    lines += ["| | |", "|---|---|"]
    lines += [f"| [`comity {each.name}`](#comity-{each.name}) | {each.summary} |" for each in COMMANDS]
    for name, command in _commands(parser(), "comity"):
        depth = "##" if name.count(" ") == 1 else "###"
        lines += ["", f"{depth} {name}", "", *_described(command), "", *_arguments(name, command)]
    return "\n".join(lines).rstrip() + "\n"


def _commands(top: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, child in action.choices.items():
                yield f"{name} {word}", child
                yield from _commands(child, f"{name} {word}")


def _described(command: argparse.ArgumentParser) -> list[str]:
    """The help as prose, its examples as blocks."""
    lines: list[str] = []
    for paragraph in (command.description or "").split("\n\n"):
        is_block = any(line.startswith(" ") for line in paragraph.split("\n"))
        lines += ["```", paragraph.rstrip(), "```", ""] if is_block else [paragraph, ""]
    return lines[:-1]


def _arguments(name: str, command: argparse.ArgumentParser) -> list[str]:
    shown = [
        each for each in command._actions if not isinstance(each, argparse._HelpAction | argparse._SubParsersAction)
    ]
    if not shown:
        return []
    return ["| argument | |", "|---|---|", *(f"| `{_written(each)}` | {each.help or ''} |" for each in shown)]


def _written(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else " or ".join(map(str, action.choices or ()))
    if not action.option_strings:
        return f"{value} ..." if action.nargs in ("+", "*") else value
    text = ", ".join(action.option_strings)
    return text if action.nargs == 0 else f"{text} {value}"
