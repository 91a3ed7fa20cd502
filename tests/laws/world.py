"""Offices without networks, disks and real signatures: what they sign, what they hold, what they make of it.

Every office has its own history and its own clock; entries reach another only when a test delivers them.
A twin is a second office over the same log: what the two sign forks it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from comity.model.acts import Act
from comity.model.acts.agreement import Proposal, Vote
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import Enrol, Join
from comity.model.entry import NO_ENTRY, Entry, Head, build_json, parse_entry
from comity.model.history import History, Missing, Taken, View
from comity.model.records.change import Change, heads, terms_heads
from comity.model.spans import MINUTE_MS
from comity.model.verdict import Refusal
from comity.rules import judge as judge_module
from comity.tlog.merkle import Frontier
from laws.agreement import Draft, key_of

NOON_MS = 1_469_880_000_000
OFFICERS = {"first": ("duty", "all"), "second": ("duty", "all"), "junior": ("junior",)}
SIGNATURE = "00" * 64


@dataclass
class Office:
    """One participant's office: its log, its clock and all that it holds."""

    name: str
    party: str
    origin: str
    history: History
    at_ms: int

    @property
    def view(self) -> View:
        """Everything this office holds."""
        return self.history.now()

    def size(self, origin: str) -> int:
        """How many entries of a log this office holds, on the branch that it took first."""
        branches = self.history.branches_of(origin)
        return branches[0].size if branches else 0


