"""Private matter: the log holds one root over salted commitments, ciphertexts open for named recipients only.

Each field is committed to by a hash over its name, a salt of its own and its value; the hashes are the leaves of an
RFC 6962 tree whose root stands in the log. One field can be opened and proven without the others.
Ciphertexts are age files.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
import pyrage  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from msgspec import Meta

from comity.model.acts.form import Hash
from comity.model.codec import encode
from comity.model.errors import Malformed, Misuse
from comity.office.config import DEFAULT, Limits
from comity.office.ports import Randomness
from comity.tlog.errors import BadProof
from comity.tlog.merkle import inclusion_proof, leaf_hash, root_of, verify_inclusion

SALT_BYTES = 32
BUCKET_BYTES_LEAST = 1024


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One private value with the salt that hides it."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    salt: Hash
    value: str


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One field with the proof that it stands under a committed root."""

    field: Field
    index: Annotated[int, Meta(ge=0)]
    count: Annotated[int, Meta(ge=1)]
    proof: Annotated[tuple[Hash, ...], Meta(max_length=64)]


class Salts:
    """Salts without end out of one secret: who keeps it need not keep them. Satisfies `ports.Randomness`."""

    def __init__(self, secret: bytes) -> None:
        """Begin the row of salts that belongs to this secret of 32 random bytes."""
        self._secret = secret
        self._given = 0

    def bytes(self, count: int) -> bytes:
        """The next salt, of at most 32 bytes."""
        assert count <= SALT_BYTES, "a salt is one hash"
        self._given += 1
        covered = b"comity salt v1\n" + self._secret + self._given.to_bytes(8, "big")
        return hashlib.sha256(covered).digest()[:count]


def salted(values: Mapping[str, str], random: Randomness, limits: Limits = DEFAULT) -> tuple[Field, ...]:
    """The fields, by name, each with a new salt; Misuse if there are none, too many or too long ones."""
    if not 1 <= len(values) <= limits.private_fields:
        raise Misuse(f"{len(values)} private fields: give 1 to {limits.private_fields}")
    for name, value in values.items():
        if not 1 <= len(name) <= 80 or len(value.encode()) > limits.private_value_bytes:
            raise Misuse(f"private field {name[:80]!r} is too long; at most {limits.private_value_bytes} bytes")
    return tuple(Field(name=name, salt=random.bytes(SALT_BYTES).hex(), value=values[name]) for name in sorted(values))


def commitment(fields: Sequence[Field]) -> str:
    """The root that the log holds, hex: it says nothing of the values to who lacks the salts."""
    return root_of(_leaves(fields)).hex()


def opening(fields: Sequence[Field], name: str) -> Opening:
    """The proof of one field for whoever may read it; Misuse if there is no such field."""
    index = next((number for number, each in enumerate(fields) if each.name == name), None)
    if index is None:
        raise Misuse(f"there is no private field {name!r}; name one of them")
    proof = inclusion_proof(_leaves(fields), index, len(fields))
    return Opening(field=fields[index], index=index, count=len(fields), proof=tuple(each.hex() for each in proof))


def opens(shown: Opening, root: str) -> bool:
    """Whether the opening proves its field under that committed root."""
    proof = [bytes.fromhex(each) for each in shown.proof]
    try:
        verify_inclusion(proof, shown.index, shown.count, _leaf(shown.field), bytes.fromhex(root))
    except BadProof:
        return False
    return True


def encrypt(data: bytes, recipients: Sequence[str]) -> bytes:
    """An age file for these recipients (`ssh-ed25519 ...` or `age1...`); Misuse if one is none."""
    try:
        found = [_recipient(each) for each in recipients]
        ciphertext: bytes = pyrage.encrypt(data, found)
    except (pyrage.RecipientError, pyrage.EncryptError) as error:
        raise Misuse(f"cannot encrypt to a recipient: {error}; give keys as their owners wrote them") from None
    return ciphertext


def decrypt(ciphertext: bytes, seed: bytes) -> bytes:
    """What an age file holds for the owner of that Ed25519 seed; Malformed if it was not for him."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    openssh = private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    try:
        data: bytes = pyrage.decrypt(ciphertext, [pyrage.ssh.Identity.from_buffer(openssh)])
    except pyrage.DecryptError as error:
        raise Malformed(f"the ciphertext does not open: {error}; ask its owner to release it to you") from None
    return data


def padded(data: bytes) -> bytes:
    """JSON with white space at its end up to a power of two, so that lengths tell little."""
    bucket = BUCKET_BYTES_LEAST
    while bucket < len(data):
        bucket *= 2
    return data + b" " * (bucket - len(data))


def recipient_of(key: str) -> str:
    """The recipient for an Ed25519 public key (hex), such as a pinned root key (law 34)."""
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def salt_for_root(salt: str, root_key: str) -> str:
    """The salt of a sealed act, kept for the root key, base64: its loss is then no excuse (law 34)."""
    return b64encode(encrypt(bytes.fromhex(salt), [recipient_of(root_key)])).decode()


def _recipient(text: str) -> Any:
    if text.startswith("age1"):
        return pyrage.x25519.Recipient.from_str(text)
    return pyrage.ssh.Recipient.from_str(text)


def _leaves(fields: Sequence[Field]) -> list[bytes]:
    return [_leaf(each) for each in fields]


def _leaf(field: Field) -> bytes:
    covered = hashlib.sha256(b"comity field v1\n" + encode([field.name, field.salt, field.value])).digest()
    return leaf_hash(covered)
