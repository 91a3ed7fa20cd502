"""A log laid out as files, read back by the page of the specification: every tile and leaf is held against the root."""

from __future__ import annotations

from pathlib import Path

from comity.tlog.checkpoint import read_checkpoint
from comity.tlog.errors import BadProof
from comity.tlog.merkle import HASH_BYTES, Tree, leaf_hash
from comity.tlog.tiles import ENTRIES, Tile, decode_bundle, encode_hashes, tiles_of


def read_log(folder: Path) -> tuple[bytes, list[bytes]]:
    """The checkpoint note and the leaves; BadNote, BadTile or BadProof if a file is wrong."""
    note = (folder / "checkpoint").read_bytes()
    checkpoint, _ = read_checkpoint(note)
    wanted = list(tiles_of(checkpoint.size))
    leaves: list[bytes] = []
    for tile in wanted:
        if tile.level == ENTRIES:
            leaves += decode_bundle(_widest(folder, tile))[: tile.width]
    tree = Tree(map(leaf_hash, leaves))
    if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
        raise BadProof("the leaves do not give the root of the checkpoint")
    for tile in wanted:
        if tile.level != ENTRIES and _widest(folder, tile)[: tile.width * HASH_BYTES] != encode_hashes(tree, tile):
            raise BadProof(f"{tile.path} does not hold the hashes of the leaves")
    return note, leaves


def _widest(folder: Path, tile: Tile) -> bytes:
    """A tile's file, or the full tile where a log has dropped the partial one."""
    exact = folder / tile.path
    return (exact if exact.is_file() else folder / Tile(tile.level, tile.index).path).read_bytes()
