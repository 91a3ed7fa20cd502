"""How commands speak: results to stdout, all else to stderr, tables of plain text that can be piped and read aloud."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from comity.interfaces.plain import plain

DONE, REFUSED, MISUSED, BROKEN = 0, 1, 2, 3
COLUMNS = 100
_GAP = "  "
_NARROWEST = 6
_SCREEN_LEAST = 20
_ROOMY = 80


class Advance(Protocol):
    """Moves a progress bar on."""

    def __call__(self, done: int, of: int) -> None:
        """So many are done, of so many."""
        ...


class Unsaid(Exception):
    """A result could not be written to stdout; what was done is done."""


def say(text: str) -> None:
    """A result, to stdout; raises Unsaid. Whoever stops reading ends no work: the rest goes nowhere."""
    if sys.stdout is None:
        raise Unsaid("standard output is closed")
    try:
        print(plain(text, "\n"), flush=True)
    except BrokenPipeError:
        silence()
    except OSError as error:
        silence()
        raise Unsaid((error.strerror or str(error)).lower()) from None


def silence() -> None:
    """Lets nothing more out on stdout; what waits there is dropped."""
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def complain(text: str) -> None:
    """Anything else, to stderr, each line with the name of the program."""
    if sys.stderr is None:
        return
    for line in plain(text, "\n").removesuffix("\n").split("\n"):
        print(f"comity: {line}", file=sys.stderr)


def say_json(value: Any) -> None:
    """A result for programs, to stdout."""
    say(json.dumps(value, indent=2, ensure_ascii=False))


def columns() -> int:
    """How wide a screen is that shows a result, at most 100; what is piped is as wide as that."""
    is_screen = sys.stdout is not None and sys.stdout.isatty()
    return min(COLUMNS, max(shutil.get_terminal_size().columns, _SCREEN_LEAST)) if is_screen else COLUMNS


def table(rows: Sequence[dict[str, str]], width: int | None = None) -> str:
    """Rows as aligned text within a width; columns that are empty in every row are left out, long cells wrap.

    Where not even the longest words of the columns fit beside each other, each row is pairs under each other.
    """
    width = columns() if width is None else width
    names = [name for name in rows[0] if any(row[name] for row in rows)] if rows else []
    if _least(names, rows) > width < _ROOMY:
        return "\n\n".join(pairs(((name, row[name]) for name in names if row[name]), width) for row in rows)
    widths = _widths([[name, *(row[name] for row in rows)] for name in names], width)
    lines = [_line(names, widths)]
    for row in rows:
        cells = [_wrap(row[name], size) for name, size in zip(names, widths, strict=True)]
        for number in range(max(map(len, cells))):
            lines.append(_line([cell[number] if number < len(cell) else "" for cell in cells], widths))
    return "\n".join(lines)


def pairs(rows: Iterable[tuple[str, str]], width: int | None = None) -> str:
    """Names and values under each other, values aligned and wrapped."""
    listed, width = list(rows), columns() if width is None else width
    column = max((len(name) for name, _ in listed), default=0)
    lines = []
    for name, value in listed:
        parts = _wrap(value, width - column - len(_GAP))
        lines += [f"{name if number == 0 else '':<{column}}{_GAP}{part}".rstrip() for number, part in enumerate(parts)]
    return "\n".join(lines)


@contextmanager
def progress(what: str) -> Iterator[Advance]:
    """A progress bar on stderr for long work; silent unless stderr is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _least(names: Sequence[str], rows: Sequence[dict[str, str]]) -> int:
    """The least width of a table in which no word is broken."""
    words = (max(len(word) for row in rows for word in [name, *row[name].split()]) for name in names)
    return sum(words) + len(_GAP) * (len(names) - 1)


def _widths(columns: list[list[str]], width: int) -> list[int]:
    """The natural width of each column, the widest ones narrowed until all fit: between words first, then inside."""
    widths = [max(len(cell) for cell in column) for column in columns]
    room = width - len(_GAP) * (len(widths) - 1)
    for least in ([max(len(word) for cell in column for word in cell.split() or [""]) for column in columns], None):
        lowest = [_NARROWEST if least is None else max(least[place], _NARROWEST) for place in range(len(widths))]
        while sum(widths) > room:
            loose = [place for place, size in enumerate(widths) if size > lowest[place]]
            if not loose:
                break
            widths[max(loose, key=lambda place: widths[place])] -= 1
    return widths


def _wrap(text: str, size: int) -> list[str]:
    return textwrap.wrap(text, max(size, 1), break_on_hyphens=False) or [""]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(f"{cell:<{size}}" for cell, size in zip(cells, widths, strict=True)).rstrip()
