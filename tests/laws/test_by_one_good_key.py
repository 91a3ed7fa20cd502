"""Attacks on who signs: a restraint needs one good key and no more (law 15), a permission all that is asked (33)."""

from __future__ import annotations

from itertools import product

import pytest

from comity.model.acts import Act
from comity.model.acts.agreement import Suspend
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import ClockStep, Compromised, Enrol, Revoke
from comity.model.acts.movements import MovementAcknowledge, MovementAgree, MovementCancel, MovementRequest
from comity.model.acts.operations import Hold
from comity.model.entry import Assertion, Second
from comity.model.history import Taken
from comity.views.flags import evidence, flags
from laws.agreement import Draft, key_of
from laws.plays import Play, admitted, fact, movement, refused, stage, volume
from laws.world import SIGNATURE, World

PASSKEY = "ed25519:" + "11" * 32
OTHER_PASSKEY = "ed25519:" + "22" * 32


def asserted(passkey: str) -> Assertion:
    """An assertion by that passkey; that its signature holds was checked before."""
    return Assertion(authenticator_data="00" * 37, client_data="{}", passkey=passkey, signature="00" * 64)


def enrolled_with_passkey(world: World, name: str = "south", officer: str = "careful", passkey: str = PASSKEY) -> str:
    """The key of one more officer, who enrolled it with a passkey."""
    key = key_of(f"{name} {officer}")
    act = Enrol(officer=officer, seats=("duty",), key=key, proof=SIGNATURE, passkey=passkey)
    admitted(world.sign(name, act, officer="root", seat="root"))
    world.share()
    return key


def second_by(key: str, seat: str = "duty", passkey: str | None = None) -> Second:
    """A second signature, and the assertion of a passkey if one is given."""
    assertion = asserted(passkey) if passkey is not None else None
    return Second(key=key, seat=seat, signature=SIGNATURE, assertion=assertion)


def test_law_15_second_is_no_reason_to_refuse_a_restraint() -> None:
    """A hold by a good key carries a second by a revoked one, a stranger's, the same one, or in another seat."""
    world = World()
    admitted(world.sign("south", Revoke(key=world.key("south", "second"))))
    good = world.key("south", "first")
    for second in (
        second_by(world.key("south", "second")),
        second_by(key_of("stranger")),
        second_by(good),
        second_by(world.key("south", "junior"), "duty"),
    ):
        admitted(world.sign("south", Hold(volume=volume("orchard")), second=second))


@pytest.mark.parametrize("seat", ["root", "office", "nowhere"])
def test_law_15_seat_is_no_reason_to_refuse_a_restraint(seat: str) -> None:
    """A hold by an officer's key names a seat that is not his, or that is nobody's."""
    world = World()
    entry = world.draw("south", Hold(volume=volume("orchard")), seat="duty")
    assert admitted(world.sign("south", Hold(volume=volume("orchard")), seat=seat)).entry.seq == entry.seq


@pytest.mark.parametrize("act", [Hold(), Suspend(), Hold(volume=volume("orchard"))])
def test_law_15_root_key_restrains(act: Act) -> None:
    """All officers' keys may be in wrong hands: the root key holds and suspends, and permits nothing."""
    world = World()
    admitted(world.sign("south", act, officer="root", seat="root"))
    admitted(world.sign("south", act, officer="root", seat="duty"))
    request = movement(world, "north")
    world.share()
    refused(world.sign("south", MovementAgree(request=request.entry.id), officer="root", seat="root"), "keys")
    refused(world.sign("south", LineCheck(with_participant="north", result="working"), officer="root"), "keys")
    refused(world.sign("south", act, officer="office", seat="office"), "keys")


def test_law_15_passkey_is_no_reason_to_refuse_a_restraint() -> None:
    """A hold by a good key carries an assertion by a passkey that was not enrolled with it; or its second does."""
    world = World()
    careful = enrolled_with_passkey(world)
    admitted(world.sign("south", Hold(), assertion=asserted(OTHER_PASSKEY)))
    for passkey in (None, PASSKEY, OTHER_PASSKEY):
        admitted(world.sign("south", Hold(), second=second_by(careful, passkey=passkey)))


def test_law_28_clock_act_needs_two_good_keys() -> None:
    """A clock act restrains, yet one who could set a clock back by himself would live in another's time."""
    world = World()
    before_ms = world["south"].at_ms
    for key in (key_of("stranger"), world.key("south", "first")):
        refused(world.sign("south", ClockStep(before_ms=before_ms), second=second_by(key)), "keys", 33)
    root = {"officer": "root", "seat": "root"}
    other = second_by(world.key("south", "second"))
    refused(world.sign("south", ClockStep(before_ms=before_ms), **root, second=other), "keys", 33)


