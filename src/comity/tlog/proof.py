"""C2SP tlog-proof: one text that shows, without a network, that a log holds an entry.

    c2sp.org/tlog-proof@v1
    extra <base64>            (may be left out)
    index <number>
    <base64 hash>             (any number of lines, from the leaf to the root)
    <blank line>
    <checkpoint note>

Not trusted: the extra data, which nothing signs; nor the rest, until `verify_proof` accepts it.
"""

from dataclasses import dataclass

from comity.tlog.checkpoint import Checkpoint, open_checkpoint
from comity.tlog.errors import BadNote
from comity.tlog.keys import Verifier
from comity.tlog.merkle import verify_inclusion
from comity.tlog.note import MAX_NOTE_BYTES, parse_note
from comity.tlog.text import decode_base64, decode_hash, decode_number, decode_utf8, encode_base64

MAX_PROOF_BYTES = MAX_NOTE_BYTES + 65_536
MAX_HASHES = 63
_HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """That the leaf at `index` stands in the tree of the checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint_note: bytes
    extra: bytes | None = None


def encode_proof(proof: Proof) -> bytes:
    """The proof's text; the inverse of parse_proof."""
    lines = [_HEAD]
    if proof.extra is not None:
        lines.append(f"extra {encode_base64(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines += map(encode_base64, proof.hashes)
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + proof.checkpoint_note


def parse_proof(data: bytes) -> Proof:
    """Read a proof strictly; BadNote if it breaks the format. Verifies nothing: see verify_proof."""
    if len(data) > MAX_PROOF_BYTES:
        raise BadNote(f"a proof of {len(data)} bytes, allowed are {MAX_PROOF_BYTES}; ask for a smaller one")
    text, blank, note = data.partition(b"\n\n")
    head, *lines = decode_utf8(text, "the proof").split("\n")
    if head != _HEAD or not blank:
        raise BadNote(f"the text is not a {_HEAD} with a checkpoint after a blank line; ask its sender again")
    extra = decode_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise BadNote("the proof has no index line; ask its sender again")
    if len(lines) > 1 + MAX_HASHES:
        raise BadNote(f"the proof has {len(lines) - 1} hashes, allowed are {MAX_HASHES}; ask its sender again")
    parse_note(note)
    return Proof(decode_number(lines[0][6:]), tuple(map(decode_hash, lines[1:])), note, extra)


def verify_proof(proof: Proof, leaf_hash: bytes, verifier: Verifier) -> Checkpoint:
    """The checkpoint under which the log holds this leaf, signed by its key.

    BadNote or BadSignature if the checkpoint is not the log's, BadProof if the leaf is not in it. Whether enough
    witnesses cosigned it is for `policy.satisfied` to say.
    """
    checkpoint = open_checkpoint(proof.checkpoint_note, verifier)
    verify_inclusion(proof.hashes, proof.index, checkpoint.size, leaf_hash, checkpoint.root)
    return checkpoint
