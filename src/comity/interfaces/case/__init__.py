"""Cases: one file by which an outsider proves, offline, what the parties did. See docs/formats.md for its bytes."""

from comity.interfaces.case.claims import (
    Absent,
    Admitted,
    Claim,
    Forked,
    Logged,
    Opened,
    Received,
    Refused,
    in_words,
)
from comity.interfaces.case.make import LogReader, make_case
from comity.interfaces.case.openings import FieldsOpening, Opening, SealOpening
from comity.interfaces.case.report import Check, Report, Result
from comity.interfaces.case.verify import verify_case

__all__ = [
    "Absent",
    "Admitted",
    "Check",
    "Claim",
    "FieldsOpening",
    "Forked",
    "LogReader",
    "Logged",
    "Opened",
    "Opening",
    "Received",
    "Refused",
    "Report",
    "Result",
    "SealOpening",
    "in_words",
    "make_case",
    "verify_case",
]
