"""What the own door refuses because of what only the office knows: restraints that wait, forks that it has seen.

Stricter than the judge, never looser (law 8). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from comity.model.acts import Act, Nature
from comity.model.acts.agreement import Suspend, Withdraw
from comity.model.acts.operations import Hold
from comity.model.entry import Entry
from comity.model.geometry import volumes_meet
from comity.model.history import History
from comity.model.known import party_of
from comity.model.places import volume_of
from comity.model.terms import Terms
from comity.model.verdict import Refusal
from comity.model.volume import Volume
from comity.rules.case import refusal, short


def own_door(
    act: Act, terms: Terms, history: History, waiting: Iterable[Entry], forked: Iterable[str]
) -> Refusal | None:
    """The first refusal of a permission by what the office holds beyond its past; restraints always pass (law 15)."""
    if act.nature is not Nature.PERMISSION:
        return None
    for origin in forked:
        party = party_of(origin)
        keeper = terms.participant_by_id(party)  # who was given a new log has done with the fork of the old one
        if party in terms.signatories and keeper is not None and keeper.pins and keeper.pins.origin == origin:
            return refusal(
                terms,
                "agreement",
                f"{party} has signed two heads of its log {origin}",
                "agree on a new log first",
                4,
            )
    for entry in waiting:
        if _binds(act, entry, history):
            problem = f"{entry.header.act} of {entry.origin} ({short(entry.id)}) stands, its past is still on the way"
            return refusal(terms, "agreement", problem, "wait for it, or ask its sender for the whole past", 8)
    return None


def _binds(act: Act, waiting: Entry, history: History) -> bool:
    """Whether a restraint whose past is not here may bear on the act; when in doubt it does."""
    restraint = waiting.act
    assert isinstance(restraint, Act)
    if isinstance(restraint, Suspend | Withdraw) or restraint.name.startswith(("key.", "clock.")):
        return True
    if isinstance(restraint, Hold) and restraint.request is None and restraint.volume is None:
        return True
    if set(restraint.about(waiting.id)) & set(act.about("")):
        return True
    request = getattr(act, "request", None)
    if request is not None and waiting.id == request:
        return True
    return _rooms_meet(act, restraint, history)


def _rooms_meet(act: Act, restraint: Act, history: History) -> bool:
    mine, theirs = _room(act, history), _room(restraint, history)
    return mine is not None and theirs is not None and volumes_meet(mine, theirs)


def _room(act: Act, history: History) -> Volume | None:
    volume = volume_of(act, history.act_of)
    request = getattr(act, "request", None)
    if volume is None and isinstance(request, str):
        found = history.find(request)
        if found is not None and isinstance(found.entry.act, Act):
            volume = volume_of(found.entry.act, history.act_of)
    return volume
