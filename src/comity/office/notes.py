"""Checkpoints and their signatures as an office reads and makes them: one log-head key a log, one cosigner an office.

Trusted: the keys pinned in the terms. Not trusted: notes; a wrong one raises PeerError and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from comity.model.errors import PeerError
from comity.model.known import KnownTerms
from comity.model.terms import Participant
from comity.office.keyring import Keyring
from comity.office.ports import SignatureCheck
from comity.tlog import ed25519
from comity.tlog.checkpoint import Checkpoint, open_checkpoint, read_checkpoint, sign_checkpoint
from comity.tlog.cosignature import add_signatures, cosign, cosignature_of
from comity.tlog.errors import BadNote, BadSignature
from comity.tlog.keys import Verifier, parse_vkey
from comity.tlog.note import Signature

MS_PER_S = 1000


@dataclass(frozen=True, slots=True)
class Checks:
    """The verifying functions, as a port: the simulator remembers answers, a real office computes each."""

    signature: SignatureCheck = ed25519.verify
    checkpoint: Callable[[bytes, Verifier], Checkpoint] = open_checkpoint
    cosignature: Callable[[bytes, Verifier], tuple[Signature, int] | None] = cosignature_of


REAL_CHECKS = Checks()
parse_key = lru_cache(maxsize=1024)(parse_vkey)


class Notary:
    """Opens, merges and makes notes for one office."""

    def __init__(self, known: KnownTerms, keyring: Keyring, checks: Checks = REAL_CHECKS) -> None:
        """`known` says which keys are pinned."""
        self.known = known
        self.checks = checks
        self._keyring = keyring

    def participants(self) -> Iterable[Participant]:
        """Everyone that any known terms pin."""
        return self.known._participants.values()

    def head_key(self, origin: str) -> Verifier:
        """The log-head key of a log; PeerError if no known terms name the log."""
        if origin not in self.known._participants:
            raise PeerError(f"log {origin[:80]!r} is named by no terms known here; ask for the terms that name it")
        pins = self.known.participant(origin).pins
        assert pins is not None, "a log is named by pins"
        return parse_key(pins.head_key)

    def open(self, note: bytes) -> Checkpoint:
        """The checkpoint in a note that its log's head key signed; PeerError otherwise (law 5)."""
        try:
            claimed, _ = read_checkpoint(note)
            return self.checks.checkpoint(note, self.head_key(claimed.origin))
        except (BadNote, BadSignature) as error:
            raise PeerError(f"a checkpoint that cannot be used: {error}") from None

    def merged(self, held: bytes, offered: bytes) -> bytes:
        """The held note with those of the other's cosignatures that are good, known and newer; both opened before."""
        if held == offered:
            return held
        added = []
        for verifier in self._cosigners():
            new, old = self._cosigned(offered, verifier), self._cosigned(held, verifier)
            if new is not None and (old is None or old[1] < new[1]):
                added.append(new[0])
        return add_signatures(held, added) if added else held

    def stripped(self, note: bytes) -> bytes:
        """The note with the head's signature and known good cosignatures only, so that nobody can bloat it."""
        claimed, whole = read_checkpoint(note)
        head = whole.signed_by(self.head_key(claimed.origin))[:1]
        found = [self._cosigned(note, verifier) for verifier in self._cosigners()]
        bare = type(whole)(whole.text, head).encode()
        return add_signatures(bare, [each[0] for each in found if each is not None])

    def has_cosigned(self, note: bytes) -> bool:
        """Whether this office's own cosignature stands on the note."""
        return self._cosigned(note, self._keyring.cosign.verifier) is not None

    def cosigners(self, note: bytes) -> list[str]:
        """The participants whose good cosignatures stand on the note."""
        pinned = [(each.id, each.pins) for each in self.participants()]
        return [name for name, pins in pinned if pins and self._cosigned(note, parse_key(pins.cosign_key)) is not None]

    def sign_head(self, size: int, root: bytes) -> bytes:
        """The own log's checkpoint. The caller recomputed the root from stored bytes and kept the high-water mark."""
        return sign_checkpoint(Checkpoint(self._keyring.origin, size, root), self._keyring.head)

    def cosign(self, note: bytes, now_ms: int) -> bytes:
        """The note with this office's cosignature. The caller has taken everything under it (law 31)."""
        return cosign(note, self._keyring.cosign, max(now_ms, 0) // MS_PER_S)

    def _cosigners(self) -> list[Verifier]:
        return [parse_key(each.pins.cosign_key) for each in self.participants() if each.pins is not None]

    def _cosigned(self, note: bytes, verifier: Verifier) -> tuple[Signature, int] | None:
        try:
            return self.checks.cosignature(note, verifier)
        except (BadNote, BadSignature):
            return None  # a wrong cosignature vouches for nothing and spoils nothing else
