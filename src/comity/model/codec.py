"""The JSON profile: UTF-8, sorted ASCII keys, no white space, no floats, integers below 2^53, no duplicate keys.

Bytes are checked as received and never rewritten: what was signed is what is hashed, stored and sent on.
Not trusted: whoever made the bytes.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

import msgspec

from comity.model.errors import Malformed

LEAF_BYTES_MOST = 65_535
INTEGER_BOUND = 1 << 53
DEPTH_MOST = 24

_encode_sorted = msgspec.json.Encoder(order="sorted").encode
_encode_plain = msgspec.json.Encoder(order="deterministic").encode
_decode_plain = msgspec.json.Decoder().decode

# Written as the profile demands, every number follows a colon, a comma or a bracket. What this finds in a string by
# chance only costs the slow check.
_NUMBER_TO_LOOK_AT = re.compile(rb"[:,\[]-?(?:[0-9]+[.eE]|[0-9]{16})")


def encode(value: Any) -> bytes:
    """The profile bytes of a value made of structs, dicts, strings and integers."""
    return _encode_sorted(value)


def decode_profile(data: bytes) -> dict[str, Any]:
    """The object that profile bytes hold; raises Malformed on any departure from the profile."""
    try:
        value = _decode_plain(data)
    except RecursionError:
        raise Malformed(f"JSON outside the profile: nested deeper than {DEPTH_MOST} levels") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if data.startswith(codecs.BOM_UTF8):
            raise Malformed("JSON outside the profile: it begins with a byte order mark; save it without one") from None
        raise Malformed(f"not JSON: {error}; ask the sender for the bytes that were signed") from None
    if not isinstance(value, dict):
        raise Malformed("not a JSON object; ask the sender for the bytes that were signed")
    if not is_plain(data):
        _check(value, DEPTH_MOST)
    try:
        same = _encode_plain(value) == data
    except (UnicodeEncodeError, RecursionError):
        same = False
    if not same:
        raise Malformed("JSON outside the profile: keys must be sorted and unique, without white space or long escapes")
    return value


def is_plain(data: bytes, depth: int = 0) -> bool:
    """Whether an object's bytes that decode and encode to themselves need no closer look.

    So they are if all is ASCII, integers are small, and it is shallow, also where it stands `depth` levels deep.
    """
    if not data.isascii() or data.count(b"{") + data.count(b"[") + depth > DEPTH_MOST:
        return False
    return _NUMBER_TO_LOOK_AT.search(data) is None


def _check(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -INTEGER_BOUND < value < INTEGER_BOUND:
            raise Malformed("JSON outside the profile: an integer of 2^53 or more; send it as text")
        return
    if kind is float:
        raise Malformed(
            "JSON outside the profile: a number with a fraction or exponent; send an integer in a smaller unit"
        )
    if depth == 0:
        raise Malformed(f"JSON outside the profile: nested deeper than {DEPTH_MOST} levels")
    if kind is list:
        for item in value:
            _check(item, depth - 1)
        return
    for key, item in value.items():
        if not key.isascii():
            raise Malformed("JSON outside the profile: a key that is not ASCII")
        _check(item, depth - 1)
