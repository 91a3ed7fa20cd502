"""Signing: what the officer reads is what he signs, and what he did not ask for is never signed."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from comity.interfaces.cli.reach import Door, Officer, Submitted
from comity.interfaces.cli.rendering import in_words
from comity.interfaces.cli.signing import Manner, check_draft, sign_and_hand_in, signed
from comity.interfaces.words import moment_ms
from comity.model.acts import Act
from comity.model.acts.agreement import Suspend, TermsPropose, Vote
from comity.model.acts.movements import MovementAgree
from comity.model.acts.operations import Hold, OperationWithdraw
from comity.model.entry import NO_ENTRY, build_json, parse_entry
from comity.model.errors import Misuse, PeerError
from comity.model.verdict import Refusal
from comity.office.desk import Stale
from comity.office.keyring import KeySigner
from comity.office.signatures import check_signatures, leaf_of

ANN, BEN = Officer(KeySigner(b"a" * 32), "duty"), Officer(KeySigner(b"b" * 32), "senior")
UNSIGNED = bytes(68)
YES = Manner(yes=True, as_json=False)


def draft(act: Act, officer: Officer = ANN, **changes: Any) -> bytes:
    """The bytes that an office would have signed."""
    header = {
        "at": 1_500_000_000_000,
        "key": officer.signer.key,
        "origin": "pact/north",
        "previous": NO_ENTRY,
        "seat": officer.seat,
        "seen": {},
        "seq": 0,
        "terms": "00" * 32,
    }
    return build_json(header | changes, act)


@dataclass
class FakeDoor:
    """An office that gives these drafts and answers."""

    drafts: list[bytes | Refusal]
    answers: list[Submitted | Refusal | Stale] = field(default_factory=list)
    taken: list[tuple[bytes, bytes]] = field(default_factory=list)
    with_passkeys: tuple[str, ...] = ()

    def describe(self, digits: str) -> str:
        """No hash is known."""
        return digits

    participant = "north"

    def ask(self, question: str, text: str) -> Any:
        """The seats of the terms, those of the key, and whether a passkey goes with it; no entry is held."""
        if question == "entry":
            raise Misuse(f"no entry here begins with {text}")
        assert question == "seats"
        return {"here": ["duty", "senior"], "own": ["duty"], "passkey": text in self.with_passkeys}

    def draft(self, act: Act, first: Officer, second: Officer | None) -> bytes | Refusal:
        """The next draft."""
        return self.drafts.pop(0)

    def submit(self, json: bytes, signature: bytes) -> Submitted | Refusal | Stale:
        """The next answer."""
        self.taken.append((json, signature))
        return self.answers.pop(0)


def hand_in(door: FakeDoor, act: Act, manner: Manner = YES, first: Officer = ANN, second: Officer | None = None) -> int:
    """The whole way at that office."""
    return sign_and_hand_in(cast(Door, door), act, first, second, manner)


@pytest.mark.parametrize(
    "given", [draft(Suspend()), draft(Hold(until_ms=1)), draft(Hold(), BEN), draft(Hold(), seat="senior")]
)
def test_another_act_is_never_signed(given: bytes) -> None:
    """An office that drafts another act, seat or key than asked for gets no signature."""
    door = FakeDoor([given])
    with pytest.raises(PeerError, match="sign nothing"):
        hand_in(door, Hold())
    assert door.taken == []


def test_what_is_signed_fits() -> None:
    """Both officers' signatures fit the bytes, as every office checks them."""
    act = Hold()
    json, signature = signed(draft(act), ANN, BEN)
    entry = parse_entry(leaf_of(json, ANN.signer.key, signature))
    check_signatures(entry)
    assert entry.act == act and entry.header.second is not None and entry.header.second.seat == "senior"
    assert check_draft(draft(act), act, ANN).act == act


def test_stale_is_drafted_again() -> None:
    """What the office took in meanwhile has the act drafted and signed anew, at most five times."""
    door = FakeDoor([draft(Hold())] * 2, [Stale("3 entries are new"), Submitted("ab", "pact/north", 0, ("south",))])
    assert hand_in(door, Hold()) == 0 and len(door.taken) == 2
    with pytest.raises(PeerError, match="try again"):
        hand_in(FakeDoor([draft(Hold())] * 9, [Stale("more")] * 9), Hold())


