"""What the register left behind unsigned is removed, once a run: a crash or a change of mind came before the signature.

Invariant: nothing goes that any entry of the own log names, so nothing is swept before that log is known to be whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from comity.model.spans import DAY_MS
from comity.office.office import Office
from comity.office.register import FolderRegister

SWEEPING = "removing what nobody signed"
UNSIGNED_KEPT_MS = DAY_MS  # longer than any draft may wait for its signature


def swept(office: Office, register: FolderRegister) -> bool:
    """Whether it is done: not while the own log may lack entries, or the clock may be wrong; told if anything went."""
    if office.fault() is not None or office.clock_fault() is not None:
        return False
    try:
        count = register.sweep(lambda: _own_leaves(office), office.clock.now_ms() - UNSIGNED_KEPT_MS)
    except OSError as error:
        office.note_problem(f"versions of the register that nobody signed cannot be removed: {error}", SWEEPING)
        return True
    if count:
        office.note_problem(f"versions of the register that nobody signed, removed: {count}", SWEEPING)
        office.mended(SWEEPING)
    return True


def _own_leaves(office: Office) -> Iterator[bytes]:
    for branch in office.logs.of(office.origin):
        yield from office.logs.leaves(branch, 0, branch.size)
