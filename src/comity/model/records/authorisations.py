"""Authorisations of integrated operations by national authorities, in a view (J14).

An authorisation is a permission that later acts rest on, like a consent, and ends like one: at the first clock, at a
clock set back, with the terms that it was given under, with its key, and when the area that it names is drawn anew.
"""

from __future__ import annotations

from comity.model.acts.operations import Authorise, Deauthorise
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.areas import area_versions
from comity.model.records.change import terms_heads
from comity.model.records.officers import compromised_since
from comity.model.records.operations import clock_stepped, newest_at


def is_authorised(view: View, authorisation: str, party: str, area: str, group: str, relying: str, at_ms: int) -> bool:
    """Whether a party's newest authorisation of that name covers area and group for who relies on it at `at_ms`."""
    granted = granted_by(view, authorisation, party)
    if granted is None:
        return False
    act = granted.entry.act
    assert isinstance(act, Authorise)
    if area not in act.areas or group not in act.groups or max(at_ms, newest_at(view, party)) > act.until_ms:
        return False
    return not (
        granted.entry.header.terms not in terms_heads(view)
        or _drawn_anew(view, granted, area)
        or compromised_since(view, granted)
        or clock_stepped(view, granted, {party, relying})
    )


def granted_by(view: View, authorisation: str, party: str) -> Taken | None:
    """The party's newest authorisation of that name, if it has not ended it since; live or not."""
    granted: Taken | None = None
    for taken in view.about(f"authorisation/{authorisation}"):
        if party_of(taken.entry.origin) != party:
            continue
        if isinstance(taken.entry.act, Authorise):
            granted = taken
        elif isinstance(taken.entry.act, Deauthorise):
            granted = None
    return granted


def _drawn_anew(view: View, granted: Taken, area: str) -> bool:
    """Whether the authority knew another version of the area than the one in force: it allowed nothing in this one."""
    past = view.history.past(granted)
    return [each.version for each in area_versions(view, area)] != [each.version for each in area_versions(past, area)]
