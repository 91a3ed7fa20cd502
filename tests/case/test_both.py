"""The single-file verifier and the product give the same answer about the bytes, on good ones and on bad ones."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
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

from case.single_file import VERIFIER, both, load, verdict
from case.world import CENTRE, NORTH, SOUTH, Story, World, amended_world, forked_case, full_case, signed, small_story
from comity.interfaces.case import Absent, Claim, make_case
from comity.interfaces.case.archive import read_archive, write_archive
from comity.interfaces.case.contents import MANIFEST
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import Enrol, Watch
from comity.model.codec import encode
from comity.model.entry import DOMAIN_SECOND, parse_entry
from comity.model.errors import Malformed, Misuse
from comity.office.founding import enrol_act
from comity.office.signatures import challenge_of, check_signatures
from comity.tlog import ed25519
from tlog import curve

MUTATIONS = int(os.environ.get("COMITY_CASE_MUTATIONS", "150"))
CHECK = LineCheck(with_participant="north", result="working")
PASSKEY = derive_private_key(int.from_bytes(sha256(b"passkey").digest(), "big"), SECP256R1())


@cache
def story() -> Story:
    """The small story, told once."""
    return small_story()


@cache
def cases() -> tuple[bytes, ...]:
    """Cases of every kind of claim, one packed, and one of a forked log with hash tiles."""
    return full_case(story()), forked_case()[0]


def flipped(data: bytes, bit: int) -> bytes:
    """The bytes with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_one_bit_anywhere_in_the_file() -> None:
    """Whatever bit of a case is flipped, both verifiers say the same; and it is never a crash."""
    random = Random(1)
    for data in cases():
        assert verdict(data) is None
        for _ in range(MUTATIONS // 2):
            both(flipped(data, random.randrange(len(data) * 8)))


def test_one_bit_anywhere_in_a_member() -> None:
    """A member altered by one bit and zipped again soundly gets the same answer from both."""
    random = Random(2)
    for data in cases():
        members = read_archive(data)
        for name in random.choices(sorted(members), k=MUTATIONS // 2):
            both(write_archive(members | {name: flipped(members[name], random.randrange(len(members[name]) * 8))}))


def test_no_bit_of_a_case_is_idle() -> None:
    """Where every checkpoint must bear every cosignature, an altered bit leaves nothing proven.

    The manifest is left out: with one bit changed it may claim something else that is true.
    """
    random = Random(7)
    members = read_archive(cases()[0])
    for name in random.choices(sorted(members.keys() - {MANIFEST}), k=MUTATIONS // 2):
        changed = flipped(members[name], random.randrange(len(members[name]) * 8))
        assert verdict(write_archive(members | {name: changed})) is not None, name


def test_members_exchanged_and_cut() -> None:
    """Members in each other's places, cut short or made longer get the same answer from both."""
    random = Random(3)
    for data in cases():
        members = read_archive(data)
        names = sorted(members)
        for _ in range(MUTATIONS // 4):
            one, other = random.sample(names, 2)
            both(write_archive(members | {one: members[other]}))
            both(write_archive(members | {one: members[one][: random.randrange(len(members[one]))]}))
            both(write_archive(members | {one: members[one] + b"\n"}))


def edits(value: object, random: Random) -> object:
    """A JSON value with something in it changed, taken away or added."""
    if isinstance(value, dict) and value and random.random() < 0.85:
        name = random.choice(sorted(value))
        if random.random() < 0.15:
            return {key: each for key, each in value.items() if key != name}
        if random.random() < 0.1:
            return value | {random.choice(["extra", "second", "assertion", "z"]): random.choice([None, 1, "x", {}])}
        return value | {name: edits(value[name], random)}
    if isinstance(value, list) and value and random.random() < 0.85:
        place = random.randrange(len(value))
        return [*value[:place], edits(value[place], random), *value[place + 1 :]]
    if isinstance(value, str) and value and random.random() < 0.6:
        place = random.randrange(len(value))
        return value[:place] + random.choice(["", "0", "A", "\n", "é", "\x7f", '"', " "]) + value[place + 1 :]
    return random.choice([None, True, 0, -1, 1, 2, 2**53, 2**53 - 1, 10**30, 1.5, "", "x", [], {}, [1], "0" * 64])


def rewritten(value: object, random: Random) -> bytes:
    """The JSON of a value, at times in another spelling than the profile's."""
    text = msgspec.json.Encoder(order="sorted").encode(value)
    return random.choice([text] * 8 + [text.replace(b":", b": ", 1), text.replace(b"0", b"0.0", 1), b"\n" + text])


def test_manifests_of_every_odd_form() -> None:
    """A manifest that claims otherwise, or is none, gets the same answer from both."""
    random = Random(4)
    for data in cases():
        members = read_archive(data)
        manifest = msgspec.json.decode(members["manifest.json"])
        for _ in range(MUTATIONS):
            text = rewritten(edits(manifest, random), random)
            both(write_archive(members | {"manifest.json": text}))


def test_openings_of_every_odd_form() -> None:
    """An opening with other words, members or forms gets the same answer from both."""
    random = Random(5)
    members = read_archive(cases()[0])
    for name in sorted(name for name in members if name.startswith("opening/")):
        opening = msgspec.json.decode(members[name])
        for _ in range(MUTATIONS // 6):
            both(write_archive(members | {name: rewritten(edits(opening, random), random)}))


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
    """Well-formed JSON of entries: plain, with a second signature, with an assertion, an enrolment."""
    world, office = story().world, story().world.offices[SOUTH]
    plain = world.draw(SOUTH, CHECK, "duty", office.officer)
    yield plain
    yield with_second(plain)
    yield with_assertion(plain, "es256")
    yield with_assertion(with_second(plain), "ed25519")
    act = enrol_act(SOUTH, "another", ("duty",), office.root)
    yield world.draw(SOUTH, act, "root", office.root)


def with_member(json: bytes, name: str, value: object) -> bytes:
    """The JSON with one more member."""
    return encode(msgspec.json.decode(json) | {name: value})


def with_second(json: bytes) -> bytes:
    """The JSON with the signature of a second officer."""
    root = story().world.offices[SOUTH].root
    return with_member(
        json, "second", {"key": root.key, "seat": "duty", "signature": root.sign(DOMAIN_SECOND + json).hex()}
    )


def client_data_of(json: bytes) -> str:
    """What a browser has the passkey sign over that JSON."""
    return f'{{"type":"webauthn.get","challenge":"{challenge_of(json)}","origin":"https://office","crossOrigin":false}}'


def with_assertion(json: bytes, kind: str, client_data: str | None = None) -> bytes:
    """The JSON with a passkey's assertion over it."""
    client_data = client_data_of(json) if client_data is None else client_data
    authenticator_data = bytes(32) + b"\x05" + bytes(4)
    message = authenticator_data + sha256(client_data.encode()).digest()
    if kind == "es256":
        public = PASSKEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        signature = PASSKEY.sign(message, ECDSA(SHA256()))
    else:
        root = story().world.offices[SOUTH].root
        public, signature = bytes.fromhex(root.key), root.sign(message)
    value = {
        "authenticator_data": authenticator_data.hex(),
        "client_data": client_data,
        "passkey": f"{kind}:{public.hex()}",
        "signature": signature.hex(),
    }
    return with_member(json, "assertion", value)


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


Spoil = Callable[[World], None]


def append(**changes: object) -> Spoil:
    """A watch entry of the centre with a changed header."""

    def spoil(world: World) -> None:
        ring = world.offices[CENTRE].ring
        world.append(CENTRE, signed(world.draw(CENTRE, Watch(), "office", ring.office, **changes), ring.office))

    return spoil


def append_forged(world: World) -> None:
    """An entry under the name of another key."""
    ring = world.offices[CENTRE].ring
    json = world.draw(CENTRE, Watch(), "office", ring.office)
    leaf = signed(json, world.offices[SOUTH].officer)
    world.append(CENTRE, leaf)


def append_rubbish(world: World) -> None:
    """Bytes that are no entry."""
    world.append(CENTRE, b"x" * 100)


def append_bad_enrolment(world: World) -> None:
    """A key enrolled whose owner never proved that he holds it."""
    office = world.offices[SOUTH]
    act = Enrol(officer="nobody", seats=("duty",), key=world.offices[NORTH].officer.key, proof="00" * 64)
    world.append(SOUTH, signed(world.draw(SOUTH, act, "root", office.root), office.root))


SPOILS: dict[str, tuple[Spoil, tuple[str, str] | None]] = {
    "nothing": (append(), None),
    "forged": (append_forged, ("8", "refuted")),
    "rubbish": (append_rubbish, ("8", "refuted")),
    "enrolment without proof": (append_bad_enrolment, ("8", "refuted")),
    "gap in seq": (append(seq=7), ("9", "refuted")),
    "other origin": (append(origin=NORTH), ("9", "refuted")),
    "other previous": (append(previous="ab" * 32), ("9", "refuted")),
    "own prefix left out": (append(seen={}), ("9", "refuted")),
    "own prefix too short": (append(seen={CENTRE: (1, "ab" * 32)}), ("9", "refuted")),
    "own prefix of another root": (append(seen={CENTRE: (2, "ab" * 32)}), ("9", "refuted")),
}


@pytest.mark.parametrize("name", SPOILS)
def test_a_keeper_who_signs_anything(name: str) -> None:
    """A log whose keeper signed a head over odd entries is refuted where the oddity is, by both."""
    spoil, expected = SPOILS[name]
    world = World("spoiled")
    world.found()
    world.watch(CENTRE)
    spoil(world)
    claims: list[Claim] = [
        Absent(origin=origin, act=None, names="nothing", start=0, stop=world.offices[origin].tree.size)
        for origin in (CENTRE, SOUTH)
    ]
    assert verdict(make_case(world.founding, world, claims)) == expected


def test_a_log_begun_under_another_founding_file() -> None:
    """Logs whose first entries vote for other terms are not those of the founding file in the case."""
    world = World("other")
    world.terms = "ab" * 32
    world.found()
    claim = Absent(origin=NORTH, act=None, names="nothing", start=0, stop=1)
    assert verdict(make_case(world.founding, world, [claim])) == ("9", "refuted")


def test_a_log_that_an_amendment_pins() -> None:
    """The new log counts with every signatory's vote for the terms that pin it, and not without one."""
    world, claim = amended_world()
    data = make_case(world.founding, world, [claim])
    members = read_archive(data)
    (terms,) = (name for name in members if name.startswith("terms/"))
    assert verdict(data) is None
    assert verdict(write_archive({name: each for name, each in members.items() if name != terms})) == (
        "2",
        "not enough",
    )
    assert verdict(write_archive(members | {terms: members[terms] + b"\n"})) == ("3", "refuted")
    for name in members:
        if b'"act":"change.vote"' in members[name] and b'"origin":"demo/south"' in members[name]:
            stem = name.partition(".")[0]
            unvoted = {other: each for other, each in members.items() if not other.startswith(stem)}
            assert verdict(write_archive(unvoted)) == ("10", "not enough")


def test_a_log_that_not_every_signatory_voted_for() -> None:
    """One party cannot pin a log of its own making: no case is made of it, and one made by hand is not proven."""
    world, claim = amended_world((SOUTH,))
    with pytest.raises(Misuse, match="every signatory"):
        make_case(world.founding, world, [claim])
    honest, same_claim = amended_world()
    members = read_archive(make_case(honest.founding, honest, [same_claim]))
    votes = [
        name for name, each in members.items() if b'"act":"change.vote"' in each and b'"origin":"demo/north"' in each
    ]
    stems = {name.partition(".")[0] for name in votes}
    forged = {name: each for name, each in members.items() if name.partition(".")[0] not in stems}
    assert len(stems) == 1 and verdict(write_archive(forged)) == ("10", "not enough")


def test_the_single_file_runs_alone(tmp_path: Path) -> None:
    """Copied to an empty folder, without packages, it answers in words and in JSON with the exit codes."""
    tool, case = tmp_path / "verify_case.py", tmp_path / "case.comity"
    tool.write_bytes(VERIFIER.read_bytes())

    def run(data: bytes, *arguments: str) -> tuple[int, str]:
        case.write_bytes(data)
        command = [sys.executable, "-I", "-S", str(tool), str(case), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        return done.returncode, done.stdout

    terms = story().world.terms
    code, words = run(cases()[0], "--fingerprint", " ".join(terms[place : place + 4] for place in range(0, 64, 4)))
    assert code == 0 and "the bytes are as claimed\nverdicts were not judged: " in words
    assert run(cases()[0], "--fingerprint", "00" * 32)[0] == 1
    code, words = run(b"no case", "--json")
    assert code == 2 and msgspec.json.decode(words)["outcome"] == "not enough evidence"
    assert run(b"", "--fingerprint", "odd")[0] == 2
