"""C2SP signed-note: a text that ends in a newline, a blank line, and signature lines.

    <text>
    <blank line>
    (em dash) <key name> base64(key id || signature)

Invariants: what is read is written back byte for byte; a signature by a known key must verify or the whole note is
refused; lines by unknown keys are ignored. Not trusted: the text, until a known key vouches for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from comity.tlog.errors import BadNote, BadSignature
from comity.tlog.keys import Signer, Verifier, check_name
from comity.tlog.text import decode_base64, decode_utf8, encode_base64

MAX_NOTE_BYTES = 262_144
MAX_SIGNATURES = 100
_DASH = "\u2014 "
_KEY_ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line."""

    name: str
    key_id: bytes
    signature: bytes  # without the key id

    @property
    def line(self) -> str:
        """The line as it stands in the note, with its newline."""
        return f"{_DASH}{self.name} {encode_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, with its last newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The note's bytes; the inverse of parse_note."""
        return f"{self.text}\n{''.join(each.line for each in self.signatures)}".encode()

    def signed_by(self, verifier: Verifier) -> tuple[Signature, ...]:
        """This key's signatures, all good; BadSignature if one of them is not."""
        own = tuple(each for each in self.signatures if (each.name, each.key_id) == (verifier.name, verifier.key_id))
        if not all(verifier.verify(self.text, each.signature) for each in own):
            raise BadSignature(f"the signature of {verifier.name} does not fit the note; ask its sender again")
        return own


def parse_note(data: bytes) -> Note:
    """Read a note's bytes strictly; BadNote if they break the format. Verifies nothing: see open_note."""
    if len(data) > MAX_NOTE_BYTES:
        raise BadNote(f"a note of {len(data)} bytes, allowed are {MAX_NOTE_BYTES}; ask for fewer signatures")
    whole = decode_utf8(data, "the note")
    split = whole.rfind("\n\n")
    text, block = whole[: split + 1], whole[split + 2 :]
    if split < 0 or not block.endswith("\n"):
        raise BadNote("the note has no signature lines after a blank line; ask for a signed one")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise BadNote(f"the note has {len(lines)} signatures, allowed are {MAX_SIGNATURES}; ask for fewer")
    return Note(text, tuple(_parse_line(each) for each in lines))


def open_note(data: bytes, verifiers: Iterable[Verifier]) -> Note:
    """The note with just those of its signatures that these keys vouch for.

    BadNote if it breaks the format; BadSignature if a signature by one of the keys is wrong, or there is none.
    """
    note = parse_note(data)
    good = tuple(signature for verifier in verifiers for signature in note.signed_by(verifier))
    if not good:
        raise BadSignature("no known key signed the note; ask its sender, or check which keys you pinned")
    return Note(note.text, good)


def sign_note(text: str, *signers: Signer) -> bytes:
    """A note of this text with these signatures; BadNote if the text may not stand in a note."""
    check_text(text)
    if not signers:
        raise BadNote("a note has at least one signature; give a signer")
    return Note(text, tuple(sign_text(text, each) for each in signers)).encode()


def sign_text(text: str, signer: Signer, time_s: int | None = None) -> Signature:
    """One signature for the text of a note; with a time in POSIX seconds for a cosigning key."""
    return Signature(signer.verifier.name, signer.verifier.key_id, signer.sign(text, time_s))


def check_text(text: str) -> None:
    """Accept the text of a note, or raise BadNote."""
    try:
        decode_utf8(text.encode("utf-8"), "the text")
    except UnicodeEncodeError as error:
        raise BadNote("the text cannot be written as utf-8; remove what is not a character") from error
    if not text.endswith("\n"):
        raise BadNote("the text of a note ends with a newline; add one")


def _parse_line(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise BadNote(f"{line[:80]!r} is not a signature line; ask its sender again")
    check_name(name)
    data = decode_base64(encoded)
    if len(data) <= _KEY_ID_BYTES:
        raise BadNote(f"the signature of {name} is empty; ask its sender again")
    return Signature(name, data[:_KEY_ID_BYTES], data[_KEY_ID_BYTES:])
