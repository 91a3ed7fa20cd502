"""CoT events, the XML that TAK servers and phones exchange, as they stand one behind the other in a stream or a file.

Not trusted: the stream. At most one event of `EVENT_BYTES_MOST` is held. TAK's protobuf form is not read here: let the
server at the other end speak XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from comity.airspace.fix import Rejected, Report
from comity.interfaces.feeds.cot_event import cot_fix
from comity.model.errors import Malformed

EVENT_BYTES_MOST = 65_536
_END = re.compile(rb"</event\s*>")
_BEGIN = b"<event"
_BETWEEN = re.compile(rb"(\s|\xef\xbb\xbf|<\?xml[^>]*\?>|</?events\s*>)*")


class CotDecoder:
    """The reports of one stream. Satisfies `office.sky.decoding.Decoder`."""

    def __init__(self, source: str, by_arrival: bool = False) -> None:
        """`by_arrival` puts the time of arrival in place of the event's."""
        self._source = source
        self._by_arrival = by_arrival
        self._held = b""
        self._count = 0

    def feed(self, data: bytes, arrived_ms: int | None) -> Iterator[Report]:
        """What these bytes complete."""
        pieces = _END.split(self._held + data)
        rest = pieces.pop()
        self._held = rest[: EVENT_BYTES_MOST + 1]
        return self._reports(pieces, arrived_ms)

    def gap(self) -> None:
        """Bytes were lost here; what is left of an event is refused with the next."""
        self._held = b""

    def end(self, arrived_ms: int | None) -> Iterator[Report]:
        """Nothing stands behind the last event, or it is refused."""
        rest, self._held = self._held, b""
        if not _BETWEEN.fullmatch(rest):
            self._count += 1
            yield Rejected(self._count, "text that is no whole event")

    def _reports(self, pieces: list[bytes], arrived_ms: int | None) -> Iterator[Report]:
        for piece in pieces:
            begin = piece.rfind(_BEGIN)
            if not _BETWEEN.fullmatch(piece, 0, max(begin, 0)) or begin < 0:
                self._count += 1
                yield Rejected(self._count, "text that is no whole event")
            if begin >= 0:
                self._count += 1
                yield self._event(piece[begin:] + b"</event>", arrived_ms)

    def _event(self, event: bytes, arrived_ms: int | None) -> Report:
        try:
            if len(event) > EVENT_BYTES_MOST:
                raise Malformed(f"an event of more than {EVENT_BYTES_MOST} bytes")
            return cot_fix(event, self._source, arrived_ms, self._by_arrival)
        except Malformed as error:
            return Rejected(self._count, str(error))
