"""Flights as an officer declares them at the command line: what he reads before he signs, and what is drawn for him."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cli.commands import Ran, inside
from cli.test_consents import meaning
from cli.test_signing import draft
from comity.airspace.leaving import beside_m
from comity.interfaces.cli import reach
from comity.interfaces.cli.lookups import Held, answer
from comity.interfaces.cli.meaning import Meaning
from comity.interfaces.cli.reach import Officer, Submitted
from comity.model.acts import Act
from comity.model.acts.flights import FlightDeclare
from comity.model.entry import parse_entry
from comity.model.history import Taken
from comity.model.verdict import Refusal
from comity.office.keyring import SystemRandomness, new_signer, save_key
from comity.rules.judge import judge
from laws.plays import admitted
from laws.world import World

UNSIGNED = bytes(68)
ROUTE = "35.50/38.50,35.50/39.50"
WIDE = "@corridor(35.50/38.50,35.50/39.50,4630m)"
FLIGHT = ("flight.declare", "flight=fl-1", "aircraft_class=rotary")
THERE = (f"volume.ring={WIDE}", "volume.band=..", "volume.window=12:00..18:00")
HOURS = "volume.window=13:00..15:00"


@dataclass
class Office:
    """One office of a world as the command line reaches it; what is handed in is signed there."""

    world: World
    participant: str
    handed_in: list[Taken] = field(default_factory=list)

    def ask(self, question: str, text: str) -> Any:
        """What it holds."""
        at = self.world[self.participant]
        return answer(Held(self.participant, at.view, at.at_ms), question, text)

    def describe(self, digits: str) -> str:
        """No hash is known."""
        return digits

    def meaning(self) -> Meaning:
        """What words mean here."""
        return meaning(self.world, self.participant)

    def draft(self, act: Act, first: Officer, second: Officer | None) -> bytes | Refusal:
        """The bytes to be signed, if the judge takes the act."""
        refusal = judge(self.world.draw(self.participant, act), self.world[self.participant].view)
        return refusal or draft(act, first, at=self.world[self.participant].at_ms)

    def submit(self, json: bytes, signature: bytes) -> Submitted:
        """Takes it as its own officer's."""
        act = parse_entry(UNSIGNED + json).act
        assert isinstance(act, Act)
        taken = admitted(self.world.sign(self.participant, act))
        self.handed_in.append(taken)
        self.world.share()
        return Submitted(taken.entry.id, taken.entry.origin, taken.entry.seq, ())


Acting = Callable[..., Ran]


@pytest.fixture
def world() -> World:
    """An agreement in force."""
    return World()


