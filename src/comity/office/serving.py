"""What an office gives to the other offices: every checkpoint it holds, and entries under them.

Any branch of any log is served by whoever holds it, with what proves it, so that nobody needs its owner for that.
"""

from __future__ import annotations

from hashlib import sha256

from comity.office.config import Limits
from comity.office.logs import LogBranch
from comity.office.messages import (
    Entries,
    EntriesRequest,
    Heads,
    HeadsRequest,
    HeldHead,
    LeafHashes,
    LeafHashesRequest,
    Noticed,
    Request,
    Response,
    Unavailable,
)
from comity.office.office import Office
from comity.office.vouching import Cover, ahead_of
from comity.tlog.checkpoint import read_checkpoint


class Serving:
    """Answers requests from what one office holds; changes nothing."""

    def __init__(self, office: Office, limits: Limits) -> None:
        """Serve that office."""
        self._office = office
        self._limits = limits
        self._heads = Heads(digest=b"")
        self._version = -1

    def answer(self, request: Request) -> Response:
        """The answer to any request; raises StoreError."""
        match request:
            case HeadsRequest():
                heads = self._all_heads()
                return Heads(digest=heads.digest, same=True) if request.known == heads.digest else heads
            case EntriesRequest():
                return self._entries(request)
            case LeafHashesRequest():
                return self._hashes(request)
            case _:
                return Noticed()

    def _all_heads(self) -> Heads:
        logs = self._office.logs
        if self._version != logs.version:
            found = tuple(head for branch in logs.branches for head in _heads_of(branch))[: self._limits.heads_most]
            digest = sha256(b"".join(each.note + each.held.to_bytes(8, "big") for each in found)).digest()
            self._heads = Heads(digest=digest, heads=found)
            self._version = logs.version
        return self._heads

    def _entries(self, request: EntriesRequest) -> Response:
        for branch in self._office.logs.of(request.origin):
            noted = branch.noted
            whole = noted is not None and noted.size > request.start and _holds(branch, noted.size, request)
            if whole and noted is not None and branch.note is not None:
                return self._under_note(branch, branch.note, noted.size, request.start)
            if branch.cover is not None and branch.size > request.start and _is_under(branch, request):
                return self._under_cover(branch, branch.cover, request.start)
        return _not_held(request)

    def _under_note(self, branch: LogBranch, note: bytes, size: int, start: int) -> Entries:
        leaves = self._page(branch, start, size)
        end = start + len(leaves)
        proof = tuple(branch.tree.consistency(end, size))
        return Entries(note=note, start=start, leaves=tuple(leaves), proof=proof)

    def _under_cover(self, branch: LogBranch, cover: Cover, start: int) -> Entries:
        leaves = self._page(branch, start, branch.size)
        end = start + len(leaves)
        ahead = branch.tree.nodes(0, end, branch.size) + b"".join(ahead_of(cover, branch.size))
        return Entries(note=cover.note, start=start, leaves=tuple(leaves), ahead=ahead, proof=cover.proof)

    def _page(self, branch: LogBranch, start: int, stop: int) -> list[bytes]:
        leaves = self._office.logs.leaves(branch, start, min(stop, start + self._limits.page_entries))
        length = 0
        for count, leaf in enumerate(leaves):
            length += len(leaf)
            if count and length > self._limits.page_bytes:
                return leaves[:count]
        return leaves

    def _hashes(self, request: LeafHashesRequest) -> Response:
        for branch in self._office.logs.of(request.origin):
            if _holds(branch, branch.size, request) or _is_under(branch, request):
                stop = min(branch.size, request.size, request.start + self._limits.page_hashes)
                if stop >= request.start:
                    return LeafHashes(start=request.start, hashes=branch.tree.nodes(0, request.start, stop))
        return _not_held(request)


def _heads_of(branch: LogBranch) -> list[HeldHead]:
    found = []
    if branch.note is not None and branch.noted is not None and branch.noted.size:
        found.append(HeldHead(note=branch.note, held=branch.noted.size, held_root=branch.noted.root))
    covered = branch.cover is not None and (branch.noted is None or branch.noted.size < branch.size)
    if covered and branch.cover is not None:
        found.append(HeldHead(note=branch.cover.note, held=branch.size, held_root=branch.tree.root()))
    return found


def _holds(branch: LogBranch, size: int, request: EntriesRequest | LeafHashesRequest) -> bool:
    """Whether the named head lies within the first `size` entries of the branch."""
    return size >= request.size and branch.tree.root(request.size) == request.root


def _is_under(branch: LogBranch, request: EntriesRequest | LeafHashesRequest) -> bool:
    """Whether the request names the checkpoint of the branch's cover."""
    if branch.cover is None:
        return False
    checkpoint, _ = read_checkpoint(branch.cover.note)
    return (checkpoint.size, checkpoint.root) == (request.size, request.root)


def _not_held(request: EntriesRequest | LeafHashesRequest) -> Unavailable:
    return Unavailable(reason=f"{request.origin} at size {request.size} from {request.start} is not held here")
