"""Passkeys in software: what a browser and an authenticator would give, and what a careless or wrong one would."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.model.entry import Assertion
from comity.office.keyring import KeySigner
from comity.office.signatures import challenge_of

PRESENT_AND_VERIFIED = 5


def passkey_of(signer: KeySigner) -> str:
    """The public key of a passkey on Ed25519, as an enrolment carries it."""
    return f"ed25519:{signer.key}"


def confirmed(
    challenge: str, signer: KeySigner | None = None, kind: str = "webauthn.get", flags: int = PRESENT_AND_VERIFIED
) -> Assertion:
    """The assertion for a challenge, by that passkey or by a new one on P-256."""
    client_data = f'{{"type":"{kind}","challenge":"{challenge}","origin":"https://office","crossOrigin":false}}'
    authenticator = bytes(32) + bytes([flags]) + bytes(4)
    message = authenticator + hashlib.sha256(client_data.encode()).digest()
    if signer is not None:
        passkey, signature = passkey_of(signer), signer.sign(message)
    else:
        private_key = generate_private_key(SECP256R1())
        point = private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        passkey, signature = f"es256:{point.hex()}", private_key.sign(message, ECDSA(SHA256()))
    return Assertion(
        authenticator_data=authenticator.hex(), client_data=client_data, passkey=passkey, signature=signature.hex()
    )


def assertion_over(
    json: bytes, signer: KeySigner | None = None, kind: str = "webauthn.get", flags: int = PRESENT_AND_VERIFIED
) -> Assertion:
    """The assertion over a JSON."""
    return confirmed(challenge_of(json), signer, kind, flags)
