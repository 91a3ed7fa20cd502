"""A log of which only some tiles are at hand: leaves where they are shown, hashes where they are not.

Each range of 256 leaves is given by an entry bundle, by a level-0 tile, or by its one hash in a level-1 tile; so a
range is shown by plain C2SP tiles and the rest of the log is not disclosed. Several may be there: they must agree.
Trusted: nothing; the caller holds `root(size)` against a signed checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from comity.interfaces.case.report import Refuted
from comity.tlog.errors import BadTile
from comity.tlog.merkle import EMPTY_ROOT, HASH_BYTES, Frontier, Tree, leaf_hash, node_hash, root_of
from comity.tlog.tiles import ENTRIES, TILE_WIDTH, Tile, decode_bundle, parse_tile_path

LEVELS = (ENTRIES, 0, 1)


class ShownTree:
    """The part of a log's tree that some tiles show; `tiles` are their bytes by path."""

    def __init__(self, size: int, tiles: Mapping[str, bytes]) -> None:
        self.size = size
        self._bundles: dict[int, list[bytes]] = {}
        self._hashes: dict[tuple[int, int], bytes] = {}
        self._nodes: dict[int, bytes] = {}
        for path, data in tiles.items():
            self._add(_checked_tile(path, size), data)
        self._check_agreement()

    def leaf(self, index: int) -> bytes | None:
        """The leaf at a position, if it is shown."""
        bundle = self._bundles.get(index // TILE_WIDTH)
        return bundle[index % TILE_WIDTH] if bundle is not None and 0 <= index < self.size else None

    def leaves(self) -> Iterator[tuple[int, bytes]]:
        """Every shown leaf with its position, in order."""
        for index in sorted(self._bundles):
            for place, leaf in enumerate(self._bundles[index]):
                yield index * TILE_WIDTH + place, leaf

    def shows(self, start: int, stop: int) -> bool:
        """Whether every leaf at [start, stop) is shown."""
        return stop <= self.size and all(
            index in self._bundles for index in range(start // TILE_WIDTH, -(-stop // TILE_WIDTH))
        )

    def root(self, size: int) -> bytes | None:
        """The root of the first `size` leaves, if the tiles determine it."""
        if size > self.size:
            return None
        if size <= self.whole_until:
            return self._roots[size]
        nodes = Tree()
        for index in range(size // TILE_WIDTH):
            node = self._node(index)
            if node is None:
                return None
            nodes.append(node)
        rest = self._row(size // TILE_WIDTH) if size % TILE_WIDTH else []
        if rest is None or len(rest) < size % TILE_WIDTH:
            return None
        return _with_tail(nodes, rest[: size % TILE_WIDTH])

    @cached_property
    def whole_until(self) -> int:
        """How many leaves from the first are shown without a gap."""
        index = 0
        while index in self._bundles:
            index += 1
        return min(index * TILE_WIDTH, self.size)

    @cached_property
    def _roots(self) -> list[bytes]:
        frontier, roots = Frontier(), [EMPTY_ROOT]
        for index in range(-(-self.whole_until // TILE_WIDTH)):
            for leaf in self._bundles[index]:
                frontier.append(leaf_hash(leaf))
                roots.append(frontier.root())
        return roots

    def _row(self, index: int) -> list[bytes] | None:
        """The leaf hashes of one range of 256, if known one by one."""
        if index in self._bundles:
            return [leaf_hash(leaf) for leaf in self._bundles[index]]
        tile = self._hashes.get((0, index))
        return None if tile is None else _split(tile)

    def _node(self, index: int) -> bytes | None:
        """The hash over one whole range of 256."""
        if index not in self._nodes:
            row = self._row(index)
            node = root_of(row) if row is not None else self._upper(index)
            if node is None:
                return None
            self._nodes[index] = node
        return self._nodes[index]

    def _upper(self, index: int) -> bytes | None:
        tile = self._hashes.get((1, index // TILE_WIDTH))
        return None if tile is None else _split(tile)[index % TILE_WIDTH]

    def _add(self, tile: Tile, data: bytes) -> None:
        if tile.level != ENTRIES:
            if len(data) != tile.width * HASH_BYTES:
                raise Refuted(f"{tile.path} does not hold {tile.width} hashes; ask for the case as it was made")
            self._hashes[tile.level, tile.index] = data
            return
        try:
            leaves = decode_bundle(data)
        except BadTile as error:
            raise Refuted(f"{tile.path}: {error}") from None
        if len(leaves) != tile.width:
            raise Refuted(f"{tile.path} does not hold {tile.width} leaves; ask for the case as it was made")
        self._bundles[tile.index] = leaves

    def _check_agreement(self) -> None:
        for index, leaves in self._bundles.items():
            tile = self._hashes.get((0, index))
            if tile is not None and _split(tile) != [leaf_hash(leaf) for leaf in leaves]:
                raise Refuted(f"the hashes of range {index} are not those of its leaves; the case was altered")
        for index in {*self._bundles, *(index for level, index in self._hashes if level == 0)}:
            upper = self._upper(index) if (index + 1) * TILE_WIDTH <= self.size else None
            if upper is not None and upper != self._node(index):
                raise Refuted(f"the hash of range {index} is not that of its leaves; the case was altered")


def _checked_tile(path: str, size: int) -> Tile:
    try:
        tile = parse_tile_path(path)
    except BadTile as error:
        raise Refuted(str(error)) from None
    count = size >> (8 if tile.level == 1 else 0)
    if tile.level not in LEVELS or tile.width != min(TILE_WIDTH, count - tile.index * TILE_WIDTH):
        raise Refuted(f"{path} is no tile of a log of size {size}; ask for the case as it was made")
    return tile


def _split(tile: bytes) -> list[bytes]:
    return [tile[place : place + HASH_BYTES] for place in range(0, len(tile), HASH_BYTES)]


def _with_tail(nodes: Tree, tail: list[bytes]) -> bytes:
    """The root over whole ranges and what follows them; the tail is the rightmost part of the tree."""
    if not tail:
        return nodes.root()
    result, place = root_of(tail), nodes.size
    while place:
        level = (place & -place).bit_length() - 1
        result = node_hash(nodes.node(level, (place >> level) - 1), result)
        place -= 1 << level
    return result
