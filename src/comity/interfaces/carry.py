"""Carrying logs between offices on removable media: each log as plain C2SP files that stock tools can read.

Invariants: the folder appears whole or not at all; entries come in by the way that those of a peer come in.
Not trusted: the stick (see `stick.py`); a bad log on it is one problem in words and stops no other.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from comity.interfaces.stick import FOLDER, VKEYS, CarriedLog, folder_name, opened, read_carried, read_file
from comity.model.errors import Misuse, PeerError
from comity.office.logs import LogBranch
from comity.office.messages import Entries
from comity.office.office import Office
from comity.tlog.checkpoint import read_checkpoint
from comity.tlog.errors import BadNote, BadProof, StoreError
from comity.tlog.merkle import Tree
from comity.tlog.note import MAX_NOTE_BYTES
from comity.tlog.tiles import write_log

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Carried:
    """What one carrying did: how many logs and entries, and what could not be done, in words."""

    logs: int
    entries: int
    problems: tuple[str, ...] = ()


def carry_out(office: Office, stick: Path, progress: Progress | None = None) -> Carried:
    """Lays every log held onto the stick, in place of what an earlier carrying laid there.

    Misuse if the stick holds something of a log that this office does not, or is no folder; StoreError if it cannot
    be written. Of a log is laid what a checkpoint taken whole covers.
    """
    if not stick.is_dir():
        raise Misuse(f"{stick} is no folder; give the place where the stick is mounted")
    _check_older(office, stick)
    branches = [branch for branch in office.logs.branches if branch.noted is not None and branch.note is not None]
    try:
        fresh = Path(tempfile.mkdtemp(prefix=f".{FOLDER}-", dir=stick))
        try:
            for branch in branches:
                _say(progress, branch.origin)
                _lay(office, branch, fresh / folder_name(branch.origin, _number(office, branch)))
            _replace(stick, fresh)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise StoreError(f"cannot write to {stick}: {error.strerror}; make room or take another stick") from error
    return Carried(len(branches), sum(branch.noted.size for branch in branches if branch.noted is not None))


def carry_in(office: Office, stick: Path, progress: Progress | None = None) -> Carried:
    """Takes what the stick holds and this office lacks; a log that cannot be used is a problem, not the end.

    What is held here already is held against the stick as well: other bytes under a checkpoint are a problem, and so
    is a head that contradicts the one held here, which proves a fork.
    PeerError if there is no carried folder; StoreError if this office's own disk fails.
    """
    taken, problems, used = 0, dict[str, str](), dict[str, str]()
    with opened(stick) as folder:
        moved = True
        while moved:  # an entry waits for its past in another log, and a new log may be named by one just taken
            moved = False
            for origin in sorted(each.pins.origin for each in office.notary.participants() if each.pins is not None):
                for name in (folder_name(origin, number) for number in range(office.limits.branches_per_log)):
                    _say(progress, origin)
                    count = _take_log(office, folder, name, origin, problems, used)
                    taken += count
                    moved = moved or count > 0
        for name, origin in used.items():
            if name not in problems:
                _compare(office, folder, name, origin, problems)
    if not used and not problems:
        raise PeerError(f"{stick} holds no log of this agreement; carry out onto it at the other office first")
    return Carried(len(used), taken, tuple(problems[name] for name in sorted(problems)))


def _number(office: Office, branch: LogBranch) -> int:
    return [each.id for each in office.logs.of(branch.origin)].index(branch.id)


def _lay(office: Office, branch: LogBranch, folder: Path) -> None:
    assert branch.note is not None and branch.noted is not None, "only branches with a checkpoint are laid out"
    cosigners = [each.pins.cosign_key for each in office.notary.participants() if each.pins is not None]
    vkeys = [office.notary.head_key(branch.origin).vkey, *sorted(cosigners)]
    try:
        write_log(folder, office.logs.leaves(branch, 0, branch.noted.size), branch.note)
    except BadProof as error:
        raise StoreError(f"the store gave back another log: {error}; run comity audit") from error
    with (folder / VKEYS).open("wb") as file:
        file.write("".join(f"{vkey}\n" for vkey in vkeys).encode())
        file.flush()
        os.fsync(file.fileno())


def _replace(stick: Path, fresh: Path) -> None:
    """Puts the fresh folder in the place of the older one; between the two renames the stick holds both, aside."""
    older = stick / FOLDER
    aside = stick / f"{fresh.name}.old"
    if os.path.lexists(older):
        older.rename(aside)
    fresh.rename(older)
    _sync(stick)
    if aside.is_symlink() or not aside.is_dir():
        aside.unlink(missing_ok=True)
    else:
        shutil.rmtree(aside)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_older(office: Office, stick: Path) -> None:
    """What an earlier carrying laid on the stick is held here, so that nothing is lost by writing over it."""
    if not os.path.lexists(stick / FOLDER):
        return
    remedy = f"run comity carry in first, or move {FOLDER} away"
    try:
        with opened(stick) as folder:
            for name in os.listdir(folder):
                data = read_file(folder, f"{name}/checkpoint", MAX_NOTE_BYTES)
                head, _ = read_checkpoint(data or b"")
                if head.size and office.logs.holding(head.origin, head.size, head.root) is None:
                    raise Misuse(f"the stick holds entries of {head.origin[:80]} that this office does not; {remedy}")
    except (PeerError, BadNote) as error:
        raise Misuse(f"the stick holds what no office carried there: {error}; {remedy}") from error


def _take_log(
    office: Office, folder: int, name: str, origin: str, problems: dict[str, str], used: dict[str, str]
) -> int:
    """Takes what can be taken now of one log on the stick; gives the number of entries taken in all logs."""
    if name in problems:
        return 0
    before = len(office.history.entries)
    try:
        log = read_carried(folder, name, origin, partial(_held_tree, office))
        if log is not None:
            used[name] = origin
            office.offered(log.note)
            _hand_over(office, log)
    except PeerError as error:
        text = str(error)
        problems[name] = text if name in text else f"{name} on the stick: {text}"
    return len(office.history.entries) - before


def _compare(office: Office, folder: int, name: str, origin: str, problems: dict[str, str]) -> None:
    """Holds the whole of a log on the stick against its checkpoint, and its head against what is held here."""
    try:
        log = read_carried(folder, name, origin)
        if log is None:
            raise PeerError(f"{name} on the stick is gone while it was read; put the stick in again")
        forked = _fork(office, log)
        if forked is not None:
            problems[name] = forked
            return
        cosigners = [each.pins.cosign_key for each in office.notary.participants() if each.pins is not None]
        log.check_whole(frozenset([office.notary.head_key(origin).vkey, *cosigners]))
    except PeerError as error:
        problems[name] = str(error)


def _fork(office: Office, log: CarriedLog) -> str | None:
    """The two signed heads that contradict each other, in words, if the stick's and the one held here do."""
    first = office.logs.first(log.head.origin)
    if first is None or first.noted is None:
        return None
    common = min(first.noted.size, log.head.size)
    if first.tree.root(common) == log.tree.root(common):
        return None
    agree = next(place for place in range(common) if first.tree.node(0, place) != log.tree.node(0, place))
    return (
        f"{log.head.origin} is forked at entry {agree}: the stick holds its signed head of {log.head.size} entries "
        f"with root {log.head.root.hex()}, this office that of {first.noted.size} with root {first.noted.root.hex()}; "
        "keep the stick, and tell every party"
    )


