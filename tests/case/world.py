"""Three small logs with keys from a seed: what cases are made of in these tests."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

import drafts
from comity.interfaces.case import (
    Absent,
    Admitted,
    Claim,
    FieldsOpening,
    Forked,
    Logged,
    Opened,
    Opening,
    Received,
    Refused,
    SealOpening,
    make_case,
)
from comity.model.acts import Act
from comity.model.acts.agreement import TermsPropose, Vote
from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.acts.duty import Layer, LineCheck
from comity.model.acts.keys import Watch
from comity.model.codec import encode
from comity.model.entry import build_json, parse_entry
from comity.model.terms import Pins
from comity.model.volume import Altitude, Band, Volume, Window
from comity.office import private
from comity.office.founding import complete_founding, enrol_act, genesis_act, new_certificate, parse_founding, pins_of
from comity.office.keyring import Keyring, KeySigner, new_keyring, new_signer
from comity.office.signatures import entry_message, leaf_of
from comity.tlog.checkpoint import Checkpoint, sign_checkpoint
from comity.tlog.cosignature import cosign
from comity.tlog.merkle import Tree, leaf_hash

START_MS = 1_500_000_000_000
NORTH, SOUTH, CENTRE = "demo/north", "demo/south", "demo/centre"

NAMES = ("north", "south", "centre")
DRAFT = "".join(
    [
        drafts.head("demo", "A small agreement"),
        *map(drafts.participant, NAMES),
        drafts.seat("duty", NAMES),
        drafts.all_of_it(("agreement", "keys", "office", "duty", "threat", "precaution")),
        drafts.FLOOR,
    ]
)


@dataclass(slots=True)
class Office:
    """One log and every key that its keeper has."""

    id: str
    ring: Keyring
    root: KeySigner
    officer: KeySigner
    leaves: list[bytes] = field(default_factory=list)
    tree: Tree = field(default_factory=Tree)


class World:
    """Offices that see everything at once; satisfies `LogReader`."""

    def __init__(self, seed: str = "case") -> None:
        self.random = drafts.SeededRandomness(seed)
        self.offices: dict[str, Office] = {}
        self.pins = {id: self.open_office(id, f"demo/{id}") for id in ("north", "south", "centre")}
        self.founding = complete_founding(DRAFT.encode(), self.pins)
        self.terms = hashlib.sha256(self.founding).hexdigest()
        self.at_ms = START_MS
        self.notes: dict[str, bytes] = {}

    def open_office(self, id: str, origin: str) -> Pins:
        """A new office with new keys, and its pins."""
        office = Office(id, new_keyring(origin, self.random), new_signer(self.random), new_signer(self.random))
        self.offices[origin] = office
        certificate = new_certificate(origin, datetime(2017, 1, 1, tzinfo=UTC), self.random)
        return pins_of(office.ring, office.root.key, certificate.certificate)

    def found(self) -> None:
        """The first entries of every log, and an enrolled officer in each signatory's."""
        terms = parse_founding(self.founding)
        for participant in terms.participant:
            self.sign_root(f"demo/{participant.id}", genesis_act(participant, self.founding))
        for origin in (NORTH, SOUTH):
            self.enrol(origin)

    def amend(self, id: str, origin: str, voters: Sequence[str] = (NORTH, SOUTH)) -> str:
        """New terms that give a participant a new log, voted for in those logs; gives their hash."""
        pins = self.pins | {id: self.open_office(id, origin)}
        text = complete_founding(DRAFT.replace("edition = 1", "edition = 2").encode(), pins)
        digest = hashlib.sha256(text).hexdigest()
        self.sign(NORTH, TermsPropose(text=text.decode()))
        for voter in voters:
            self.sign_root(voter, Vote(thing="terms", after=(), round=0, content=digest))
        self.terms = digest
        self.sign_root(origin, Vote(thing="terms", after=(), round=0, content=digest))
        return digest

    def enrol(self, origin: str) -> str:
        """The officer of that log gets his seat."""
        office = self.offices[origin]
        return self.sign_root(origin, enrol_act(origin, f"officer {office.id}", ("duty",), office.officer))

    def sign_root(self, origin: str, act: Act) -> str:
        """An act under the root key; gives the entry's id."""
        return self.sign(origin, act, "root", self.offices[origin].root)

    def watch(self, origin: str, count: int = 1) -> str:
        """Entries of the office's own key; gives the last one's id."""
        office = self.offices[origin]
        return [self.sign(origin, Watch(), "office", office.ring.office) for _ in range(count)][-1]

    def sign(self, origin: str, act: Act, seat: str = "duty", signer: KeySigner | None = None) -> str:
        """An act by the log's officer, or by that signer, who has seen everything; gives the entry's id."""
        signer = signer or self.offices[origin].officer
        return self.append(origin, signed(self.draw(origin, act, seat, signer), signer))

    def draw(self, origin: str, act: Act, seat: str, signer: KeySigner, /, **changes: object) -> bytes:
        """The JSON to be signed for the next entry of the log, with changes to its header."""
        office = self.offices[origin]
        self.at_ms += 1000
        seen = {
            each: (other.tree.size, other.tree.root().hex()) for each, other in self.offices.items() if other.leaves
        }
        header = {
            "at": self.at_ms,
            "key": signer.key,
            "origin": origin,
            "previous": leaf_hash(office.leaves[-1]).hex() if office.leaves else "00" * 32,
            "seat": seat,
            "seen": seen,
            "seq": len(office.leaves),
            "terms": self.terms,
        }
        return build_json(header | changes, act)

    def append(self, origin: str, leaf: bytes) -> str:
        """One more leaf, whatever it is; gives its id."""
        office = self.offices[origin]
        office.leaves.append(leaf)
        office.tree.append(leaf_hash(leaf))
        return leaf_hash(leaf).hex()

    def head(self, origin: str, cosigners: Sequence[str] = (), tree: Tree | None = None) -> bytes:
        """A signed checkpoint of the log as it stands, cosigned by the keepers of those logs."""
        office = self.offices[origin]
        tree = tree or office.tree
        note = sign_checkpoint(Checkpoint(origin, tree.size, tree.root()), office.ring.head)
        for each in cosigners:
            note = cosign(note, self.offices[each].ring.cosign, self.at_ms // 1000)
        return note

    def origins(self) -> Sequence[str]:
        """See LogReader."""
        return [origin for origin, office in self.offices.items() if office.leaves]

    def checkpoint_note(self, origin: str) -> bytes:
        """See LogReader; cosigned by everyone else."""
        others = [each for each in self.offices if each != origin]
        return self.notes.get(origin) or self.head(origin, others)

    def leaves(self, origin: str, start: int, stop: int) -> Sequence[bytes]:
        """See LogReader."""
        return self.offices[origin].leaves[start:stop]


def signed(json: bytes, signer: KeySigner) -> bytes:
    """The leaf of a JSON, whatever it says."""
    return leaf_of(json, signer.key, signer.sign(entry_message(json)))


@dataclass(frozen=True, slots=True)
class Story:
    """What happened in a small world, and what can be claimed of it."""

    world: World
    seal: str
    opening: str
    refused: str
    layer: str
    receipt: str
    fields: tuple[private.Field, ...]


def small_story(seed: str = "case") -> Story:
    """A seal opened in its log, an act refused, a layer committed to, a receipt."""
    world = World(seed)
    world.found()
    volume = Volume(
        ring=((350000000, 370000000), (350000000, 370400000), (350400000, 370400000), (350400000, 370000000)),
        band=Band(None, Altitude(2000, "m", "amsl")),
        window=Window(START_MS, START_MS + 3_600_000),
    )
    opening = ThreatOpen(seal="0" * 64, salt="5a" * 32, volume=volume, note="a made-up threat")
    commitment = opening.commitment(NORTH, volume.window)
    seal = world.sign(NORTH, ThreatSeal(commitment=commitment, window=volume.window))
    opened = world.sign(NORTH, msgspec.structs.replace(opening, seal=seal))
    refused = world.sign(SOUTH, LineCheck(with_participant="north", result="working"), "nobody")
    fields = private.salted({"place": "made up", "kind": "clinic", "since": "2016"}, world.random)
    layer = world.sign(SOUTH, Layer(layer="south.sites", layer_version=1, commitment=private.commitment(fields)))
    receipt = world.watch(CENTRE)
    return Story(world, seal, opened, refused, layer, receipt, fields)


def seal_opening(story: Story) -> SealOpening:
    """The opening of the story's seal, for whoever is handed the case."""
    act = parse_entry(story.world.offices[NORTH].leaves[3]).act
    assert isinstance(act, ThreatOpen)
    volume = msgspec.json.decode(encode(act.volume))
    return SealOpening(note=act.note, salt=act.salt, volume=volume)


def all_claims(story: Story) -> tuple[list[Claim], dict[str, Opening]]:
    """One claim of each kind that holds in the story, with the openings."""
    claims: list[Claim] = [
        Logged(entry=story.opening),
        Admitted(entry=story.seal),
        Refused(entry=story.refused, clause="clause 1"),
        Absent(origin=NORTH, act="threat.review", names=story.seal, start=0, stop=4),
        Received(by=CENTRE, of=NORTH, size=3, entry=story.receipt),
        Received(by=SOUTH, of=NORTH, size=4, entry=None),
        Opened(entry=story.seal),
        Opened(entry=story.layer),
    ]
    fields = FieldsOpening(fields=(private.opening(story.fields, "kind"),))
    return claims, {story.seal: seal_opening(story), story.layer: fields}


def full_case(story: Story, quorum: int = 2) -> bytes:
    """A case of all kinds of claims."""
    claims, openings = all_claims(story)
    return make_case(story.world.founding, story.world, claims, openings=openings, quorum=quorum)


def forked_case(seed: str = "forked") -> tuple[bytes, str]:
    """A packed case of a forked log with hash tiles, and the founding fingerprint."""
    world = World(seed)
    world.found()
    world.watch(NORTH, 300)
    receipt = world.watch(CENTRE)
    other = world.offices[NORTH].tree.copy(290)
    other.append(bytes(32))
    claims: list[Claim] = [
        Forked(origin=NORTH),
        Received(by=CENTRE, of=NORTH, size=302, entry=receipt),
        Absent(origin=SOUTH, act=None, names="nothing", start=0, stop=2),
    ]
    forks = {NORTH: world.head(NORTH, (), other)}
    return make_case(world.founding, world, claims, forks=forks, compress=True), world.terms


def amended_world(voters: Sequence[str] = (NORTH, SOUTH), seed: str = "amended") -> tuple[World, Claim]:
    """South gets a new log by an amendment; a claim about that log."""
    world = World(seed)
    world.found()
    world.amend("south", "demo/south/2", voters)
    return world, Logged(entry=world.watch("demo/south/2"))


def own_log_case(seed: str = "amended") -> tuple[bytes, str]:
    """A case about a log that an amendment pins, and the founding fingerprint."""
    world, claim = amended_world(seed=seed)
    return make_case(world.founding, world, [claim]), hashlib.sha256(world.founding).hexdigest()
