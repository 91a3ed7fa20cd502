"""Who may sign what: root key, office key, seats, two officers, passkeys (laws 13, 15, 30, 33)."""

from __future__ import annotations

from comity.model.acts.agreement import Vote
from comity.model.acts.form import Nature
from comity.model.acts.keys import ClockStep, Compromised, Depute, Enrol, Join, Revoke, Rotate, Watch
from comity.model.entry import Assertion, Entry, Second
from comity.model.history import View
from comity.model.known import party_of
from comity.model.records.change import complete
from comity.model.records.officers import OFFICE_SEAT, ROOT_SEAT, Officer, is_revoked, officer, same_person
from comity.model.terms import Participant, Role, Terms
from comity.model.verdict import Refusal
from comity.rules.case import Case

ROOT_ACTS = (Enrol, Rotate, Revoke, Compromised, Depute, Vote, Join)


def officer_of(entry: Entry, view: View, keeper: Participant) -> Officer | None:
    """The enrolled officer who signed, or None for the root key, the office key and strangers."""
    return officer(view, keeper, entry.header.key, entry.at_ms)


def keeper_of(entry: Entry, view: View, terms: Terms) -> Participant | None:
    """Who keeps the entry's log by the terms in force; a log that terms only propose is nobody's.

    Who has left, or has another log now, still restrains from the old one: what it began, it ends (law 15). It is who
    it was in the newest of the terms once in force that name the log, with the keys that they pin.
    """
    found = _pinned(terms, entry.origin)
    if found is not None or getattr(entry.act, "nature", None) is not Nature.RESTRAINT:
        return found
    once = sorted(complete(view, "terms").values(), key=lambda change: (change.height, change.id), reverse=True)
    old = (view.terms(change.content) for change in once)
    keepers = (_pinned(each, entry.origin) for each in old if each is not None)
    return next((keeper for keeper in keepers if keeper is not None), None)


def key_may_sign(case: Case) -> Refusal | None:
    """The signing key is the root key, the office key or an enrolled officer's, in the seat that it names.

    For a restraint a good key is all it takes, whatever seat is written beside it: an enrolled officer's, or the root
    key, which is above them all and may be the only one left when the others are in wrong hands (law 15).
    """
    pins = case.keeper.pins
    assert pins is not None, "a log is named by terms with pins"
    key, seat = case.entry.header.key, case.entry.header.seat
    if case.act.nature is Nature.RESTRAINT and (case.officer is not None or key == pins.root_key):
        return None
    if seat == ROOT_SEAT:
        if key == pins.root_key and isinstance(case.act, ROOT_ACTS):
            return None
        return case.refuse(
            "keys",
            f"{case.act.name} is not signed by the root key of {case.keeper.id} for a root act",
            "sign it with an officer's key in an enrolled seat",
            33,
        )
    if seat == OFFICE_SEAT or isinstance(case.act, Watch):
        if seat == OFFICE_SEAT and key == pins.office_key and isinstance(case.act, Watch):
            return None
        return case.refuse(
            "keys",
            "the office's own key signs watch entries and nothing else signs them",
            "sign acts with an officer's key",
            30,
        )
    if case.officer is None:
        return _not_enrolled(case, key)
    if seat not in case.officer.seats:
        return case.refuse(
            "keys",
            f"{case.officer.name} does not sit in seat {seat}",
            "sign in one of your own seats, or have it deputed",
            33,
        )
    return None


def seat_may_sign(case: Case) -> Refusal | None:
    """Permissions, votes and records need a seat that may sign them here; restraints any seat (law 15)."""
    if case.act.nature in (Nature.RESTRAINT, Nature.WATCH) or case.officer is None:
        return None
    return _seat_fault(case, case.entry.header.seat)


