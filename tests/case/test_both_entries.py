"""The single-file verifier and the product take the same entries, signatures and keys, and the same ones not."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import product
from pathlib import Path
from random import Random

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from case.odd import MUTATIONS, edits, rewritten, story
from case.single_file import load
from case.world import SOUTH, signed
from comity.model.acts.duty import LineCheck
from comity.model.codec import encode
from comity.model.entry import DOMAIN_SECOND, Second, build_json, parse_entry
from comity.model.errors import Malformed
from comity.office import desk
from comity.office.founding import enrol_act
from comity.office.keyring import KeySigner
from comity.office.signatures import challenge_of, check_signatures, entry_message, leaf_of, second_message
from comity.tlog import ed25519
from office.passkeys import assertion_over as by_passkey
from tlog import curve

GOLDEN = Path(__file__).resolve().parent / "golden" / "two-passkeys-0.1.leaf"
ANN, BEN, ANNS, BENS = (KeySigner(each * 32) for each in (b"a", b"b", b"c", b"d"))
CHECK = LineCheck(with_participant="north", result="working")
PASSKEY = derive_private_key(int.from_bytes(sha256(b"passkey").digest(), "big"), SECP256R1())


def entry_fits(leaf: bytes) -> tuple[bool, bool]:
    """Whether the product and the single file take an entry."""
    verifier = load()
    try:
        check_signatures(parse_entry(leaf))
        ours = True
    except Malformed:
        ours = False
    try:
        verifier.read_entry(leaf)
        theirs = True
    except verifier.Refuted:
        theirs = False
    return ours, theirs


def samples() -> Iterator[bytes]:
    """Well-formed JSON of entries: plain, by two, confirmed by one passkey or both, an enrolment."""
    world, office = story().world, story().world.offices[SOUTH]
    plain = world.draw(SOUTH, CHECK, "duty", office.officer)
    yield plain
    yield with_second(plain)
    yield with_assertion(plain, "es256")
    yield with_assertion(with_second(plain), "ed25519")
    yield with_second(plain, "es256")
    yield with_assertion(with_second(plain, "ed25519"), "es256")
    act = enrol_act(SOUTH, "another", ("duty",), office.root)
    yield world.draw(SOUTH, act, "root", office.root)


def with_member(json: bytes, name: str, value: object) -> bytes:
    """The JSON with one more member."""
    return encode(msgspec.json.decode(json) | {name: value})


def with_second(json: bytes, kind: str | None = None) -> bytes:
    """The JSON with the signature of a second officer, and of his passkey of that kind."""
    root = story().world.offices[SOUTH].root
    second = {"key": root.key, "seat": "duty", "signature": root.sign(DOMAIN_SECOND + json).hex()}
    confirmed = {} if kind is None else {"assertion": assertion_over(json, kind)}
    return with_member(json, "second", second | confirmed)


def client_data_of(json: bytes) -> str:
    """What a browser has the passkey sign over that JSON."""
    return f'{{"type":"webauthn.get","challenge":"{challenge_of(json)}","origin":"https://office","crossOrigin":false}}'


def with_assertion(json: bytes, kind: str, client_data: str | None = None) -> bytes:
    """The JSON with a passkey's assertion over it."""
    return with_member(json, "assertion", assertion_over(json, kind, client_data))


def assertion_over(json: bytes, kind: str, client_data: str | None = None) -> dict[str, str]:
    """A passkey's assertion over a JSON."""
    client_data = client_data_of(json) if client_data is None else client_data
    authenticator_data = bytes(32) + b"\x05" + bytes(4)
    message = authenticator_data + sha256(client_data.encode()).digest()
    if kind == "es256":
        public = PASSKEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        signature = PASSKEY.sign(message, ECDSA(SHA256()))
    else:
        root = story().world.offices[SOUTH].root
        public, signature = bytes.fromhex(root.key), root.sign(message)
    return {
        "authenticator_data": authenticator_data.hex(),
        "client_data": client_data,
        "passkey": f"{kind}:{public.hex()}",
        "signature": signature.hex(),
    }


