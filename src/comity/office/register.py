"""The office's own register of protected things: one ciphertext a version, in a folder that nobody else reads.

Which version counts is said by the office's own log and by nothing else: its newest `precaution.layer` of the layer
`protected` names the salted commitment and the hash of the ciphertext. So a changed, lost or older file shows.
Plaintext lives in memory only. Erasing a ciphertext breaks no proof: an opening made before still proves against the
commitment. Not trusted: the disk. Raises Misuse, Malformed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from comity.model.acts.duty import Layer
from comity.model.acts.form import Hash
from comity.model.codec import encode
from comity.model.errors import Malformed, Misuse
from comity.model.history import View
from comity.model.known import party_of
from comity.model.protected import Protected, repeated_labels, thing_problem, values_of
from comity.model.records.layers import newest_layers
from comity.office import private
from comity.office.blobs import FolderBlobs
from comity.office.config import DEFAULT, Limits
from comity.office.keyring import KeySigner, SystemRandomness, load_key, new_signer, read_secret, save_key
from comity.office.ports import Randomness

LAYER = "protected"
SECRET_BYTES = 32
_ANEW = "put it back from a backup, or import the register anew with --replace"


class _Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one ciphertext holds: the things, and the secret that their salts come from."""

    comity: Annotated[int, Meta(ge=1, le=1)]
    secret: Hash
    things: tuple[Protected, ...]


class Register(Protocol):
    """Reads the versions that the office's own log names."""

    def read(self, stated: Layer) -> tuple[Protected, ...]:
        """The things of that version; Misuse if it is not held (any more), Malformed if it was changed."""
        ...

    def state(self, stated: Layer) -> bytes:
        """One hash over all that `read` reads: while it is the same, so is what that gives; raises as that does."""
        ...


