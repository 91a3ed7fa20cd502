"""Proof files: exact text, and no claim that the log did not make."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.tlog.checkpoint import Checkpoint, sign_checkpoint
from comity.tlog.errors import BadNote, BadProof, BadSignature
from comity.tlog.merkle import Tree, leaf_hash
from comity.tlog.proof import Proof, encode_proof, parse_proof, verify_proof
from tlog.test_note import NORTH, SOUTH

HASHES = [leaf_hash(b"entry %d" % number) for number in range(100)]
TREE = Tree(HASHES)
NOTE = sign_checkpoint(Checkpoint("demo/north", 100, TREE.root()), NORTH)
PROOF = Proof(42, tuple(TREE.inclusion(42, 100)), NOTE)
TEXT = encode_proof(PROOF)


def test_a_proof_is_the_published_text() -> None:
    """The head, the index, the hashes from the leaf upwards, a blank line, and the checkpoint as it is."""
    lines = TEXT.decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 42"]
    assert lines.index("") == 2 + len(PROOF.hashes) == 9
    assert TEXT.endswith(b"\n\n" + NOTE)
    extra = encode_proof(dataclasses.replace(PROOF, extra=b"more")).decode().split("\n")
    assert extra[1] == "extra bW9yZQ=="


@given(st.integers(0, 99), st.none() | st.binary(max_size=40))
def test_each_leaf_is_proven_and_no_other(index: int, extra: bytes | None) -> None:
    """A proof reads back as itself, shows its leaf, and shows no other leaf."""
    proof = Proof(index, tuple(TREE.inclusion(index, 100)), NOTE, extra)
    assert parse_proof(encode_proof(proof)) == proof
    assert verify_proof(proof, HASHES[index], NORTH.verifier).size == 100
    with pytest.raises(BadProof):
        verify_proof(proof, HASHES[index - 1], NORTH.verifier)


@given(st.integers(0, len(TEXT) - 1), st.integers(0, 7))
def test_any_flipped_bit_is_refused(place: int, bit: int) -> None:
    """With one bit of the text changed anywhere nothing is proven."""
    data = TEXT[:place] + bytes([TEXT[place] ^ 1 << bit]) + TEXT[place + 1 :]
    with pytest.raises((BadNote, BadProof, BadSignature)):
        verify_proof(parse_proof(data), HASHES[42], NORTH.verifier)


def test_a_proof_under_another_key_is_refused() -> None:
    """The checkpoint must be signed by the log's own key."""
    with pytest.raises(BadSignature):
        verify_proof(PROOF, HASHES[42], SOUTH.verifier)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1\n", b"@v2\n"),
        (b"@v1\n", b"@v1\n\n"),
        (b"@v1\n", b"@v1\nextra bW9yZQ\n"),
        (b"@v1\n", b"@v1\nextra\n"),
        (b"@v1\n", b"@v1\nextra bW9yZQ==\nextra bW9yZQ==\n"),
        (b"index 42\n", b""),
        (b"index 42\n", b"index 042\n"),
        (b"index 42\n", b"index  42\n"),
        (b"index 42\n", b"index 42 \n"),
        (b"index 42\n", b"index 42\nAAAA\n"),
        (b"index 42\n", b"index 42\nnonsense\n"),
        (b"index 42\n", b"index 42\r\n"),
        (b"index 42\n", b"index 42\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 60),
        (b"\n\ndemo", b"\ndemo"),
        (b"\n\ndemo", b"\n\n\ndemo"),
        (NOTE, b""),
        (NOTE, b"x" * 330_000),
    ],
)
def test_malformed_proofs_are_refused(old: bytes, new: bytes) -> None:
    """A text that breaks the format anywhere is no proof."""
    with pytest.raises((BadNote, BadProof, BadSignature), match="; "):
        verify_proof(parse_proof(TEXT.replace(old, new)), HASHES[42], NORTH.verifier)
