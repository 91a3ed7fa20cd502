"""office.toml: whose office it is, where it and the others listen, its feeds; and the way to a founded office's folder.

Trusted: whoever can write the folder is the office. Raises Misuse for what is missing, with the step that makes it.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from comity.interfaces.cli.files import read_text, write_new
from comity.model.errors import Misuse
from comity.office.blobs import write_durably
from comity.office.folder import OfficeFolder

FOUNDING_BYTES_MOST = 48 * 1024
SETTINGS_BYTES_MOST = 64 * 1024
PORT_MOST = 65_535
_LINE = re.compile(r"at line (\d+)")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Whose office it is, where it listens, where the others are, HOST:PORT each; and its feeds of tracks by name."""

    participant: str
    listen: str
    peers: dict[str, str] = field(default_factory=dict)
    feeds: dict[str, str] = field(default_factory=dict)


def settings_path(folder: OfficeFolder) -> Path:
    """Where office.toml lies."""
    return folder.path / "office.toml"


def open_folder(name: str | Path) -> OfficeFolder:
    """A founded office's folder; raises Misuse."""
    folder = OfficeFolder(Path(name))
    if not folder.path.is_dir():
        raise Misuse(f"there is no office at {name}; give the folder that comity init made")
    if not folder.founding.is_file() or not settings_path(folder).is_file():
        raise Misuse(f"{name} is no founded office; run comity init begin on it first")
    return folder


def read_addresses(folder: OfficeFolder) -> Addresses:
    """What office.toml says; raises Misuse."""
    path = settings_path(folder)
    try:
        document = tomllib.loads(read_text(path, SETTINGS_BYTES_MOST))
        participant, listen, peers = document["participant"], document["listen"], document.get("peers", {})
        feeds = document.get("feeds", {})
        if not isinstance(participant, str) or not isinstance(peers, dict) or not isinstance(feeds, dict):
            raise TypeError("participant is a text, peers and feeds are tables")
        found = {name: address(text) for name, text in peers.items()}
        return Addresses(participant, address(listen), found, {name: str(text) for name, text in feeds.items()})
    except (tomllib.TOMLDecodeError, RecursionError, KeyError, TypeError) as error:
        found_line = _LINE.search(str(error)) if isinstance(error, tomllib.TOMLDecodeError) else None
        where = f" at line {found_line[1]}" if found_line is not None else ""
        raise Misuse(
            f"{path} cannot be used{where}; write participant, listen and [peers] as comity init does"
        ) from None


def write_addresses(folder: OfficeFolder, addresses: Addresses) -> None:
    """Writes a new office.toml; the inverse of `read_addresses`."""
    write_new(settings_path(folder), _text(addresses))


def set_peers(folder: OfficeFolder, peers: Mapping[str, str]) -> Addresses:
    """Writes down where other offices are from now on; a running office reads it again. Raises Misuse."""
    before = read_addresses(folder)
    if before.participant in peers:
        raise Misuse(
            f"{before.participant} is this office itself; its own address is listen in {settings_path(folder)}"
        )
    if odd := next((name for name in peers if not _NAME.fullmatch(name)), None):
        raise Misuse(f"{odd[:40]!r} is no participant's id; write --peer south=198.51.100.7:4801")
    addresses = replace(before, peers=before.peers | {name: address(text) for name, text in peers.items()})
    write_durably(settings_path(folder), _text(addresses))
    return addresses


def _text(addresses: Addresses) -> bytes:
    lines = [f'participant = "{addresses.participant}"', f'listen = "{addresses.listen}"', "", "[peers]"]
    lines += [f'"{name}" = "{text}"' for name, text in sorted(addresses.peers.items())]
    if addresses.feeds:
        lines += ["", "[feeds]"]
        lines += [f'"{name}" = {json.dumps(text)}' for name, text in sorted(addresses.feeds.items())]
    return ("\n".join(lines) + "\n").encode()


def address(text: object) -> str:
    """HOST:PORT, as it is; raises Misuse."""
    host, _, port = str(text).rpartition(":")
    plain = host and not any(each.isspace() or each in '"\\' for each in host)
    if not plain or not port.isascii() or not port.isdigit() or not 0 < int(port[:6]) <= PORT_MOST:
        raise Misuse(f"{str(text)[:80]!r} is no address; write HOST:PORT such as 192.0.2.7:4801")
    return str(text)


@contextmanager
def only_one(folder: OfficeFolder) -> Iterator[None]:
    """Holds the office for this process alone: two that sign into one log would fork it; Misuse if another has it."""
    descriptor = os.open(folder.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Misuse(f"the office {folder.path} is running already; stop it first") from None
        yield
    finally:
        os.close(descriptor)
