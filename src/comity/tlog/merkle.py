"""The Merkle trees of RFC 6962: hashes, trees that grow at the end, and the checks of their proofs.

Invariants: a leaf never moves and a complete node never changes, so every hash is kept once and for good;
a tree of any earlier size can be asked of the present one. Proof lists run from the leaf to the root.
Trusted: nothing but SHA-256. A `Tree` costs 64 bytes a leaf, a `Frontier` 32 bytes a level.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from comity.tlog.errors import BadProof

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32
MAX_SIZE = 2**63 - 1  # leaves


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's data, RFC 6962 section 2.1."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over its two children, RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A log's whole tree: append, and the root and proofs of any size, each in O(log n)."""

    __slots__ = ("_edge", "_rows", "_size")

    def __init__(self, hashes: Iterable[bytes] = ()) -> None:
        self._size = 0
        self._edge: list[bytes] = []  # the complete subtrees that make up the tree, the largest first
        self._rows = [bytearray()]  # row k holds the complete nodes over 2**k leaves, side by side
        for each in hashes:
            self.append(each)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the end, and every node that it completes."""
        if len(leaf) != HASH_BYTES:
            raise BadProof(f"a leaf hash has 32 bytes, not {len(leaf)}; hash the leaf with leaf_hash first")
        rows, edge, rest, node = self._rows, self._edge, self._size, leaf
        rows[0].extend(node)
        level = 0
        while rest & 1:
            node = sha256(b"\x01" + edge.pop() + node).digest()
            rest >>= 1
            level += 1
            if level == len(rows):
                rows.append(bytearray())
            rows[level].extend(node)
        edge.append(node)
        self._size += 1

    def node(self, level: int, index: int) -> bytes:
        """The complete node `index` over 2**level leaves; BadProof if the tree has none such."""
        return self.nodes(level, index, index + 1)

    def nodes(self, level: int, start: int, stop: int) -> bytes:
        """The complete nodes [start, stop) of one level, side by side; BadProof if one is not there."""
        if level < 0 or not 0 <= start <= stop <= self._size >> level:
            raise BadProof(f"nodes {start} to {stop} of level {level} are not in a tree of {self._size}; wait for it")
        return bytes(self._rows[level][start * HASH_BYTES : stop * HASH_BYTES]) if stop > start else b""

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, or over all."""
        return _folded(self._edge) if size is None else self.frontier(size).root()

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that leaf `index` stands in the tree of the first `size` leaves; see verify_inclusion."""
        if not 0 <= index < self._checked(size):
            raise BadProof(f"leaf {index} is not in a tree of size {size}; ask for a leaf below the size")
        return self._path(0, index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the first `new` leaves begin with the first `old`; empty if old is 0 or new."""
        if not 0 <= old <= self._checked(new):
            raise BadProof(f"size {old} does not come before size {new}; ask from the smaller to the larger")
        if old in (0, new):
            return []
        level = (old & -old).bit_length() - 1
        index = (old >> level) - 1
        seed = [self.node(level, index)] if index else []
        return seed + self._path(level, index, new)

    def copy(self, size: int | None = None) -> "Tree":
        """A tree of its own with the first `size` leaves, or all: what a branch starts from."""
        size = self._size if size is None else self._checked(size)
        twin = Tree()
        twin._size = size
        twin._edge = self.frontier(size)._nodes
        twin._rows = [row[: (size >> level) * HASH_BYTES] for level, row in enumerate(self._rows)]
        return twin

    def frontier(self, size: int) -> "Frontier":
        """The right edge of the first `size` leaves, to which others may be added without touching this tree."""
        edge = Frontier()
        edge._size = self._checked(size)
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                edge._nodes.append(self.node(level, (size >> level) - 1))
        return edge

    def _checked(self, size: int) -> int:
        if not 0 <= size <= self._size:
            raise BadProof(f"size {size} is not within the tree's {self._size}; fetch the missing leaves first")
        return size

    def _path(self, level: int, index: int, size: int) -> list[bytes]:
        """The siblings from a complete node up to the root of the first `size` leaves."""
        path = []
        while (size - 1) >> level:
            sibling = index ^ 1
            if sibling < size >> level:
                path.append(self.node(level, sibling))
            elif sibling << level < size:
                path.append(self._range(sibling << level, size))
            level, index = level + 1, index >> 1
        return path

    def _range(self, start: int, stop: int) -> bytes:
        """The hash over [start, stop), where start is a multiple of a power of two >= stop - start."""
        result = b""
        while stop > start:
            level = ((stop - start) & (start - stop)).bit_length() - 1
            left = self.node(level, (stop >> level) - 1)
            result = node_hash(left, result) if result else left
            stop -= 1 << level
        return result