@dataclass
class World:
    """All offices and every entry that was ever signed; `judged` may be replaced by a test of the tests."""

    draft: Draft = field(default_factory=Draft)
    at_ms: int = NOON_MS
    founded: bool = True
    offices: dict[str, Office] = field(default_factory=dict)
    pool: dict[str, Entry] = field(default_factory=dict)
    trees: dict[str, Frontier] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.founding = self.draft.text().encode()
        self.founding_hash = hashlib.sha256(self.founding).hexdigest()
        for name in self.draft.names.all:
            self.offices[name] = Office(name, name, self.draft.origin(name), History(self.founding), self.at_ms)
        if self.founded:
            self.found()

    def __getitem__(self, name: str) -> Office:
        return self.offices[name]

    def written(self, name: str) -> str:
        """A name as the agreement file writes it."""
        return self.draft.names.write(name)

    def found(self) -> None:
        """Every log begins, every officer is enrolled, every line is tried, and everybody holds all of it."""
        for name in self.draft.names.all:
            self.begin(name)
        self.share()
        for name in self.draft.names.all:
            self.enrol_all(name)
        self.share()
        self.check_lines()

    def begin(self, name: str) -> Taken:
        """Entry 0 of a log under its root key."""
        if name in self.draft.names.signatories:
            act: Act = Vote(thing="terms", after=(), round=0, content=self.founding_hash)
        else:
            act = Join(terms=self.founding_hash)
        return self.sign(name, act, officer="root", seat="root", terms=self.founding_hash)

    def enrol_all(self, name: str) -> None:
        """The officers of a participant; the centre's are enrolled by the first signatory, which staffs it."""
        is_centre = dict(self.draft.names.others).get(name) == "centre"
        enroller = self.draft.names.signatories[0] if is_centre else name
        for officer, seats in OFFICERS.items():
            written = tuple(self.written(seat) for seat in seats)
            act = Enrol(officer=officer + "." + name, seats=written, key=self.key(name, officer), proof=SIGNATURE)
            self.sign(enroller, act, officer="root", seat="root")

    def check_lines(self) -> None:
        """Every signatory tries its lines to the others, and everybody holds the result."""
        for name in self.draft.names.signatories:
            for other in self.draft.names.signatories:
                if other != name:
                    self.sign(name, LineCheck(with_participant=self.written(other), result="working"))
        self.share()

    def key(self, name: str, officer: str) -> str:
        """The key of an officer, or of the root or the office itself, as the founding file pins them."""
        office = self.offices[name]
        if officer == "root":
            root = dict(self.draft.roots).get(office.party)
            return root or key_of(f"{office.origin} root")
        if officer == "office":
            return key_of(f"{office.origin} office")
        return key_of(f"{office.party} {officer}")

    def tick(self, minutes: float) -> None:
        """Every clock moves on."""
        for office in self.offices.values():
            office.at_ms += int(minutes * MINUTE_MS)

    def sign(self, who: str, act: Act, officer: str = "first", seat: str = "duty", **changes: object) -> Taken:
        """An office signs, judges and takes an entry on all that it holds; `changes` replace header fields."""
        entry = self.draw(who, act, officer, seat, **changes)
        taken = self.offer(who, entry)
        assert isinstance(taken, Taken), f"{who} lacks the past of its own entry"
        return taken

    def draw(self, who: str, act: Act, officer: str = "first", seat: str = "duty", **changes: object) -> Entry:
        """The entry that an office would sign, not yet taken by anyone."""
        office = self.offices[who]
        seen = dict(office.view.seen_heads())
        header: dict[str, object] = {
            "at": office.at_ms,
            "key": self.key(who, officer),
            "origin": office.origin,
            "previous": self._tip(office),
            "seat": seat if seat in ("root", "office") else self.written(seat),
            "seen": seen,
            "seq": seen[office.origin][0] if office.origin in seen else 0,
            "terms": (terms_heads(office.view) or [self.founding_hash])[0],
        }
        return self.put(header | changes, act)

    def put(self, header: Mapping[str, object], act: Act) -> Entry:
        """An entry of exactly that header, with nobody's signature, known to the pool."""
        leaf = bytes(64) + hashlib.sha256(bytes.fromhex(str(header["key"]))).digest()[:4] + build_json(header, act)
        entry = parse_entry(leaf)
        self.pool[entry.id] = entry
        previous = self.trees.get(entry.header.previous)
        tree = previous.copy() if previous is not None else Frontier()
        tree.append(entry.hash)
        self.trees[entry.id] = tree
        return entry

    def offer(self, who: str, entry: Entry) -> Taken | Missing:
        """An office judges and takes an entry, or says what it lacks; raises Malformed."""
        history = self.offices[who].history
        held = history.find(entry.id)
        if held is not None:
            return held
        placement = history.place(entry)
        if isinstance(placement, Missing):
            return placement
        refusal = judge_module.judge(entry, history.view(placement.clock))
        return history.take(entry, placement, self.trees[entry.id].root(), refusal)

    def deliver(self, source: str, receiver: str, upto: Taken | None = None) -> list[Taken]:
        """Hands over what one office holds and the other lacks; with `upto` only that entry and its past."""
        lacking = [taken for taken in self.offices[source].history.entries if not self.holds(receiver, taken)]
        if upto is not None:
            past = self.offices[source].history.past(upto)
            lacking = [taken for taken in lacking if taken is upto or past.holds(taken)]
        handed = [self.offer(receiver, taken.entry) for taken in lacking]
        assert not any(isinstance(each, Missing) for each in handed), "who offers an entry offers its whole past"
        return [each for each in handed if isinstance(each, Taken)]

    def share(self, *names: str) -> None:
        """Everyone named, or everyone, ends up holding what any of them holds."""
        parties = names or tuple(self.offices)
        for source in parties:
            for receiver in parties:
                if source != receiver:
                    self.deliver(source, receiver)

    def holds(self, who: str, taken: Taken) -> bool:
        """Whether an office holds that entry."""
        return self.offices[who].history.find(taken.entry.id) is not None

    def local(self, who: str, taken: Taken) -> Taken:
        """The same entry as another office holds it."""
        held = self.offices[who].history.find(taken.entry.id)
        assert held is not None, f"{who} does not hold it"
        return held

    def saw(self, taken: Taken, other: Taken, by: str | None = None) -> bool:
        """Whether `other` is in the past of `taken`, as its signer or as another office reckons."""
        name = by or next(name for name, office in self.offices.items() if office.origin == taken.entry.origin)
        history = self.offices[name].history
        return self.holds(name, other) and history.past(self.local(name, taken)).holds(self.local(name, other))

    def verdict(self, who: str, taken: Taken) -> Refusal | None:
        """What an office makes of an entry that it holds."""
        return self.local(who, taken).refusal

    def twin(self, who: str, name: str) -> Office:
        """A second office over the same log that holds the same; what it signs forks the log."""
        office = self.offices[who]
        self.offices[name] = Office(name, office.party, office.origin, History(self.founding), office.at_ms)
        self.deliver(who, name)
        return self.offices[name]

    def agree(self, *who: str, propose: Callable[[tuple[str, ...]], Proposal]) -> Change:
        """A joint change: the first named proposes, all named vote, everybody holds it."""
        thing = propose(()).thing
        after = tuple(each.id for each in heads(self.offices[who[0]].view, thing))
        act = propose(after)
        assert self.sign(who[0], act).refusal is None
        self.share(*who)
        for name in who:
            vote = self.sign(name, Vote(thing=act.thing, after=after, round=0, content=act.content()))
            assert vote.refusal is None, vote.refusal
        self.share()
        return next(each for each in heads(self.offices[who[0]].view, act.thing) if each.content == act.content())

    def heads_of(self, *offices: str) -> dict[str, Head]:
        """The own heads of those offices, to be cited."""
        return {
            self.offices[name].origin: self.offices[name].view.seen_heads()[self.offices[name].origin]
            for name in offices
        }

    def _tip(self, office: Office) -> str:
        size = office.size(office.origin)
        return (
            office.history.at(office.history.branches_of(office.origin)[0].id, size - 1).entry.id if size else NO_ENTRY
        )
