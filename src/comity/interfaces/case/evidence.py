"""The first ten checks: from bytes to evidence, which is what claims are then held against.

Each function is one numbered check; it gives its reason in words, or raises Refuted or NotEnough.
Whatever is in `Evidence` after its check is signed, placed and hashed as it must be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from comity.interfaces.case.archive import read_archive
from comity.interfaces.case.claims import Manifest, read_manifest
from comity.interfaces.case.contents import MANIFEST, Contents, check_names, sort_members
from comity.interfaces.case.pins import Pin, join_pins, policy_text, read_pins, vkeys_text
from comity.interfaces.case.report import NotEnough, Refuted
from comity.interfaces.case.tree import ShownTree
from comity.model.entry import NO_ENTRY, Entry, parse_entry
from comity.model.errors import Malformed
from comity.office.signatures import check_signatures
from comity.tlog.checkpoint import Checkpoint, open_checkpoint
from comity.tlog.cosignature import cosignature_of
from comity.tlog.errors import BadNote, BadProof, BadSignature
from comity.tlog.proof import Proof, parse_proof, verify_proof


@dataclass(slots=True)
class Evidence:
    """What a case holds, filled by one check after another."""

    data: bytes
    expected: str | None
    members: Mapping[str, bytes] = field(default_factory=dict)
    manifest: Manifest = field(init=False)
    contents: Contents = field(init=False)
    founding_pins: tuple[Pin, ...] = ()
    amended_pins: tuple[tuple[str, tuple[Pin, ...]], ...] = ()
    pins: Mapping[str, Pin] = field(default_factory=dict)
    heads: dict[str, Checkpoint] = field(default_factory=dict)
    trees: dict[str, ShownTree] = field(default_factory=dict)
    proofs: dict[str, tuple[Proof, Checkpoint]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str | None:
        """The hash of the founding file, hex, once it is known to be what the manifest says."""
        return self.manifest.founding if self.founding_pins else None

    def note(self, origin: str) -> bytes:
        """The signed checkpoint of one of the manifest's logs."""
        number = next(place for place, line in enumerate(self.manifest.logs) if line.origin == origin)
        return self.contents.logs[number].checkpoint

    def shown(self) -> Iterator[tuple[str, int, Entry]]:
        """Every entry that a log's tiles show, with its log and position."""
        for origin, tree in self.trees.items():
            for seq, leaf in tree.leaves():
                yield origin, seq, self.entry_of(leaf)

    def entry_of(self, leaf: bytes) -> Entry:
        """The checked entry that a shown leaf is."""
        return self.entries[leaf_id(leaf)]


def leaf_id(leaf: bytes) -> str:
    """The id of the entry that a leaf is, hex."""
    return hashlib.sha256(b"\x00" + leaf).hexdigest()


def body_of(entry: Entry) -> dict[str, Any]:
    """The fields of an act as they were signed, whether this software knows the act or not."""
    body = msgspec.json.decode(entry.header.body)
    return body if isinstance(body, dict) else {}


def check_file(evidence: Evidence) -> str:
    """The zip is sound and holds members that a case has."""
    members = read_archive(evidence.data)
    check_names(members)
    evidence.members = members
    return f"{len(members)} members, {len(evidence.data)} bytes"


def check_manifest(evidence: Evidence) -> str:
    """The manifest is readable and what it names is there."""
    evidence.manifest = read_manifest(evidence.members[MANIFEST])
    evidence.contents = sort_members(evidence.manifest, evidence.members)
    return f"{len(evidence.manifest.claims)} claims about {len(evidence.manifest.logs)} logs"


def check_terms(evidence: Evidence) -> str:
    """The founding file has the fingerprint, and each amendment the hash that names it."""
    founding = hashlib.sha256(evidence.contents.founding).hexdigest()
    if evidence.expected is not None and founding != evidence.expected:
        raise Refuted(f"the founding file has fingerprint {founding[:16]}..., expected {evidence.expected[:16]}...")
    if founding != evidence.manifest.founding:
        raise Refuted("the founding file is not the one that the manifest names; ask for the case as it was made")
    pins = read_pins(evidence.contents.founding)
    amended = []
    for digest in evidence.manifest.amendments:
        text = evidence.contents.terms[digest]
        if hashlib.sha256(text).hexdigest() != digest:
            raise Refuted(f"the terms {digest[:8]} are other bytes than their hash says; the case was altered")
        amended.append((digest, read_pins(text)))
    evidence.founding_pins, evidence.amended_pins = pins, tuple(amended)
    how = "as expected" if evidence.expected is not None else "compare it with the one read aloud at the founding"
    return f"founding file {founding}: {how}"


