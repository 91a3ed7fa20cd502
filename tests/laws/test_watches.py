"""The handover of a watch is owed until two officers sign one, and can always be signed (laws 16, 29)."""

from __future__ import annotations

from comity.model.acts.duty import Handover, Roster
from comity.model.acts.keys import Rotate
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.views.duty import on_duty
from comity.views.obligations import obligations
from laws.agreement import key_of
from laws.plays import admitted
from laws.world import NOON_MS, SIGNATURE, World

DUE = "hand over the watch of seat duty"
OVER = "hand over the watch of seat duty: one that is over was not"


def watch(world: World, officer: str, from_h: int, until_h: int) -> None:
    """North writes a watch down, from and until hours after noon."""
    begins_ms, ends_ms = NOON_MS + from_h * HOUR_MS, NOON_MS + until_h * HOUR_MS
    admitted(
        world.sign("north", Roster(seat="duty", key=world.key("north", officer), from_ms=begins_ms, until_ms=ends_ms))
    )


def at(world: World, hour: float) -> None:
    """It is that many hours after noon."""
    world.tick((NOON_MS + hour * HOUR_MS - world["north"].at_ms) / MINUTE_MS)


def hand_over(world: World, to: str, by: str = "first") -> None:
    """The officer who goes and the one with that key sign."""
    second = {"key": to, "seat": "duty", "signature": SIGNATURE}
    admitted(world.sign("north", Handover(seat="duty", open_count=0), officer=by, second=second))


def owed(world: World) -> list[tuple[str, float]]:
    """What is owed of handovers, and by how many hours after noon."""
    found = obligations(world["north"].view, world["north"].at_ms)
    handovers = (each for each in found if each.what.startswith("hand over"))
    return [(each.what, ((each.due_ms or 0) - NOON_MS) / HOUR_MS) for each in handovers]


def rotated(world: World, officer: str) -> str:
    """The new key of an officer."""
    new, old = key_of(f"{officer} anew"), world.key("north", officer)
    act = Rotate(old=old, officer=f"{officer}.north", seats=("duty", "all"), key=new, proof=SIGNATURE)
    admitted(world.sign("north", act, officer="root", seat="root"))
    return new


def test_law_29_a_rotated_key_is_the_same_officer() -> None:
    """The officer who comes has rotated her key since the watch bill was written: she takes over, and it stays owed."""
    world = World()
    watch(world, "first", 0, 6)
    watch(world, "second", 6, 12)
    at(world, 6.5)
    assert owed(world) == [(DUE, 6.25)]
    new = rotated(world, "second")
    hand_over(world, new)
    sits = on_duty(world["north"].view, "north", "duty", world["north"].at_ms)
    assert owed(world) == [] and sits is not None and sits.key == new


def test_law_29_a_handover_before_the_rotation_counts() -> None:
    """She took over, and rotates her key during her watch: the watch is owed again."""
    world = World()
    watch(world, "first", 0, 6)
    watch(world, "second", 6, 12)
    at(world, 6)
    hand_over(world, world.key("north", "second"))
    rotated(world, "second")
    assert owed(world) == []


def test_law_16_a_missed_handover_is_owed_until_two_sign() -> None:
    """The next line of the watch bill makes an overdue handover vanish, or its date later."""
    world = World()
    watch(world, "first", 0, 6)
    watch(world, "second", 6, 12)
    watch(world, "second", 12, 18)
    watch(world, "junior", 18, 24)
    for hour in (6, 13, 19):
        at(world, hour)
        assert owed(world) == [(DUE, 6.25)]
    hand_over(world, world.key("north", "second"))
    assert owed(world) == [(DUE, 18.25)]


def test_law_16_who_still_has_the_watch_need_not_be_given_it() -> None:
    """The first officer went on through the second's watch into his own: nobody could hand over to him."""
    world = World()
    watch(world, "first", 0, 6)
    watch(world, "second", 6, 12)
    watch(world, "first", 12, 18)
    at(world, 7)
    assert owed(world) == [(DUE, 6.25)]
    at(world, 13)
    assert owed(world) == []


def test_law_16_a_watch_that_is_over_is_passed_on_by_the_next_handover() -> None:
    """Weeks after the last watch of the bill its handover is owed, and only the one who sat then could end it."""
    world = World()
    watch(world, "first", 0, 6)
    watch(world, "second", 6, 12)
    at(world, 30 * 24)
    assert owed(world) == [(OVER, 6.25)]
    hand_over(world, world.key("north", "first"), by="second")
    assert owed(world) == []


def test_law_29_a_watch_bill_that_was_corrected() -> None:
    """The officer who was first written down for a watch fell ill, and the one who came instead has to be handed over
    to; the other never."""
    world = World()
    watch(world, "first", 0, 6)
    watch(world, "second", 6, 12)
    watch(world, "first", 6, 12)
    at(world, 7)
    assert owed(world) == []


def test_law_29_who_comes_for_another_is_handed_over_to() -> None:
    """An officer goes home ill in his watch and hands it to another: the watch bill asks for it back."""
    world = World()
    watch(world, "first", 0, 6)
    watch(world, "second", 6, 12)
    at(world, 2)
    hand_over(world, world.key("north", "second"))
    assert owed(world) == []
    at(world, 7)
    assert owed(world) == []
    hand_over(world, world.key("north", "first"), by="second")
    assert owed(world) == []
