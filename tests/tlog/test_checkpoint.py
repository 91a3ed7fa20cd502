"""Checkpoints and cosignatures: one spelling, one owner, and a time that is signed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.tlog import ed25519, keys
from comity.tlog.checkpoint import Checkpoint, open_checkpoint, parse_body, read_checkpoint, sign_checkpoint
from comity.tlog.cosignature import add_signatures, cosign, cosignature_of
from comity.tlog.errors import BadNote, BadSignature
from comity.tlog.merkle import EMPTY_ROOT
from comity.tlog.note import Note, parse_note, sign_note, sign_text
from tlog.test_note import NORTH, SOUTH, signer_of

ROOT = bytes(range(32))
BODY = "demo/north\n1234\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
CHECKPOINT = Checkpoint("demo/north", 1234, ROOT)
MIRROR = signer_of("mirror/south", keys.COSIGNATURE)
TIME_S = 1_456_531_200


def test_a_checkpoint_is_three_lines_signed_by_its_log() -> None:
    """The text is origin, size and root, and the log's key opens it to the same values."""
    assert CHECKPOINT.body == BODY
    assert open_checkpoint(sign_checkpoint(CHECKPOINT, NORTH), NORTH.verifier) == CHECKPOINT


@given(st.text(min_size=1), st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(st.text()))
def test_what_is_written_is_read_back(origin: str, size: int, root: bytes, extensions: list[str]) -> None:
    """Any checkpoint either cannot be written, or its text is read back as the same checkpoint."""
    checkpoint = Checkpoint(origin, size, root, tuple(extensions))
    try:
        assert parse_body(checkpoint.body) == checkpoint
    except BadNote:
        odd = [each for each in (origin, *extensions) if not each or any(char < " " for char in each)]
        assert odd or size == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1234", "01234"),
        ("1234", "+1234"),
        ("1234", "-1"),
        ("1234", "1_234"),
        ("1234", "١٢٣٤"),
        ("1234", "0"),
        ("1234", ""),
        ("1234", "9223372036854775808"),
        ("1234", "1234 "),
        ("demo/north\n", "\n"),
        ("demo/north\n", ""),
        ("h8=\n", "h8\n"),
        ("h8=\n", "h9=\n"),
        ("AAEC", "AA EC"),
        ("AAEC", ""),
        ("h8=\n", "h8=\n\n"),
        ("h8=\n", "h8="),
    ],
)
def test_loose_spellings_are_refused(old: str, new: str) -> None:
    """Numbers, hashes and lines have one spelling; a note with any other is refused though well signed."""
    data = BODY.replace(old, new)
    with pytest.raises(BadNote, match="; "):
        parse_body(data)


def test_extension_lines_are_kept() -> None:
    """Lines after the root are opaque but stay part of what is signed."""
    longer = Checkpoint("demo/north", 1234, ROOT, ("more", "lines"))
    assert open_checkpoint(sign_checkpoint(longer, NORTH), NORTH.verifier) == longer


def test_a_key_signs_for_its_own_log_only() -> None:
    """Another log's key or a cosigning key neither signs nor opens a checkpoint, even where its signature is good."""
    with pytest.raises(BadSignature, match="that log's key"):
        sign_checkpoint(CHECKPOINT, SOUTH)
    with pytest.raises(BadSignature, match="that log's key"):
        open_checkpoint(sign_note(BODY, SOUTH), SOUTH.verifier)
    double = signer_of("demo/north", keys.COSIGNATURE)
    cosigned = cosign(sign_checkpoint(CHECKPOINT, NORTH), double, TIME_S)
    with pytest.raises(BadSignature, match="that log's key"):
        open_checkpoint(cosigned, double.verifier)


def test_what_cannot_be_a_checkpoint_is_not_signed() -> None:
    """An impossible size, root or origin is refused before a key touches it; an empty log is fine."""
    for wrong in (
        Checkpoint("demo/north", -1, ROOT),
        Checkpoint("demo/north", 2**63, ROOT),
        Checkpoint("a\nb", 1, ROOT),
    ):
        with pytest.raises(BadNote):
            sign_checkpoint(wrong, NORTH)
    for wrong in (Checkpoint("demo/north", 1, b"short"), Checkpoint("demo/north", 0, ROOT)):
        with pytest.raises(BadNote):
            sign_checkpoint(wrong, NORTH)
    empty = Checkpoint("demo/north", 0, EMPTY_ROOT)
    assert open_checkpoint(sign_checkpoint(empty, NORTH), NORTH.verifier) == empty


