"""The offices of a play: what they hold, which clock they read, who can reach whom.

Invariant: nothing an office does depends on anything but its own history, its clock and the words of the scenario.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from comity.interfaces.play.cast import Cast, keyring, origin_of, root_signer
from comity.model.acts import Act
from comity.model.acts.agreement import Vote
from comity.model.acts.keys import Join
from comity.model.entry import NO_ENTRY, Entry, build_json, parse_entry
from comity.model.errors import Misuse
from comity.model.history import History, Missing, Placement, View
from comity.model.records.change import terms_heads
from comity.model.terms import Role
from comity.model.verdict import Refusal
from comity.office.keyring import KeySigner
from comity.office.signatures import entry_message, leaf_of, second_message
from comity.rules.door import door
from comity.rules.judge import judge
from comity.tlog.merkle import Tree


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs an act, in which seat, and what a dishonest signer writes into the header instead of the truth."""

    signer: KeySigner
    seat: str
    second: tuple[KeySigner, str] | None = None
    header: dict[str, Any] = field(default_factory=dict)
    forced: bool = False


@dataclass(slots=True)
class Office:
    """One office: `name` is the participant's id, or that of a second office that forks its log."""

    name: str
    party: str
    history: History
    skew_ms: int = 0
    is_cut: bool = False
    own: list[Entry] = field(default_factory=list)

    @property
    def view(self) -> View:
        """Everything that this office holds."""
        return self.history.now()


@dataclass(slots=True)
class World:
    """All offices under one founding file."""

    founding: bytes
    now_ms: int
    cast: Cast = field(default_factory=Cast)
    offices: dict[str, Office] = field(default_factory=dict)

    def office(self, name: str) -> Office:
        """The office of that name; raises Misuse."""
        if name not in self.offices:
            raise Misuse(f"there is no office {name}; known are {', '.join(self.offices) or 'none yet'}: `found` it")
        return self.offices[name]

    def clock_ms(self, office: Office) -> int:
        """What the office's clock shows."""
        return self.now_ms + office.skew_ms

    def found(self, party: str) -> None:
        """A participant begins its log with the vote for the founding file, or joins it."""
        office = Office(party, party, History(self.founding))
        participant = office.history.known.founding.participant_by_id(party)
        if participant is None or party in self.offices:
            raise Misuse(f"{party} is no participant of the agreement, or has its office already")
        self.offices[party] = office
        digest = office.history.known.founding_hash
        act: Act = Join(terms=digest)
        if participant.role is Role.SIGNATORY:
            act = Vote(thing="terms", after=(), round=0, content=digest)
        self.sign(office, act, Signing(root_signer(party), "root"))

    def fork(self, name: str, copy: str) -> None:
        """A second office of the same party goes on from what the first one holds."""
        first = self.office(name)
        if copy in self.offices:
            raise Misuse(f"there is an office {copy} already; give the second one another name")
        second = Office(copy, first.party, History(self.founding), first.skew_ms)
        self.offices[copy] = second
        for taken in first.history.entries:
            self.deliver(second, taken.entry)

    def sign(self, office: Office, act: Act, signing: Signing) -> tuple[Entry, Refusal | None]:
        """Builds and signs an act on all that the office holds; a refused one is kept only if it is forced."""
        entry = self._build(office, act, signing)
        view = office.view
        refused = judge(entry, view) if signing.forced else door(entry, view)
        if refused is None or signing.forced:
            self.deliver(office, entry)
        return entry, refused

    def deliver(self, office: Office, entry: Entry) -> bool:
        """Gives an entry to an office; False if it holds it, or waits for its past."""
        if office.history.find(entry.id) is not None:
            return False
        placement = office.history.place(entry)
        if isinstance(placement, Missing):
            return False
        refusal = judge(entry, office.history.view(placement.clock))
        office.history.take(entry, placement, root_with(office.history, placement, entry), refusal)
        return True

    def sync(self, names: Iterable[str]) -> None:
        """These offices exchange all that they hold until nothing is new; a cut office takes no part."""
        group = [office for office in map(self.office, names) if not office.is_cut]
        moved = True
        while moved:
            moved = False
            for giver in group:
                for taker in group:
                    if giver is not taker and len(giver.history.entries) and self._pass_on(giver, taker):
                        moved = True

    def differences(self) -> list[str]:
        """What one office holds and another does not, in words; empty if all hold the same."""
        held = {name: {taken.entry.id for taken in each.history.entries} for name, each in self.offices.items()}
        everything = set().union(*held.values())
        return [f"{name} lacks {len(everything - ids)} entries" for name, ids in held.items() if everything - ids]

    def audit(self) -> list[str]:
        """Where two offices, or an office and a second judgement, do not give the same verdict; in words."""
        first: dict[str, Refusal | None] = {}
        found = []
        for name, office in self.offices.items():
            for taken in office.history.entries:
                again = judge(taken.entry, office.history.past(taken))
                if again != taken.refusal or first.setdefault(taken.entry.id, again) != again:
                    found.append(f"{name} judges {taken.entry.origin} {taken.entry.seq} otherwise")
        return found

    def _pass_on(self, giver: Office, taker: Office) -> bool:
        return any([self.deliver(taker, taken.entry) for taken in list(giver.history.entries)])

    def _build(self, office: Office, act: Act, signing: Signing) -> Entry:
        view = office.view
        origin = origin_of(office.party)
        seen = view.seen_heads()
        size = seen[origin][0] if origin in seen else 0
        branches = office.history.branches_of(origin)
        in_force = terms_heads(view)
        header = {
            "at": self.clock_ms(office),
            "key": signing.signer.key,
            "origin": origin,
            "previous": office.history.at(branches[0].id, size - 1).entry.id if size else NO_ENTRY,
            "seat": signing.seat,
            "seen": seen,
            "seq": size,
            "terms": in_force[0] if in_force else office.history.known.founding_hash,
        } | signing.header
        if signing.second is not None:
            key, seat = signing.second
            bare = build_json(header, act)
            header["second"] = {"key": key.key, "seat": seat, "signature": key.sign(second_message(bare)).hex()}
        json = build_json(header, act)
        return parse_entry(leaf_of(json, signing.signer.key, signing.signer.sign(entry_message(json))))


def root_with(history: History, placement: Placement, entry: Entry) -> bytes:
    """The root of the entry's branch with it."""
    tree = Tree()
    for seq in range(entry.seq):
        assert placement.branch is not None
        tree.append(history.at(placement.branch, seq).entry.hash)
    tree.append(entry.hash)
    return tree.root()


def office_keys(office: Office) -> KeySigner:
    """The office's own key, which signs watch entries."""
    return keyring(office.party).office
