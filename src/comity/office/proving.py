"""The slow part of an audit: is every leaf an entry signed by the keys it names, and what is its hash.

Spread over processes, since each leaf is proven by itself. Trusted: nothing; what is no signed entry comes back in
words, in its place.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor

from comity.model.errors import Malformed
from comity.office.ports import SignatureCheck
from comity.office.reading import read_leaf, read_leaves
from comity.tlog import ed25519

CHUNK_LEAVES = 1_000
CHUNKS_AHEAD = 4

Proven = list[bytes | str]


def proven(
    chunks: Iterable[Sequence[bytes]], processes: int = 1, check: SignatureCheck = ed25519.verify
) -> Iterator[Proven]:
    """For each chunk, in order, each leaf's hash if every signature in it holds, else why not.

    With several processes some chunks are proven ahead of the one asked for; `check` is then the real one.
    """
    if processes == 1:
        for chunk in chunks:
            yield [read.hash if not isinstance(read, Malformed) else str(read) for read in read_leaves(chunk, check)]
        return
    with ProcessPoolExecutor(processes, initializer=gc.freeze) as pool:  # else each looks through all that it inherits
        ahead: deque[Future[Proven]] = deque()
        for chunk in chunks:
            ahead.append(pool.submit(_proven, chunk))
            if len(ahead) > CHUNKS_AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _proven(leaves: Sequence[bytes]) -> Proven:
    found: Proven = []
    for leaf in leaves:
        read = read_leaf(leaf, ed25519.verify)
        found.append(str(read) if isinstance(read, Malformed) else read.hash)
    return found