def test_a_cosignature_adds_a_line_that_verifies_with_its_time() -> None:
    """The cosigned note opens under the log's key as before, and tells the time that the cosigner signed."""
    signed = sign_checkpoint(CHECKPOINT, NORTH)
    data = cosign(signed, MIRROR, TIME_S)
    assert data.startswith(signed) and data.count("—".encode()) == 2
    assert open_checkpoint(data, NORTH.verifier) == CHECKPOINT
    found = cosignature_of(data, MIRROR.verifier)
    assert found is not None and found[1] == TIME_S and len(found[0].signature) == 72
    assert cosignature_of(signed, MIRROR.verifier) is None


def test_the_signed_message_of_a_cosignature_is_the_published_one() -> None:
    """What is signed is the header line, the time line and the text, as in the specification's example."""
    body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert keys.cosigned_message(body, 1679315147) == f"cosignature/v1\ntime 1679315147\n{body}".encode()


@given(st.integers(0, 575))
def test_no_bit_of_a_cosignature_may_change(bit: int) -> None:
    """With any bit of the time or the signature changed the note is refused."""
    note = parse_note(cosign(sign_checkpoint(CHECKPOINT, NORTH), MIRROR, TIME_S))
    line = note.signatures[1]
    wrong = (int.from_bytes(line.signature, "big") ^ 1 << bit).to_bytes(72, "big")
    data = Note(note.text, (note.signatures[0], type(line)(line.name, line.key_id, wrong))).encode()
    with pytest.raises(BadSignature, match="does not fit"):
        cosignature_of(data, MIRROR.verifier)
    assert open_checkpoint(data, NORTH.verifier) == CHECKPOINT


def test_a_time_beyond_63_bits_is_refused() -> None:
    """A cosignature over a time of 2^63 seconds does not verify, however well it is signed."""
    for time_s, good in ((2**63 - 1, True), (2**63, False)):
        signature = time_s.to_bytes(8, "big") + ed25519.sign(MIRROR.seed, keys.cosigned_message(BODY, time_s))
        assert MIRROR.verifier.verify(BODY, signature) is good


def test_a_newer_cosignature_takes_the_place_of_the_older() -> None:
    """A cosigner has one line in a note; if others left two, the newest counts."""
    data = cosign(cosign(sign_checkpoint(CHECKPOINT, NORTH), MIRROR, TIME_S), MIRROR, TIME_S + 5)
    assert len(parse_note(data).signatures) == 2
    note = parse_note(data)
    older = sign_text(BODY, MIRROR, TIME_S)
    after, before = (*note.signatures, older), (older, *note.signatures)
    for each in (data, Note(note.text, after).encode(), Note(note.text, before).encode()):
        found = cosignature_of(each, MIRROR.verifier)
        assert found is not None and found[1] == TIME_S + 5


def test_keys_keep_to_their_role() -> None:
    """A log key does not cosign, a cosigning key needs a time within 63 bits, and a crowded note takes no more."""
    signed = sign_checkpoint(CHECKPOINT, NORTH)
    with pytest.raises(BadSignature, match="no cosigning key"):
        cosign(signed, SOUTH, TIME_S)
    with pytest.raises(BadSignature, match="no cosigning key"):
        cosignature_of(signed, SOUTH.verifier)
    with pytest.raises(BadSignature, match="signs no time"):
        NORTH.sign(BODY, TIME_S)
    for time_s in (None, -1, 2**63):
        with pytest.raises(BadSignature, match="needs a time"):
            MIRROR.sign(BODY, time_s)
    crowd = [sign_text(BODY, signer_of(f"mirror/{number}", keys.COSIGNATURE), TIME_S) for number in range(100)]
    with pytest.raises(BadNote, match="more than 100"):
        add_signatures(signed, crowd)


def test_only_checkpoints_are_cosigned() -> None:
    """A note whose text is no checkpoint gets no cosignature, so that the key never signs anything else."""
    with pytest.raises(BadNote):
        cosign(sign_note("some other text\n", NORTH), MIRROR, TIME_S)
    checkpoint, note = read_checkpoint(sign_checkpoint(CHECKPOINT, NORTH))
    assert checkpoint == CHECKPOINT and note.text == BODY
