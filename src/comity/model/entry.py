"""An entry: one signed act in one log, with everything its signer had seen.

A leaf is signature (64) || key id (4) || JSON; the hash of an entry is its RFC 6962 leaf hash.
Signatures are checked by the office before history takes an entry: nothing here needs cryptography beyond SHA-256.
Not trusted: whoever made the bytes; `parse_entry` raises Malformed for all that is not an entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from comity.model.acts import WIRE, Act
from comity.model.acts.form import Hash, Key, Seq, Signature, TimeMs
from comity.model.codec import LEAF_BYTES_MOST, decode_profile, encode, is_plain
from comity.model.errors import Malformed

FORMAT = 1
HEADER_DEPTH = 1
SIGNATURE_BYTES = 64
KEY_ID_BYTES = 4
DOMAIN = b"comity entry v1\n"
DOMAIN_SECOND = b"comity second v1\n"
NO_ENTRY = "00" * 32

Origin = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9./-]{0,79}\Z")]
Head = tuple[Annotated[int, Meta(ge=1, lt=1 << 53)], Hash]


class Assertion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A WebAuthn assertion; its challenge is the SHA-256 of the JSON that its officer confirmed.

    The first officer confirms the JSON without `assertion`, and so the second's part too; the second confirms what he
    signs, the JSON without `assertion` and `second`.
    """

    authenticator_data: Annotated[str, Meta(pattern=r"^([0-9a-f]{2}){37,1024}\Z")]
    client_data: Annotated[str, Meta(max_length=2048)]
    passkey: Annotated[str, Meta(pattern=r"^(es256:[0-9a-f]{130}|ed25519:[0-9a-f]{64})\Z")]
    signature: Annotated[str, Meta(pattern=r"^([0-9a-f]{2}){8,256}\Z")]


class Second(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The second officer's key, seat, and signature over the JSON without `assertion` and `second`; his assertion."""

    key: Key
    seat: Annotated[str, Meta(max_length=40)]
    signature: Signature
    assertion: Assertion | None = None


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The JSON of an entry; `body` holds the fields of the act."""

    act: Annotated[str, Meta(pattern=r"^[a-z]+\.[a-z_]+\Z", max_length=40)]
    at: TimeMs
    body: msgspec.Raw
    comity: Annotated[int, Meta(ge=FORMAT, le=FORMAT)]
    key: Key
    origin: Origin
    previous: Hash
    seat: Annotated[str, Meta(max_length=40)]
    seen: dict[Origin, Head]
    seq: Seq
    terms: Hash
    version: Annotated[int, Meta(ge=1, le=1000)]
    assertion: Assertion | None = None
    second: Second | None = None


class _Members(msgspec.Struct, frozen=True):
    """What stands after the names of some members, as received."""

    seen: msgspec.Raw
    assertion: msgspec.Raw = msgspec.Raw()
    second: msgspec.Raw = msgspec.Raw()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An act that this software cannot read: unknown, or with fields that do not fit. It is refused by all."""

    name: str
    version: int
    problem: str


class Entry(msgspec.Struct, frozen=True):
    """A parsed entry; `hash` and `id` are its leaf hash (bytes and hex), `at_ms` the signer's claimed time."""

    hash: bytes
    id: str
    leaf: bytes
    header: Header
    act: Act | Unreadable

    @property
    def origin(self) -> str:
        return self.header.origin

    @property
    def seq(self) -> int:
        return self.header.seq

    @property
    def seen(self) -> Mapping[str, Head]:
        return self.header.seen

    @property
    def at_ms(self) -> int:
        return self.header.at

    @property
    def json(self) -> bytes:
        return self.leaf[SIGNATURE_BYTES + KEY_ID_BYTES :]

    @property
    def signature(self) -> bytes:
        return self.leaf[:SIGNATURE_BYTES]


_decode_header = msgspec.json.Decoder(Header).decode
_decode_members = msgspec.json.Decoder(_Members).decode
_decode_bodies = {wire: msgspec.json.Decoder(act).decode for wire, act in WIRE.items()}


def leaf_hash(leaf: bytes) -> bytes:
    """The RFC 6962 hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def parse_entry(leaf: bytes) -> Entry:
    """The entry that a leaf holds; raises Malformed. Signatures are not checked here."""
    if len(leaf) > LEAF_BYTES_MOST:
        raise Malformed(f"an entry of {len(leaf)} bytes: the most is {LEAF_BYTES_MOST}")
    if len(leaf) < SIGNATURE_BYTES + KEY_ID_BYTES + 2:
        raise Malformed("an entry too short to hold a signature and an act; ask the sender for the whole of it")
    json = leaf[SIGNATURE_BYTES + KEY_ID_BYTES :]
    try:
        header = _decode_header(json)
        act = _read_act(header)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        decode_profile(json)  # which says better what is wrong with bytes outside the profile
        raise Malformed(f"not an entry: {error}; this software reads format {FORMAT}") from None
    if not _is_written_anew(json, header, act):
        decode_profile(json)
    digest = leaf_hash(leaf)
    return Entry(digest, digest.hex(), leaf, header, act)


def reread_entry(leaf: bytes) -> Entry:
    """An entry whose bytes were checked when it was taken and are held against a signed root: the profile is not looked
    at again. Raises Malformed for what cannot be read."""
    digest = leaf_hash(leaf)
    try:
        header = _decode_header(leaf[SIGNATURE_BYTES + KEY_ID_BYTES :])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from None
    return Entry(digest, digest.hex(), leaf, header, _read_act(header))


def _is_written_anew(json: bytes, header: Header, act: Act | Unreadable) -> bool:
    """Whether our own writer gives the same bytes again, and they are surely in the profile: then nobody looks twice.

    The fields of a header are bounded by their types, so only the body is looked at.
    """
    body = bytes(header.body)
    return isinstance(act, Act) and is_plain(body, HEADER_DEPTH) and encode(act) == body and encode(header) == json


def _read_act(header: Header) -> Act | Unreadable:
    decode = _decode_bodies.get((header.act, header.version))
    if decode is None:
        return Unreadable(header.act, header.version, "unknown to this version of the software")
    try:
        return decode(header.body)
    except msgspec.ValidationError as error:
        return Unreadable(header.act, header.version, str(error))


def build_json(header: Mapping[str, Any], act: Act) -> bytes:
    """The profile bytes of an entry to be signed: the header's fields with the act's name, version and body."""
    fields = dict(header) | {"act": act.name, "version": act.version, "comity": FORMAT, "body": act}
    return encode(fields)


def without_member(json: bytes, header: Header, member: Literal["assertion", "second"]) -> bytes:
    """The JSON of a parsed entry with that top-level member cut out, byte for byte; one that is null stays.

    It is not searched for, so nothing inside a body, a text or another member is taken for it: before `assertion`
    stands the name of the act and nothing else, after `second` only members of one spelling each.
    """
    if getattr(header, member) is None:
        return json
    members = _decode_members(json)
    text = b'"%s":%s,' % (member.encode(), bytes(getattr(members, member)))
    if member == "assertion":
        start = len(b'{"act":"",') + len(header.act)
    else:
        tail = b'"seen":%s,"seq":%d,"terms":"%s",' % (bytes(members.seen), header.seq, header.terms.encode())
        start = len(json) - len(tail + b'"version":%d}' % header.version) - len(text)
    if start < 0 or not json.startswith(text, start):
        raise Malformed(f"the member {member} is not written as the profile demands")
    return json[:start] + json[start + len(text) :]