def two_officers(case: Case) -> Refusal | None:
    """Where the terms ask for two officers, a second one, another person, signed the same bytes.

    A restraint never waits for a second, nor does entry 0: its log has enrolled nobody yet. A second that stands under
    a restraint unasked, good or bad, is nobody's reason to refuse it: it stands by its first key (law 15). A clock act
    is a restraint that two sign, and is judged as signed by two (law 28).
    """
    if case.act.nature is Nature.RESTRAINT and not isinstance(case.act, ClockStep):
        return None
    second = case.entry.header.second
    exempt = case.act.nature is Nature.RESTRAINT or case.entry.seq == 0
    wanted = case.act.name in case.terms.two_officers and not exempt
    if second is None:
        if wanted:
            return case.refuse(
                "keys",
                f"{case.act.name} needs two officers and one signed",
                "have a second officer sign the same bytes",
                33,
            )
        return None
    other = officer(case.view, case.keeper, second.key, case.at_ms)
    if other is None or second.seat not in other.seats:
        return case.refuse(
            "keys",
            "the second officer's key is not enrolled in the seat that it names",
            "have an enrolled second officer sign",
            33,
        )
    if case.officer is None:
        return case.refuse("keys", "the first signature is no officer's", "have an enrolled officer sign first", 33)
    if other.key == case.officer.key or same_person(other, case.officer):
        return case.refuse("keys", "both signatures are by one officer", "have another officer sign second", 33)
    return None if not wanted else _seat_fault(case, second.seat)


def passkey_given(case: Case) -> Refusal | None:
    """A given assertion is by the passkey enrolled with its key; who enrolled one gives it for every permission.

    So does the second officer: his key alone would do for whoever stole it. A restraint stands by its key (law 15).
    """
    if case.act.nature is Nature.RESTRAINT:
        return None
    header = case.entry.header
    refused = _passkey_fault(case, "first", case.officer, header.assertion)
    if refused is not None or header.second is None:
        return refused
    return _second_passkey_fault(case, header.second)


def _not_enrolled(case: Case, key: str) -> Refusal:
    """Why a key is nobody's here, and whose root key mends it: the centre's officers are the signatories' (law 33)."""
    enrollers = sorted(case.signatories) if case.keeper.role is Role.CENTRE else [case.keeper.id]
    roots = f"with the root key of {' or '.join(enrollers)}"
    if any(is_revoked(case.view, key, party) for party in enrollers):
        problem = f"the key {key[:8]} was enrolled and has ended in this entry's past, for good"
        return case.refuse("keys", problem, f"sign with the officer's new key, or have a new one enrolled {roots}", 33)
    problem = f"the key {key[:8]} is not enrolled, or was revoked, in this entry's past"
    return case.refuse("keys", problem, f"enrol it {roots}", 33)


def _second_passkey_fault(case: Case, second: Second) -> Refusal | None:
    other = officer(case.view, case.keeper, second.key, case.at_ms)
    return _passkey_fault(case, "second", other, second.assertion)


def _passkey_fault(case: Case, place: str, signer: Officer | None, given: Assertion | None) -> Refusal | None:
    enrolled = signer.passkey if signer is not None else None
    if given is not None and given.passkey != enrolled:
        return case.refuse(
            "keys",
            f"the passkey of whoever signs {place} is not the one that was enrolled with the key",
            "confirm with the enrolled passkey, or without one if none was enrolled",
            33,
        )
    if given is None and signer is not None and enrolled is not None and case.act.nature is Nature.PERMISSION:
        return case.refuse(
            "keys",
            f"{signer.name} signs {place}, enrolled with a passkey and has not confirmed {case.act.name} with it",
            "have that officer confirm it with the passkey, or an officer sign who enrolled without one",
            33,
        )
    return None


def _seat_fault(case: Case, seat: str) -> Refusal | None:
    found = case.terms.seat_by_id(seat)
    if found is not None and case.keeper.id in found.at and found.may_sign(case.act.name):
        return None
    return case.refuse(
        "keys", f"seat {seat} may not sign {case.act.name} at {case.keeper.id}", "have it signed by a seat that may", 33
    )


def _pinned(terms: Terms, origin: str) -> Participant | None:
    found = terms.participant_by_id(party_of(origin))
    return found if found is not None and found.pins is not None and found.pins.origin == origin else None