def check_keys(evidence: Evidence) -> str:
    """Keys and policy are those that the terms pin, and every log is pinned."""
    pins = join_pins((), evidence.founding_pins)
    for _, added in evidence.amended_pins:
        pins = join_pins(pins, added)
    if evidence.contents.keys != vkeys_text(pins):
        raise Refuted("the file of keys does not list the keys that the terms pin; ask for the case as it was made")
    if evidence.contents.policy != policy_text(pins, evidence.manifest.quorum):
        raise Refuted("the policy is not that of the pinned keys; ask for the case as it was made")
    evidence.pins = {pin.origin: pin for pin in pins}
    for line in evidence.manifest.logs:
        if line.origin not in evidence.pins:
            raise Refuted(f"no terms here pin the log {line.origin}; ask for the amendment that names it")
    quorum = evidence.manifest.quorum
    cosigned = f"each checkpoint cosigned by at least {quorum}" if quorum else "no cosignatures were asked for"
    return f"{len(pins)} offices pinned, {cosigned}"


def check_checkpoints(evidence: Evidence) -> str:
    """Every checkpoint is signed by its log's pinned key and cosigned as the quorum asks."""
    for number, line in enumerate(evidence.manifest.logs):
        files = evidence.contents.logs[number]
        head = open_head(evidence, files.checkpoint, line.origin)
        if head.size != line.size:
            raise Refuted(f"the checkpoint of {line.origin} has size {head.size}, the manifest says {line.size}")
        evidence.heads[line.origin] = head
        if files.fork is not None:
            open_head(evidence, files.fork, line.origin, quorum=0)
    for entry_id, (_, text) in evidence.contents.entries.items():
        try:
            proof = parse_proof(text)
            origin = proof.checkpoint_note.split(b"\n", 1)[0].decode("utf-8", "replace")
            evidence.proofs[entry_id] = proof, open_head(evidence, proof.checkpoint_note, origin)
        except BadNote as error:
            raise Refuted(f"the proof of entry {entry_id[:8]}: {error}") from None
    return f"{len(evidence.heads) + len(evidence.proofs)} checkpoints bear good signatures"


def open_head(evidence: Evidence, note: bytes, origin: str, quorum: int | None = None) -> Checkpoint:
    """The checkpoint of that log under its pinned key, with enough good cosignatures by pinned keys."""
    pin = evidence.pins.get(origin)
    if pin is None:
        raise Refuted(f"no terms here pin the log {origin[:80]}; ask for the amendment that names it")
    try:
        head = open_checkpoint(note, pin.head)
        cosigners = [each for each in evidence.pins.values() if cosignature_of(note, each.cosign) is not None]
    except (BadNote, BadSignature) as error:
        raise Refuted(f"the checkpoint of {origin}: {error}") from None
    if len(cosigners) < (evidence.manifest.quorum if quorum is None else quorum):
        raise NotEnough(f"the checkpoint of {origin} bears {len(cosigners)} cosignatures; ask for more of them")
    return head


def check_roots(evidence: Evidence) -> str:
    """The tiles of each log lead to the root that its keeper signed."""
    for number, line in enumerate(evidence.manifest.logs):
        head = evidence.heads[line.origin]
        tree = ShownTree(head.size, evidence.contents.logs[number].tiles)
        root = tree.root(head.size)
        if root is None:
            raise NotEnough(f"the tiles of {line.origin} leave a gap; ask for the whole case")
        if root != head.root:
            raise Refuted(f"the tiles of {line.origin} do not lead to the root that its keeper signed")
        evidence.trees[line.origin] = tree
    shown = sum(1 for tree in evidence.trees.values() for _ in tree.leaves())
    return f"{len(evidence.trees)} roots recomputed, {shown} entries shown"


def check_proofs(evidence: Evidence) -> str:
    """Each proven entry is included, under a head that agrees with all other heads of its log."""
    heads: dict[tuple[str, int], bytes] = {(origin, head.size): head.root for origin, head in evidence.heads.items()}
    for entry_id, (proof, head) in evidence.proofs.items():
        leaf = evidence.contents.entries[entry_id][0]
        if leaf_id(leaf) != entry_id:
            raise Refuted(f"entry {entry_id[:8]} is other bytes than its hash says; the case was altered")
        try:
            verify_proof(proof, bytes.fromhex(entry_id), evidence.pins[head.origin].head)
        except BadProof as error:
            raise Refuted(f"entry {entry_id[:8]}: {error}") from None
        tree = evidence.trees.get(head.origin)
        root = (tree.root(head.size) if tree is not None else None) or head.root
        if root != head.root or heads.setdefault((head.origin, head.size), head.root) != head.root:
            raise Refuted(f"{head.origin} signed two histories: the head under entry {entry_id[:8]} is of another")
    return f"{len(evidence.proofs)} entries proven to be in their logs"


