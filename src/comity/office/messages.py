"""What offices say to each other: requests and responses as msgpack, each bounded, each safe to lose or repeat.

Any holder may serve any log: entries are asked for by (origin, size, root), so either branch of a fork can be had,
and they come only under a checkpoint signed by the log's head key (law 5). Not trusted: every byte.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from comity.model.errors import PeerError
from comity.office.config import DEFAULT, Limits

NUMBER_MOST = 1 << 53
Size = Annotated[int, Meta(ge=0, lt=NUMBER_MOST)]
Origin = Annotated[str, Meta(min_length=1, max_length=80)]
Digest = Annotated[bytes, Meta(min_length=32, max_length=32)]
NoteBytes = Annotated[bytes, Meta(max_length=65_536)]
Proof = Annotated[tuple[Digest, ...], Meta(max_length=130)]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag=True, omit_defaults=True):
    """A request or a response."""


class HeadsRequest(Message, frozen=True):
    """Which checkpoints do you hold? `known` is the digest of the last answer, so that nothing is said twice."""

    known: bytes = b""


class EntriesRequest(Message, frozen=True):
    """The entries from `start` on of the branch whose first `size` entries have that root."""

    origin: Origin
    size: Size
    root: Digest
    start: Size


class LeafHashesRequest(Message, frozen=True):
    """The leaf hashes from `start` on of that branch: to find where a fork parts."""

    origin: Origin
    size: Size
    root: Digest
    start: Size


class Notice(Message, frozen=True):
    """I hold something new: ask me. The answer says nothing."""


Request = HeadsRequest | EntriesRequest | LeafHashesRequest | Notice


class HeldHead(Message, frozen=True):
    """A checkpoint with its cosignatures, and how many entries of it the sender can deliver."""

    note: NoteBytes
    held: Annotated[int, Meta(ge=1, lt=NUMBER_MOST)]
    held_root: Digest


class Heads(Message, frozen=True):
    """Every checkpoint that the sender holds, one or two a branch; `same` says that they are those already known."""

    digest: bytes
    heads: Annotated[tuple[HeldHead, ...], Meta(max_length=DEFAULT.heads_most)] = ()
    same: bool = False


class Entries(Message, frozen=True):
    """Leaves [start, start + len) under a checkpoint; `ahead` are further leaf hashes, `proof` leads on to its size."""

    note: NoteBytes
    start: Size
    leaves: Annotated[tuple[Annotated[bytes, Meta(max_length=65_535)], ...], Meta(max_length=DEFAULT.page_entries)]
    ahead: Annotated[bytes, Meta(max_length=DEFAULT.ahead_hashes * 32)] = b""
    proof: Proof = ()


class LeafHashes(Message, frozen=True):
    """Leaf hashes [start, ...), 32 bytes each, side by side."""

    start: Size
    hashes: Annotated[bytes, Meta(max_length=DEFAULT.page_hashes * 32)]


class Unavailable(Message, frozen=True):
    """I do not hold that, or not any more under that name."""

    reason: Annotated[str, Meta(max_length=400)]


class Noticed(Message, frozen=True):
    """The answer to a notice."""


Response = Heads | Entries | LeafHashes | Unavailable | Noticed

encode_message = msgspec.msgpack.Encoder().encode
_decode_request = msgspec.msgpack.Decoder(Request).decode
_decode_response = msgspec.msgpack.Decoder(Response).decode


def decode_request(data: bytes, limits: Limits = DEFAULT) -> Request:
    """The request in these bytes; PeerError if they are none."""
    _check_length(data, limits)
    try:
        request: Request = _decode_request(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PeerError(f"not a request: {error}; both offices need the same version") from None
    return request


def decode_response(data: bytes, limits: Limits = DEFAULT) -> Response:
    """The response in these bytes; PeerError if they are none."""
    _check_length(data, limits)
    try:
        response: Response = _decode_response(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PeerError(f"not a response: {error}; both offices need the same version") from None
    return response


def _check_length(data: bytes, limits: Limits) -> None:
    if len(data) > limits.message_bytes:
        raise PeerError(f"a message of {len(data)} bytes: the most is {limits.message_bytes}; ask for smaller pages")
