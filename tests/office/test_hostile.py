"""Bad input on the wire: each kind is one recorded problem, nothing is lost, and the office keeps going."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.model.acts.duty import LineCheck
from comity.model.codec import decode_profile, encode
from comity.model.entry import leaf_hash
from comity.model.errors import PeerError
from comity.office.audit import audit
from comity.office.config import Limits
from comity.office.messages import (
    Entries,
    EntriesRequest,
    Heads,
    HeadsRequest,
    HeldHead,
    LeafHashes,
    LeafHashesRequest,
    Notice,
    Noticed,
    Request,
    Response,
    Unavailable,
    decode_request,
    decode_response,
)
from comity.office.signatures import entry_message, leaf_of
from comity.tlog.checkpoint import Checkpoint, sign_checkpoint
from comity.tlog.merkle import Tree
from office.offices import Desk, Wire, opened, same, texts

CHECK = LineCheck(with_participant="south", result="working")


@dataclass
class Forger:
    """Someone with all keys of north, who writes leaves by hand and signs any head over them."""

    desk: Desk
    leaves: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        branch = self.desk.office.logs.first("demo/north")
        assert branch is not None
        self.leaves = self.desk.office.logs.leaves(branch, 0, branch.size)

    def json(self, **changes: object) -> bytes:
        """The JSON of a good next entry, with something changed."""
        signer = self.desk.founded.officers["north", "duty"]
        draft = self.desk.office.prepare(CHECK, "duty", signer.key)
        return encode(decode_profile(getattr(draft, "json", b"{}")) | changes)

    def leaf(self, json: bytes) -> bytes:
        """The leaf with the officer's signature over whatever it is."""
        signer = self.desk.founded.officers["north", "duty"]
        return leaf_of(json, signer.key, signer.sign(entry_message(json)))

    def page(self, leaf: bytes) -> Entries:
        """The leaf at the end of the log, under a head that north signed."""
        tree = Tree([leaf_hash(each) for each in [*self.leaves, leaf]])
        note = sign_checkpoint(Checkpoint("demo/north", tree.size, tree.root()), self.desk.founded.rings["north"].head)
        return Entries(note=note, start=tree.size - 1, leaves=(leaf,))


@pytest.fixture
def wire() -> Wire:
    """Four offices whose terms are in force, and an entry of north that has seen all the others."""
    wire = opened()[0]
    wire.desks["north"].act(CHECK)
    wire.settle()
    return wire


def seen_of(forger: Forger, **changes: object) -> dict[str, object]:
    """The `seen` of a good next entry, with something changed."""
    seen = decode_profile(forger.json())["seen"]
    return {origin: head for origin, head in (seen | changes).items() if head is not None}


ENDS: dict[str, Callable[[Forger], bytes]] = {
    "signature does not fit": lambda forger: forger.leaf(forger.json())[:5] + b"\0" + forger.leaf(forger.json())[6:],
    "not an entry": lambda forger: forger.leaf(forger.json(comity=2)),
    "key id": lambda forger: forger.leaf(forger.json())[:64] + b"\0\0\0\0" + forger.leaf(forger.json())[68:],
    "white space": lambda forger: forger.leaf(forger.json() + b" "),
    "runs backwards": lambda forger: forger.leaf(forger.json(at=1)),
    "holds the entry": lambda forger: forger.leaf(forger.json(seq=99)),
    "does not name its previous": lambda forger: forger.leaf(forger.json(previous="11" * 32)),
    "holds the entry demo/south": lambda forger: forger.leaf(forger.json(origin="demo/south")),
    "exactly its own log": lambda forger: forger.leaf(forger.json(seen=seen_of(forger, **{"demo/north": None}))),
    "seen leaves out": lambda forger: forger.leaf(forger.json(seen=seen_of(forger, **{"demo/south": None}))),
    "too short": lambda forger: b"short",
}


@pytest.mark.parametrize("reason", ENDS)
def test_malformed_entry_ends_its_log_for_everyone(wire: Wire, reason: str) -> None:
    """A forged, misplaced or unreadable entry under a signed head ends that log at one place, and no other log."""
    forger = Forger(wire.desks["north"])
    page = forger.page(ENDS[reason](forger))
    for name in ("south", "east"):
        office = wire.desks[name].office
        size = len(office.history.entries)
        received = office.receive("demo/north", office.logs.first("demo/north"), page)
        assert received.ended
        assert len(office.history.entries) == size
        assert reason in texts(wire.desks[name]), texts(wire.desks[name])
        assert "see docs/faults.md, a dead log" in texts(wire.desks[name])
        office.receive("demo/north", office.logs.first("demo/north"), page)
        assert len(office.problems) == 1
        assert audit(office.logs, office.notary).clean
    wire.desks["south"].act(LineCheck(with_participant="east", result="working"))
    wire.polled()
    assert same(wire.desks.values())


