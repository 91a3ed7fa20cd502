"""What an officer reads before he signs: what is left out and has an effect, and what he votes for, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.commands import inside
from comity.interfaces.cli import reach, signing
from comity.interfaces.cli.lookups import Held, answer
from comity.interfaces.cli.named_entries import beside
from comity.interfaces.cli.rendering import in_words
from comity.model.acts import Act
from comity.model.acts.agreement import FloorPropose, GroupPropose, LiftPropose, Proposal, TermsPropose, Vote
from comity.model.acts.alone import ThreatOpen
from comity.model.acts.keys import Enrol
from comity.model.acts.movements import MovementAgree, MovementRequest
from comity.model.acts.operations import Hold, OperationConsent, OperationPropose
from comity.model.codec import encode
from comity.office.keyring import SystemRandomness, new_signer, save_key
from laws.plays import admitted, designate, hold, movement, stage, volume
from laws.test_joint_changes import area
from laws.world import SIGNATURE, World


def read(world: World, act: Act, by: str = "south") -> str:
    """What that office shows before the act is signed, white space as one."""
    held = Held(by, world[by].view, world[by].at_ms)

    def describe(digits: str) -> str:
        found = answer(held, "describe", digits)
        return f"{digits[:8]} ({found})" if found else digits

    return " ".join(in_words(world.draw(by, act), describe).split())


def vote_for(world: World, act: Proposal) -> str:
    """What is read before a vote for that, which north proposed."""
    admitted(world.sign("north", act))
    world.share()
    return read(world, Vote(thing=act.thing, after=act.after, round=0, content=act.content()))


@dataclass(frozen=True)
class NearSomething:
    """An office whose register has something too near to everything."""

    def private(self, question: str) -> list[dict[str, str]]:
        """What it warns of."""
        return [{"warning": "it comes within the stand-off of the well"}]


def test_what_opens_a_seal_is_warned_of_however_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An opening that comes from a file of its own shows what lies near something protected, and nobody is told."""
    opening = ThreatOpen(seal="ab" * 32, salt="cd" * 32, volume=volume("orchard"), note="")
    (tmp_path / "body.json").write_bytes(encode(opening))
    save_key(tmp_path / "ann.pem", new_signer(SystemRandomness()), None)
    monkeypatch.setattr(reach, "reach", lambda _: NearSomething())
    monkeypatch.setattr(signing, "sign_and_hand_in", lambda *_: 0)
    words = ("--seat", "duty", "--key", "ann.pem", "threat.open", "--from", "body.json")
    assert (
        "LOOK AGAIN: it comes within the stand-off of the well" in inside("act", "south", *words, folder=tmp_path).err
    )


def test_a_hold_of_everything_says_so() -> None:
    """An officer signs a stop of everything for ever under a general sentence and no field at all."""
    play = stage()
    told = read(play.world, Hold())
    assert "over every start, everywhere" in told and "until every signatory lifts it" in told
    told = read(play.world, Hold(request=play.request.entry.id))
    assert "every start, everywhere" not in told and "until every signatory lifts it" in told
    told = read(play.world, Hold(volume=volume("orchard"), until_ms=play.world.at_ms))
    assert "every start, everywhere" not in told and "every signatory" not in told


def test_what_is_left_out_and_has_an_effect_is_said() -> None:
    """A flight without arms, a floor that ends, a key without a passkey: the officer reads nothing of it."""
    world = World()
    request = movement(world, "north").entry.act
    assert isinstance(request, Act)
    told = read(world, request)
    assert "armed no" in told and "patient_count 0" in told and "vehicle_count 1" in told
    assert "stands no: the safety floor ends" in read(world, FloorPropose())
    enrol = Enrol(officer="ann", seats=("duty",), key=world.key("south", "second"), proof=SIGNATURE)
    assert "passkey none: the key alone signs" in read(world, enrol)
    assert "from when all have voted for it" in read(world, area("orchard"))
    assert "note" not in read(world, request)


def test_a_vote_says_what_it_lifts() -> None:
    """The most dangerous vote there is names a hash, and the officer takes the centre's word for what it lifts."""
    world = World()
    held = admitted(hold(world, "south", volume=volume("orchard")))
    passing = admitted(movement(world, "centre"))
    world.share()
    told = vote_for(world, LiftPropose(lifts=(held.entry.id, passing.entry.id)))
    assert "you vote FOR" in told and f"lifts hold.place south/{held.entry.seq} ({held.entry.id[:8]})" in told
    assert f"movement.request flight-1 centre/{passing.entry.seq} ({passing.entry.id[:8]})" in told


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (GroupPropose(group="bands", treatment="inside"), "group bands is inside"),
        (area("quarry"), "area valley, tier open, 4 points between 35.9000 and 36.1000 north"),
    ],
)
def test_a_vote_says_what_it_is_for(act: Proposal, said: str) -> None:
    """A vote for an area names neither its tier nor where it lies."""
    assert said in vote_for(World(), act)


