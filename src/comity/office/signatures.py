"""The signatures inside an entry: the officer's, a second officer's, the passkeys' of both, proofs of possession.

Each covers the received bytes, never a rewriting of them. Whose keys they are is for the rules; here only whether
they fit. Every office runs exactly this, so every office ends a log at the same forged entry.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from comity.model.acts.keys import Enrol, Rotate
from comity.model.codec import encode
from comity.model.entry import (
    DOMAIN,
    DOMAIN_SECOND,
    KEY_ID_BYTES,
    SIGNATURE_BYTES,
    Assertion,
    Entry,
    Second,
    without_member,
)
from comity.model.errors import Malformed
from comity.office.ports import SignatureCheck
from comity.tlog.ed25519 import key_id4, verify

DOMAIN_ENROL = b"comity enrol v1\n"
USER_PRESENT = 0x01
USER_VERIFIED = 0x04
AUTHENTICATOR_BYTES_LEAST = 37
_FLAGS_AT = 32
# How WebAuthn has every client begin. It is compared, never parsed: parsers differ, and on depth with the calls above.
_CLIENT_DATA = b'{"type":"webauthn.get","challenge":"'
_CHALLENGE_ENDS = b'","origin":"'


def check_signatures(entry: Entry, check: SignatureCheck = verify) -> None:
    """Accepts an entry whose every signature fits its bytes, or raises Malformed."""
    key = bytes.fromhex(entry.header.key)
    if entry.leaf[SIGNATURE_BYTES : SIGNATURE_BYTES + KEY_ID_BYTES] != key_id4(key):
        raise Malformed(f"{_name(entry)}: the key id does not belong to the key; ask the sender for the signed bytes")
    if not check(key, entry.signature, DOMAIN + entry.json):
        raise Malformed(f"{_name(entry)}: the officer's signature does not fit; ask the sender for the signed bytes")
    bare = without_member(entry.json, entry.header, "assertion")
    if entry.header.assertion is not None:
        _check_assertion(f"{_name(entry)}: the passkey", entry.header.assertion, bare, check)
    if entry.header.second is not None:
        _check_second(entry, entry.header.second, without_member(bare, entry.header, "second"), check)
    if isinstance(entry.act, Enrol | Rotate):
        _check_possession(entry, entry.act, check)


def second_message(json: bytes) -> bytes:
    """What a second officer signs: the domain and the JSON without `assertion` and `second`."""
    return DOMAIN_SECOND + json


def entry_message(json: bytes) -> bytes:
    """What the officer signs: the domain and the whole JSON."""
    return DOMAIN + json


def leaf_of(json: bytes, key: str, signature: bytes) -> bytes:
    """The leaf of a signed JSON; the inverse of splitting an entry."""
    return signature + key_id4(bytes.fromhex(key)) + json


def possession_message(origin: str, officer: str, seats: tuple[str, ...], key: str) -> bytes:
    """What a new key signs to prove that its owner holds it (law 33)."""
    return DOMAIN_ENROL + encode([origin, officer, list(seats), key])


def challenge_of(json: bytes) -> str:
    """What a passkey is to confirm of a JSON, base64url without padding.

    The second officer's confirms the prepared JSON, that he signs too; the first's the JSON with `second` in it.
    """
    return urlsafe_b64encode(hashlib.sha256(json).digest()).rstrip(b"=").decode()


def _check_second(entry: Entry, second: Second, signed: bytes, check: SignatureCheck) -> None:
    if not check(bytes.fromhex(second.key), bytes.fromhex(second.signature), second_message(signed)):
        raise Malformed(f"{_name(entry)}: the second officer's signature does not fit; have him sign the same bytes")
    if second.assertion is not None:
        _check_assertion(f"{_name(entry)}: the second officer's passkey", second.assertion, signed, check)


def _check_possession(entry: Entry, act: Enrol | Rotate, check: SignatureCheck) -> None:
    message = possession_message(entry.origin, act.officer, act.seats, act.key)
    if not check(bytes.fromhex(act.key), bytes.fromhex(act.proof), message):
        raise Malformed(f"{_name(entry)}: the proof of possession does not fit; have the new key sign it again")


def _check_assertion(whose: str, assertion: Assertion, confirmed: bytes, check: SignatureCheck) -> None:
    client_data = assertion.client_data.encode()
    authenticator_data = bytes.fromhex(assertion.authenticator_data)
    if not client_data.startswith(_CLIENT_DATA):
        raise Malformed(f"{whose}'s client data is no assertion; confirm with the passkey again")
    if not client_data.startswith(_CLIENT_DATA + challenge_of(confirmed).encode() + _CHALLENGE_ENDS):
        raise Malformed(f"{whose} confirmed other bytes; confirm this act with the passkey")
    wanted = USER_PRESENT | USER_VERIFIED
    if len(authenticator_data) < AUTHENTICATOR_BYTES_LEAST or authenticator_data[_FLAGS_AT] & wanted != wanted:
        raise Malformed(f"{whose} did not verify its user; confirm with a PIN or a finger")
    message = authenticator_data + hashlib.sha256(client_data).digest()
    if not _passkey_fits(assertion, message, check):
        raise Malformed(f"{whose}'s signature does not fit; confirm with the passkey again")


def _passkey_fits(assertion: Assertion, message: bytes, check: SignatureCheck) -> bool:
    kind, _, key_hex = assertion.passkey.partition(":")
    key, signature = bytes.fromhex(key_hex), bytes.fromhex(assertion.signature)
    if kind == "ed25519":
        return check(key, signature, message)
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key).verify(signature, message, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _name(entry: Entry) -> str:
    return f"{entry.origin} {entry.seq}"
