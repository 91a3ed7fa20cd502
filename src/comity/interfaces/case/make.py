"""Making a case: from claims about held logs to one file that a stranger can verify offline.

Invariants: the same logs and claims give the same bytes; a case discloses what its claims need in whole ranges of 256
entries, and of the rest of a log only hashes. A verdict needs the entry's whole past, so a case that claims one
holds every entry that its signer had seen.
Trusted: the reader, to hold what it says; whatever it gives is held against its checkpoint before it is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from comity.interfaces.case import contents
from comity.interfaces.case.archive import write_archive
from comity.interfaces.case.claims import (
    FORMAT,
    LEAVES_MOST,
    Absent,
    Admitted,
    Claim,
    Forked,
    Logged,
    LogLine,
    Manifest,
    Opened,
    Received,
    Refused,
    write_manifest,
)
from comity.interfaces.case.evidence import is_vote, leaf_id, wanted_votes
from comity.interfaces.case.openings import Opening
from comity.interfaces.case.pins import Pin, join_pins, policy_text, read_pins, vkeys_text
from comity.interfaces.case.report import Refuted
from comity.model.acts.agreement import TermsPropose
from comity.model.codec import encode
from comity.model.entry import Entry, parse_entry
from comity.model.errors import Malformed, Misuse
from comity.tlog.checkpoint import read_checkpoint
from comity.tlog.errors import BadNote
from comity.tlog.merkle import Tree, leaf_hash
from comity.tlog.proof import Proof, encode_proof
from comity.tlog.tiles import ENTRIES, TILE_WIDTH, Tile, encode_bundle, encode_hashes, tiles_of

_PROPOSES = b'"act":"terms.propose"'
_VOTES = b'"act":"change.vote"'


class LogReader(Protocol):
    """Whoever holds logs: an office's store, or tiles carried in on a stick."""

    def origins(self) -> Sequence[str]:
        """The logs of which at least one entry and a checkpoint are held."""
        ...

    def checkpoint_note(self, origin: str) -> bytes:
        """The newest signed checkpoint held of that log, with all cosignatures known."""
        ...

    def leaves(self, origin: str, start: int, stop: int) -> Sequence[bytes]:
        """The leaves at [start, stop) of that log, all below the checkpoint's size."""
        ...


