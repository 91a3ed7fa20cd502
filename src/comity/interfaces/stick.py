"""A stick as logs are carried on it: what lies where, read without trust.

    comity-carry/<log>/checkpoint              with every cosignature known
    comity-carry/<log>/tile/...                hash tiles and entry bundles
    comity-carry/<log>/vkeys                   the log's head key, then the keys of its cosigners, one a line

`<log>` is the origin, percent-encoded; a further branch of a forked log has `@1`, `@2` behind it.
Not trusted: the stick. Only paths that follow from pinned origins are opened, links are not followed, every length is
bounded, every leaf is held against the checkpoint; PeerError names the log and what is wrong.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from comity.model.errors import PeerError
from comity.tlog.checkpoint import Checkpoint, read_checkpoint
from comity.tlog.errors import BadNote, BadTile
from comity.tlog.merkle import HASH_BYTES, Tree, leaf_hash
from comity.tlog.note import MAX_NOTE_BYTES
from comity.tlog.tiles import (
    ENTRIES,
    MAX_BUNDLE_BYTES,
    MAX_LEAVES,
    TILE_WIDTH,
    Tile,
    decode_bundle,
    encode_hashes,
    tiles_of,
)

FOLDER = "comity-carry"
VKEYS = "vkeys"
ASK = "ask for a new stick"
HeldTree = Callable[[str, int, bytes], Tree | None]


@dataclass(frozen=True, slots=True)
class CarriedLog:
    """One log on a stick: its checkpoint, and the tree that its hash tiles give, held against each other."""

    folder: int
    name: str
    note: bytes
    head: Checkpoint
    tree: Tree

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """The leaves at [start, stop), each held against the tree; PeerError if one is missing or another."""
        leaves: list[bytes] = []
        for index in range(start // TILE_WIDTH, -(-stop // TILE_WIDTH)):
            tile = Tile(ENTRIES, index, min(TILE_WIDTH, self.head.size - index * TILE_WIDTH))
            bundle = _tile(self.folder, self.name, tile, MAX_BUNDLE_BYTES)
            leaves += self._checked(tile, bundle)
        skipped = start - start // TILE_WIDTH * TILE_WIDTH
        return leaves[skipped : skipped + stop - start]

    def check_whole(self, keys: frozenset[str]) -> None:
        """Holds every file of the log against its checkpoint, and its keys against those known; PeerError."""
        self.leaves(0, self.head.size)
        for tile in tiles_of(self.head.size):
            data = b"" if tile.level == ENTRIES else _tile(self.folder, self.name, tile, TILE_WIDTH * HASH_BYTES)
            if tile.level != ENTRIES and data[: tile.width * HASH_BYTES] != encode_hashes(self.tree, tile):
                raise PeerError(
                    f"{self.name} on the stick: {tile.path} holds other hashes than its entries give; {ASK}"
                )
        listed = (read_file(self.folder, f"{self.name}/{VKEYS}", MAX_NOTE_BYTES) or b"").decode("utf-8", "replace")
        if not listed or not set(listed.splitlines()) <= keys:
            raise PeerError(f"{self.name} on the stick: {VKEYS} is missing or names keys that nobody pinned; {ASK}")

    def _checked(self, tile: Tile, bundle: bytes) -> list[bytes]:
        first = tile.index * TILE_WIDTH
        try:
            found = decode_bundle(bundle)[: tile.width]
        except BadTile as error:
            what = f"the entries of {self.head.origin} from {first} on cannot be read ({error})"
            raise PeerError(f"{self.name} on the stick: {what}; {ASK}") from None
        for place in range(tile.width):
            if place >= len(found) or leaf_hash(found[place]) != self.tree.node(0, first + place):
                what = f"entry {first + place} of {self.head.origin} is not the one that its checkpoint covers"
                raise PeerError(f"{self.name} on the stick: {what}; {ASK}")
        return found


def folder_name(origin: str, number: int) -> str:
    """The folder of a log: no separator, no leading dot, and no two logs alike."""
    quoted = quote(origin, safe="")
    quoted = "%2E" + quoted[1:] if quoted.startswith(".") else quoted
    return f"{quoted}@{number}" if number else quoted


def read_carried(folder: int, name: str, origin: str, held: HeldTree | None = None) -> CarriedLog | None:
    """The log in that folder of the stick, or None if it is not there; PeerError if it is not a sound one.

    `held` gives the tree of what the reader holds under the same checkpoint: then the place that is wrong is named.
    """
    note = read_file(folder, f"{name}/checkpoint", MAX_NOTE_BYTES)
    if note is None:
        return None
    try:
        head, _ = read_checkpoint(note)
    except BadNote as error:
        raise PeerError(f"{name} on the stick: {error}") from None
    if head.origin != origin or not 0 < head.size <= MAX_LEAVES:
        raise PeerError(f"{name} on the stick is another log, empty, or of more than {MAX_LEAVES} entries")
    tree = Tree()
    for index in range(-(-head.size // TILE_WIDTH)):
        tile = Tile(0, index, min(TILE_WIDTH, head.size - index * TILE_WIDTH))
        data = _tile(folder, name, tile, TILE_WIDTH * HASH_BYTES)[: tile.width * HASH_BYTES]
        for place in range(0, len(data) - HASH_BYTES + 1, HASH_BYTES):
            tree.append(data[place : place + HASH_BYTES])
    if (tree.size, tree.root()) != (head.size, head.root):
        odd = _first_other(tree, held(head.origin, head.size, head.root) if held is not None else None)
        what = f"the hash of entry {odd} of {origin}" if odd is not None else "what it holds as hashes"
        raise PeerError(f"{name} on the stick: {what} does not give the root of its checkpoint; {ASK}")
    return CarriedLog(folder, name, note, head, tree)


def _first_other(tree: Tree, held: Tree | None) -> int | None:
    """The first entry whose hash is another than the one held, if anything is held."""
    if held is None:
        return None
    most = min(tree.size, held.size)
    return next((place for place in range(most) if tree.node(0, place) != held.node(0, place)), None)


def _tile(folder: int, name: str, tile: Tile, most_bytes: int) -> bytes:
    """A tile's bytes, or the full tile's where a log dropped the partial one."""
    for path in (tile.path, Tile(tile.level, tile.index).path):
        data = read_file(folder, f"{name}/{path}", most_bytes)
        if data is not None:
            return data
    raise PeerError(f"{name} on the stick lacks {tile.path}; {ASK}")


@contextmanager
def opened(stick: Path) -> Iterator[int]:
    """The carried folder, held open so that nothing can be put in its place meanwhile."""
    try:
        handle = os.open(stick / FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise PeerError(f"no {FOLDER} can be read on {stick}: {error.strerror}; give the stick's place") from None
    try:
        yield handle
    finally:
        os.close(handle)


def read_file(folder: int, path: str, most_bytes: int) -> bytes | None:
    """A plain file's bytes, no link on its way followed; None if it is not there."""
    handles: list[int] = []
    try:
        *folders, last = path.split("/")
        for part in folders:
            inside = handles[-1] if handles else folder
            handles.append(os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=inside))
        handles.append(os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=handles[-1]))
        if not stat.S_ISREG(os.fstat(handles[-1]).st_mode):
            raise PeerError(f"{path} on the stick is no plain file; throw it away")
        with os.fdopen(handles.pop(), "rb") as file:
            data = file.read(most_bytes + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PeerError(f"{path} on the stick cannot be read: {error.strerror}; throw it away") from None
    finally:
        for handle in handles:
            os.close(handle)
    if len(data) > most_bytes:
        raise PeerError(f"{path} on the stick is longer than any such file; throw it away")
    return data
