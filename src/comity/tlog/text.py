"""Strict readings of the small texts inside notes: each value has one spelling, and any other is refused."""

import re
from base64 import b64decode, b64encode

from comity.tlog.errors import BadNote

MAX_NUMBER = 2**63 - 1
_DECIMAL = re.compile("0|[1-9][0-9]{0,18}")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding, RFC 4648 section 4."""
    return b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """The inverse of encode_base64; BadNote for any text that encode_base64 does not write."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise BadNote(f"{_short(text)} is not base64; ask its sender again") from error
    if encode_base64(data) != text:
        raise BadNote(f"{_short(text)} is a loose spelling of base64; ask its sender to write it strictly")
    return data


def decode_hash(text: str) -> bytes:
    """The 32 bytes of a hash in base64; BadNote for anything else."""
    data = decode_base64(text)
    if len(data) != 32:
        raise BadNote(f"{_short(text)} is {len(data)} bytes and a hash has 32; ask its sender again")
    return data


def decode_number(text: str) -> int:
    """A whole number below 2^63 in plain decimal digits without leading zeros; BadNote for anything else."""
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_NUMBER:
        raise BadNote(f"{_short(text)} is not a number below 2^63 in plain digits; write it without leading zeros")
    return int(text)


def decode_utf8(data: bytes, what: str) -> str:
    """The text of some UTF-8 bytes without control characters other than the newline, or BadNote."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadNote(f"{what} is not utf-8; ask its sender again") from error
    if _CONTROL.search(text):
        raise BadNote(f"{what} holds a control character; remove it")
    return text


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")