@dataclass(slots=True)
class _Log:
    """One held log, and how much of it the case will show."""

    origin: str
    note: bytes
    leaves: Sequence[bytes]
    tree: Tree
    bundles: set[int] = field(default_factory=set)
    hashes: set[int] = field(default_factory=set)
    used: bool = False

    def show(self, start: int, stop: int) -> None:
        """Have the leaves at [start, stop) in the case."""
        self.used = True
        if stop > self.tree.size:
            raise Misuse(f"{self.origin} is held up to entry {self.tree.size}, {stop} are needed; fetch the rest first")
        self.bundles.update(range(start // TILE_WIDTH, -(-stop // TILE_WIDTH)))

    def rooted(self, size: int) -> None:
        """Have what determines the root of the first `size` leaves in the case."""
        self.used = True
        if size > self.tree.size:
            raise Misuse(f"{self.origin} is held up to entry {self.tree.size}, {size} are needed; fetch the rest first")
        if size % TILE_WIDTH:
            self.hashes.add(size // TILE_WIDTH)


@dataclass(slots=True)
class _Draft:
    """A case while it is being made."""

    logs: Mapping[str, _Log]
    places: Mapping[str, tuple[str, int]]
    members: dict[str, bytes] = field(default_factory=dict)
    proven: set[str] = field(default_factory=set)  # logs of which a single entry is proven

    def log(self, origin: str) -> _Log:
        """The held log of that origin; Misuse if there is none."""
        if origin not in self.logs:
            raise Misuse(f"no log {origin} is held here; name one of {', '.join(self.logs)}")
        return self.logs[origin]

    def entry(self, entry_id: str) -> Entry:
        """The entry of that id, which the case then proves; Misuse if it is not held."""
        if entry_id not in self.places:
            raise Misuse(f"no entry {entry_id[:8]} is held here; give its whole hash")
        origin, seq = self.places[entry_id]
        log = self.logs[origin]
        self.proven.add(origin)
        hashes = tuple(log.tree.inclusion(seq, log.tree.size))
        self.members[f"entry/{entry_id}.leaf"] = log.leaves[seq]
        self.members[f"entry/{entry_id}.tlog-proof"] = encode_proof(Proof(seq, hashes, log.note))
        return parse_entry(log.leaves[seq])


def make_case(
    founding: bytes,
    reader: LogReader,
    claims: Sequence[Claim],
    *,
    openings: Mapping[str, Opening] | None = None,
    forks: Mapping[str, bytes] | None = None,
    quorum: int = 0,
    compress: bool = False,
) -> bytes:
    """The case that shows these claims from the logs held; Misuse if what a claim needs is not held.

    `openings` are by entry id; `forks` are by origin, each a second signed checkpoint that contradicts the held one;
    `quorum` is how many cosignatures every checkpoint must bear. Whether the claims hold is for verify_case to say.
    """
    founding_hash = hashlib.sha256(founding).hexdigest()
    try:
        draft = _draft(reader)
        for claim in claims:
            _provide(draft, claim, openings or {}, forks or {})
        pins, amendments = _pins(draft, founding)
        _check_pinned(draft, pins)
        draft.members |= {contents.KEYS: vkeys_text(pins), contents.POLICY: policy_text(pins, quorum)}
    except (Refuted, Malformed, BadNote) as error:
        raise Misuse(str(error)) from error
    draft.members[contents.FOUNDING] = founding
    used = [log for _, log in sorted(draft.logs.items()) if log.used]
    for number, log in enumerate(used):
        _write_log(draft.members, f"log/{number}/", log)
        if log.origin in (forks or {}):
            draft.members[f"log/{number}/fork"] = (forks or {})[log.origin]
    manifest = Manifest(
        amendments=amendments,
        claims=tuple(claims),
        comity_case=FORMAT,
        founding=founding_hash,
        logs=tuple(LogLine(origin=log.origin, size=log.tree.size) for log in used),
        quorum=quorum,
    )
    draft.members[contents.MANIFEST] = write_manifest(manifest)
    return write_archive(draft.members, compress)


def _draft(reader: LogReader) -> _Draft:
    logs: dict[str, _Log] = {}
    places: dict[str, tuple[str, int]] = {}
    for origin in sorted(reader.origins()):
        note = reader.checkpoint_note(origin)
        head, _ = read_checkpoint(note)
        if head.size > LEAVES_MOST:
            raise Misuse(f"{origin} has {head.size} entries, a case takes {LEAVES_MOST}")
        leaves = reader.leaves(origin, 0, head.size)
        tree = Tree(leaf_hash(leaf) for leaf in leaves)
        if (head.origin, head.size, head.root) != (origin, tree.size, tree.root()):
            raise Misuse(f"what is held of {origin} does not fit its checkpoint; run comity audit")
        logs[origin] = _Log(origin, note, leaves, tree)
        places |= {leaf_id(leaf): (origin, seq) for seq, leaf in enumerate(leaves)}
    return _Draft(logs, places)


def _provide(draft: _Draft, claim: Claim, openings: Mapping[str, Opening], forks: Mapping[str, bytes]) -> None:
    """Puts into the case what the claim needs."""
    match claim:
        case Admitted() | Refused():
            entry = draft.entry(claim.entry)
            draft.log(entry.origin).show(0, entry.seq + 1)
            for origin, (size, _) in entry.seen.items():
                draft.log(origin).show(0, size)
                draft.log(origin).rooted(size)
        case Absent():
            draft.log(claim.origin).show(claim.start, claim.stop)
        case Received():
            draft.log(claim.of).rooted(0 if claim.entry is None else _seen_size(draft, claim))
        case Opened():
            draft.entry(claim.entry)
            if claim.entry not in openings:
                raise Misuse(f"the opening of entry {claim.entry[:8]} was not given; give its words and salts")
            draft.members[f"opening/{claim.entry}.json"] = encode(openings[claim.entry])
        case Forked():
            if claim.origin not in forks:
                raise Misuse(f"the second head of {claim.origin} was not given; take it from the evidence kept")
            draft.log(claim.origin).rooted(read_checkpoint(forks[claim.origin])[0].size)
        case Logged():
            draft.entry(claim.entry)


def _check_pinned(draft: _Draft, pins: Sequence[Pin]) -> None:
    needed = draft.proven | {origin for origin, log in draft.logs.items() if log.used}
    odd = needed - {pin.origin for pin in pins}
    if odd:
        raise Misuse(f"no terms that every signatory voted for pin the log {min(odd)}; wait for the votes")


def _seen_size(draft: _Draft, claim: Received) -> int:
    assert claim.entry is not None, "the caller asked for a receipt by an entry"
    size, _ = draft.entry(claim.entry).seen.get(claim.of, (0, ""))
    return size


def _pins(draft: _Draft, founding: bytes) -> tuple[tuple[Pin, ...], tuple[str, ...]]:
    """The pins, and the amendments that were needed for them; their texts and votes go into the case."""
    pins = before = read_pins(founding)
    if all(origin in {pin.origin for pin in pins} for origin in draft.logs):
        return pins, ()
    entries = [parse_entry(leaf) for log in draft.logs.values() for leaf in log.leaves if _is_about_terms(leaf)]
    texts = {
        hashlib.sha256(text).hexdigest(): text
        for entry in entries
        if isinstance(entry.act, TermsPropose)
        for text in [entry.act.text.encode()]
    }
    chain: list[str] = []
    current = hashlib.sha256(founding).hexdigest()
    while (step := _next_terms(entries, texts, current, (before, pins))) is not None:
        current, votes = step
        for vote in votes:
            draft.entry(vote.id)
        draft.members[f"terms/{current}.toml"] = texts[current]
        before = read_pins(texts[current])
        pins = join_pins(pins, before)
        chain.append(current)
    return pins, tuple(chain)


def _next_terms(
    entries: Sequence[Entry], texts: Mapping[str, bytes], current: str, known: tuple[Sequence[Pin], Sequence[Pin]]
) -> tuple[str, list[Entry]] | None:
    """The terms that every signatory voted for under the current ones, with the votes."""
    before, pinned = known
    for digest, text in sorted(texts.items()):
        added = read_pins(text)
        keepers = {pin.origin: pin for pin in join_pins(pinned, added)}
        votes: dict[str, Entry] = {}
        for entry in entries:
            pin = keepers.get(entry.origin)
            if pin is not None and is_vote(entry, pin, current, digest):
                votes.setdefault(pin.participant, entry)
        if digest != current and wanted_votes(before, added) <= votes.keys():
            return digest, list(votes.values())
    return None


def _is_about_terms(leaf: bytes) -> bool:
    return _PROPOSES in leaf or _VOTES in leaf


def _write_log(members: dict[str, bytes], folder: str, log: _Log) -> None:
    """The log's checkpoint, the tiles that are to be shown, and one hash for each range that is not."""
    members[folder + "checkpoint"] = log.note
    tail = log.tree.size // TILE_WIDTH
    hidden = [index for index in range(tail) if index not in log.bundles]
    if log.tree.size % TILE_WIDTH and tail not in log.bundles:
        log.hashes.add(tail)
    for tile in tiles_of(log.tree.size):
        if tile.level == ENTRIES and tile.index in log.bundles:
            start = tile.index * TILE_WIDTH
            members[folder + tile.path] = encode_bundle(log.leaves[start : start + tile.width])
        elif (tile.level == 0 and tile.index in log.hashes - log.bundles) or (
            tile.level == 1 and _covers(tile, hidden)
        ):
            members[folder + tile.path] = encode_hashes(log.tree, tile)


def _covers(tile: Tile, hidden: Sequence[int]) -> bool:
    return any(index // TILE_WIDTH == tile.index for index in hidden)
