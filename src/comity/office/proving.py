"""The slow part of an audit, spread over processes: is every leaf signed by the key it names, and what is its hash.

Trusted: nothing; a leaf that is not signed raises Malformed in the process that saw it.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from comity.model.entry import parse_entry
from comity.office.signatures import check_signatures
from comity.tlog import ed25519

CHUNK_LEAVES = 2_000


def leaf_hashes_if_signed(leaves: Sequence[bytes], pool: Executor, processes: int) -> list[bytes]:
    """The leaf hashes of entries of which every signature holds; raises Malformed for the first that does not."""
    size = max(1, min(CHUNK_LEAVES, -(-len(leaves) // processes)))
    chunks = [leaves[start : start + size] for start in range(0, len(leaves), size)]
    return [each for part in pool.map(signed_hashes, chunks) for each in part]


def signed_hashes(leaves: Sequence[bytes]) -> list[bytes]:
    """The same for one process."""
    found = []
    for leaf in leaves:
        entry = parse_entry(leaf)
        check_signatures(entry, ed25519.verify)
        found.append(entry.hash)
    return found