def test_log_goes_on_beside_what_another_signed_with_its_head_key(wire: Wire) -> None:
    """A thief of the head key ends the log at some offices; what its own office signs there is still taken by all."""
    north, forger = wire.desks["north"], Forger(wire.desks["north"])
    page = forger.page(next(iter(ENDS.values()))(forger))
    for name in ("south", "east"):
        office = wire.desks[name].office
        assert office.receive("demo/north", office.logs.first("demo/north"), page).ended
    taken = north.act(LineCheck(with_participant="east", result="working"))
    wire.polled()
    assert all(desk.office.history.find(taken.entry.id) is not None for desk in wire.desks.values())


@pytest.mark.parametrize("act", ["duty.invent", "duty.roster"])
def test_unreadable_act_is_kept_and_refused(wire: Wire, act: str) -> None:
    """An unknown act, or one whose fields do not fit, is taken as evidence, refused by all, and blocks nothing."""
    forger = Forger(wire.desks["north"])
    page = forger.page(forger.leaf(forger.json(act=act)))
    office = wire.desks["south"].office
    received = office.receive("demo/north", office.logs.first("demo/north"), page)
    assert [each.refusal is not None for each in received.taken] == [True]
    report = audit(office.logs, office.notary)
    assert report.clean
    assert [each.origin for each in report.refused] == ["demo/north"]


def test_replayed_page_changes_nothing(wire: Wire) -> None:
    """Entries that are already held are passed over, however often they come."""
    office = wire.desks["south"].office
    branch = wire.desks["north"].office.logs.first("demo/north")
    assert branch is not None and branch.noted is not None
    request = EntriesRequest(origin="demo/north", size=branch.noted.size, root=branch.noted.root, start=0)
    page = wire.desks["north"].sync.answer("south", request)
    assert isinstance(page, Entries)
    before = len(office.history.entries)
    for _ in range(3):
        assert not office.receive("demo/north", office.logs.first("demo/north"), page).taken
    assert len(office.history.entries) == before
    assert len(office.logs.of("demo/north")) == 1


def test_gap_is_refused(wire: Wire) -> None:
    """A page that begins beyond what is held proves nothing."""
    office = wire.desks["south"].office
    forger = Forger(wire.desks["north"])
    page = forger.page(forger.leaf(forger.json()))
    late = Entries(note=page.note, start=page.start + 1, leaves=page.leaves)
    with pytest.raises(PeerError, match="beyond what is held"):
        office.receive("demo/north", office.logs.first("demo/north"), late)


@pytest.mark.parametrize("what", ["leaf", "proof", "ahead", "note", "start", "none"])
def test_hostile_page_proves_nothing(wire: Wire, what: str) -> None:
    """A page that was changed on the way is refused whole, and the true one is taken afterwards."""
    north = wire.desks["north"]
    for _ in range(5):
        north.act(CHECK)

    def spoiled(asker: str, peer: str, request: Request, response: Response) -> Response:
        if not isinstance(response, Entries):
            return response
        changes: dict[str, object] = {
            "leaf": {"leaves": (b"x" * 80, *response.leaves[1:])},
            "proof": {"proof": (b"\0" * 32,)},
            "ahead": {"ahead": b"\0" * 32},
            "note": {"note": response.note.replace(b"demo/north", b"demo/south")},
            "start": {"start": response.start + 1},
            "none": {"leaves": ()},
        }
        changed = changes[what]
        assert isinstance(changed, dict)
        kept = {name: getattr(response, name) for name in ("note", "start", "leaves", "ahead", "proof")}
        return Entries(**(kept | changed))

    wire.tamper = spoiled
    wire.settle()
    assert not same(wire.desks.values())
    assert wire.desks["south"].office.problems
    wire.tamper = None
    wire.polled()
    assert same(wire.desks.values())