def test_a_vote_for_a_change_of_an_area_says_from_when() -> None:
    """The new version holds from a day that nobody read."""
    world = World()
    version = designate(world)
    act = msgspec.structs.replace(area("quarry", after=(version.id,)), from_ms=world.at_ms)
    assert "from 2016-07-30 12:00:00Z" in vote_for(world, act)


@dataclass(frozen=True)
class Screen:
    """South's office in a world, as far as the screens ask it."""

    world: World
    running: bool = True

    @property
    def founding(self) -> bytes:
        """The founding file."""
        return self.world.founding

    def ask(self, question: str, text: str) -> Any:
        """What it holds."""
        return answer(Held("south", self.world["south"].view, self.world["south"].at_ms), question, text)

    def describe(self, digits: str) -> str:
        """What a hash stands for."""
        return f"{digits[:8]} ({self.ask('describe', digits)})"


def beside_of(world: World, act: Act) -> str:
    """What stands beside that act on south's signing screen, white space as one."""
    return " ".join(beside(Screen(world), world.draw("south", act)).split())


def test_a_consent_shows_what_it_consents_to() -> None:
    """The other side consents to exactly these bytes, and no screen shows where, how high and when."""
    play = stage()
    request = play.request.entry
    assert isinstance(request.act, OperationPropose)
    told = beside_of(
        play.world, OperationConsent(request=request.id, executing="north", expires_ms=play.world.at_ms + 1)
    )
    for north, east in request.act.volume.ring:
        assert f"{north / 1e7:.4f}/{east / 1e7:.4f}" in told
    assert "km east to west" in told and "up to" in told and "2016-" in told and f"entry {request.id[:8]}" in told


def test_an_agreement_shows_the_route() -> None:
    """A passage is agreed to, and its way stands nowhere."""
    world = World()
    request = admitted(movement(world, "north")).entry
    world.share()
    assert isinstance(request.act, MovementRequest)
    north, east = request.act.route[0]
    told = beside_of(world, MovementAgree(request=request.id))
    assert f"route {len(request.act.route)} points: {north / 1e7:.4f}/{east / 1e7:.4f}" in told


def test_a_vote_for_a_lift_shows_each_lifted() -> None:
    """A lift names a hold, and where it holds stands nowhere."""
    world = World()
    held = admitted(hold(world, "south", volume=volume("orchard")))
    world.share()
    lift = LiftPropose(lifts=(held.entry.id,))
    admitted(world.sign("north", lift))
    world.share()
    told = beside_of(world, Vote(thing=lift.thing, after=(), round=0, content=lift.content()))
    assert "it names" in told and "km east to west" in told


def test_a_vote_for_terms_shows_what_changes() -> None:
    """A minute becomes an hour, and the officer who votes reads an edition number."""
    world = World()
    text = world.founding.decode().replace("edition = 1", "edition = 2")
    act = TermsPropose(after=(), text=text)
    told = beside_of(world, act)
    assert "-edition = 1" in told and "+edition = 2" in told
    same = TermsPropose(after=(), text=world.founding.decode())
    assert "the text is that of the terms in force" in beside_of(world, same)


def test_what_is_not_held_is_said_and_stops_nobody() -> None:
    """A restraint that names what is not here, or what the office gives otherwise, could not be signed at all."""
    play = stage()
    told = beside_of(play.world, Hold(request="ab" * 32))
    assert "LOOK AGAIN: abababab cannot be shown" in told

    class Liar(Screen):
        """An office that gives another entry than was asked for."""

        def ask(self, question: str, text: str) -> Any:
            """Its first entry, whatever is asked for."""
            return Screen.ask(self, question, "south/0" if question == "entry" else text)

    entry = play.world.draw("south", Hold(request=play.request.entry.id))
    assert "cannot be shown: the office gave" in beside(Liar(play.world), entry)


def test_show_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry by its place in a log: all its fields and points, verdict and flags, in words and for programs."""
    play = stage()
    monkeypatch.setattr(reach, "reach", lambda _: Screen(play.world))
    where = f"north/{play.request.entry.seq}"
    said = inside("show", "south", "entry", where, folder=tmp_path)
    assert said.code == 0 and "admitted" in said.out and play.request.entry.id in said.out and "points 3" in said.out
    found = json.loads(inside("show", "south", "entry", where, "--json", folder=tmp_path).out)
    assert found["verdict"] == "admitted" and found["signed"]["body"]["volume"]["ring"]
    assert inside("show", "south", "entry", folder=tmp_path).code == 2
    assert inside("show", "south", "log", where, folder=tmp_path).code == 2
