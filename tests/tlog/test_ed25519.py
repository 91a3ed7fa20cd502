"""The pinned signature rule against every kind of signature on which libraries differ."""

import json
from dataclasses import dataclass
from itertools import product

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from comity.tlog import ed25519
from comity.tlog.errors import BadSignature
from tlog import curve
from tlog.shared_data import shared_folder

TORSION = curve.torsion()
SEED = bytes(range(32))
KEY = ed25519.public_key_of(SEED)


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A point with the scalar of its part in the large group, its part in the small one, and one encoding of it."""

    scalar: int
    twist: int  # which multiple of the point of order eight
    encoded: bytes
    canonical: bool

    @property
    def is_low_order(self) -> bool:
        """Whether nothing but the small part is there."""
        return self.scalar == 0


def ingredients(scalar: int) -> list[Ingredient]:
    """The eight points of low order in all fourteen encodings, and a full point alone and with each small one."""
    found = [
        Ingredient(0, twist, encoded, canonical=number == 0)
        for twist, point in enumerate(TORSION)
        for number, encoded in enumerate(curve.encodings(point))
    ]
    full = scalar * curve.base()
    for twist, point in enumerate(TORSION):
        found.append(Ingredient(scalar, twist, curve.encodings(full + point)[0], canonical=True))
    return found


def signature_with(key: Ingredient, nonce: Ingredient, *, residue: bool) -> tuple[bytes, bytes] | None:
    """A signature and message that meet the equation, up to a small rest if so asked; None if there is no such."""
    for number in range(64):
        message = b"message %d" % number
        k = curve.challenge(nonce.encoded, key.encoded, message)
        if ((nonce.twist + k * key.twist) % 8 != 0) is residue:
            s = (nonce.scalar + k * key.scalar) % curve.L
            return nonce.encoded + s.to_bytes(32, "little"), message
    return None


def library_takes(key: bytes, signature: bytes, message: bytes) -> bool:
    """What cryptography alone says."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def test_the_listed_low_order_points_are_all_there_are() -> None:
    """The constants are the y of the eight derived points, and fourteen encodings of them exist."""
    assert {point.y for point in TORSION} == ed25519.LOW_ORDER_Y
    assert sum(len(curve.encodings(point)) for point in TORSION) == 14
    assert (ed25519.FIELD, ed25519.ORDER, ed25519.CURVE_D) == (curve.P, curve.L, curve.D)


def test_verdicts_on_every_mixture_of_points() -> None:
    """A signature is taken if and only if both points are canonical and of full size and no small rest is left.

    The library alone also takes signatures with a key or nonce of low order: those are the ones on which
    libraries differ, and with which one signer could show two histories.
    """
    verdicts: dict[tuple[bool, bool], int] = {}
    for key, nonce, residue in product(ingredients(12345), ingredients(67890), (False, True)):
        made = signature_with(key, nonce, residue=residue)
        if made is None:
            continue
        signature, message = made
        clean = key.canonical and nonce.canonical and not key.is_low_order and not nonce.is_low_order
        ours = ed25519.verify(key.encoded, signature, message)
        assert ours is (clean and not residue)
        pair = (ours, library_takes(key.encoded, signature, message))
        verdicts[pair] = verdicts.get(pair, 0) + 1
    assert set(verdicts) == {(True, True), (False, True), (False, False)}
    assert verdicts[True, True] == 43  # the pairs of small parts that can cancel out
    assert verdicts[False, True] == 155  # what a signer could show to one party and not to another


def test_an_ordinary_signer_cannot_make_a_signature_that_splits_verdicts() -> None:
    """With an ordinary key and the zero point as nonce the library is content, and we are not."""
    scalar = 987654321
    key = Ingredient(scalar, 0, curve.encodings(scalar * curve.base())[0], canonical=True)
    nonce = Ingredient(0, 0, curve.encodings(curve.ZERO)[0], canonical=True)
    made = signature_with(key, nonce, residue=False)
    assert made is not None
    assert library_takes(key.encoded, *made)
    assert not ed25519.verify(key.encoded, *made)


@given(st.binary(max_size=200), st.integers(0, 511))
def test_a_good_signature_is_taken_and_a_changed_one_is_not(message: bytes, bit: int) -> None:
    """What is signed verifies; with another message or key, or any bit of the signature changed, it does not."""
    signature = ed25519.sign(SEED, message)
    changed = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
    assert ed25519.verify(KEY, signature, message)
    assert not ed25519.verify(KEY, changed, message)
    assert not ed25519.verify(KEY, signature, message + b"\x00")
    assert not ed25519.verify(ed25519.public_key_of(message[:32].ljust(32, b"\xff")), signature, message)


def test_a_second_form_of_the_same_signature_is_refused() -> None:
    """S plus the order of the group meets the equation as well, and is refused."""
    signature = ed25519.sign(SEED, b"text")
    s = int.from_bytes(signature[32:], "little") + curve.L
    assert s < 2**256
    assert not ed25519.verify(KEY, signature[:32] + s.to_bytes(32, "little"), b"text")


def test_keys_that_may_not_be_enrolled() -> None:
    """Low order, a second encoding, a y off the curve and a wrong length are refused; an ordinary key is not."""
    ed25519.check_public_key(KEY)
    off_curve = next(y for y in range(2, 99) if curve.at(y, 0) is None).to_bytes(32, "little")
    bad = [encoded for point in TORSION for encoded in curve.encodings(point)]
    bad += [off_curve, b"", KEY[:31], KEY + b"\x00", (curve.P + 4).to_bytes(32, "little"), b"\xff" * 32]
    for key in bad:
        with pytest.raises(BadSignature, match="; "):
            ed25519.check_public_key(key)
        assert not ed25519.verify(key, ed25519.sign(SEED, b"text"), b"text")


def test_signatures_of_a_wrong_length_are_refused() -> None:
    """Nothing but 64 bytes is a signature."""
    signature = ed25519.sign(SEED, b"text")
    assert not any(ed25519.verify(KEY, each, b"text") for each in (b"", signature[:63], signature + b"\x00"))


def test_the_first_example_of_rfc_8032() -> None:
    """Section 7.1 test 1: the key and signature of the empty message; and the key's four-byte hint."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    start = bytes.fromhex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")
    assert ed25519.public_key_of(seed) == key
    assert ed25519.sign(seed, b"")[:32] == start
    assert ed25519.key_id4(key).hex() == "21fe31df"


def test_published_edge_cases() -> None:
    """Of the published edge cases just those without a point of low order and without a rest are taken."""
    cases = json.loads((shared_folder("ed25519") / "ed25519vectors.json").read_text())
    barred = {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"}
    for case in cases:
        key, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"])
        ours = ed25519.verify(key, signature, case["msg"].encode())
        assert ours is not bool(barred & set(case["flags"] or ())), case["number"]
