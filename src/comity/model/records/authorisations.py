"""Authorisations of integrated operations by national authorities, in a view (J14)."""

from __future__ import annotations

from comity.model.acts.operations import Authorise, Deauthorise
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.operations import newest_at


def authorised_until(view: View, authorisation: str, party: str, area: str, group: str) -> int | None:
    """Until when a party's authorisation covers area and group, milliseconds; None if it does not.

    It ends at the first clock, like every permission: that of who relies on it, or of who gave it (law 25).
    """
    granted: Taken | None = None
    revoked: list[Taken] = []
    for taken in view.about(f"authorisation/{authorisation}"):
        if party_of(taken.entry.origin) != party:
            continue
        if isinstance(taken.entry.act, Authorise):
            granted = taken
        elif isinstance(taken.entry.act, Deauthorise):
            revoked.append(taken)
    if granted is None or any(granted.order < each.order for each in revoked):
        return None
    act = granted.entry.act
    assert isinstance(act, Authorise)
    if newest_at(view, party) > act.until_ms:
        return None
    return act.until_ms if area in act.areas and group in act.groups else None
