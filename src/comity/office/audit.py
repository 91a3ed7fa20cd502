"""Everything an office holds, read back from the store and tried again from nothing.

Every signature, place, root, checkpoint and cosignature is computed anew, every entry is judged anew, and each verdict
is held against the one kept. It reads and changes nothing, so it may be run on a copy by anybody who has the file.
What this software is too old to judge is told apart from what is refused (law 14).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from comity.model.errors import Malformed, PeerError
from comity.model.history import History, Placement, Taken
from comity.model.verdict import Refusal
from comity.office.logs import LogBranch, Logs
from comity.office.notes import Notary
from comity.office.proving import CHUNK_LEAVES, proven
from comity.office.vouching import ahead_of
from comity.rules.judge import judge
from comity.tlog.errors import BadProof
from comity.tlog.merkle import Tree, verify_consistency


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that has no effect, and why: refused, or not judged by this software."""

    origin: str
    seq: int
    id: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found; it is clean if there are no problems. The rest that it names are findings, not faults."""

    entries: int
    signatures: int
    checkpoints: int
    cosignatures: int
    refused: tuple[Refused, ...]
    unjudged: tuple[Refused, ...]
    forked: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def clean(self) -> bool:
        return not self.problems


def audit(logs: Logs, notary: Notary, progress: Callable[[int, int], None] | None = None, processes: int = 1) -> Audit:
    """Audits all that is held; `progress` hears (done, of) now and then. Raises StoreError if the disk fails.

    With several `processes`, signatures are checked by them while this one judges.
    """
    run = _Run(logs, notary)
    entries = logs.history.entries
    chunks = [entries[start : start + CHUNK_LEAVES] for start in range(0, len(entries), CHUNK_LEAVES)]
    leaves = (_stored(logs, chunk) for chunk in chunks)
    for chunk, hashes in zip(chunks, proven(leaves, processes, notary.checks.signature), strict=True):
        if progress is not None:
            progress(chunk[0].number, len(entries))
        for taken, found in zip(chunk, hashes, strict=True):
            run.entry(taken, found)
    for branch in logs.branches:
        run.branch(branch)
    if progress is not None:
        progress(len(entries), len(entries))
    return Audit(
        len(entries),
        run.signatures,
        run.checkpoints,
        run.cosignatures,
        tuple(each for each in run.refused if not each.refusal.is_unjudged),
        tuple(each for each in run.refused if each.refusal.is_unjudged),
        tuple(sorted(logs.forked())),
        tuple(run.problems),
    )


def _stored(logs: Logs, chunk: Sequence[Taken]) -> list[bytes]:
    """The leaves of some entries as the store has them now; within a chunk each branch is one stretch."""
    ends: dict[int, tuple[int, int]] = {}
    for taken in chunk:
        first, _ = ends.get(taken.branch, (taken.entry.seq, 0))
        ends[taken.branch] = first, taken.entry.seq + 1
    stretches = {id: iter(logs.leaves(logs.branches[id], first, end)) for id, (first, end) in ends.items()}
    return [next(stretches[taken.branch]) for taken in chunk]


class _Run:
    def __init__(self, logs: Logs, notary: Notary) -> None:
        self._logs = logs
        self._notary = notary
        self._trees: dict[int, Tree] = {}
        self._history = History(logs.founding)
        self.signatures = self.checkpoints = self.cosignatures = 0
        self.refused: list[Refused] = []
        self.problems: list[str] = []

    def entry(self, kept: Taken, found: bytes | str) -> None:
        """One entry, in the order in which it was taken; `found` is its stored leaf's hash, or why it is none."""
        name, entry = f"{kept.entry.origin} {kept.entry.seq}", kept.entry
        if isinstance(found, str):
            self.problems.append(f"{name}: {found}")
            return
        self.signatures += 1
        try:
            placement = self._history.place(entry)
        except Malformed as error:
            self.problems.append(f"{name}: {error}")
            return
        if entry.hash != found or not isinstance(placement, Placement):
            self.problems.append(f"{name}: the stored bytes are of another entry, or its past is missing")
            return
        refusal = judge(entry, self._history.view(placement.clock))
        if refusal != kept.refusal:
            now, before = refusal or "admitted", kept.refusal or "admitted"
            self.problems.append(f"{name}: judged anew it is {now}, kept is {before}")
        if refusal is not None:
            self.refused.append(Refused(entry.origin, entry.seq, entry.id, refusal))
        tree = self._tree(placement, entry.seq)
        tree.append(found)
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
