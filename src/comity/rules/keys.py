"""Rules of keys: enrolment, rotation, revocation, deputies, clock steps (laws 28, 33)."""

from __future__ import annotations

from comity.model.acts.keys import ClockStep, Compromised, Depute, Enrol, Revoke, Rotate
from comity.model.records.officers import ROOT_SEAT, officer
from comity.model.terms import Role
from comity.model.verdict import Refusal
from comity.rules.case import Case


def by_root(case: Case) -> Refusal | None:
    """Only the root key enrols: an officer who could would make officers of his own (law 33)."""
    if case.entry.header.seat == ROOT_SEAT:
        return None
    return case.refuse(
        "keys", f"{case.act.name} is not signed by the root key", f"sign it with the root key of {case.keeper.id}", 33
    )


def enrolment_counts(case: Case) -> Refusal | None:
    """The signatories enrol the centre's officers: a key that the centre enrolled could sign nothing (law 33)."""
    if case.keeper.role is not Role.CENTRE:
        return None
    signatories = " or ".join(sorted(case.signatories))
    return case.refuse(
        "keys",
        f"{case.keeper.id} enrols no officers: those of the centre are enrolled by the signatories",
        f"have it enrolled at the office of {signatories}, with that party's root key: comity keys enrol",
        33,
    )


def seats_exist(case: Case) -> Refusal | None:
    """A key is enrolled for seats that the terms place at this participant, or at the centre that it staffs."""
    act = case.act
    assert isinstance(act, Enrol | Rotate)
    staffs = {case.keeper.id}
    if case.is_signatory:
        staffs |= {each.id for each in case.terms.participant if each.role is Role.CENTRE}
    for name in act.seats:
        seat = case.terms.seat_by_id(name)
        if seat is None or not staffs & set(seat.at):
            return case.refuse(
                "keys",
                f"the terms place no seat {name} at {case.keeper.id}",
                "enrol for a seat that the terms name",
                33,
            )
    return None


def key_is_new(case: Case) -> Refusal | None:
    """Keys are distinct: one that was ever enrolled, or is pinned for another use, is not enrolled again."""
    act = case.act
    assert isinstance(act, Enrol | Rotate)
    pinned = {
        key
        for each in case.terms.participant
        if each.pins is not None
        for key in (each.pins.root_key, each.pins.office_key)
    }
    if act.key in pinned or case.view.about(f"key/{act.key}"):
        return case.refuse("keys", f"the key {act.key[:8]} is already in use or was", "make a new key", 33)
    return None


def old_key_is_own(case: Case) -> Refusal | None:
    """What is revoked, rotated, deputed or declared compromised is a key that this participant enrolled."""
    act = case.act
    assert isinstance(act, Revoke | Compromised | Depute | Rotate)
    key = act.old if isinstance(act, Rotate) else act.key
    for taken in case.view.about(f"key/{key}"):
        enrolment = taken.entry.act
        if isinstance(enrolment, Enrol | Rotate) and enrolment.key == key and case.is_own(taken):
            return None
    return case.refuse("keys", f"{case.keeper.id} has enrolled no key {key[:8]}", "name a key of your own", 15)


def depute_is_bounded(case: Case) -> Refusal | None:
    """A deputy sits for a seat that the terms name, until a moment yet to come, by a key still good."""
    act = case.act
    assert isinstance(act, Depute)
    if case.terms.seat_by_id(act.seat) is None:
        return case.refuse("keys", f"the terms name no seat {act.seat}", "depute a seat that exists", 33)
    if act.until_ms <= case.at_ms:
        return case.refuse("keys", "the deputy's time is already over", "give an end that is yet to come", 33)
    if officer(case.view, case.keeper, act.key, case.at_ms) is None:
        return case.refuse("keys", f"the key {act.key[:8]} may not sign here", "depute an enrolled officer", 33)
    return None


def clock_by_two(case: Case) -> Refusal | None:
    """The clock is set back by two officers (law 28)."""
    assert isinstance(case.act, ClockStep)
    if case.entry.header.second is None:
        return case.refuse(
            "office.skew",
            "a clock is set back by two officers and one signed",
            "have a second officer sign the same bytes",
            28,
        )
    return None
