"""Bytes as they come, cut into lines, with a bound on what is kept of an endless one.

Not trusted: the bytes. At most one line of `longest` bytes is held, whatever comes.
"""

from __future__ import annotations

from comity.model.errors import Malformed

LINE_BYTES_MOST = 4096


class Lines:
    """The lines of one connection or file."""

    def __init__(self, longest: int = LINE_BYTES_MOST) -> None:
        """A longer line comes out cut, one byte too long, for `text_of` to refuse."""
        self._longest = longest
        self._rest = b""
        self._lost = False

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that are whole now, without their ends."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()[: self._longest + 1]
        if self._lost and lines:
            self._lost = False
            del lines[0]  # the end of a line whose beginning was lost
        return lines

    def gap(self) -> None:
        """Bytes were lost here: what is held and what comes up to the next end of a line is no line."""
        self._rest, self._lost = b"", True

    def end(self) -> list[bytes]:
        """What came after the last end of a line."""
        rest, self._rest = self._rest, b""
        return [rest] if rest and not self._lost else []

    def text_of(self, line: bytes) -> str:
        """The line as text without white space around it; Malformed if it is too long or not UTF-8."""
        if len(line) > self._longest:
            raise Malformed(f"a line of more than {self._longest} bytes")
        try:
            return line.decode().strip()
        except UnicodeDecodeError:
            raise Malformed("a line that is not UTF-8") from None
