"""On which line of a TOML text each value stands, and whether the text is plain enough to be parsed safely.

The standard parser keeps no places and recurses into nested brackets, so `plainness` is asked before it and
`lines_of` after both. `plainness` takes any text and never raises; what it passes is parsed alike by TOML 1.0 and 1.1.
Not trusted: the text may be hostile; the caller bounds its length.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

from comity.model.terms_problem import Path

DEPTH_MAX = 8

_TOKEN = re.compile(
    r"""
      (?P<blank>[ \t\r]+|\#[^\n]*)
    | (?P<newline>\n)
    | (?P<long>\"{3}(?:\\(?:.|\Z)|[^\\])*?(?:\"{3,5}|\Z)|'{3}.*?(?:'{3,5}|\Z))
    | (?P<quoted>"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<word>[A-Za-z0-9_+:-]+)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NEWER_ESCAPE = re.compile(r"\\(?:\\|([ex]))")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of TOML that is neither blank nor comment, with the line on which it starts."""

    kind: str
    text: str
    line: int


def plainness(text: str) -> tuple[int, str] | None:
    """Line and reason of the first thing that is nested too deep or that parsers of different age read differently."""
    brackets: list[str] = []
    dots = 0
    before = ""
    for token in _tokens(text):
        reason = _odd(token, before, brackets[-1] if brackets else "")
        dots = dots + 1 if token.text == "." else dots if token.kind in ("word", "quoted") else 0
        if token.text in ("[", "{"):
            brackets.append(token.text)
        elif token.text in ("]", "}") and brackets:
            brackets.pop()
        if max(len(brackets), dots) > DEPTH_MAX:
            reason = f"values are nested more than {DEPTH_MAX} deep"
        if reason is not None:
            return token.line, reason
        before = token.text
    return None


def lines_of(text: str) -> dict[Path, int]:
    """The line of each key and each item of a list; a table has the line of its first mention."""
    reader = _Reader(list(_tokens(text)))
    reader.read()
    return reader.lines


def _tokens(text: str) -> Iterator[Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind != "blank":
            yield Token(kind, match.group(), line)
        line += match.group().count("\n")


def _odd(token: Token, before: str, bracket: str) -> str | None:
    if token.kind == "newline" and bracket == "{":
        return "a table in braces runs over the end of its line"
    if token.text == "}" and before == ",":
        return "a table in braces ends with a comma"
    escapes = _NEWER_ESCAPE.finditer(token.text) if token.text.startswith('"') else ()
    if any(match.group(1) for match in escapes):
        return "a text uses an escape that older readers of TOML do not know"
    return None


@dataclass(slots=True)
class _Reader:
    """Walks over the tokens of a valid text and notes where each path begins."""

    tokens: list[Token]
    lines: dict[Path, int] = field(default_factory=dict)
    _items: dict[Path, int] = field(default_factory=dict)
    _at: int = 0

    def read(self) -> None:
        table: Path = ()
        while (token := self._peek()) is not None:
            if token.text == "[" and token.kind == "sign":
                table = self._header()
            elif token.kind in ("word", "quoted"):
                self._pair(table)
            else:
                self._at += 1

    def _header(self) -> Path:
        line = self.tokens[self._at].line
        double = self._at + 1 < len(self.tokens) and self.tokens[self._at + 1].text == "["
        self._at += 2 if double else 1
        keys = self._key()
        table: Path = ()
        for key in keys[:-1]:
            self._note((*table, key), line)
            table = self._last_item((*table, key))
        table = (*table, *keys[-1:])
        self._note(table, line)
        if double:
            self._items[table] = self._items.get(table, -1) + 1
            table = self._last_item(table)
            self._note(table, line)
        else:
            table = self._last_item(table)
        while (token := self._peek()) is not None and token.kind != "newline":
            self._at += 1
        return table

    def _last_item(self, table: Path) -> Path:
        return (*table, self._items[table]) if table in self._items else table

    def _pair(self, table: Path) -> None:
        line = self.tokens[self._at].line
        for key in self._key():
            table = (*table, key)
            self._note(table, line)
        self._take("=")
        self._value(table)

    def _key(self) -> list[str]:
        keys: list[str] = []
        while (token := self._peek()) is not None and token.kind in ("word", "quoted"):
            keys.append(_key_text(token))
            self._at += 1
            if not self._take("."):
                break
        return keys

    def _value(self, path: Path) -> None:
        if self._take("["):
            self._list(path)
        elif self._take("{"):
            while (token := self._peek()) is not None and not self._take("}"):
                if token.kind in ("word", "quoted"):
                    self._pair(path)
                else:
                    self._at += 1
        else:
            while (token := self._peek()) is not None and token.text not in (",", "]", "}", "\n"):
                self._at += 1

    def _list(self, path: Path) -> None:
        index = 0
        while (token := self._peek()) is not None and not self._take("]"):
            if token.text in (",", "\n", "}"):
                self._at += 1
                continue
            self._note((*path, index), token.line)
            self._value((*path, index))
            index += 1

    def _note(self, path: Path, line: int) -> None:
        self.lines.setdefault(path, line)

    def _peek(self) -> Token | None:
        return self.tokens[self._at] if self._at < len(self.tokens) else None

    def _take(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.text != text:
            return False
        self._at += 1
        return True


def _key_text(token: Token) -> str:
    if token.kind == "word" or not token.text.startswith('"'):
        return token.text.strip("'")
    try:
        return str(tomllib.loads(f"key = {token.text}")["key"])
    except tomllib.TOMLDecodeError:
        return token.text
