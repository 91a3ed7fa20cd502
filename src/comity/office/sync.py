"""How one office keeps up with the others: sans I/O, pull by checkpoint, any holder serves any log.

`due` says what to ask whom, `answer` serves, `receive` and `failed` take what came of a request. One request is out
to each peer at a time; everything may be lost or repeated without harm, for nothing is taken without a proof.
Not trusted: peers. What cannot be used is one recorded problem and a pause, and this office keeps going.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.model.errors import PeerError
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
    Notice,
    Request,
    Response,
    Unavailable,
)
from comity.office.office import Office
from comity.office.serving import Serving
from comity.tlog.checkpoint import Checkpoint

HeadKey = tuple[str, int, bytes]


@dataclass(slots=True)
class Parting:
    """The search for the place where a branch leaves those held: for each of them, how many leaves still agree."""

    next: int = 0
    agree: dict[int, int] = field(default_factory=dict)
    alive: set[int] = field(default_factory=set)
    done: bool = False


@dataclass(slots=True)
class Peer:
    """What is known of one other office: the heads it holds and we do not, our largest that it has, its log's size."""

    request: Request | None = None
    sent_ms: int = 0
    next_poll_ms: int = 0
    backoff_ms: int = 0
    heads_digest: bytes = b""
    heads: list[tuple[Checkpoint, HeldHead]] = field(default_factory=list)
    own: Checkpoint | None = None
    log_size: int = 0
    notice_due: bool = True


