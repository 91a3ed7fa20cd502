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
from comity.model.acts import Act
from comity.model.acts.agreement import Suspend, TermsPropose
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

    def describe(self, digits: str) -> str:
        """No hash is known."""
        return digits

    def draft(self, act: Act, first: Officer, second: Officer | None) -> bytes | Refusal:
        """The next draft."""
        return self.drafts.pop(0)

    def submit(self, json: bytes, signature: bytes) -> Submitted | Refusal | Stale:
        """The next answer."""
        self.taken.append((json, signature))
        return self.answers.pop(0)


def hand_in(door: FakeDoor, act: Act, manner: Manner = YES) -> int:
    """The whole way at that office."""
    return sign_and_hand_in(cast(Door, door), act, ANN, None, manner)


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
