"""Of many inputs the few small ones that together reach the most lines: python -m fuzz.distil PARSER FOUND CORPUS."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from fuzz.parsers import PARSERS, Parser

TRIED_MOST = 600
KEPT_MOST = 24
KEPT_BYTES_MOST = 2048
OURS = ("/comity/", "/tomllib/")
HASHED_NAME = "[0-9a-f]" * 40

Arc = tuple[str, int, int]


def distil(parser: Parser, inputs: list[bytes]) -> list[bytes]:
    """The shortest inputs that each reach a step from line to line which none before it has reached."""
    reached: set[Arc] = set()
    kept: list[bytes] = []
    small = sorted((data for data in inputs if 0 < len(data) <= KEPT_BYTES_MOST), key=lambda data: (len(data), data))
    step = max(1.0, len(small) / TRIED_MOST)
    for data in (small[int(number * step)] for number in range(min(TRIED_MOST, len(small)))):
        arcs = _arcs(parser, data)
        if not arcs <= reached and len(kept) < KEPT_MOST:
            reached |= arcs
            kept.append(data)
    return kept


def main(name: str, found: Path, corpus: Path) -> None:
    """Replaces the files of the corpus that are named by their hash."""
    before = list(corpus.glob(HASHED_NAME))
    inputs = [path.read_bytes() for path in [*found.iterdir(), *before]]
    kept = distil(PARSERS[name], inputs)
    for path in before:
        path.unlink()
    for data in kept:
        (corpus / hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)


def _arcs(parser: Parser, data: bytes) -> set[Arc]:
    arcs: set[Arc] = set()
    last: dict[int, int] = {}

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        file = frame.f_code.co_filename
        if not any(each in file for each in OURS):
            return None
        arcs.add((file, last.get(id(frame), 0), frame.f_lineno))
        last[id(frame)] = frame.f_lineno
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parser.accepts(data)
    finally:
        sys.settrace(before)
    return arcs


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
