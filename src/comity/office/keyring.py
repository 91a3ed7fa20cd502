"""The private keys of one office and of its officers, as PEM files that only their owner may read.

Distinct keys: one signs the log's head, one cosigns others' heads, one signs `office.watch`, one speaks TLS.
The root key stands apart: it is handed in by file for the rare act that needs it, and the office never keeps it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from comity.model.errors import Misuse
from comity.office.ports import Randomness
from comity.tlog import ed25519, keys

SECRET_MODE = 0o600
FOLDER_MODE = 0o700
_NAMES = ("head", "cosign", "office")


@dataclass(frozen=True, slots=True)
class KeySigner:
    """An Ed25519 key in memory, `key` its public half in hex: an officer's, a root's or an office's.

    Satisfies `ports.ActSigner`.
    """

    seed: bytes = field(repr=False)
    key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", ed25519.public_key_of(self.seed).hex())

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature over the message."""
        return ed25519.sign(self.seed, message)


@dataclass(frozen=True, slots=True)
class Keyring:
    """What an office signs with; made by `new_keyring` or `load_keyring`."""

    origin: str
    head: keys.Signer
    cosign: keys.Signer
    office: KeySigner


class SystemRandomness:
    """The operating system's randomness. Satisfies `ports.Randomness`."""

    def bytes(self, count: int) -> bytes:
        """That many bytes that nobody can guess."""
        return os.urandom(count)


def cosigner_name(origin: str) -> str:
    """The name under which the keeper of a log cosigns the others' heads."""
    return f"{origin}/mirror"


def new_signer(random: Randomness) -> KeySigner:
    """A new key for an officer, a root or an office."""
    return KeySigner(random.bytes(ed25519.KEY_BYTES))


def new_keyring(origin: str, random: Randomness) -> Keyring:
    """New keys for the office that keeps this log."""
    return _keyring(origin, {name: random.bytes(ed25519.KEY_BYTES) for name in _NAMES})


def save_keyring(keyring: Keyring, folder: Path) -> None:
    """Writes the office's keys into a folder; Misuse if one is already there."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    for name, seed in zip(_NAMES, (keyring.head.seed, keyring.cosign.seed, keyring.office.seed), strict=True):
        save_key(folder / f"{name}.pem", KeySigner(seed))


def load_keyring(origin: str, folder: Path) -> Keyring:
    """The office's keys, as save_keyring wrote them; Misuse if a file is missing, not a key, or open to others."""
    return _keyring(origin, {name: load_office_key(folder, name).seed for name in _NAMES})


def load_office_key(folder: Path, name: str = "office") -> KeySigner:
    """One key of the office; nobody can make the same one anew, so what is lost or damaged comes from a backup."""
    path = folder / f"{name}.pem"
    if path.is_file():
        read_secret(path)
    try:
        return load_key(path)
    except Misuse:
        what = "is damaged, it holds no key" if path.exists() else "is missing"
        raise Misuse(
            f"{path} {what}; put it back: comity keys restore OFFICE --root ROOT, or the folder {folder.name} from a "
            f"backup; if it is gone for good no vote leaves this log any more, see docs/faults.md, a dead log"
        ) from None


def save_key(path: Path, signer: KeySigner, passphrase: str | None = None) -> None:
    """Writes one private key as PKCS8 PEM, mode 0600, encrypted if there is a passphrase; never over another."""
    cipher: KeySerializationEncryption = NoEncryption()
    if passphrase:
        cipher = BestAvailableEncryption(passphrase.encode())
    private = Ed25519PrivateKey.from_private_bytes(signer.seed)
    write_secret(path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, cipher))


def load_key(path: Path, passphrase: str | None = None) -> KeySigner:
    """The private key in a file; Misuse if it is not there, open to others, not a key, or under another passphrase."""
    data = read_secret(path)
    try:
        private = load_pem_private_key(data, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError):
        problem = "does not open with this passphrase" if passphrase else "holds no key that opens without a passphrase"
        raise Misuse(f"{path.name} {problem}; give the one it was made with, or the right file") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise Misuse(f"{path.name} holds a key of another kind; give an ed25519 key")
    return KeySigner(private.private_bytes_raw())


def write_secret(path: Path, data: bytes) -> None:
    """Writes a file that only its owner may read; Misuse if there is one already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_MODE)
    except FileExistsError:
        raise Misuse(f"{path} exists already and is not written over; move it away first") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> bytes:
    """The bytes of a secret file; Misuse if it is not there or others may read it."""
    try:
        mode = path.stat().st_mode & 0o777
    except FileNotFoundError:
        raise Misuse(f"no key at {path}; make one, or give the right place") from None
    if mode & 0o077:
        raise Misuse(f"{path} may be read by others (mode {mode:o}); run chmod 600 on it")
    return path.read_bytes()


def _keyring(origin: str, seeds: dict[str, bytes]) -> Keyring:
    head = keys.signer(origin, seeds["head"])
    cosign = keys.signer(cosigner_name(origin), seeds["cosign"], keys.COSIGNATURE)
    return Keyring(origin, head, cosign, KeySigner(seeds["office"]))
