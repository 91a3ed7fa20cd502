"""Where an office lives on its machine: one folder with founding file, keys, store, marks, blobs and control socket."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from comity.model.errors import Misuse
from comity.model.terms import Terms
from comity.office.blobs import write_durably
from comity.office.config import DEFAULT, Limits
from comity.office.founding import parse_founding
from comity.office.keyring import Keyring, load_keyring, load_office_key, save_keyring, write_secret
from comity.office.marks import FileMarks
from comity.office.office import Office
from comity.office.ports import Clock
from comity.office.register import FolderRegister
from comity.tlog.sqlite import SqliteStore

NS_PER_MS = 1_000_000
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # Linux has the former


class SystemClock:
    """The machine's clocks. Satisfies `ports.Clock`."""

    def now_ms(self) -> int:
        """Milliseconds UTC since 1970."""
        return time.time_ns() // NS_PER_MS

    def steady_ms(self) -> int:
        """Milliseconds that never step back, and go on while the machine sleeps."""
        return time.clock_gettime_ns(_STEADY) // NS_PER_MS


SYSTEM_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class OfficeFolder:
    """The folder of one office; nothing in it is shared with another."""

    path: Path

    @property
    def founding(self) -> Path:
        return self.path / "founding.toml"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def certificate(self) -> Path:
        return self.keys / "tls.crt"

    @property
    def tls_key(self) -> Path:
        return self.keys / "tls.pem"

    @property
    def log_name(self) -> Path:
        """The name of the log that the keys were made for."""
        return self.keys / "origin"

    @property
    def store(self) -> Path:
        return self.path / "log.sqlite"

    @property
    def marks(self) -> Path:
        return self.path / "marks.json"

    @property
    def page_path(self) -> Path:
        """The end of the status page's address, which this office's people are told and nobody else."""
        return self.path / "page-path"

    @property
    def socket(self) -> Path:
        return self.path / "office.sock"

    def save_keys(self, keyring: Keyring, certificate: str, tls_key: bytes) -> None:
        """Writes the keys of a new office; Misuse if there are some already."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        save_keyring(keyring, self.keys)
        write_durably(self.log_name, keyring.origin.encode())
        write_secret(self.tls_key, tls_key)
        write_durably(self.certificate, certificate.encode())

    def begin(self, founding: bytes) -> None:
        """Keeps the completed founding file and marks the office as new: it has signed nothing and may work alone."""
        parse_founding(founding)
        if self.store.exists() or self.marks.exists():
            raise Misuse(f"{self.path} already holds a log; begin in an empty folder")
        write_durably(self.founding, founding)
        FileMarks(self.marks, self.store).set_stopped_cleanly(True)

    def origin(self) -> str:
        """The log that this office keeps: the one whose pinned office key is in the folder.

        One that is taken in later has none in the founding file; then it is the one that its keys were made for.
        """
        return self._founded_log() or self._later_log()

    def _founded_log(self) -> str | None:
        key = load_office_key(self.keys).key
        for each in self._founded().participant:
            if each.pins is not None and each.pins.office_key == key:
                return each.pins.origin
        return None

    def _later_log(self) -> str:
        """Misuse if the founding file names that log: then it pins other keys than those in the folder."""
        origin = self.log_name.read_text("utf-8") if self.log_name.is_file() else ""
        pinned = {each.pins.origin for each in self._founded().participant if each.pins}
        if not origin or origin in pinned:
            raise Misuse(f"the founding file pins no key of {self.path}; use the file that this office was begun with")
        return origin

    def _founded(self) -> Terms:
        try:
            return parse_founding(self.founding_bytes())
        except Misuse as error:
            if not self.founding.exists():
                raise
            remedy = "put back the one that this office was begun with, from a backup or from another office"
            raise Misuse(f"{self.founding} is not sound ({str(error).partition('; run ')[0]}); {remedy}") from None

    def founding_bytes(self) -> bytes:
        """The founding file."""
        try:
            return self.founding.read_bytes()
        except FileNotFoundError:
            raise Misuse(f"{self.path} is no office: it has no founding file; run comity init") from None

    def open(self, limits: Limits = DEFAULT, clock: Clock = SYSTEM_CLOCK) -> Office:
        """The office over its store; raises Misuse, StoreError. One process at a time."""
        keyring = load_keyring(self.origin(), self.keys)
        marks, newcomer = FileMarks(self.marks, self.store), self._founded_log() is None
        store = SqliteStore(self.store)
        office = Office(self.founding_bytes(), keyring, store, marks, clock, limits, newcomer=newcomer)
        office.keep_register(self.register(limits))
        return office

    def register(self, limits: Limits = DEFAULT) -> FolderRegister:
        """The register of protected things: ciphertexts beside the log, and the key that opens them."""
        return FolderRegister(self.path / "blobs", self.keys / "register.pem", limits)


def restore(folder: OfficeFolder, backup: Path) -> Path | None:
    """Puts a backup of the store in place and forgets the marks; gives where the old store is kept, if there was one.

    The office then signs nothing until every other office has answered and its own entries are back (law 35).
    What was there is kept beside under a name that nothing has, since it may hold the only copy of own entries; SQLite
    opens it there. Misuse if there is no such backup.
    """
    if not backup.is_file():
        raise Misuse(f"no backup at {backup}; give the store of an office")
    kept = kept_beside(folder.store, "", "-wal")
    had_store = folder.store.exists()
    for ending in ("-wal", ""):  # while the store is in place, the marks say that it lacks what is in the other
        path = folder.store.with_name(f"{folder.store.name}{ending}")
        if path.exists():
            path.rename(kept.with_name(f"{kept.name}{ending}"))
    folder.store.with_name(f"{folder.store.name}-shm").unlink(missing_ok=True)
    write_durably(folder.store, backup.read_bytes())
    folder.marks.unlink(missing_ok=True)
    descriptor = os.open(folder.path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return kept if had_store else None


def kept_beside(path: Path, *endings: str) -> Path:
    """Where to keep a file aside: its name with `.before`, or `.before-2` and so on, so that nothing is written over.

    With endings, those of the files that are there and go with it are free at that name too.
    """
    there = [each for each in endings or ("",) if path.with_name(f"{path.name}{each}").exists()]
    for number in count(1):
        kept = path.with_name(f"{path.name}.before{f'-{number}' if number > 1 else ''}")
        if not any(kept.with_name(f"{kept.name}{each}").exists() for each in there):
            return kept
    raise AssertionError("there is a next number")
