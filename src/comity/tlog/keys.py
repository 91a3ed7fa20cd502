"""Verifier and signer keys of C2SP signed-note: a name, an algorithm and an Ed25519 key, as one line of text.

Two algorithms, and the list is closed: 1 signs the text of a note, 4 a checkpoint with a time (tlog-cosignature).
Invariant: name and key id together say which key made a signature; the id is a hint, the key decides.
Trusted: whoever hands over a vkey. A signer holds a private key: keep its skey secret.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from comity.tlog import ed25519
from comity.tlog.errors import BadNote, BadSignature
from comity.tlog.text import MAX_NUMBER, decode_base64, encode_base64

ED25519 = 1
COSIGNATURE = 4
MAX_NAME_BYTES = 255
_KEY_ID = re.compile("[0-9a-f]{8}")
_TIME_BYTES = 8


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key that may vouch for notes under a name; made by `verifier` or `parse_vkey`."""

    name: str
    algorithm: int
    public_key: bytes
    key_id: bytes  # 4 bytes

    @property
    def vkey(self) -> str:
        """The key as a line of text; the inverse of parse_vkey."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.algorithm]) + self.public_key)}"

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether these bytes (without the key id) are this key's good signature of the text of a note."""
        signed = _SIGNED[self.algorithm](text, signature)
        return signed is not None and ed25519.verify(self.public_key, signed[1], signed[0])


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its verifier; made by `signer` or `parse_skey`."""

    verifier: Verifier
    seed: bytes = field(repr=False)

    @property
    def skey(self) -> str:
        """The private key as a line of text; the inverse of parse_skey."""
        verifier = self.verifier
        secret = encode_base64(bytes([verifier.algorithm]) + self.seed)
        return f"PRIVATE+KEY+{verifier.name}+{verifier.key_id.hex()}+{secret}"

    def sign(self, text: str, time_s: int | None = None) -> bytes:
        """The signature of a note's text, to be verified by the verifier; a cosignature needs its POSIX time."""
        if self.verifier.algorithm == ED25519:
            if time_s is not None:
                raise BadSignature(f"key {self.verifier.name} signs no time; use a cosigning key")
            return ed25519.sign(self.seed, text.encode("utf-8"))
        if time_s is None or not 0 <= time_s <= MAX_NUMBER:
            raise BadSignature(f"cosigning key {self.verifier.name} needs a time in seconds below 2^63; give one")
        return time_s.to_bytes(_TIME_BYTES, "big") + ed25519.sign(self.seed, cosigned_message(text, time_s))


def verifier(name: str, public_key: bytes, algorithm: int = ED25519) -> Verifier:
    """The verifier with this name and key; BadNote or BadSignature if either may not be used."""
    check_name(name)
    if algorithm not in _SIGNED:
        raise BadSignature(f"key {name} has algorithm {algorithm}, known are 1 and 4; ask for an ed25519 key")
    ed25519.check_public_key(public_key)
    tail = sha256(name.encode("utf-8") + b"\n" + bytes([algorithm]) + public_key).digest()
    return Verifier(name, algorithm, public_key, tail[:4])


def signer(name: str, seed: bytes, algorithm: int = ED25519) -> Signer:
    """The signer with this name and 32-byte private seed."""
    if len(seed) != ed25519.KEY_BYTES:
        raise BadSignature(f"the private seed of {name} has {len(seed)} bytes, not 32; give the whole seed")
    return Signer(verifier(name, ed25519.public_key_of(seed), algorithm), seed)


def parse_vkey(vkey: str) -> Verifier:
    """Read a verifier key line; BadNote or BadSignature unless it is exactly the line of a good key."""
    name, key_id, algorithm, key = _parts(vkey, "verifier key")
    result = verifier(name, key, algorithm)
    if result.key_id.hex() != key_id:
        raise BadNote(f"verifier key of {name} has id {key_id}, its key gives {result.key_id.hex()}; copy it again")
    return result


def parse_skey(skey: str) -> Signer:
    """Read a signer key line as parse_vkey does; no error repeats the secret."""
    head = "PRIVATE+KEY+"
    if not skey.startswith(head):
        raise BadNote("a signer key begins with PRIVATE+KEY+; give the private line, not the public one")
    name, key_id, algorithm, seed = _parts(skey[len(head) :], "signer key")
    result = signer(name, seed, algorithm)
    if result.verifier.key_id.hex() != key_id:
        raise BadNote(f"signer key of {name} does not give its id {key_id}; copy it again")
    return result


def check_name(name: str) -> None:
    """Accept the name of a key, or raise BadNote: not empty, no space, plus sign or control character."""
    if not name or len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        raise BadNote(f"a key name has 1 to {MAX_NAME_BYTES} bytes; choose one such as demo/north")
    if any(each.isspace() or each < " " or each == "+" or "\ud800" <= each <= "\udfff" for each in name):
        raise BadNote(f"key name {name!r} holds a space, a plus or a control character; choose one without")


def cosigned_message(text: str, time_s: int) -> bytes:
    """What a cosignature v1 signs: a header line, the time in POSIX seconds, and the text of the checkpoint."""
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


def cosigned_time_s(signature: bytes) -> int:
    """The POSIX time in seconds that a cosignature states; trust it only once the signature is verified."""
    return int.from_bytes(signature[:_TIME_BYTES], "big")


def _parts(line: str, what: str) -> tuple[str, str, int, bytes]:
    parts = line.split("+", 2)
    if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):
        raise BadNote(f"a {what} is a name, eight hex digits and base64, joined by plus signs; copy the whole line")
    try:
        data = decode_base64(parts[2])
    except BadNote:
        raise BadNote(f"the last part of the {what} is not strict base64; copy the whole line") from None
    if len(data) != 1 + ed25519.KEY_BYTES:
        raise BadNote(f"the {what} of {parts[0]!r} has the wrong length; copy the whole line")
    return parts[0], parts[1], data[0], data[1:]


def _signed_text(text: str, signature: bytes) -> tuple[bytes, bytes] | None:
    return text.encode("utf-8"), signature


def _signed_checkpoint(text: str, signature: bytes) -> tuple[bytes, bytes] | None:
    time_s = cosigned_time_s(signature)
    if len(signature) != _TIME_BYTES + ed25519.SIGNATURE_BYTES or time_s > MAX_NUMBER:
        return None
    return cosigned_message(text, time_s), signature[_TIME_BYTES:]


_SIGNED: dict[int, Callable[[str, bytes], tuple[bytes, bytes] | None]] = {
    ED25519: _signed_text,
    COSIGNATURE: _signed_checkpoint,
}
