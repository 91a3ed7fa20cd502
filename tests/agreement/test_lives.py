"""The lives of the agreement and of an area: every status is reached by what officers sign, and left by it too."""

from __future__ import annotations

import ast
from collections.abc import Callable

from comity.model.acts import ACTS
from comity.model.acts.agreement import PreconditionPropose, Withdraw
from comity.model.acts.areas import AreaPropose
from comity.views.agreement import agreement_status, area_status
from comity.views.life import LIVES
from laws.agreement import Draft
from laws.plays import admitted, designate, dissolve, lift
from laws.test_joint_changes import decline, forked_area, proposed
from laws.test_safety_floor import suspended
from laws.world import World
from source_tree import ROOT, parsed


def test_every_status_of_a_life_is_left_and_reached() -> None:
    """A status that nothing leads to or from is a mistake, unless it is the end of one thing that is done with."""
    for kind in ("agreement", "area"):
        life = LIVES[kind]
        reached = {life.first} | {to for steps in life.steps.values() for to in steps.values()}
        assert reached == set(life.steps), kind
        assert all(life.steps.values()), kind


def test_every_life_drives_a_view() -> None:
    """A life from which no view takes its word would be a drawing of nothing."""
    named = set()
    for path in sorted((ROOT / "src" / "comity" / "views").glob("*.py")):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "status":
                named |= {each.value for each in node.args if isinstance(each, ast.Constant)}
    assert named == set(LIVES)


def test_every_event_of_a_life_can_happen() -> None:
    """An event is an act, or words that some view says."""
    said = {act.name for act in ACTS}
    for path in sorted((ROOT / "src" / "comity" / "views").glob("*.py")):
        if path.name != "life.py":
            said |= {str(each.value) for each in ast.walk(parsed(path)) if isinstance(each, ast.Constant)}
    for kind, life in LIVES.items():
        assert {event for steps in life.steps.values() for event in steps} <= said, kind


def test_suspended_and_resumed() -> None:
    """One suspends; all lift it, and the agreement is in force again."""
    world, stop = suspended()
    assert agreement_status(world["south"].view) == "suspended, the safety floor stands"
    lift(world, stop)
    assert agreement_status(world["south"].view) == "in force"


def test_suspended_and_withdrawn_from() -> None:
    """A withdrawal after a suspension says more; with the withdrawal lifted, the suspension is left."""
    world, _ = suspended()
    left = admitted(world.sign("south", Withdraw()))
    world.share()
    assert agreement_status(world["south"].view) == "withdrawn from, the safety floor stands"
    lift(world, left)
    assert agreement_status(world["south"].view) == "suspended, the safety floor stands"


def test_agreement_waits_for_its_preconditions() -> None:
    """Terms with a precondition are in force and wait, until all agree that it is met."""
    world = World(Draft(gates=("operation",)))
    assert agreement_status(world["south"].view) == "in force, waiting for its preconditions"
    world.agree(
        "north",
        "south",
        propose=lambda after: PreconditionPropose(precondition="quiet", evidence="a quiet week", after=after),
    )
    assert agreement_status(world["south"].view) == "in force"


def test_agreement_is_signed_by_some() -> None:
    """Before all have voted the agreement is votes are missing."""
    world = World(founded=False)
    world.begin("north")
    assert agreement_status(world["north"].view) == "votes are missing"


def test_area_lives() -> None:
    """An area is proposed, declined, proposed again, in force, changed, dissolved, and in force anew."""
    world = World()
    (wide,) = proposed(world, "wide")
    assert area_status(world["south"].view, "valley") == "proposed"
    admitted(decline(world, "south", wide))
    assert area_status(world["south"].view, "valley") == "declined"
    world.tick(1)
    admitted(world.sign("south", AreaPropose(area="valley", tier="open", ring=wide.ring, band=wide.band)))
    assert area_status(world["south"].view, "valley") == "proposed"
    steps: list[tuple[Callable[[World], object], str]] = [
        (lambda world: designate(world, "orchard", "gorge"), "in force"),
        (lambda world: designate(world, "wide", "gorge"), "in force"),
        (lambda world: dissolve(world, "gorge"), "dissolved"),
        (lambda world: designate(world, "orchard", "gorge"), "in force"),
    ]
    for step, word in steps:
        step(world)
        assert area_status(world["south"].view, "gorge") == word


def test_area_with_two_heads_is_in_force() -> None:
    """After a fork has given an area two versions it is in force: restraints of both count."""
    assert area_status(forked_area()["north"].view, "valley") == "in force"