def test_refusal_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A refusal exits 1 with clause, problem and remedy; nothing was signed."""
    refusal = Refusal("operation", "clause 4.1", "south has not consented to OP-1", "ask south")
    assert hand_in(FakeDoor([refusal]), Hold()) == 1
    assert capsys.readouterr().err == "comity: refused by clause 4.1: south has not consented to OP-1; ask south\n"


@pytest.mark.parametrize(
    ("seat", "said"), [("dutty", "no seat 'dutty' at north; they know duty, senior"), ("senior", "it sits in duty")]
)
def test_a_mistyped_seat_is_told(seat: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A restraint in a seat that the terms, or the key, do not have is told before it is signed, and never refused."""
    officer = Officer(ANN.signer, seat)
    door = FakeDoor([draft(Hold(), officer)], [Submitted("ab", "pact/north", 0, ())])
    assert hand_in(door, Hold(), first=officer) == 0 and len(door.taken) == 1
    told = capsys.readouterr().err
    assert said in told and "never refused for its seat" in told
    right = FakeDoor([draft(Hold())], [Submitted("ab", "pact/north", 0, ())])
    assert hand_in(right, Hold()) == 0 and "never refused" not in capsys.readouterr().err


@pytest.mark.parametrize("careful", [ANN, BEN])
def test_a_passkey_cannot_be_asked_here(careful: Officer) -> None:
    """An officer enrolled with a passkey, first or second, is told before anything is drafted; he still restrains."""
    agree = MovementAgree(request="ab" * 32)
    door = FakeDoor([draft(agree)], [Submitted("ab", "pact/north", 0, ())], with_passkeys=(careful.signer.key,))
    with pytest.raises(Misuse, match=f"{careful.signer.key[:8]}.*that a command line cannot ask for.*without one"):
        hand_in(door, agree, second=BEN)
    assert len(door.drafts) == 1 and door.taken == []
    door.drafts = [draft(Hold())]
    assert hand_in(door, Hold(), second=BEN) == 0 and len(door.taken) == 1
    other = FakeDoor([draft(agree)], [Submitted("ab", "pact/north", 0, ())], with_passkeys=("cd" * 32,))
    assert hand_in(other, agree, second=BEN) == 0


def test_votes_say_which_way() -> None:
    """What is read before a vote says FOR what it is, or that it declines."""
    vote = Vote(thing="area/a-1", after=(), round=0, content="ab" * 32)
    told = in_words(parse_entry(UNSIGNED + draft(vote)), lambda each: f"{each[:8]} (area.propose a-1)")
    assert "change.vote: you vote FOR abababab (area.propose a-1)" in told
    declined = Vote(thing="area/a-1", after=(), round=0, content=None)
    assert "you DECLINE: " in in_words(parse_entry(UNSIGNED + draft(declined)), str)


@pytest.mark.parametrize(("typed", "code"), [("y\ny\n", 0), ("y\nn\n", 1), ("n\ny\n", 1), ("y\n", 1)])
def test_both_officers_are_asked(
    typed: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where two sign, each is asked, and the second is told what he signs."""
    keyboard = io.StringIO(typed)
    monkeypatch.setattr(keyboard, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", keyboard)
    door = FakeDoor([draft(Hold())], [Submitted("ab", "pact/north", 0, ())])
    assert hand_in(door, Hold(), Manner(yes=False, as_json=False), second=BEN) == code
    told = capsys.readouterr().err.replace("\ncomity: ", " ")
    assert "signs this very act too, hold.place as entry 0 of pact/north" in told


def test_times_are_told_whole() -> None:
    """A time written as +10m stands in what is signed, and is read, as a whole time in UTC."""
    assert moment_ms("+10m", 1_500_000_000_000) == moment_ms("+10min", 1_500_000_000_000) == 1_500_000_600_000
    told = in_words(parse_entry(UNSIGNED + draft(Hold(until_ms=1_500_000_600_000))), str)
    assert "2017-07-14 02:50:00Z" in told


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("YES\n", 0), ("n\n", 1), ("\n", 1), ("", 1)])
def test_asked(monkeypatch: pytest.MonkeyPatch, typed: str, code: int) -> None:
    """Nothing but y or yes signs."""
    keyboard = io.StringIO(typed)
    monkeypatch.setattr(keyboard, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", keyboard)
    door = FakeDoor([draft(Hold())], [Submitted("ab", "pact/north", 0, ())])
    assert hand_in(door, Hold(), Manner(yes=False, as_json=False)) == code
    assert len(door.taken) == (code == 0)


def test_words_come_from_the_bytes() -> None:
    """Every field that is not at its default is told; a long text by its length and its own hash."""
    digits = "ab" * 32
    told = in_words(
        parse_entry(UNSIGNED + draft(OperationWithdraw(request=digits, consent=digits))), lambda each: f"<{each[:4]}>"
    )
    assert "operation.withdraw" in told and "<abab>" in told and "pact/north, entry 0" in told
    told = in_words(parse_entry(UNSIGNED + draft(TermsPropose(text="x y " * 500))), str)
    assert "of 2000 characters, SHA-256" in told and max(map(len, told.splitlines())) <= 100


def test_nobody_at_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal and without --yes nothing is signed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(Misuse, match="nobody is at the keyboard"):
        hand_in(FakeDoor([draft(Hold())]), Hold(), Manner(yes=False, as_json=False))
