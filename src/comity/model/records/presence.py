"""Whether a party's people are there, by what they signed themselves in a view (laws 25, 30, 33).

An unstaffed line must freeze consents. So nothing counts that could be signed while nobody answers: not the `watch`
entries of the party's machine, not a vote or a key act under the root key, which is no officer on duty, not what the
other end says of the line, and not what a key signed that was in other hands by then: a thief answers for nobody. That
a line is dead counts whoever says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from comity.model.acts.duty import LineCheck
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.officers import OFFICE_SEAT, ROOT_SEAT, compromised_since


def officer_signed_since(view: View, party: str, since_ms: int) -> bool:
    """Whether an officer signed an admitted entry of the party's own log at that time or later."""
    return any(not compromised_since(view, taken) for taken in officers_entries(view, party, since_ms))


def line_works_since(view: View, party: str, other: str, since_ms: int) -> bool:
    """Whether the party's own newest check of its line to another, at that time or later, found it working."""
    return any(not compromised_since(view, taken) for taken in working_checks(view, party, other, since_ms))


def officers_entries(view: View, party: str, since_ms: int) -> Iterator[Taken]:
    """The admitted entries that officers signed into the party's own log at that time or later, the newest first."""
    for origin in view.logs_of(party):
        for branch in view.history.branches_of(origin):
            for seq in range(view.size(branch.id) - 1, branch.fork - 1, -1):
                taken = view.history.at(branch.id, seq)
                if taken.entry.at_ms < since_ms:
                    break
                if taken.refusal is None and taken.entry.header.seat not in (OFFICE_SEAT, ROOT_SEAT):
                    yield taken


def working_checks(view: View, party: str, other: str, since_ms: int) -> list[Taken]:
    """The party's own checks of its line to another, at that time or later, that found it working and that none since
    has gone back on."""
    found: list[Taken] = []
    for taken in sorted(view.since("lines", since_ms), key=lambda taken: (taken.entry.at_ms, taken.order)):
        act = taken.entry.act
        if isinstance(act, LineCheck) and party_of(taken.entry.origin) == party and act.with_participant == other:
            found = [] if act.result == "dead" else [*found, taken]
    return found
