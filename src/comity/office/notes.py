"""Checkpoints and their signatures as an office reads and makes them: one log-head key a log, one cosigner an office.

Each signature line is verified once and its answer remembered, for the same line comes round with every poll.
Trusted: the keys pinned in the terms. Not trusted: notes; a wrong one raises PeerError and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from comity.model.errors import PeerError
from comity.model.known import KnownTerms
from comity.model.spans import SECOND_MS
from comity.model.terms import Participant
from comity.office.keyring import Keyring
from comity.office.ports import SignatureCheck
from comity.tlog import ed25519
from comity.tlog.checkpoint import Checkpoint, parse_body, sign_checkpoint
from comity.tlog.cosignature import add_signatures, cosign
from comity.tlog.errors import BadNote
from comity.tlog.keys import ED25519, Verifier, cosigned_time_s, parse_vkey
from comity.tlog.note import Note, Signature, parse_note

REMEMBERED = 16_384

_remembered_line = lru_cache(maxsize=REMEMBERED)(Verifier.verify)
_parsed = lru_cache(maxsize=1024)(parse_note)
_key = lru_cache(maxsize=1024)(parse_vkey)


@dataclass(frozen=True, slots=True)
class Checks:
    """The verifying functions, as a port: of an entry's signatures, and of one signature line of a note."""

    signature: SignatureCheck = ed25519.verify
    line: Callable[[Verifier, str, bytes], bool] = _remembered_line


REAL_CHECKS = Checks()


class Notary:
    """Opens, merges and makes notes for one office."""

    def __init__(self, known: KnownTerms, keyring: Keyring, checks: Checks = REAL_CHECKS) -> None:
        """`known` says which keys are pinned."""
        self.known = known
        self.checks = checks
        self._keyring = keyring

    def participants(self) -> Iterable[Participant]:
        """Everyone whose log some agreed terms name."""
        return self.known.participants().values()

    def head_key(self, origin: str) -> Verifier:
        """The log-head key of a log; PeerError if no agreed terms name the log."""
        keeper = self.known.participants().get(origin)
        if keeper is None:
            raise PeerError(f"log {origin[:80]!r} is named by no terms agreed here; wait for the votes on those")
        pins = keeper.pins
        assert pins is not None, "a log is named by pins"
        return _key(pins.head_key)

    def open(self, note: bytes) -> Checkpoint:
        """The checkpoint in a note that its log's head key signed; PeerError otherwise (law 5)."""
        try:
            parsed = _parsed(note)
            checkpoint = parse_body(parsed.text)
        except BadNote as error:
            raise PeerError(f"a checkpoint that cannot be used: {error}") from None
        verifier = self.head_key(checkpoint.origin)
        lines = _lines_by(parsed, verifier)
        owner = (checkpoint.origin, ED25519) == (verifier.name, verifier.algorithm)
        if not owner or not lines or not all(self.checks.line(verifier, parsed.text, each.signature) for each in lines):
            raise PeerError(f"a checkpoint of {checkpoint.origin} that its log's key did not sign; ask another office")
        return checkpoint

    def merged(self, held: bytes, offered: bytes) -> bytes:
        """The held note with those of the other's cosignatures that are good, known and newer; both opened before."""
        if set(_parsed(offered).signatures) <= set(_parsed(held).signatures):
            return held
        added = []
        for verifier in self._cosigners():
            new, old = self._cosigned(offered, verifier), self._cosigned(held, verifier)
            if new is not None and (old is None or old[1] < new[1]):
                added.append(new[0])
        return add_signatures(held, added) if added else held

    def stripped(self, note: bytes) -> bytes:
        """The note with the head's signature and known good cosignatures only, so that nobody can bloat it."""
        parsed = _parsed(note)
        head = _lines_by(parsed, self.head_key(parse_body(parsed.text).origin))[:1]
        found = [self._cosigned(note, verifier) for verifier in self._cosigners()]
        lines = (*head, *(each[0] for each in found if each is not None))
        return note if lines == parsed.signatures else Note(parsed.text, lines).encode()

    def has_cosigned(self, note: bytes) -> bool:
        """Whether this office's own cosignature stands on the note."""
        return self._cosigned(note, self._keyring.cosign.verifier) is not None

    def lines(self, note: bytes) -> tuple[Signature, ...]:
        """Every signature line of a note, good or not."""
        return _parsed(note).signatures

    def cosigners(self, note: bytes) -> list[str]:
        """The participants whose good cosignatures stand on the note."""
        pinned = [(each.id, each.pins) for each in self.participants()]
        return [name for name, pins in pinned if pins and self._cosigned(note, _key(pins.cosign_key)) is not None]

    def cosigned_by_others_s(self, note: bytes) -> list[int]:
        """When the others cosigned a note, by their own clocks."""
        found = [self._cosigned(note, each) for each in self._cosigners() if each != self._keyring.cosign.verifier]
        return [each[1] for each in found if each is not None]

    def sign_head(self, size: int, root: bytes) -> bytes:
        """The own log's checkpoint. The caller recomputed the root from stored bytes and kept the high-water mark."""
        return sign_checkpoint(Checkpoint(self._keyring.origin, size, root), self._keyring.head)

    def cosign(self, note: bytes, now_ms: int) -> bytes:
        """The note with this office's cosignature. The caller has taken everything under it (law 31)."""
        return cosign(note, self._keyring.cosign, max(now_ms, 0) // SECOND_MS)

    def _cosigners(self) -> list[Verifier]:
        return [_key(each.pins.cosign_key) for each in self.participants() if each.pins is not None]

    def _cosigned(self, note: bytes, verifier: Verifier) -> tuple[Signature, int] | None:
        parsed = _parsed(note)
        good = [each for each in _lines_by(parsed, verifier) if self.checks.line(verifier, parsed.text, each.signature)]
        found = [(each, cosigned_time_s(each.signature)) for each in good]  # a wrong one vouches for nothing
        return max(found, key=lambda pair: pair[1], default=None)


def _lines_by(note: Note, verifier: Verifier) -> tuple[Signature, ...]:
    return tuple(each for each in note.signatures if (each.name, each.key_id) == (verifier.name, verifier.key_id))
