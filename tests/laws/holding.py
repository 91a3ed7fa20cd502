"""What every office must make of a start or a clearance that something crossed: flagged, held, reviewed by somebody."""

from __future__ import annotations

from comity.model.history import Taken
from comity.rules.judge import judge
from comity.views.flags import evidence, flags
from comity.views.movements import movements
from comity.views.obligations import obligations
from comity.views.operations import operations
from laws.world import World

OFFICES = ("north", "south", "centre", "monitor")


def check_start_is_held(world: World, start: Taken, crossing: Taken, *words: str) -> None:
    """Everybody holds both: the start keeps its verdict, is flagged with those words, held, and south reviews it."""
    world.share(*OFFICES)
    for name in OFFICES:
        held = world.local(name, start)
        assert held.refusal is None and judge(held.entry, world[name].history.past(held)) is None
        assert set(words or ("concurrent",)) <= flags(world[name].view, held)
        assert crossing.entry.id in {each.entry.id for each in evidence(world[name].view, held)}
        [standing] = [each for each in operations(world[name].view, world.at_ms) if each.record.starts[:1] == [held]]
        assert standing.status != "agreed" and any("held, under review" in each for each in standing.conditions)
        assert "south" in debtors(world, name, start, "review the start")


def check_clearance_is_held(world: World, clear: Taken, crossing: Taken, *words: str, by: str = "south") -> None:
    """The same of a clearance."""
    world.share(*OFFICES)
    for name in OFFICES:
        held = world.local(name, clear)
        assert held.refusal is None
        assert set(words or ("concurrent",)) <= flags(world[name].view, held)
        assert crossing.entry.id in {each.entry.id for each in evidence(world[name].view, held)}
        [standing] = movements(world[name].view, world.at_ms)
        assert set(words or ("concurrent",)) <= standing.flags
        assert any("held, under review: its clearance" in each for each in standing.conditions)
        assert by in debtors(world, name, clear, "review the clearance")


def debtors(world: World, name: str, about: Taken, what: str) -> set[str]:
    """Who owes that about an entry, as an office sees it."""
    owed = [each for each in obligations(world[name].view, world.at_ms) if each.about == about.entry.id]
    return {each.debtor for each in owed if each.what.startswith(what)}