def test_entries_of_every_odd_form() -> None:
    """An entry signed over any odd JSON is taken by both or by neither, and good ones by both."""
    random = Random(6)
    officer = story().world.offices[SOUTH].officer
    for json in samples():
        assert entry_fits(leaf_by(json)) == (True, True)
        value = msgspec.json.decode(json)
        for _ in range(MUTATIONS):
            text = rewritten(edits(value, random), random)
            ours, theirs = entry_fits(signed(text, officer))
            assert ours == theirs, text
    for leaf in (b"", bytes(69), bytes(70_000), signed(b"{}", officer), signed(b"[]", officer)):
        assert entry_fits(leaf) == (False, False)


def test_client_data_of_every_odd_form() -> None:
    """A passkey's client data begins as WebAuthn has it, and what follows divides nobody, how deep it may be."""
    plain = next(samples())
    good = client_data_of(plain)
    more = [',"n":1e400}', ',"n":' + "9" * 400 + "}", ',"s":"\\ud800"}', ',"s":"\x01"}', ',"n":NaN}', "", "}}", " }"]
    taken = [good, *(good[:-1] + each for each in more), good[:-1] + ',"a":' + "[" * 930 + "]" * 930 + "}"]
    spelt = good.replace('"type"', '"\\u0074ype"')
    other = [
        " " + good,
        "\ufeff" + good,
        good.encode("utf-16-le").decode("latin1"),
        spelt,
        '{"type":"x",' + good[1:],
        "",
    ]
    other += [good.replace("webauthn.get", "webauthn.create"), good.replace('","origin"', '=","origin"'), good[:80]]
    for text in taken + other:
        leaf = leaf_by(with_assertion(plain, "ed25519", text))
        assert entry_fits(leaf) == deep_down(leaf) == (text in taken, text in taken), text[:80]


def test_assertions_in_every_odd_place() -> None:
    """Each assertion is over its own bytes and in its own place; a null stays, and is no assertion: both say so."""
    plain = next(samples())
    by_both = with_assertion(with_second(plain, "ed25519"), "ed25519")
    value = msgspec.json.decode(by_both)
    first, second = value["assertion"], value["second"]
    unconfirmed = {name: each for name, each in second.items() if name != "assertion"}
    null_second = msgspec.json.decode(with_second(plain))["second"] | {"assertion": None}
    null = with_member(plain, "assertion", None)
    good = [by_both, with_member(plain, "second", null_second), null, with_second(null, "es256")]
    good += [with_assertion(with_member(plain, "second", null_second), "es256")]
    bad = [value | {"assertion": second["assertion"]}, value | {"second": second | {"assertion": first}}]
    bad += [value | {"second": unconfirmed}, value | {"second": null_second}, value | {"second": None}]
    bad += [value | {"second": second | {"second": unconfirmed}}, value | {"second": second | {"assertion": {}}}]
    bad += [value | {"second": second | {"assertion": first | {"assertion": first}}}, value | {"body": second}]
    bad += [msgspec.json.decode(with_second(plain, "es256")) | {"assertion": None}]
    assert [entry_fits(leaf_by(each)) for each in good] == [(True, True)] * len(good)
    assert [entry_fits(leaf_by(encode(each))) for each in bad] == [(False, False)] * len(bad)


def test_golden_entry_by_two_with_passkeys() -> None:
    """An entry of fixed keys, two officers and their passkeys, has the bytes that it always had, and both take it."""
    header = {"at": 1_500_000_000_000, "key": ANN.key, "origin": "demo/south", "previous": "00" * 32, "seat": "duty"}
    prepared = build_json(header | {"seen": {"demo/north": [4, "11" * 32]}, "seq": 0, "terms": "22" * 32}, CHECK)
    signature = BEN.sign(second_message(prepared)).hex()
    second = Second(key=BEN.key, seat="duty", signature=signature, assertion=by_passkey(prepared, BENS))
    json = desk.with_second(prepared, second)
    json = desk.with_assertion(json, by_passkey(json, ANNS))
    leaf = leaf_of(json, ANN.key, ANN.sign(entry_message(json)))
    assert leaf == GOLDEN.read_bytes()
    assert entry_fits(leaf) == (True, True)


