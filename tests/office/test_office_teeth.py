"""Wrong rules of the running office, planted one at a time: the directed tests must find each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import msgspec
import pytest

from comity.model.acts.agreement import TermsPropose
from comity.model.codec import encode
from comity.model.entry import KEY_ID_BYTES, SIGNATURE_BYTES, Entry, Header, Second, parse_entry
from comity.office import office as office_module
from comity.office import signatures
from comity.office.clock_door import ClockDoor
from comity.office.desk import Desk, Draft
from comity.office.office import Office
from comity.office.ports import SignatureCheck
from comity.office.problems import Problems
from comity.office.standing import Standing
from office import test_clock, test_laws, test_newcomer, test_passkeys, test_signatures, test_steps
from office.offices import opened

Plant = Callable[[pytest.MonkeyPatch], None]
Check = Callable[[pytest.MonkeyPatch], None]


def replaced(owner: Any, name: str, wrong: Any) -> Plant:
    """Something in place of the true one."""
    return lambda patch: patch.setattr(owner, name, wrong)


def together(*plants: Plant) -> Plant:
    """Several at once."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for each in plants:
            each(patch)

    return plant


def no_jump(self: ClockDoor, skew_max_s: int, true: Callable[[ClockDoor, int], str | None] = ClockDoor.fault) -> Any:
    """What the door says, but for jumps."""
    said = true(self, skew_max_s)
    return None if said is not None and "jumped" in said else said


def own_clocks(check: Callable[..., None], **more: Any) -> Check:
    """A test of the clock, with the offices that it wants."""

    def play(patch: pytest.MonkeyPatch) -> None:
        wire = opened()[0]
        for desk in wire.desks.values():
            test_clock.with_own_clock(desk, 0)
        wire.polled()
        named = {"monkeypatch": patch} if "monkeypatch" in check.__code__.co_varnames[:2] else {}
        check(wire, **named, **more)

    return play


def law(check: Callable[..., None]) -> Check:
    """A test of a law, with the offices that it wants."""
    return lambda patch: check(opened()[0])


def alone(check: Callable[..., None], **more: Any) -> Check:
    """A test that makes its own offices."""
    return lambda patch: check(**more)


def every_proposal(self: Standing) -> list[Any]:
    """Whatever anybody proposed opens the office."""
    texts = [taken.entry.act for taken in self._history.entries if isinstance(taken.entry.act, TermsPropose)]
    found = [self._history.known.terms(each.content()) for each in texts]
    return [terms for terms in found if terms is not None]


def signed_is_enough(entry: Entry, second: Second, signed: bytes, check: SignatureCheck) -> None:
    """The second officer's signature fits; what his passkey says is not looked at."""
    bare = msgspec.structs.replace(second, assertion=None)
    TRUE_SECOND(entry, bare, signed, check)


def cut_where_first_found(json: bytes, header: Header, member: Literal["assertion", "second"]) -> bytes:
    """The member's text is looked for, and cut where it stands first."""
    value = getattr(header, member)
    return json if value is None else json.replace(b'"%s":%s,' % (member.encode(), encode(value)), b"", 1)


def promised_is_given(self: Desk, json: bytes, signature: bytes, fault: str | None, draft: Draft | None) -> Any:
    """Who named a passkey when the act was prepared has confirmed it."""
    if draft is not None and draft.json == json:
        draft = replace(draft, entry=parse_entry(bytes(SIGNATURE_BYTES + KEY_ID_BYTES) + json))
    return TRUE_SUBMIT(self, json, signature, fault, draft)


TRUE_SECOND, TRUE_SUBMIT = signatures._check_second, Desk.submit

TEETH: dict[str, tuple[Plant, Check]] = {
    "silence is a wrong clock": (
        replaced(ClockDoor, "_most_ms", ClockDoor._least_ms),
        own_clocks(test_clock.test_restart_beside_quiet_peers_is_no_alarm),
    ),
    "what comes late is a wrong clock": (
        replaced(ClockDoor, "_most_ms", ClockDoor._least_ms),
        own_clocks(test_clock.test_entries_that_come_late_are_no_alarm),
    ),
    "no clock is ever ahead": (
        replaced(ClockDoor, "_most_ms", lambda self: None),
        own_clocks(test_clock.test_clock_ahead_of_lively_peers),
    ),
    "the store says nothing of the clock": (
        replaced(ClockDoor, "_least_ms", lambda self: None),
        own_clocks(test_clock.test_clock_behind),
    ),
    "a jump is borne": (
        replaced(ClockDoor, "fault", no_jump),
        own_clocks(test_clock.test_jump_while_alone, jump_ms=3_600_000),
    ),
    "an act is as new as its entry": (
        replaced(ClockDoor, "__init__", lambda self, clock, oldest, true=ClockDoor.__init__: true(self, clock, 0)),
        own_clocks(test_clock.test_an_act_may_lie_before_its_officer),
    ),
    "the watch is signed after its time": (
        together(replaced(office_module, "WATCH_EARLY", 10**9), replaced(office_module, "WATCH_LAST", 10**9)),
        law(test_laws.test_law_30_watch_is_signed_in_time),
    ),
    "a draft puts the watch off": (
        replaced(office_module, "WATCH_LAST", 10**9),
        law(test_laws.test_law_30_no_draft_delays_the_watch_for_long),
    ),
    "any act is a receipt": (
        replaced(Office, "_is_unacknowledged", lambda self, newest: False),
        law(test_laws.test_law_30_an_act_on_less_is_no_receipt),
    ),
    "a proposal opens the office": (
        replaced(Standing, "_in_force", every_proposal),
        alone(test_newcomer.test_some_votes_open_no_office),
    ),
    "who was ever named is served": (
        replaced(Standing, "_in_force", lambda self: [self._history.known.founding]),
        alone(test_newcomer.test_who_left_gets_nothing),
    ),
    "what went wrong stays": (
        replaced(Problems, "mended", lambda self, about: None),
        alone(test_steps.test_problems_come_and_go),
    ),
    "a second's passkey is not looked at": (
        replaced(signatures, "_check_second", signed_is_enough),
        alone(test_signatures.test_second_assertion_is_of_the_prepared_bytes),
    ),
    "a member is cut where it is first found": (
        together(
            replaced(test_signatures, "without_member", cut_where_first_found),
            replaced(signatures, "without_member", cut_where_first_found),
        ),
        alone(test_signatures.test_members_are_cut_where_they_stand),
    ),
    "a promised passkey is given": (
        replaced(Desk, "submit", promised_is_given),
        alone(test_passkeys.test_what_was_named_is_given),
    ),
    "an act claims any age": (
        replaced(Desk, "_at_ms_is_forced", lambda self, entry, own: True),
        own_clocks(test_clock.test_an_act_that_claims_the_future_is_thrown_back),
    ),
}


@pytest.mark.parametrize("says", TEETH)
def test_planted_wrong_rule_is_found(says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the wrong rule planted its test fails; without it the test holds, so it is the rule that it sees."""
    plant, check = TEETH[says]
    with pytest.MonkeyPatch.context() as patch:
        check(patch)
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            check(patch)
