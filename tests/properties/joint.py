"""What the slow reference counts of votes: which changes are complete, which rounds are dead, what may yet come.

Written from LAWS.md 9 to 12 and decision 0012: what may yet come is asked of every round and content there could be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.model.acts import Act
from comity.model.acts.agreement import LiftPropose, TermsPropose, Vote
from comity.model.codec import encode
from comity.model.entry import Entry
from laws.agreement import Draft

ANOTHER = "something that nobody has voted for yet"


@dataclass(frozen=True, eq=False)
class Known:
    """An entry with its whole past, and whether it is admitted; `replaced` are the terms that it has seen replaced."""

    entry: Entry
    past: frozenset[Known]
    ok: bool
    height: int
    replaced: frozenset[str]

    @property
    def act(self) -> Act:
        assert isinstance(self.entry.act, Act)
        return self.entry.act

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def at_ms(self) -> int:
        return self.entry.at_ms

    @property
    def party(self) -> str:
        return self.entry.origin.split("/")[1]

    @property
    def order(self) -> tuple[int, str, int, bytes]:
        return (self.height, self.entry.origin, self.entry.seq, self.entry.hash)


@dataclass(frozen=True)
class Ballot:
    """One admitted vote."""

    party: str
    thing: str
    after: tuple[str, ...]
    number: int
    content: str | None
    under: str


class Joint:
    """The votes in one past."""

    def __init__(self, drafts: Mapping[str, Draft], founding_hash: str, past: frozenset[Known]) -> None:
        self.drafts, self.founding_hash, self.past = drafts, founding_hash, past
        self.ballots: dict[str, list[Ballot]] = {}
        for known in past:
            if known.ok and isinstance(act := known.act, Vote):
                ballot = Ballot(
                    known.party, act.thing, tuple(sorted(act.after)), act.round, act.content, known.entry.header.terms
                )
                self.ballots.setdefault(act.thing, []).append(ballot)
        self._changes: dict[str, dict[str, tuple[tuple[str, ...], str]]] = {}
        self.in_force = sorted(self.changes("terms")[name][1] for name in self.heads("terms"))
        self.named = self.in_force[0] if self.in_force else founding_hash
        self.draft = drafts[self.named]
        self.signatories = frozenset(self.draft.names.signatories)
        every = {content for _, content in self.changes("terms").values()}
        self.replaced = frozenset(every - set(self.in_force))

    def required(self, thing: str, under: str, content: str) -> frozenset[str]:
        """Whose votes it needs."""
        new = self.drafts[content].names.signatories if thing == "terms" else ()
        return frozenset(self.drafts[under].names.signatories) | frozenset(new)

    def changes(self, thing: str) -> dict[str, tuple[tuple[str, ...], str]]:
        """The complete changes of a thing: by name, their predecessors and content."""
        if thing not in self._changes:
            ballots = self.ballots.get(thing, [])
            found = {}
            for one in ballots:
                alike = {each.party for each in ballots if _same(each, one) and each.content == one.content}
                if one.content is not None and alike >= self.required(thing, one.under, one.content):
                    found[change_name(thing, one.after, one.content)] = (one.after, one.content)
            self._changes[thing] = found
        return self._changes[thing]

    def heads(self, thing: str) -> set[str]:
        """What no complete change has succeeded."""
        changes = self.changes(thing)
        return set(changes) - {before for after, _ in changes.values() for before in after}

    def is_lifted(self, restraint: str) -> bool:
        lifts = [known.act for known in self.past if known.ok and isinstance(known.act, LiftPropose)]
        return any(restraint in act.lifts and self.changes(act.thing) for act in lifts if isinstance(act, LiftPropose))

    def cast(self, thing: str, after: Iterable[str], number: int, under: str) -> list[Ballot]:
        """The votes of one round."""
        probe = Ballot("", thing, tuple(sorted(after)), number, None, under)
        return [each for each in self.ballots.get(thing, []) if _same(each, probe)]

    def is_dead(self, thing: str, after: Iterable[str], number: int, under: str) -> bool:
        """Whether no content can get every vote that it needs: someone it needs has voted otherwise."""
        cast = self.cast(thing, after, number, under)
        contents = {each.content for each in cast if each.content is not None} | {ANOTHER}
        return all(
            any(each.content != content and each.party in self._needs(thing, under, content) for each in cast)
            for content in contents
        )

    def newcomers_agree(self, vote: Vote, under: str) -> bool:
        """Whether all whom it would make signatories have voted for it."""
        if vote.content is None:
            return True
        cast = self.cast(vote.thing, vote.after, vote.round, under)
        newcomers = self.required(vote.thing, under, vote.content) - set(self.drafts[under].names.signatories)
        return newcomers <= {each.party for each in cast if each.content == vote.content}

    def may_come(self, thing: str, after: tuple[str, ...], but: str, own: str) -> bool:
        """Whether terms that were replaced may still bring the thing to something else, in any round."""
        if thing == "terms":
            return False
        for under in self.replaced:
            rounds = {each.number for each in self.ballots.get(thing, [])} | {1001}
            for number in rounds:
                votes = {(each.party, each.content) for each in self.cast(thing, after, number, under)}
                voters = {party for party, _ in votes}
                contents = {content for _, content in votes if content is not None} | {ANOTHER}
                parties = self.drafts[under].names.signatories
                for content in contents - {but}:
                    if all(
                        (party, content) in votes or (party not in voters and not self._gone_on(party, under, own))
                        for party in parties
                    ):
                        return True
        return False

    def proposals_of_terms(self, after: tuple[str, ...]) -> list[str]:
        """The contents proposed as successors of those terms."""
        acts = [known.act for known in self.past if known.ok and isinstance(known.act, TermsPropose)]
        return [act.content() for act in acts if isinstance(act, TermsPropose) and sorted(act.after) == sorted(after)]

    def _needs(self, thing: str, under: str, content: str) -> frozenset[str]:
        if content == ANOTHER:
            return frozenset(self.drafts[under].names.signatories)
        return self.required(thing, under, content)

    def _gone_on(self, party: str, under: str, own: str) -> bool:
        theirs = [known for known in self.past if known.party == party]
        forked = len({known.entry.seq for known in theirs}) < len(theirs)
        return party == own or forked or any(under in known.replaced for known in theirs)


def change_name(thing: str, after: Iterable[str], content: str) -> str:
    """The name of a change, as votes name it."""
    return hashlib.sha256(b"comity change v1\n" + encode([thing, sorted(after), content])).hexdigest()


def _same(one: Ballot, other: Ballot) -> bool:
    return (one.thing, one.after, one.number, one.under) == (other.thing, other.after, other.number, other.under)
