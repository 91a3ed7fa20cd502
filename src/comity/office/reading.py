"""Leaves as they come: parsed, and every signature checked, on two threads since checking lets other threads go on.

Trusted: nothing; what is no entry comes back as Malformed, in its place, and the caller says what follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from comity.model.entry import Entry, parse_entry
from comity.model.errors import Malformed
from comity.office.ports import SignatureCheck
from comity.office.signatures import check_signatures

THREADED_LEAVES_LEAST = 16


def read_leaves(leaves: Sequence[bytes], check: SignatureCheck) -> list[Entry | Malformed]:
    """What each leaf is, in order."""
    if len(leaves) < THREADED_LEAVES_LEAST:
        return [read_leaf(leaf, check) for leaf in leaves]
    half = len(leaves) // 2
    with ThreadPoolExecutor(1) as pool:
        rest = pool.submit(lambda: [read_leaf(leaf, check) for leaf in leaves[half:]])
        return [read_leaf(leaf, check) for leaf in leaves[:half]] + rest.result()


def read_leaf(leaf: bytes, check: SignatureCheck) -> Entry | Malformed:
    """What one leaf is."""
    try:
        entry = parse_entry(leaf)
        check_signatures(entry, check)
    except Malformed as error:
        return error
    return entry
