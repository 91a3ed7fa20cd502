"""C2SP tlog-tiles: a log as plain files, which any web server can hand out and a stock client can check.

    checkpoint                            the newest signed checkpoint
    tile/<level>/<index>[.p/<width>]      up to 256 hashes of one level, side by side
    tile/entries/<index>[.p/<width>]      up to 256 leaves, each after its length in two bytes

Invariants: a tile never changes once written; the checkpoint is written last, so whoever reads it finds all its tiles.
Not trusted: whoever can write these files can at most stop us, since every leaf and hash is held against the root,
and the root against the log's signature (by `open_checkpoint`, which needs a key and is left to the caller).
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.tlog.checkpoint import read_checkpoint
from comity.tlog.errors import BadNote, BadProof, BadTile, StoreError
from comity.tlog.merkle import Tree, leaf_hash
from comity.tlog.note import MAX_NOTE_BYTES

TILE_WIDTH = 256  # hashes or leaves
TILE_HEIGHT = 8  # tree levels
ENTRIES = -1  # the level of an entry bundle
MAX_LEAF_BYTES = 65_535
MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + MAX_LEAF_BYTES)
MAX_LEAVES = 1_000_000
_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([0-9]{1,3}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """Which tile: its level (ENTRIES for a bundle of leaves), its place in the level, how many of 256 it holds."""

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where the tile lies below the log; the inverse of parse_tile_path. BadTile if there can be no such tile."""
        if not (ENTRIES <= self.level <= 63 and 0 <= self.index < 10**21 and 1 <= self.width <= TILE_WIDTH):
            raise BadTile(
                f"no tile has level {self.level}, index {self.index}, width {self.width}; check its log's size"
            )
        level = "entries" if self.level == ENTRIES else str(self.level)
        rest, last = divmod(self.index, 1000)
        place = f"{last:03}"
        while rest:
            rest, last = divmod(rest, 1000)
            place = f"x{last:03}/{place}"
        return f"tile/{level}/{place}" + ("" if self.width == TILE_WIDTH else f".p/{self.width}")


def parse_tile_path(path: str) -> Tile:
    """Read the path of a tile; BadTile for any text that is not exactly such a path, so it can lead nowhere else."""
    match = _PATH.fullmatch(path)
    if match:
        level, place, width = match.groups()
        index = int(place.replace("x", "").replace("/", ""))
        tile = Tile(ENTRIES if level == "entries" else int(level), index, int(width or TILE_WIDTH))
        if tile.level <= 63 and 1 <= tile.width <= TILE_WIDTH and tile.path == path:
            return tile
    raise BadTile(f"{path[:80]!r} is not the path of a tile; ask for one such as tile/0/000")


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a log of this size, bundles first, each as wide as it stands at that size."""
    yield from _row(ENTRIES, size)
    level = 0
    while size:
        yield from _row(level, size)
        level, size = level + 1, size >> TILE_HEIGHT


def encode_hashes(tree: Tree, tile: Tile) -> bytes:
    """The bytes of a hash tile; BadProof if the tree does not reach that far."""
    start = tile.index * TILE_WIDTH
    return tree.nodes(tile.level * TILE_HEIGHT, start, start + tile.width)


def encode_bundle(leaves: Iterable[bytes]) -> bytes:
    """The bytes of an entry bundle; the inverse of decode_bundle. BadTile if a leaf is too long."""
    parts = []
    for leaf in leaves:
        if len(leaf) > MAX_LEAF_BYTES:
            raise BadTile(f"a leaf has {len(leaf)} bytes, allowed are {MAX_LEAF_BYTES}; keep its bulk outside the log")
        parts.append(len(leaf).to_bytes(2, "big"))
        parts.append(leaf)
    return b"".join(parts)


def decode_bundle(data: bytes) -> list[bytes]:
    """The leaves of an entry bundle; BadTile if the bytes do not divide into 1 to 256 leaves exactly."""
    leaves: list[bytes] = []
    place = 0
    while place < len(data) and len(leaves) <= TILE_WIDTH:
        stop = place + 2 + int.from_bytes(data[place : place + 2], "big")
        if place + 2 > len(data) or stop > len(data):
            raise BadTile("an entry bundle ends within a leaf; fetch it again")
        leaves.append(data[place + 2 : stop])
        place = stop
    if not 1 <= len(leaves) <= TILE_WIDTH:
        raise BadTile("an entry bundle does not hold 1 to 256 leaves; fetch it again")
    return leaves


def write_log(folder: Path, leaves: Sequence[bytes], checkpoint_note: bytes) -> None:
    """Lay the log out as files below the folder; when this returns they are durable.

    A log that grew may be written over its older self. BadProof if leaves and checkpoint do not fit each other;
    StoreError if the folder holds a longer or another log. A crash on the way leaves the older log readable.
    """
    checkpoint, _ = read_checkpoint(checkpoint_note)
    tree = Tree(map(leaf_hash, leaves))
    if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
        raise BadProof(f"the checkpoint of {checkpoint.origin} is not of these {tree.size} leaves; sign them first")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _check_older(folder, checkpoint.origin, tree)
        parents = {folder, folder.parent}
        for tile in tiles_of(tree.size):
            path = folder / tile.path
            _write_once(path, _tile_bytes(tile, leaves, tree))
            parents.update(parent for parent in path.parents if parent.is_relative_to(folder))
        _sync_folders(parents)
        _replace(folder / "checkpoint", checkpoint_note)
        _sync_folders({folder})
    except OSError as error:
        raise StoreError(f"cannot write the log to {folder}: {error}; make room or choose another folder") from error


def _row(level: int, size: int) -> Iterator[Tile]:
    """The tiles of one level that has `size` hashes or leaves."""
    for index in range(size // TILE_WIDTH):
        yield Tile(level, index)
    if size % TILE_WIDTH:
        yield Tile(level, size // TILE_WIDTH, size % TILE_WIDTH)


def _tile_bytes(tile: Tile, leaves: Sequence[bytes], tree: Tree) -> bytes:
    if tile.level != ENTRIES:
        return encode_hashes(tree, tile)
    start = tile.index * TILE_WIDTH
    return encode_bundle(leaves[start : start + tile.width])


def _check_older(folder: Path, origin: str, tree: Tree) -> None:
    if not (folder / "checkpoint").exists():
        return
    try:
        older, _ = read_checkpoint(_read(folder / "checkpoint", MAX_NOTE_BYTES))
    except BadNote as error:
        raise StoreError(f"{folder} holds something that is no log; choose an empty folder") from error
    if older.origin != origin or older.size > tree.size or tree.root(older.size) != older.root:
        raise StoreError(f"{folder} holds a longer or another log, of {older.origin}; choose an empty folder")


def _read(path: Path, limit_bytes: int) -> bytes:
    try:
        if not path.is_file():
            raise StoreError(f"{path} is missing; fetch the log again")
        with path.open("rb") as file:
            data = file.read(limit_bytes + 1)
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error}; check the disk") from error
    if len(data) > limit_bytes:
        raise BadTile(f"{path} is longer than any such file; fetch the log again")
    return data


def _write_once(path: Path, data: bytes) -> None:
    if not path.exists():
        _replace(path, data)
    elif _read(path, MAX_BUNDLE_BYTES) != data:
        raise StoreError(f"{path} holds other bytes and a tile never changes; choose an empty folder")


def _replace(path: Path, data: bytes) -> None:
    """Put a whole durable file in place of what was there, or leave that as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _sync_folders(folders: Iterable[Path]) -> None:
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
