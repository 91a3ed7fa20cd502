"""Laws 15 and 34: what a party does alone points at nothing, and what overlaps is there for both to see."""

from __future__ import annotations

import msgspec

from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.volume import Window
from laws.agreement import key_of
from laws.plays import admitted, refused, ring, volume
from laws.world import HOUR_MS, NOON_MS, World


def test_law_34_opening_points_at_nothing() -> None:
    """A seal is made over a point, so that its opening tells everybody where exactly to look."""
    world = World()
    window = Window(from_ms=NOON_MS, until_ms=NOON_MS + HOUR_MS)
    narrow = msgspec.structs.replace(volume("orchard"), ring=ring("orchard", 50_000))
    for covered in (narrow, volume("orchard")):
        blank = ThreatOpen(seal=key_of("none"), salt="5a" * 32, volume=covered, note="a convoy was fired at")
        seal = ThreatSeal(commitment=blank.commitment(world["north"].origin, window), window=window)
        sealed = admitted(world.sign("north", seal))
        opened = world.sign("north", msgspec.structs.replace(blank, seal=sealed.entry.id))
        if covered is narrow:
            refused(opened, "area.width")
        else:
            admitted(opened)
