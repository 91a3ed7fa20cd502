"""Draws the lives of things from the table in views, as Markdown with state diagrams."""

from __future__ import annotations

import re

from comity.views.life import LIVES, Life


def lives_document() -> str:
    """docs/lives.md: one diagram a kind of thing, drawn from the table in views."""
    parts = [
        "# The lives of things",
        "",
        "Drawn from `comity.views.life`; an event is an act, or what an act completed. A status marked * binds: it is",
        "left only by an act that has seen what put the thing there. No event is a timer: time makes a thing overdue,",
        "in words, and only an officer's signature moves it.",
    ]
    for name, life in LIVES.items():
        parts += ["", f"## {name}", "", "```mermaid", "stateDiagram-v2", *_steps(life), "```"]
    return "\n".join(parts) + "\n"


def _steps(life: Life) -> list[str]:
    lines = [f"    [*] --> {_id(life.first)}"]
    names = {life.first, *life.steps, *(to for steps in life.steps.values() for to in steps.values())}
    lines += [f'    state "{name}{"*" if name in life.binding else ""}" as {_id(name)}' for name in sorted(names)]
    for status, steps in life.steps.items():
        lines += [f"    {_id(status)} --> {_id(to)}: {event}" for event, to in steps.items()]
    return lines


def _id(name: str) -> str:
    return re.sub(r"\W", "_", name)
