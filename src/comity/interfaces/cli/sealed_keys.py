"""The office's keys sealed to its root key, and putting them back: a log whose head key is lost can never vote again.

Made with the keys, for what a log is pinned to never changes. Trusted: the root key; the sealed file may lie anywhere.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from comity.interfaces.cli.files import read_text_bytes
from comity.model.errors import Malformed, Misuse
from comity.office.blobs import write_durably
from comity.office.folder import OfficeFolder, kept_beside
from comity.office.keyring import FOLDER_MODE, KeySigner, write_secret
from comity.office.private import decrypt, encrypt, recipient_of

SEALED_BYTES_MOST = 64 * 1024
FILES = ("head.pem", "cosign.pem", "office.pem", "tls.pem", "tls.crt", "origin")
PUBLIC = ("tls.crt", "origin")


class SealedKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose keys they are, the pins file that was handed in for them, and each file of the folder of keys."""

    participant: str
    pins: str
    files: dict[str, str]


def sealed_path(root: Path) -> Path:
    """Where the sealed keys are written: beside the root key, so that they go where it goes."""
    return root.with_name(f"{root.name}.keys")


def seal_keys(folder: OfficeFolder, participant: str, pins: str, root_key: str) -> bytes:
    """The keys of a new office for the root key alone; everything that its log is pinned to."""
    files = {name: (folder.keys / name).read_text("utf-8") for name in FILES}
    return encrypt(msgspec.json.encode(SealedKeys(participant, pins, files)), [recipient_of(root_key)])


def open_sealed(name: str | Path, root: KeySigner) -> SealedKeys:
    """What a file of sealed keys holds; Misuse if it is none, or another root key's."""
    try:
        found = msgspec.json.decode(decrypt(read_text_bytes(name, SEALED_BYTES_MOST), root.seed), type=SealedKeys)
    except (Malformed, msgspec.DecodeError):
        raise Misuse(
            f"{name} is not sealed to this root key; give the file that comity init keys wrote beside it"
        ) from None
    if set(found.files) != set(FILES):
        raise Misuse(f"{name} does not hold the keys of an office; give the file that comity init keys wrote")
    return found


def put_back(folder: OfficeFolder, sealed: SealedKeys) -> list[str]:
    """Writes what is missing or other than it was made, each old one kept beside; the names of what it wrote."""
    folder.keys.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    written = []
    for name in FILES:
        path, data = folder.keys / name, sealed.files[name].encode()
        if path.is_file() and path.read_bytes() == data:
            continue
        if path.exists():
            path.rename(kept_beside(path))
        if name in PUBLIC:
            write_durably(path, data)
        else:
            write_secret(path, data)
        written.append(name)
    return written