class MemoryRegister:
    """Versions for plays and tests, by their commitments. Satisfies `Register`."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._held: dict[str, tuple[Protected, ...]] = {}

    def read(self, stated: Layer) -> tuple[Protected, ...]:
        """The things that were kept under that commitment."""
        if stated.commitment not in self._held:
            raise Misuse(f"version {stated.layer_version} of the register is not here, erased or lost")
        return self._held[stated.commitment]

    def state(self, stated: Layer) -> bytes:
        """The commitment, for what is in memory does not change by itself."""
        self.read(stated)
        return bytes.fromhex(stated.commitment)

    def keep(self, stated: Layer, things: Sequence[Protected]) -> None:
        """Keeps a version."""
        self._held[stated.commitment] = tuple(things)

    def erase(self, stated: Layer) -> bool:
        """Forgets a version; whether it was held."""
        return self._held.pop(stated.commitment, None) is not None


class FolderRegister:
    """Ciphertexts in a folder, opened by a key that serves nothing else. Satisfies `Register`."""

    def __init__(self, folder: Path, key: Path, limits: Limits = DEFAULT, random: Randomness | None = None) -> None:
        """Use that folder and that key file; both are made by the first version that is written."""
        self._folder = folder
        self._key = key
        self._limits = limits
        self._random = random or SystemRandomness()

    def read(self, stated: Layer) -> tuple[Protected, ...]:
        """The things of a version, whose ciphertext must be the very one that the log names."""
        return self._open(stated).things

    def state(self, stated: Layer) -> bytes:
        """The hash of the ciphertext and of the key file as they are on the disk now."""
        data = self._ciphertext(stated)
        return sha256(
            sha256(data).digest() + sha256(self._key.read_bytes() if self._key.is_file() else b"").digest()
        ).digest()

    def write(self, things: Sequence[Protected], version: int) -> Layer:
        """Keeps the ciphertext of a new version durably and gives the act that states it; Misuse for unfit things."""
        check_things(things, self._limits)
        held = _Version(comity=1, secret=self._random.bytes(SECRET_BYTES).hex(), things=tuple(things))
        root = private.commitment(self._fields(held)) if things else self._random.bytes(SECRET_BYTES).hex()
        if not self._key.exists():
            save_key(self._key, new_signer(self._random))
        recipient = private.recipient_of(self._signer().key)
        digest = self._blobs().put(private.encrypt(private.padded(encode(held)), [recipient]))
        return Layer(layer=LAYER, layer_version=version, commitment=root, ciphertext=digest)

    def openings(self, stated: Layer, label: str, names: Sequence[str]) -> tuple[private.Opening, ...]:
        """The proof of some fields of one thing; who is handed it learns these fields and no others."""
        held = self._open(stated)
        number = next((number for number, each in enumerate(held.things) if each.label == label), None)
        if number is None:
            raise Misuse(f"version {stated.layer_version} of the register has nothing labelled {label!r}")
        fields = self._fields(held)
        return tuple(private.opening(fields, f"{number}/{name}") for name in names)

    def erase(self, stated: Layer) -> bool:
        """Drops the ciphertext of a version for good; whether it was held."""
        digest = stated.ciphertext
        if digest is None or not self._folder.is_dir() or not (self._folder / digest).exists():
            return False
        self._blobs().drop(digest)
        return True

    def sweep(self, leaves: Callable[[], Iterable[bytes]], before_ms: int) -> int:
        """Drops ciphertexts that were written before that moment and that no leaf names; how many there were.

        A version is written before its entry is signed, so a crash or a change of mind in between leaves one behind.
        The leaves are those of the own log, all of them: what they name is kept, whatever the verdicts say.
        """
        old = self._blobs().written_before(before_ms) if self._folder.is_dir() else []
        for leaf in leaves() if old else ():
            if b'"ciphertext"' in leaf:
                old = [digest for digest in old if digest.encode() not in leaf]
        for digest in old:
            self._blobs().drop(digest)
        return len(old)

    def holds(self, stated: Layer) -> bool:
        """Whether the ciphertext of a version is here."""
        return stated.ciphertext is not None and (self._folder / stated.ciphertext).is_file()

    def _open(self, stated: Layer) -> _Version:
        data, seed = self._ciphertext(stated), self._signer().seed
        try:
            held = msgspec.json.decode(private.decrypt(data, seed), type=_Version)
            check_things(held.things, self._limits)
        except (msgspec.DecodeError, UnicodeDecodeError, Misuse, Malformed):  # whose words may hold what is private
            raise Malformed(f"{_named(stated)} cannot be read with the key {self._key.name}; {_ANEW}") from None
        return held

    def _ciphertext(self, stated: Layer) -> bytes:
        if stated.ciphertext is None:
            raise Misuse(f"{_named(stated)} names no ciphertext; import it anew with --replace")
        try:
            data = self._blobs().get(stated.ciphertext) if self._folder.is_dir() else None
        except Malformed:
            path = self._folder / stated.ciphertext
            raise Malformed(f"{_named(stated)} was changed on the disk ({path}); {_ANEW}") from None
        if data is None:
            raise Misuse(f"{_named(stated)} is not here, erased or lost; {_ANEW}")
        return data

    def _signer(self) -> KeySigner:
        """The key that opens the register; the office makes a new one when a version is written and there is none."""
        if not self._key.is_file():
            raise Misuse(f"the register's key {self._key} is missing; {_ANEW}")
        read_secret(self._key)
        try:
            return load_key(self._key)
        except Misuse:
            raise Misuse(
                f"the register's key {self._key} is damaged; put it back from a backup, or move it away and import the "
                f"register anew with --replace"
            ) from None

    def _fields(self, held: _Version) -> tuple[private.Field, ...]:
        return private.salted(values_of(held.things), private.Salts(bytes.fromhex(held.secret)), self._limits)

    def _blobs(self) -> FolderBlobs:
        return FolderBlobs(self._folder, self._limits)


def _named(stated: Layer) -> str:
    return f"version {stated.layer_version} of the register"


def stated_versions(view: View, party: str) -> list[Layer]:
    """Every version of its register that a party has stated, the oldest first."""
    found = (taken.entry.act for taken in view.about("layers") if party_of(taken.entry.origin) == party)
    return [act for act in found if isinstance(act, Layer) and act.layer == LAYER]


def stated_now(view: View, party: str) -> Layer | None:
    """The newest version of its register that a party has stated, or None."""
    found = newest_layers(view, party).get(LAYER)
    return found[0] if found is not None else None


def check_things(things: Sequence[Protected], limits: Limits = DEFAULT) -> None:
    """Accepts things that a register may hold; Misuse names each that it may not, and why."""
    if len(things) > limits.protected_things:
        raise Misuse(f"{len(things)} protected things: the most is {limits.protected_things}")
    problems = [f"{each.label!r}: {problem}" for each in things if (problem := thing_problem(each)) is not None]
    problems += [f"{label!r}: two things have this label; give each its own" for label in repeated_labels(things)]
    if problems:
        raise Misuse("\n".join(problems))