class Sync:
    """One office's side of all its connections."""

    def __init__(self, office: Office, limits: Limits | None = None) -> None:
        """Begin by asking everyone."""
        self.office = office
        self._limits = limits or office.limits
        self._serving = Serving(office, self._limits)
        self._peers: dict[str, Peer] = {}
        self._deferred: dict[HeadKey, int] = {}
        self._partings: dict[HeadKey, Parting] = {}

    def due(self, now_ms: int) -> list[tuple[str, Request]]:
        """The requests to be sent now; `now_ms` is a steady clock's. Each wants `receive` or `failed` in the end."""
        found: list[tuple[str, Request]] = []
        news = self.office.take_news()
        peers = self.office.peers
        for left in self._peers.keys() - peers.keys():
            del self._peers[left]
        for name in peers:
            peer = self._peers.setdefault(name, Peer())
            peer.notice_due = peer.notice_due or news
            if peer.request is not None and now_ms - peer.sent_ms >= self._limits.request_timeout_ms:
                self.failed(name, peer.request, now_ms)
            if peer.notice_due:
                peer.notice_due = False
                found.append((name, Notice()))
            if peer.request is None:
                peer.request = self._next(peer, now_ms)
                if peer.request is not None:
                    peer.sent_ms = now_ms
                    found.append((name, peer.request))
        return found

    def answer(self, name: str, request: Request) -> Response:
        """What a peer gets; raises PeerError if it is not one of the participants."""
        if name not in self.office.peers:
            raise PeerError(f"{name[:80]!r} is no participant; its office gets nothing")
        if isinstance(request, Notice):
            peer = self._peers.setdefault(name, Peer())
            peer.next_poll_ms = 0
            peer.backoff_ms = 0
        return self._serving.answer(request)

    def receive(self, name: str, request: Request, response: Response, now_ms: int) -> None:
        """Takes the answer to a request; an answer that was not waited for is dropped."""
        peer = self._peers.get(name)
        if peer is None or peer.request != request or name not in self.office.peers:
            return
        peer.request = None
        peer.backoff_ms = 0
        try:
            self._take(name, peer, request, response, now_ms)
        except PeerError as error:
            is_page = isinstance(request, EntriesRequest | LeafHashesRequest)
            self.office.note_problem(f"{name}: {error}", pages_of(name) if is_page else name)
            self._back_off(peer, now_ms)
            return
        self.office.heard(name)
        if isinstance(response, Entries | LeafHashes) or not self._lacking(peer):
            self.office.mended(pages_of(name))

    def failed(self, name: str, request: Request, now_ms: int) -> None:
        """The request got no answer: ask again after a pause that doubles."""
        peer = self._peers.get(name)
        if peer is not None and peer.request == request:
            peer.request = None
            peer.heads = []
            peer.heads_digest = b""
            self._back_off(peer, now_ms)

    def _back_off(self, peer: Peer, now_ms: int) -> None:
        doubled = max(self._limits.backoff_first_ms, peer.backoff_ms * 2)
        peer.backoff_ms = min(doubled, self._limits.backoff_most_ms)
        peer.next_poll_ms = now_ms + peer.backoff_ms

    def _next(self, peer: Peer, now_ms: int) -> Request | None:
        if now_ms < peer.next_poll_ms and peer.backoff_ms:
            return None
        for checkpoint, head in self._lacking(peer):
            request = self._wanted(checkpoint, head, now_ms)
            if request is not None:
                return request
        if now_ms >= peer.next_poll_ms:
            peer.next_poll_ms = now_ms + self._limits.poll_every_ms
            return HeadsRequest(known=peer.heads_digest)
        return None

    def _lacking(self, peer: Peer) -> list[tuple[Checkpoint, HeldHead]]:
        """Of the heads that the peer holds, those that are not held here."""
        holding = self.office.logs.holding
        peer.heads = [each for each in peer.heads if holding(each[0].origin, each[1].held, each[1].held_root) is None]
        return peer.heads

    def _wanted(self, checkpoint: Checkpoint, head: HeldHead, now_ms: int) -> Request | None:
        """What to ask of a peer that holds what is not here, or None if it is to be left alone for now."""
        origin, size, root = key = (checkpoint.origin, checkpoint.size, checkpoint.root)
        if not head.held or self._deferred.get(key, now_ms) > now_ms or self._is_asked(origin):
            return None
        branches = self.office.logs.of(origin)
        parting = self._partings.get(key)
        if parting is None and len(branches) <= 1 and (not branches or branches[0].size < head.held):
            return EntriesRequest(origin=origin, size=size, root=root, start=branches[0].size if branches else 0)
        if parting is None:
            parting = self._partings[key] = self._new_parting(branches)
        if not parting.done:
            return LeafHashesRequest(origin=origin, size=size, root=root, start=parting.next)
        return EntriesRequest(origin=origin, size=size, root=root, start=max(parting.agree.values(), default=0))

    def _is_asked(self, origin: str) -> bool:
        """Whether another peer is being asked for that log: nothing is fetched twice."""
        asked = (each.request for each in self._peers.values())
        return any(isinstance(each, EntriesRequest | LeafHashesRequest) and each.origin == origin for each in asked)

    def _new_parting(self, branches: list[LogBranch]) -> Parting:
        if len(self._partings) >= self._limits.heads_most:
            self._partings.clear()
        return Parting(agree={each.id: 0 for each in branches}, alive={each.id for each in branches})

    def _take(self, name: str, peer: Peer, request: Request, response: Response, now_ms: int) -> None:
        match request, response:
            case HeadsRequest(), Heads():
                self._take_heads(name, peer, response)
            case EntriesRequest(), Entries():
                self._take_entries(request, response, now_ms)
            case LeafHashesRequest(), LeafHashes():
                self._take_hashes(request, response)
            case ((EntriesRequest() | LeafHashesRequest()), Unavailable()):
                peer.heads, peer.heads_digest, peer.next_poll_ms = [], b"", now_ms
                self._defer((request.origin, request.size, request.root), now_ms)
            case _:
                raise PeerError("the answer does not fit the request; both offices need the same version")

    def _take_heads(self, name: str, peer: Peer, answer: Heads) -> None:
        if not answer.same:
            peer.heads = self._opened(answer.heads)
            peer.heads_digest = answer.digest
            peer.own = self._largest(peer.heads, self.office.origin)
            theirs = self._largest(peer.heads, self._log_of(name))
            peer.log_size = theirs.size if theirs is not None else 0
        elif answer.digest != peer.heads_digest:
            raise PeerError("it says that nothing changed since an answer that it never gave")
        self.office.desk.clock_door.told(self._log_of(name), peer.log_size, peer.sent_ms)
        self.office.restart.hear(name, *((peer.own.size, peer.own.root) if peer.own is not None else (0, b"")))

    def _log_of(self, name: str) -> str:
        pins = self.office.peers[name].pins
        assert pins is not None, "a peer is known by its pins"
        return pins.origin

    @staticmethod
    def _largest(heads: list[tuple[Checkpoint, HeldHead]], origin: str) -> Checkpoint | None:
        return max((each for each, _ in heads if each.origin == origin), key=lambda each: each.size, default=None)

    def _opened(self, heads: tuple[HeldHead, ...]) -> list[tuple[Checkpoint, HeldHead]]:
        found = []
        for head in heads:
            checkpoint = self.office.notary.open(head.note)
            if head.held > checkpoint.size:
                raise PeerError(f"it claims more of {checkpoint.origin} than its checkpoint says")
            self.office.offered(head.note)
            found.append((checkpoint, head))
        return found

    def _take_entries(self, request: EntriesRequest, answer: Entries, now_ms: int) -> None:
        key = (request.origin, request.size, request.root)
        parting = self._partings.get(key)
        base = self._base(request, parting)
        if answer.start != request.start:
            raise PeerError(f"asked for {request.origin} from {request.start}, got it from {answer.start}")
        try:
            received = self.office.receive(request.origin, base, answer)
        except PeerError:
            if parting is None and base is not None:
                self._partings[key] = self._new_parting(self.office.logs.of(request.origin))
                return  # perhaps it leaves the branch held: find where
            self._partings.pop(key, None)
            self._defer(key, now_ms)
            raise
        if received.taken:
            self._partings.pop(key, None)
            self._deferred.clear()
        if received.waits or received.ended or not received.taken:
            self._defer(key, now_ms)

    def _base(self, request: EntriesRequest, parting: Parting | None) -> LogBranch | None:
        if parting is not None and parting.done:
            at = [branch for branch, agree in parting.agree.items() if agree == request.start]
            return self.office.logs.branches[at[0]] if at and request.start else None
        return self.office.logs.first(request.origin) if request.start else None

    def _take_hashes(self, request: LeafHashesRequest, answer: LeafHashes) -> None:
        parting = self._partings.get((request.origin, request.size, request.root))
        if parting is None or parting.done or answer.start != parting.next or answer.start != request.start:
            return
        count = len(answer.hashes) // 32
        for number in list(parting.alive):
            tree = self.office.logs.branches[number].tree
            end = min(tree.size, answer.start + count)
            same = _agreeing(tree.nodes(0, answer.start, end), answer.hashes)
            parting.agree[number] = answer.start + same
            if same < count:
                parting.alive.discard(number)
        parting.next += count
        parting.done = not parting.alive or not count or parting.next >= request.size

    def _defer(self, key: HeadKey, now_ms: int) -> None:
        if len(self._deferred) >= self._limits.problems_kept:
            self._deferred.clear()
        self._deferred[key] = now_ms + self._limits.refetch_after_ms


def pages_of(name: str) -> str:
    """What a problem with the entries that a peer delivers is about; with anything else of it, its id."""
    return f"{name} entries"


def _agreeing(one: bytes, other: bytes) -> int:
    """How many 32-byte hashes two rows have in common from the start."""
    count = 0
    while (count + 1) * 32 <= min(len(one), len(other)) and (
        one[count * 32 : count * 32 + 32] == other[count * 32 : count * 32 + 32]
    ):
        count += 1
    return count
