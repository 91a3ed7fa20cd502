"""Whether a party's people are there, by what they signed themselves in a view (laws 25, 30).

An unstaffed line must freeze consents. So nothing counts that could be signed while nobody answers: not the `watch`
entries of the party's machine, not a vote or a key act under the root key, which is no officer on duty, and not what
the other end says of the line.
"""

from __future__ import annotations

from comity.model.acts.duty import LineCheck
from comity.model.history import View
from comity.model.known import party_of
from comity.model.records.officers import OFFICE_SEAT, ROOT_SEAT


def officer_signed_since(view: View, party: str, since_ms: int) -> bool:
    """Whether an officer signed an admitted entry of the party's own log at that time or later."""
    for origin in view.logs_of(party):
        for branch in view.history.branches_of(origin):
            for seq in range(view.size(branch.id) - 1, branch.fork - 1, -1):
                taken = view.history.at(branch.id, seq)
                if taken.entry.at_ms < since_ms:
                    break
                if taken.refusal is None and taken.entry.header.seat not in (OFFICE_SEAT, ROOT_SEAT):
                    return True
    return False


def line_works_since(view: View, party: str, other: str, since_ms: int) -> bool:
    """Whether the party's own newest check of its line to another, at that time or later, found it working."""
    own = [
        taken
        for taken in view.since("lines", since_ms)
        if party_of(taken.entry.origin) == party
        and isinstance(taken.entry.act, LineCheck)
        and taken.entry.act.with_participant == other
    ]
    newest = max(own, key=lambda taken: (taken.entry.at_ms, taken.order), default=None)
    return newest is not None and isinstance(newest.entry.act, LineCheck) and newest.entry.act.result != "dead"