def test_bloated_and_foreign_signatures_are_dropped(wire: Wire) -> None:
    """Cosignatures by nobody known are not kept, and a head claimed beyond its checkpoint is refused."""
    wire.desks["north"].act(CHECK)

    def bloated(asker: str, peer: str, request: Request, response: Response) -> Response:
        if not isinstance(response, Heads):
            return response
        line = "\u2014 stranger AAAAAAAAAAAA\n".encode()
        heads = tuple(
            type(head)(note=head.note + line, held=head.held, held_root=head.held_root) for head in response.heads
        )
        return Heads(digest=response.digest, heads=heads, same=response.same)

    wire.tamper = bloated
    wire.settle()
    assert same(wire.desks.values())
    notes = [branch.note for branch in wire.desks["south"].office.logs.branches]
    assert not any(b"stranger" in note for note in notes if note)


HASHES = st.binary(min_size=32, max_size=32)
SMALL = st.integers(0, 12)
ORIGINS = st.sampled_from(["demo/north", "demo/south", "demo/east", "demo/odd"])


def answers(wire: Wire) -> st.SearchStrategy[Response]:
    """Responses made of true notes, leaves and roots, put together at random."""
    office = wire.desks["north"].office
    notes = st.sampled_from([branch.note for branch in office.logs.branches if branch.note] + [b"", b"x\n\nx\n"])
    roots = st.one_of(HASHES, st.sampled_from([branch.tree.root() for branch in office.logs.branches]))
    leaves = st.lists(st.sampled_from([taken.entry.leaf for taken in office.history.entries] + [b""]), max_size=4)
    heads = st.builds(HeldHead, note=notes, held=st.integers(1, 12), held_root=roots)
    return st.one_of(
        st.builds(Heads, digest=HASHES, heads=st.lists(heads, max_size=4).map(tuple), same=st.booleans()),
        st.builds(
            Entries,
            note=notes,
            start=SMALL,
            leaves=leaves.map(tuple),
            ahead=st.binary(max_size=70),
            proof=st.lists(roots, max_size=3).map(tuple),
        ),
        st.builds(LeafHashes, start=SMALL, hashes=st.lists(roots, max_size=5).map(b"".join)),
        st.builds(Unavailable, reason=st.just("so")),
        st.just(Noticed()),
    )


REQUESTS = st.one_of(
    st.builds(HeadsRequest, known=st.binary(max_size=40)),
    st.builds(EntriesRequest, origin=ORIGINS, size=SMALL, root=HASHES, start=SMALL),
    st.builds(LeafHashesRequest, origin=ORIGINS, size=SMALL, root=HASHES, start=SMALL),
    st.just(Notice()),
)


def test_any_request_is_answered(wire: Wire) -> None:
    """Whatever is asked is answered, with nothing changed."""
    desk = wire.desks["south"]
    roots = [branch.tree.root(size) for branch in desk.office.logs.branches for size in range(branch.size + 1)]
    before = desk.office.logs.version

    @given(REQUESTS, st.sampled_from(roots))
    def asked(request: Request, root: bytes) -> None:
        if isinstance(request, EntriesRequest | LeafHashesRequest):
            request = msgspec.structs.replace(request, root=root)
        assert desk.sync.answer("north", request) is not None

    asked()
    assert desk.office.logs.version == before


def test_any_answer_is_survived(wire: Wire) -> None:
    """Whatever answer comes, the office records at most a problem, forks no log, and afterwards holds what all hold."""
    desk = wire.desks["south"]
    known = {branch.origin: branch.size for branch in desk.office.logs.branches}

    @given(REQUESTS, answers(wire))
    def answered(request: Request, response: Response) -> None:
        if isinstance(request, EntriesRequest | LeafHashesRequest) and request.origin == "demo/odd":
            return
        desk.sync.due(desk.clock.run_ms)
        peer = desk.sync._peers["north"]
        peer.request = request
        desk.sync.receive("north", request, response, desk.clock.run_ms)
        assert peer.request is None

    answered()
    assert {branch.origin: branch.size for branch in desk.office.logs.branches} == known
    assert not desk.office.forked()
    wire.polled()
    assert same(wire.desks.values())


@given(st.binary(max_size=200))
def test_bytes_are_no_message(data: bytes) -> None:
    """Any bytes are a message or a PeerError."""
    for read in (decode_request, decode_response):
        try:
            read(data)
        except PeerError as error:
            assert str(error)


def test_oversize_is_refused() -> None:
    """A message beyond the bound is not even read."""
    with pytest.raises(PeerError, match="the most is 10"):
        decode_request(b"x" * 11, Limits(message_bytes=10))
