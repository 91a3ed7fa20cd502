"""What a view says of operations and movements is what the judge would say; and whoever is waited for owes."""

from __future__ import annotations

from comity.model.acts.operations import FactState
from comity.views.flags import flags
from laws.plays import admitted, stage, volume


def test_law_32_late_on_one_branch_is_late_for_ever() -> None:
    """South sees the start at once on a hidden branch and late on the other; the hidden one takes no flag away."""
    play = stage()
    world, start = play.world, admitted(play.start())
    world.twin("south", "double")
    world.deliver("north", "double", start)
    admitted(world.sign("double", FactState(fact="shelter", volume=volume("quarry"))))
    for _ in range(3):
        admitted(world.sign("south", FactState(fact="shelter", volume=volume("airfield"))))
    world.tick(300)
    world.deliver("north", "south", start)
    admitted(world.sign("south", FactState(fact="shelter", volume=volume("airfield"))))
    world.deliver("south", "centre")
    before = flags(world["centre"].view, world.local("centre", start))
    assert "late" in before
    world.deliver("double", "centre")
    assert before <= flags(world["centre"].view, world.local("centre", start))
