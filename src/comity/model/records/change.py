"""Joint changes: votes for the same bytes by every required party (laws 9-12).

A change once complete stays complete in every larger view; without a fork no thing has two successors. Why, in two
steps, for a thing and its predecessors:

Under one terms: each party has one vote a round, and opens a round only where it sees the one before dead, that is,
where a party whose vote is required has voted otherwise. So of two contents one lacks a vote that can never come.
Under terms and others that replaced them: a vote under the old may still be on its way, so nobody votes under the new
for anything but what the old can still bring, until it can bring nothing: some party of the old terms has not voted for
it and has signed since they were replaced, and since its log is linear it never will. See `undecided`.

A party may be given a new log without a fork: its keys are old, or a certificate runs out, and pins never change under
a log. It signs in the old log no more, so waiting for it there would be for ever; and its word in the new one proves
nothing, for it could go on in both. So after a vote for terms that name it no more a log votes for nothing else,
permits nothing and records nothing until the round of that vote is dead (`rules.amendments.log_goes_on`, in the gate).
The vote stands in every view in which these terms are in force, and all that the party voted for, permitted and
answered before it stands there too. Whoever does so after it has forked or is refused. So what a party votes, permits
and records is in one line, over all its logs; only what it restrains is not.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from comity.model.acts.agreement import Proposal, Vote
from comity.model.codec import encode
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.terms import Terms

Ballots = Mapping[str, Set[str | None]]


@dataclass(frozen=True, slots=True)
class Change:
    """A complete joint change; `id` is what a successor names in `after`."""

    id: str
    thing: str
    after: tuple[str, ...]
    content: str
    votes: tuple[Taken, ...]

    @property
    def height(self) -> int:
        """The height of the vote that completed it."""
        return max(vote.height for vote in self.votes)


def change_id(thing: str, after: tuple[str, ...], content: str) -> str:
    """The name of a change: the same for everyone who sees the same votes, hex."""
    return hashlib.sha256(b"comity change v1\n" + encode([thing, sorted(after), content])).hexdigest()


def votes_on(view: View, thing: str) -> list[tuple[Vote, Taken]]:
    """Every admitted vote about a thing in the view."""
    return [(taken.entry.act, taken) for taken in view.about(f"votes/{thing}") if isinstance(taken.entry.act, Vote)]


def complete(view: View, thing: str) -> dict[str, Change]:
    """The complete changes of a thing, by id."""
    return _changes(view, thing)[0]


def heads(view: View, thing: str) -> list[Change]:
    """The complete changes of a thing that no complete change succeeds; several only after a fork (law 11)."""
    return _changes(view, thing)[1]


def required(view: View, thing: str, under: str, content: str) -> frozenset[str]:
    """Whose votes a change needs: the signatories of the terms it was voted under, for new terms also theirs."""
    terms = view.terms(under)
    if terms is None:
        return frozenset()
    needed = frozenset(terms.signatories)
    if thing == "terms":
        new = view.terms(content)
        if new is None:
            return frozenset()
        needed |= frozenset(new.signatories)
    return needed


def votes_in(view: View, thing: str, number: int) -> list[tuple[Vote, Taken]]:
    """Every admitted vote about a thing in one round, found without looking at other rounds."""
    found = view.about(f"votes/{thing}/{number}")
    return [(taken.entry.act, taken) for taken in found if isinstance(taken.entry.act, Vote)]


def ballots(view: View, thing: str, after: tuple[str, ...], number: int, under: str) -> Ballots:
    """What each party has voted for in one round under those terms; several contents only if it forked."""
    return _by_round(votes_in(view, thing, number), after, under)[number]


def is_dead(view: View, thing: str, after: tuple[str, ...], number: int, under: str) -> bool:
    """Whether a round can no longer complete under those terms: of the signatories' votes two differ or one declines,
    or a newcomer that the content needs has voted otherwise (law 9). Rounds are counted anew under each terms.

    A dead round is dead in every larger view, whoever forks.
    """
    terms = view.terms(under)
    votes = ballots(view, thing, after, number, under)
    signatories = terms.signatories if terms is not None else ()
    named = {content for party in signatories for content in votes.get(party, ())}
    if len(named) != 1:
        return len(named) > 1
    content = named.pop()
    if content is None:
        return True
    return any(votes.get(party, {content}) != {content} for party in required(view, thing, under, content))


def open_round(view: View, thing: str, after: tuple[str, ...], under: str) -> int:
    """The first round that is not dead: the one to vote in.

    Votes are admitted in the open round alone, so all rounds before it are dead and none after it is. It is found by
    halving, since a party may end round after round by itself, at the price of an entry each.
    """
    beyond = 1
    while is_dead(view, thing, after, beyond - 1, under):
        beyond *= 2
    return bisect_left(range(beyond), True, key=lambda number: not is_dead(view, thing, after, number, under))


@dataclass(frozen=True, slots=True)
class Undecided:
    """Replaced terms under which something may yet be changed, and those of whom one entry under others decides it."""

    terms: str
    waits_for: tuple[str, ...]


def undecided(view: View, thing: str, after: tuple[str, ...], content: str, own: str) -> Undecided | None:
    """The replaced terms under which the thing may yet become something else than `content`, or None.

    A round under them may complete for a content only if every signatory of them has voted for it or may yet. One who
    has signed anything since they were replaced may not: each vote names the terms in force in its past (law 12), and
    what is in the past of an entry is in the past of all later ones of its log. `own` is the log of the one who asks:
    his next entry is such a one. So nothing is undecided between parties who go on signing, and a leaver who falls
    silent leaves undecided only what every other party had voted for. That may be voted for under the new terms too,
    for it would be the same change. Changes of the terms themselves name the terms as predecessor and never mix.
    """
    if thing == "terms":
        return None
    for under in sorted(replaced_terms(view)):
        terms = view.terms(under)
        assert terms is not None, "terms that were in force are in the view"
        final = {party for party in terms.signatories if _has_gone_on(view, under, party, own)}
        open_ended = Undecided(under, tuple(party for party in terms.signatories if party not in final))
        if not final:
            return open_ended
        for votes in _by_round(votes_on(view, thing), after, under).values():
            named = {each for party in final for each in votes.get(party, ())} - {None, content}
            if any(_may_complete(votes, other, terms, final) for other in named):
                return open_ended
    return None


def replaced_terms(view: View) -> set[str]:
    """The hashes of the terms that were in force and that other terms have replaced."""
    return {change.content for change in complete(view, "terms").values()} - set(terms_heads(view))


def proposals(view: View, content: str) -> list[tuple[Proposal, Taken]]:
    """The admitted proposals with that content hash (hex)."""
    return [
        (taken.entry.act, taken) for taken in view.about(f"proposal/{content}") if isinstance(taken.entry.act, Proposal)
    ]


def proposal_of(view: View, change: Change) -> Proposal | None:
    """The content of a change, if it was proposed in the view; the founding terms were not."""
    found = proposals(view, change.content)
    return found[0][0] if found else None


def terms_heads(view: View) -> list[str]:
    """The hashes of the terms in force: none before entry into force, one without forks; else in order, and what
    needs one of them names the first."""
    return view.once("terms in force", lambda: sorted(change.content for change in heads(view, "terms")))


def terms_to_name(view: View) -> str:
    """The hash of the terms that an act signed on the view names: those in force, before any are the founding ones."""
    return (terms_heads(view) or [view.history.known.founding_hash])[0]


def terms_in_force(view: View) -> Terms | None:
    """The terms in force in the view, if there is exactly one head."""
    found = terms_heads(view)
    return view.terms(found[0]) if len(found) == 1 else None


def terms_to_judge_by(view: View) -> Terms:
    """The terms in force in the view; before any are, the founding terms; with several heads, the first by hash."""
    return view.terms(terms_to_name(view)) or view.history.known.founding


def log_under(view: View, under: str, party: str) -> str | None:
    """The log that terms name for a party, or None: of all its logs the one in which it acts under them."""
    terms = view.terms(under)
    keeper = terms.participant_by_id(party) if terms is not None else None
    return keeper.pins.origin if keeper is not None and keeper.pins is not None else None


def has_ended(view: View, under: str, origin: str) -> bool:
    """Whether the log has voted under those terms for others, now agreed, that name it no more: it starts nothing under
    them that is not in the view."""
    for change in complete(view, "terms").values():
        if not view.history.known.pins(change.content, origin) and any(
            vote.entry.origin == origin and vote.entry.header.terms == under for vote in change.votes
        ):
            return True
    return False


def participants(view: View) -> frozenset[str]:
    """Who takes part by the terms in force: who has left signs restraints alone, from the log that it had (law 15)."""
    return frozenset(each.id for each in terms_to_judge_by(view).participant)


def is_lifted(view: View, restraint: str) -> bool:
    """Whether every signatory has lifted the restraint, or the start, with that entry hash (law 16)."""
    for taken in view.about(f"lifts/{restraint}"):
        act = taken.entry.act
        if isinstance(act, Proposal) and complete(view, act.thing):
            return True
    return False


def _changes(view: View, thing: str) -> tuple[dict[str, Change], list[Change]]:
    """The complete changes of a thing, and its heads; kept, since they depend only on the votes in the view."""
    return view.once(("changes", thing), lambda: _kept_changes(view, thing))


def _kept_changes(view: View, thing: str) -> tuple[dict[str, Change], list[Change]]:
    key = (thing, view.cut(f"votes/{thing}"))
    kept: tuple[dict[str, Change], list[Change]] | None = view.history.kept.get(key)
    if kept is None:
        changes = _count(view, thing)
        passed = {before for change in changes.values() for before in change.after}
        ends = sorted((each for each in changes.values() if each.id not in passed), key=lambda change: change.id)
        kept = view.history.kept[key] = changes, ends
    return kept


def _has_gone_on(view: View, under: str, party: str, own: str) -> bool:
    """Whether the log that those terms name for a party votes under them no more: it has seen them replaced, or has
    voted for the terms that end it; one that forked holds up nobody."""
    origin = log_under(view, under, party)
    assert origin is not None, "terms in force pin the logs of their signatories"
    if origin == own or view.forked(origin) or has_ended(view, under, origin):
        return True
    newest = view.newest(origin)
    return newest is not None and under in replaced_terms(view.history.past(newest))


def _by_round(votes: Iterable[tuple[Vote, Taken]], after: tuple[str, ...], under: str) -> Mapping[int, Ballots]:
    """The votes that have those predecessors under those terms, by round and party."""
    found: dict[int, dict[str, set[str | None]]] = defaultdict(lambda: defaultdict(set))
    for vote, taken in votes:
        if taken.entry.header.terms == under and sorted(vote.after) == sorted(after):
            found[vote.round][party_of(taken.entry.origin)].add(vote.content)
    return found


def _may_complete(votes: Ballots, content: str | None, terms: Terms, final: set[str]) -> bool:
    """Whether all who vote no more under those terms have voted for it, and of the others nobody against."""
    return all(content in votes.get(party, () if party in final else {content}) for party in terms.signatories)


def _count(view: View, thing: str) -> dict[str, Change]:
    groups: dict[tuple[tuple[str, ...], int, str, str], dict[str, Taken]] = defaultdict(dict)
    for vote, taken in votes_on(view, thing):
        if vote.content is not None:
            voter = party_of(taken.entry.origin)
            groups[(tuple(sorted(vote.after)), vote.round, vote.content, taken.entry.header.terms)][voter] = taken
    found: dict[str, Change] = {}
    for (after, _, content, under), votes in groups.items():
        needed = required(view, thing, under, content)
        if needed and needed <= votes.keys():
            change = Change(change_id(thing, after, content), thing, after, content, tuple(votes.values()))
            found.setdefault(change.id, change)
    return found
