"""The demo's day, played in memory once: what is agreed about the air, as one office has it after each step."""

from __future__ import annotations

from functools import cache

from comity.interfaces import words
from comity.interfaces.play.cast import with_pins
from comity.interfaces.play.desk import Properties
from comity.interfaces.play.library import agreement_text, folder
from comity.interfaces.play.player import read_script
from comity.interfaces.play.stage import Stage
from comity.interfaces.play.world import World
from comity.views.sky.agreed import Agreed, agreed_of

OFFICE = "us"


def agreed_after(step: str) -> Agreed:
    """After the last step that begins so, once all offices hold the same."""
    return next(agreed for text, agreed in reversed(_played()) if text.startswith(step))


@cache
def _played() -> tuple[tuple[str, Agreed], ...]:
    script = read_script(folder("scenarios") / "demo/day.scenario")
    founding = with_pins(agreement_text(script.head["agreement"])).encode()
    stage = Stage(World(founding, words.moment_ms(script.head["clock"], 0)), Properties())
    found: list[tuple[str, Agreed]] = []
    for text in (step.text for block in script.blocks for step in block.steps):
        stage.play([text])
        if text.startswith("us.duty/duty-1 movement.depart"):
            stage.play(["us.duty/duty-1 track.tie flight=m1 identity=0de999 tied=yes"])
        if OFFICE in stage.world.stations:
            stage.world.sync(stage.world.stations)
            view = stage.world.station(OFFICE).view
            found.append((text, agreed_of(view, stage.world.now_ms, OFFICE)))
    return tuple(found)
