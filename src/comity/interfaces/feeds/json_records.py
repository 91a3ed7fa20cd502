"""JSON objects cut out of a file as they come: an array of them, one behind the other, or the features of a collection.

A file is read once and never held: at most one object of `longest` bytes is, and the beginning of the file up to
`HEAD_BYTES`, in which the features of a GeoJSON collection must begin. Not trusted: the bytes. Braces that are never
closed are given up once they are deeper than any report, so each byte is looked at a few times and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

RECORD_BYTES_MOST = 16_384
HEAD_BYTES = 65_536
DEPTH_MOST = 8
BROKEN = b""
"""Stands for one stretch of the file that is no object; `NO_OBJECT` says so to people."""
NO_OBJECT = "text that is no JSON object of a bearable length"

_OPEN, _NONE = -1, -2
_MARK = b"\xef\xbb\xbf"
_FEATURES = re.compile(rb'\s*\{.*?"features"\s*:\s*\[', re.DOTALL)
_OPENING = re.compile(rb"\s*\[")
_GAP = re.compile(rb"[\s,\x1e]*")
_TOKEN = re.compile(rb'[{}]|"[^"\\]*(?:\\.[^"\\]*)*"|"', re.DOTALL)


class JsonRecords:
    """The objects of one file, each as its bytes; `BROKEN` where there is none."""

    def __init__(self, longest: int = RECORD_BYTES_MOST) -> None:
        """A longer object is broken."""
        self._longest = longest
        self._held = b""
        self._opened = False
        self._in_array = False
        self._done = False
        self._in_junk = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The objects that are whole now."""
        if self._done:
            return
        self._held += data
        if self._opened or len(self._held) >= HEAD_BYTES:
            yield from self._cut()

    def gap(self) -> None:
        """Bytes were lost here: what is held is no object."""
        self._held, self._in_junk = b"", True

    def end(self) -> Iterator[bytes]:
        """What is left; an object without its end is broken."""
        yield from self._cut()
        if self._held.strip() and not self._done and not self._in_junk:
            yield BROKEN
        self._held = b""

    def _cut(self) -> Iterator[bytes]:
        self._open()
        begin = 0
        while not self._done:
            begin = _end(_GAP, self._held, begin)
            if begin == len(self._held):
                break
            first = self._held[begin : begin + 1]
            if first == b"]" and self._in_array:
                self._done = True
            elif first != b"{":
                yield from self._junk()
                begin = self._next(begin + 1)
            else:
                end = _object_end(self._held, begin, self._longest)
                if end == _OPEN:
                    self._in_junk = False
                    break
                if end == _NONE:
                    yield from self._junk()
                    begin = self._next(begin + 1)
                    continue
                self._in_junk = False
                yield self._held[begin:end] if end - begin <= self._longest else BROKEN
                begin = end
        self._held = self._held[begin:]

    def _open(self) -> None:
        """Once: goes into the array, if there is one."""
        if self._opened:
            return
        self._opened = True
        held = self._held.removeprefix(_MARK)
        begun = _FEATURES.match(held, 0, HEAD_BYTES) or _OPENING.match(held)
        self._in_array = begun is not None
        self._held = held[begun.end() :] if begun else held

    def _junk(self) -> Iterator[bytes]:
        """One stretch is one broken record, however many times it is looked at."""
        if not self._in_junk:
            self._in_junk = True
            yield BROKEN

    def _next(self, begin: int) -> int:
        """Where an object may begin again."""
        place = self._held.find(b"{", begin)
        return len(self._held) if place < 0 else place


def _end(pattern: re.Pattern[bytes], text: bytes, begin: int) -> int:
    found = pattern.match(text, begin)
    return found.end() if found else begin


def _object_end(text: bytes, begin: int, longest: int) -> int:
    """Behind the brace that closes the object which begins here; _OPEN if it is not there yet, _NONE if it is none."""
    depth = 0
    unclosed = _OPEN if len(text) - begin <= longest else _NONE
    for found in _TOKEN.finditer(text, begin):
        token = found.group()
        if token == b"{":
            depth += 1
            if depth > DEPTH_MOST:
                return _NONE
        elif token == b"}":
            depth -= 1
            if depth == 0:
                return found.end()
        elif token == b'"':
            return unclosed
        if found.start() - begin > 2 * longest:
            return _NONE
    return unclosed
