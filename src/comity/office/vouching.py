"""What the store keeps beside a leaf: order of arrival, verdict, and what vouches for it until a whole note does."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from comity.tlog.merkle import HASH_BYTES


class Cover(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What vouches for entries taken under a checkpoint that is not yet taken whole.

    `hashes` are the verified leaf hashes from `first` on, `proof` leads from their end to the checkpoint's size.
    """

    note: bytes
    first: int
    hashes: bytes
    proof: tuple[bytes, ...]

    @property
    def end(self) -> int:
        """The size at which the proof begins."""
        return self.first + len(self.hashes) // HASH_BYTES


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the store keeps beside a leaf: order of arrival, the refusal if any, and the cover of a batch's end."""

    number: int
    refusal: tuple[str, str, str, str] | None = None
    cover: Cover | None = None


encode_mark = msgspec.json.Encoder().encode
decode_mark = msgspec.json.Decoder(Mark).decode


def with_cover(mark: bytes, cover: Cover) -> bytes:
    """The mark of the last entry of a batch, with the cover of the batch."""
    return encode_mark(msgspec.structs.replace(decode_mark(mark), cover=cover))


def ahead_of(cover: Cover, size: int) -> Sequence[bytes]:
    """The verified leaf hashes of a cover from `size` on."""
    start = (size - cover.first) * HASH_BYTES
    part = cover.hashes[max(start, 0) :]
    return [part[place : place + HASH_BYTES] for place in range(0, len(part), HASH_BYTES)]
