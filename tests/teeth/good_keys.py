"""Wrong rules of who signs, and the tests that must find them."""

from __future__ import annotations

from comity.model.acts.form import Nature
from comity.model.acts.keys import Compromised
from comity.model.entry import Assertion, Second
from comity.model.history import Taken, View
from comity.model.records import officers
from comity.model.verdict import Refusal
from comity.rules import standing
from comity.rules.case import Case
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import exchanged, replaced


def every_second_is_good(case: Case) -> Refusal | None:
    """Whoever lets a second sign answers for it, whatever he signs."""
    second = case.entry.header.second
    if second is not None and case.act.nature is Nature.RESTRAINT:
        other = officers.officer(case.view, case.keeper, second.key, case.at_ms)
        if other is None or second.seat not in other.seats or other == case.officer:
            return case.refuse("keys", "the second is not good", "have an enrolled officer sign second", 33)
    return standing.two_officers(case)


def the_seat_says_which_key(case: Case) -> Refusal | None:
    """The root key signs root acts, and nobody else signs as root or as the office."""
    seat, act = case.entry.header.seat, case.act
    reserved = seat in (officers.ROOT_SEAT, officers.OFFICE_SEAT) and act.nature is Nature.RESTRAINT
    if reserved and not isinstance(act, standing.ROOT_ACTS):
        return case.refuse("keys", f"{act.name} is signed in no such seat", "name your own seat", 33)
    return standing.key_may_sign(case)


def any_second_will_do(case: Case, second: Second) -> None:
    """The first officer has given his passkey: that is enough for both."""
    return


def any_passkey_will_do(case: Case, place: str, signer: officers.Officer | None, given: Assertion | None) -> object:
    """Whoever confirmed with some passkey has confirmed."""
    return None if given is not None else TRUE_FAULT(case, place, signer, given)


def either_passkey_will_do(case: Case, second: Second) -> object:
    """The two sit beside each other: the first's passkey is good for the second."""
    first = case.officer
    if first is not None and second.assertion is not None and second.assertion.passkey == first.passkey:
        return None
    return TRUE_SECOND_FAULT(case, second)


def as_far_as_it_cites(view: View, act: Compromised, statement: Taken, taken: Taken) -> bool:
    """What cites the log of the statement up to there came after."""
    if statement.entry.origin == taken.entry.origin:
        return taken.entry.seq >= act.since_seq
    own = taken.entry.seen.get(statement.entry.origin)
    return own is None or own[0] > act.since_seq


def same_name(one: officers.Officer, other: officers.Officer) -> bool:
    """Two names are two officers."""
    return (one.party, one.name) == (other.party, other.name)


TRUE_FAULT, TRUE_SECOND_FAULT = standing._passkey_fault, standing._second_passkey_fault

GOOD_KEYS: tuple[Tooth, ...] = (
    tooth("a name makes an officer", replaced(officers.same_person, same_name), "33_one_passkey_is_one_officer"),
    tooth(
        "a bad second spoils a restraint",
        exchanged(standing.two_officers, every_second_is_good),
        "15_second_is_no_reason_to_refuse_a_restraint",
    ),
    tooth(
        "a seat says which key signs a restraint",
        exchanged(standing.key_may_sign, the_seat_says_which_key),
        "15_root_key_restrains",
        "15_seat_is_no_reason_to_refuse_a_restraint",
    ),
    tooth(
        "a second needs no passkey",
        replaced(standing._second_passkey_fault, any_second_will_do),
        "33_second_officer_gives_his_passkey",
        "33_each_of_two_gives_his_own_passkey",
        "33_a_given_passkey_is_the_enrolled_one",
    ),
    tooth(
        "any passkey confirms",
        replaced(standing._passkey_fault, any_passkey_will_do),
        "33_each_of_two_gives_his_own_passkey",
        "33_a_given_passkey_is_the_enrolled_one",
    ),
    tooth(
        "the first's passkey confirms for the second",
        replaced(standing._second_passkey_fault, either_passkey_will_do),
        "33_each_of_two_gives_his_own_passkey",
    ),
    tooth(
        "a thief says himself how much he knew",
        replaced(officers._covers, as_far_as_it_cites),
        "33_thief_at_the_centre_cites_an_old_head",
    ),
)
