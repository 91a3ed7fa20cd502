"""What the running office answers to its own people's commands, beyond preparing and submitting: POST /show.

Runs in the office's own thread, so nothing is taken or signed between the question and the answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from comity.interfaces.cli.lookups import Held, answer, find
from comity.interfaces.complaints import json_problem
from comity.model.errors import Misuse
from comity.office.office import Office
from comity.office.sky.seen import air_of
from comity.views.sight import party_sight


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of POST /show."""

    ask: str
    text: str = ""


def show(office: Office, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to a question; satisfies `control.Show`."""
    try:
        question = msgspec.convert(asked, Question)
    except msgspec.ValidationError as error:
        said = json_problem("the question", Question, asked, error)
        raise Misuse(f"{said}; both sides need the same version") from None
    if question.ask in _OF_OFFICE:
        return {"answer": _OF_OFFICE[question.ask](office, question.text)}
    held = Held(office.participant.id, office.view(), office.clock.now_ms())
    return {"answer": answer(held, question.ask, question.text)}


def _missing(office: Office, entry: str) -> list[str]:
    """The other participants of whom no receipt of an entry is known here: neither cosignature nor entry (law 30)."""
    taken = find(office.view(), entry)
    branch = office.logs.branches[taken.branch]
    known = branch.note is not None and branch.noted is not None and branch.noted.size > taken.entry.seq
    cosigned = set(office.notary.cosigners(branch.note)) if known and branch.note is not None else set()
    view = office.view()
    return [name for name in office.peers if name not in cosigned and party_sight(view, name, taken) is None]


def _carry_in(office: Office, stick: str) -> dict[str, Any]:
    from comity.interfaces.carry import carry_in

    carried = carry_in(office, Path(stick))
    return {"logs": carried.logs, "entries": carried.entries, "problems": list(carried.problems)}


def _carry_out(office: Office, stick: str) -> dict[str, Any]:
    from comity.interfaces.carry import carry_out

    carried = carry_out(office, Path(stick))
    return {"logs": carried.logs, "entries": carried.entries, "problems": list(carried.problems)}


def _private(office: Office, question: str) -> list[dict[str, Any]]:
    """What only this office may know: its own people ask, over a socket that only they can open."""
    from comity.interfaces.cli.protected_rows import of_office

    return of_office(office, question)


def _air(office: Office, question: str) -> Any:
    """The whole report of the watch over the air; None if there are no feeds."""
    return msgspec.to_builtins(air_of(office))


_OF_OFFICE = {"missing": _missing, "carry in": _carry_in, "carry out": _carry_out, "private": _private, "air": _air}
