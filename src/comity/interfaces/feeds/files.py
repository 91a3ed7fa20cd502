"""Files of reports, plain or gzipped, whatever their form: told by how they begin, read once, never held whole.

Not trusted: the file. What unpacks to far more than tracks ever do is refused.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from comity.airspace.fix import Rejected, Report
from comity.interfaces.feeds.cot import CotDecoder
from comity.interfaces.feeds.csv_rows import CsvDecoder
from comity.interfaces.feeds.geojson import geojson_decoder
from comity.interfaces.feeds.json_rows import JsonDecoder
from comity.interfaces.feeds.sbs import SbsDecoder
from comity.interfaces.feeds.snapshot import SnapshotDecoder
from comity.interfaces.feeds.sorting import in_order
from comity.model.errors import Malformed, Misuse
from comity.office.sky.decoding import Decoder

CHUNK_BYTES = 65_536
GZIP_BEGIN, GZIP_BITS = b"\x1f\x8b", 31
UNPACKED_FREE_BYTES = 64 * 1024 * 1024
UNPACKED_TIMES_MOST = 200  # tracks shrink to a fifth or a tenth
FORMS: dict[str, Callable[[str], Decoder]] = {
    "csv": CsvDecoder,
    "json": JsonDecoder,
    "geojson": geojson_decoder,
    "aircraft.json": SnapshotDecoder,
    "sbs": SbsDecoder,
    "cot": CotDecoder,
}
_BEGINS = (
    (re.compile(rb"<"), "cot"),
    (re.compile(rb"(MSG|SEL|ID|AIR|STA|CLK),"), "sbs"),
    (re.compile(rb'\x1e?\{.*?"(features"\s*:\s*\[|type"\s*:\s*"Feature")', re.DOTALL), "geojson"),
    (re.compile(rb'\{.*?"aircraft"\s*:\s*\[', re.DOTALL), "aircraft.json"),
    (re.compile(rb"[\[{]"), "json"),
)


def read_file(path: Path, source: str, form: str | None = None) -> Iterator[Report]:
    """The reports of a file in its own order; each has arrived at its own time.

    Raises Misuse if the file cannot be opened, Malformed if it is not of its form at all; where it breaks off, the
    last report is a rejection.
    """
    chunks = unpacked(path)
    decoder: Decoder | None = None
    broken = ""
    while True:
        try:
            chunk = next(chunks, b"")
        except Malformed as error:
            chunk, broken = b"", str(error)
        decoder = decoder or FORMS[form or form_of(chunk)](source)
        if not chunk:
            break
        yield from decoder.feed(chunk, None)
    yield from decoder.end(None)
    if broken:
        yield Rejected(0, broken)


def read_in_order(path: Path, source: str, form: str | None = None) -> Iterator[Report]:
    """The same reports by the time of their source, however the file has them; rejections come first."""
    return in_order(read_file(path, source, form))


def form_of(begin: bytes) -> str:
    """The form of a file that begins so, a key of `FORMS`."""
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((form for pattern, form in _BEGINS if pattern.match(text)), "csv")


def unpacked(path: Path) -> Iterator[bytes]:
    """What the file holds, unpacked if it is gzipped, in chunks of `CHUNK_BYTES`; raises Misuse, Malformed."""
    try:
        with path.open("rb") as file:
            if file.peek(2)[:2] == GZIP_BEGIN:
                yield from _gunzipped(file)
            else:
                while chunk := file.read(CHUNK_BYTES):
                    yield chunk
    except OSError as error:
        raise Misuse(f"{path} cannot be read: {error.strerror or error}") from None


def _gunzipped(file: BinaryIO) -> Iterator[bytes]:
    """What can be unpacked, all of it; then Malformed, if the file is broken there."""
    packed, count, begun, data = zlib.decompressobj(GZIP_BITS), 0, False, b""
    while data := data or file.read(CHUNK_BYTES):
        try:
            chunk = packed.decompress(data, CHUNK_BYTES)
        except zlib.error as error:
            raise Malformed(f"the gzipped file is broken after {count} bytes: {error}") from None
        data, begun = packed.unconsumed_tail, True
        count += len(chunk)
        if count > max(UNPACKED_FREE_BYTES, UNPACKED_TIMES_MOST * file.tell()):
            raise Malformed(f"it unpacks to over {UNPACKED_TIMES_MOST} times its size: no file of tracks")
        if chunk:
            yield chunk
        if packed.eof:  # another may follow in the same file
            data, begun, packed = packed.unused_data.lstrip(b"\0"), False, zlib.decompressobj(GZIP_BITS)
    if begun:
        if rest := packed.flush():
            yield rest
        raise Malformed(f"the gzipped file is broken after {count} bytes: its end is missing")