def deep_down(leaf: bytes, calls: int = 200) -> tuple[bool, bool]:
    """What both say of an entry where many calls stand above them."""
    return deep_down(leaf, calls - 1) if calls else entry_fits(leaf)


@pytest.mark.parametrize("name", ["act", "key", "origin", "previous", "terms"])
def test_texts_end_where_their_form_ends(name: str) -> None:
    """A line's end after a text of a fixed form makes it another text, for both."""
    value = msgspec.json.decode(next(samples()))
    odd = encode(value | {name: value[name] + "\n"})
    assert entry_fits(signed(odd, story().world.offices[SOUTH].officer)) == (False, False)


def leaf_by(json: bytes) -> bytes:
    """The leaf signed by the key that the header names."""
    office = story().world.offices[SOUTH]
    key = msgspec.json.decode(json)["key"]
    return signed(json, office.root if key == office.root.key else office.officer)


def test_json_of_every_odd_spelling() -> None:
    """Depth, numbers, texts and keys at the edge of the profile divide no two verifiers."""
    officer = story().world.offices[SOUTH].officer
    plain = next(samples())
    odd = [b"1e5", b"-0", b"9007199254740991", b"9007199254740992", b"NaN", b"1E400", b'"\\u00e9"', b'"\\ud800"']
    odd += [b'"\xff"', '"é"'.encode(), b'"\\/"', b'"\x7f"', b'"\\u0001"', b'"\x01"', b"[" * 23 + b"]" * 23]
    odd += [b"[" * 22 + b"]" * 22, b"[" * 5000 + b"]" * 5000, b"1" * 5000, '{"é":1}'.encode(), b'{"a":1,"a":1}']
    answers = {}
    for text in odd:
        json = plain.replace(b'"result":"working"', b'"result":' + text)
        assert json != plain
        ours, theirs = answers[text] = entry_fits(signed(json, officer))
        assert ours == theirs, text[:40]
    assert {ours for ours, _ in answers.values()} == {True, False}


def test_strict_signatures_on_every_mixture_of_points() -> None:
    """Keys and nonces of low order, in other encodings, or with a small part: both take the same ones."""
    verifier = load()
    torsion = curve.torsion()
    points = [(0, encoded) for point in torsion for encoded in curve.encodings(point)]
    full = 12345 * curve.base()
    points += [(12345, curve.encodings(full + point)[0]) for point in torsion]
    taken = 0
    for (a, key), (r, nonce) in product(points, points):
        message = b"mixed"
        s = (r + curve.challenge(nonce, key, message) * a) % curve.L
        signature = nonce + s.to_bytes(32, "little")
        ours = ed25519.verify(key, signature, message)
        assert verifier.ed25519_fits(key, signature, message) is ours
        taken += ours
    assert taken > 0


@pytest.mark.parametrize("seed", range(4))
def test_passkey_signatures(seed: int) -> None:
    """Signatures on P-256 in strict DER fit in both; other spellings, numbers and keys in neither."""
    verifier = load()
    message = b"message %d" % seed
    key = PASSKEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    good = PASSKEY.sign(message, ECDSA(SHA256()))
    r, s = decode_dss_signature(good)
    assert verifier.es256_fits(key, good, message)
    mirrored = encode_dss_signature(r, verifier.N - s)
    assert verifier.es256_fits(key, mirrored, message)
    bad = [
        encode_dss_signature(r, s + verifier.N),
        encode_dss_signature(0, s),
        good + b"\0",
        good[:-1],
        b"",
        b"\x30\x00",
    ]
    bad += [good[:2] + b"\x02\x21\x00" + good[4:], bytes(72), encode_dss_signature(r, 0), encode_dss_signature(s, r)]
    assert not any(verifier.es256_fits(key, each, message) for each in bad)
    assert not verifier.es256_fits(key, good, message + b"!")
    assert not verifier.es256_fits(key[:-1] + bytes([key[-1] ^ 1]), good, message)
