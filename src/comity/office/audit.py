"""Everything an office holds, read back from the store and tried again from nothing.

Every signature, place, root, checkpoint and cosignature is computed anew, every entry is judged anew, and each verdict
is held against the one kept. It reads and changes nothing, so it may be run on a copy by anybody who has the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from comity.model.entry import parse_entry
from comity.model.errors import Malformed, PeerError
from comity.model.history import History, Placement
from comity.model.verdict import Refusal
from comity.office.logs import LogBranch, Logs
from comity.office.notes import Notary
from comity.office.signatures import check_signatures
from comity.office.vouching import ahead_of
from comity.rules.judge import judge
from comity.tlog.errors import BadProof
from comity.tlog.merkle import Tree, leaf_hash, verify_consistency

PROGRESS_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that has no effect, and why."""

    origin: str
    seq: int
    id: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found; it is clean if there are no problems. Refused entries and forks are findings, not faults."""

    entries: int
    signatures: int
    checkpoints: int
    cosignatures: int
    refused: tuple[Refused, ...]
    forked: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def clean(self) -> bool:
        return not self.problems


def audit(logs: Logs, notary: Notary, progress: Callable[[int, int], None] | None = None) -> Audit:
    """Audits all that is held; `progress` hears (done, of) now and then. Raises StoreError if the disk fails."""
    run = _Run(logs, notary)
    entries = logs.history.entries
    for number in range(len(entries)):
        if progress is not None and number % PROGRESS_EVERY == 0:
            progress(number, len(entries))
        run.entry(number)
    for branch in logs.branches:
        run.branch(branch)
    if progress is not None:
        progress(len(entries), len(entries))
    forked = tuple(sorted(logs.forked()))
    return Audit(
        len(entries), run.signatures, run.checkpoints, run.cosignatures, tuple(run.refused), forked, tuple(run.problems)
    )


class _Run:
    def __init__(self, logs: Logs, notary: Notary) -> None:
        self._logs = logs
        self._notary = notary
        self._trees: dict[int, Tree] = {}
        self._history = History(logs.founding)
        self.signatures = self.checkpoints = self.cosignatures = 0
        self.refused: list[Refused] = []
        self.problems: list[str] = []

    def entry(self, number: int) -> None:
        """One entry, in the order in which it was taken."""
        kept = self._logs.history.entries[number]
        name = f"{kept.entry.origin} {kept.entry.seq}"
        (leaf,) = self._logs.leaves(self._logs.branches[kept.branch], kept.entry.seq, kept.entry.seq + 1)
        try:
            entry = parse_entry(leaf)
            check_signatures(entry, self._notary.checks.signature)
            placement = self._history.place(entry)
        except Malformed as error:
            self.problems.append(f"{name}: {error}")
            return
        self.signatures += 1
        if entry.id != kept.entry.id or not isinstance(placement, Placement):
            self.problems.append(f"{name}: the stored bytes are of another entry, or its past is missing")
            return
        refusal = judge(entry, self._history.view(placement.clock))
        if refusal != kept.refusal:
            now, before = refusal or "admitted", kept.refusal or "admitted"
            self.problems.append(f"{name}: judged anew it is {now}, kept is {before}")
        if refusal is not None:
            self.refused.append(Refused(entry.origin, entry.seq, entry.id, refusal))
        tree = self._tree(placement, entry.seq)
        tree.append(leaf_hash(leaf))
        taken = self._history.take(entry, placement, tree.root(), refusal)
        self._trees[taken.branch] = tree

    def branch(self, branch: LogBranch) -> None:
        """The tree of a branch and the notes that vouch for it."""
        tree = self._trees.get(branch.id)
        if tree is None or tree.size != branch.size or tree.root() != branch.tree.root():
            self.problems.append(f"{branch.origin}: the stored leaves do not give the root that is kept")
            return
        if branch.note is not None:
            self._note(branch, tree, branch.note)
        if branch.cover is not None:
            self._cover(branch, tree)
        elif branch.noted is None or branch.noted.size < branch.size:
            self.problems.append(f"{branch.origin}: nothing vouches for its newest entries")

    def _tree(self, placement: Placement, seq: int) -> Tree:
        if placement.branch is None:
            return Tree()
        tree = self._trees[placement.branch]
        return tree.copy(seq) if placement.forks else tree

    def _note(self, branch: LogBranch, tree: Tree, note: bytes) -> None:
        try:
            checkpoint = self._notary.open(note)
        except PeerError as error:
            self.problems.append(f"{branch.origin}: {error}")
            return
        self.checkpoints += 1
        if checkpoint.size > tree.size or tree.root(checkpoint.size) != checkpoint.root:
            self.problems.append(f"{branch.origin}: its checkpoint of size {checkpoint.size} is of other entries")
        lines = len(self._notary.lines(note))
        good = len(self._notary.cosigners(note))
        self.cosignatures += good
        if lines != good + 1:
            self.problems.append(f"{branch.origin}: a cosignature on its checkpoint does not fit")

    def _cover(self, branch: LogBranch, tree: Tree) -> None:
        assert branch.cover is not None
        try:
            checkpoint = self._notary.open(branch.cover.note)
            whole = tree.copy()
            for each in ahead_of(branch.cover, tree.size):
                whole.append(each)
            verify_consistency(branch.cover.proof, whole.size, checkpoint.size, whole.root(), checkpoint.root)
        except (PeerError, BadProof) as error:
            self.problems.append(f"{branch.origin}: {error}")
            return
        self.checkpoints += 1
