"""Feeds of live tracks and files of them: one decoder a format, bytes to `Fix` or a counted `Rejected`.

Raw Mode S is decoded by a well-kept tool outside this process, which serves SBS-1 or aircraft.json.
"""

from comity.interfaces.feeds.csv_rows import csv_lines
from comity.interfaces.feeds.files import read_file, read_in_order
from comity.interfaces.feeds.formats import FORMATS

__all__ = ["FORMATS", "csv_lines", "read_file", "read_in_order"]
