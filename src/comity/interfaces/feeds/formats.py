"""What `office.sky.sources` is handed: a decoder for each kind of line, and how a file is read."""

from __future__ import annotations

from comity.interfaces.feeds.cot import CotDecoder
from comity.interfaces.feeds.files import read_in_order
from comity.interfaces.feeds.sbs import SbsDecoder
from comity.interfaces.feeds.snapshot import SnapshotDecoder
from comity.office.sky.decoding import Formats

FORMATS = Formats(
    decoders={
        "sbs": SbsDecoder,
        "http": SnapshotDecoder,
        "https": SnapshotDecoder,
        "cot+tcp": CotDecoder,
        "cot+udp": CotDecoder,
    },
    read_file=read_in_order,
)
