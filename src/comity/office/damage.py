"""What is wrong with an office's folder whose store does not hold together: the disk, the founding file, or neither.

Everything in a store was taken once. So what cannot be taken again was changed where it lay, whatever it looks like
now. Not trusted: the disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256

from comity.model.acts.agreement import Vote
from comity.model.entry import leaf_hash, reread_entry
from comity.model.errors import Malformed
from comity.office.founding import fingerprint, grouped
from comity.tlog.checkpoint import read_checkpoint
from comity.tlog.errors import BadNote, StoreError
from comity.tlog.merkle import Tree
from comity.tlog.store import Store

RESTORE = "restore a backup (comity restore); what came after it comes back from the others"


def changed(what: str) -> StoreError:
    """The error for what was stored and now reads otherwise."""
    return StoreError(f"the disk changed what was stored, {what}; {RESTORE}")


def check_founding(founding: bytes, leaves: Iterable[bytes]) -> None:
    """Accepts the founding file if any of the leaves, the oldest first, founds on it; StoreError if none does.

    To be named is not enough: every later leaf names terms that were agreed later.
    """
    digest, first, is_named = sha256(founding).hexdigest(), None, False
    for leaf in leaves:
        if digest.encode() in leaf:
            is_named = True
            if _founds_on(leaf, digest):
                return
        first = first or leaf
    if first is None:
        return
    asked = "the one that was compared at the founding"
    with suppress(Malformed):
        asked = f"the file with the fingerprint {grouped(reread_entry(first).header.terms)}"
    what = "holds terms that were agreed later, and not" if is_named else "is not"
    raise StoreError(
        f"founding.toml {what} the founding file that this log was begun with: it has the fingerprint "
        f"{fingerprint(founding)}; put back {asked}, from a backup or from another office"
    )


def is_damaged(store: Store) -> bool:
    """Whether some log's stored leaves do not give the root that is signed beside them."""
    for info in store.branches():
        note = store.note(info.id)
        if note is None:
            continue
        try:
            checkpoint, _ = read_checkpoint(note)
            tree = Tree()
            for row in store.read(info.id, 0, checkpoint.size):
                tree.append(leaf_hash(row.leaf))
        except (BadNote, StoreError):
            return True
        if tree.root() != checkpoint.root:
            return True
    return False


def _founds_on(leaf: bytes, digest: str) -> bool:
    """Whether a leaf is a founder's vote for those terms, or the first that anybody signed."""
    with suppress(Malformed):
        header = reread_entry(leaf).header
        return header.terms == digest and header.seq == 0 and (not header.seen or header.act == Vote.name)
    return False
