"""Keys on disk, founding files, private matter: each takes its own and nothing else."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from comity.model.errors import Malformed, Misuse
from comity.office import private
from comity.office.blobs import FolderBlobs
from comity.office.config import Limits
from comity.office.folder import OfficeFolder
from comity.office.founding import (
    certificate_fingerprint,
    complete_founding,
    fingerprint,
    new_certificate,
    parse_founding,
)
from comity.office.keyring import (
    SystemRandomness,
    load_key,
    load_keyring,
    new_signer,
    save_key,
    save_keyring,
)
from comity.office.marks import FileMarks
from comity.office.ports import HighWater
from comity.tlog.errors import StoreError
from office.founded import NAMES, START_MS, draft, found
from office.offices import Desk, HandClock

RANDOM = SystemRandomness()
ONE, TWO = new_signer(RANDOM), new_signer(RANDOM)


def test_keys_on_disk(tmp_path: Path) -> None:
    """Keys come back as they were written, for their owner only, never over another, and under their passphrase."""
    ring = found().rings["north"]
    save_keyring(ring, tmp_path / "keys")
    assert load_keyring("demo/north", tmp_path / "keys") == ring
    with pytest.raises(Misuse, match="not written over"):
        save_keyring(ring, tmp_path / "keys")
    save_key(tmp_path / "officer.pem", ONE, "a long passphrase")
    assert load_key(tmp_path / "officer.pem", "a long passphrase") == ONE
    assert b"ENCRYPTED" in (tmp_path / "officer.pem").read_bytes()
    for passphrase in (None, "another"):
        with pytest.raises(Misuse, match="passphrase; give the one"):
            load_key(tmp_path / "officer.pem", passphrase)
    (tmp_path / "officer.pem").chmod(0o640)
    with pytest.raises(Misuse, match="read by others"):
        load_key(tmp_path / "officer.pem", "a long passphrase")
    with pytest.raises(Misuse, match="no key at"):
        load_key(tmp_path / "nothing.pem")
    assert "seed" not in repr(ONE) and ONE.seed.hex() not in repr(ring)


def test_founding_keeps_every_other_byte() -> None:
    """Completing a draft adds the pins of each participant to its table and changes nothing else."""
    before, founded = draft(), found()
    lines = set(before.decode().splitlines())
    after = founded.founding.decode().splitlines()
    assert [line for line in after if line in lines and line] == [line for line in before.decode().splitlines() if line]
    terms = parse_founding(founded.founding)
    for each in terms.participant:
        assert each.pins is not None
        assert each.pins.origin == f"demo/{each.id}"
        assert each.pins.office_key == founded.rings[each.id].office.key
    assert fingerprint(founded.founding).replace(" ", "") == hashlib.sha256(founded.founding).hexdigest()
    with pytest.raises(Misuse, match="already holds pins"):
        complete_founding(founded.founding, {})
    with pytest.raises(Misuse, match="differ in centre, east"):
        complete_founding(before, {name: terms.participant[0].pins for name in NAMES[:2] if terms.participant[0].pins})
    with pytest.raises(Misuse, match="not sound"):
        complete_founding(b"comity = 2", {})


def test_certificate_is_for_ten_years_and_no_authority() -> None:
    """An office's certificate is self-signed, no CA, and known by its bytes."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = new_certificate("demo/north", now, RANDOM)
    read = x509.load_pem_x509_certificate(made.certificate.encode())
    assert not read.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert read.not_valid_after_utc.year == 2035 or read.not_valid_after_utc.year == 2036
    assert certificate_fingerprint(made.certificate) == read.fingerprint(SHA256())
    with pytest.raises(Misuse, match="not PEM"):
        certificate_fingerprint("nothing")


def test_office_is_begun_once(tmp_path: Path) -> None:
    """A folder holds one office, found again by its pinned key; a folder that holds none says so."""
    founded = found()
    folder = OfficeFolder(tmp_path / "north")
    folder.save_keys(founded.rings["north"], *founded.tls["north"])
    folder.begin(founded.founding)
    assert folder.origin() == "demo/north"
    with pytest.raises(Misuse, match="already holds a log"):
        folder.begin(founded.founding)
    with pytest.raises(Misuse, match="no office"):
        OfficeFolder(tmp_path / "other").founding_bytes()


