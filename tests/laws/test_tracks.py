"""Attacks by words on tracks: a tie to what is not expected, another party's word on one's own screen."""

from __future__ import annotations

from comity.model.acts.tracks import AlertAcknowledge, TrackTie
from comity.model.records.tracks import acknowledged, ties_said
from laws.flights import close, declare
from laws.plays import admitted, movement, refused
from laws.world import World


def test_law_15_a_tie_is_to_what_is_expected() -> None:
    """A track is tied to a flight that nobody declared, or to one that is over."""
    world = World()
    declared = declare(world, "north")
    admitted(world.sign("north", TrackTie(flight=declared.entry.id, identity="4b1805", tied=True)))
    refused(world.sign("north", TrackTie(flight="00" * 32, identity="4b1805", tied=True)), "flight.watch")
    close(world, declared)
    refused(world.sign("north", TrackTie(flight=declared.entry.id, identity="4b1805", tied=True)), "flight.watch")
    admitted(world.sign("north", TrackTie(flight=declared.entry.id, identity="4b1805", tied=False)))


def test_law_15_a_movement_is_tied_too() -> None:
    """An exempt flight cannot be followed because only declared ones may be tied."""
    world = World()
    asked = admitted(movement(world, "north"))
    admitted(world.sign("north", TrackTie(flight=asked.entry.id, identity="one/7", tied=True)))


def test_law_15_nobody_ties_on_anothers_screen() -> None:
    """South makes its straying aircraft north's exempt flight on every screen."""
    world = World()
    declared = declare(world, "north")
    world.share()
    tie = TrackTie(flight=declared.entry.id, identity="4b1805", tied=True)
    admitted(world.sign("south", tie))
    world.share()
    view = world["north"].view
    assert not ties_said(view, "north").made
    assert ties_said(view, "south").made == {("4b1805", declared.entry.id)}


def test_the_newest_word_on_a_tie_holds() -> None:
    """A tie that was made and broken is broken."""
    world = World()
    declared = declare(world, "north")
    for tied in (True, False):
        admitted(world.sign("north", TrackTie(flight=declared.entry.id, identity="4b1805", tied=tied)))
    said = ties_said(world["north"].view, "north")
    assert not said.made
    assert said.broken == {("4b1805", declared.entry.id)}


def test_an_acknowledgement_names_its_alert() -> None:
    """An acknowledgement counts for another alert, or for an older one of the same kind."""
    world = World()
    act = AlertAcknowledge(kind="loss", identities=("aaaaa1", "aaaaa2"), began_ms=1_000)
    admitted(world.sign("north", act))
    view = world["north"].view
    assert list(acknowledged(view, "north", 1_000)) == [("loss", "", "aaaaa1", "aaaaa2")]
    assert not acknowledged(view, "north", 1_001)
    assert not acknowledged(view, "south", 0)
