"""Attacks on holds that name more than one thing, or no thing that could be held (laws 15, 16)."""

from __future__ import annotations

from comity.views.flags import flags
from laws.plays import Play, admitted, hold, movement, refused, stage, volume


def test_law_16_hold_covers_all_that_it_names() -> None:
    """A hold names one request and a volume; another operation in that volume is started."""
    play = stage()
    other = Play(play.world, operation="op-2").ready()
    admitted(hold(play.world, "south", request=play.request.entry.id, volume=volume("orchard")))
    play.world.share()
    refused(play.start(), "operation.hold", 16)
    refused(other.start(), "operation.hold", 16)


def test_law_16_hold_elsewhere_covers_the_request_that_it_names() -> None:
    """A hold names one request and a volume that the request does not touch: the request is held all the same."""
    play = stage()
    other = Play(play.world, operation="op-2").ready()
    admitted(hold(play.world, "south", request=play.request.entry.id, volume=volume("quarry")))
    play.world.share()
    refused(play.start(), "operation.hold", 16)
    admitted(other.start())


def test_law_16_hold_of_both_crosses_a_start_in_either() -> None:
    """A hold on another request and this volume crosses the start: had it been seen, it would have stopped it."""
    play = stage()
    other = Play(play.world, operation="op-2").ready()
    admitted(hold(play.world, "south", request=other.request.entry.id, volume=volume("orchard")))
    start = admitted(play.start())
    play.world.share()
    assert "concurrent" in flags(play.world["centre"].view, play.world.local("centre", start))


def test_law_15_hold_names_what_can_be_held() -> None:
    """A hold names a consent, or a movement: it would stop nothing, and its officer would think that it does."""
    play = stage()
    passing = movement(play.world, "centre", "quarry")
    play.world.share()
    for name in (play.consents["south"].entry.id, passing.entry.id, "00" * 32):
        refused(hold(play.world, "south", request=name), "operation.hold", 15)
    admitted(hold(play.world, "south", request=play.request.entry.id))
