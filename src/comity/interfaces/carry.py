"""Carrying logs between offices on removable media: each log as plain C2SP files that stock tools can read.

    comity-carry/<log>/checkpoint              with every cosignature known
    comity-carry/<log>/tile/...                hash tiles and entry bundles
    comity-carry/<log>/vkeys                   the log's head key, then the keys of its cosigners, one a line

`<log>` is the origin, percent-encoded; a further branch of a forked log has `@1`, `@2` behind it.
Invariants: the folder appears whole or not at all; entries come in by the way that those of a peer come in.
Not trusted: the stick. Only paths that follow from pinned origins are opened, links are not followed, every length is
bounded, every leaf is held against a signed checkpoint; a bad log on it is one problem in words and stops no other.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from comity.model.errors import Misuse, PeerError
from comity.office.logs import LogBranch
from comity.office.messages import Entries
from comity.office.office import Office
from comity.tlog.checkpoint import Checkpoint, read_checkpoint
from comity.tlog.errors import BadNote, BadProof, BadTile, StoreError
from comity.tlog.merkle import HASH_BYTES, Tree, leaf_hash
from comity.tlog.note import MAX_NOTE_BYTES
from comity.tlog.tiles import (
    ENTRIES,
    MAX_BUNDLE_BYTES,
    MAX_LEAVES,
    TILE_WIDTH,
    Tile,
    decode_bundle,
    write_log,
)

FOLDER = "comity-carry"
VKEYS = "vkeys"
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
                _lay(office, branch, fresh / _name(branch.origin, _number(office, branch)))
            _replace(stick, fresh)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise StoreError(f"cannot write to {stick}: {error.strerror}; make room or take another stick") from error
    return Carried(len(branches), sum(branch.noted.size for branch in branches if branch.noted is not None))


def carry_in(office: Office, stick: Path, progress: Progress | None = None) -> Carried:
    """Takes what the stick holds and this office lacks; a log that cannot be used is a problem, not the end.

    PeerError if there is no carried folder; StoreError if this office's own disk fails.
    """
    taken, problems, used = 0, dict[str, str](), set[str]()
    with _opened(stick) as folder:
        moved = True
        while moved:  # an entry waits for its past in another log, and a new log may be named by one just taken
            moved = False
            for origin in sorted(each.pins.origin for each in office.notary.participants() if each.pins is not None):
                for name in (_name(origin, number) for number in range(office.limits.branches_per_log)):
                    _say(progress, origin)
                    count = _take_log(office, folder, name, origin, problems, used)
                    taken += count
                    moved = moved or count > 0
    if not used and not problems:
        raise PeerError(f"{stick} holds no log of this agreement; carry out onto it at the other office first")
    return Carried(len(used), taken, tuple(problems[name] for name in sorted(problems)))


@dataclass(frozen=True, slots=True)
class CarriedLog:
    """One log on a stick: its checkpoint, and the tree that its hash tiles give, held against each other."""

    folder: int
    name: str
    note: bytes
    head: Checkpoint
    tree: Tree

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """The leaves at [start, stop), each held against the tree; PeerError if one is missing or another."""
        leaves: list[bytes] = []
        for index in range(start // TILE_WIDTH, -(-stop // TILE_WIDTH)):
            tile = Tile(ENTRIES, index, min(TILE_WIDTH, self.head.size - index * TILE_WIDTH))
            bundle = _tile(self.folder, self.name, tile, MAX_BUNDLE_BYTES)
            try:
                found = decode_bundle(bundle)[: tile.width]
            except BadTile as error:
                raise PeerError(f"{self.name} on the stick: {error}") from None
            first = index * TILE_WIDTH
            if b"".join(map(leaf_hash, found)) != self.tree.nodes(0, first, first + tile.width):
                raise PeerError(f"{self.name} on the stick: {tile.path} holds other entries than its hashes say")
            leaves += found
        skipped = start - start // TILE_WIDTH * TILE_WIDTH
        return leaves[skipped : skipped + stop - start]


class CarriedLogs:
    """The logs of a stick, as the making of a case reads them; satisfies `LogReader`."""

    def __init__(self, stick: Path, origins: Sequence[str]) -> None:
        """Reads those of the origins that the stick holds; PeerError if one is there and cannot be used."""
        self._stick = stick
        with _opened(stick) as folder:
            self._logs = {origin: log for origin in origins if (log := _read_log(folder, _name(origin, 0), origin))}

    def origins(self) -> Sequence[str]:
        """The logs found."""
        return list(self._logs)

    def checkpoint_note(self, origin: str) -> bytes:
        """The checkpoint on the stick."""
        return self._logs[origin].note

    def leaves(self, origin: str, start: int, stop: int) -> Sequence[bytes]:
        """The leaves at [start, stop)."""
        log = self._logs[origin]
        with _opened(self._stick) as folder:
            return CarriedLog(folder, log.name, log.note, log.head, log.tree).leaves(start, stop)


def _name(origin: str, number: int) -> str:
    """The folder of a log: no separator, no leading dot, and no two logs alike."""
    quoted = quote(origin, safe="")
    quoted = "%2E" + quoted[1:] if quoted.startswith(".") else quoted
    return f"{quoted}@{number}" if number else quoted


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
        with _opened(stick) as folder:
            for name in os.listdir(folder):
                data = _read(folder, f"{name}/checkpoint", MAX_NOTE_BYTES)
                head, _ = read_checkpoint(data or b"")
                if head.size and office.logs.holding(head.origin, head.size, head.root) is None:
                    raise Misuse(f"the stick holds entries of {head.origin[:80]} that this office does not; {remedy}")
    except (PeerError, BadNote) as error:
        raise Misuse(f"the stick holds what no office carried there: {error}; {remedy}") from error


def _take_log(office: Office, folder: int, name: str, origin: str, problems: dict[str, str], used: set[str]) -> int:
    """Takes what can be taken now of one log on the stick; gives the number of entries taken in all logs."""
    if name in problems:
        return 0
    before = len(office.history.entries)
    try:
        log = _read_log(folder, name, origin)
        if log is not None:
            used.add(name)
            office.offered(log.note)
            _hand_over(office, log)
    except PeerError as error:
        text = str(error)
        problems[name] = text if name in text else f"{name} on the stick: {text}"
    return len(office.history.entries) - before


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


def _read_log(folder: int, name: str, origin: str) -> CarriedLog | None:
    """The log in that folder of the stick, or None if it is not there; PeerError if it is not a sound one."""
    note = _read(folder, f"{name}/checkpoint", MAX_NOTE_BYTES)
    if note is None:
        return None
    try:
        head, _ = read_checkpoint(note)
    except BadNote as error:
        raise PeerError(f"{name} on the stick: {error}") from None
    if head.origin != origin or not 0 < head.size <= MAX_LEAVES:
        raise PeerError(f"{name} on the stick is another log, empty, or of more than {MAX_LEAVES} entries")
    tree = Tree()
    for index in range(-(-head.size // TILE_WIDTH)):
        tile = Tile(0, index, min(TILE_WIDTH, head.size - index * TILE_WIDTH))
        data = _tile(folder, name, tile, TILE_WIDTH * HASH_BYTES)[: tile.width * HASH_BYTES]
        for place in range(0, len(data) - HASH_BYTES + 1, HASH_BYTES):
            tree.append(data[place : place + HASH_BYTES])
    if (tree.size, tree.root()) != (head.size, head.root):
        raise PeerError(f"{name} on the stick: its hashes do not give the root of its checkpoint; carry it again")
    return CarriedLog(folder, name, note, head, tree)


def _tile(folder: int, name: str, tile: Tile, most_bytes: int) -> bytes:
    """A tile's bytes, or the full tile's where a log dropped the partial one."""
    for path in (tile.path, Tile(tile.level, tile.index).path):
        data = _read(folder, f"{name}/{path}", most_bytes)
        if data is not None:
            return data
    raise PeerError(f"{name} on the stick lacks {tile.path}; carry it again")


@contextmanager
def _opened(stick: Path) -> Iterator[int]:
    """The carried folder, held open so that nothing can be put in its place meanwhile."""
    try:
        handle = os.open(stick / FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise PeerError(f"no {FOLDER} can be read on {stick}: {error.strerror}; give the stick's place") from None
    try:
        yield handle
    finally:
        os.close(handle)


def _read(folder: int, path: str, most_bytes: int) -> bytes | None:
    """A plain file's bytes, no link on its way followed; None if it is not there."""
    handles: list[int] = []
    try:
        *folders, last = path.split("/")
        for part in folders:
            inside = handles[-1] if handles else folder
            handles.append(os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=inside))
        handles.append(os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=handles[-1]))
        if not stat.S_ISREG(os.fstat(handles[-1]).st_mode):
            raise PeerError(f"{path} on the stick is no plain file; throw it away")
        with os.fdopen(handles.pop(), "rb") as file:
            data = file.read(most_bytes + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PeerError(f"{path} on the stick cannot be read: {error.strerror}; throw it away") from None
    finally:
        for handle in handles:
            os.close(handle)
    if len(data) > most_bytes:
        raise PeerError(f"{path} on the stick is longer than any such file; throw it away")
    return data


def _say(progress: Progress | None, origin: str) -> None:
    if progress is not None:
        progress(origin)