def _held_tree(office: Office, origin: str, size: int, root: bytes) -> Tree | None:
    held = office.logs.holding(origin, size, root)
    return held.tree if held is not None else None


def _hand_over(office: Office, log: CarriedLog) -> None:
    """Hands the office page after page of what it lacks, as a peer would, until the rest has to wait."""
    origin, size = log.head.origin, log.head.size
    while office.logs.holding(origin, size, log.head.root) is None:
        base, start = _parting(office.logs.of(origin), log.tree)
        leaves = _page(office, log.leaves(start, min(size, start + office.limits.page_entries)))
        proof = tuple(log.tree.consistency(start + len(leaves), size))
        received = office.receive(origin, base, Entries(note=log.note, start=start, leaves=tuple(leaves), proof=proof))
        if received.waits or received.ended or not received.taken:
            return


def _page(office: Office, leaves: list[bytes]) -> list[bytes]:
    """As many leaves as one page may hold; at least one."""
    length = 0
    for count, leaf in enumerate(leaves):
        length += len(leaf)
        if count and length > office.limits.page_bytes:
            return leaves[:count]
    return leaves


def _parting(branches: list[LogBranch], tree: Tree) -> tuple[LogBranch | None, int]:
    """The branch held that agrees with the carried log the longest, and how far; (None, 0) if none does."""
    best: tuple[LogBranch | None, int] = (None, 0)
    for branch in branches:
        agree, limit = 0, min(branch.size, tree.size)
        if limit and branch.tree.root(limit) == tree.root(limit):
            agree = limit
        else:
            while agree < limit and branch.tree.node(0, agree) == tree.node(0, agree):
                agree += 1
        if agree > best[1]:
            best = branch, agree
    return best


def _say(progress: Progress | None, origin: str) -> None:
    if progress is not None:
        progress(origin)