def test_marks_last(tmp_path: Path) -> None:
    """Marks are read back as they were written; marks that are lost are no clean stop, damaged ones stop the start."""
    path = tmp_path / "marks.json"
    marks = FileMarks(path, tmp_path / "log.sqlite")
    assert not marks.stopped_cleanly() and not marks.signed()
    marks.set_stopped_cleanly(True)
    marks.raise_signed("demo/north", HighWater(7, "11" * 32))
    again = FileMarks(path, tmp_path / "log.sqlite")
    assert again.stopped_cleanly() and again.signed() == {"demo/north": HighWater(7, "11" * 32)}
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(StoreError, match="cannot be read"):
        FileMarks(path, tmp_path / "log.sqlite")


def test_private_fields() -> None:
    """Fields open one by one under their root, for named recipients only, and an empty list means nobody."""
    fields = private.salted({"place": "here", "time": "noon"}, RANDOM)
    root = private.commitment(fields)
    assert private.commitment(private.salted({"place": "here", "time": "noon"}, RANDOM)) != root
    shown = private.opening(fields, "time")
    assert private.opens(shown, root)
    for changed in ({"value": "dusk"}, {"salt": "00" * 32}, {"name": "place"}):
        field = msgspec.structs.replace(shown.field, **changed)
        assert not private.opens(msgspec.structs.replace(shown, field=field), root)
    for wrong in ({}, {"": "x"}, {"x": "y" * 5000}):
        with pytest.raises(Misuse):
            private.salted(wrong, RANDOM)
    with pytest.raises(Misuse, match="no private field"):
        private.opening(fields, "other")


def test_ciphertexts_open_for_named_recipients_only() -> None:
    """What is encrypted to a key opens with that key and no other, and lengths tell little."""
    short, longer = (private.padded(b'["here"' + b'," "' * count + b"]") for count in (1, 90))
    assert len(short) == len(longer)
    sealed = private.encrypt(short, [private.recipient_of(ONE.key)])
    assert b"here" not in sealed and private.decrypt(sealed, ONE.seed) == short
    with pytest.raises(Malformed, match="does not open"):
        private.decrypt(sealed, TWO.seed)
    with pytest.raises(Misuse, match="cannot encrypt"):
        private.encrypt(short, ["ssh-ed25519 AAAA"])


def test_salt_is_kept_for_the_root_key() -> None:
    """The salt of a seal can be had again with the root key, and its text fits the act's field (law 34)."""
    text = private.salt_for_root("ab" * 32, ONE.key)
    assert len(text) <= 1000
    assert private.decrypt(base64.b64decode(text), ONE.seed) == bytes.fromhex("ab" * 32)


def test_blobs(tmp_path: Path) -> None:
    """Ciphertexts lie under their hash, are erased by dropping, are bounded, and a changed one is noticed."""
    blobs = FolderBlobs(tmp_path / "blobs", Limits(blob_bytes=100))
    digest = blobs.put(b"ciphertext")
    assert blobs.put(b"ciphertext") == digest == hashlib.sha256(b"ciphertext").hexdigest()
    assert blobs.get(digest) == b"ciphertext"
    (tmp_path / "blobs" / digest).write_bytes(b"changed")
    with pytest.raises(Malformed, match="changed on the disk"):
        blobs.get(digest)
    with pytest.raises(Misuse, match="no hash"):
        blobs.get("../../etc")
    blobs.drop(digest)
    blobs.drop(digest)
    assert blobs.get(digest) is None
    with pytest.raises(Misuse, match="the most is 100"):
        blobs.put(b"x" * 101)


def test_office_with_other_keys_signs_nothing() -> None:
    """Terms that pin other keys for a log than its office has are told, key by key, before anything is signed."""
    founded, other = found(), found(seed="others")
    for name, pinned in (("office", "office_key"), ("head", "head_key"), ("cosign", "cosign_key")):
        ring = dataclasses.replace(founded.rings["north"], **{name: getattr(other.rings["north"], name)})
        desk = Desk("north", dataclasses.replace(founded, rings=founded.rings | {"north": ring}), HandClock(START_MS))
        assert f"the {pinned} pinned for demo/north is not in this folder" in str(desk.office.fault())
    assert Desk("north", founded, HandClock(START_MS)).office.fault() is None
