"""What `comity keys` signs: a new key is the same officer's, with all that went with the old one."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cli.test_consents import meaning
from comity.interfaces.cli import key_acts
from comity.interfaces.cli.lookups import Held, answer
from comity.interfaces.cli.meaning import Meaning
from comity.model.acts import Act
from comity.model.acts.keys import Compromised, Revoke, Rotate
from comity.model.errors import Misuse
from comity.model.terms import Role
from comity.office.keyring import KeySigner, SystemRandomness, new_signer, save_key
from laws.plays import admitted
from laws.test_by_one_good_key import PASSKEY, enrolled_with_passkey
from laws.world import SIGNATURE, World


@dataclass
class FoundOffice:
    """South's office, as far as the commands about keys ask for it."""

    world: World
    root: KeySigner
    participant: str = "south"
    keeper: Any = field(default_factory=lambda: Namespace(role=Role.SIGNATORY))
    origin: str = "pact/south"
    signed: list[Act] = field(default_factory=list)

    @property
    def own_pins(self) -> Any:
        """Its root key."""
        return Namespace(root_key=self.root.key)

    def meaning(self) -> Meaning:
        """What words mean here."""
        return meaning(self.world, "south")

    def show(self, topic: str) -> Any:
        """The rows of a topic."""
        return self.ask("board", topic)

    def ask(self, question: str, text: str) -> Any:
        """What it holds."""
        return answer(Held(self.participant, self.world["south"].view, self.world["south"].at_ms), question, text)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FoundOffice:
    """An office whose officer `careful` enrolled with a passkey, and files of its root key and of a new one."""
    world, root = World(), new_signer(SystemRandomness())
    enrolled_with_passkey(world)
    save_key(tmp_path / "root", root, None)
    save_key(tmp_path / "new", new_signer(SystemRandomness()), None)
    office = FoundOffice(world, root)

    def hand_in(_: Any, act: Act, *__: Any) -> int:
        office.signed.append(act)
        return 0

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(key_acts, "reach", lambda _: office)
    monkeypatch.setattr(key_acts, "sign_and_hand_in", hand_in)
    return office


def asked(officer: str) -> Namespace:
    """The words after the command."""
    return Namespace(
        office="south", officer=officer, root="root", key="new", public=None, proof=None, yes=True, json=False
    )


@pytest.mark.parametrize("deed", [key_acts.rotate, key_acts.lost])
def test_passkey_goes_with_the_new_key(office: FoundOffice, deed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A key is replaced, and what its officer confirms every permission with stays asked of him; he is told so."""
    assert deed(asked("careful")) == 0
    assert isinstance(office.signed[-1], Rotate) and office.signed[-1].passkey == PASSKEY
    assert isinstance(office.signed[0], Revoke if deed is key_acts.lost else Rotate)
    told = capsys.readouterr().err
    assert "the passkey of careful stays" in told and "comity keys revoke" in told


def test_no_passkey_comes_with_a_new_key(office: FoundOffice, capsys: pytest.CaptureFixture[str]) -> None:
    """Who enrolled with a key alone goes on with a key alone."""
    assert key_acts.rotate(asked("first.south")) == 0
    assert isinstance(office.signed[-1], Rotate) and office.signed[-1].passkey is None
    assert "passkey" not in capsys.readouterr().err


def test_listing_says_who_has_a_passkey(office: FoundOffice, capsys: pytest.CaptureFixture[str]) -> None:
    """The list of officers tells whose key alone signs no permission."""
    assert key_acts.listing(Namespace(office="south", json=False)) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "enrolled" in line]
    assert len(lines) == 1 and "careful" in lines[0]


def test_an_ended_key_is_found_by_name(office: FoundOffice, capsys: pytest.CaptureFixture[str]) -> None:
    """A first --since was wrong, and its correction is refused because the key has ended."""
    key = office.world.key("south", "first")
    admitted(office.world.sign("south", Compromised(key=key, since_seq=3), officer="root", seat="root"))
    assert key_acts.compromised(Namespace(**vars(asked("first.south")), since=2)) == 0
    assert office.signed[-1] == Compromised(key=key, since_seq=2)
    assert "LOOK AGAIN" not in capsys.readouterr().err
    with pytest.raises(Misuse, match="never had an officer 'nobody'"):
        key_acts.compromised(Namespace(**vars(asked("nobody")), since=2))


def test_an_officer_of_two_keys(office: FoundOffice, capsys: pytest.CaptureFixture[str]) -> None:
    """Her lost key was in other hands, and her name ends the new one unsaid."""
    old, new = office.world.key("south", "first"), "ab" * 32
    rotation = Rotate(old=old, officer="first.south", seats=("duty",), key=new, proof=SIGNATURE)
    admitted(office.world.sign("south", rotation, officer="root", seat="root"))
    assert key_acts.compromised(Namespace(**vars(asked("first.south")), since=2)) == 0
    assert isinstance(office.signed[-1], Compromised) and office.signed[-1].key == new
    assert f"had also {old}" in capsys.readouterr().err


def test_the_centre_lists_who_may_sign_there(office: FoundOffice, capsys: pytest.CaptureFixture[str]) -> None:
    """The centre's officers are enrolled by a signatory, and its own list shows nobody."""
    office.participant, office.keeper = "centre", Namespace(role=Role.CENTRE)
    assert key_acts.listing(Namespace(office="centre", json=False)) == 0
    assert "north/first.centre" in capsys.readouterr().out
