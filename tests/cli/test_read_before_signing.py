"""What an officer reads before he signs: what is left out and has an effect, and what he votes for, in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from cli.commands import inside
from comity.interfaces.cli import reach, signing
from comity.interfaces.cli.lookups import Held, answer
from comity.interfaces.cli.rendering import in_words
from comity.model.acts import Act
from comity.model.acts.agreement import FloorPropose, GroupPropose, LiftPropose, Proposal, Vote
from comity.model.acts.alone import ThreatOpen
from comity.model.acts.keys import Enrol
from comity.model.acts.operations import Hold
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
