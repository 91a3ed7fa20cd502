"""What the sky asks of whoever reads a format; the readers themselves are handed in, for they live in `interfaces`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from comity.airspace.fix import Report


class Decoder(Protocol):
    """The reports in the bytes of one connection or one file.

    `arrived_ms` is the office's time UTC; None for a file, each report of which has arrived when
    it was made.
    """

    def feed(self, data: bytes, arrived_ms: int | None) -> Iterator[Report]:
        """What these bytes complete; to be run to its end before the next call, unless that is `gap`."""
        ...

    def gap(self) -> None:
        """Bytes were lost here."""
        ...

    def end(self, arrived_ms: int | None) -> Iterator[Report]:
        """What was left at the end of the connection or file."""
        ...


class MakeDecoder(Protocol):
    """Gives a decoder for a new connection; `by_arrival` sets the source's own times aside."""

    def __call__(self, source: str, by_arrival: bool) -> Decoder:
        """A decoder whose fixes name the source."""
        ...


@dataclass(frozen=True, slots=True)
class Formats:
    """A decoder for each scheme of an address, and the reports of a file by time: `read_file(path, source)`."""

    decoders: Mapping[str, MakeDecoder]
    read_file: Callable[[Path, str], Iterator[Report]]