@pytest.fixture
def acting(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Acting:
    """`comity act` at an office of the world, by an officer with a key file."""
    save_key(tmp_path / "ann.pem", new_signer(SystemRandomness()), None)

    def act(office: str, *words: str) -> Ran:
        monkeypatch.setattr(reach, "reach", lambda name: Office(world, name))
        return inside("act", office, "--seat", "duty", "--key", "ann.pem", "--yes", *words, folder=tmp_path)

    return act


def declared(world: World) -> FlightDeclare:
    """The flight that is declared."""
    (found,) = [each.entry.act for each in world["north"].history.entries if isinstance(each.entry.act, FlightDeclare)]
    return found


def test_too_short_a_notice_is_read_before_signing(acting: Acting) -> None:
    """Il-20: an officer gives twelve minutes' notice to a flight that needs fifteen, and nobody tells him."""
    ran = acting(
        "south", *FLIGHT, "operator=south", f"volume.ring={WIDE}", "volume.band=..", "volume.window=12:00..18:00"
    )
    assert ran.code == 0 and "LOOK AGAIN" not in ran.err
    words = ("activity.declare", "group=guards", "volume.ring=@box(35.0,38.0,36.0,40.0)", "volume.band=..")
    ran = acting("north", *words, "activity=act-1", "volume.window=12:12..13:00")
    assert ran.code == 0, "a notice that comes too late is signed all the same"
    assert (
        "LOOK AGAIN: notice too short: flight fl-1 of south needs 15.0 min to leave (30.0 NM at 120 kt), "
        "notice leaves 12.0 min"
    ) in ran.err
    ran = acting("north", *words, "activity=act-2", "volume.window=12:16..13:00")
    assert ran.code == 0 and "LOOK AGAIN" not in ran.err
    ran = acting("south", *words, "activity=act-3", "volume.window=12:01..13:00")
    assert "LOOK AGAIN" not in ran.err, "a party knows of its own flights"


@pytest.mark.parametrize(
    "words",
    [
        ("flight.declare", "flight=fl-2", "operator=north", "aircraft_class=fixed"),
        ("notice.flight", "operator=allies", "aircraft_class=fixed"),
    ],
)
def test_every_act_that_gives_notice_warns(acting: Acting, words: tuple[str, ...]) -> None:
    """A flight of one's own, and a notice of one, come as suddenly as an activity."""
    acting("south", *FLIGHT, "operator=south", *THERE)
    place = ("volume.ring=@box(35.0,38.0,36.0,40.0)", "volume.band=..", "volume.window=12:01..13:00")
    assert "notice too short: flight fl-1 of south needs 15.0 min" in acting("north", *words, *place).err


def test_route_alone_gets_the_ring_of_the_terms(acting: Acting, world: World) -> None:
    """Who draws by hand draws the bare route, and flies with half the room that a plan would have got."""
    ran = acting("south", *FLIGHT, "operator=south", f"route={ROUTE}", "volume.band=..fl155", HOURS)
    assert ran.code == 0 and "LOOK AGAIN" not in ran.err
    act = declared(world)
    assert act.route is not None and beside_m(act.route, act.volume.ring) >= 4630 * 0.98


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            (f"route={ROUTE}", "volume.ring=@corridor(35.50/38.50,35.50/39.50,2km)", "volume.band=.."),
            "its room is drawn 1997 m beside its route, the terms ask for 4630 m",
        ),
        (
            ("volume.ring=@square(35.50,38.50,5km)", "volume.band=.."),
            "its room is narrower than 9260 m, the buffer of the terms on both sides of a route",
        ),
        (
            (f"volume.ring={WIDE}", "volume.band=fl150..fl155"),
            "its band is 500 ft high, the buffer of the terms above and below a level is 1000 ft",
        ),
        (
            (f"volume.ring={WIDE}", "volume.band=..100m"),
            "its band is 328 ft high, the buffer of the terms above a level is 500 ft",
        ),
    ],
)
def test_less_than_the_buffers_is_read_before_signing(acting: Acting, words: tuple[str, ...], said: str) -> None:
    """A volume drawn by hand is narrower or lower than the terms ask, and its officer learns it from the others."""
    ran = acting("south", *FLIGHT, "operator=south", *words, HOURS)
    assert ran.code == 0 and f"LOOK AGAIN: {said}\n" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        (f"volume.ring={WIDE}", "volume.band=fl145..fl155"),
        (f"volume.ring={WIDE}", "volume.band=100m-agl..fl155"),
        ("volume.ring=@square(35.50,38.50,10km)", "volume.band=0m..200m"),
    ],
)
def test_what_has_the_buffers_is_signed_without_a_word(acting: Acting, words: tuple[str, ...]) -> None:
    """A warning that comes every time is read by nobody."""
    assert "LOOK AGAIN" not in acting("south", *FLIGHT, "operator=south", *words, HOURS).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("route=35.5/38.5", "volume.band=.."), "a route of 1 points"),
        (("route=nowhere", "volume.band=.."), "'nowhere' is no point"),
        (("route=89.9/10,89.9/-170", "volume.band=.."), "point"),
        (("route=10/179.9,10/-179.9", "volume.band=.."), "antimeridian"),
        (("route=0/0,0/180", "volume.band=.."), "too long for one volume"),
        ((f"route={ROUTE}", "volume.band=fl200..fl100"), "the floor of the band is above its ceiling"),
        ((f"route={','.join(['35.5/38.5', '35.6/38.6'] * 100)}", "volume.band=.."), "route"),
        ((f"route={'9' * 100_000}", "volume.band=.."), "is no point"),
        ((f"volume.ring=@ring({','.join(['1/1'] * 50_000)})", "volume.band=.."), "ring"),
    ],
)
def test_what_cannot_be_flown_is_one_error(acting: Acting, world: World, words: tuple[str, ...], said: str) -> None:
    """A route over a pole, round the world, or of 10^5 characters breaks the command, or is signed."""
    ran = acting("south", *FLIGHT, "operator=south", *words, HOURS)
    assert ran.code in (1, 2) and said in ran.err and len(ran.err) < 2_000, ran.err[:500]
    assert not any(isinstance(each.entry.act, FlightDeclare) for each in world["south"].history.entries)


def test_what_is_answered_is_read_before_signing(acting: Acting, world: World) -> None:
    """An officer says that two flights are separated, and reads two hashes."""
    acting("south", *FLIGHT, "operator=south", *THERE)
    mine = ("flight.declare", "flight=fl-2", "operator=north", "aircraft_class=fixed", *THERE)
    ran = acting("north", *mine)
    one, other = (each.entry.id for each in world["north"].history.entries if isinstance(each.entry.act, FlightDeclare))
    ran = acting("north", "conflict.answer", other, f"other={one}", "answer=separated-by-level")
    assert ran.code == 0 and "LOOK AGAIN" not in ran.err
    assert "fl-1" in ran.err and "fl-2" in ran.err and ran.err.count("km east to west") == 2
    ran = acting("north", "flight.close", other, "how=landed")
    assert ran.code == 0 and "fl-2" in ran.err
