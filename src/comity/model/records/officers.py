"""Whose key it is: enrolment, revocation, deputies, by position in the log of the enrolling party (law 33)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

from comity.model.acts.keys import Compromised, Depute, Enrol, Revoke, Rotate
from comity.model.entry import Entry
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import terms_to_judge_by
from comity.model.terms import Participant, Role

ROOT_SEAT = "root"
OFFICE_SEAT = "office"


@dataclass(frozen=True, slots=True)
class Officer:
    """A seat, a key and a working name, no more. `party` enrolled the key."""

    key: str
    name: str
    party: str
    seats: frozenset[str]
    passkey: str | None
    enrolled: Taken


def officer(view: View, keeper: Participant, key: str, at_ms: int) -> Officer | None:
    """The officer whose key may sign into the log of `keeper` at the end of the view, or None."""
    found = _enrolled(view, keeper, key)
    if found is None:
        return None
    one, deputes = found
    deputed = {depute.seat for depute in deputes if at_ms <= depute.until_ms}
    return replace(one, seats=one.seats | deputed) if deputed else one


def same_person(one: Officer, other: Officer) -> bool:
    """Whether two keys are one officer's: working names are unique within a party, and a passkey is in one hand, under
    however many names its holder was enrolled."""
    if one.passkey is not None and one.passkey == other.passkey:
        return True
    return (one.party, one.name) == (other.party, other.name)


def is_revoked(view: View, key: str, party: str) -> bool:
    """Whether the view holds an end of the key by the party that enrolled it."""
    for taken in view.about(f"key/{key}"):
        act = taken.entry.act
        ends = isinstance(act, Revoke | Compromised) or (isinstance(act, Rotate) and act.old == key)
        if ends and party_of(taken.entry.origin) == party:
            return True
    return False


def signing_keys(entry: Entry) -> tuple[str, ...]:
    """The keys of the officer who signed an entry and of the second one, if two did."""
    second = entry.header.second
    return (entry.header.key,) if second is None else (entry.header.key, second.key)


def compromised_since(view: View, taken: Taken) -> bool:
    """Whether the view holds a statement that a key of that entry was in other hands when it was signed."""
    keys = signing_keys(taken.entry)
    return any(declares_compromised(view, statement, taken) for key in keys for statement in view.about(f"key/{key}"))


def declares_compromised(view: View, statement: Taken, taken: Taken) -> bool:
    """Whether a statement says that a key which signed that entry, first or second, was in other hands by then."""
    act = statement.entry.act
    if not isinstance(act, Compromised) or act.key not in signing_keys(taken.entry):
        return False
    return _covers(view, act, statement, taken)


def _covers(view: View, act: Compromised, statement: Taken, taken: Taken) -> bool:
    """In the log of the statement, by position. In the centre's log all that the stated position had not in its past:
    what an entry cites is its signer's choice, and a thief would cite an old head."""
    if statement.entry.origin == taken.entry.origin:
        return taken.entry.seq >= act.since_seq
    since = view.history.at(statement.branch, min(act.since_seq, statement.entry.seq))
    return not view.history.past(since).holds(taken)


def _enrolled(view: View, keeper: Participant, key: str) -> tuple[Officer, list[Depute]] | None:
    """The officer in the seats of the enrolment, and what deputes it further; kept, since it depends only on who may
    enrol for the keeper and on the acts about the key."""
    enrollers = terms_to_judge_by(view).signatories if keeper.role is Role.CENTRE else (keeper.id,)
    question = ("officer", enrollers, key, view.cut(f"key/{key}"))
    kept: dict[Hashable, tuple[Officer, list[Depute]] | None] = view.history.kept
    if question not in kept:
        kept[question] = _read_enrolment(view, enrollers, key)
    return kept[question]


def _read_enrolment(view: View, enrollers: tuple[str, ...], key: str) -> tuple[Officer, list[Depute]] | None:
    acts = view.about(f"key/{key}")
    enrolment = next((taken for taken in acts if _enrols(taken, enrollers, key)), None)
    if enrolment is None:
        return None
    act, party = enrolment.entry.act, party_of(enrolment.entry.origin)
    assert isinstance(act, Enrol | Rotate)
    if is_revoked(view, key, party):
        return None
    own = (each.entry.act for each in acts if party_of(each.entry.origin) == party)
    deputes = [each for each in own if isinstance(each, Depute)]
    return Officer(key, act.officer, party, frozenset(act.seats), act.passkey, enrolment), deputes


def _enrols(taken: Taken, enrollers: tuple[str, ...], key: str) -> bool:
    act = taken.entry.act
    return isinstance(act, Enrol | Rotate) and act.key == key and party_of(taken.entry.origin) in enrollers