def check_entries(evidence: Evidence) -> str:
    """Every entry shown is well formed and every signature in it fits."""
    leaves = [leaf for leaf, _ in evidence.contents.entries.values()]
    leaves += [leaf for tree in evidence.trees.values() for _, leaf in tree.leaves()]
    for leaf in leaves:
        entry_id = leaf_id(leaf)
        if entry_id in evidence.entries:
            continue
        try:
            entry = parse_entry(leaf)
            check_signatures(entry)
        except Malformed as error:
            raise Refuted(f"entry {entry_id[:8]}: {error}") from None
        evidence.entries[entry_id] = entry
    return f"{len(evidence.entries)} entries with good signatures"


def check_chains(evidence: Evidence) -> str:
    """Every entry stands where it says, names the one before it, and cites exactly its own log's prefix."""
    for entry_id, (proof, head) in evidence.proofs.items():
        _check_place(evidence.entries[entry_id], head.origin, proof.index)
    for origin, seq, entry in evidence.shown():
        _check_place(entry, origin, seq)
        tree = evidence.trees[origin]
        before = tree.leaf(seq - 1) if seq else None
        previous = leaf_id(before) if before is not None else entry.header.previous if seq else NO_ENTRY
        if entry.header.previous != previous:
            raise Refuted(f"{origin} {seq} does not name its previous entry by hash")
        root = tree.root(seq) if seq <= tree.whole_until else None
        own = entry.seen.get(origin)
        if (own is None) != (seq == 0) or (own is not None and own != (seq, root.hex() if root else own[1])):
            raise Refuted(f"{origin} {seq} does not cite exactly its own log's prefix")
    _check_beginnings(evidence)
    return "every entry stands where it says and names the one before it"


def _check_place(entry: Entry, origin: str, seq: int) -> None:
    if (entry.origin, entry.seq) != (origin, seq):
        raise Refuted(f"entry {entry.id[:8]} says that it is {entry.origin} {entry.seq} and stands at {origin} {seq}")


def _check_beginnings(evidence: Evidence) -> None:
    """The first entry of a founding log stands by the founding file (law 13)."""
    founding = {pin.origin for pin in evidence.founding_pins}
    for entry in evidence.entries.values():
        if entry.seq == 0 and entry.origin in founding and entry.header.terms != evidence.manifest.founding:
            raise Refuted(f"the log {entry.origin} begins under another founding file")


def check_amendments(evidence: Evidence) -> str:
    """Each amendment was voted for, under the terms before it, by every signatory of those terms and of its own."""
    known = before = evidence.founding_pins
    current = evidence.manifest.founding
    for digest, added in evidence.amended_pins:
        known = join_pins(known, added)
        keepers = {pin.origin: pin for pin in known}
        voted = {
            pin.participant
            for entry in evidence.entries.values()
            if (pin := keepers.get(entry.origin)) is not None and is_vote(entry, pin, current, digest)
        }
        missing = wanted_votes(before, added) - voted
        if missing:
            raise NotEnough(f"no vote of {min(missing)} for the terms {digest[:8]}; ask for the whole case")
        before, current = added, digest
    return f"{len(evidence.amended_pins)} amendments with every signatory's vote"


def wanted_votes(before: Iterable[Pin], added: Iterable[Pin]) -> set[str]:
    """Whose votes an amendment needs: the signatories of the terms before it and of its own (law 10)."""
    return {pin.participant for pin in (*before, *added) if pin.role == "signatory"}


def is_vote(entry: Entry, pin: Pin, under: str, digest: str) -> bool:
    """Whether the entry is its keeper's vote, under those terms, for the terms with that hash."""
    header = entry.header
    signer = (header.act, header.seat, header.key, header.terms)
    if signer != ("change.vote", "root", pin.root_key, under):
        return False
    body = body_of(entry)
    return (body.get("thing"), body.get("content")) == ("terms", digest)


CHECKS: tuple[tuple[str, Callable[[Evidence], str]], ...] = (
    ("file", check_file),
    ("manifest", check_manifest),
    ("terms", check_terms),
    ("keys", check_keys),
    ("checkpoints", check_checkpoints),
    ("roots", check_roots),
    ("proofs", check_proofs),
    ("entries", check_entries),
    ("chains", check_chains),
    ("amendments", check_amendments),
)
