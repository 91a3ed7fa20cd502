"""The one rule by which an Ed25519 signature is taken or refused, everywhere.

A public key A and a signature R || S are good when A and R are canonical encodings of points that are not of low
order, S is below the order of the group, and S*B = R + k*A holds without the cofactor (RFC 8032, as OpenSSL checks it).
Invariant: libraries differ on the cases ruled out here, and a split verdict would split the parties' histories;
so this rule is part of the format, and a change of it is a new format.
Trusted: cryptography's Ed25519 for the equation, which also refuses an R that is not canonical.
"""

from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from comity.tlog.errors import BadSignature

KEY_BYTES = 32
SIGNATURE_BYTES = 64
REMEMBERED_KEYS = 4096

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = 37095705934669439343138083508754565189542113879843219016388785533085940283555
# The y of the eight points of low order; the sign of x does not matter. The tests derive them.
LOW_ORDER_Y = frozenset(
    (
        0,
        1,
        FIELD - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    )
)
_Y_BITS = 2**255 - 1


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature over the message is good under the rule above; raises nothing."""
    if len(signature) != SIGNATURE_BYTES or int.from_bytes(signature[32:], "little") >= ORDER:
        return False
    if not _is_strict_point(signature[:32]):
        return False
    try:
        _loaded(public_key).verify(signature, message)
    except (BadSignature, InvalidSignature):
        return False
    return True


def check_public_key(public_key: bytes) -> None:
    """Accept a key that the rule above allows, or raise BadSignature; for the moment a key is enrolled."""
    _loaded(public_key)


@lru_cache(maxsize=REMEMBERED_KEYS)
def key_id4(public_key: bytes) -> bytes:
    """The first four bytes of the key's SHA-256: a hint which key to try, never a proof of which it is."""
    return sha256(public_key).digest()[:4]


def sign(seed: bytes, message: bytes) -> bytes:
    """The 64-byte signature under the 32-byte private seed; the inverse of verify."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def public_key_of(seed: bytes) -> bytes:
    """The 32-byte public key that belongs to a 32-byte private seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


@lru_cache(maxsize=REMEMBERED_KEYS)
def _loaded(public_key: bytes) -> Ed25519PublicKey:
    if len(public_key) != KEY_BYTES:
        raise BadSignature(f"an ed25519 public key has 32 bytes, not {len(public_key)}; copy the whole key")
    if not _is_strict_point(public_key) or not _is_on_curve(public_key):
        raise BadSignature(f"public key {public_key.hex()} is not a canonical point of full order; make a new key")
    return Ed25519PublicKey.from_public_bytes(public_key)


def _is_strict_point(encoded: bytes) -> bool:
    """Whether the encoding is canonical and its point, if it is one, not of low order."""
    y = int.from_bytes(encoded, "little") & _Y_BITS
    return y < FIELD and y not in LOW_ORDER_Y


def _is_on_curve(encoded: bytes) -> bool:
    """Whether some x goes with this y: x^2 = (y^2 - 1) / (d y^2 + 1) must be a square."""
    y = int.from_bytes(encoded, "little") & _Y_BITS
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, FIELD) % FIELD
    return pow(square, (FIELD - 1) // 2, FIELD) == 1
