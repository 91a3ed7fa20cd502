"""The slow reference: a history in which every entry carries the set of all entries in its past.

Written from LAWS.md and not from the code: nothing of `comity.rules`, `comity.model.records` or `comity.model.history`
is used. It knows the acts that `moves` plays, and says of each entry whether it is admitted; reasons are not its
business.
"""

from __future__ import annotations

from collections.abc import Mapping

from comity.model.acts import Act, Nature
from comity.model.acts.agreement import Vote
from comity.model.entry import Entry
from laws.agreement import Draft
from properties.chapters import CHAPTERS
from properties.joint import Known
from properties.judgement import Judgement


class Reference:
    """Takes entries in any causal order; `by_root` says which entry ends the first entries with that root."""

    def __init__(self, drafts: Mapping[str, Draft], founding_hash: str) -> None:
        """`drafts` are all terms that are ever proposed, by hash; it may grow."""
        self.drafts = drafts
        self.founding_hash = founding_hash
        self.entries: dict[str, Known] = {}
        self.by_root: dict[tuple[str, int, str], Known] = {}

    def add(self, entry: Entry, root: bytes) -> Known:
        """Judges an entry whose cited heads are all here."""
        if entry.id in self.entries:
            return self.entries[entry.id]
        heads = [self.by_root[(origin, size, head)] for origin, (size, head) in entry.seen.items()]
        past = frozenset().union(*(head.past | {head} for head in heads))
        case = self.case(entry, past)
        height = 1 + max((head.height for head in heads), default=0)
        known = Known(entry, past, admits(case), height, case.joint.replaced)
        self.entries[entry.id] = known
        self.by_root[(entry.origin, entry.seq + 1, root.hex())] = known
        return known

    def case(self, entry: Entry, past: frozenset[Known]) -> Judgement:
        """An entry before its past."""
        return Judgement(self.drafts, self.founding_hash, entry, past)


def admits(case: Judgement) -> bool:
    """Whether the entry has effect."""
    act = case.entry.act
    assert isinstance(act, Act)
    if case.entry.seq == 0:
        return case.begins(act)
    if not case.signed_rightly(act) or not case.seconded() or not _under_terms(case, act):
        return False
    is_lift = isinstance(act, Vote) and act.thing.startswith("lift/") and act.content is not None
    if (act.nature is Nature.PERMISSION or is_lift) and case.forked():
        return False
    on_floor = act.name.split(".")[0] in case.draft.keeps and case.floor_stands()
    if act.nature is Nature.PERMISSION and not on_floor and case.standing_suspensions():
        return False
    return CHAPTERS[type(act)](case, act)


def _under_terms(case: Judgement, act: Act) -> bool:
    """Restraints are taken under any terms, votes under the first head, all else under one; permissions under one."""
    named, in_force = case.entry.header.terms, case.joint.in_force
    if act.nature in (Nature.RESTRAINT, Nature.WATCH):
        return True
    if act.nature is Nature.VOTE:
        return named == case.joint.named
    if act.nature is Nature.KEY:
        return named in (in_force or [case.founding_hash])
    return named in in_force and (act.nature is Nature.RECORD or len(in_force) == 1)
