"""Ciphertexts beside the log, by the hash of their bytes; dropping one erases it for good and breaks no proof.

Not trusted: the disk; what is read back is hashed again.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path

from comity.model.errors import Malformed, Misuse
from comity.office.config import DEFAULT, Limits

NS_PER_MS = 1_000_000
_NAME = re.compile(r"[0-9a-f]{64}\Z")
_FILE = re.compile(r"\.?([0-9a-f]{64})(?:\.new)?")


class FolderBlobs:
    """Blobs as files of one folder, each named by its hash."""

    def __init__(self, folder: Path, limits: Limits = DEFAULT) -> None:
        """Use that folder, made if it is not there."""
        self._limits = limits
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """Writes the bytes beside, syncs them, and gives them their name."""
        digest = _digest(data, self._limits)
        path = self._path(digest)
        if path.is_file() and path.read_bytes() == data:
            return digest
        write_durably(path, data)
        return digest

    def get(self, digest: str) -> bytes | None:
        """Reads the bytes and hashes them again."""
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError:
            return None
        if sha256(data).hexdigest() != digest:
            raise Malformed(f"blob {digest[:8]} was changed on the disk; put it back from a backup")
        return data

    def drop(self, digest: str) -> None:
        """Removes the file, and what a write that broke off left beside it."""
        for path in (self._path(digest), _beside(self._path(digest))):
            path.unlink(missing_ok=True)

    def written_before(self, moment_ms: int) -> list[str]:
        """The hashes of the files, broken off ones among them, that were written before that moment."""
        found = ((_FILE.fullmatch(path.name), path.stat().st_mtime_ns) for path in self._folder.iterdir())
        return sorted({match[1] for match, at_ns in found if match is not None and at_ns // NS_PER_MS < moment_ms})

    def _path(self, digest: str) -> Path:
        if not _NAME.match(digest):
            raise Misuse(f"{digest[:80]!r} is no hash of a blob; give 64 hex digits")
        return self._folder / digest


def write_durably(path: Path, data: bytes) -> None:
    """Replaces a file's bytes so that after a power cut either the old or the new ones are there, mode 0600."""
    beside = _beside(path)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _digest(data: bytes, limits: Limits) -> str:
    if len(data) > limits.blob_bytes:
        raise Misuse(f"a blob of {len(data)} bytes: the most is {limits.blob_bytes}; split it")
    return sha256(data).hexdigest()
