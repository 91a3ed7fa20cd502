"""C2SP tlog-checkpoint: a signed note that states a log's origin, size and root.

Invariant: the note's key has the origin for its name, so a key speaks for one log.
Not trusted: the root, until leaves or a proof lead to it; the key only says that the log stands by it.
"""

from dataclasses import dataclass
from functools import lru_cache

from comity.tlog.errors import BadNote, BadSignature
from comity.tlog.keys import ED25519, Signer, Verifier
from comity.tlog.merkle import EMPTY_ROOT
from comity.tlog.note import Note, check_text, open_note, parse_note, sign_note
from comity.tlog.text import MAX_NUMBER, decode_hash, decode_number, encode_base64

REMEMBERED_BODIES = 1024


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one moment; `extensions` are lines that nobody can audit, best left out."""

    origin: str
    size: int  # leaves
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The text of the note; the inverse of parse_body."""
        lines = (self.origin, str(self.size), encode_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """The checkpoint as a signed note. First recompute the root from the stored leaves."""
    if not 0 <= checkpoint.size <= MAX_NUMBER or parse_body(checkpoint.body) != checkpoint:
        raise BadNote(f"a checkpoint of {checkpoint.origin!r} cannot be written; give one-line texts and a real size")
    _check_owner(checkpoint, signer.verifier)
    return sign_note(checkpoint.body, signer)


def open_checkpoint(data: bytes, verifier: Verifier) -> Checkpoint:
    """The checkpoint that this key signed for its own log; BadNote or BadSignature otherwise."""
    checkpoint = parse_body(open_note(data, [verifier]).text)
    _check_owner(checkpoint, verifier)
    return checkpoint


def read_checkpoint(data: bytes) -> tuple[Checkpoint, Note]:
    """The checkpoint and the note around it, nothing verified; BadNote if either breaks its format."""
    note = parse_note(data)
    return parse_body(note.text), note


@lru_cache(maxsize=REMEMBERED_BODIES)
def parse_body(text: str) -> Checkpoint:
    """Read the text of a checkpoint strictly; BadNote if it breaks the format."""
    check_text(text)
    lines = text[:-1].split("\n")
    if len(lines) < 3 or "" in lines:
        raise BadNote("a checkpoint has lines for origin, size and root and no empty line; ask its sender again")
    checkpoint = Checkpoint(lines[0], decode_number(lines[1]), decode_hash(lines[2]), tuple(lines[3:]))
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise BadNote(f"the checkpoint of {checkpoint.origin!r} has size 0 and the root of something; ask again")
    return checkpoint


def _check_owner(checkpoint: Checkpoint, verifier: Verifier) -> None:
    if (checkpoint.origin, ED25519) != (verifier.name, verifier.algorithm):
        raise BadSignature(f"key {verifier.name} signs no checkpoint of {checkpoint.origin!r}; use that log's key")
