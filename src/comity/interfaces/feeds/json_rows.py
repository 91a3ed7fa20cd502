"""Tracks as JSON: an array of flat objects, as tables of tracks are written out, or one object a line.

The members are called as in `rows`; others are not read. Not trusted: the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from comity.airspace.fix import Fix, Rejected, Report
from comity.interfaces.feeds.json_records import BROKEN, NO_OBJECT, JsonRecords
from comity.interfaces.feeds.rows import Row, row_fix
from comity.interfaces.feeds.values import NOT_JSON
from comity.model.errors import Malformed

ReadRecord = Callable[[bytes, str, int | None], Fix]
_ROW = msgspec.json.Decoder(Row)


class JsonDecoder:
    """The reports of one file. Satisfies `office.sky.decoding.Decoder`."""

    def __init__(self, source: str, read: ReadRecord | None = None) -> None:
        """`read` makes a fix of one object, or raises Malformed; a row of a table is the default."""
        self._source = source
        self._read = read or json_row_fix
        self._records = JsonRecords()
        self._count = 0

    def feed(self, data: bytes, arrived_ms: int | None) -> Iterator[Report]:
        """What these bytes complete."""
        return self._reports(self._records.feed(data), arrived_ms)

    def gap(self) -> None:
        """Bytes were lost here."""
        self._records.gap()

    def end(self, arrived_ms: int | None) -> Iterator[Report]:
        """What was left."""
        return self._reports(self._records.end(), arrived_ms)

    def _reports(self, records: Iterable[bytes], arrived_ms: int | None) -> Iterator[Report]:
        for record in records:
            self._count += 1
            try:
                yield self._fix(record, arrived_ms)
            except Malformed as error:
                yield Rejected(self._count, str(error))

    def _fix(self, record: bytes, arrived_ms: int | None) -> Fix:
        if record is BROKEN:
            raise Malformed(NO_OBJECT)
        try:
            return self._read(record, self._source, arrived_ms)
        except NOT_JSON as error:
            raise Malformed(f"no report: {error}") from None


def json_row_fix(record: bytes, source: str, arrived_ms: int | None) -> Fix:
    """The fix that one flat object tells."""
    return row_fix(_ROW.decode(record), source, arrived_ms)
