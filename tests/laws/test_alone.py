"""Laws 15 and 34: what a party does alone points at nothing, and what overlaps is there for both to see."""

from __future__ import annotations

import msgspec

from comity.model.acts.alone import ActivityAcknowledge, ActivityDeclare, ThreatOpen, ThreatSeal
from comity.model.acts.movements import MovementCancel
from comity.model.history import Taken
from comity.model.spans import HOUR_MS
from comity.model.volume import Window
from comity.views.alone import overlaps
from laws.agreement import key_of
from laws.plays import admitted, designate, movement, refused, ring, volume
from laws.world import NOON_MS, World


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


def activity(world: World, by: str, place: str = "orchard", name: str = "act-1") -> Taken:
    """Independent activity, in the office of whoever declares it."""
    act = ActivityDeclare(activity=name, group=world.written("guards"), volume=volume(place))
    return admitted(world.sign(by, act))


def missing(world: World, by: str = "north") -> list[tuple[str, tuple[str, ...]]]:
    """What overlaps, and who has not said that he knows."""
    return [(each.other.entry.header.act, each.missing) for each in overlaps(world[by].view)]


def test_law_29_overlap_is_both_parties_affair() -> None:
    """Whoever declares over an area that it drew, or a movement that it asked for, has nobody else look at it."""
    world = World()
    designate(world, by=("north", "south"))
    request = admitted(movement(world, "north"))
    declared = activity(world, "north")
    activity(world, "north", name="act-2", place="airfield")
    world.share()
    found = missing(world)
    assert ("movement.request", ("north", "south")) in found
    assert found.count(("area.propose", ("north", "south"))) == 2
    assert len(found) == 3
    act = ActivityAcknowledge(activity=declared.entry.id, overlap=request.entry.id)
    admitted(world.sign("south", act))
    world.share()
    assert ("movement.request", ("north",)) in missing(world)
    world.sign("north", MovementCancel(request=request.entry.id))
    assert all(name != "movement.request" for name, _ in missing(world))


def test_law_29_own_volumes_are_no_overlap() -> None:
    """A party that declares two activities in one place must answer to itself for it."""
    world = World()
    activity(world, "north")
    activity(world, "north", name="act-2")
    assert missing(world) == []
    world.share()
    activity(world, "south", name="act-3")
    world.share()
    assert missing(world) == [("activity.declare", ("north", "south"))] * 2


def test_law_29_overlap_that_is_not_there_is_not_acknowledged() -> None:
    """A party acknowledges what does not overlap, to say later that it had answered for everything."""
    world = World()
    declared = activity(world, "north")
    same = activity(world, "north", name="act-2")
    elsewhere = admitted(movement(world, "south", "quarry"))
    here = admitted(movement(world, "south"))
    world.share()
    for other in (same, elsewhere, declared):
        act = ActivityAcknowledge(activity=declared.entry.id, overlap=other.entry.id)
        refused(world.sign("south", act), "activity.overlap")
    admitted(world.sign("south", ActivityAcknowledge(activity=declared.entry.id, overlap=here.entry.id)))