def test_law_33_second_officer_gives_his_passkey() -> None:
    """A stolen key signs second under a permission: the passkey that its officer enrolled with is asked of him too."""
    world = World(Draft(two_officers=("movement.agree",)))
    careful = enrolled_with_passkey(world)
    request = movement(world, "north")
    world.share()
    agree = MovementAgree(request=request.entry.id)
    by_key_alone = world.sign("south", agree, second=second_by(careful))
    refused(by_key_alone, "keys", 33)
    assert by_key_alone.refusal is not None and "careful signs second" in by_key_alone.refusal.problem
    admitted(world.sign("south", MovementAcknowledge(request=request.entry.id), second=second_by(careful)))
    admitted(world.sign("south", agree, second=second_by(careful, passkey=PASSKEY)))


def test_law_33_each_of_two_gives_his_own_passkey() -> None:
    """Of two officers with passkeys both confirm, each with his own: neither's is good for the other, nor for both."""
    world = World(Draft(two_officers=("movement.agree",)))
    one, two = enrolled_with_passkey(world), enrolled_with_passkey(world, officer="wary", passkey=OTHER_PASSKEY)
    request = movement(world, "north")
    world.share()
    agree = MovementAgree(request=request.entry.id)
    given = (None, PASSKEY, OTHER_PASSKEY)
    for first, second in product(given, given):
        confirmed = asserted(first) if first is not None else None
        signed = world.sign("south", agree, key=one, assertion=confirmed, second=second_by(two, passkey=second))
        if (first, second) == (PASSKEY, OTHER_PASSKEY):
            admitted(signed)
        else:
            refused(signed, "keys", 33)


def test_law_33_one_passkey_is_one_officer() -> None:
    """A root key enrols one passkey under two names: its holder signs first and second, drafts and consents."""
    play = stage(World(Draft(two_officers=("movement.agree",))))
    world = play.world
    one, two = (enrolled_with_passkey(world, officer=name) for name in ("careful", "wary"))
    request = movement(world, "north", "airfield")
    world.share()
    agree, confirmed = MovementAgree(request=request.entry.id), asserted(PASSKEY)
    refused(
        world.sign("south", agree, key=one, assertion=confirmed, second=second_by(two, passkey=PASSKEY)), "keys", 33
    )
    other = second_by(world.key("south", "second"))
    admitted(world.sign("south", agree, key=one, assertion=confirmed, second=other))
    own = Play(world, operation="op-2", drafted_by="south", place="quarry")
    own.propose(key=one, assertion=confirmed)
    refused(own.consent("south", key=two, assertion=confirmed), "operation.drafter", 17)
    admitted(own.consent("south"))


def test_law_33_a_given_passkey_is_the_enrolled_one() -> None:
    """A second confirms unasked: what he gives is his own passkey's, whatever two sign but a restraint."""
    world = World()
    careful, other = enrolled_with_passkey(world), world.key("south", "second")
    request = movement(world, "north")
    world.share()
    for act in (MovementAgree(request=request.entry.id), MovementAcknowledge(request=request.entry.id)):
        refused(world.sign("south", act, second=second_by(careful, passkey=OTHER_PASSKEY)), "keys", 33)
        refused(world.sign("south", act, second=second_by(other, passkey=PASSKEY)), "keys", 33)
        refused(world.sign("south", act, second=second_by(other), assertion=asserted(PASSKEY)), "keys", 33)
        admitted(world.sign("south", act, second=second_by(careful, passkey=PASSKEY)))


def stolen_at_the_centre(world: World) -> tuple[Taken, Taken]:
    """A movement of the centre, and its end by a thief who has not heard of north for a while, or says so."""
    request = movement(world, "centre")
    world.share()
    for _ in range(3):
        admitted(fact(world, "north", "airfield"))
    return request, admitted(world.sign("centre", MovementCancel(request=request.entry.id)))


def test_law_33_thief_at_the_centre_cites_an_old_head() -> None:
    """North enrolled the centre's key and names since when it was stolen; the thief cites an older head of north's."""
    world = World()
    request, ended = stolen_at_the_centre(world)
    since_seq = world["north"].size("pact/north") - 3
    stated = admitted(world.sign("north", Compromised(key=world.key("centre", "first"), since_seq=since_seq)))
    world.share()
    view = world["south"].view
    assert "compromised" in flags(view, world.local("south", ended))
    assert [each.entry.id for each in evidence(view, world.local("south", ended))] == [stated.entry.id]
    assert "compromised" not in flags(view, world.local("south", request))
    assert isinstance(request.entry.act, MovementRequest)
