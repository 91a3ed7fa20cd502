"""An operation in a view: its request, the state of each consent, its start and end (laws 17-19, 25)."""

from __future__ import annotations

from dataclasses import dataclass

from comity.model.acts.keys import ClockStep
from comity.model.acts.operations import (
    OperationConfirm,
    OperationConsent,
    OperationCounter,
    OperationEnd,
    OperationPropose,
    OperationRefuse,
    OperationRetract,
    OperationStart,
    OperationWithdraw,
)
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import has_ended, is_lifted, log_under
from comity.model.records.officers import compromised_since
from comity.model.volume import Volume

Request = OperationPropose | OperationCounter


@dataclass(frozen=True, slots=True)
class Operation:
    """The record of one request."""

    request: Taken
    act: Request
    proposer: str
    acts: tuple[Taken, ...]
    lifted: bool = False

    @property
    def volume(self) -> Volume:
        return self.act.volume

    def of(self, kind: type) -> list[Taken]:
        """The acts of a kind about this request, in the order for people."""
        return [taken for taken in self.acts if isinstance(taken.entry.act, kind)]

    @property
    def starts(self) -> list[Taken]:
        return self.of(OperationStart)

    @property
    def ended(self) -> bool:
        """Whether it takes no air any more: its end is signed, or every signatory has lifted its start (law 16)."""
        return self.lifted or bool(self.of(OperationEnd))

    @property
    def closed(self) -> Taken | None:
        """The refusal or retraction that ended the request, or the counter that took its place."""
        for taken in self.acts:
            act = taken.entry.act
            if isinstance(act, OperationRefuse | OperationRetract):
                return taken
            if isinstance(act, OperationCounter) and act.request == self.request.entry.id:
                return taken
        return None


def operation(view: View, request: str) -> Operation | None:
    """The record of the request with that hash (hex), if the view holds it."""
    return view.once(("operation", request), lambda: _operation(view, request))


def _operation(view: View, request: str) -> Operation | None:
    taken = view.find(request)
    if taken is None or not isinstance(taken.entry.act, OperationPropose | OperationCounter):
        return None
    proposer = party_of(taken.entry.origin)
    acts = tuple(each for each in view.about(f"operation/{request}") if each is not taken)
    starts = [each for each in acts if isinstance(each.entry.act, OperationStart)]
    lifted = bool(starts) and all(is_lifted(view, each.entry.id) for each in starts)
    return Operation(taken, taken.entry.act, proposer, acts, lifted)


def withdrawal_of(view: View, consent: Taken) -> Taken | None:
    """The withdrawal of a consent by its giver, if the view holds one."""
    act = consent.entry.act
    assert isinstance(act, OperationConsent)
    for taken in view.about(f"operation/{act.request}"):
        if isinstance(taken.entry.act, OperationWithdraw) and taken.entry.act.consent == consent.entry.id:
            return taken
    return None


def confirmations(record: Operation, consent: Taken, since_ms: int) -> list[Taken]:
    """The final confirmations of a consent at that time or later, whoever holds the key."""
    return [
        taken
        for taken in record.of(OperationConfirm)
        if isinstance(taken.entry.act, OperationConfirm)
        and taken.entry.act.consent == consent.entry.id
        and taken.entry.at_ms >= since_ms
    ]


def newest_at(view: View, party: str) -> int:
    """The time of the newest entry of a participant's logs in the view, milliseconds; 0 if there is none."""
    found = [view.newest(origin) for origin in view.logs_of(party)]
    return max((taken.entry.at_ms for taken in found if taken is not None), default=0)


def lease_fault(view: View, consent: Taken, at_ms: int) -> str | None:
    """Why a consent is not live at `at_ms` in the view, or None: permission ends at the first clock (law 25)."""
    act = consent.entry.act
    assert isinstance(act, OperationConsent)
    giver = party_of(consent.entry.origin)
    if withdrawal_of(view, consent) is not None:
        return "was withdrawn"
    if at_ms > act.expires_ms:
        return "has lapsed by the clock of the one who relies on it"
    if newest_at(view, giver) > act.expires_ms:
        return "has lapsed by its giver's own clock"
    if compromised_since(view, consent):
        return "was signed by a key declared compromised"
    if clock_stepped(view, consent, {giver, act.executing}):
        return "ended when a clock was set back"
    return None


def clock_stepped(view: View, permission: Taken, parties: set[str]) -> bool:
    """Whether a clock act, or time run backwards though its clock act was refused, ended a permission (law 28)."""
    past = view.history.past(permission)
    if any(view.stepped_back(origin, past) for party in sorted(parties) for origin in view.logs_of(party)):
        return True
    return any(
        isinstance(taken.entry.act, ClockStep) and not past.holds(taken) and party_of(taken.entry.origin) in parties
        for taken in view.about("clock")
    )


def is_bar_over(view: View, consent: Taken, at_ms: int) -> bool:
    """Whether a consent no longer bars its giver's own starts: ended, window over in the executing party's log, lease
    over at the last clock, or its withdrawal seen by the executing party's log (law 19).

    That log is the one that the consent's terms name, since a start on it names them too: what another log of the party
    has seen, one that it had before, says nothing of what this one starts.
    """
    act = consent.entry.act
    assert isinstance(act, OperationConsent)
    record = operation(view, act.request)
    assert record is not None, "a consent's request is in its past"
    if record.starts:
        return record.ended
    under = consent.entry.header.terms
    starter = log_under(view, under, act.executing)
    if starter is None or has_ended(view, under, starter):
        return True
    newest, window_end_ms = view.newest(starter), record.volume.window.until_ms
    heard_ms = newest.entry.at_ms if newest is not None else 0
    if window_end_ms is not None and heard_ms >= window_end_ms:
        return True
    if at_ms > act.expires_ms and heard_ms > act.expires_ms:
        return True
    withdrawal = withdrawal_of(view, consent)
    return withdrawal is not None and _seen_by(view, withdrawal, starter)


def _seen_by(view: View, taken: Taken, origin: str) -> bool:
    newest = view.newest(origin)
    return newest is not None and view.history.past(newest).holds(taken)