class Frontier:
    """A tree of which only the root is ever wanted: the complete subtrees of its right edge."""

    __slots__ = ("_nodes", "_size")

    def __init__(self) -> None:
        self._nodes: list[bytes] = []  # largest subtree first, one for each bit set in the size
        self._size = 0

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the end."""
        nodes, rest = self._nodes, self._size
        while rest & 1:
            leaf = sha256(b"\x01" + nodes.pop() + leaf).digest()
            rest >>= 1
        nodes.append(leaf)
        self._size += 1

    def root(self) -> bytes:
        """The root over all leaves."""
        return _folded(self._nodes)

    def copy(self) -> "Frontier":
        """A frontier of its own over the same leaves."""
        twin = Frontier()
        twin._nodes = self._nodes.copy()
        twin._size = self._size
        return twin


def _folded(nodes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees side by side, the largest first."""
    if not nodes:
        return EMPTY_ROOT
    result = nodes[-1]
    for left in nodes[-2::-1]:
        result = sha256(b"\x01" + left + result).digest()
    return result


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root over some leaf hashes."""
    frontier = Frontier()
    for each in hashes:
        frontier.append(each)
    return frontier.root()


def inclusion_proof(hashes: Sequence[bytes], index: int, size: int) -> list[bytes]:
    """`Tree.inclusion` for a one-off: the proof of leaf `index` among the first `size` leaf hashes."""
    return Tree(hashes[:size]).inclusion(index, size)


def consistency_proof(hashes: Sequence[bytes], old: int, new: int) -> list[bytes]:
    """`Tree.consistency` for a one-off: the proof from the first `old` to the first `new` leaf hashes."""
    return Tree(hashes[:new]).consistency(old, new)


def verify_inclusion(proof: Sequence[bytes], index: int, size: int, leaf_hash: bytes, root: bytes) -> None:
    """Accept that the tree of this size and root holds the leaf hash at `index`, or raise BadProof."""
    if not 0 <= index < size <= MAX_SIZE:
        raise BadProof(f"leaf {index} cannot be in a tree of size {size}; check which log the proof is from")
    _check_hashes([leaf_hash, root, *proof])
    steps = iter(proof)
    if _climb(leaf_hash, None, index, size - 1, steps)[0] != root or next(steps, None) is not None:
        raise BadProof(f"the proof does not lead from leaf {index} to the root of size {size}; ask its sender again")


def verify_consistency(proof: Sequence[bytes], old: int, new: int, old_root: bytes, new_root: bytes) -> None:
    """Accept that the larger tree begins with the smaller one, or raise BadProof.

    An old size of 0 is refused, since such a proof would say nothing: the caller handles an empty log.
    """
    if not 0 < old <= new <= MAX_SIZE:
        raise BadProof(f"no proof leads from size {old} to {new}; ask from a size above 0 to one not smaller")
    _check_hashes([old_root, new_root, *proof])
    if old == new:
        if proof or old_root != new_root:
            raise BadProof(f"two different trees of size {new}; keep both checkpoints as evidence of a fork")
        return
    level = (old & -old).bit_length() - 1
    index = (old >> level) - 1
    steps = iter(proof)
    seed = next(steps, b"") if index else old_root
    new_seen, old_seen = _climb(seed, seed, index, (new - 1) >> level, steps)
    if (new_seen, old_seen) != (new_root, old_root) or next(steps, None) is not None:
        raise BadProof(f"size {new} does not continue size {old} by this proof; ask again, or keep both as evidence")


def _climb(
    node: bytes, old: bytes | None, index: int, last: int, steps: Iterable[bytes]
) -> tuple[bytes | None, bytes | None]:
    """Walk from node `index` of a row that ends at `last` up to the roots of the whole and of what ends with node."""
    steps = iter(steps)
    while last:
        if index & 1 or index < last:
            sibling = next(steps, None)
            if sibling is None:
                return None, None
            if index & 1:
                node = node_hash(sibling, node)
                old = None if old is None else node_hash(sibling, old)
            else:
                node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    return node, old


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if len(hashes) > 130:
        raise BadProof(f"a proof of {len(hashes)} hashes is longer than any tree is high; ask its sender again")
    if any(len(each) != HASH_BYTES for each in hashes):
        raise BadProof("a hash in the proof does not have 32 bytes; ask its sender again")
