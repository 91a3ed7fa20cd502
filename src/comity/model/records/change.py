"""Joint changes: votes for the same bytes by every required party (laws 9-12).

A change once complete stays complete in every larger view; without a fork no thing has two successors.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from comity.model.acts.agreement import Proposal, Vote
from comity.model.codec import encode
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.terms import Terms

Round = tuple[tuple[str, ...], int]


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
    """The complete changes of a thing, by id; kept, since it depends only on the votes in the view."""
    key = (thing, view.cut(f"votes/{thing}"))
    kept: dict[str, Change] | None = view.history.kept.get(key)
    if kept is None:
        kept = view.history.kept[key] = _count(view, thing)
    return kept


def heads(view: View, thing: str) -> list[Change]:
    """The complete changes of a thing that no complete change succeeds; several only after a fork (law 11)."""
    changes = complete(view, thing)
    passed = {before for change in changes.values() for before in change.after}
    return sorted((change for change in changes.values() if change.id not in passed), key=lambda change: change.id)


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


def is_dead(view: View, thing: str, after: tuple[str, ...], number: int) -> bool:
    """Whether a round can no longer complete: the votes of signatories differ, in content or in the terms that they
    count under, or one declines (laws 9, 10)."""
    voters = terms_to_judge_by(view).signatories
    named = {
        (vote.content, taken.entry.header.terms)
        for vote, taken in votes_on(view, thing)
        if vote.round == number and sorted(vote.after) == sorted(after) and party_of(taken.entry.origin) in voters
    }
    return len(named) > 1 or any(content is None for content, _ in named)


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
    """The hashes of the terms in force: none before entry into force, one without forks."""
    return [change.content for change in heads(view, "terms")]


def terms_in_force(view: View) -> Terms | None:
    """The terms in force in the view, if there is exactly one head."""
    found = terms_heads(view)
    return view.terms(found[0]) if len(found) == 1 else None


def terms_to_judge_by(view: View) -> Terms:
    """The terms in force in the view; before any are, the founding terms; with several heads, the first by hash."""
    found = sorted(terms_heads(view))
    terms = view.terms(found[0]) if found else None
    return terms or view.history.known.founding


def is_lifted(view: View, restraint: str) -> bool:
    """Whether every signatory has lifted the restraint with that entry hash (law 16)."""
    for taken in view.about(f"lifts/{restraint}"):
        act = taken.entry.act
        if isinstance(act, Proposal) and complete(view, act.thing):
            return True
    return False


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
