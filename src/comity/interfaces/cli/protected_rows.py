"""What the own register finds, as rows for the people of this office; private, and shown at this office only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from comity.interfaces.cli.lookups import Held
from comity.model.acts.alone import ActivityDeclare
from comity.model.errors import Misuse
from comity.model.known import party_of
from comity.model.protected import Protected
from comity.model.volume import Volume
from comity.office.office import Office
from comity.office.precaution import Watchman
from comity.office.register import Register
from comity.views.board import owed_row
from comity.views.precaution import Precaution

Row = dict[str, Any]
NEAR = "near "
"""Begins the question whether a volume, written as JSON, comes near to anything: for acts that nothing stops (J12)."""


def of_office(office: Office, question: str) -> list[Row]:
    """The answer of the running office."""
    if office.watchman is None:
        raise Misuse("this office was started without a register; start it with comity serve")
    return _rows(office.watchman, Held(office.participant.id, office.view(), office.clock.now_ms()), question)


def of_store(register: Register, held: Held, question: str) -> list[Row]:
    """The answer of a store that was read, while the office does not run."""
    return _rows(Watchman(held.participant, register), held, question)


def thing_row(thing: Protected) -> Row:
    """One thing of the register."""
    return {
        "label": thing.label,
        "kind": thing.kind,
        "shape": thing.shape,
        "points": [[lat_e7 / 1e7, lon_e7 / 1e7] for lat_e7, lon_e7 in thing.points],
        "standoff_m": thing.standoff_m,
        "from_ms": thing.window.from_ms,
        "until_ms": thing.window.until_ms,
    }


def _rows(watchman: Watchman, held: Held, question: str) -> list[Row]:
    if question.startswith(NEAR):
        volume = msgspec.json.decode(question.removeprefix(NEAR), type=Volume)
        warning = watchman.warning(volume, held.view)
        return [{"warning": warning}] if warning is not None else []
    if question == "owed":
        return [owed_row(each, held.now_ms) for each in watchman.owed(held.view, held.now_ms)]
    return [_row(held.participant, each) for each in watchman.precautions(held.view, held.now_ms)]


def _row(party: str, each: Precaution) -> Row:
    act, by = each.about.entry.act, party_of(each.about.entry.origin)
    ends_itself = isinstance(act, ActivityDeclare) and by == party
    remedy = "activity.end" if ends_itself else "hold.place"
    return {
        "what": each.what,
        "by": by,
        "finding": "hold not yet signed" if each.waits else "held" if each.found.things else "nothing found",
        "near": _near(each.found.things, each.found.more),
        "check": each.due or "",
        "sign": f"{remedy} {'activity' if ends_itself else 'request'}={each.about.entry.id}" if each.waits else "",
        "request": each.about.entry.id,
    }


def _near(things: Sequence[Protected], more: bool) -> list[str]:
    return [f"{each.kind} {each.label} ({each.standoff_m} m)" for each in things] + ["and more"] * more
